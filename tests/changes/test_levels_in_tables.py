"""AUR202 in tables: a frame of answers has its old column again, and the program does what it did."""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

ROLES = {
    "Admin": "00000000-0000-4000-8000-0000000000a1",
    "Team Member": "00000000-0000-4000-8000-0000000000a2",
}
SETTINGS = Settings(root=Path("/"), roles=RoleSettings(ROLES))
HEAD = """\
import json
import pandas as pd
import requests
def api(path):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/{path}").json()
"""
OLD = {
    "a": {"id": "a", "email": "a@x", "user_level": "Admin"},
    "b": {"id": "b", "email": "b@x", "user_level": "Team Member"},
}
NEW = {key: {"id": key, "email": f"{key}@x", "role_id": ROLES[OLD[key]["user_level"]]} for key in OLD}

PROGRAMS = [
    pytest.param(
        """
        def f(ids):
            team = pd.DataFrame([api("users/" + i)["user"] for i in ids])
            return team.loc[team.user_level == "Admin", "email"].tolist()
        """,
        id="rows chosen by an attribute",
    ),
    pytest.param(
        """
        def f(ids):
            team = pd.json_normalize([api("users/" + i)["user"] for i in ids])
            team["seats"] = team["user_level"].map({"Admin": 2, "Team Member": 1})
            return int(team.seats.sum()), team["user_level"].value_counts().sort_index().to_dict()
        """,
        id="a column mapped and counted",
    ),
    pytest.param(
        """
        def frame(ids):
            return pd.DataFrame([api("users/" + i)["user"] for i in ids])
        def f(ids):
            return sorted(frame(ids).groupby("user_level").size().to_dict().items())
        """,
        id="a table that a function returns",
    ),
    pytest.param(
        """
        def f(ids):
            parts = []
            for i in ids:
                parts.append(pd.DataFrame([api("users/" + i)["user"]]))
            return pd.concat(parts)[["id", "user_level"]].values.tolist()
        """,
        id="tables in a list, joined",
    ),
    pytest.param(
        """
        def f(ids):
            team = pd.DataFrame([{"key": i, **api("users/" + i)["user"]} for i in ids])
            return team[team["user_level"] == "Admin"].key.tolist()
        """,
        id="rows that hold all of an answer",
    ),
    pytest.param(
        """
        def f(ids):
            people = []
            for i in ids:
                people.append(api("users/" + i)["user"])
            team = pd.DataFrame(people)
            if team.empty:
                return []
            return team.sort_values("user_level").id.tolist()
        """,
        id="a list that may be empty",
    ),
]

LEFT = [
    pytest.param(
        """
        def f(ids):
            team = pd.DataFrame([{"role_id": i, **api("users/" + i)["user"]} for i in ids])
            return team[team["user_level"] == "Admin"].role_id.tolist()
        """,
        id="a column of the program's own that has the new name",
    ),
    pytest.param(
        """
        def f(ids, path):
            rows = [api("users/" + i)["user"] for i in ids] + json.load(open(path))
            return pd.DataFrame(rows)["user_level"].value_counts()
        """,
        id="rows of a file, too",
    ),
    pytest.param(
        """
        def f(ids):
            rows = [api("users/" + i)["user"] for i in ids]
            rows.append({"id": "own", "user_level": "Admin"})
            return pd.DataFrame(rows)["user_level"].value_counts()
        """,
        id="a row of the program's own",
    ),
    pytest.param(
        """
        def f(ids):
            found = [api("users/" + i)["user"] for i in ids]
            return pd.DataFrame(found).set_index("id")["user_level"].to_dict()
        """,
        id="a table without a name",
    ),
]


def _checked(body: str) -> tuple[str, Report]:
    report = check_texts({"m.py": HEAD + dedent(body)}, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    return HEAD + dedent(body), report


def _result(program: str, users: object, ids: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    def get(url: str) -> object:
        return SimpleNamespace(json=lambda: {"user": deepcopy(users[url.rpartition("/")[2]])})  # type: ignore[index]

    fake = ModuleType("requests")
    fake.get = get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    space: dict[str, object] = {}
    exec(program, space)
    return space["f"](ids)  # type: ignore[operator]


@pytest.mark.parametrize("body", PROGRAMS)
def test_the_program_does_what_it_did(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, report = _checked(body)
    assert report.findings == []
    after = next(new for _, new in report.changes.values())
    assert _result(after, NEW, ["b", "a"], monkeypatch) == _result(before, OLD, ["b", "a"], monkeypatch)
    if "empty" in body:
        assert _result(after, NEW, [], monkeypatch) == []


@pytest.mark.parametrize("body", LEFT)
def test_it_is_left(body: str) -> None:
    _, report = _checked(body)
    assert report.changes == {}
    assert {finding.rule for finding in report.findings} == {"AUR202"}
