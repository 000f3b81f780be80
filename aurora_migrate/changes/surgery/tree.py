"""What surgery asks of LibCST trees, and how it says that it cannot do something."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.flow.trees import children


class Refused(Exception):
    """A rewrite that cannot be made with certainty; the message says why, in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def smalls_of(scope: cst.CSTNode) -> Iterator[cst.BaseSmallStatement]:
    """The simple statements that run in a scope itself."""
    stack = list(children(scope))
    while stack:
        node = stack.pop()
        if isinstance(node, cst.BaseSmallStatement):
            yield node
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
            stack.extend(children(node))


def dotted(node: cst.CSTNode | None) -> str | None:
    """`a.b.c` for a chain of attributes on a name."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return ".".join([node.value, *reversed(parts)])
