"""Dict displays and `dict(...)` calls that are split: each new one keeps the layout of the old one."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.surgery import brackets
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module

Display = cst.Dict | cst.Call
Item = cst.DictElement | cst.Arg


def display_of(node: cst.BaseExpression | None) -> Display | None:
    """The expression, if it is a mapping written out: `{...}`, `dict(...)` or `Class(key=...)`."""
    if isinstance(node, cst.Dict):
        return node if all(isinstance(each, cst.DictElement) for each in node.elements) else None
    if isinstance(node, cst.Call) and isinstance(node.func, (cst.Name, cst.Attribute)):
        return node if all(arg.keyword is not None for arg in node.args) else None
    return None


def items_of(display: Display) -> list[Item]:
    """The entries of a display."""
    return [item for item in brackets.read(display).items if isinstance(item, (cst.DictElement, cst.Arg))]


def taken(plan: Plan, module: Module, display: Display, items: Sequence[Item]) -> Display:
    """A new display of some of a display's entries, which the plan takes out of the old one."""
    row = brackets.read(display)
    wanted = {id(item) for item in items}
    last = len(row.items) - 1
    places = [index for index, item in enumerate(row.items) if id(item) not in wanted]
    ends = bool(places) and places[-1] == last
    lifted = {index: plan.lifted(module, item) for index, item in enumerate(row.items) if id(item) in wanted}
    for index, item in lifted.items():
        assert isinstance(item, (cst.DictElement, cst.Arg))
        row.items[index] = item
    for index in reversed(places):
        row.remove(index)
    if ends and isinstance(row.gaps[-1], cst.ParenthesizedWhitespace):
        # Comments below the last entry stay with it.
        row.gaps[-1] = row.gaps[-1].with_changes(empty_lines=[])
    made = brackets.write(display, row)
    if isinstance(made, cst.Call):
        return made.with_changes(func=cst.Name("dict"))
    if not isinstance(made, cst.Dict):
        raise Refused("the object is not written out in one place")
    return made
