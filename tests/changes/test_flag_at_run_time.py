"""AUR502 where only the running program knows the flag: run, with the body that goes out."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), filler_row_locations=("ridge", "eave"))
HEAD = """\
from dataclasses import dataclass, asdict
import requests
def run(options):
    url = "https://api.aurorasolar.com/tenants/1/designs/2/auto_designer/run"
    return requests.post(url, json={"placement_options": options})
"""
PROGRAMS = [
    pytest.param(
        """
        def f(filler):
            options = {"row_spacing": 0.1, "min_sap": 0.8}
            options["allow_filler_row"] = filler
            run(options)
        """,
        id="put in by a statement",
    ),
    pytest.param(
        """
        def f(filler):
            run({"row_spacing": 0.1, "min_sap": 0.8, "allow_filler_row": bool(filler)})
        """,
        id="in a display",
    ),
    pytest.param(
        """
        def f(filler):
            run(dict(row_spacing=0.1, min_sap=0.8, allow_filler_row=filler or False))
        """,
        id="a keyword",
    ),
    pytest.param(
        """
        def f(filler):
            options = {"row_spacing": 0.1, "allow_filler_row": False, "min_sap": 0.8}
            if filler is not None:
                options["allow_filler_row"] = filler
            run(options)
        """,
        id="over one that says no",
    ),
]
LEFT = [
    pytest.param(
        """
        def f(filler):
            options = {"allow_filler_row": True}
            if filler is not None:
                options["allow_filler_row"] = filler
            run(options)
        """,
        id="over one that says yes",
    ),
    pytest.param(
        """
        def f(filler):
            options = {"row_spacing": 0.1, "allow_filler_row": filler}
            if options["allow_filler_row"]:
                options["row_spacing"] = 0.2
            run(options)
        """,
        id="looked at again",
    ),
    pytest.param(
        """
        @dataclass
        class Options:
            row_spacing: float
            allow_filler_row: bool = False
        def f(filler):
            run(asdict(Options(0.1, allow_filler_row=filler)))
        """,
        id="a model's field",
    ),
]


def _checked(body: str, settings: Settings = SETTINGS) -> tuple[str, Report]:
    before = HEAD + dedent(body)
    report = check_texts({"m.py": before}, settings, fix=Applicability.UNSAFE)
    assert report.errors == []
    return before, report


def _sent(program: str, filler: object, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    bodies: list[dict[str, object]] = []
    fake = ModuleType("requests")
    fake.post = lambda url, json: bodies.append(json)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "requests", fake)
    space = SimpleNamespace()
    exec(program, space.__dict__)
    space.f(filler)
    (body,) = bodies
    return {name: value for name, value in body.items() if value != {}}


@pytest.mark.parametrize("filler", [True, False, None])
@pytest.mark.parametrize("body", PROGRAMS)
def test_the_locations_go_out_where_it_is_true(
    body: str, filler: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, report = _checked(body)
    assert report.findings == []
    after = next(new for _, new in report.changes.values())
    locations = {"placement_constraints": {"filler_row_locations": ["ridge", "eave"]}} if filler else {}
    assert _sent(after, filler, monkeypatch) == {
        "placement_options": {"row_spacing": 0.1},
        "irradiance_constraints": {"min_sap": 0.8},
        **locations,
    }


@pytest.mark.parametrize("body", LEFT)
def test_it_is_left(body: str) -> None:
    _, report = _checked(body)
    assert report.changes == {}
    assert {finding.rule for finding in report.findings} >= {"AUR502"}


@pytest.mark.parametrize("body", PROGRAMS)
def test_it_is_left_without_the_setting(body: str) -> None:
    _, report = _checked(body, Settings(root=Path("/")))
    assert any("does not say what takes its place" in finding.message for finding in report.findings)
