"""A command line in a folder of its own, on an engine that finds what a test tells it to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_migrate.cli.group import commands
from aurora_migrate.config import Settings
from aurora_migrate.findings import Applicability
from tests.report.sample import Sample


@dataclass(frozen=True)
class Call:
    """What the engine was asked."""

    paths: Sequence[Path]
    settings: Settings
    fix: Applicability | None
    write: bool


@dataclass
class StubEngine:
    """Answers every call with `sample`."""

    sample: Sample = field(default_factory=Sample)
    calls: list[Call] = field(default_factory=list)

    def check(
        self, paths: Sequence[Path], settings: Settings, *, fix: Applicability | None, write: bool
    ) -> Sample:
        self.calls.append(Call(paths, settings, fix, write))
        return self.sample

    @property
    def call(self) -> Call:
        (call,) = self.calls
        return call


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> StubEngine:
    stub = StubEngine()
    monkeypatch.setattr("aurora_migrate.engine.check", stub.check)
    return stub


class Shell:
    """Runs the command line as a user in `folder` would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *arguments: str | Path) -> Result:
        return CliRunner().invoke(commands, [str(argument) for argument in arguments])


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path)
