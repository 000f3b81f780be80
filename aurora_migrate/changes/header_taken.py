"""Kind header-taken: a header that calls of Aurora's are to send no longer, as header-added puts it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.headers import expected as header_expected
from aurora_migrate.changes.headers.removal import Removal
from aurora_migrate.changes.removal import Condemned
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Edit, Finding
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entry, Text


@dataclass(slots=True)
class _Sent:
    """An entry that sends the header, and the requests that it goes with."""

    entry: Entry
    requests: list[Request] = field(default_factory=list)
    reason: str = ""

    @property
    def place(self) -> tuple[Module, cst.CSTNode]:
        if self.entry.uses:
            return self.entry.uses[-1].module, self.entry.uses[-1].operand
        return self.requests[0].module, self.requests[0].node


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every entry that sends the header with that value."""
    taker = _Taker(context, rule)
    ours = [sent for sent in taker.sent.values() if sent.requests]
    together = taker.edits([sent for sent in ours if not sent.reason])
    for sent in ours:
        yield taker.finding(sent, together if not sent.reason else None)
    yield from header_expected.having(context, rule)


class _Taker:
    def __init__(self, context: Context, rule: Rule) -> None:
        self.context = context
        self.rule = rule
        self.condemned = Condemned()
        self.sent: dict[object, _Sent] = {}
        self.removal = Removal(context.facts.requests.values())
        self.mixed = {
            id(request.node)
            for request in context.facts.requests.values()
            if context.targets.of(request.url).owner is Owner.OTHER
        }
        """Calls that serve other hosts, too: what may be the header there may be theirs."""
        for request in context.facts.requests.values():
            self._look_at(request)

    def _look_at(self, request: Request) -> None:
        name = self.rule.parameters.text("header").lower()
        owner = self.context.targets.of(request.url).owner
        ours = self.context.targets.certainty(request) is Certainty.PROVEN
        for role in request.header_roles():
            items = role.entries.items if role.entries is not None else ()
            doomed = [index for index, item in enumerate(items) if (item.name or "").lower() == name]
            self.condemned.see(items, doomed)
            for index in doomed:
                if ours or owner is Owner.OTHER:
                    self._note(items[index], request, ours)

    def _note(self, entry: Entry, request: Request, ours: bool) -> None:
        right = self._is_right(entry)
        if right is False or (right is None and id(request.node) in self.mixed):
            return
        key = entry.uses[-1].key if entry.uses else (id(request.node), 0)
        sent = self.sent.setdefault(key, _Sent(entry))
        if len(entry.uses) > len(sent.entry.uses):
            sent.entry = entry
        if ours:
            sent.requests.append(request)
        else:
            sent.reason = "another host gets it, too"
        if right is None:
            sent.reason = "its value is not known here"

    def _is_right(self, entry: Entry) -> bool | None:
        """Whether an entry sends the one value; None when that is not known."""
        literals = {option.literal if isinstance(option, Text) else None for option in options(entry.value)}
        wanted = self.rule.parameters.text("value")
        if literals == {wanted}:
            return True
        return None if None in literals or wanted in literals else False

    # -- the edits

    def edits(self, all_: Sequence[_Sent]) -> tuple[Edit, ...] | None:
        """What takes all of them out at once, so that what only they used goes, too; None if that fails."""
        plan = Plan()
        try:
            for sent in all_:
                self._take(plan, sent)
            return carried_out(plan, self.context.modules)
        except Refused:
            return None

    def _take(self, plan: Plan, sent: _Sent) -> None:
        use = self.condemned.operand(sent.entry)
        if use is None:
            raise Refused("the place that sets it sets other headers, too")
        self.removal.take_out(plan, use)

    def finding(self, sent: _Sent, together: tuple[Edit, ...] | None) -> Finding:
        module, node = sent.place
        location, subject = module.location(node), source_of(module, node)
        trace = trace_of(sent.requests[0], node) if sent.requests else ()
        try:
            if sent.reason:
                raise Refused(sent.reason)
            edits = together
            if edits is None:
                plan = Plan()
                self._take(plan, sent)
                edits = carried_out(plan, self.context.modules)
        except Refused as refused:
            return manual(self.rule, location, Certainty.PROVEN, str(refused), trace, subject)
        return fixable(self.rule, location, Certainty.PROVEN, edits, trace, subject)
