"""Tests of a response's status: whether an answer is one to a request that succeeded.

What is found out is said of the function's own variables, as other tests are: they hold a response whose body
is marked as no refusal from there on, in this branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.status_tests import understood
from aurora_migrate.flow.values import NONE, Instance, Part, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

RESPONSE = "http.Response"
"""The class of the responses of all HTTP libraries."""


def is_settled(run: Interpreter, response: Instance) -> bool:
    """Whether this is a response as it is after its status was seen to be below 400."""
    return run.settled.get(id(response.cells)) is response


def of_settled(value: Value) -> Value:
    """What an answer is when it is known to be no refusal."""
    return choose(
        [_marked(option, True) if isinstance(option, Part) else option for option in options(value)]
    )


def settle(run: Interpreter, name: cst.BaseExpression, scope: Scope) -> None:
    """The status of what a variable holds is below 400: so is that of the body that came with it."""
    if not isinstance(name, cst.Name) or name.value not in scope.cells:
        return
    held = options(run.heap.get(scope.cells, name.value) or NONE)
    numbers = {number for option in held for number in _responses(option)}
    if not numbers:
        return
    run.heap.set(scope.cells, name.value, choose([settled(run, option) for option in held]))
    others = [key for key, value in scope.cells.items() if key != name.value and _responses(value) & numbers]
    if not others:
        _rewrite(run, scope, lambda option: _with_it(option, numbers))


def _responses(value: Value) -> set[int]:
    """The numbers of the responses that a variable holds; a second one may have come another time."""
    held = [option for option in options(value) if isinstance(option, Instance)]
    return {number for option in held for number in _numbers(option)}


def doubt(run: Interpreter, scope: Scope) -> None:
    """An exception was caught: what was found out about a status may be the reason for it."""
    _rewrite(run, scope, lambda option: _doubted(run, option))


def _rewrite(run: Interpreter, scope: Scope, change: Callable[[Value], Value]) -> None:
    for key, held in list(scope.cells.items()):
        if not any(isinstance(option, (Part, Instance)) for option in options(held)):
            continue
        changed = [change(option) for option in options(held)]
        if any(one is not other for one, other in zip(changed, options(held), strict=True)):
            run.heap.set(scope.cells, key, choose(changed))


def _numbers(option: Value) -> Iterator[int]:
    """The responses that a value is, or is a part of."""
    if isinstance(option, Part):
        yield option.origin.number
    elif isinstance(option, Instance) and option.kind == RESPONSE:
        for part in parts_of(option.cells.get("<body>", NONE)):
            yield part.origin.number


def settled(run: Interpreter, option: Value) -> Value:
    """A response, or a part of one, as it is when the status is known to be good."""
    if isinstance(option, Part):
        return _marked(option, True)
    if not isinstance(option, Instance) or not any(_numbers(option)):
        return option
    return run.settled.setdefault(id(option.cells), replace(option))


def _with_it(option: Value, numbers: set[int]) -> Value:
    if isinstance(option, Part) and option.origin.number in numbers:
        return _marked(option, True)
    return option


def _doubted(run: Interpreter, option: Value) -> Value:
    if isinstance(option, Part):
        return _marked(option, False)
    if isinstance(option, Instance) and is_settled(run, option):
        return run.responses[next(_numbers(option))]
    return option


def _marked(part: Part, succeeded: bool) -> Part:
    if part.origin.succeeded is succeeded:
        return part
    return replace(part, origin=replace(part.origin, succeeded=succeeded))


def note_tested(run: Interpreter, test: cst.BaseExpression, outcome: bool, scope: Scope) -> None:
    """Note what a test with this outcome says of the status of a response."""
    asked = understood(test, scope.module)
    if asked is not None and (asked.if_true if outcome else asked.if_false):
        settle(run, asked.holder, scope)


@contextmanager
def told(run: Interpreter, test: cst.BaseExpression, outcome: bool, scope: Scope) -> Iterator[None]:
    """What stands inside runs only where `test` had this outcome; afterwards nothing more is known."""
    asked = understood(test, scope.module)
    if asked is None or not (asked.if_true if outcome else asked.if_false):
        yield
        return
    before = dict(scope.cells)
    settle(run, asked.holder, scope)
    changed = {key: value for key, value in scope.cells.items() if before.get(key) is not value}
    yield
    for key, value in changed.items():
        if scope.cells.get(key) is value:
            run.heap.set(scope.cells, key, before[key])


def note_case(run: Interpreter, subject: cst.BaseExpression, pattern: cst.MatchPattern, scope: Scope) -> None:
    """`match response.status_code: case 200: ...`, and a status among the elements of a tuple."""
    if isinstance(subject, cst.Tuple) and isinstance(pattern, (cst.MatchTuple, cst.MatchList)):
        for element, part in zip(subject.elements, pattern.patterns, strict=False):
            if isinstance(part, cst.MatchSequenceElement):
                note_case(run, element.value, part.value, scope)
    elif isinstance(pattern, cst.MatchValue) and isinstance(pattern.value, (cst.Integer, cst.Attribute)):
        target = cst.ComparisonTarget(cst.Equal(), pattern.value)
        note_tested(run, cst.Comparison(subject, [target]), True, scope)
    elif isinstance(pattern, cst.MatchOr):
        values = [each.pattern.value for each in pattern.patterns if isinstance(each.pattern, cst.MatchValue)]
        if len(values) == len(pattern.patterns):
            target = cst.ComparisonTarget(cst.In(), cst.Tuple([cst.Element(value) for value in values]))
            note_tested(run, cst.Comparison(subject, [target]), True, scope)
