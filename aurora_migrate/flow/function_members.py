"""Attributes of functions: the ways in which task queues call them, and what the program keeps there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_migrate.flow import tuple_classes
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import UNKNOWN, Bound, Builtin, Function, Sequence, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_CALLING = frozenset(
    (
        "delay apply_async s si retry callback submit fn __wrapped__ run send cache_clear invoke main map"
    ).split()
)
"""What calls the function when it is called itself (`task.delay(...)`)."""


def attribute(run: Interpreter, value: Function | Bound | Builtin, attr: str) -> Value:
    """`function.attr`: calling it by a task queue's methods, or what the program stored there."""
    if isinstance(value, Builtin):
        return tuple_classes.class_member(run, value, attr) if value.fields is not None else UNKNOWN
    if attr in _CALLING:
        if attr == "apply_async":
            return Builtin("apply_async", lambda args, node, scope: _applied(run, value, args, scope))
        return Builtin(attr, lambda args, node, scope: run.call(value, args, None, scope))
    if attr == "__func__":
        return value.function if isinstance(value, Bound) else value
    function = value.function if isinstance(value, Bound) else value
    if not isinstance(function, Function):
        return Unknown((attr,))
    held = run.heap.get(function.scope.cells, attribute_cell(function, attr))
    return held if held is not None else Unknown((attr,))


def attribute_cell(function: Function, attr: str) -> tuple[str, int, str]:
    """Where the attribute of a function is kept, among the names around it."""
    return ("<attribute>", id(function.node), attr)


def _applied(run: Interpreter, value: Value, args: Args, scope: Scope) -> Value:
    given = args.get(0, "args")
    if isinstance(given, Sequence):
        return run.call(value, Args.of(*run.items(given)[0].values), None, scope)
    return run.call(value, Args(open_positional=True), None, scope)
