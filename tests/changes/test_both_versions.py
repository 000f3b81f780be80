"""Programs that serve both versions of the API: what chooses changes, or a person does; the rest stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.engine import Report
from aurora_migrate.findings import Applicability

HOST = "https://api.aurorasolar.com"
CONFIG = (
    '[tool.aurora-migrate]\nsystem-size = "stc"\n'
    '[tool.aurora-migrate.roles]\n"Admin" = "00000000-0000-4000-8000-0000000000a1"\n'
)
USERS = '/tenants/t/users").json()\n'
TABLE = f'BASES = {{"2018.01": "{HOST}/v2", "2022.09": "{HOST}"}}\n'
CLIENT = (
    "class Aurora:\n"
    '    def __init__(self, version="2018.01"):\n'
    "        self.version = version\n"
    "        self.is_old = {old}\n"
    "    @property\n"
    "    def legacy(self):\n"
    '        return self.version == "2018.01"\n'
    "    def url(self, path):\n"
    f'        return "{HOST}" + ("/v2" if {{test}} else "") + path\n'
)
CALLED = (
    '    def users(self):\n        return requests.get(self.url("/tenants/t/users")).json()\n'
    "Aurora().users()\n"
)
LEVEL = (
    "    def level(self):\n"
    '        user = requests.get(self.url("/tenants/t/users/1")).json()["user"]\n'
    "        if self.legacy:\n"
    '            return user["user_level"]\n'
    '        return user["role_id"]\n'
    "    def invite(self, role):\n"
    '        body = {"user_level" if self.legacy else "role_id": role}\n'
    '        answer = requests.post(self.url("/tenants/t/users/invite"), json={"user": body})\n'
    "        if not answer.ok:\n"
    "            data = answer.json()\n"
    '            raise ValueError(data["error"] if self.legacy else data["errors"][0]["message"])\n'
    "    def run(self):\n"
    "        if self.legacy:\n"
    '            body = {"placement_options": {"row_spacing_meters": 1, "min_sap": 2}}\n'
    "        else:\n"
    '            body = {"placement_options": {"row_spacing": 1}, "irradiance_constraints": {"min_sap": 2}}\n'
    '        requests.post(self.url("/tenants/t/designs/d/auto_designer/run"), json=body)\n'
    'Aurora().level(), Aurora("2022.09").level(), Aurora().run(), Aurora().invite("Admin")\n'
)


def checked(text: str, folder: Path) -> tuple[Report, str]:
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    text = "import requests\n" + text
    report = engine.check_texts({"a.py": text}, load_settings(folder), fix=Applicability.UNSAFE)
    assert not report.errors
    return report, next((new for _, new in report.changes.values()), text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f'{TABLE}def f(version="2018.01"):\n    return requests.get(BASES[version] + "{USERS}f()\n',
            id="a table of base URLs, the version a default",
        ),
        pytest.param(
            f'{TABLE}def f(version):\n    return requests.get(f"{{BASES[version]}}{USERS}f("2018.01")\n',
            id="a table, the version what the caller says",
        ),
        pytest.param(
            f'{TABLE}V = "2018.01"\nrequests.get(BASES.get(V, BASES["2022.09"]) + "{USERS}',
            id="a table asked by get, the version a constant",
        ),
        pytest.param(
            f'TABLE = {{"2018.01": {{"path": "/v2"}}, "2022.09": {{"path": ""}}}}\nV = "2018.01"\n'
            f'requests.get("{HOST}" + TABLE[V]["path"] + "{USERS}',
            id="a table of tables",
        ),
        pytest.param(
            "def prefix(version):\n"
            '    return {"2018.01": "/v2", "2022.09": "", "2024.05": ""}[version]\n'
            f'requests.get("{HOST}" + prefix("2018.01") + "{USERS}',
            id="a table on the spot, with a later version, too",
        ),
        pytest.param(
            CLIENT.format(old="None", test="self.legacy") + CALLED, id="a property that holds the test"
        ),
        pytest.param(
            CLIENT.format(old='self.version < "2022.09"', test="self.is_old") + CALLED,
            id="an attribute that holds the test",
        ),
        pytest.param(
            CLIENT.format(old='not version >= "2022.09"', test="self.is_old") + CALLED,
            id="an attribute that holds the opposite",
        ),
        pytest.param(
            CLIENT.format(old="None", test="self.legacy") + LEVEL,
            id="fields, bodies and errors by a property are left, and so is all of the old version",
        ),
        pytest.param(
            'def is_old(version):\n    return version == "2018.01"\n'
            "def base(version):\n    if not is_old(version):\n"
            f'        return "{HOST}"\n    return "{HOST}/v2"\n'
            f'def f(version="2018.01"):\n    return requests.get(base(version) + "{USERS}f()\n',
            id="a function that tests, and a return for the new version before the old one",
        ),
    ],
)
def test_only_what_decides_changes(text: str, tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert not report.findings
    removed = set(("import requests\n" + text).splitlines()) - set(after.splitlines())
    assert len(removed) == 1
    old = removed.pop()
    assert old.replace("2018.01", "2022.09") in after.splitlines()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(
            'import enum\nclass Version(enum.Enum):\n    OLD = "2018.01"\n    NEW = "2022.09"\n'
            "    @property\n    def prefix(self):\n"
            '        if self is Version.OLD:\n            return "/v2"\n        return ""\n'
            f'def f(version=Version.OLD):\n    return requests.get("{HOST}" + version.prefix + "{USERS}f()\n',
            ["AUR102"],
            id="a member of an enumeration is a name of a version, not a choice",
        ),
        pytest.param(
            'OLD = "2018.01"\nNEW = "2022.09"\nVERSION = OLD\nPREFIX = "/v2" if VERSION == OLD else ""\n'
            f'requests.get("{HOST}" + PREFIX + "{USERS}',
            ["AUR102"],
            id="two names of one literal: changing it changes both",
        ),
        pytest.param(
            f'OLD = "2018.01"\nNEW = "2022.09"\nBASES = {{OLD: "{HOST}/v2", NEW: "{HOST}"}}\n'
            f'requests.get(BASES[OLD] + "{USERS}',
            ["AUR102"],
            id="a table whose key is what is looked for",
        ),
        pytest.param(
            f'BASES = {{"2018.01": "{HOST}/v2"}}\nrequests.get(BASES["2018.01"] + "{USERS}',
            ["AUR102"],
            id="a table that has nothing for the new version",
        ),
        pytest.param(
            f'import os\nNEW = os.getenv("NEW") == "1"\nBASE = "{HOST}" if NEW else "{HOST}/v2"\n'
            "def role(i):\n"
            '    user = requests.get(f"{BASE}/tenants/t/users/{i}").json()["user"]\n'
            '    if NEW:\n        return user["role_id"]\n    return user["user_level"]\n',
            ["AUR102", "AUR202"],
            id="a switch that names no version chooses the URL and the field",
        ),
        pytest.param(
            'PREFIX = "/v2"\ndef use_new():\n    global PREFIX\n    PREFIX = ""\n'
            f'def f():\n    return requests.get("{HOST}" + PREFIX + "{USERS}',
            ["AUR102"],
            id="a prefix that a function takes away which nobody calls",
        ),
    ],
)
def test_a_person_chooses(text: str, rules: list[str], tmp_path: Path) -> None:
    report, _ = checked(text, tmp_path)
    assert not report.changes
    assert sorted(finding.rule for finding in report.findings) == rules


USER = f'def f(i):\n    u = requests.get(f"{HOST}/tenants/t/users/{{i}}").json()["user"]\n'


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            'return u["user_level"] if "user_level" in u else u["role_id"]', id="an if expression that asks"
        ),
        pytest.param(
            'return u["role_id"] if u.get("role_id") else u["user_level"]', id="one that asks for the new one"
        ),
        pytest.param('return u.get("user_level", u.get("role_id"))', id="a default"),
        pytest.param('return u.get("role_id", u.get("user_level"))', id="the old one as the default"),
        pytest.param(
            'if "user_level" in u:\n        return u["user_level"]\n    return u["role_id"]',
            id="an if that asks for the old one",
        ),
    ],
)
def test_reads_that_serve_both_stay(text: str, tmp_path: Path) -> None:
    report, _ = checked(f"{USER}    {text}\n", tmp_path)
    assert not report.changes
    assert not report.findings


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f'{USER}    return u["user_level"] if "user_level" in u else None\n',
            id="one that asks, with no new field beside it",
        ),
        pytest.param(
            f'{USER}    return u["user_level"] if i else u["role_id"]\n',
            id="one that asks for something else",
        ),
        pytest.param(f'{USER}    return u.get("user_level", u.get("email"))\n', id="another default"),
        pytest.param(
            'KNOWN = ("2018.01", "2022.09")\ndef f(i, version="2022.09"):\n'
            "    if version not in KNOWN:\n        return None\n"
            f'    return requests.get(f"{HOST}/tenants/t/users/{{i}}").json()["user"]["user_level"]\nf(1)\n',
            id="a check that the version is a known one chooses nothing",
        ),
        pytest.param(
            'DOCS = {"2018.01": "https://docs.example/v2"}\n'
            f'{USER}    return u["user_level"], DOCS["2018.01"]\n',
            id="a table of another's URLs",
        ),
    ],
)
def test_reads_of_the_old_version_alone_are_migrated(text: str, tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert not report.findings
    assert "role_id" in after
