"""AUR202 where the same tests get levels of the program's own: run with both versions' answers."""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

ROLES = {
    "Admin": "00000000-0000-4000-8000-0000000000a1",
    "Team Member": "00000000-0000-4000-8000-0000000000a2",
}
SETTINGS = Settings(root=Path("/"), roles=RoleSettings(ROLES))
HEAD = """\
import csv
from dataclasses import dataclass
import requests
def answer(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").json()["user"]
"""
CLASS = """\
        class User:
            def __init__(self, ident, level="Team Member"):
                self.ident, self.level = ident, level
"""
MODEL = """\
        @dataclass
        class User:
            id: str
            user_level: str = "Team Member"
"""

PROGRAMS = [
    pytest.param(
        CLASS
        + """
        def f():
            found = answer("1")
            users = [User(found["id"], found["user_level"]), User("a", "Admin"), User("b")]
            return [(u.ident, u.level == "Admin", u.level == "Team Member") for u in users]
        """,
        id="objects of own values and of answers",
    ),
    pytest.param(
        MODEL
        + """
        def f():
            users = [User(**answer("1")), User(id="a", user_level="Admin"), User(id="b")]
            return [(u.id, u.user_level == "Admin", u.user_level == "Team Member") for u in users]
        """,
        id="a model filled by `**` and by keywords",
    ),
    pytest.param(
        MODEL
        + """
        def f():
            user = User(**answer("1"))
            if user.user_level != "Admin":
                user.user_level = "Admin"
            return user.user_level == "Admin"
        """,
        id="a model whose field is assigned",
    ),
    pytest.param(
        MODEL
        + """
        def f(given="Admin"):
            users = [User(**answer("1")), User(id="a", user_level=given)]
            return [u.user_level == "Admin" for u in users]
        """,
        id="a model that callers outside give a level",
    ),
    pytest.param(
        """
        def is_admin(level): return level == "Admin"
        def f():
            rows = csv.DictReader(["name,level", "x,Admin", "y,Team Member"])
            return [is_admin(answer("1")["user_level"]), *(is_admin(row["level"]) for row in rows)]
        """,
        id="rows of a file in the same helper",
    ),
    pytest.param(
        """
        RANKS = {"Admin": 3, "Team Member": 2}
        def rank(level): return RANKS.get(level, 0)
        def f():
            return [rank(answer("1")["user_level"]), rank("Admin"), rank("other")]
        """,
        id="a table that own levels are looked up in, too",
    ),
    pytest.param(
        """
        def word(level):
            match level:
                case "Admin":
                    return "boss"
                case "Team Member" | "other":
                    return "worker"
            return "?"
        def f():
            return [word(answer("1")["user_level"]), word("Team Member")]
        """,
        id="a pattern that own levels are held against, too",
    ),
    pytest.param(
        """
        def f():
            user = answer("1")
            if user.get("user_level") not in (None, "Admin"):
                return "%(user_level)s" % user
            return "{0[user_level]} {user_level}".format(user, **user) + "{user_level}".format_map(user)
        """,
        id="texts with a place for the level",
    ),
    pytest.param(
        """
        def f(anonymous=False):
            level = "Admin" if anonymous else answer("1")["user_level"]
            return [level == "Admin"]
        """,
        id="one of two values",
    ),
]

RENAMED = [
    pytest.param(
        """
        def f():
            level = answer("1")["user_level"] or "none"
            return [level == "Admin", level == "Team Member"]
        """,
        id="an own value that no test looks for",
    ),
    pytest.param(
        """
        def f():
            level = answer("1").get("user_level", "Team Member")
            return [level == "Admin", level == "Team Member"]
        """,
        id="a default, which is mapped",
    ),
    pytest.param(
        """
        def is_admin(level): return level == "Admin"
        def f(): return [is_admin(answer("1")["user_level"])]
        """,
        id="a helper that nobody else calls",
    ),
]


def _fixed(body: str) -> tuple[str, str]:
    before = HEAD + dedent(body)
    report = check_texts({"m.py": before}, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    assert report.findings == []
    return before, next(new for _, new in report.changes.values())


def _result(program: str, found: object, monkeypatch: pytest.MonkeyPatch) -> object:
    fake = ModuleType("requests")
    fake.get = lambda url: SimpleNamespace(json=lambda: {"user": deepcopy(found)})  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    module = ModuleType("m")
    monkeypatch.setitem(sys.modules, "m", module)
    exec(program, module.__dict__)
    return module.f()


@pytest.mark.parametrize("level", ROLES)
@pytest.mark.parametrize("body", PROGRAMS + RENAMED)
def test_the_program_does_what_it_did(body: str, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = _fixed(body)
    old = _result(before, {"id": "1", "user_level": level}, monkeypatch)
    assert _result(after, {"id": "1", "role_id": ROLES[level]}, monkeypatch) == old


@pytest.mark.parametrize("body", RENAMED)
def test_where_no_other_value_comes_the_tests_change(body: str) -> None:
    assert "USER_LEVELS" not in _fixed(body)[1]


def test_a_loop_that_reads_changes_and_writes_back_is_no_look_at_what_it_wrote() -> None:
    body = """
        def change(i, level):
            user = answer(i)
            if user.pop("user_level", None) == level:
                return False
            user["user_level"] = level
            requests.put(f"https://api.aurorasolar.com/tenants/1/users/{i}", json={"user": user})
            return True
        def f():
            return [change(i, "Admin") for i in ("1", "2")], [change(i, "Team Member") for i in ("1", "2")]
        print(f())
    """
    _, after = _fixed(body)
    assert 'if USER_LEVELS.get(user.pop("role_id", None)) == level:' in after
    assert 'user["role_id"] = ROLE_IDS[level]' in after
