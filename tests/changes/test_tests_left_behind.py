"""A test that cannot be mended is named; it does not keep the program as it is."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), roles=RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"}))
PROGRAM = """\
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
RATES = {"Admin": 0.5}
class User:
    def __init__(self, user_level, **rest):
        self.user_level = user_level
def user(i):
    return User(**requests.get(f"{BASE}/users/{i}").json()["user"])
def rate(i):
    return RATES[user(i).user_level]
"""
TEST = """\
import responses
import program
@responses.activate
def test_rate():
    url = "https://api.aurorasolar.com/tenants/t/users/1"
    responses.add(responses.GET, url, json={"user": {"user_level": LEVEL}})
    assert program.rate("1") == 0.5
"""


def fixed(test: str) -> tuple[Report, dict[str, str]]:
    texts = {"program.py": PROGRAM, "tests/test_program.py": test}
    report = check_texts(texts, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    return report, {path.name: after for path, (_, after) in report.changes.items()}


def test_level_of_a_test_that_nobody_knows_is_left_and_named() -> None:
    report, after = fixed(TEST.replace("LEVEL", '"Emperor"'))
    assert "USER_LEVELS.get(" in after["program.py"]
    assert "test_program.py" not in after
    assert [(each.rule, each.of_test) for each in report.findings] == [("AUR601", True)]
    assert "`Emperor`" in report.findings[0].message


def test_level_of_a_test_that_is_known_goes_with_the_program() -> None:
    report, after = fixed(TEST.replace("LEVEL", '"Admin"'))
    assert "USER_LEVELS.get(" in after["program.py"]
    assert '"role_id": "00000000-0000-4000-8000-0000000000a1"' in after["test_program.py"]
    assert report.findings == []
