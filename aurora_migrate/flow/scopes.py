"""Which names belong to a function, and what its signature and body look like, worked out once a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.trees import children, everything_in

if TYPE_CHECKING:
    from aurora_migrate.flow.modules import Module


@dataclass(frozen=True, slots=True)
class Names:
    """The names that a function or class body binds, and those that it takes from outside by declaration."""

    local: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    is_generator: bool


def takes_values(module: Module, node: cst.FunctionDef | cst.Lambda) -> bool:
    """Whether a generator uses what is sent into it (`value = yield`)."""
    return any(
        isinstance(inner, cst.Yield) and not isinstance(module.parents.get(id(inner)), cst.Expr)
        for inner in _own_nodes(node.body)
    )


@lru_cache(maxsize=1 << 16)
def names_of(node: cst.FunctionDef | cst.Lambda) -> Names:
    """The names of a function's own scope, nested functions and classes left out."""
    bound: set[str] = {param.name.value for param in parameters(node.params)}
    outer: set[str] = set()
    enclosing: set[str] = set()
    generator = False
    for inner in _own_nodes(node.body):
        if isinstance(inner, cst.Global):
            outer.update(item.name.value for item in inner.names)
        elif isinstance(inner, cst.Nonlocal):
            enclosing.update(item.name.value for item in inner.names)
        elif isinstance(inner, cst.Yield):
            generator = True
        else:
            bound.update(_bound_by(inner))
    return Names(frozenset(bound - outer - enclosing), frozenset(outer), frozenset(enclosing), generator)


def globals_of(tree: cst.Module) -> frozenset[str]:
    """The variables of a module that its functions declare as `global`."""
    declared = (node for node in everything_in(tree) if type(node) is cst.Global)
    return frozenset(item.name.value for node in declared for item in node.names)


def parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    """All parameters in the order of the signature, `*args` and `**kwargs` included."""
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg is not None:
        yield params.star_kwarg


def _own_nodes(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack: list[cst.CSTNode] = [body]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)) and node is not body:
            continue
        stack.extend(children(node))


def _bound_by(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For)):
        yield from target_names(node.target)
    elif isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        yield node.name.value
    elif isinstance(node, cst.AsName):
        yield from target_names(node.name)
    elif isinstance(node, cst.MatchMapping):
        if node.rest is not None:
            yield node.rest.value
    elif isinstance(node, (cst.MatchAs, cst.MatchStar)):
        if node.name is not None:
            yield node.name.value
    elif isinstance(node, (cst.Import, cst.ImportFrom)) and not isinstance(node.names, cst.ImportStar):
        for alias in node.names:
            if alias.asname is None:
                yield first_name(alias.name)


def target_names(target: cst.CSTNode) -> Iterator[str]:
    """The plain names in an assignment's target."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from target_names(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from target_names(target.value)


def first_name(node: cst.CSTNode) -> str:
    """`a` of `a.b.c`."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def dotted_name(node: cst.CSTNode | None) -> str:
    """`a.b.c` of the node that spells it, empty when it is something else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        left = dotted_name(node.value)
        return f"{left}.{node.attr.value}" if left else ""
    return ""
