"""Exceptions: the objects that a handler can get, as they were when they were raised."""

from __future__ import annotations

from collections.abc import Hashable
from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import libraries, objects
from aurora_migrate.flow.alternatives import choose, gap, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.heap import Delta
from aurora_migrate.flow.libraries.responses import ERROR, raised_error
from aurora_migrate.flow.values import (
    UNKNOWN,
    ClassValue,
    External,
    Instance,
    Mapping,
    Sequence,
    Value,
    key_of,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_CAUGHT = 6
_EVERYTHING = ("builtins.Exception", "builtins.BaseException")


def note_raised(run: Interpreter, node: cst.Raise, raised: Value) -> None:
    """Keep an exception of the project as it is now: its path is taken back before a handler sees it."""
    for option in options(raised):
        if isinstance(option, Instance) and isinstance(option.kind, ClassValue):
            known = _known(run.raised.get(id(option.kind.node)))
            kept = next((each for each in known if each.node is node), None)
            if kept is None:
                kept = Instance(option.kind, run.heap.new_cells(), node, option.module)
                run.raised[id(option.kind.node)] = choose([*known, kept])
            for name, value in option.cells.items():
                held = kept.cells.get(name)
                kept.cells[name] = _widened(held, value) if held is not None else value


def _widened(held: Value, value: Value) -> Value:
    """What was held and what comes in addition; another object from the same place is nothing new."""
    known = {_made_at(option) for option in options(held)}
    new = [option for option in options(value) if _made_at(option) not in known]
    return choose([held, *new]) if new else held


def _made_at(value: Value) -> Hashable:
    if isinstance(value, (Mapping, Sequence, Instance)) and value.node is not None:
        return (type(value).__name__, id(value.node))
    return key_of(value)


def caught(run: Interpreter, kind: cst.BaseExpression | None, tried: Seq[Delta], scope: Scope) -> Value:
    """What `except kind as name` binds; `tried` is what the paths through the `try` block changed."""
    wanted = run.evaluate(kind, scope) if kind is not None else External(_EVERYTHING[0])
    kinds = [
        each
        for option in options(wanted)
        for each in (_elements(run, option) if isinstance(option, Sequence) else [option])
    ]
    found: list[Value] = []
    for each in kinds:
        if isinstance(each, ClassValue):
            found.extend(_raised(run, each))
        elif isinstance(each, External):
            if each.name in _EVERYTHING:
                found.extend(_raised(run, None))
            if each.name in _EVERYTHING or libraries.canonical(each.name) == ERROR:
                found.append(raised_error(run, _responses(run, tried)))
    return choose(found[:MAX_CAUGHT]) if found else gap()


def expected(run: Interpreter, kind: Value) -> Value:
    """What a test that expects an exception of an HTTP library gets: with any response that came so far."""
    responses = [option for held in run.sent.values() for option in options(held)][-MAX_CAUGHT:]
    for option in options(kind):
        if isinstance(option, External) and libraries.canonical(option.name) == ERROR:
            return raised_error(run, responses)
    return UNKNOWN


def _elements(run: Interpreter, kinds: Sequence) -> list[Value]:
    return [option for items in run.items(kinds) for item in items.values for option in options(item)]


def _known(held: Value | None) -> list[Instance]:
    return [option for option in options(held) if isinstance(option, Instance)] if held is not None else []


def _raised(run: Interpreter, kind: ClassValue | None) -> list[Value]:
    """The exceptions of a class and of those that inherit from it; of all classes when it is None."""
    found: list[Value] = []
    for key in [id(each.node) for each in run.classes] if kind is None else _heirs(run, kind):
        found.extend(_known(run.heap.get(run.raised, key)))
    return found


def _heirs(run: Interpreter, kind: ClassValue) -> list[int]:
    return [
        id(each.node)
        for each in run.classes
        if any(
            isinstance(base, ClassValue) and base.node is kind.node for base in objects.resolution_order(each)
        )
    ]


def _responses(run: Interpreter, tried: Seq[Delta]) -> list[Value]:
    """The responses that came while the block was tried."""
    found: dict[object, Value] = {}
    for delta in tried:
        for cells, key, value in delta.changes.values():
            if cells is run.sent and value is not None:
                found[key] = value
    return list(found.values())[-MAX_CAUGHT:]
