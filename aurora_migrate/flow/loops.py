"""Loops: a `for` over known elements goes through each of them, every other loop through its body twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import targets
from aurora_migrate.flow.alternatives import choose
from aurora_migrate.flow.containers import iterate
from aurora_migrate.flow.heap import Delta
from aurora_migrate.flow.outcomes import MAX_WIDTH, End, Outcome, Outcomes
from aurora_migrate.flow.values import UNKNOWN, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.statements import Runner


def for_loop(runner: Runner, node: cst.For) -> Outcomes:
    iterable = runner.run.evaluate(node.iter, runner.scope)
    elements, complete = iterate(runner.run, iterable)
    returned: list[Outcome] = []
    start = runner.heap.mark()
    if complete and len(elements) <= 12:
        for element in elements:
            _once(runner, node, element, returned, start)
    else:
        element = choose(elements) if elements else UNKNOWN
        _rounds(runner.run, lambda: _once(runner, node, element, returned, start))
    return _after_loop(runner, node.orelse, returned, start)


def while_loop(runner: Runner, node: cst.While) -> Outcomes:
    returned: list[Outcome] = []
    start = runner.heap.mark()
    runner.run.evaluate(node.test, runner.scope)
    _rounds(runner.run, lambda: _once(runner, node, None, returned, start))
    return _after_loop(runner, node.orelse, returned, start)


def _once(
    runner: Runner, node: cst.For | cst.While, element: Value | None, returned: list[Outcome], start: int
) -> None:
    if isinstance(node, cst.For) and element is not None:
        targets.store(runner.run, node.target, element, runner.scope, None)
    outcomes = runner.block(node.body.body)
    if outcomes is None:
        return
    earlier = runner.heap.delta(start)
    returned.extend(o.after(earlier) for o in outcomes if o.end is End.RETURN)
    going_on = [o.delta for o in outcomes if o.end not in (End.RETURN, End.RAISE)]
    if going_on:
        runner.heap.join(going_on)


def _rounds(run: Interpreter, body: Callable[[], None]) -> None:
    """Go through a loop's body as often as it may matter: twice, where nested loops leave room for it."""
    rounds = 2 if run.width * 2 <= MAX_WIDTH else 1
    run.width *= rounds
    for _ in range(rounds):
        mark = run.heap.mark()
        body()
        gone_through = run.heap.delta(mark)
        run.heap.undo(mark)
        run.heap.join_rounds(gone_through)
    run.width //= rounds


def _after_loop(runner: Runner, orelse: cst.Else | None, returned: list[Outcome], start: int) -> Outcomes:
    if orelse is not None:
        otherwise = runner.path(lambda: runner.block(orelse.body.body))
        runner.heap.join([Delta(), *(outcome.delta for outcome in otherwise)])
    if not returned:
        return None
    normal = Outcome(End.NORMAL, runner.heap.delta(start))
    runner.heap.undo(start)
    return [*returned, normal]
