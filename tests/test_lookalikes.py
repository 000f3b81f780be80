"""Code that looks like calls of Aurora's old API and is none: nothing is found, and no byte changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.findings import Applicability

DIRECTORY = Path(__file__).resolve().parents[1] / "fixtures" / "lookalikes"
FILES = sorted(DIRECTORY.glob("*.py"))


def test_there_are_lookalikes_and_all_are_tested() -> None:
    assert len(FILES) >= 30
    assert sorted(DIRECTORY.rglob("*.py")) == FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_lookalike_alone_is_left_alone(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / file.name)
    assert_left_alone(tmp_path, [file])


def test_all_lookalikes_together_are_left_alone(tmp_path: Path) -> None:
    for file in FILES:
        shutil.copy(file, tmp_path / file.name)
    assert_left_alone(tmp_path, FILES)


def test_with_every_rule_on_there_is_advice_where_it_is_due_and_nothing_else(tmp_path: Path) -> None:
    for file in FILES:
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "pyproject.toml").write_text('[tool.aurora-migrate]\nselect = ["ALL"]\n', encoding="utf-8")
    report = engine.check([tmp_path], load_settings(tmp_path))
    found = {(found.rule, found.location.path.name) for found in report.findings}
    assert {each for each in found if each[0].startswith("AUR9")} == DUE


DUE = {
    ("AUR901", "migrated_env_host.py"),
    ("AUR907", "dated_prefixes.py"),
}
"""No calls of the old API, but one takes the first element of a list, and one calls paths that never were."""


def assert_left_alone(folder: Path, files: list[Path]) -> None:
    (folder / "pyproject.toml").write_text("[tool.aurora-migrate]\n", encoding="utf-8")
    report = engine.check([folder], load_settings(folder), fix=Applicability.UNSAFE, write=True)
    assert report.files_checked == len(files)
    assert report.errors == []
    assert [(found.rule, found.location.path.name, found.location.start) for found in report.findings] == []
    assert (report.fixed, report.changes) == ([], {})
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".py"}
    assert left == {file.name: file.read_bytes() for file in files}
