"""AUR201 where levels are members of an enumeration of texts: what is sent is run, before and after."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType

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
import enum
import requests
URL = "https://api.aurorasolar.com/tenants/1/users"
class Level(str, enum.Enum):
    ADMIN = "Admin"
    MEMBER = "Team Member"
"""

SENT = [
    pytest.param(
        """
        def add(name, level):
            requests.post(URL, json={"user": {"first_name": name, "user_level": level}})
        add("a", Level.ADMIN)
        add("b", Level.MEMBER)
        """,
        ["Admin", "Team Member"],
        id="a parameter",
    ),
    pytest.param(
        'requests.post(URL, json={"user": {"user_level": Level.MEMBER}})\nprint(list(Level))\n',
        ["Team Member"],
        id="a member",
    ),
    pytest.param(
        'for each in Level:\n    requests.post(URL, json={"user": {"user_level": each}})\n',
        ["Admin", "Team Member"],
        id="all members",
    ),
    pytest.param(
        """
        def add(boss=False):
            body = {"last_name": "x"}
            body["user_level"] = Level.ADMIN if boss else Level.MEMBER
            requests.post(URL, json={"user": body})
        add()
        add(True)
        """,
        ["Team Member", "Admin"],
        id="one of two",
    ),
    pytest.param(
        """
        def add(level: Level):
            requests.post(URL, json={"user": {"user_level": level.value}})
        add(Level.ADMIN)
        """,
        ["Admin"],
        id="a member's value",
    ),
    pytest.param(
        """
        def add(level=None):
            requests.post(URL, json={"user": {"last_name": "x", "user_level": level}})
        add()
        add(Level.ADMIN)
        """,
        [None, "Admin"],
        id="a member or none",
    ),
]
KEPT = [
    'requests.post("https://crm.example.com/users", json={"user": {"user_level": Level.ADMIN}})\n',
    'URL = "https://crm.example.com/users"\ndef add(level):\n'
    '    requests.post(URL, json={"user_level": level})\nadd(Level.ADMIN)\nadd(Level.MEMBER)\n',
    "print([level.value for level in Level])\n",
    'print(Level("Admin").name)\n',
]


def _sent(program: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str | None]]:
    """The users that a program sends, as they are on the wire."""
    bodies: list[dict[str, str | None]] = []

    def post(url: str, json: dict[str, dict[str, str | None]]) -> None:
        bodies.append(_as_text(json)["user"])

    fake = ModuleType("requests")
    fake.post = post  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    exec(program, {"__name__": "m"})
    return bodies


def _as_text(body: dict[str, dict[str, str | None]]) -> dict[str, dict[str, str | None]]:
    read: dict[str, dict[str, str | None]] = json.loads(json.dumps(body))
    return read


@pytest.mark.parametrize(("body", "levels"), SENT)
def test_members_are_sent_as_roles(
    body: str, levels: list[str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = HEAD + dedent(body)
    report = check_texts({"m.py": before}, SETTINGS, fix=Applicability.UNSAFE)
    assert (report.errors, report.findings) == ([], [])
    ((_, after),) = report.changes.values()
    assert [user["user_level"] for user in _sent(before, monkeypatch)] == levels
    roles = [ROLES[level] if level is not None else None for level in levels]
    assert [user["role_id"] for user in _sent(after, monkeypatch)] == roles
    assert after.split("\n\n")[0].startswith("import enum")
    assert '    ADMIN = "Admin"\n' in after


@pytest.mark.parametrize("body", KEPT)
def test_members_that_go_elsewhere_stay(body: str) -> None:
    report = check_texts({"m.py": HEAD + body}, SETTINGS, fix=Applicability.UNSAFE)
    assert (report.errors, report.findings, dict(report.changes)) == ([], [], {})
