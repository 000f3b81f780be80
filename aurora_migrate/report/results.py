"""What a report is made from: the results of a run, how it was asked for, and the order of findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aurora_migrate.findings import Applicability, Finding

TRACE_STEPS = 8
"""How much of a trace is shown unless the user asks for all of it."""


class Results(Protocol):
    """What the engine found and did: its `Report`, described here as imports point down only.

    `findings` are what remains, placed in the texts as the run leaves them. `changes` maps a file to its old
    and its new text.
    """

    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def fixed(self) -> Sequence[Finding]: ...
    @property
    def errors(self) -> Sequence[Finding]: ...
    @property
    def changes(self) -> Mapping[Path, tuple[str, str]]: ...
    @property
    def files_checked(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Run:
    """How the run was asked for.

    `fix` is how far fixes are applied (None: not at all), `write` whether they reach the disk. `unsafe` says
    that the user asked for unsafe fixes, applied or not.
    """

    fix: Applicability | None = None
    unsafe: bool = False
    write: bool = True


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The findings by file, place and rule: the same order on every run and every system."""
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[str, int, int, int, int, str, str]:
    start, end = finding.location.start, finding.location.end
    path = finding.location.path.as_posix()
    return (path, start.line, start.column, end.line, end.column, finding.rule, finding.message)
