"""What is found does not depend on what else was named, nor on the order in which files are read."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.findings import Finding
from aurora_migrate.flow import modules
from tests.harness.customers import load_customer

CUSTOMERS = Path(__file__).resolve().parents[1] / "fixtures" / "customers"
SEVERAL_MODULES = ("three-modules", "crew-accounts", "seat-audit", "solmate-notebook")

Told = set[tuple[str, str, int, int, str, str]]


@pytest.fixture(params=SEVERAL_MODULES)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A customer's program on disk, with its settings, which are what makes the folder a project."""
    folder = tmp_path / "project"
    load_customer(CUSTOMERS / request.param).copy_to(folder)
    if not (folder / "pyproject.toml").exists():
        (folder / "pyproject.toml").write_text("[tool.aurora-migrate]\n", encoding="utf-8")
    return folder


def files_of(project: Path) -> list[Path]:
    return sorted([*project.rglob("*.py"), *project.rglob("*.ipynb")])


def told(findings: Iterable[Finding], project: Path) -> Told:
    """What a user reads of findings: rule, place, message and how far the fix goes."""
    return {
        (
            found.rule,
            found.location.path.relative_to(project).as_posix(),
            found.location.start.line,
            found.location.start.column,
            found.message,
            found.applicability.value,
        )
        for found in findings
    }


def found_in(paths: Sequence[Path], project: Path) -> Told:
    return told(engine.check(paths, load_settings(project)).findings, project)


def test_each_file_alone_gives_what_the_project_gives(project: Path) -> None:
    whole = found_in([project], project)
    assert whole
    alone = [found_in([path], project) for path in files_of(project)]
    assert set().union(*alone) == whole
    assert sum(map(len, alone)) == len(whole)


def test_files_may_be_named_in_any_order(project: Path) -> None:
    whole = found_in([project], project)
    paths = files_of(project)
    assert found_in(paths[::-1], project) == whole
    random.Random(1).shuffle(paths)
    assert found_in(paths, project) == whole


def test_modules_may_be_explored_in_any_order(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order in which modules are read is the paths' own; nothing but that order may hang on it."""
    whole = found_in([project], project)
    from aurora_migrate.changes import analysis

    explore = analysis.explore

    def backwards(found: modules.Modules, relevant: Sequence[modules.Module], *rest: Sequence[str]) -> object:
        return explore(found, list(relevant)[::-1], *rest)

    monkeypatch.setattr(analysis, "explore", backwards)
    assert {one[:4] for one in found_in([project], project)} == {one[:4] for one in whole}
