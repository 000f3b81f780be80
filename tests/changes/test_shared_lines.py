"""Lines that serve several fields, models or endpoints: what is right for one of them is not done to all."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

ROLES = RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"})
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=ROLES)
HEAD = """\
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
def user(i): return requests.get(f"{BASE}/users/{i}").json()["user"]
"""
DESCRIPTORS = """\
class Field:
    def __init__(self, key): self.key = key
    def __get__(self, obj, owner=None): return obj.raw[self.key]
class User:
    email = Field("email")
    level = Field("user_level")
    def __init__(self, raw): self.raw = raw
found = User(user(1))
print(found.email, found.level)
"""
DUMPS = """\
from pydantic import BaseModel
class Person(BaseModel):
    first_name: str
class Placement(BaseModel):
    row_spacing: float = 0.1
    min_sap: float = 0.7
class Job(BaseModel):
    placement_options: Placement = Placement()
def call(path, model, wrap=None):
    body = model.model_dump()
    return requests.post(BASE + path, json={wrap: body} if wrap else body).json()
call("/designs/d/auto_designer/run", Job())
"""


def checked(body: str) -> tuple[Report, str]:
    code = HEAD + body
    report = check_texts({"a.py": code}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", code)]
    return report, after


@pytest.mark.parametrize(
    "body",
    [
        DESCRIPTORS,
        "def pick(raw, key): return raw[key]\nfound = user(1)\n"
        "print(pick(found, 'email'), pick(found, 'user_level'))\n",
        "def pick(raw, key): return raw.get(key, '-')\nprint(pick(user(1), 'user_level'))\n"
        "print(pick({'team': 'north'}, 'team'))\n",
    ],
)
def test_value_is_not_translated_where_other_fields_are_read(body: str) -> None:
    report, after = checked(body)
    named = [each for each in [*report.fixed, *report.findings] if each.rule == "AUR202"]
    assert named
    assert ".get(raw[key])" not in after
    assert ".get(raw.get(key)" not in after
    assert ".get(obj.raw[" not in after


@pytest.mark.parametrize(
    "body",
    [
        "KEY = 'user_level'\nprint(user(1)[KEY])\n",
        "def level(raw, key='user_level'): return raw[key]\nprint(level(user(1)))\n",
        "def pick(raw, key): return raw[key]\nprint(pick(user(1), 'user_level'))\n",
    ],
)
def test_key_that_is_the_only_one_there_is_mended(body: str) -> None:
    report, _ = checked(body)
    assert [each.rule for each in report.fixed] == ["AUR202"]


def test_dump_of_several_models_is_not_taken_apart() -> None:
    report, after = checked(DUMPS + "call('/users', Person(first_name='a'), 'user')\n")
    assert "body = model.model_dump()\n" in after
    (found,) = [each for each in report.findings if each.rule == "AUR503"]
    assert "the same line writes out `Person`, too" in found.message


def test_dump_of_one_model_is_taken_apart() -> None:
    report, after = checked(DUMPS)
    assert [each.rule for each in report.fixed] == ["AUR503"]
    assert '"irradiance_constraints"' in after
