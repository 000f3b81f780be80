"""Names that are looked for inside of keys."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.fields.names import constant_name
from aurora_migrate.flow.reads import Read


def is_sought(read: Read) -> bool:
    """Whether a name is looked for inside the keys (`key.startswith(...)`, `... in key`), not among them."""
    if not isinstance(read.node, cst.Comparison):
        return isinstance(read.node, cst.Call)
    target = read.node.comparisons[0]
    return isinstance(target.operator, (cst.In, cst.NotIn)) and _spells(read, read.node.left)


def _spells(read: Read, node: cst.BaseExpression) -> bool:
    """Whether an expression is the literal that spells the key, or the name of a constant for it."""
    piece = read.piece
    if piece is None or piece.node is None or piece.module is None:
        return False
    target = constant_name(piece.module.parents.get(id(piece.node)), piece.node)
    named = node.attr if isinstance(node, cst.Attribute) else node
    return node is piece.node or (
        target is not None and isinstance(named, cst.Name) and named.value == target.value
    )
