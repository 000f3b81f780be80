"""Displays that add one header to others: how they are written, and what they are without it."""

from __future__ import annotations

from collections.abc import Container

import libcst as cst

from aurora_migrate.changes.surgery.marks import INNER

_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)


def merged(node: cst.BaseExpression, entry: str, optional: bool, last: bool = True) -> str:
    """The template of a dict of what `node` gives and one entry more, with `INNER` in the place of `node`.

    `optional`: the node may also give None. `last`: the entry wins over one of the same name in the headers.
    """
    given = INNER if isinstance(node, _ATOMS) else f"({INNER})"
    spread = f"**({given} or {{}})" if optional else f"**{given}"
    return f"{{{spread}, {entry}}}" if last or not optional else f"{{{entry}, {spread}}}"


def without(display: cst.Dict, doomed: Container[int]) -> cst.BaseExpression | None:
    """What a display stands for once the `doomed` elements have gone: the one mapping left in it.

    None when something else is left, or nothing. The counterpart of `merged`: bytes come back as they were.
    """
    kept = [element for element in display.elements if id(element) not in doomed]
    if len(kept) != 1 or not isinstance(kept[0], cst.StarredDictElement):
        return None
    spread = kept[0].value
    # `merged` puts an optional mapping last, so that one that was written with `or {}` is told apart.
    if kept[0] is display.elements[-1] and is_optional(spread):
        assert isinstance(spread, cst.BooleanOperation)
        return _bare(spread.left)
    return _bare(spread)


def is_optional(node: cst.BaseExpression) -> bool:
    """`given or {}`"""
    return (
        isinstance(node, cst.BooleanOperation)
        and isinstance(node.operator, cst.Or)
        and isinstance(node.right, cst.Dict)
        and not node.right.elements
    )


def _bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """The expression without the parentheses that `merged` puts around it."""
    if isinstance(node, _ATOMS) or not node.lpar:
        return node
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])
