"""Bodies of Run AutoDesigner, sent before and after: 2022.09 gets in four objects what 2018.01 got in one."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from aurora_migrate import engine
from aurora_migrate.config import Settings, load_settings
from aurora_migrate.findings import Applicability
from tests.fake_aurora.endpoints import actions

HEAD = """import requests

BASE = "https://api.aurorasolar.com/tenants/t/designs/"


def post(design, body):
    return requests.post(f"{BASE}{design}/auto_designer/run", json=body)


"""


def program(text: str, *, id: str) -> object:
    return pytest.param(HEAD + text, id=id)


SPLIT = [
    program(
        'post("d", {"placement_options": {"min_sap": 1}}); '
        'post("d", dict(placement_options=dict(min_tsrf=2)))\n',
        id="two calls on one line, nothing left for the old object",
    ),
    program(
        "def run(tilt):\n"
        '    opts = {"flat_face_panel_tilt_deg": tilt, "flat_face_row_spacing_meters": 2, "min_sap": 3}\n'
        '    opts["flat_face_column_spacing_meters"] = 1\n'
        '    post("d", {"placement_options": opts})\n\n\nrun(5)\n',
        id="a variable in which nothing stays",
    ),
    program(
        "opts = {'row_spacing_meters': 1}\nbody = {'placement_options': opts}\nopts['min_sap'] = 2\n"
        "post('d', body)\n",
        id="a field stored when the object is in the body",
    ),
    program(
        "def run(flat):\n"
        '    body = {"placement_options": {"orientations": ["portrait"]}}\n'
        "    if flat:\n"
        '        body["placement_options"].update(flat_face_panel_tilt_deg=9, min_sap=0.4, row_spacing=2)\n'
        "    else:\n"
        '        body["placement_options"] |= {"min_tsrf": 1, "min_sap": 3}\n'
        '    post("d", body)\n\n\nrun(True)\nrun(False)\n',
        id="updates that set fields of several objects",
    ),
    program(
        "def run(sap, tsrf):\n"
        "    opts = {}\n"
        '    for key, value in (("min_sap", sap), ("min_tsrf", tsrf)):\n'
        "        if value is not None:\n"
        "            opts[key] = value\n"
        '    post("d", {"placement_options": opts})\n\n\nrun(1, None)\nrun(1, 2)\n',
        id="keys from a loop",
    ),
    program(
        'KEY = "placement_options"\nbody = {KEY: {"min_sap": 0.5, "row_spacing": 2}, "mode": "max_fit"}\n'
        'if body[KEY]["min_sap"] > 0.4:\n    post("d", body)\n',
        id="the object's name in a constant, a field read back",
    ),
    program(
        'opts = {"min_sap": 1, "orientations": []}\nopts["orientations"].append("portrait")\n'
        'opts.pop("min_sap", None)\nassert len(opts) == 1\nopts["min_tsrf"] = 3\n'
        'post("d", {"placement_options": opts})\n',
        id="an object that is counted, so that it stays whole until it is sent",
    ),
    program(
        "def run(**options):\n"
        '    post("d", {"placement_options": options})\n\n\n'
        "run(min_sap=1, row_spacing_meters=2)\nrun(flat_face_panel_tilt_deg=2)\n",
        id="keyword arguments",
    ),
    program(
        'DEFAULTS = {"row_spacing_meters": 1, "min_sap": 0.5}\n'
        'requests.post("https://other.example/x", json=DEFAULTS)\n'
        'body = {"mode": "max_fit"}\nbody["placement_options"] = DEFAULTS\npost("d", body)\n',
        id="an object that another vendor gets, too, under the old names",
    ),
    program(
        "def without_none(d):\n    return {k: v for k, v in d.items() if v is not None}\n\n\n"
        "def placement(gap=0.1, tilt=None, sap=None):\n"
        '    return without_none({"row_spacing_meters": gap, "panel_tilt_deg": tilt, "min_sap": sap})\n\n\n'
        "for options in (placement(), placement(0.2, 3, 4)):\n"
        '    post("d", {"placement_options": options})\n',
        id="None dropped by a comprehension",
    ),
    program(
        "from dataclasses import asdict, dataclass\n\n\n@dataclass\nclass Placement:\n"
        "    row_spacing_meters: float = 1\n    min_sap: float = 2\n\n\n"
        "placement = Placement(row_spacing_meters=3)\nplacement.min_sap = 4\n"
        'post("d", {"auto_designer": {"mode": "max_fit", "placement_options": asdict(placement)}})\n',
        id="a dataclass, inside a wrapper",
    ),
    program(
        "from dataclasses import dataclass\n\n\n@dataclass\nclass Options:\n"
        "    tilt: float = 10.0\n    min_tsrf: float = 0.0\n\n    def body(self):\n"
        '        found = {"row_spacing_meters": 1, "flat_face_panel_tilt_deg": self.tilt}\n'
        '        if self.min_tsrf:\n            found["min_tsrf"] = self.min_tsrf\n'
        '        return {"placement_options": found}\n\n\npost("d", Options().body())\n',
        id="a field that is written unless it has its default",
    ),
]
BY_HAND = [
    program(
        'def run(design, **options):\n    post(design, {"placement_options": options})\n',
        id="keyword arguments of callers that are not seen",
    ),
    program(
        'def run(extra):\n    post("d", {"placement_options": {**extra, "min_sap": 1}})\n',
        id="an unknown mapping spread into it",
    ),
    program(
        "class Run:\n"
        "    def __init__(self):\n        self.opts = {'orientations': []}\n\n"
        "    def quality(self, sap):\n        self.opts['tilt'] = self.opts['min_sap'] = sap\n\n"
        "    def run(self):\n        self.opts['min_tsrf'] = 1\n"
        "        return len(self.opts), post('d', {'placement_options': self.opts})\n",
        id="a method that no seen call leads through",
    ),
    program(
        "def run(flat):\n"
        "    later = lambda opts: post('d', {'placement_options': {**opts, 'min_sap': 1}})\n"
        "    return later({'row_spacing': 1})\n\n\nrun(True)\n",
        id="made anew in a lambda",
    ),
]


def settings(folder: Path, *select: str) -> Settings:
    listed = ", ".join(f'"{code}"' for code in select)
    line = f"select = [{listed}]\n" if select else ""
    (folder / "pyproject.toml").write_text(f"[tool.aurora-migrate]\n{line}", encoding="utf-8")
    return load_settings(folder)


def migrated(source: str, used: Settings) -> tuple[str, list[str]]:
    report = engine.check_texts({"a.py": source}, used, fix=Applicability.UNSAFE)
    assert not report.errors
    changed = [new for _, new in report.changes.values()]
    return (changed[0] if changed else source), [finding.rule for finding in report.findings]


def sent(source: str) -> list[Any]:
    """The bodies that a program sends to Aurora."""
    bodies: list[Any] = []

    def post(url: str, json: Any) -> None:
        if "aurorasolar" in url:
            bodies.append(copy.deepcopy(json))

    with mock.patch("requests.post", post):
        exec(compile(source, "a.py", "exec", dont_inherit=True), {"__name__": "program"})
    return [body.get("auto_designer", body) for body in bodies]


@pytest.mark.parametrize("source", SPLIT)
def test_the_new_objects_hold_what_the_old_one_held(source: str, tmp_path: Path) -> None:
    result, left = migrated(source, settings(tmp_path))
    assert left == []
    wanted = [actions._moved(body) for body in sent(source)]
    assert [actions._checked(body) for body in sent(result)] == wanted


@pytest.mark.parametrize("source", SPLIT)
def test_any_order_of_rules_ends_in_the_same_objects(source: str, tmp_path: Path) -> None:
    result = source
    for code in ("AUR501", "AUR502", "AUR503"):
        result, _ = migrated(result, settings(tmp_path, code))
    wanted = [actions._moved(body) for body in sent(source)]
    assert [actions._checked(body) for body in sent(result)] == wanted


@pytest.mark.parametrize("source", BY_HAND)
def test_what_is_not_all_seen_is_left_by_hand(source: str, tmp_path: Path) -> None:
    result, left = migrated(source, settings(tmp_path))
    assert "AUR503" in left
    assert "irradiance_constraints" not in result
