"""Tests that something is not so: what must not come back stays as it is written."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name

_DENYING = (
    "assertNotIn",
    "assertNotEqual",
    "assertNotEquals",
    "assertFalse",
    "assertIsNone",
    "assert_not_called",
)


def is_denied(module: Module, node: cst.CSTNode) -> bool:
    """Whether a comparison or a look is for the case that it fails: `not in`, `!=`, `not`, `is None`, ...."""
    if isinstance(node, cst.Comparison) and any(
        isinstance(target.operator, (cst.NotIn, cst.NotEqual)) for target in node.comparisons
    ):
        return not _chooses(module, node)
    if isinstance(node, cst.Call) and dotted_name(node.func).endswith(_DENYING):
        return True
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Comparison) and parent.left is node:
        return _is_none(parent)
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
    return isinstance(call, cst.Call) and dotted_name(call.func).endswith(_DENYING)


def _chooses(module: Module, node: cst.CSTNode) -> bool:
    """Whether a comparison says which way a double goes: `if request.url.path != "...": ...`."""
    above = module.parents.get(id(node))
    while isinstance(above, (cst.BooleanOperation, cst.UnaryOperation)):
        above = module.parents.get(id(above))
    return isinstance(above, (cst.If, cst.While, cst.IfExp))


def _is_none(comparison: cst.Comparison) -> bool:
    target = comparison.comparisons[0]
    named = target.comparator
    return isinstance(target.operator, cst.Is) and isinstance(named, cst.Name) and named.value == "None"
