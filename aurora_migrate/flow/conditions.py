"""Tests of `if` and conditional expressions: whether they are decided, and whether they ask for a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.values import (
    Builtin,
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Piece,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def truth_of_test(value: Value) -> bool | None:
    """True or False where every alternative agrees, else None."""
    found = {_truth(option) for option in options(value)}
    return found.pop() if len(found) == 1 else None


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


def guard_of(run: Interpreter, test: cst.BaseExpression, scope: Scope) -> Guard | None:
    """The guard that a test is when it compares something with the name of an API version."""
    if not run.versions:
        return None
    deciders: list[Piece] = []
    found = False
    for comparison in _comparisons(test):
        sides = [comparison.left, *(target.comparator for target in comparison.comparisons)]
        named = [side for side in sides if _names_version(run, side, scope)]
        if not named:
            continue
        found = True
        for side in sides:
            if not isinstance(side, cst.SimpleString):
                deciders.extend(
                    option.pieces[0]
                    for option in iterate_texts(run.evaluate(side, scope))
                    if option.literal in run.versions and option.pieces[0].node is not None
                )
    return Guard(scope.module, test, tuple(deciders)) if found else None


def _names_version(run: Interpreter, side: cst.BaseExpression, scope: Scope) -> bool:
    if isinstance(side, (cst.Tuple, cst.List, cst.Set)):
        return any(_names_version(run, element.value, scope) for element in side.elements)
    return any(option.literal in run.versions for option in iterate_texts(run.evaluate(side, scope)))


def _comparisons(test: cst.BaseExpression) -> list[cst.Comparison]:
    if isinstance(test, cst.Comparison):
        return [test]
    if isinstance(test, cst.BooleanOperation):
        return [*_comparisons(test.left), *_comparisons(test.right)]
    if isinstance(test, cst.UnaryOperation):
        return _comparisons(test.expression)
    return []
