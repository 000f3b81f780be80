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


def assert_left_alone(folder: Path, files: list[Path]) -> None:
    (folder / "pyproject.toml").write_text("[tool.aurora-migrate]\n", encoding="utf-8")
    report = engine.check([folder], load_settings(folder), fix=Applicability.UNSAFE, write=True)
    assert report.files_checked == len(files)
    assert report.errors == []
    assert [(found.rule, found.location.path.name, found.location.start) for found in report.findings] == []
    assert (report.fixed, report.changes) == ([], {})
    left = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".py"}
    assert left == {file.name: file.read_bytes() for file in files}
