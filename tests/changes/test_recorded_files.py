"""AUR601 on answers that are recorded in JSON files beside the tests: the file is named."""

from __future__ import annotations

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
"""
ROLE = "00000000-0000-4000-8000-0000000000a2"


def checked(tmp_path: Path, test: str) -> Report:
    (tmp_path / "pyproject.toml").write_text(f'[tool.aurora-migrate.roles]\n"Team Member" = "{ROLE}"\n')
    recorded = tmp_path / "tests" / "recorded"
    recorded.mkdir(parents=True)
    (recorded / "user.json").write_text('{"user": {"id": "u", "user_level": "Team Member"}}')
    (recorded / "new.json").write_text(f'{{"user": {{"id": "u", "role_id": "{ROLE}"}}}}')
    (tmp_path / "users.py").write_text(CODE)
    (tmp_path / "tests" / "test_users.py").write_text(test)
    return check([tmp_path], load_settings(tmp_path), fix=Applicability.UNSAFE, write=False)


NAMED = [
    pytest.param(
        """
import json
from pathlib import Path
import users

HERE = Path(__file__).parent / "recorded"

def load(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))

def test_level():
    assert users.level(load("user")["user"]) == ("u", "Team Member")
""",
        id="handed to the code, by a helper",
    ),
    pytest.param(
        """
import json
import os
import users

def test_level(requests_mock):
    with open(os.path.join(os.path.dirname(__file__), "recorded", "user.json")) as file:
        body = json.load(file)
    requests_mock.get(users.BASE + "/users/u", json=body)
    assert users.fetch("u") == ("u", "Team Member")
""",
        id="given as an answer",
    ),
]


@pytest.mark.parametrize("test", NAMED)
def test_the_file_is_named(tmp_path: Path, test: str) -> None:
    report = checked(tmp_path, test)
    (found,) = report.findings
    assert (found.rule, found.location.path.name) == ("AUR601", "test_users.py")
    assert "recorded in `user.json`" in found.message


SILENT = [
    pytest.param('users.level(load("new")["user"])', id="a file that is migrated already"),
    pytest.param('users.lead(load("user")["user"])', id="a file for code that gets no answers"),
    pytest.param('load("missing")', id="a file that is not there"),
]


@pytest.mark.parametrize("call", SILENT)
def test_other_files_are_none_of_our_business(tmp_path: Path, call: str) -> None:
    test = f"""
import json
from pathlib import Path
import users

HERE = Path(__file__).parent / "recorded"

def load(name):
    return json.loads((HERE / (name + ".json")).read_text())

def test_it():
    assert {call}
"""
    assert list(checked(tmp_path, test).findings) == []
