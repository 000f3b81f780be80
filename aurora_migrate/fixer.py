"""Applies fixes to texts: picks what fits together, verifies the result, repeats to a fixed point, writes."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from aurora_migrate.files.project import Project
from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.files.validity import flaw_of
from aurora_migrate.files.writing import write_together
from aurora_migrate.findings import Applicability, Edit, Finding
from aurora_migrate.remaining import Moves, settle

MAX_PASSES = 50
"""A bound for pathological projects only: every pass leaves fewer fixes than the one before."""

MAX_TRIES = 2
"""How often a fix may fail beside others before it is left to the user."""

_LOST = "the other fixes changed what tied it to Aurora, so that its own was left out"

Identity: TypeAlias = tuple[str, Path, str]


class Analysed(Protocol):
    """What an analysis yields."""

    @property
    def findings(self) -> Sequence[Finding]: ...
    @property
    def errors(self) -> Sequence[Finding]: ...


Analyse: TypeAlias = Callable[[Project], Analysed]
ByHand: TypeAlias = Callable[[Finding, str], Finding]
"""The finding without its fix; the text is why it has none: a clause that begins with "the fix"."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fixed project.

    `findings` are what remains, and `unseen` those of them that the analysis of the result does not find;
    `fixed` is what is gone. `texts` are the new texts of the files that changed, and each of `groups` the
    files that must be written together.
    """

    findings: list[Finding]
    fixed: list[Finding]
    unseen: list[Finding] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    groups: list[frozenset[Path]] = field(default_factory=list)


class _Refused(Exception):
    """Why a fix, or a set of fixes, cannot land; completes "taken back because ..."."""


class _LeavesTest(_Refused):
    """The program itself would be right, but something would be left to do in its tests."""


class _Choice(NamedTuple):
    """A finding whose fix is to land, with its edits in canonical paths."""

    finding: Finding
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """The project between two passes; `unseen` are earlier findings that were not found again."""

    project: Project
    findings: Sequence[Finding]
    errors: Sequence[Finding]
    unseen: Sequence[Finding] = ()


def noted_by_hand(finding: Finding, reason: str) -> Finding:
    """The finding for the reader's own hands, with the reason at the head of its advice."""
    note = f"{reason[0].upper()}{reason[1:]}."
    advice = f"{note}\n{finding.advice}" if finding.advice else note
    return replace(finding, applicability=Applicability.MANUAL, fix=None, advice=advice)


def apply_fixes(
    project: Project,
    first: Analysed,
    analyse: Analyse,
    wanted: Callable[[Finding], bool],
    by_hand: ByHand = noted_by_hand,
) -> Outcome:
    """Apply the fixes of the findings that are `wanted`, in memory, until none is left.

    `first` is the analysis of `project` as it is, `analyse` makes the next ones. A set of fixes lands when
    the result can be encoded and parsed, holds none of the fixed findings and no new one; a fix that stands
    in the way of that is taken back, and its finding is `by_hand` from then on. A finding that the analysis
    of the result does not see any more, although no fix took its text out, remains: what it was found by was
    changed, not what it says.
    """
    return _Fixer(project, first, analyse, wanted, by_hand).run()


def write_fixes(project: Project, outcome: Outcome) -> tuple[set[Path], list[UnreadableFile]]:
    """Write the new texts, each group whole or not at all. Returns the files not written, and why."""
    failed: set[Path] = set()
    reasons: list[UnreadableFile] = []
    for group in outcome.groups:
        try:
            changes = [(project.source(path), outcome.texts[path]) for path in sorted(group)]
            write_together(project.root, changes)
        except UnreadableFile as reason:
            failed |= group
            reasons.append(reason)
    return failed, reasons


def edited_paths(project: Project, finding: Finding) -> set[Path]:
    """The files that the fix of `finding` edits, with the one it stands in."""
    paths = {finding.location.path} | {edit.path for edit in (finding.fix.edits if finding.fix else ())}
    return {project.canonical(path) for path in paths}


