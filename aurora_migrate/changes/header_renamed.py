"""Kind header-renamed: a header was sent under a name that the API does not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import iterate_texts
from aurora_migrate.flow.facts import Request, Role
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entry


@dataclass(slots=True)
class _Header:
    """One place that names the header, and the requests that it goes with."""

    module: Module
    node: cst.CSTNode
    entry: Entry
    requests: list[Request] = field(default_factory=list)
    reason: str = ""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that gives the header the wrong name on a call of Aurora's."""
    headers: dict[int, _Header] = {}
    elsewhere: set[int] = set()
    for request in context.facts.requests.values():
        ours = context.targets.certainty(request) is Certainty.PROVEN
        foreign = not ours and not request.is_unsettled
        for role, entry in _entries(rule, request):
            place = _place(request, entry)
            if place is None:
                continue
            if ours:
                header = headers.setdefault(id(place[1]), _Header(*place, entry))
                header.requests.append(request)
                if _has_right_name(rule, role):
                    header.reason = f"the same headers also hold `{rule.parameters.text('to')}`"
                if role.mapping is not None and id(role.mapping.node) in context.facts.escaped:
                    header.reason = "the same headers also go to code that is not followed"
            elif foreign:
                elsewhere.add(id(place[1]))
    yield from _in_hooks(context, rule)
    for key, header in headers.items():
        if key in elsewhere:
            header.reason = "the same headers go to another host"
        yield _finding(context, rule, header)


def _entries(rule: Rule, request: Request) -> Iterator[tuple[Role, Entry]]:
    for role, entry in request.headers_named(rule.parameters.text("from")):
        if _may_be_token(rule, entry):
            yield role, entry


def _may_be_token(rule: Rule, entry: Entry) -> bool:
    """Whether the header's value begins as a token does, as far as it is known."""
    seen = [text.characters(value) for value in iterate_texts(entry.value)] or [text.HOLE]
    return any(value.startswith((rule.parameters.text("value-prefix"), text.HOLE)) for value in seen)


def _in_hooks(context: Context, rule: Rule) -> Iterator[Finding]:
    """The header set on requests by auth classes and hooks: whose requests these are, a person must say."""
    wrong = rule.parameters.text("from").lower()
    ours = any(
        context.targets.certainty(request) is Certainty.PROVEN for request in context.facts.requests.values()
    )
    for entry in context.facts.hook_headers.values():
        piece = entry.key_piece
        if not ours or piece is None or piece.module is None or piece.node is None:
            continue
        if (entry.name or "").lower() == wrong and _may_be_token(rule, entry):
            module, node = piece.module, piece.node
            reason = "an auth class or hook sets it, on whatever request it is given"
            subject = source_of(module, node)
            yield manual(rule, module.location(node), Certainty.PROVEN, reason, (), subject)


def _place(request: Request, entry: Entry) -> tuple[Module, cst.CSTNode] | None:
    """The literal that names the header, or the keyword argument that does."""
    piece = entry.key_piece
    if piece is not None and piece.node is not None and piece.module is not None:
        return piece.module, piece.node
    if entry.uses:
        return entry.uses[-1].module, entry.uses[-1].operand
    return request.module, request.node


def _has_right_name(rule: Rule, role: Role) -> bool:
    right = rule.parameters.text("to").lower()
    return role.entries is not None and any(
        (entry.name or "").lower() == right for entry in role.entries.items
    )


def _finding(context: Context, rule: Rule, header: _Header) -> Finding:
    location, subject = header.module.location(header.node), source_of(header.module, header.node)
    trace = trace_of(header.requests[0], header.node)
    plan = Plan()
    try:
        if header.reason:
            raise Refused(header.reason)
        _rename(plan, rule, header)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), trace, subject)
    return fixable(rule, location, Certainty.PROVEN, edits, trace, subject)


def _rename(plan: Plan, rule: Rule, header: _Header) -> None:
    wrong, new = rule.parameters.text("from"), rule.parameters.text("to")
    piece, module = header.entry.key_piece, header.module
    if isinstance(header.node, cst.Arg) and header.node.keyword is not None:
        raise Refused(f"the name is a keyword here: write `{new}=` instead of `{wrong}=`")
    if piece is None or piece.node is not header.node:
        raise Refused("the name is put together from several parts")
    if not isinstance(module.parents.get(id(piece.node)), (cst.DictElement, cst.Index, cst.Arg)):
        raise Refused("the name is a constant that other code may read, too")
    visitor = _Mentions(wrong)
    module.tree.visit(visitor)
    if visitor.count > 1:
        raise Refused(f"`{wrong}` is read or written at other places of this file, too")
    spelled = piece.text or ""
    plan.cut(
        module, piece.node, piece.start, piece.start + len(spelled), new.lower() if spelled.islower() else new
    )


class _Mentions(cst.CSTVisitor):
    """Counts the strings that are the header's name."""

    def __init__(self, name: str) -> None:
        self.name = name.lower()
        self.count = 0

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self.count += string_value(node).lower() == self.name
