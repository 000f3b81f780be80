"""Bodies of Run AutoDesigner: fields of branches that no call takes, nested models, composed keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.test_fields_moved import HEAD, actions, migrated, program, sent, settings

BUILDER = (
    "class Builder:\n"
    "    def __init__(self):\n        self._options = {}\n\n"
    "    def gaps(self, row=None, column=None):\n"
    "        if row is not None:\n            self._options['row_spacing_meters'] = row\n"
    "        return self\n\n"
    "    def sunny(self, tsrf=None, sap=None):\n"
    "        if tsrf is not None:\n            self._options['min_tsrf'] = tsrf\n"
    "        if sap is not None:\n            self._options[KEY] = sap\n"
    "        return self\n\n"
    "    def build(self):\n        return {'placement_options': dict(self._options)}\n\n\n"
    "post('d', Builder().gaps(row=1).sunny(tsrf=2).build())\n"
)

MIGRATED = [
    program(
        BUILDER.replace("KEY", "'flat_face_panel_tilt_deg'").replace("tsrf=2)", "tsrf=2, sap=9)"),
        id="a field that also changes its name",
    ),
    program(
        BUILDER.replace("KEY", "'flat_face_panel_tilt_deg'"),
        id="a field that also changes its name, and that nobody gives",
    ),
    program(BUILDER.replace("KEY", "'min_sap'"), id="a builder's method with an argument that nobody gives"),
    program(
        BUILDER.replace("self._options[KEY] = sap", "self._options.update(min_sap=sap)"),
        id="such a method that updates",
    ),
    program(
        "def options(tilt, flat=False):\n    found = {'panel_tilt': tilt, 'min_tsrf': 4}\n"
        "    if flat:\n        found['min_contiguous_panels'] = 3\n    return found\n\n\n"
        "def run(tilt):\n    post('d', {'placement_options': options(tilt)})\n\n\nrun(10)\n",
        id="a function's branch that nobody takes",
    ),
    program(
        "def even(gap):\n    options = {'orientations': ['landscape']}\n"
        "    for axis in ('row', 'column'):\n        options[f'{axis}_spacing_meters'] = gap\n"
        "    post('d', {'placement_options': options})\n\n\neven(3)\n",
        id="keys of an f-string over a tuple",
    ),
    program(
        "def even(gap):\n    options = {}\n"
        "    for axis in ['row', 'column']:\n        options['flat_face_' + axis + '_spacing_meters'] = gap\n"
        "    post('d', {'placement_options': options})\n\n\neven(3)\n",
        id="keys that are added up over a list",
    ),
]


@pytest.mark.parametrize("source", MIGRATED)
def test_the_new_objects_hold_all_that_is_seen(source: str, tmp_path: Path) -> None:
    result, left = migrated(source, settings(tmp_path))
    assert left == []
    assert [actions._checked(body) for body in sent(result)] == [
        actions._moved(body) for body in sent(source)
    ]


def test_a_branch_that_nobody_takes_selects_its_field_too(tmp_path: Path) -> None:
    result, _ = migrated(HEAD + BUILDER.replace("KEY", "'min_sap'"), settings(tmp_path))
    assert "if name in ('min_tsrf', 'min_sap')}" in result


def test_a_model_inside_a_model_of_unknown_data_may_hold_anything(tmp_path: Path) -> None:
    source = HEAD + (
        "from typing import Optional\n\nfrom pydantic import BaseModel\n\n\n"
        "class Wishes(BaseModel):\n    gap: Optional[float] = None\n    sunny: bool = False\n\n"
        "    def body(self):\n        options = {'min_tsrf': 80 if self.sunny else 60}\n"
        "        if self.gap is not None:\n            options |= {'row_spacing_meters': self.gap}\n"
        "        return {'placement_options': options}\n\n\n"
        "class Request(BaseModel):\n    wishes: Wishes = Wishes()\n\n\n"
        "def run(raw):\n    post('d', Request.model_validate(raw).wishes.body())\n"
    )
    result, left = migrated(source, settings(tmp_path))
    assert left == []
    assert "options |= {'row_spacing': self.gap}" in result
    assert "irradiance_constraints = {'min_tsrf': 80 if self.sunny else 60}" in result


BY_HAND = [
    pytest.param(BUILDER.replace("KEY", "'min_mood'"), ["AUR503"], id="a field that nobody knows"),
    pytest.param(BUILDER.replace("KEY", "sap"), ["AUR503"], id="a field whose name comes from outside"),
    pytest.param(
        "def even(gap):\n    options = {}\n"
        "    for axis in ('row_spacing', 'wall'):\n        options[f'{axis}_meters'] = gap\n"
        "    post('d', {'placement_options': options})\n\n\neven(3)\n",
        ["AUR501"],
        id="an f-string that is also a key which stays",
    ),
    pytest.param(
        "def even(side, gap):\n    options = {}\n    options[f'{side}_spacing_meters'] = gap\n"
        "    options['row_spacing_meters'] = gap\n    post('d', {'placement_options': options})\n",
        ["AUR503"],
        id="an f-string of what callers give",
    ),
    pytest.param(
        "def even(gap):\n    options = {}\n"
        "    for unit in ('meters', 'feet'):\n        options[f'row_spacing_{unit}'] = gap\n"
        "    post('d', {'placement_options': options})\n\n\neven(3)\n",
        ["AUR501"],
        id="an f-string that the old name ends outside of",
    ),
]


@pytest.mark.parametrize(("text", "rules"), BY_HAND)
def test_what_is_not_known_is_left_by_hand(text: str, rules: list[str], tmp_path: Path) -> None:
    result, left = migrated(HEAD + text, settings(tmp_path))
    assert sorted(left) == rules
    assert "irradiance_constraints" not in result


SILENT = [
    program(
        "def even(gap):\n    options = {}\n"
        "    for axis in ('row', 'column'):\n        options[f'{axis}_spacing_meters'] = gap\n"
        "    requests.post('https://racks.example/run', json={'placement_options': options})\n\n\neven(3)\n",
        id="another vendor's composed keys",
    ),
    program(
        "def even(gap):\n    options = {}\n"
        "    for axis in ('row', 'column'):\n        options[f'{axis}_spacing'] = gap\n"
        "    post('d', {'placement_options': options})\n\n\neven(3)\n",
        id="composed keys that are right already",
    ),
]


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str, tmp_path: Path) -> None:
    assert migrated(source, settings(tmp_path)) == (source, [])
