"""Kind path-prefix-removed: a prefix left every path; it goes from the literal that spells it, once, wherever that is."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.loose_literals import Loose, loose_literals
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner, Target, hints_of, segments
from aurora_migrate.findings import Applicability, Certainty, Finding, Location
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request, TextTest
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import PARAMETER, Guard, Piece, Text, Unknown


@dataclass(slots=True)
class Spelling:
    """One place in the source that spells the prefix, and every request that it reaches."""

    module: Module
    node: cst.CSTNode
    requests: list[tuple[Request, Target]] = field(default_factory=list)
    certainty: Certainty = Certainty.LIKELY


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every spelling of the prefix that reaches Aurora."""
    finder = _Finder(context, rule)
    yield from finder.findings()


class _Finder:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.context = context
        self.rule = rule
        self.prefix = rule.parameters.text("prefix")
        self.spellings: dict[Hashable, Spelling] = {}
        self.decided: dict[int, tuple[Piece, Request]] = {}
        self.unknown: list[tuple[Request, Target]] = []
        self.sunk: set[int] = set()
        self.foreign: set[tuple[int, int]] = set()

    def findings(self) -> Iterator[Finding]:
        facts = self.context.facts
        changed = (change.as_request() for change in facts.changes.values())
        sent = {id(request.node) for request in facts.requests.values()}
        handed = (found.as_request() for found in facts.handed.values() if id(found.node) not in sent)
        requests = [*facts.requests.values(), *(each for each in changed if each is not None), *handed]
        for request in requests:
            self._sort(request, requests)
        condemned = self._condemned(requests)
        for key, spelling in self.spellings.items():
            yield self._finding(spelling, condemned)
        yield from self._unknown_segments()
        for piece, request in self.decided.values():
            yield self._decided(piece, request)
        yield from self._tests()
        yield from self._loose()

    # -- sorting requests

    def _sort(self, request: Request, requests: list[Request]) -> None:
        target = self.context.targets.of(request.url)
        if target.owner is Owner.OTHER:
            self._note_foreign(request)
            return
        certainty = self.context.targets.certainty(request)
        place = self.span(request.url, target)
        if certainty is None and self._is_known_elsewhere(request, target):
            self._note_foreign(request)
        if place is None:
            if self.unknown_span(request, target) is not None:
                self.unknown.append((request, target))
            return
        self.sunk.update(id(piece.node) for piece in request.url.pieces if piece.node is not None)
        if certainty is None:
            return
        pieces = _touched(request.url, *place)
        guards = [guard for piece in pieces for guard in piece.guards]
        if guards:
            self._guarded(guards, request)
            return
        if self._is_root(request.url, place) or self._has_twin(request, place):
            return
        anchor = next((piece for piece in reversed(pieces) if piece.node is not None and piece.module), None)
        if anchor is None or anchor.module is None or anchor.node is None:
            key: Hashable = ("call", id(request.node))
            spelling = self.spellings.setdefault(key, Spelling(request.module, request.node))
        else:
            key = (id(anchor.node), anchor.start + (0 if len(pieces) > 1 else self._offset(anchor)))
            spelling = self.spellings.setdefault(key, Spelling(anchor.module, anchor.node))
        spelling.requests.append((request, target))
        if certainty is Certainty.PROVEN:
            spelling.certainty = Certainty.PROVEN

    def _offset(self, piece: Piece) -> int:
        return (piece.text or "").find(self.prefix)

    def _note_foreign(self, request: Request) -> None:
        for piece in request.url.pieces:
            if piece.node is not None and piece.text:
                self.foreign.update((id(piece.node), piece.start + index) for index in range(len(piece.text)))
        self.sunk.update(id(piece.node) for piece in request.url.pieces if piece.node is not None)

    def _is_known_elsewhere(self, request: Request, target: Target) -> bool:
        """Whether an unknown host is one that the program itself gets from somewhere (not from an unseen caller)."""
        leading = request.url.pieces[: max(target.path_start, 1)]
        if not request.direct or not leading or not isinstance(leading[0].hole, Unknown):
            return False
        hole = leading[0].hole
        return (
            PARAMETER not in hole.roots
            and bool(hole.hints)
            and not any("aurora" in h.lower() for h in hole.hints)
        )

    def span(self, url: Text, target: Target) -> tuple[int, int] | None:
        """Where the prefix stands in a URL's characters, if its path begins with it."""
        seen = text.characters(url)
        start = target.path_start
        if seen[start : start + 2] == "//":
            start += 1
        if target.owner is Owner.UNKNOWN and start < len(seen) and seen[start] != "/":
            return None
        end = start + len(self.prefix)
        if seen[start:end] != self.prefix or seen[end : end + 1] not in ("", "/", "?", "#", HOLE):
            return None
        return start, end

    def unknown_span(self, request: Request, target: Target) -> tuple[int, int] | None:
        """Where an unknown segment stands in the prefix's place: `/<version>/tenants/...` on Aurora's host."""
        seen = text.characters(request.url)
        start = target.path_start
        if target.owner is not Owner.AURORA or seen[start : start + 3] != f"/{HOLE}/":
            return None
        return (
            (start, start + 2)
            if self.context.catalogue.match(request.method, segments(seen[start + 2 :]))
            else None
        )

    def _is_root(self, url: Text, place: tuple[int, int]) -> bool:
        return text.characters(url)[place[1] :].strip("/") == ""

    def _has_twin(self, request: Request, place: tuple[int, int]) -> bool:
        """Whether the same call also sends the same URL without the prefix: a program for both versions."""
        seen = text.characters(request.url)
        without = seen[: place[0]] + seen[place[1] :]
        return any(
            other.node is request.node
            and text.characters(other.url) == without
            and other.callers == request.callers
            for other in self.context.facts.requests.values()
        )

    def _guarded(self, guards: list[Guard], request: Request) -> None:
        for guard in guards:
            for piece in guard.deciders:
                if piece.node is not None and piece.text == self.rule.parameters.text("old-version"):
                    self.decided.setdefault(id(piece.node), (piece, request))

    # -- what to take out

    def _condemned(self, requests: list[Request]) -> Condemned:
        condemned = Condemned()
        for request in requests:
            target = self.context.targets.of(request.url)
            place = self.span(request.url, target) if target.owner is not Owner.OTHER else None
            place = place or self.unknown_span(request, target)
            certain = self.context.targets.certainty(request) if place is not None else None
            if (
                target.owner is Owner.UNKNOWN
                and certain is None
                and not self._is_known_elsewhere(request, target)
            ):
                continue
            parts = list(request.url.pieces)
            doomed = _within(request.url, *place) if place is not None and certain is Certainty.PROVEN else []
            condemned.see(parts, doomed)
        return condemned

    def _finding(self, spelling: Spelling, condemned: Condemned) -> Finding:
        request, target = next(((r, t) for r, t in spelling.requests if not r.explored), spelling.requests[0])
        trace = trace_of(request, spelling.node)
        location, subject = self._location(spelling), self._subject(spelling)
        if spelling.certainty is Certainty.LIKELY:
            reason = (
                "the host is not in the code; name its variable in `base-url-names` of [tool.aurora-migrate] "
                f"if it is Aurora's{_hint(request, target)}"
            )
            return manual(self.rule, location, spelling.certainty, reason, trace, subject)
        plan = Plan()
        try:
            for proven, where in spelling.requests:
                if self.context.targets.certainty(proven) is Certainty.PROVEN:
                    self._take_out(plan, proven, where, condemned)
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, spelling.certainty, str(refused), trace, subject)
        found = fixable(self.rule, location, spelling.certainty, edits, trace, subject)
        if any(each.direct or each.preliminary for each, _ in spelling.requests):
            return found
        return _as_unsafe(
            found, f"{rule_fix(self.rule)}, though no request was seen: it goes to `{request.library}`"
        )

    def _take_out(self, plan: Plan, request: Request, target: Target, condemned: Condemned) -> None:
        place = self.span(request.url, target)
        assert place is not None
        pieces = _touched(request.url, *place)
        only = pieces[0] if len(pieces) == 1 else None
        if only is not None and only.node is not None and only.module is not None:
            offset = only.start + place[0] - _offset_of(request.url, only)
            self._cut(plan, only, offset, offset + len(self.prefix))
            return
        self._take_out_segment(plan, request.url, place, pieces, condemned)

    def _cut(self, plan: Plan, piece: Piece, start: int, end: int) -> None:
        assert piece.module is not None and piece.node is not None
        if any((id(piece.node), offset) in self.foreign for offset in range(start, end)):
            raise Refused("the same text is part of another URL, which is not proven to be Aurora's")
        if id(piece.node) in self.context.facts.cut_up:
            raise Refused(self.context.facts.cut_up[id(piece.node)])
        if _is_key(piece.module, piece.node):
            raise Refused("the text is a key that other code looks up")
        plan.cut(piece.module, piece.node, start, end)

    def _take_out_segment(
        self, plan: Plan, url: Text, place: tuple[int, int], pieces: list[Piece], condemned: Condemned
    ) -> None:
        """The slash stands in one piece and the segment begins in the next."""
        seen = text.characters(url)
        slash, segment = pieces[0], pieces[-1]
        if len(pieces) != 2 or segment.node is None or segment.module is None or segment.text is None:
            raise Refused("it is put together from several parts")
        word = self.prefix.lstrip("/")
        if segment.text.startswith(word + "/"):
            self._cut(plan, segment, segment.start, segment.start + len(word) + 1)
            return
        if segment.text != word:
            raise Refused("it is put together from several parts")
        use = condemned.operand(segment)
        if use is None:
            raise Refused("the expression that joins it is shared with requests that need it")
        if slash.node is None and place[1] < len(seen):
            plan.take_out(use)
        elif slash.node is not None and slash.module is not None:
            plan.take_out(use)
            if condemned.operand(slash) is not use:
                offset = slash.start + len(slash.text or "") - 1
                self._cut(plan, slash, offset, offset + 1)
        else:
            plan.take_out(use)

    # -- other places

    def _unknown_segments(self) -> Iterator[Finding]:
        """A segment in the prefix's place that comes from outside the code: only a person knows what it holds."""
        known = {id(request.node) for spelling in self.spellings.values() for request, _ in spelling.requests}
        for request, target in self.unknown:
            if id(request.node) in known:
                continue
            known.add(id(request.node))
            seen = hints_of(request.url.pieces[:6])
            names = ", ".join(dict.fromkeys(name for name in seen)) or "a value from outside"
            reason = f"a segment stands in its place that the code does not spell ({names})"
            location, subject = request.module.location(request.node), source_of(request.module, request.node)
            trace = trace_of(request, request.node)
            yield manual(self.rule, location, Certainty.PROVEN, reason, trace, subject)

    def _decided(self, piece: Piece, request: Request) -> Finding:
        """The literal that asks for the old version of a program that knows both."""
        assert piece.module is not None and piece.node is not None
        new = self.rule.version
        plan = Plan()
        location = piece.module.location(piece.node)
        subject = source_of(piece.module, piece.node)
        trace = trace_of(request, piece.node)
        try:
            plan.cut(piece.module, piece.node, piece.start, piece.start + len(piece.text or ""), new)
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, Certainty.PROVEN, str(refused), trace, subject)
        found = fixable(self.rule, location, Certainty.PROVEN, edits, trace, subject)
        return _as_unsafe(found, f"ask for {new}: the code adds `{self.prefix}` only for {piece.text}")

    def _tests(self) -> Iterator[Finding]:
        for test in self.context.facts.tests.values():
            target = self.context.targets.of(test.subject)
            if target.owner is not Owner.AURORA and not self._is_touched(test.subject):
                continue
            finding = self._test(test)
            if finding is not None:
                yield finding

    def _is_touched(self, subject: Text) -> bool:
        return any(
            (id(piece.node), piece.start + self._offset(piece)) in self.spellings for piece in subject.pieces
        )

    def _test(self, test: TextTest) -> Finding | None:
        sought = test.sought.pieces[0]
        value = test.sought.literal or ""
        at = _prefix_in(value, self.prefix)
        if at is None or sought.node is None or sought.module is None:
            return None
        if (id(sought.node), sought.start + at) in self.spellings:
            return None
        location = sought.module.location(sought.node)
        subject = source_of(sought.module, sought.node)
        if value.strip("/") == self.prefix.strip("/"):
            reason = (
                f"the program looks for it in the URL (`{test.operation}`), and that has to change by hand"
            )
            return manual(self.rule, location, Certainty.PROVEN, reason, (), subject)
        plan = Plan()
        try:
            self._cut(plan, sought, sought.start + at, sought.start + at + len(self.prefix))
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, Certainty.PROVEN, str(refused), (), subject)
        return fixable(self.rule, location, Certainty.PROVEN, edits, (), subject)

    def _loose(self) -> Iterator[Finding]:
        for loose in loose_literals(self.context, self.prefix, self.sunk):
            if (id(loose.node), loose.offset) not in self.spellings:
                yield self._loose_finding(loose)

    def _loose_finding(self, loose: Loose) -> Finding:
        location = loose.module.location(loose.node)
        subject = source_of(loose.module, loose.node)
        if loose.reason:
            return manual(self.rule, location, loose.certainty, loose.reason, (), subject)
        plan = Plan()
        piece = Piece(self.prefix, loose.module, loose.node, loose.offset)
        try:
            self._cut(plan, piece, loose.offset, loose.offset + len(self.prefix))
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, loose.certainty, str(refused), (), subject)
        found = fixable(self.rule, location, loose.certainty, edits, (), subject)
        return _as_unsafe(found, f"{rule_fix(self.rule)}, though no request was seen that uses it")

    def _location(self, spelling: Spelling) -> Location:
        return spelling.module.location(spelling.node)

    def _subject(self, spelling: Spelling) -> str:
        return source_of(spelling.module, spelling.node)


