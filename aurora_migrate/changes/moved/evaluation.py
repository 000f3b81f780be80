"""The order in which the entries of a display are evaluated: what does more than compute keeps its turn."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.moved.displays import Item
from aurora_migrate.changes.surgery.purity import Purity
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


def refuse_reordered(context: Context, module: Module, before: Sequence[Item], after: Sequence[Item]) -> None:
    """Refuse where entries would take turns: `{"a": next(values), "b": next(values)}`."""
    if any(isinstance(each, cst.NamedExpr) for item in before for each in walk(item.value)):
        raise Refused("its entries set variables as they are evaluated")
    purity = Purity({each.path: each.tree for each in context.modules})
    acting = [item for item in before if not purity.pure(item.value, module.path)]
    turns = [index for item in after for index, each in enumerate(acting) if each is item]
    if turns != sorted(turns):
        raise Refused("its entries would be evaluated in another order, and more than that may depend on it")
