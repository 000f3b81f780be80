"""Programs that retrieve items of a list themselves: whether the items that they read are those already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Marker, Origin
from aurora_migrate.flow.values import Part

_LOOKING = frozenset({"get"})
_GOING_THROUGH = frozenset({"enumerate", "iter", "len", "list", "next", "reversed", "sorted"})


def refuse_retrieved(
    context: Context, endpoint: Endpoint, wrapper: str, origin: Origin, readers: Sequence[cst.CSTNode]
) -> None:
    """Raise Refused where the program itself retrieves items of a list and may put them in its place.

    `readers` are what reads the fields that the list no longer has. A retrieval whose answer stays by itself
    (the one item that is selected, say) hinders nothing.
    """
    for request in _own(context, endpoint, origin):
        if _is_read_by(context, request, readers) or _is_mixed(context, request, wrapper, origin, readers):
            line = request.module.location(request.node).start.line
            raise Refused(f"the program retrieves items of the list itself, in line {line}")


def _own(context: Context, endpoint: Endpoint, origin: Origin) -> Iterator[Request]:
    """The requests for one item of the list, by the id that the item has there."""
    for request in context.facts.requests.values():
        tie = context.ties.of(request)
        if tie is None or all(each.id != endpoint.id for each in tie.endpoints):
            continue
        holes = [piece.hole for piece in request.url.pieces if piece.hole is not None]
        values = (option for hole in holes for option in options(hole))
        if any(isinstance(value, Part) and value.origin.number == origin.number for value in values):
            yield request


def _is_read_by(context: Context, request: Request, readers: Sequence[cst.CSTNode]) -> bool:
    """Whether what reads the list's items reads the retrieved one, too."""
    nodes = {id(node) for node in readers}
    return any(
        id(read.node) in nodes and any(each.key == request.key for each in read.part.origin.requests)
        for read in context.facts.reads.values()
    )


def _is_mixed(
    context: Context, request: Request, wrapper: str, origin: Origin, readers: Sequence[cst.CSTNode]
) -> bool:
    """Whether the code that asks for an item also reads such fields, or does more than look into items."""
    asking = [(request.module, request.node), *((module, call) for module, call in request.callers if call)]
    around = {id(function_of(module, node)) for module, node in asking}
    known = {id(node) for node in readers}
    for path in ((wrapper,), (wrapper, Marker.ITEM)):
        for module, node in context.facts.part_nodes.get((origin.number, path), {}).values():
            if id(function_of(module, node)) not in around:
                continue
            if not _is_looked_into(module, node) or _looks(module, node) & known:
                return True
    return False


def _looks(module: Module, node: cst.CSTNode) -> set[int]:
    """What may look into an expression: the subscript, or the call of its method."""
    parent = module.parents.get(id(node))
    return {id(parent), id(module.parents.get(id(parent)))}


def _is_looked_into(module: Module, node: cst.CSTNode) -> bool:
    """Whether an expression is only gone through, named, or looked into."""
    parent = module.parents.get(id(node))
    if isinstance(parent, (cst.For, cst.CompFor)):
        return True
    if isinstance(parent, cst.Subscript):
        holder = module.parents.get(id(parent))
        return not isinstance(holder, (cst.AssignTarget, cst.AugAssign, cst.Del))
    if isinstance(parent, cst.Attribute) and parent.value is node:
        return parent.attr.value in _LOOKING
    if isinstance(parent, cst.Arg):
        call = module.parents.get(id(parent))
        return isinstance(call, cst.Call) and dotted(call.func) in _GOING_THROUGH
    return isinstance(parent, (cst.Assign, cst.AssignTarget, cst.Return, cst.Call, cst.Await, cst.Expr))
