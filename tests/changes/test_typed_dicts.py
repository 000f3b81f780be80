"""Typed dicts that describe answers: which of their keys are renamed, and which stay."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import SETTINGS

HEAD = """\
from typing import Literal, Optional, TypedDict
import requests
T = "https://api.aurorasolar.com/tenants/t1"
"""
USER = """\
class User(TypedDict):
    id: str
    user_level: str
"""
RENAMED_USER = USER.replace("user_level", "role_id")

RENAMED = [
    pytest.param(
        USER
        + """\
def user(i) -> User: return requests.get(T + "/users/" + i).json()["user"]
print(user("1")["user_level"] == "Admin")
""",
        id="the result of a function",
    ),
    pytest.param(
        USER
        + """\
def is_admin(user: User) -> bool: return user["user_level"] == "Admin"
print(is_admin(requests.get(T + "/users/1").json()["user"]))
""",
        id="a parameter",
    ),
    pytest.param(
        USER
        + """\
user: User = requests.get(T + "/users/1").json()["user"]
print(user.get("user_level") == "Admin")
""",
        id="a variable",
    ),
    pytest.param(
        USER
        + """\
def user(i) -> Optional[User]:
    r = requests.get(T + "/users/" + i)
    if r.status_code == 404: return None
    return r.json()["user"]
print(user("1")["user_level"] == "Admin")
""",
        id="a result that may be missing",
    ),
    pytest.param(
        USER
        + """\
def user(i) -> User: return requests.get(T + "/users/" + i).json()["user"]
print(user("1")["id"])
""",
        id="a key that nothing looks for",
    ),
]

STAYING = [
    pytest.param(
        USER
        + """\
def user(i) -> User: return requests.get("https://crm.example/users/" + i).json()["user"]
print(user("1")["user_level"])
""",
        id="another vendor's object",
    ),
    pytest.param(
        USER
        + """\
def is_admin(user: User) -> bool: return user["id"] == "1"
print(is_admin(requests.get(T + "/users/1").json()["user"]))
print(is_admin(requests.get("https://crm.example/users/1").json()["user"]))
""",
        id="another vendor's object, too",
    ),
    pytest.param(
        USER
        + """\
def user(i) -> User: return requests.get(T + "/users/" + i).json()["user"]
def row(desk): return desk["user_level"]
print(user("1")["id"])
""",
        id="the key is looked for in other objects",
    ),
    pytest.param(
        USER
        + """\
def user(i) -> User: return requests.get(T + "/users/" + i).json()["user"]
GUEST = User(id="0", user_level="guest")
print(user("1")["id"], GUEST)
""",
        id="one is made with the key",
    ),
    pytest.param(
        """\
from dataclasses import dataclass
@dataclass
class User:
    user_level: str
def user(i) -> User: return User("x")
print(requests.get(T + "/users/1").json()["user"]["id"])
""",
        id="a dataclass of the program's own",
    ),
    pytest.param(
        """\
class Size(TypedDict):
    system_size: float
def size(x) -> Size: return {"system_size": x}
print(requests.get(T + "/designs/1/summary").json()["design"]["design_id"])
""",
        id="an object of the program's own",
    ),
]


def _fixed(body: str) -> tuple[str, Report]:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    return next((new for _, new in report.changes.values()), HEAD + body).removeprefix(HEAD), report


@pytest.mark.parametrize("body", RENAMED)
def test_a_key_is_renamed_with_the_code_that_looks_for_it(body: str) -> None:
    after, report = _fixed(body)
    assert report.findings == []
    assert after.startswith(RENAMED_USER)
    assert "user_level" not in after
    assert _fixed(after)[0] == after


@pytest.mark.parametrize("body", STAYING)
def test_what_may_describe_other_objects_stays(body: str) -> None:
    after, report = _fixed(body)
    assert after == body
    assert report.findings == []


def test_a_type_of_old_values_is_left_to_the_user() -> None:
    after, report = _fixed(
        """\
class User(TypedDict):
    user_level: Literal["Admin", "Team Member"]
def user(i) -> User: return requests.get(T + "/users/" + i).json()["user"]
print(user("1")["user_level"] == "Admin")
"""
    )
    assert 'user_level: Literal["Admin", "Team Member"]' in after
    (found,) = report.findings
    assert "its type lists the old values" in found.message


def test_an_answer_that_gets_its_old_name_again_is_described_by_it() -> None:
    after, report = _fixed(
        """\
class Summary(TypedDict):
    system_size: float
def summary(i) -> Summary:
    design = requests.get(T + "/designs/" + i + "/summary").json()["design"]
    return design
print([summary("1")[name] for name in ("system_size", "design_id")])
"""
    )
    assert "class Summary(TypedDict):\n    system_size: float\n" in after
    assert report.findings == []
