"""AUR601 on answers that are recorded in JSON files beside the tests: they are rewritten in those files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_migrate.config import load_settings
from aurora_migrate.engine import Report, check
from aurora_migrate.findings import Applicability

CODE = """
import requests

BASE = "https://api.aurorasolar.com/tenants/t"


def level(user):
    return user["id"], user["user_level"]


def fetch(user_id):
    return level(requests.get(f"{BASE}/users/{user_id}").json()["user"])


def lead(found):
    return found["user_level"]


def watts(design_id):
    return requests.get(f"{BASE}/designs/{design_id}/summary").json()["design"]["system_size"]
"""
ROLE = "00000000-0000-4000-8000-0000000000a2"
OLD = '{"user": {"id": "u", "active": true, "manager": null, "user_level": "Team Member"}}'
NEW = OLD.replace("user_level", "role_id").replace("Team Member", ROLE)
LOADED = """
import json
from pathlib import Path
import users

HERE = Path(__file__).parent / "recorded"

def load(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
"""
HANDED = f"""{LOADED}
def test_level():
    assert users.level(load("user")["user"]) == ("u", "Team Member")
"""
MOCKED = """
import json
import os
import users

def test_level(requests_mock):
    with open(os.path.join(os.path.dirname(__file__), "recorded", "user.json")) as file:
        body = json.load(file)
    requests_mock.get(users.BASE + "/users/u", json=body)
    assert users.fetch("u") == ("u", "Team Member")
"""
IN_A_FIXTURE = """
import json
from pathlib import Path
import pytest
import users

@pytest.fixture
def user():
    return json.loads(Path(__file__).with_name("recorded").joinpath("user.json").read_text())

def test_level(user, requests_mock):
    assert user["user"]["active"] is True and user["user"]["manager"] is None
    requests_mock.get(users.BASE + "/users/u", json=user)
    assert users.fetch("u") == ("u", "Team Member")
"""

BY_CONSTANT = """
import json
from pathlib import Path
import users

USER_FILE = Path(__file__).parent / "recorded" / "user.json"
with open(USER_FILE) as file:
    USER = json.load(file)

def test_level(requests_mock):
    requests_mock.get(users.BASE + "/users/u", json=json.loads(USER_FILE.read_text()))
    assert users.fetch("u") == ("u", "Team Member")
    assert users.level(USER["user"]) == ("u", "Team Member")
"""
BY_OBJECT = """
import json
from pathlib import Path
import users

class Answer:
    folder = Path(__file__).parent / "recorded"
    def __init__(self, name):
        self.name = name
    def json(self):
        return json.loads((self.folder / self.name).read_text())

def test_level(monkeypatch):
    monkeypatch.setattr("users.requests.get", lambda url, **kw: Answer("user.json"))
    assert users.fetch("u") == ("u", "Team Member")
"""
UNFOLLOWED = [
    pytest.param('body=(HERE / "user.json").read_text()', id="as a text"),
    pytest.param("json=[json.loads(p.read_text()) for p in HERE.glob('u*.json')][0]", id="by a pattern"),
]


def project(tmp_path: Path, test: str, user: str = OLD, settings: str = "") -> Path:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.aurora-migrate]\nsystem-size = "stc"\n{settings}\n'
        f'[tool.aurora-migrate.roles]\n"Team Member" = "{ROLE}"\n'
    )
    recorded = tmp_path / "tests" / "recorded"
    recorded.mkdir(parents=True)
    (recorded / "user.json").write_text(user)
    (recorded / "new.json").write_text(NEW)
    (tmp_path / "users.py").write_text(CODE)
    (tmp_path / "conftest.py").write_text("")
    (tmp_path / "tests" / "test_users.py").write_text(test)
    return recorded / "user.json"


def fixed(root: Path, *paths: Path) -> Report:
    report = check([*paths] or [root], load_settings(root), fix=Applicability.UNSAFE, write=True)
    assert report.errors == []
    return report


def runs(root: Path) -> bool:
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    return subprocess.run(run, cwd=root, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    "test",
    [HANDED, MOCKED, IN_A_FIXTURE, BY_CONSTANT, BY_OBJECT],
    ids=["handed", "mocked", "in a fixture", "by a constant", "by an object"],
)
def test_the_file_is_rewritten_with_the_code(tmp_path: Path, test: str) -> None:
    recorded = project(tmp_path, test)
    assert runs(tmp_path)
    assert fixed(tmp_path).findings == []
    assert recorded.read_text() == NEW
    assert 'user["role_id"]' in (tmp_path / "users.py").read_text()
    assert runs(tmp_path)


def test_the_layout_of_the_file_is_kept(tmp_path: Path) -> None:
    spread = json.dumps(json.loads(OLD), indent=4) + "\n"
    recorded = project(tmp_path, HANDED, spread)
    fixed(tmp_path)
    assert recorded.read_text() == json.dumps(json.loads(NEW), indent=4) + "\n"


@pytest.mark.parametrize("spelled", ["https:\\/\\/x", "\\ud83d\\ude00"], ids=["slashes", "surrogates"])
def test_a_file_that_python_reads_otherwise_is_named(tmp_path: Path, spelled: str) -> None:
    text = OLD.replace('"id"', f'"photo": "{spelled}", "id"')
    recorded = project(tmp_path, HANDED, text)
    (found,) = fixed(tmp_path).findings
    assert (found.rule, found.location.path.name) == ("AUR601", "test_users.py")
    assert "recorded in `user.json`" in found.message
    assert recorded.read_text() == text


@pytest.mark.parametrize(
    "call",
    [
        pytest.param('users.level(load("new")["user"])', id="a file that is migrated already"),
        pytest.param('users.lead(load("user")["user"])', id="a file for code that gets no answers"),
        pytest.param('load("missing")', id="a file that is not there"),
        pytest.param('load("broken")', id="a file that is no JSON"),
    ],
)
def test_other_files_are_none_of_our_business(tmp_path: Path, call: str) -> None:
    recorded = project(tmp_path, f"{LOADED}\ndef test_it():\n    assert {call}\n")
    (recorded.parent / "broken.json").write_text('{"user": {"user_level": "Team Member",}')
    kept = {path: path.read_bytes() for path in recorded.parent.iterdir()}
    assert fixed(tmp_path).findings == []
    assert {path: path.read_bytes() for path in recorded.parent.iterdir()} == kept


@pytest.mark.parametrize("pattern", ["recorded/", "*.json", "tests/recorded/user.json"])
def test_an_excluded_file_is_left_alone(tmp_path: Path, pattern: str) -> None:
    recorded = project(tmp_path, HANDED, settings=f'exclude = ["{pattern}"]')
    fixed(tmp_path)
    assert recorded.read_text() == OLD


def test_a_file_goes_with_the_module_that_reads_it(tmp_path: Path) -> None:
    recorded = project(tmp_path, HANDED)
    report = fixed(tmp_path, tmp_path / "users.py")
    assert {path.name for path in report.changes} == {"users.py"}
    assert recorded.read_text() == OLD
    assert fixed(tmp_path, tmp_path / "tests" / "test_users.py").changes.keys() >= {recorded}
    assert recorded.read_text() == NEW


def test_two_files_of_one_name_are_not_guessed_between(tmp_path: Path) -> None:
    recorded = project(tmp_path, HANDED)
    other = recorded.parent / "spare"
    other.mkdir()
    (other / "user.json").write_text(OLD)
    (found,) = fixed(tmp_path).findings
    assert "one of `recorded/user.json`, `spare/user.json`" in found.message
    assert recorded.read_text() == (other / "user.json").read_text() == OLD


@pytest.mark.parametrize("given", UNFOLLOWED)
def test_a_file_that_is_read_otherwise_is_told_until_it_is_migrated(tmp_path: Path, given: str) -> None:
    test = f"""
import json
from pathlib import Path
import responses
import users

HERE = Path(__file__).parent / "recorded"

@responses.activate
def test_level():
    responses.add("GET", users.BASE + "/users/u", {given})
    assert users.fetch("u") == ("u", "Team Member")
"""
    recorded = project(tmp_path, test)
    (found,) = fixed(tmp_path).findings
    assert found.rule == "AUR601"
    assert "`user.json` has `user_level`" in found.message
    assert recorded.read_text() == OLD
    recorded.write_text(NEW)
    assert fixed(tmp_path).findings == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        pytest.param(
            "demo.py", "import json\nprint(json.load(open('tests/recorded/user.json')))\n", id="a program"
        ),
        pytest.param(
            "tests/test_crm.py", "CRM = open('tests/recorded/user.json').read()\n", id="a test, as a text"
        ),
        pytest.param(
            "tests/test_all.py",
            "import json\nfrom pathlib import Path\n"
            "ALL = [json.loads(path.read_text()) for path in Path('tests').rglob('*.json')]\n",
            id="a test, by a pattern",
        ),
    ],
)
def test_a_file_that_others_mean_too_is_left_alone(tmp_path: Path, name: str, code: str) -> None:
    recorded = project(tmp_path, HANDED)
    (tmp_path / name).write_text(code)
    (found,) = fixed(tmp_path).findings
    assert found.rule == "AUR601"
    assert "recorded in `user.json`" in found.message
    assert recorded.read_text() == OLD


def test_an_argument_is_no_name_of_a_file_when_the_code_spells_one(tmp_path: Path) -> None:
    test = LOADED.replace('(HERE / f"{name}.json")', '(HERE / "aurora.json")').replace(
        '.read_text(encoding="utf-8"))', ".read_text())[name]"
    )
    recorded = project(tmp_path, f"{test}\ndef test_it():\n    users.level(load('user'))\n")
    (recorded.parent / "aurora.json").write_text(OLD)
    assert fixed(tmp_path).findings == []
    assert recorded.read_text() == OLD
    assert (recorded.parent / "aurora.json").read_text() == NEW
