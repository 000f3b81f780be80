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
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entry, Piece, iterate_texts


@dataclass(slots=True)
class _Header:
    """One literal that names the header, and the requests that it goes with."""

    module: Module
    piece: Piece
    node: cst.CSTNode
    requests: list[Request] = field(default_factory=list)


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every literal that gives the header the wrong name on a call of Aurora's."""
    headers: dict[tuple[int, int], _Header] = {}
    elsewhere: set[tuple[int, int]] = set()
    for request in context.facts.requests.values():
        ours = context.targets.certainty(request) is Certainty.PROVEN
        foreign = context.targets.of(request.url).owner is Owner.OTHER
        for entry in _entries(rule, request):
            piece = entry.key_piece
            if piece is None or piece.node is None or piece.module is None:
                continue
            key = (id(piece.node), piece.start)
            if ours:
                headers.setdefault(key, _Header(piece.module, piece, piece.node)).requests.append(request)
            elif foreign:
                elsewhere.add(key)
    for key, header in headers.items():
        yield _finding(context, rule, header, key in elsewhere)


def _entries(rule: Rule, request: Request) -> Iterator[Entry]:
    wrong, value_prefix = rule.parameters.text("from").lower(), rule.parameters.text("value-prefix")
    for roles in (request.roles, request.client_roles):
        role = roles.get("headers")
        for entry in role.entries.items if role is not None and role.entries is not None else ():
            if entry.name is not None and entry.name.lower() == wrong:
                if any(text.characters(value).startswith(value_prefix) for value in iterate_texts(entry.value)):
                    yield entry


def _finding(context: Context, rule: Rule, header: _Header, shared: bool) -> Finding:
    location, subject = header.module.location(header.node), source_of(header.module, header.node)
    trace = trace_of(header.requests[0], header.node)
    plan = Plan()
    try:
        if shared:
            raise Refused("the same headers go to another vendor")
        spelled, new = header.piece.text or "", rule.parameters.text("to")
        if spelled.islower():
            new = new.lower()
        plan.cut(header.module, header.node, header.piece.start, header.piece.start + len(spelled), new)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), trace, subject)
    return fixable(rule, location, Certainty.PROVEN, edits, trace, subject)
