"""What stands around a node: the nodes above it, the nearest of a kind, the function that it is in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import libcst as cst

from aurora_migrate.flow.modules import Module

Node = TypeVar("Node", bound=cst.CSTNode)


def ancestors(module: Module, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes around a node, the nearest first."""
    current = module.parents.get(id(node))
    while current is not None:
        yield current
        current = module.parents.get(id(current))


def enclosing(module: Module, node: cst.CSTNode, *kinds: type[Node]) -> Node | None:
    """The nearest node of these kinds around a node."""
    return next((each for each in ancestors(module, node) if isinstance(each, kinds)), None)


def function_of(module: Module, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
    """The function that a node runs in, None for a module or class body."""
    found = (each for each in ancestors(module, node) if isinstance(each, (cst.FunctionDef, cst.Lambda)))
    return next(found, None)


def definition_at(module: Module, node: cst.CSTNode) -> cst.FunctionDef | None:
    """The `def` that a node is itself or stands in."""
    return node if isinstance(node, cst.FunctionDef) else enclosing(module, node, cst.FunctionDef)


def last_name(node: cst.CSTNode | None) -> str:
    """The last part of a dotted name: `c` of `a.b.c` and of `a().c`."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""