def _as_unsafe(finding: Finding, summary: str) -> Finding:
    from dataclasses import replace

    assert finding.fix is not None
    fix = replace(finding.fix, summary=summary, applicability=Applicability.UNSAFE)
    return replace(finding, fix=fix, applicability=Applicability.UNSAFE)


def rule_fix(rule: Rule) -> str:
    return rule.message("fix")


def _hint(request: Request, target: Target) -> str:
    names = list(dict.fromkeys(hints_of(request.url.pieces[: max(target.path_start, 1)])))
    return f" (it comes by the name {', '.join(names)})" if names else ""


def _touched(url: Text, start: int, end: int) -> list[Piece]:
    """The pieces that have characters between start and end."""
    found: list[Piece] = []
    offset = 0
    for piece in url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if offset < end and offset + length > start:
            found.append(piece)
        offset += length
    return found


def _within(url: Text, start: int, end: int) -> list[int]:
    """The indices of the pieces that lie between start and end, whole."""
    found: list[int] = []
    offset = 0
    for index, piece in enumerate(url.pieces):
        length = 1 if piece.text is None else len(piece.text)
        if length and start <= offset and offset + length <= end:
            found.append(index)
        offset += length
    return found


def _offset_of(url: Text, wanted: Piece) -> int:
    offset = 0
    for piece in url.pieces:
        if piece is wanted:
            return offset
        offset += 1 if piece.text is None else len(piece.text)
    return offset


def _prefix_in(value: str, prefix: str) -> int | None:
    """Where a text has the prefix as whole path segments: at its start or behind a host."""
    at = value.find(prefix)
    if at == -1 or value[at + len(prefix) : at + len(prefix) + 1] not in ("", "/", "?", "#"):
        return None
    return at


def _is_key(module: Module, node: cst.CSTNode) -> bool:
    parent = module.parents.get(id(node))
    return isinstance(parent, cst.DictElement) and parent.key is node
