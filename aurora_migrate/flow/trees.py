"""Walking LibCST trees without visitors: children, descendants and parents of nodes.

LibCST's own `node.children` runs a visitor for each node. This reads the fields, and is what everything uses
that looks through whole modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter
from typing import Any

import libcst as cst

_Fields = Callable[[cst.CSTNode], tuple[Any, ...]]

_IS_NODE: dict[type[object], bool] = {}
"""Whether objects of a type are nodes; LibCST's node is an abstract class, which makes asking slow."""
_GETTERS: dict[type[cst.CSTNode], _Fields] = {}
"""What gives all fields of a node at once, by the node's type."""


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The direct children of a node, in the order of its fields."""
    found: list[cst.CSTNode] = []
    kind = type(node)
    for value in (_GETTERS.get(kind) or _getter(kind))(node):
        held = type(value)
        if held is tuple or held is list:
            found += [item for item in value if _is_node(type(item))]
        elif _is_node(held):
            found.append(value)
    return found


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and everything under it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack += children(current)


@lru_cache(maxsize=1024)
def everything_in(tree: cst.Module) -> tuple[cst.CSTNode, ...]:
    """All nodes of a module, for those who look for something in it time and again."""
    return tuple(walk(tree))


def parents_of(tree: cst.CSTNode) -> dict[int, cst.CSTNode]:
    """The parent of each node under `tree`, by the node's identity."""
    return {id(child): node for node in walk(tree) for child in children(node)}


def _is_node(kind: type[object]) -> bool:
    known = _IS_NODE.get(kind)
    if known is None:
        known = _IS_NODE[kind] = issubclass(kind, cst.CSTNode)
    return known


def _getter(kind: type[cst.CSTNode]) -> _Fields:
    names = [field.name for field in fields(kind)]
    # Of fewer than two names attrgetter makes no tuple; a class is no node.
    found: _Fields = attrgetter(*names, *["__class__"] * max(0, 2 - len(names)))
    _GETTERS[kind] = found
    return found
