"""Stores into a mapping that no seen request has passed through: what they put there would be missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.moved_sites import function_of
from aurora_migrate.changes.surgery.tree import Refused, dotted, walk
from aurora_migrate.flow.modules import Module

_STORING = frozenset({"update", "setdefault"})


def refuse_unseen(
    context: Context, known: Iterable[tuple[Module, cst.BaseExpression]], ours: set[int]
) -> None:
    """Raise Refused when a name that stands for the mapping is stored into where nothing was seen to be.

    `known` are expressions that are the mapping, `ours` the receivers of the stores that were seen.
    """
    done: set[tuple[int, str]] = set()
    for module, node in known:
        name = dotted(node)
        if name is None:
            continue
        last = name.rpartition(".")[2]
        function = function_of(module, node)
        if "." not in name and function is not None and _is_local(function, name):
            places: list[tuple[Module, cst.CSTNode]] = [(module, function)]
        else:
            places = [(each, each.tree) for each in context.modules if last in each.text]
        for place, scope in places:
            if (id(scope), last) in done:
                continue
            done.add((id(scope), last))
            for store in _stores(place, scope, last):
                if id(store) not in ours:
                    line = place.location(store).start.line
                    raise Refused(f"what {place.path.name}:{line} puts into it was not followed to the body")


def _is_local(function: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    if any(isinstance(node, cst.Param) and node.name.value == name for node in walk(function)):
        return True
    bound = (
        node.target
        for node in walk(function)
        if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.For, cst.NamedExpr))
    )
    return any(isinstance(each, cst.Name) and each.value == name for target in bound for each in walk(target))


def _stores(module: Module, scope: cst.CSTNode, last: str) -> Iterator[cst.BaseExpression]:
    """The expressions of that last name that something is stored into."""
    for node in walk(scope):
        if isinstance(node, cst.Attribute) and node.attr.value == last:
            named: cst.BaseExpression = node
        elif isinstance(node, cst.Name) and node.value == last:
            named = node
        else:
            continue
        if _is_stored_into(module, named):
            yield named


def _is_stored_into(module: Module, node: cst.BaseExpression) -> bool:
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Subscript) and parent.value is node:
        inner: cst.CSTNode = parent
        holder = module.parents.get(id(inner))
        while isinstance(holder, (cst.Element, cst.Tuple, cst.List)):
            inner, holder = holder, module.parents.get(id(holder))
        is_target = isinstance(holder, (cst.AugAssign, cst.For, cst.CompFor)) and holder.target is inner
        return is_target or isinstance(holder, cst.AssignTarget)
    if isinstance(parent, cst.Attribute) and parent.value is node and parent.attr.value in _STORING:
        return isinstance(module.parents.get(id(parent)), cst.Call)
    return isinstance(parent, cst.AugAssign) and parent.target is node
