"""Constants, attributes and defaults that are bound again elsewhere: never one text in their name's place."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.findings import Applicability

HEAD = 'import requests\n\nT = "https://api.aurorasolar.com/tenants/t1"\n'
CONFIG = (
    '[tool.aurora-migrate]\nsystem-size = "stc"\n[tool.aurora-migrate.roles]\n'
    '"Admin" = "00000000-0000-4000-8000-0000000000a1"\n'
    '"Team Member" = "00000000-0000-4000-8000-0000000000a2"\n'
)
SIZE = 'requests.get(f"{T}/designs/{d}/summary").json()["design"]'
LEVEL = 'requests.get(f"{T}/users/{i}").json()["user"]["user_level"]'
RUN = 'requests.post(f"{T}/designs/{d}/auto_designer/run", json={"placement_options": '
USERS = 'requests.post(f"{T}/users", json={"user": {"email": e, "user_level": '
ADMIN = '"00000000-0000-4000-8000-0000000000a1"'
SETTER = "def use(name):\n    global FIELD\n    FIELD = name\n"
CLASS = (
    'class Settings:\n    field = "system_size"\n    filler = False\n    level = "Admin"\n\n\n'
    "cfg = Settings()\n"
)
STORED = f"def size(d):\n    return {SIZE}[cfg.field]\n\n\ndef deal(d):\n    return {{cfg.field: d}}\n"
LOAD = "def load(data):\n    for key, value in data.items():\n        setattr(cfg, key, value)\n"


def checked(texts: dict[str, str], folder: Path) -> tuple[list[str], str]:
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    report = engine.check_texts(texts, load_settings(folder), fix=Applicability.UNSAFE)
    assert not report.errors
    after = {path.name: new for path, (_, new) in report.changes.items()}
    return [each.rule for each in report.findings], "".join({**texts, **after}.values())


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(
            f'FIELD = "system_size"\n\n\n{SETTER}\n\ndef size(d):\n    return {SIZE}[FIELD]\n',
            ["AUR401"],
            id="a function declares the key global and gives it any name",
        ),
        pytest.param(
            f'FIELD = "system_size"\n\n\ndef swap(name):\n    global FIELD\n    old, FIELD = FIELD, name\n'
            f"    return old\n\n\ndef size(d):\n    return {SIZE}[FIELD]\n",
            ["AUR401"],
            id="the key is swapped and put back",
        ),
        pytest.param(
            f'FIELD = "system_size"\n\n\ndef use(name):\n    globals()["FIELD"] = name\n\n\n'
            f"def size(d):\n    return {SIZE}[FIELD]\n\n\ndef deal(d):\n    return {{FIELD: d}}\n",
            ["AUR401"],
            id="the module's namespace gets the key",
        ),
        pytest.param(
            f"{CLASS}{STORED}\n\ndef test_size(monkeypatch):\n"
            '    monkeypatch.setattr(cfg, "field", "system_size_ac")\n',
            ["AUR401"],
            id="a test puts another key into the settings",
        ),
        pytest.param(f"{CLASS}{STORED}\n\n{LOAD}", ["AUR401"], id="settings are filled from a mapping"),
        pytest.param(
            f'{CLASS}{STORED}\n\nclass Mail(Settings):\n    field, level = "email", "a@b.example"\n',
            ["AUR401"],
            id="an heir has another key, and the settings' name of it is also a key of its own objects",
        ),
        pytest.param(
            "from dataclasses import dataclass, replace\n\n\n@dataclass\nclass Cfg:\n"
            f'    field: str = "system_size"\n    filler: bool = False\n\n\ncfg = Cfg()\n\n\n'
            f"def size(d):\n    return {SIZE}[cfg.field]\n\n\n"
            f'def run(d):\n    {RUN}{{"allow_filler_row": cfg.filler}}}})\n\n\n'
            "def put(**given):\n    global cfg\n    cfg = replace(cfg, **given)\n",
            ["AUR401", "AUR502"],
            id="a copy of the settings has any value",
        ),
        pytest.param(
            f'{CLASS}\n\ndef run(d):\n    {RUN}{{"allow_filler_row": cfg.filler}}}})\n\n\n{LOAD}',
            ["AUR502"],
            id="a false setting that is filled from a mapping is no proof",
        ),
        pytest.param(
            f"FILLER = False\n\n\ndef fill(wish):\n    global FILLER\n    FILLER = wish\n\n\n"
            f'def run(d):\n    {RUN}{{"allow_filler_row": FILLER}}}})\n',
            ["AUR502"],
            id="a false variable that a function sets is no proof",
        ),
        pytest.param(
            f'def run(d, filler=False):\n    {RUN}{{"allow_filler_row": filler}}}})\n\n\nrun(1)\n',
            ["AUR502"],
            id="a false default of a public function is no proof",
        ),
        pytest.param(
            "from dataclasses import asdict, dataclass, replace\n\n\n@dataclass\nclass Options:\n"
            "    row_spacing: int = 1\n    allow_filler_row: bool = False\n\n\noptions = Options()\n\n\n"
            f"def run(d):\n    {RUN}asdict(options)}})\n\n\n"
            "def put(given):\n    global options\n    options = replace(options, **given)\n",
            ["AUR502"],
            id="a model's field is filled from a mapping",
        ),
        pytest.param(
            'REASON = "error"\n\n\ndef use(name):\n    global REASON\n    REASON = name\n\n\n'
            'def why(d):\n    answer = requests.get(f"{T}/designs/{d}")\n    if not answer.ok:\n'
            "        raise RuntimeError(answer.json()[REASON])\n",
            ["AUR301"],
            id="a function gives the error's key another name",
        ),
        pytest.param(
            'try:\n    from local import FIELD\nexcept ImportError:\n    FIELD = "system_size"\n\n\n'
            f"def size(d):\n    return {SIZE}[FIELD]\n\n\ndef deal(d):\n    return {{FIELD: d}}\n",
            ["AUR401"],
            id="a module that may be there has the key",
        ),
        pytest.param(
            f"class Runner:\n    def __init__(self, filler=False):\n        self.filler = filler\n\n"
            f'    def run(self, d):\n        {RUN}{{"allow_filler_row": self.filler}}}})\n\n\n'
            "Runner().run(1)\n",
            ["AUR502"],
            id="a false default that an object keeps is no proof",
        ),
    ],
)
def test_a_constant_that_gets_other_values_is_left(text: str, rules: list[str], tmp_path: Path) -> None:
    left, after = checked({"a.py": HEAD + text}, tmp_path)
    assert (left, after) == (rules, HEAD + text)


@pytest.mark.parametrize(
    ("setter", "tested"),
    [
        pytest.param(
            'MINIMUM = "Admin"\n\n\ndef use(level):\n    global MINIMUM\n    MINIMUM = level\n',
            "MINIMUM",
            id="a variable that a function sets",
        ),
        pytest.param(f"{CLASS}\n\n{LOAD}", "cfg.level", id="a setting that is filled from a mapping"),
    ],
)
def test_an_answer_is_translated_for_a_level_that_gets_other_values(
    setter: str, tested: str, tmp_path: Path
) -> None:
    left, after = checked(
        {"a.py": f"{HEAD}{setter}\n\ndef ok(i):\n    return {LEVEL} == {tested}\n"}, tmp_path
    )
    assert left == []
    assert f"USER_LEVELS.get({LEVEL.replace('user_level', 'role_id')}) == {tested}" in after
    assert f"= {ADMIN}" not in after


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        pytest.param(
            {"a.py": f'{HEAD}FIELD = "system_size"\n\n\ndef size(d):\n    return {SIZE}[FIELD]\n'},
            ['FIELD = "system_size_stc"'],
            id="a constant of one binding",
        ),
        pytest.param(
            {
                "conf.py": 'FIELD = "system_size"\n',
                "a.py": f"{HEAD}import conf\n\n\ndef size(d):\n    return {SIZE}[conf.FIELD]\n\n\n"
                "def other(d):\n    return {conf.FIELD: d}\n",
            },
            ['["design"]["system_size_stc"]', 'FIELD = "system_size"\n'],
            id="a constant of one binding with other uses gives way to the text",
        ),
        pytest.param(
            {
                "a.py": f"{HEAD}{CLASS}{STORED}\n\nclass Other:\n    def __init__(self, field):\n"
                "        self.field = field\n"
            },
            ['["design"]["system_size_stc"]', 'field = "system_size"\n'],
            id="an attribute of the same name is another class's",
        ),
        pytest.param(
            {
                "a.py": f'{HEAD}class Job:\n    gap = "row_spacing_meters"\n\n    def run(self, d):\n'
                f"        {RUN}{{self.gap: 1}}}})\n\n\n"
                'class Columns(Job):\n    gap = "column_spacing_meters"\n\n\nJob().run(1)\nColumns().run(1)\n'
            },
            ['gap = "row_spacing"', 'gap = "column_spacing"', "{self.gap: 1}"],
            id="a class and its heir spell their keys, and each changes its own",
        ),
        pytest.param(
            {
                "a.py": f'{HEAD}FIELD = "system_size"\n\n\ndef quick():\n    global FIELD\n'
                f'    FIELD = "name"\n\n\n'
                f"def size(d):\n    return {SIZE}[FIELD]\n"
            },
            ['FIELD = "system_size_stc"', 'FIELD = "name"', "[FIELD]"],
            id="a function gives the key another name, which is spelled",
        ),
        pytest.param(
            {"a.py": f'{HEAD}{CLASS}\n\ndef run(d):\n    {RUN}{{"allow_filler_row": cfg.filler}}}})\n'},
            [f"{RUN}{{}}}})"],
            id="a false setting that nothing sets is taken out",
        ),
        pytest.param(
            {
                "a.py": f"{HEAD}def _run(d, filler=False):\n"
                f'    {RUN}{{"allow_filler_row": filler}}}})\n\n\n_run(1)\n'
            },
            [f"{RUN}{{}}}})"],
            id="a false default of a function of the module's own is taken out",
        ),
        pytest.param(
            {"a.py": f"{HEAD}{CLASS}\n\ndef add(e):\n    {USERS}cfg.level}}}})\n"},
            [f"level = {ADMIN}"],
            id="a level of one binding that is sent",
        ),
        pytest.param(
            {"a.py": f"{HEAD}{CLASS}\n\ndef add(e):\n    {USERS}cfg.level}}}})\n\n\n{LOAD}"},
            ['level = "Admin"', "ROLE_IDS[cfg.level]"],
            id="a level that is filled from a mapping is looked up where it is sent",
        ),
        pytest.param(
            {"a.py": f'{HEAD}MINIMUM = "Admin"\n\n\ndef ok(i):\n    return {LEVEL} == MINIMUM\n'},
            [f"MINIMUM = {ADMIN}"],
            id="a level of one binding that is tested for",
        ),
    ],
)
def test_a_constant_whose_bindings_are_spelled_changes(
    texts: dict[str, str], wanted: list[str], tmp_path: Path
) -> None:
    left, after = checked(texts, tmp_path)
    assert left == []
    assert [each for each in wanted if each not in after] == []
