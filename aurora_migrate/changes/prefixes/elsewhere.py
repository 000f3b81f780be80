"""The prefix where no request spells it: version switches, tests on URLs, loose literals, outside values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, as_unsafe, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.denials import is_denied
from aurora_migrate.changes.prefixes.loose_literals import NO_HOST, Loose, loose_literals
from aurora_migrate.changes.prefixes.spellings import Spellings, offset_of, touched
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner, Target, hints_of, segments
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.reads import TextTest
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.text import HOLE, characters
from aurora_migrate.flow.values import Piece


class Elsewhere:
    """Finds these places, once the spellings that requests reach are known."""

    def __init__(self, context: Context, rule: Rule, spellings: Spellings) -> None:
        self.context = context
        self.rule = rule
        self.prefix = spellings.prefix
        self.spellings = spellings

    def unknown_segments(self, unknown: Sequence[tuple[Request, Target]]) -> Iterator[Finding]:
        """A segment in its place that comes from outside the code: only a person knows what it holds."""
        known = {
            id(request.node)
            for spelling in self.spellings.by_place.values()
            for request, _ in spelling.requests
        }
        spelled = self._spelled()
        for request, target in unknown:
            tried = request.explored and not self._path(request, target).strip(f"/{HOLE}")
            if id(request.node) in known or (tried and id(request.node) in spelled):
                continue
            known.add(id(request.node))
            seen = hints_of(request.url.pieces[:6])
            names = ", ".join(dict.fromkeys(name for name in seen)) or "a value from outside"
            reason = f"a segment stands in its place that the code does not spell ({names})"
            location, subject = request.module.location(request.node), source_of(request.module, request.node)
            trace = trace_of(request, request.node)
            yield manual(self.rule, location, Certainty.PROVEN, reason, trace, subject)

    def _spelled(self) -> frozenset[int]:
        """The calls that send a path of Aurora's as the code spells it.

        Where such a call is also tried with what an unseen caller might give, nothing is learnt from that.
        """
        asked = [(each, self.context.targets.of(each.url)) for each in self.context.facts.requests.values()]
        return frozenset(
            id(request.node)
            for request, target in asked
            if target.owner is Owner.AURORA
            and isinstance(next(iter(segments(self._path(request, target))), None), str)
        )

    @staticmethod
    def _path(request: Request, target: Target) -> str:
        return characters(request.url)[target.path_start :]

    def decided(self, piece: Piece, request: Request) -> Finding:
        """The literal that asks for the old version of a program that knows both."""
        assert piece.module is not None
        assert piece.node is not None
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
        return as_unsafe(found, f"ask for {new}: the code adds `{self.prefix}` only for {piece.text}")

    def chosen(self, guard: Guard, request: Request) -> Finding:
        """A test for the version, or an entry for one, that the program decides by no literal of its own."""
        location, subject = guard.module.location(guard.test), source_of(guard.module, guard.test)
        reason = (
            f"the program serves both versions and chooses the old one by `{subject}`; "
            f"make it choose {self.rule.version}, and leave this as it is"
        )
        trace = trace_of(request, guard.test)
        return manual(self.rule, location, Certainty.PROVEN, reason, trace, subject)

    def twin(self, request: Request, piece: Piece) -> Finding:
        """The same call sends the same URL without the prefix, too: something else chooses."""
        assert piece.module is not None
        assert piece.node is not None
        location, subject = piece.module.location(piece.node), source_of(piece.module, piece.node)
        reason = (
            f"{source_of(request.module, request.node)} is sent with and without it; "
            "see that the program chooses the one without, or take this one out"
        )
        return manual(self.rule, location, Certainty.PROVEN, reason, trace_of(request, piece.node), subject)

    def tests(self) -> Iterator[tuple[Finding, bool]]:
        """Tests on Aurora's URLs, each with whether it is a test module's."""
        for test in self.context.facts.tests.values():
            target = self.context.targets.of(test.subject)
            if target.owner is not Owner.AURORA and not self.spellings.has_touched(test.subject):
                continue
            in_tests = is_test_module(test.module)
            if in_tests and is_denied(test.module, test.node):
                continue
            finding = self._test(test)
            if finding is not None:
                yield finding, in_tests

    def _test(self, test: TextTest) -> Finding | None:
        value = test.sought.literal or ""
        at = _prefix_in(value, self.prefix)
        held = touched(test.sought, at, at + len(self.prefix)) if at is not None else []
        if at is None or len(held) != 1 or held[0].node is None or held[0].module is None:
            return None
        sought = held[0]
        assert sought.module is not None
        assert sought.node is not None
        at -= offset_of(test.sought, sought)
        if (id(sought.node), sought.start + at) in self.spellings.by_place:
            return None
        location = sought.module.location(sought.node)
        subject = source_of(sought.module, sought.node)
        if value.strip("/") == self.prefix.strip("/") or test.operation == "regular expression":
            reason = (
                f"the program looks for it in the URL (`{test.operation}`), and that has to change by hand"
            )
            return manual(self.rule, location, Certainty.PROVEN, reason, (), subject)
        plan = Plan()
        try:
            self.spellings.cut(plan, sought, sought.start + at, sought.start + at + len(self.prefix))
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, Certainty.PROVEN, str(refused), (), subject)
        return fixable(self.rule, location, Certainty.PROVEN, edits, (), subject)

    def loose(self) -> Iterator[tuple[Finding, bool]]:
        """Literals that no request uses, each with whether it is a test module's."""
        for found in loose_literals(self.context, self.prefix, self.spellings.sunk):
            if (id(found.node), found.offset) not in self.spellings.by_place and not self._is_of_old(found):
                yield self._loose_finding(found), is_test_module(found.module)

    def _is_of_old(self, loose: Loose) -> bool:
        """Whether it is in the old version's entry of a table that has one for the new version, too."""
        named = self.context.facts.version_entries
        parents = loose.module.parents
        above = parents.get(id(loose.node))
        while above is not None and id(above) not in named:
            above = parents.get(id(above))
        table = parents.get(id(above))
        if above is None or not isinstance(table, cst.Dict):
            return False
        is_old = named[id(above)] == self.rule.parameters.text("old-version")
        return is_old and any(named.get(id(element)) == self.rule.version for element in table.elements)

    def _loose_finding(self, loose: Loose) -> Finding:
        location = loose.module.location(loose.node)
        subject = source_of(loose.module, loose.node)
        if loose.reason and not (loose.reason == NO_HOST and self._is_beside_proven(loose)):
            return manual(self.rule, location, loose.certainty, loose.reason, (), subject)
        plan = Plan()
        piece = Piece(self.prefix, loose.module, loose.node, loose.offset)
        try:
            self.spellings.cut(plan, piece, loose.offset, loose.offset + len(self.prefix))
            edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, loose.certainty, str(refused), (), subject)
        found = fixable(self.rule, location, loose.certainty, edits, (), subject)
        return as_unsafe(found, f"{self.rule.message('fix')}, though no request was seen that uses it")

    def _is_beside_proven(self, loose: Loose) -> bool:
        """Whether an endpoint's path begins as a path of its module that is proven to be Aurora's."""
        beginning = _beginning(loose.node)
        return loose.is_endpoint and any(
            spelling.module is loose.module and _beginning(spelling.node) == beginning
            for spelling in self.spellings.by_place.values()
            if spelling.certainty is Certainty.PROVEN
        )


def _beginning(node: cst.CSTNode) -> str | None:
    """The first segments of a path, as far as the tenant's id."""
    value = string_value(node) if isinstance(node, cst.SimpleString) else ""
    segments = value.split("/")[:4]
    return "/".join(segments) if len(segments) == 4 and value.startswith("/") else None


def _prefix_in(value: str, prefix: str) -> int | None:
    """Where a text has the prefix as whole path segments: at its start or behind a host."""
    at = value.find(prefix)
    if at == -1 or value[at + len(prefix) : at + len(prefix) + 1] not in ("", "/", "?", "#"):
        return None
    return at
