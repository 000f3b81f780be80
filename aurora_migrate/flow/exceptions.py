"""Exceptions: the objects that a handler can get, as they were when they were raised."""

from __future__ import annotations

from collections.abc import Hashable
from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import carried, libraries, objects, raising
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


def note_raised(run: Interpreter, node: cst.Raise, raised: Value, scope: Scope) -> None:
    """Keep an exception as it is now: its path is taken back before a handler sees it.

    Of Python's own those that carry an answer.
    """
    for option in options(raised):
        if not isinstance(option, Instance):
            continue
        raising.note_origin(run, node, option, scope)
        kind = option.kind
        if isinstance(kind, str) and (kind not in raising.EXCEPTIONS or not carried.carries(run, option)):
            continue
        key = id(kind.node) if isinstance(kind, ClassValue) else kind
        known = _known(run.raised.get(key))
        kept = next((each for each in known if each.node is node), None)
        if kept is None:
            kept = Instance(kind, run.heap.new_cells(), node, option.module)
            run.raised[key] = choose([*known, kept])
        for name, value in option.cells.items():
            held, value = kept.cells.get(name), carried.lasting(run, value)
            kept.cells[name] = _widened(held, value) if held is not None else value


def _widened(held: Value, value: Value) -> Value:
    """What was held and what comes in addition; another object from the same place is nothing new."""
    known = {_made_at(option) for option in options(held)}
    new = [option for option in options(value) if _made_at(option) not in known]
    return choose([held, *new]) if new else held


def _made_at(value: Value) -> Hashable:
    if isinstance(value, (Mapping, Sequence, Instance)) and value.node is not None:
        return (type(value).__name__, id(value.node))
    if isinstance(value, Sequence):
        return key_of(value.cells.get("items") or UNKNOWN)
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
            else:
                found.extend(_raised_by_heirs(run, each.name))
            found.extend(_own_of_python(run, each.name))
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


def raised_of(run: Interpreter, kind: ClassValue) -> list[Instance]:
    """The objects of a class that were raised, as they were then."""
    return _known(run.raised.get(id(kind.node)))


def _raised(run: Interpreter, kind: ClassValue | None) -> list[Value]:
    """The exceptions of a class and of those that inherit from it; of all classes when it is None."""
    found: list[Value] = []
    for key in [id(each.node) for each in run.classes] if kind is None else _heirs(run, kind):
        found.extend(_known(run.heap.get(run.raised, key)))
    return found


def _raised_by_heirs(run: Interpreter, name: str) -> list[Value]:
    """The exceptions of the project's classes that inherit from one of Python's own."""
    if name not in raising.EXCEPTIONS:
        return []
    keys = [id(each.node) for each in run.classes if raising.is_caught(each, name)]
    return [raised for key in keys for raised in _known(run.heap.get(run.raised, key))]


def _own_of_python(run: Interpreter, name: str) -> list[Value]:
    """Python's own exceptions that `except name` catches, where they carry an answer."""
    if name not in raising.EXCEPTIONS:
        return []
    keys = [key for key in raising.EXCEPTIONS if raising.is_caught(key, name)]
    return [raised for key in keys for raised in _known(run.heap.get(run.raised, key))]


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
