"""Stores into an object that no seen request has passed through, and looks at it as it stands in a body."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.moved.expected import is_held_against
from aurora_migrate.changes.moved.sites import Site
from aurora_migrate.changes.surgery.purity import is_message
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.around import ancestors, function_of
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

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


def refuse_looked_at(context: Context, site: Site, sources: Container[str]) -> None:
    """Raise Refused when the program takes the object out of a body: some of it will not be in there.

    That goes for copies of the body, and for bodies that a function gives back. A message may lack what has
    moved, unless it looks for that by its key. What has the `sources` for its names stays whole.
    """
    taken_out = set(context.facts.looks.get(site.entry.place, {}))
    for entry in site.contents.values():
        own = {id(use.operand) for use in entry.uses}
        stays = site.table.target(entry) == site.table.old and not site.table.renamed(entry)
        for look in context.facts.looks.get(entry.place, {}).values():
            if stays and id(looked_into(look.node)) in taken_out:
                continue
            if id(look.node) not in own and not _is_one_of(look.node, sources):
                line = look.module.location(look.node).start.line
                raise Refused(f"the program also looks for `{entry.name}` at {look.module.path.name}:{line}")
    stores = {id(use.operand) for use in site.entry.uses}
    for look in context.facts.looks.get(site.entry.place, {}).values():
        seen = id(look.node) in stores or _is_shown(look.module, look.node)
        seen = seen or is_looked_into(look.module, look.node)
        if not seen and not is_held_against(look.module, look.node):
            line = look.module.location(look.node).start.line
            raise Refused(f"the program also looks at it at {look.module.path.name}:{line}, in the body")


def _is_one_of(look: cst.CSTNode, names: Container[str]) -> bool:
    node = looked_into(look)
    return node is not None and (dotted(node) or "?") in names


def looked_into(node: cst.CSTNode) -> cst.BaseExpression | None:
    """The expression of the mapping that is looked into, where it is written out."""
    if isinstance(node, cst.Subscript):
        return node.value
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.value
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        return node.comparisons[0].comparator
    return None


def is_looked_into(module: Module, node: cst.CSTNode) -> bool:
    """Whether an expression is only asked for one field by its name: such a look is known by that."""
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Subscript) and parent.value is node and len(parent.slice) == 1:
        part = parent.slice[0].slice
        read = not isinstance(module.parents.get(id(parent)), (cst.AssignTarget, cst.AugAssign, cst.Del))
        return read and isinstance(part, cst.Index) and isinstance(part.value, cst.SimpleString)
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Attribute) else None
    if isinstance(call, cst.Call) and isinstance(parent, cst.Attribute) and parent.attr.value == "get":
        return bool(call.args) and isinstance(call.args[0].value, cst.SimpleString)
    return False


def _is_shown(module: Module, node: cst.CSTNode) -> bool:
    """Whether the whole of an expression goes into a message."""
    for each in ancestors(module, node):
        if isinstance(each, cst.Call):
            return is_message(each)
        if not isinstance(each, (cst.Arg, cst.FormattedStringExpression, cst.FormattedString)):
            return False
    return False


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
