"""Tables of bodies: what no caller names may be sent like its neighbours, where a variable chooses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.test_bodies_kept_and_spelled import checked

TABLE = (
    "PRESETS = {\n"
    '    "steep": {"placement_options": {"min_tsrf": 75, "row_spacing_meters": 1}},\n'
    "    OTHER,\n"
    "}\n\n\n"
    "def preset(name):\n    return copy.deepcopy(PRESETS[name])\n\n\n"
)
SEND = 'requests.post(f"{T}/designs/{d}/auto_designer/run", json=preset("steep"))'
OLD = '"flat": {"placement_options": {"min_sap": 3, "column_spacing_meters": 1}}'
NEW = '"flat": {"placement_options": {"column_spacing": 1}, "irradiance_constraints": {"min_sap": 3}}'


def program(other: str, send: str = SEND, table: str = TABLE) -> str:
    return "import copy\n\n" + table.replace("OTHER", other) + f"def run(d):\n    {send}\n"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(TABLE, id="a subscript"),
        pytest.param(TABLE.replace("PRESETS[name]", "PRESETS.get(name)"), id="get"),
        pytest.param(TABLE.replace("copy.deepcopy(PRESETS[name])", "PRESETS[name]"), id="no copy"),
        pytest.param(
            TABLE.replace("(name)", "(name: str)").replace("PRESETS =", "PRESETS: dict ="), id="typed"
        ),
    ],
)
def test_a_preset_that_nobody_names_migrates_with_the_others(table: str, tmp_path: Path) -> None:
    report, after = checked(program(OLD, table=table), tmp_path)
    assert not report.findings
    assert NEW in after
    assert "_meters" not in after


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            '"flat": {"placement_options": {"min_sap": 3, "wall": 1}}', id="a field that nobody knows"
        ),
        pytest.param('"flat": {"placement_options": {"min_sap": 3, **load()}}', id="content from outside"),
        pytest.param('"flat": {"placement_options": load()}', id="nothing but content from outside"),
    ],
)
def test_a_preset_that_cannot_be_split_is_by_hand(other: str, tmp_path: Path) -> None:
    report, after = checked(program(other), tmp_path)
    assert "AUR503" in {found.rule for found in report.findings}
    assert other in after


@pytest.mark.parametrize(
    ("other", "send", "table"),
    [
        pytest.param('"flat": {"wall": {"min_sap": 3}}', SEND, TABLE, id="another kind of object"),
        pytest.param(
            OLD,
            'requests.post(f"{T}/designs/{d}/auto_designer/run", json=PRESETS["steep"])',
            TABLE.replace("def preset(name):\n    return copy.deepcopy(PRESETS[name])\n\n\n", ""),
            id="a table that is looked into by literals alone",
        ),
        pytest.param(
            OLD,
            'requests.post("https://racks.example/run", json=preset("steep"))',
            TABLE,
            id="another vendor's",
        ),
    ],
)
def test_what_is_not_sent_like_them_stays(other: str, send: str, table: str, tmp_path: Path) -> None:
    report, after = checked(program(other, send, table), tmp_path)
    assert not report.findings
    assert other in after
