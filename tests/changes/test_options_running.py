"""AUR503 on lines that put several fields, or do more than compute: what is sent is run, before and after."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

HEAD = """\
import os
import requests
URL = "https://api.aurorasolar.com/tenants/t/designs/d/auto_designer/run"
"""
HOME = {
    "row_spacing": "placement_options",
    "column_spacing": "placement_options",
    "orientations": "placement_options",
    "min_sap": "irradiance_constraints",
    "min_tsrf": "irradiance_constraints",
    "min_contiguous_panels": "placement_constraints",
}

PROGRAMS = [
    pytest.param(
        """
        o = {"row_spacing": 0.1}
        for k, v in (("min_sap", 0.5), ("column_spacing", 0.02)):
            o[k] = v
        run(o)
        """,
        id="a loop over pairs",
    ),
    pytest.param(
        """
        o = {}
        def put(k, v):
            if v is not None:
                o[k] = v
        put("min_sap", 0.3); put("row_spacing", 0.2); put("min_tsrf", None)
        run(o)
        """,
        id="a function that puts",
    ),
    pytest.param(
        """
        o = {}
        for i, k in enumerate(["min_sap", "min_tsrf", "row_spacing"]):
            o.setdefault(k, 0.1 * (i + 1))
        run(o)
        """,
        id="a loop that sets defaults",
    ),
    pytest.param(
        """
        o = {}
        strict = bool(os.environ.get("STRICT"))
        o["min_sap" if not strict else "row_spacing"] = 0.3
        run(o)
        """,
        id="a key that is chosen",
    ),
    pytest.param(
        """
        def layout(name, value):
            o = {"row_spacing": 0.1, name: value}
            run(o)
        layout("min_sap", 0.3); layout("column_spacing", 0.2)
        """,
        id="a display with a key that callers give",
    ),
    pytest.param(
        """
        values = iter([0.1, 0.2, 0.3])
        run({"min_sap": next(values), "row_spacing": next(values), "min_tsrf": next(values)})
        """,
        id="values that take turns",
    ),
    pytest.param(
        """
        row = "0.1;0.2".split(";")
        o = {"min_sap": float(row.pop(0)), "row_spacing": float(row.pop(0))}
        run(o)
        """,
        id="values that are taken out of a list",
    ),
    pytest.param('run({"min_sap": (x := 0.3), "row_spacing": x / 10})\n', id="a variable that an entry sets"),
    pytest.param(
        """
        class Builder:
            def __init__(self): self.options = {}
            def __setitem__(self, name, value): self.options[name] = value
            def go(self):
                run(self.options)
        b = Builder()
        b["min_sap"] = 0.5
        b["row_spacing"] = 0.1
        b.go()
        """,
        id="an object that is set by key",
    ),
    pytest.param(
        """
        class Option:
            def __init__(self, name, scale): self.name, self.scale = name, scale
            def __set__(self, holder, value): holder.held[self.name] = value * self.scale
        class Layout:
            sap, rows = Option("min_sap", 0.01), Option("row_spacing", 0.5)
            def __init__(self): self.held = {}
        layout = Layout()
        layout.sap = 30
        layout.rows = 4
        run(layout.held)
        """,
        id="descriptors that set",
    ),
    pytest.param(
        """
        LIMITS = {"row_spacing": (0, 2), "min_sap": (0, 1)}
        o = {"row_spacing": 0.1, "min_sap": 5}
        for name, (low, high) in LIMITS.items():
            o[name] = min(max(o[name], low), high)
        run(o)
        """,
        id="limits by name",
    ),
]
MOVED = [
    pytest.param('o = {"row_spacing": 0.1}\no["min_sap"] = 0.2\nrun(o)\n', id="lines of their own"),
    pytest.param(
        """
        o = {}
        for k in ("min_sap", "min_tsrf"):
            o[k] = 0.5
        run(o)
        """,
        id="a loop over fields of one object",
    ),
    pytest.param(
        'run({"min_sap": float("0.5"), "row_spacing": float("1")})\n', id="values that are computed"
    ),
]


def _fixed(body: str) -> tuple[str, str]:
    before = HEAD + re.sub(
        r"\brun\((.*)\)", r'requests.post(URL, json={"placement_options": \1})', dedent(body)
    )
    report = check_texts({"m.py": before}, Settings(root=Path("/")), fix=Applicability.UNSAFE)
    assert report.errors == []
    assert report.findings == []
    ((_, after),) = report.changes.values()
    return before, after


def _sent(program: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, dict[str, float]]]:
    bodies: list[dict[str, dict[str, float]]] = []
    fake = ModuleType("requests")
    fake.post = lambda url, json: bodies.append(json)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    exec(program, {"__name__": "m"})
    return bodies


@pytest.mark.parametrize("body", PROGRAMS + MOVED)
def test_every_option_is_sent_in_its_object(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = _fixed(body)
    for old, new in zip(_sent(before, monkeypatch), _sent(after, monkeypatch), strict=True):
        options = old["placement_options"]
        homes = {name: HOME[name] for name in options}
        assert {name: home for home, held in new.items() for name in held} == homes
        assert {name: value for held in new.values() for name, value in held.items()} == options


@pytest.mark.parametrize("body", MOVED)
def test_pieces_that_go_to_one_object_each_are_moved_themselves(body: str) -> None:
    assert "if name" not in _fixed(body)[1]
