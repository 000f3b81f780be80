"""Kind header-value: a header that only one value is allowed in is sent with another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Piece, Text


@dataclass(slots=True)
class _Wrong:
    """A value that some request to Aurora sends, and where it stands."""

    module: Module
    node: cst.CSTNode
    value: Text
    request: Request


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every other value of the header on a call of Aurora's.

    A call that serves other hosts, too, with a value that differs from host to host, proves nothing.
    """
    mixed = {
        id(request.node)
        for request in context.facts.requests.values()
        if context.targets.certainty(request) is not Certainty.PROVEN
    }
    wrong: dict[int, _Wrong] = {}
    elsewhere: set[int] = set()
    for request in context.facts.requests.values():
        ours = context.targets.certainty(request) is Certainty.PROVEN
        for _, entry in request.headers_named(rule.parameters.text("header")):
            if len(options(entry.value)) > 1 and id(request.node) in mixed:
                continue
            for value in iterate_texts(entry.value):
                if not _is_other(value, rule.parameters.text("value")):
                    continue
                module, node = _place(request, value, entry.uses)
                if ours:
                    wrong.setdefault(id(node), _Wrong(module, node, value, request))
                else:
                    elsewhere.add(id(node))
    for key, found in wrong.items():
        yield _finding(context, rule, found, key in elsewhere)


def _is_other(value: Text, right: str) -> bool:
    """Whether a value is known well enough to tell that it is another one."""
    literal = value.literal
    return literal is not None and literal != right


def _place(request: Request, value: Text, uses: tuple[Use, ...]) -> tuple[Module, cst.CSTNode]:
    piece: Piece | None = value.pieces[0] if len(value.pieces) == 1 else None
    if piece is not None and piece.module is not None and piece.node is not None:
        return piece.module, piece.node
    return (uses[-1].module, uses[-1].operand) if uses else (request.module, request.node)


def _finding(context: Context, rule: Rule, found: _Wrong, shared: bool) -> Finding:
    module, node = found.module, found.node
    location, subject = module.location(node), source_of(module, node)
    trace = trace_of(found.request, node)
    try:
        if shared:
            raise Refused("another host gets the same value")
        plan = Plan(clean=False)
        _replace(plan, context, rule, found)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), trace, subject)
    how = f"`{found.value.literal}`"
    return fixable(rule, location, Certainty.PROVEN, edits, trace, subject, how=how)


def _replace(plan: Plan, context: Context, rule: Rule, found: _Wrong) -> None:
    piece = found.value.pieces[0] if found.value.pieces else None
    if piece is None or piece.node is not found.node or not isinstance(found.node, cst.SimpleString):
        raise Refused("the value is put together from several parts")
    parent = found.module.parents.get(id(found.node))
    if isinstance(parent, (cst.Assign, cst.AnnAssign)) and not _is_item(parent):
        _refuse_other_uses(context, parent)
    elif not isinstance(parent, (cst.DictElement, cst.Arg, cst.Assign)):
        raise Refused("the value is chosen where other code reads it, too")
    text = piece.text or ""
    plan.cut(found.module, found.node, piece.start, piece.start + len(text), rule.parameters.text("value"))


def _is_item(assign: cst.Assign | cst.AnnAssign) -> bool:
    """`headers["..."] = value`"""
    targets = [each.target for each in assign.targets] if isinstance(assign, cst.Assign) else [assign.target]
    return len(targets) == 1 and isinstance(targets[0], cst.Subscript)


def _refuse_other_uses(context: Context, assign: cst.Assign | cst.AnnAssign) -> None:
    """A constant may serve the header alone: named where it is set, and once more."""
    targets = [each.target for each in assign.targets] if isinstance(assign, cst.Assign) else [assign.target]
    name = targets[0].value if len(targets) == 1 and isinstance(targets[0], cst.Name) else None
    if name is None:
        raise Refused("the value is kept where other code may read it, too")
    mentions = sum(
        isinstance(node, cst.Name) and node.value == name
        for module in context.modules
        for node in walk(module.tree)
    )
    if mentions != 2:
        raise Refused(f"`{name}` is read at other places, too")
