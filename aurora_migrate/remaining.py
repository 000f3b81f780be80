"""What becomes of the findings beside those that are fixed: found again, gone with the text, or unseen."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeAlias

from aurora_migrate.files.project import Project
from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.findings import Edit, Finding, Location, Position

_Traced: TypeAlias = tuple[Finding, Finding | None]
"""A finding as it was, and where it stands now."""
_Same: TypeAlias = Callable[[_Traced, Finding], bool]
_NEWLINE = re.compile(r"\r\n|\r|\n")


class Settled(NamedTuple):
    """Findings of before that are not among those of after, by what has become of their text.

    `gone`: a fix took the text out, or one of the same rule changed it. `unseen`: it is still there, and the
    finding is moved to where that is.
    """

    gone: list[Finding]
    unseen: list[Finding]


class Moves:
    """Where the places of the old texts stand in the new ones.

    `edits` are those between the two, each with the rule whose fix made it; none overlaps another. `settled`
    are the places of findings that the fixes settle without an edit there.
    """

    def __init__(
        self,
        old: Project,
        new: Project,
        edits: Iterable[tuple[str, Edit]],
        settled: Iterable[tuple[str, Location]] = (),
    ) -> None:
        self._old = old
        self._new = new
        self._settled = frozenset(settled)
        self._rules: dict[Edit, set[str]] = {}
        for rule, edit in edits:
            self._rules.setdefault(edit, set()).add(rule)
        self._edits: dict[Path, list[Edit]] = {}
        for edit in sorted(self._rules):
            self._edits.setdefault(edit.path, []).append(edit)
        self._lines: dict[tuple[Path, bool], list[int]] = {}

    def moved(self, location: Location) -> Location | None:
        """The place in the new text; None when an edit took out what stood there."""
        edits = self._edits_of(location.path)
        if not edits:
            return location
        span = self._span(edits, *self._offsets(location, edits[0].path))
        if span is None:
            return None
        starts = self._starts(edits[0].path, self._new)
        return Location(location.path, _position(starts, span[0]), _position(starts, span[1]))

    def follow(self, finding: Finding) -> Finding | None:
        """The finding where it stands in the new text; None when an edit took out what it points at."""
        location = self.moved(finding.location)
        if location is None:
            return None
        trace = (replace(step, location=self.moved(step.location) or step.location) for step in finding.trace)
        return replace(finding, location=location, trace=tuple(trace))

    def changed(self, finding: Finding) -> bool:
        """Whether a fix that settles the finding's rule changed the text that the finding points at.

        That is also one of another rule which took the old name out of it: of a key that both rules know.
        """
        if (finding.rule, finding.location) in self._settled:
            return True
        edits = self._edits_of(finding.location.path)
        if not edits:
            return False
        start, end = self._offsets(finding.location, edits[0].path)
        inside = [edit for edit in edits if edit.start < end and start < edit.end]
        if any(finding.rule in self._rules[edit] for edit in inside):
            return True
        span, old = self._span(edits, start, end), dict(finding.names).get("old", "")
        if not inside or not old or span is None or old not in self._old.text(edits[0].path)[start:end]:
            return False
        return old not in self._new.text(edits[0].path)[slice(*span)]

    def _offsets(self, location: Location, path: Path) -> tuple[int, int]:
        starts = self._starts(path, self._old)
        return _offset(starts, location.start), _offset(starts, location.end)

    def _edits_of(self, path: Path) -> Sequence[Edit]:
        try:
            return self._edits.get(self._old.canonical(path), ())
        except UnreadableFile:
            return ()

    def _starts(self, path: Path, project: Project) -> list[int]:
        known = (path, project is self._new)
        if known not in self._lines:
            ends = (newline.end() for newline in _NEWLINE.finditer(project.text(path)))
            self._lines[known] = [0, *ends]
        return self._lines[known]

    def _span(self, edits: Sequence[Edit], start: int, end: int) -> tuple[int, int] | None:
        around = next((edit for edit in edits if edit.start <= start < end <= edit.end), None)
        if around is None:
            first = _shifted(edits, start)
            return first, max(first, _shifted(edits, end, is_end=True))
        text = self._old.text(around.path)
        wanted = text[start:end]
        again = [found.start() for found in re.finditer(re.escape(wanted), around.replacement)]
        if len(again) < text.count(wanted, around.start, around.end):
            return None
        # An edit may be wider than its change: it can hold text that it puts back as it was.
        first = _shifted(edits, around.start) + again[text.count(wanted, around.start, start)]
        return first, first + len(wanted)


def settle(before: Iterable[Finding], after: Iterable[Finding], moves: Moves) -> Settled:
    """Sort the findings of `before` that are not found again; `after` is what the analysis now yields."""
    waiting = [(finding, moves.follow(finding)) for finding in before]
    left = list(after)
    for same in (_same_place, _same_identity, _overlapping):
        waiting, left = _unpaired(waiting, left, same)
    settled = Settled([], [])
    for finding, now in waiting:
        if now is None or moves.changed(finding):
            settled.gone.append(finding)
        else:
            settled.unseen.append(now)
    return settled


def _unpaired(
    waiting: list[_Traced], found: list[Finding], same: _Same
) -> tuple[list[_Traced], list[Finding]]:
    """What is left of both lists when each finding has met at most one that is the `same`."""
    by_rule: dict[tuple[str, Path], list[Finding]] = {}
    for finding in found:
        by_rule.setdefault((finding.rule, finding.location.path), []).append(finding)
    alone: list[_Traced] = []
    for old in waiting:
        candidates = by_rule.get((old[0].rule, old[0].location.path), [])
        match = next((at for at, candidate in enumerate(candidates) if same(old, candidate)), None)
        if match is None:
            alone.append(old)
        else:
            del candidates[match]
    return alone, [finding for candidates in by_rule.values() for finding in candidates]


def _same_place(old: _Traced, found: Finding) -> bool:
    return old[1] is not None and old[1].location.start == found.location.start


def _same_identity(old: _Traced, found: Finding) -> bool:
    return old[0].identity == found.identity


def _overlapping(old: _Traced, found: Finding) -> bool:
    if old[1] is None:
        return False
    return old[1].location.start < found.location.end and found.location.start < old[1].location.end


def _shifted(edits: Sequence[Edit], offset: int, *, is_end: bool = False) -> int:
    """Where an offset of the old text is in the new one; one inside an edit goes to the edit's near side."""
    shift = 0
    for edit in edits:
        if edit.start > offset or (is_end and edit.start == offset):
            break
        if edit.end <= offset:
            shift += len(edit.replacement) - (edit.end - edit.start)
        elif edit.start < offset:
            return edit.start + shift + (0 if is_end else len(edit.replacement))
    return offset + shift


def _offset(starts: Sequence[int], position: Position) -> int:
    return starts[min(position.line, len(starts)) - 1] + position.column - 1


def _position(starts: Sequence[int], offset: int) -> Position:
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)
