"""What a test says about a variable in the branches behind it: `if value is None: raise` leaves no None."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, statuses, text
from aurora_migrate.flow.alternatives import choose, is_stranger, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.conditions import truth_of_test
from aurora_migrate.flow.values import Const, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


MAX_CHOSEN = 6
"""Of more choices nothing is said; each of them would be followed by itself."""


def narrow(run: Interpreter, test: cst.BaseExpression, outcome: bool, scope: Scope) -> None:
    """Take from the function's own variables what they cannot be where `test` had this outcome."""
    statuses.note_tested(run, test, outcome, scope)
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
    """`name is None`, `name in NAMES` and their contraries."""
    same = isinstance(target.operator, (cst.Is, cst.Equal, cst.In))
    told = same or isinstance(target.operator, (cst.IsNot, cst.NotEqual, cst.NotIn))
    if not isinstance(left, cst.Name) or not told:
        return
    if isinstance(target.operator, (cst.In, cst.NotIn)):
        texts = chosen(run, run.evaluate(target.comparator, scope)) if same is outcome else []
        _choose_from(run, left, texts, scope)
        return
    if isinstance(target.comparator, cst.Name) and target.comparator.value == "None" and same is not outcome:
        kept = [option for option in _held(run, left, scope) if not _is_none(option)]
        _keep(run, left, scope, kept)


def _choose_from(run: Interpreter, name: cst.Name, texts: list[Value], scope: Scope) -> None:
    """Put the texts that a value is one of in the place of what is not known of it."""
    held = _held(run, name, scope)
    if texts and any(is_stranger(option) for option in held):
        known = [option for option in held if not is_stranger(option)]
        run.heap.set(scope.cells, name.value, choose([*known, *texts]))


def chosen(run: Interpreter, choices: Value | None) -> list[Value]:
    """The texts that a value can be, as the program lists them; none where they are not all known."""
    if choices is None:
        return []
    elements, complete = containers.iterate(run, choices)
    literals = [each.literal if isinstance(each, Text) else None for each in elements]
    known = complete and 0 < len(literals) <= MAX_CHOSEN and None not in literals
    return [text.plain(literal) for literal in literals if literal is not None] if known else []


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
