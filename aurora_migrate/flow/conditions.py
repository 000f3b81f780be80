"""Tests of `if` and conditional expressions: whether they are decided, and whether they ask for a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.values import (
    Builtin,
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    Text,
    Value,
)
from aurora_migrate.flow.versions import guards_in

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def truth_of_test(value: Value) -> bool | None:
    """True or False where every alternative agrees, else None."""
    found = {_truth(option) for option in options(value)}
    return found.pop() if len(found) == 1 else None


def outcome_of(run: Interpreter, test: cst.BaseExpression, value: Value) -> bool | None:
    """How a test turns out, where that is certain.

    Where an attribute is empty, zero or false in the objects at hand, the branch is for other ones.
    """
    if isinstance(value, Mapping) and isinstance(value.node, cst.Param):
        held = run.entries(value)  # a call's `**keywords`: nobody else can have put anything there
        return None if held.items or held.open or held.rest else False
    known = truth_of_test(value)
    spares = isinstance(test, cst.Attribute) and known is False
    return None if spares and any(_is_set(option) for option in options(value)) else known


def _is_set(option: Value) -> bool:
    return not isinstance(option, Const) or option.value is not None


def _truth(value: Value) -> bool | None:
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Text):
        if any(piece.text for piece in value.pieces):
            return True
        return False if not value.pieces or value.literal == "" else None
    if isinstance(value, (Function, ClassValue, Builtin)):
        return True
    if isinstance(value, Instance) and not isinstance(value.kind, str):
        return True
    if isinstance(value, External):
        return None
    return None


def guard_of(run: Interpreter, test: cst.BaseExpression, value: Value, scope: Scope) -> Guard | None:
    """The guard that a test is when its value comes of a comparison with the name of an API version."""
    if not run.versions:
        return None
    found = list(guards_in(value))
    for comparison in _comparisons(test):
        if all(guard.test is not comparison for guard in found):
            found.extend(guards_in(run.evaluate(comparison, scope)))
    deciders = [piece for guard in found for piece in guard.deciders]
    return Guard(scope.module, test, deciders) if found else None


def _comparisons(test: cst.BaseExpression) -> list[cst.Comparison]:
    if isinstance(test, cst.Comparison):
        return [test]
    if isinstance(test, cst.BooleanOperation):
        return [*_comparisons(test.left), *_comparisons(test.right)]
    if isinstance(test, cst.UnaryOperation):
        return _comparisons(test.expression)
    return []


def returns(body: cst.BaseSuite) -> bool:
    """Whether a body ends by returning."""
    last = body.body[-1] if body.body else None
    if isinstance(body, cst.IndentedBlock) and isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1] if last.body else None
    return isinstance(last, cst.Return)