class _Fixer:
    """One run over one project."""

    def __init__(
        self,
        project: Project,
        first: Analysed,
        analyse: Analyse,
        wanted: Callable[[Finding], bool],
        by_hand: ByHand,
    ) -> None:
        self._original = project
        self._state = _State(project, first.findings, first.errors)
        self._analyse = analyse
        self._wanted = wanted
        self._by_hand = by_hand
        self._dropped: dict[Identity, str] = {}
        self._failures: Counter[Identity] = Counter()
        self._for_tests: set[Identity] = set()
        """Of the fixes that were taken back those that did no more harm than to leave tests to be changed."""
        self._lenient = False
        self._fixed: list[Finding] = []
        self._groups: list[frozenset[Path]] = []

    def run(self) -> Outcome:
        for _ in range(MAX_PASSES):
            if not self._pass() and not self._go_on_without_tests():
                break
        texts = {path: text for path, text in self._texts() if text != self._original.text(path)}
        groups = [frozenset(group & texts.keys()) for group in self._groups]
        seen = [self._unless_dropped(finding) for finding in self._state.findings]
        unseen = list(self._state.unseen)
        remaining = sorted([*seen, *unseen], key=_place)
        return Outcome(remaining, self._fixed, unseen, texts, [group for group in groups if group])

    def _go_on_without_tests(self) -> bool:
        """Try again what only tests stood in the way of: a program that is mended is worth more.

        What is left to do in the tests is found in the result.
        """
        self._lenient = bool(self._for_tests)
        for identity in self._for_tests:
            self._dropped.pop(identity, None)
            self._failures.pop(identity, None)
        self._for_tests.clear()
        return self._lenient

    def _texts(self) -> Iterable[tuple[Path, str]]:
        return ((path, self._state.project.text(path)) for group in self._groups for path in group)

    def _pass(self) -> bool:
        """Land as many fixes as fit together; False when none is left."""
        postponed: set[Identity] = set()
        while (chosen := self._choose(postponed)) or postponed:
            if not chosen:
                postponed.clear()
                continue
            try:
                after = self._attempt(chosen)
            except _Refused as refused:
                offender, refused = self._offender(chosen, refused)
                self._put_off(offender, refused, postponed, alone=offender is chosen[0].finding)
                continue
            self._land(chosen, after)
            for choice in chosen:
                self._join({edit.path for edit in choice.edits})
            return True
        return False

    def _put_off(self, offender: Finding, refused: _Refused, postponed: set[Identity], alone: bool) -> None:
        """Take a fix back: for good when it fails alone, else until those that it does not go with landed."""
        self._failures[offender.identity] += 1
        if alone or self._failures[offender.identity] > MAX_TRIES:
            self._dropped[offender.identity] = str(refused)
            if isinstance(refused, _LeavesTest) and not offender.of_test:
                self._for_tests.add(offender.identity)
        else:
            postponed.add(offender.identity)

    def _land(self, chosen: Sequence[_Choice], after: _State) -> None:
        before = self._state
        fixed = [choice.finding for choice in chosen]
        others = [finding for finding in before.findings if not any(finding is each for each in fixed)]
        edits = (
            (rule, edit)
            for choice in chosen
            for rule in (choice.finding.rule, *(choice.finding.fix.settles if choice.finding.fix else ()))
            for edit in choice.edits
        )
        fixes = [choice.finding.fix for choice in chosen if choice.finding.fix is not None]
        elsewhere = [place for fix in fixes for place in fix.settled]
        moves = Moves(before.project, after.project, edits, elsewhere)
        settled = settle(sorted([*others, *before.unseen], key=_place), after.findings, moves)
        self._fixed += [*fixed, *settled.gone]
        unseen = [self._unless_dropped(finding) for finding in settled.unseen]
        unseen = [found if found.fix is None else self._by_hand(found, _LOST) for found in unseen]
        self._state = replace(after, unseen=unseen)

    def _choose(self, postponed: set[Identity]) -> list[_Choice]:
        """Fixes that do not overlap, in the order of their places; an edit that several share counts once."""
        chosen: list[_Choice] = []
        taken: dict[Path, list[Edit]] = {}
        for finding in sorted(self._state.findings, key=_place):
            if finding.fix is None or finding.identity in self._dropped or not self._wanted(finding):
                continue
            if finding.identity in postponed:
                continue
            try:
                edits = self._edits(finding.fix.edits)
            except _Refused as refused:
                self._dropped[finding.identity] = str(refused)
                continue
            if all(_fits(edit, taken.get(edit.path, [])) for edit in edits):
                chosen.append(_Choice(finding, edits))
                for edit in edits:
                    _take(edit, taken.setdefault(edit.path, []))
        return chosen

    def _edits(self, edits: Iterable[Edit]) -> tuple[Edit, ...]:
        """The edits in canonical paths, sorted, once each; refused if they make no sense together."""
        project = self._state.project
        taken: dict[Path, list[Edit]] = {}
        try:
            for edit in edits:
                edit = replace(edit, path=project.canonical(edit.path))
                own = taken.setdefault(edit.path, [])
                if not 0 <= edit.start <= edit.end <= len(project.text(edit.path)):
                    raise _Refused(f"it edits beyond the end of {edit.path.name}")
                if not _fits(edit, own):
                    raise _Refused("its edits overlap")
                _take(edit, own)
        except UnreadableFile as unreadable:
            raise _Refused(f"{unreadable.path.name} {unreadable.reason}") from unreadable
        if not taken:
            raise _Refused("it changes nothing")
        return tuple(edit for path in sorted(taken) for edit in taken[path])

    def _attempt(self, chosen: Sequence[_Choice]) -> _State:
        """The state with the chosen fixes in it. Raises _Refused if that is no improvement."""
        before = self._state
        texts = _edited(before.project, chosen)
        for path, text in texts.items():
            flaw = flaw_of(self._original, path, text)
            if flaw is not None:
                raise _Refused(flaw)
        project = before.project.with_texts(texts)
        try:
            analysed = self._analyse(project)
        except Exception as error:
            raise _Refused(f"the analysis of the result failed ({type(error).__name__}: {error})") from error
        after = _State(project, analysed.findings, analysed.errors)
        _verify_findings(before, after, [choice.finding for choice in chosen], self._lenient)
        return after

    def _offender(self, chosen: Sequence[_Choice], reason: _Refused) -> tuple[Finding, _Refused]:
        """The fix that makes the shortest failing run from the start of `chosen` fail, and how."""
        landed, failing = 0, len(chosen)
        while failing - landed > 1:
            middle = (landed + failing) // 2
            try:
                self._attempt(chosen[:middle])
                landed = middle
            except _Refused as refused:
                failing, reason = middle, refused
        return chosen[failing - 1].finding, reason

    def _join(self, paths: set[Path]) -> None:
        """Note that these files, and all that already go with them, are written together."""
        touching = [group for group in self._groups if group & paths]
        apart = [group for group in self._groups if not group & paths]
        self._groups = [*apart, frozenset(paths.union(*touching))]

    def _unless_dropped(self, finding: Finding) -> Finding:
        reason = self._dropped.get(finding.identity)
        if reason is None or finding.fix is None:
            return finding
        return self._by_hand(finding, f"the fix was tried and taken back because {reason}")


