"""Walking LibCST trees without visitors: children, descendants and parents of nodes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache

import libcst as cst


class Refused(Exception):
    """A rewrite that cannot be made with certainty; the message says why, in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The direct children of a node, in the order of its fields."""
    for name in _field_names(type(node)):
        value = getattr(node, name)
        kind = type(value)
        if kind is list or kind is tuple:
            for item in value:
                if _is_node(type(item)):
                    yield item
        elif _is_node(kind):
            yield value


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and everything under it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(children(current))


def smalls_of(scope: cst.CSTNode) -> Iterator[cst.BaseSmallStatement]:
    """The simple statements that run in a scope itself."""
    stack = list(children(scope))
    while stack:
        node = stack.pop()
        if isinstance(node, cst.BaseSmallStatement):
            yield node
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
            stack.extend(children(node))


def parents_of(tree: cst.CSTNode) -> dict[int, cst.CSTNode]:
    """The parent of each node under `tree`, by the node's identity."""
    found: dict[int, cst.CSTNode] = {}
    for node in walk(tree):
        for child in children(node):
            found[id(child)] = node
    return found


def dotted(node: cst.CSTNode | None) -> str | None:
    """`a.b.c` for a chain of attributes on a name."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return ".".join([node.value, *reversed(parts)])


_NODES: dict[type[object], bool] = {}


def _is_node(kind: type[object]) -> bool:
    """Whether objects of a type are nodes; LibCST's node is an abstract class, which makes asking slow."""
    known = _NODES.get(kind)
    if known is None:
        known = _NODES[kind] = issubclass(kind, cst.CSTNode)
    return known


@cache
def _field_names(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
