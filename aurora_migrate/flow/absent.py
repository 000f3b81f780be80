"""Answers that are only there on one side of a test: `if found:` leaves none where it fails.

What the program writes into them where they are is all that is ever found in them: the other side has
nothing to say of it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options, parts_of
from aurora_migrate.flow.cells import Cells, PartCells, Scope
from aurora_migrate.flow.heap import CellKey, Delta
from aurora_migrate.flow.outcomes import Outcome
from aurora_migrate.flow.values import Entries, Instance, Items, Part, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_Sides = tuple[list[Part], list[Part]]


def absent(run: Interpreter, test: cst.BaseExpression, scope: Scope) -> _Sides:
    """The answers, or parts of them, that are not there where a test holds, and where it fails."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        held, failed = absent(run, test.expression, scope)
        return failed, held
    if isinstance(test, cst.BooleanOperation):
        (left_held, left_failed), (held, failed) = (
            absent(run, side, scope) for side in (test.left, test.right)
        )
        if isinstance(test.operator, cst.And):
            return [*left_held, *held], []
        return [], [*left_failed, *failed]
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _compared(run, test.left, test.comparisons[0], scope)
    return [], _held(run, test, scope)


def _compared(
    run: Interpreter, left: cst.BaseExpression, target: cst.ComparisonTarget, scope: Scope
) -> _Sides:
    is_none = isinstance(target.comparator, cst.Name) and target.comparator.value == "None"
    if is_none and isinstance(target.operator, (cst.Is, cst.Equal)):
        return _held(run, left, scope), []
    if is_none and isinstance(target.operator, (cst.IsNot, cst.NotEqual)):
        return [], _held(run, left, scope)
    return [], []


def _held(run: Interpreter, node: cst.BaseExpression, scope: Scope) -> list[Part]:
    target = node.target if isinstance(node, cst.NamedExpr) else node
    value = run.heap.get(scope.cells, target.value) if isinstance(target, cst.Name) else None
    return list(parts_of(value)) if value is not None else []


def with_writes(outcomes: list[Outcome], others: Sequence[Outcome], gone: Sequence[Part]) -> list[Outcome]:
    """The outcomes of one side, with what those of the other side wrote into parts that are gone here."""
    if not gone or not others:
        return outcomes
    written = Delta(
        {
            place: (cells, key, value)
            for place, (cells, key, value) in others[0].delta.changes.items()
            if _is_within(cells, gone) and all(place in other.delta.changes for other in others)
        }
    )
    return [replace(outcome, delta=outcome.delta.after(written)) for outcome in outcomes]


def _is_within(cells: Cells, parts: Sequence[Part]) -> bool:
    if not isinstance(cells, PartCells) or cells.place is None:
        return False
    number, path = cells.place
    return any(part.origin.number == number and path[: len(part.path)] == part.path for part in parts)


def given_back(run: Interpreter, outcomes: list[Outcome], birth: int) -> list[Outcome]:
    """The ends of a function that began at `birth`, each with what others wrote into answers that it has not.

    It has not got a part of an answer that the others got inside of the function, if it neither returns nor
    keeps it, and has not looked it up.
    """
    if len(outcomes) < 2:
        return outcomes
    written = [dict(_written_anew(run, outcome.delta)) for outcome in outcomes]
    if not any(written):
        return outcomes
    found: list[Outcome] = []
    for outcome in outcomes:
        held = _numbers_held(outcome, birth)
        more = {
            place: change
            for others in written
            for place, (number, change) in others.items()
            if number not in held and not _has_got(run, outcome, change)
        }
        found.append(replace(outcome, delta=outcome.delta.after(Delta(more))) if more else outcome)
    return found


def _has_got(run: Interpreter, outcome: Outcome, change: _Change) -> bool:
    """Whether a path has looked up the part that another one wrote into, so that it leaves it as it was."""
    cells = change[0]
    place = cells.place if isinstance(cells, PartCells) else None
    return place in run.heap.got or (id(run.heap.got), place) in outcome.delta.changes


_Change = tuple[Cells, Hashable, Value | None]


def _written_anew(run: Interpreter, delta: Delta) -> Iterator[tuple[CellKey, tuple[int, _Change]]]:
    """What a path wrote into answers that it got itself, with their numbers."""
    for place, change in delta.changes.items():
        cells = change[0]
        if isinstance(cells, PartCells) and cells.place is not None:
            number = cells.place[0]
            if (id(run.sent), number) in delta.changes:
                yield place, (number, change)


def _numbers_held(outcome: Outcome, birth: int) -> set[int]:
    """The answers of which a function returns something, or keeps it beyond its own end."""
    kept = [
        value
        for cells, _, value in outcome.delta.changes.values()
        if cells.birth < birth and not isinstance(cells, PartCells)
    ]
    values = [value for value in (*kept, outcome.value) if value is not None]
    return {number for value in values for number in _numbers_in(value)}


def _numbers_in(value: Value) -> Iterator[int]:
    for option in options(value):
        if isinstance(option, Part):
            yield option.origin.number
        elif isinstance(option, Instance) and isinstance(body := option.cells.get("<body>"), Part):
            yield body.origin.number
        elif isinstance(option, Items):
            for each in option.values:
                yield from _numbers_in(each)
        elif isinstance(option, Entries):
            yield from (part.origin.number for part in option.rest)
            for entry in option.items:
                yield from _numbers_in(entry.value)
