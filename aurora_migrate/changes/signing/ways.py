"""One way of signing: which parts and requests belong to it, where it is found, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.signing.signatures import Part
from aurora_migrate.changes.traces import distinct
from aurora_migrate.findings import TraceStep
from aurora_migrate.flow.around import definition_at
from aurora_migrate.flow.facts import Request, RequestChange
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.trees import children
from aurora_migrate.flow.values import Entry, Piece


@dataclass(slots=True)
class Signing:
    """One way of signing: the parts that it makes, and the requests and changes that carry them."""

    parts: list[Part] = field(default_factory=list)
    separators: list[Piece] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    changes: list[RequestChange] = field(default_factory=list)


def identity(part: Part) -> object:
    """The same for all requests that a part is signed by: the node that puts it there."""
    if isinstance(part, Entry):
        return ("entry", part.name, part.uses[-1].key if part.uses else None)
    if part.node is not None:
        return ("piece", id(part.node), part.start)
    return ("hole", tuple(use.key for use in part.uses[-1:]) or id(part))


def anchor(signing: Signing) -> tuple[Module, cst.CSTNode]:
    """The call that computes the signature, where one is near the signed parts; else the part itself."""
    first = _place(signing)
    function = definition_at(*first)
    for place in (function, first[0].tree):
        found = _mac_call(place) if place is not None else None
        if found is not None:
            return first[0], found
    return first


def trace_of_signing(signing: Signing) -> tuple[TraceStep, ...]:
    steps: list[TraceStep] = []
    for request in signing.requests:
        method = f"{request.method} " if request.method else ""
        where = request.module.location(request.node)
        steps.append(TraceStep(where, f"{method}request with {request.library} signed at"))
        for (module, node), step in zip(request.callers, request.stack, strict=False):
            if node is not None and not request.explored:
                steps.append(TraceStep(module.location(node), f"called as {step.name} at"))
    for change in signing.changes:
        steps.append(TraceStep(change.module.location(change.node), "signed request changed at"))
    return distinct(steps)


def _place(signing: Signing) -> tuple[Module, cst.CSTNode]:
    """Where the signature enters: the entry or piece that comes nearest to the computation."""
    for part in reversed(signing.parts):
        if part.uses:
            return part.uses[-1].module, part.uses[-1].operand
        if isinstance(part, Piece) and part.node is not None and part.module is not None:
            return part.module, part.node
    if signing.changes:
        return signing.changes[0].module, signing.changes[0].node
    return signing.requests[0].module, signing.requests[0].node


def modules_of(signing: Signing) -> Iterator[Module]:
    for part in signing.parts:
        yield from (use.module for use in part.uses)
        if isinstance(part, Piece) and part.module is not None:
            yield part.module
        if isinstance(part, Entry) and part.key_piece is not None and part.key_piece.module is not None:
            yield part.key_piece.module
    for request in signing.requests:
        yield request.module
        yield from (step.module for step in request.stack)


def _mac_call(place: cst.CSTNode) -> cst.Call | None:
    stack = [place]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Call):
            name = dotted_name(node.func)
            if name.startswith("hmac.") or name.rpartition(".")[2] in ("HMAC",):
                return node
        stack.extend(reversed(children(node)))
    return None
