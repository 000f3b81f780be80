"""AUR5: what methods of a builder put into the same options, though the project calls only some of them."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

CODE = """\
import requests
class Options:
    def __init__(self):
        self._held = {}
        self._notes = {}
    def rows(self, meters):
        self._held["row_spacing_meters"] = meters
        return self
    def columns(self, meters):
        self._held["column_spacing_meters"] = meters
        return self
    def sap(self, value):
        self._held["min_sap"] = value
        return self
    def note(self, meters):
        self._notes["row_spacing_meters"] = meters
    def build(self):
        return {"placement_options": dict(self._held)}
class Layouts:
    def __init__(self):
        self.kept = {}
    def add(self, meters):
        self.kept["row_spacing_meters"] = meters
def run(options):
    url = "https://api.aurorasolar.com/tenants/1/designs/2/auto_designer/run"
    return requests.post(url, json=options.build())
run(Options().rows(0.1))
"""


def _checked(fix: Applicability | None) -> tuple[str, Report]:
    report = check_texts({"m.py": CODE}, Settings(root=Path("/")), fix=fix)
    assert report.errors == []
    return next((new for _, new in report.changes.values()), CODE), report


def test_methods_that_nobody_calls_change_with_those_that_are() -> None:
    text, report = _checked(Applicability.UNSAFE)
    assert report.findings == []
    assert 'self._held["row_spacing"] = meters' in text
    assert 'self._held["column_spacing"] = meters' in text
    space: dict[str, object] = {}
    exec(text.partition("def run(")[0], space)
    options = space["Options"]().rows(1).columns(2).sap(3)  # type: ignore[operator]
    assert {name: held for name, held in options.build().items() if held} == {
        "placement_options": {"row_spacing": 1, "column_spacing": 2},
        "irradiance_constraints": {"min_sap": 3},
    }


def test_other_mappings_and_other_classes_stay() -> None:
    text, _ = _checked(Applicability.UNSAFE)
    assert 'self._notes["row_spacing_meters"] = meters' in text
    assert 'self.kept["row_spacing_meters"] = meters' in text


def test_each_place_is_named() -> None:
    _, report = _checked(None)
    found = {(finding.rule, finding.location.start.line) for finding in report.findings}
    assert {("AUR501", 7), ("AUR501", 10), ("AUR503", 18)} <= found
