"""Findings, edits, fixes and traces: the vocabulary that every other part speaks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Applicability(str, Enum):
    """How far a fix may be trusted; the values are the words users see."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"


class Certainty(str, Enum):
    """How well a place is tied to Aurora: `proven` by host, SDK, AuroraKey or config, else `likely`."""

    PROVEN = "proven"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file: 1-based line, 1-based column counted in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A range in a file, end exclusive; `path` is absolute."""

    path: Path
    start: Position
    end: Position


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace characters `start` to `end` (0-based offsets in the decoded text, end exclusive) of `path`."""

    path: Path
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that land together or not at all, possibly in several files.

    `summary` says in one imperative line what the fix does. `applicability` is safe or unsafe, never manual.
    """

    summary: str
    applicability: Applicability
    edits: tuple[Edit, ...]
    settles: tuple[str, ...] = ()
    """Other rules whose findings are settled where its edits change what they point at."""
    settled: tuple[tuple[str, Location], ...] = ()
    """Findings of other rules that are settled although what they point at stays: by rule and place."""


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One hop of a value on its way to the call, in words (`BASE from settings.py:3` without the place)."""

    location: Location
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that 2022.09 breaks.

    `message` says what and why in one line, `advice` what to write by hand (several lines allowed; empty
    when the fix says it all). `fix` is None exactly when `applicability` is manual. `subject` is the source
    text that the finding points at; with `rule` and the path it identifies the finding from pass to pass.
    """

    rule: str
    name: str
    location: Location
    message: str
    certainty: Certainty
    applicability: Applicability
    fix: Fix | None = None
    advice: str = ""
    trace: tuple[TraceStep, ...] = ()
    subject: str = ""
    names: tuple[tuple[str, str], ...] = ()
    """What the rule's messages are filled with for this finding."""
    follows: bool = False
    """Whether it is what the fix of another finding leaves to be done, so that this one may bring it."""
    of_test: bool = False
    """Whether it is about a test of the program, not about the program itself."""

    @property
    def identity(self) -> tuple[str, Path, str]:
        """What stays equal when edits elsewhere move the finding to another line."""
        return (self.rule, self.location.path, self.subject)