def _place(finding: Finding) -> tuple[Path, object, object, str, str]:
    location = finding.location
    return (location.path, location.start, location.end, finding.rule, finding.subject)


def _fits(edit: Edit, taken: Sequence[Edit]) -> bool:
    """Whether `edit` is among the sorted edits `taken` of its file, or overlaps none of them."""
    at = bisect_left(taken, edit)
    if at < len(taken) and taken[at] == edit:
        return True
    before = at == 0 or _apart(taken[at - 1], edit)
    return before and (at == len(taken) or _apart(edit, taken[at]))


def _apart(first: Edit, second: Edit) -> bool:
    if first.start == first.end == second.start == second.end:
        # Two insertions in one place: which comes first is anyone's guess.
        return False
    return first.end <= second.start


def _take(edit: Edit, taken: list[Edit]) -> None:
    at = bisect_left(taken, edit)
    if at == len(taken) or taken[at] != edit:
        taken.insert(at, edit)


def _edited(project: Project, chosen: Iterable[_Choice]) -> dict[Path, str]:
    by_path: dict[Path, set[Edit]] = {}
    for choice in chosen:
        for edit in choice.edits:
            by_path.setdefault(edit.path, set()).add(edit)
    return {path: _apply(project.text(path), sorted(edits)) for path, edits in by_path.items()}


def _apply(text: str, edits: Iterable[Edit]) -> str:
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (text[done : edit.start], edit.replacement)
        done = edit.end
    return "".join((*pieces, text[done:]))


def _verify_findings(before: _State, after: _State, fixed: Sequence[Finding], lenient: bool) -> None:
    """Refuse a result that still holds a fixed finding, or has more of a rule than that leaves.

    A `lenient` look lets fixes of the program leave more to do in its tests.

    Counts, not identities, tell a new finding: a fix beside a remaining finding may change its subject.
    """
    known_errors = Counter(error.location.path for error in before.errors)
    for error in after.errors:
        known_errors[error.location.path] -= 1
        if known_errors[error.location.path] < 0:
            raise _Refused(f"{error.location.path.name} could not be analysed any more: {error.message}")
    known = (*before.findings, *before.unseen)
    left = _identities(known)
    left.subtract(_identities(fixed))
    found = _identities(after.findings)
    for finding in fixed:
        if found[finding.identity] > left[finding.identity]:
            raise _Refused("the result would be found again")
    allowed = Counter(finding.rule for finding in known if not finding.follows)
    allowed.subtract(finding.rule for finding in fixed if not finding.follows)
    for finding in _new_last([each for each in after.findings if not each.follows], left):
        allowed[finding.rule] -= 1
        if allowed[finding.rule] < 0:
            if lenient and finding.of_test and not any(each.of_test for each in fixed):
                continue
            place = f"{finding.location.path.name}:{finding.location.start.line}"
            reason = f"it would bring a new finding, {finding.rule} at {place} ({finding.message})"
            raise _LeavesTest(reason) if finding.of_test else _Refused(reason)


def _new_last(findings: Iterable[Finding], known: Counter[Identity]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (known[finding.identity] <= 0, _place(finding)))


def _identities(findings: Iterable[Finding]) -> Counter[Identity]:
    return Counter(finding.identity for finding in findings)
