"""Files of settings and data of the program: found, and rewritten where only texts change."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest
import tomllib
import yaml

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check, check_texts
from aurora_migrate.findings import Applicability
from tests.files.tree import make_tree

ROLES = RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"})
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=ROLES)
HOST = "https://api.aurorasolar.com"
ADMIN = """
def is_admin(i):
    found = requests.get(f"{BASE}/tenants/t/users/{i}").json()["user"]
    return found["user_level"] == "Admin"
"""
RUN = """
def run(i, chosen):
    body = {"auto_designer": chosen}
    return requests.post(f"https://api.aurorasolar.com/tenants/t/designs/{i}/auto_designer/run", json=body)
"""

READERS = [
    pytest.param(
        "import json, requests\nBASE = json.load(open('conf.json'))['aurora']['url']\n",
        {"conf.json": '{"aurora": {"url": "%s"}}'},
        id="json",
    ),
    pytest.param(
        "import json, requests\nfrom pathlib import Path\n"
        "CONF = json.loads((Path(__file__).parent / 'conf.json').read_text())\nBASE = CONF.get('url')\n",
        {"conf.json": '{"url": "%s"}'},
        id="json-by-pathlib",
    ),
    pytest.param(
        "import requests, yaml\nwith open('conf/prod.yaml') as f:\n"
        "    BASE = yaml.safe_load(f)['aurora']['url']\n",
        {"conf/prod.yaml": "# ours\naurora:\n  url: %s  # host\n  token: x\n"},
        id="yaml",
    ),
    pytest.param(
        "import requests, yaml\n"
        "CONF = yaml.load(open('c.yml'), Loader=yaml.SafeLoader)\nBASE = CONF['url']\n",
        {"c.yml": 'url: "%s"\n'},
        id="yaml-quoted",
    ),
    pytest.param(
        "import requests, tomllib\nwith open('c.toml', 'rb') as f:\n"
        "    BASE = tomllib.load(f)['aurora']['url']\n",
        {"c.toml": "[aurora]\nurl = '%s' # host\nretries = 3\n"},
        id="toml",
    ),
    pytest.param(
        "import configparser, requests\n"
        "C = configparser.ConfigParser()\nC.read(['c.ini'])\nBASE = C['aurora']['URL']\n",
        {"c.ini": "[aurora]\nURL = %s\n"},
        id="ini",
    ),
    pytest.param(
        "import configparser, requests\n"
        "C = configparser.ConfigParser()\nC.read('c.cfg')\nBASE = C.get('a', 'url')\n",
        {"c.cfg": "[a]\nurl: %s\n"},
        id="ini-get",
    ),
    pytest.param(
        "import os, requests\nfrom dotenv import load_dotenv\n"
        "load_dotenv()\nBASE = os.environ['SOLAR_URL']\n",
        {".env": "SOLAR_URL=%s\nTOKEN=x\n"},
        id="env",
    ),
    pytest.param(
        "import os, requests\nfrom dotenv import dotenv_values\n"
        "BASE = dotenv_values('prod.env')['SOLAR_URL']\n",
        {"prod.env": "SOLAR_URL='%s'\n"},
        id="dotenv-values",
    ),
    pytest.param(
        "import requests\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class Conf(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_file='.env', env_prefix='SUN_')\n"
        "    api_url: str\nBASE = Conf().api_url\n",
        {".env": "SUN_API_URL=%s\n"},
        id="pydantic-settings",
    ),
    pytest.param(
        "import json, requests, sys\n"
        "def grown(held):\n"
        "    if isinstance(held, dict):\n        return {k: grown(v) for k, v in held.items()}\n"
        "    return held\n"
        "BASE = grown(json.load(open('conf.json')))['aurora']['urls']['api']\n",
        {"conf.json": '{"aurora": {"urls": {"api": "%s"}}}'},
        id="json-gone-through",
    ),
]


def fixed(files: dict[str, str]) -> tuple[Report, dict[str, str]]:
    report = check_texts(files, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    changed = {path.name: new for path, (_, new) in report.changes.items()}
    return report, {name: changed.get(Path(name).name, text) for name, text in files.items()}


@pytest.mark.parametrize(("code", "document"), READERS)
def test_address_in_a_file_ties_the_code(code: str, document: dict[str, str]) -> None:
    """The prefix goes from the file, and nothing else there; the code is proven by the host."""
    files = {"app.py": code + dedent(ADMIN), **{name: text % f"{HOST}/v2" for name, text in document.items()}}
    report, after = fixed(files)
    assert report.findings == []
    assert {name: after[name] for name in document} == {name: text % HOST for name, text in document.items()}
    assert "role_id" in after["app.py"]


@pytest.mark.parametrize(("code", "document"), READERS)
def test_address_of_another_vendor_is_silent(code: str, document: dict[str, str]) -> None:
    other = {name: text % "https://api.other.example/v2" for name, text in document.items()}
    report, _ = fixed({"app.py": code + dedent(ADMIN), **other, "aurora.py": f"X = '{HOST}'\n"})
    assert (report.findings, report.fixed) == ([], [])


def test_file_that_nothing_reads_is_mended() -> None:
    """As a literal that no request is seen to use: its host is proof."""
    files = {
        "deploy/values.yaml": f"env:\n  - name: URL\n    value: {HOST}/v2/tenants/t\n",
        "a.py": "import requests\n",
    }
    report, after = fixed(files)
    assert [found.rule for found in report.fixed] == ["AUR102"]
    assert after["deploy/values.yaml"] == files["deploy/values.yaml"].replace("/v2", "")


def test_fix_of_a_file_is_unsafe_and_says_that_copies_are_elsewhere() -> None:
    files = {
        "a.py": "import json, requests\nB = json.load(open('c.json'))['u']\nrequests.get(B + '/tenants')\n"
    }
    report = check_texts({**files, "c.json": json.dumps({"u": f"{HOST}/v2"})}, SETTINGS)
    (found,) = report.findings
    assert (found.rule, found.location.path.name) == ("AUR102", "c.json")
    assert found.applicability is Applicability.UNSAFE
    assert found.fix is not None
    assert "do the same in every copy that is deployed" in found.fix.summary


PRESETS = {
    "flat": {"placement_options": {"flat_face_row_spacing_meters": 0.6, "min_sap": 70}},
    "pitched": {"placement_options": {"row_spacing_meters": 0.02, "allow_filler_row": False}},
}


def test_options_in_json_are_split_there() -> None:
    code = (
        "import json, requests\nP = json.load(open('presets.json'))\n"
        + RUN
        + "run('d', P['flat'])\nrun('d', P['pitched'])\n"
    )
    report, after = fixed({"app.py": code, "presets.json": json.dumps(PRESETS, indent=2) + "\n"})
    assert report.findings == []
    assert json.loads(after["presets.json"]) == {
        "flat": {
            "flat_face_placement_options": {"flat_face_row_spacing": 0.6},
            "irradiance_constraints": {"min_sap": 70},
        },
        "pitched": {"placement_options": {"row_spacing": 0.02}},
    }
    assert after["app.py"] == code


def test_options_in_yaml_are_renamed_there_and_not_split() -> None:
    code = (
        "import requests, yaml\nP = yaml.safe_load(open('presets.yaml'))\n"
        + RUN
        + "run('d', P['flat'])\nrun('d', P['pitched'])\n"
    )
    report, after = fixed({"app.py": code, "presets.yaml": yaml.safe_dump(PRESETS)})
    assert {(found.rule, found.location.path.name) for found in report.findings} == {
        ("AUR502", "presets.yaml"),
        ("AUR503", "presets.yaml"),
    }
    assert any("and may give others where the program runs" in found.message for found in report.findings)
    assert "row_spacing:" in after["presets.yaml"]
    assert "_meters" not in after["presets.yaml"]


def test_options_that_another_module_may_read_stay() -> None:
    code = "import json, requests\nP = json.load(open('presets.json'))\n" + RUN + "run('d', P)\n"
    other = "import shutil\nshutil.copy('presets.json', '/srv/other')\n"
    report, after = fixed({"app.py": code, "other.py": other, "presets.json": json.dumps(PRESETS["pitched"])})
    assert json.loads(after["presets.json"]) == PRESETS["pitched"]
    assert {found.rule for found in report.findings} == {"AUR501", "AUR502"}
    assert all(
        "`other.py:2` means, too" in found.message for found in report.findings if found.rule == "AUR501"
    )


def test_options_in_a_file_that_is_not_followed_are_named() -> None:
    code = "import json, requests, sys\nP = json.load(open(sys.argv[1]))\n" + RUN + "run('d', P)\n"
    report, after = fixed({"app.py": code, "presets.json": json.dumps(PRESETS["pitched"])})
    assert json.loads(after["presets.json"]) == PRESETS["pitched"]
    assert {(found.rule, found.location.path.name) for found in report.findings} == {
        ("AUR501", "presets.json"),
        ("AUR502", "presets.json"),
    }


def test_own_spacing_in_a_file_of_the_program_is_silent() -> None:
    """pvlib's layout, and options of Aurora's that come from elsewhere."""
    code = (
        "import requests, yaml\nL = yaml.safe_load(open('layout.yaml'))\nprint(L['row_spacing_meters'])\n"
        + RUN
    )
    report, _ = fixed({"app.py": code + "run('d', {})\n", "layout.yaml": "row_spacing_meters: 3.5\n"})
    assert report.findings == []


def test_level_in_a_file_is_not_replaced_there() -> None:
    """Who makes the file may go on writing levels: only a resolver can tell what each is."""
    code = (
        "import json, requests\n"
        "for row in json.load(open('people.json')):\n"
        f"    requests.post('{HOST}/tenants/t/users', json={{'user': {{'user_level': row['level']}}}})\n"
    )
    people = json.dumps([{"level": "Admin"}])
    report, after = fixed({"app.py": code, "people.json": people})
    assert after["people.json"] == people
    assert [(found.rule, found.location.path.name) for found in report.findings] == [("AUR201", "app.py")]
    assert "resolver" in report.findings[0].message


@pytest.mark.parametrize("flag", ["dry_run", "enabled"])
def test_flag_in_a_file_decides_nothing(flag: str) -> None:
    code = f"import json, requests\nC = json.load(open('c.json'))\nif C['{flag}']:\n"
    code += f"    print(requests.get('{HOST}/v2/tenants/t/designs').json())\n"
    report, _ = fixed({"app.py": code, "c.json": json.dumps({flag: False})})
    assert [found.rule for found in report.fixed] == ["AUR102"]


def test_key_that_the_file_lacks_may_be_there_elsewhere() -> None:
    code = "import json, requests\nC = json.load(open('c.json'))\n"
    code += f"B = C.get('url', '{HOST}/v2')\nrequests.get(B + '/tenants/t/designs')\n"
    _, after = fixed({"app.py": code, "c.json": "{}"})
    assert f"'{HOST}')" in after["app.py"]


def test_environment_of_tests_does_not_come_from_files(tmp_path: Path) -> None:
    code = "import os, requests\n"
    code += "def go():\n    return requests.get(os.environ['SOLAR_URL'] + '/users/1').json()\n"
    test = "import app\ndef test_go(monkeypatch):\n"
    test += "    monkeypatch.setenv('SOLAR_URL', 'https://x.example')\n    app.go()\n"
    report, _ = fixed({"app.py": code, "test_app.py": test, ".env": f"SOLAR_URL={HOST}/tenants/t\n"})
    assert report.findings == []


class TestOnDisk:
    """The same through files: discovery, the screen, and what is written."""

    def run(self, root: Path, files: dict[str, str], *named: str) -> Report:
        make_tree(root, {"pyproject.toml": "[project]\nname = 'p'\n", **files})
        paths = [root / name for name in named] or [root]
        settings = Settings(root=root, system_size="stc", roles=ROLES)
        return check(paths, settings, fix=Applicability.UNSAFE, write=True)

    def test_program_that_never_says_aurora(self, tmp_path: Path) -> None:
        code = "import tomllib\nimport requests\nBASE = tomllib.load(open('c.toml', 'rb'))['url']\n" + dedent(
            ADMIN
        )
        report = self.run(tmp_path, {"app.py": code, "c.toml": f'url = "{HOST}/v2"\n'})
        assert (report.errors, report.findings) == ([], [])
        assert tomllib.loads((tmp_path / "c.toml").read_text()) == {"url": HOST}
        assert "role_id" in (tmp_path / "app.py").read_text()

    def test_ignored_environment_file_is_read(self, tmp_path: Path) -> None:
        code = "import os\nimport requests\nBASE = os.environ['SOLAR_URL']\n" + dedent(ADMIN)
        self.run(tmp_path, {"app.py": code, ".gitignore": ".env\n", ".env": f"SOLAR_URL={HOST}/v2\nT=x\n"})
        assert (tmp_path / ".env").read_text() == f"SOLAR_URL={HOST}\nT=x\n"

    def test_crlf_and_byte_order_mark_stay(self, tmp_path: Path) -> None:
        text = f"\ufeff[a]\r\nurl = {HOST}/v2\r\nz = ü\r\n"
        self.run(tmp_path, {"app.py": "import requests\n", "c.ini": text})
        assert (tmp_path / "c.ini").read_bytes() == text.replace("/v2", "").encode()

    def test_file_outside_what_was_named_is_left_alone(self, tmp_path: Path) -> None:
        code = "import requests\n"
        report = self.run(tmp_path, {"app.py": code, "c.yaml": f"u: {HOST}/v2\n"}, "app.py")
        assert report.findings == []
        assert "/v2" in (tmp_path / "c.yaml").read_text()

    def test_excluded_file_is_left_alone(self, tmp_path: Path) -> None:
        make_tree(
            tmp_path, {"pyproject.toml": "", "app.py": "import requests\n", "c.yaml": f"u: {HOST}/v2\n"}
        )
        report = check([tmp_path], Settings(root=tmp_path, exclude=("c.yaml",)))
        assert report.findings == []

    def test_bad_bytes_are_no_document(self, tmp_path: Path) -> None:
        (tmp_path / "c.yaml").write_bytes(b"u: https://api.aurorasolar.com/v2 \xff\n")
        report = self.run(tmp_path, {"app.py": "import requests\n"})
        assert report.findings == []

    def test_long_file_is_data_and_not_read(self, tmp_path: Path) -> None:
        """Neither for its address nor by the code that names it, which would take a long time."""
        code = "import json\nimport requests\nBASE = json.load(open('c.json'))['url']\n" + dedent(ADMIN)
        text = json.dumps({"url": f"{HOST}/v2", "rows": ["x" * 100] * 600})
        report = self.run(tmp_path, {"app.py": code, "c.json": text})
        assert (report.errors, report.fixed) == ([], [])
        assert (tmp_path / "c.json").read_text() == text
