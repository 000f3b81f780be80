"""Notebooks at the command line: reported by cell and line, fixed in place, broken ones named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

URL = "https://api.aurorasolar.com/v2/tenants/t1/projects"
CALL = f"requests.get('{URL}')\n"


@pytest.fixture
def sizes(shell: Shell) -> Path:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# of /v2"]},
        {"cell_type": "code", "metadata": {}, "outputs": [], "source": ["%time\n", "import requests"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": ["a = 1\n", f"requests.get('{URL}')\n"],
        },
    ]
    path = shell.folder / "sizes.ipynb"
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1), encoding="utf-8")
    return path


def test_findings_name_the_cell_and_its_line(shell: Shell, sizes: Path) -> None:
    line = shell.run("check", "--output-format", "concise").stdout.splitlines()[0]
    assert line.startswith("sizes.ipynb:cell 3:2:14: AUR102 [safe]")


def test_the_frame_shows_the_cell_alone(shell: Shell, sizes: Path) -> None:
    shown = shell.run("check").stdout
    assert "--> sizes.ipynb:cell 3:2:14" in shown
    assert f"2 | requests.get('{URL}')" in shown
    assert "# %% cell" not in shown


def test_json_gives_the_cell_beside_lines_of_it(shell: Shell, sizes: Path) -> None:
    finding = json.loads(shell.run("check", "--output-format", "json").stdout)["findings"][0]
    assert (finding["cell"], finding["start"]) == (3, {"line": 2, "column": 14})
    edit = finding["fix"]["edits"][0]
    assert (edit["cell"], edit["start"]["line"], edit["end"]["line"]) == (3, 2, 2)


def test_a_fix_changes_one_line_of_the_file(shell: Shell, sizes: Path) -> None:
    before = sizes.read_text(encoding="utf-8")
    assert shell.run("check", "--fix").exit_code == 0
    assert sizes.read_text(encoding="utf-8") == before.replace(URL, URL.replace("/v2", ""))


def test_a_broken_notebook_is_an_error_and_the_rest_is_fixed(shell: Shell, sizes: Path) -> None:
    broken = shell.folder / "broken.ipynb"
    broken.write_text(sizes.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    result = shell.run("check", "--fix", "--output-format", "concise")
    assert result.exit_code == 2
    assert "broken.ipynb:1:1: AUR001 [error] is no notebook: its JSON cannot be read" in result.stdout
    assert URL not in sizes.read_text(encoding="utf-8")
    assert URL in broken.read_text(encoding="utf-8")


def test_half_a_character_in_a_notebook_stops_nothing(shell: Shell, sizes: Path) -> None:
    halves = shell.folder / "halves.ipynb"
    text = sizes.read_text(encoding="utf-8").replace("a = 1", "a = '\\ud83d'")
    halves.write_text(text, encoding="utf-8")
    assert "sizes.ipynb:cell 3:2:14" in shell.run("check", "--output-format", "concise").stdout
    shell.run("check", "--fix")
    assert URL not in sizes.read_text(encoding="utf-8")
    assert "a = '\\ud83d'" in halves.read_text(encoding="utf-8")


def test_a_notebook_of_another_language_is_silent(shell: Shell, sizes: Path) -> None:
    told = json.loads(sizes.read_text(encoding="utf-8")) | {"metadata": {"language_info": {"name": "R"}}}
    sizes.write_text(json.dumps(told), encoding="utf-8")
    assert shell.run("check").exit_code == 0
