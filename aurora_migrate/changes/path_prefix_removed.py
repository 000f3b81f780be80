"""Kind path-prefix-removed: a prefix left every path; it goes, once, from the literal that spells it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, as_unsafe, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.denials import is_denied
from aurora_migrate.changes.doubles.tied import Doubles
from aurora_migrate.changes.prefixes.elsewhere import Elsewhere
from aurora_migrate.changes.prefixes.spellings import (
    Spelling,
    Spellings,
    filled_by_mapping,
    offset_of,
    touched,
    within,
)
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner, Target, hints_of, segments
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.doubles import double_request
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import PARAMETER, Piece, Text, Unknown, key_of


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every spelling of the prefix that reaches Aurora, but for those of test doubles alone."""
    yield from (finding for finding, doubled in _Finder(context, rule).findings() if not doubled)


def find_in_doubles(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every spelling of the prefix that only test doubles and what tests expect are made of."""
    yield from (finding for finding, doubled in _Finder(context, rule).findings() if doubled)


class _Finder:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.context = context
        self.rule = rule
        self.prefix = rule.parameters.text("prefix")
        self.spellings = Spellings(self.prefix, context.facts.cut_up)
        self.decided: dict[int, tuple[Piece, Request]] = {}
        self.chosen: dict[int, tuple[Guard, Request]] = {}
        self.twins: dict[int, tuple[Request, Piece]] = {}
        self.unknown: list[tuple[Request, Target]] = []
        self.doubles = Doubles(context)
        self.doubled: dict[int, Request] = {}
        """The URLs of test doubles and expectations, as requests, by identity."""
        self.handed: dict[int, str] = {}
        """String nodes that also go to code which nobody can see, with its name."""
        self.sent = {
            (id(request.node), text.characters(request.url), request.callers)
            for request in context.facts.requests.values()
        }

    def findings(self) -> Iterator[tuple[Finding, bool]]:
        """All findings, each with whether it is only about doubles of tests."""
        facts = self.context.facts
        changed = (change.as_request() for change in facts.changes.values())
        sent = {id(request.node) for request in facts.requests.values()}
        handed = [found.as_request() for found in facts.handed.values() if id(found.node) not in sent]
        for each in handed:
            self.handed.update(
                {id(piece.node): each.library for piece in each.url.pieces if piece.node is not None}
            )
        self.doubled = {id(each): each for each in [*self.doubles.urls(), *self._compared()]}
        requests = [
            *facts.requests.values(),
            *(each for each in changed if each is not None),
            *handed,
            *self.doubled.values(),
        ]
        for request in requests:
            self._sort(request, requests)
        for url in self.doubles.sought():
            self.spellings.sunk.update(id(piece.node) for piece in url.pieces if piece.node is not None)
        condemned = self._condemned(requests)
        for spelling in self.spellings.by_place.values():
            only_doubled = all(id(request) in self.doubled for request, _ in spelling.requests)
            yield self._finding(spelling, condemned), only_doubled
        elsewhere = Elsewhere(self.context, self.rule, self.spellings)
        for finding in elsewhere.unknown_segments(self.unknown):
            yield finding, False
        for piece, request in self.decided.values():
            yield elsewhere.decided(piece, request), False
        for guard, request in self.chosen.values():
            yield elsewhere.chosen(guard, request), False
        for request, piece in self.twins.values():
            yield elsewhere.twin(request, piece), False
        yield from elsewhere.tests()
        yield from elsewhere.loose()

    def _compared(self) -> Iterator[Request]:
        """URLs that tests hold against Aurora's: what a test hands to the code is in them, too."""
        for test in self.context.facts.tests.values():
            ours = all(
                self.context.targets.of(each).owner is Owner.AURORA for each in (test.sought, test.subject)
            )
            held = test.operation == "==" and not is_denied(test.module, test.node)
            if ours and held and is_test_module(test.module):
                yield double_request(test.module, test.node, "compared", None, test.subject, (), {})

    # -- sorting requests

    def _sort(self, request: Request, requests: list[Request]) -> None:
        target = self.context.targets.of(request.url)
        if target.owner is Owner.OTHER:
            self.spellings.note_foreign(request)
            return
        certainty = self.context.targets.certainty(request)
        place = self.span(request.url, target)
        if certainty is None and self._is_known_elsewhere(request, target):
            self.spellings.note_foreign(request)
        if place is None:
            if self.unknown_span(request, target) is not None:
                self.unknown.append((request, target))
            return
        self.spellings.note_sunk(request)
        if certainty is None:
            return
        pieces = touched(request.url, *place)
        guards = [guard for piece in pieces for guard in piece.guards]
        if guards:
            self._guarded(guards, request)
            return
        anchor = next((piece for piece in reversed(pieces) if piece.node is not None and piece.module), None)
        if self._is_root(request.url, place):
            return
        if self._has_twin(request, place):
            if anchor is not None and certainty is Certainty.PROVEN:
                self.twins.setdefault(id(anchor.node), (request, anchor))
            return
        if anchor is None or anchor.module is None or anchor.node is None:
            key: Hashable = ("call", id(request.node))
            spelling = self.spellings.by_place.setdefault(key, Spelling(request.module, request.node))
        else:
            key = (id(anchor.node), anchor.start + (0 if len(pieces) > 1 else self.spellings.offset(anchor)))
            spelling = self.spellings.by_place.setdefault(key, Spelling(anchor.module, anchor.node))
        spelling.requests.append((request, target))
        if certainty is Certainty.PROVEN:
            spelling.certainty = Certainty.PROVEN

    def _is_known_elsewhere(self, request: Request, target: Target) -> bool:
        """Whether an unknown host is one that the program gets somewhere (not from an unseen caller)."""
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
        """Where an unknown segment stands in its place: `/<version>/tenants/...` on Aurora's host."""
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
        return (id(request.node), without, request.callers) in self.sent

    def _guarded(self, guards: list[Guard], request: Request) -> None:
        """What decides for the old version is what changes; where no literal of its own does, a person."""
        old = self.rule.parameters.text("old-version")
        found = [(guard, piece) for guard in guards for piece in guard.deciders if piece.text == old]
        for _, piece in found:
            if piece.node is not None:
                self.decided.setdefault(id(piece.node), (piece, request))
        if found and all(piece.node is None for _, piece in found):
            self.chosen.setdefault(id(found[0][0].test), (found[0][0], request))

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
            doomed = within(request.url, *place) if place is not None and certain is Certainty.PROVEN else []
            condemned.see(parts, doomed)
        return condemned

    def _finding(self, spelling: Spelling, condemned: Condemned) -> Finding:
        request, target = next(((r, t) for r, t in spelling.requests if not r.explored), spelling.requests[0])
        trace = trace_of(request, spelling.node)
        location, subject = spelling.module.location(spelling.node), source_of(spelling.module, spelling.node)
        if spelling.certainty is Certainty.LIKELY:
            reason = (
                "the host is not in the code; name its variable in `base-url-names` of [tool.aurora-migrate] "
                f"if it is Aurora's{_hint(request, target)}"
            )
            return manual(self.rule, location, spelling.certainty, reason, trace, subject)
        plan = Plan()
        try:
            for proven, where in _distinct(spelling.requests):
                if self.context.targets.certainty(proven) is Certainty.PROVEN:
                    self._take_out(plan, proven, where, condemned)
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, spelling.certainty, str(refused), trace, subject)
        found = fixable(self.rule, location, spelling.certainty, edits, trace, subject)
        other = self.handed.get(id(spelling.node))
        if any(each.direct or each.preliminary for each, _ in spelling.requests):
            if other is None:
                return found
            return as_unsafe(found, f"{self.rule.message('fix')}; the same text also goes to `{other}`")
        return as_unsafe(
            found, f"{self.rule.message('fix')}, though no request was seen: it goes to `{request.library}`"
        )

    def _take_out(self, plan: Plan, request: Request, target: Target, condemned: Condemned) -> None:
        place = self.span(request.url, target)
        assert place is not None
        pieces = touched(request.url, *place)
        only = pieces[0] if len(pieces) == 1 else None
        if only is not None and only.node is not None and only.module is not None:
            offset = only.start + place[0] - offset_of(request.url, only)
            self.spellings.cut(plan, only, offset, offset + len(self.prefix))
            return
        self._take_out_segment(plan, request.url, place, pieces, condemned)

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
            self.spellings.cut(plan, segment, segment.start, segment.start + len(word) + 1)
            return
        if segment.text != word:
            raise Refused("it is put together from several parts")
        use = condemned.operand(segment)
        if use is None and self._take_out_placeholder(plan, slash):
            return
        if use is None:
            raise Refused("the expression that joins it is shared with requests that need it")
        if slash.node is None and place[1] < len(seen):
            plan.take_out(use)
        elif slash.node is not None and slash.module is not None:
            plan.take_out(use)
            if condemned.operand(slash) is not use:
                offset = slash.start + len(slash.text or "") - 1
                self.spellings.cut(plan, slash, offset, offset + 1)
        else:
            plan.take_out(use)

    def _take_out_placeholder(self, plan: Plan, slash: Piece) -> bool:
        """`"{host}/{version}".format(**settings)`: the placeholder goes, with its slash; settings stay."""
        if not isinstance(slash.node, cst.SimpleString) or slash.module is None or slash.text is None:
            return False
        end = slash.start + len(slash.text)
        for placeholder in filled_by_mapping(slash.module, slash.node):
            if placeholder.start == end:
                self.spellings.cut(plan, slash, end - 1, placeholder.end)
                return True
        return False


def _distinct(requests: list[tuple[Request, Target]]) -> Iterator[tuple[Request, Target]]:
    """The requests of different URLs: what is to go from one goes from its like.

    A request by itself tells whether it is signed, which is proof where the host is none.
    """
    seen: set[Hashable] = set()
    for request, target in requests:
        key = (key_of(request.url), request.key if target.owner is not Owner.AURORA else None)
        if key not in seen:
            seen.add(key)
            yield request, target


def _hint(request: Request, target: Target) -> str:
    names = list(dict.fromkeys(hints_of(request.url.pieces[: max(target.path_start, 1)])))
    return f" (it comes by the name {', '.join(names)})" if names else ""
