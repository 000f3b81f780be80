"""Answers that are given their old name again, run with and without the object and its field."""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), system_size="stc")
HEAD = """\
import requests
KEPT = ("id", "system_size")
def answer(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()
def copied(thing):
    return {key: thing.get(key) for key in KEPT}
"""
OLD = {"id": "1", "system_size": 5}
NEW = {"id": "1", "system_size_stc": 5}

PROGRAMS = [
    pytest.param(
        """
        def fetch(i):
            body = answer(i)
            if "errors" in body:
                return None
            return body["design"]
        def f(i):
            design = fetch(i)
            return copied(design) if design else "none"
        """,
        [({"design": OLD}, {"design": NEW}), ({"errors": []},) * 2],
        id="a function that has the object or None",
    ),
    pytest.param(
        """
        def fetch(i):
            return answer(i)["design"]
        def f(i):
            design = fetch(i)
            if design["id"] == "1":
                design = fetch("other")
            return copied(design)
        """,
        [({"design": OLD}, {"design": NEW})],
        id="another answer in its place at times",
    ),
    pytest.param(
        """
        def designs(i):
            body = answer(i)
            if body:
                yield body["design"]
        def f(i):
            return [copied(design) for design in designs(i)]
        """,
        [({"design": OLD}, {"design": NEW}), ({},) * 2],
        id="an object that a generator yields, if there is one",
    ),
    pytest.param(
        """
        def f(i):
            body = answer(i)
            design = body.get("design", body)
            if "system_size" not in design:
                return "none"
            return copied(design)
        """,
        [({"design": OLD}, {"design": NEW}), ({"design": {"id": "1"}},) * 2, (OLD, NEW), ({},) * 2],
        id="the object or else the whole body, asked for the field",
    ),
    pytest.param(
        """
        def f(i):
            design = answer(i).get("design")
            if design is None:
                return "gone"
            return copied(design)
        """,
        [({"design": OLD}, {"design": NEW}), ({"errors": []},) * 2, ({"design": {"id": "1"}},) * 2],
        id="an object that may not be there",
    ),
    pytest.param(
        """
        def f(i):
            design = answer(i)["design"]
            if design.get("system_size", 0) > 4:
                return copied(design)
            return "small"
        """,
        [({"design": OLD}, {"design": NEW}), ({"design": {"id": "1"}},) * 2],
        id="a field that may not be there",
    ),
]


def _result(program: str, body: object, monkeypatch: pytest.MonkeyPatch) -> object:
    fake = ModuleType("requests")
    fake.get = lambda url: SimpleNamespace(json=lambda: deepcopy(body))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    space: dict[str, object] = {}
    exec(program, space)
    return space["f"]("1")  # type: ignore[operator]


@pytest.mark.parametrize(("body", "answers"), PROGRAMS)
def test_it_says_the_same_of_every_answer(
    body: str, answers: list[tuple[object, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = HEAD + dedent(body)
    report = check_texts({"m.py": before}, SETTINGS, fix=Applicability.UNSAFE)
    assert report.findings == []
    after = next(new for _, new in report.changes.values())
    again = check_texts({"m.py": after}, SETTINGS, fix=Applicability.UNSAFE)
    assert again.findings == []
    assert not again.changes
    for old, new in answers:
        assert _result(after, new, monkeypatch) == _result(before, old, monkeypatch)
