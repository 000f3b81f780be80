"""What a test says about a variable in the branches behind it: `if value is None: raise` leaves no None."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.conditions import truth_of_test
from aurora_migrate.flow.values import Const, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def narrow(run: Interpreter, test: cst.BaseExpression, outcome: bool, scope: Scope) -> None:
    """Take from the function's own variables what they cannot be where `test` had this outcome."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        narrow(run, test.expression, not outcome, scope)
    elif isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And) is outcome:
        narrow(run, test.left, outcome, scope)
        narrow(run, test.right, outcome, scope)
    elif isinstance(test, cst.Name):
        _keep(run, test, scope, [option for option in _held(run, test, scope) if _may_be(option, outcome)])
    elif isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        _compared(run, test.left, test.comparisons[0], outcome, scope)


def _compared(
    run: Interpreter, left: cst.BaseExpression, target: cst.ComparisonTarget, outcome: bool, scope: Scope
) -> None:
    """`name is None` and `name is not None`."""
    same = isinstance(target.operator, (cst.Is, cst.Equal))
    if not isinstance(left, cst.Name) or not (same or isinstance(target.operator, (cst.IsNot, cst.NotEqual))):
        return
    if isinstance(target.comparator, cst.Name) and target.comparator.value == "None" and same is not outcome:
        kept = [option for option in _held(run, left, scope) if not _is_none(option)]
        _keep(run, left, scope, kept)


def _held(run: Interpreter, name: cst.Name, scope: Scope) -> tuple[Value, ...]:
    own = scope.parent is not None and name.value in scope.cells
    value = run.heap.get(scope.cells, name.value) if own else None
    return options(value) if value is not None else ()


def _keep(run: Interpreter, name: cst.Name, scope: Scope, kept: list[Value]) -> None:
    if kept and len(kept) < len(_held(run, name, scope)):
        run.heap.set(scope.cells, name.value, choose(kept))


def _may_be(option: Value, outcome: bool) -> bool:
    return truth_of_test(option) is not (not outcome)


def _is_none(option: Value) -> bool:
    return isinstance(option, Const) and option.value is None
