"""A request's body as it is at the moment of sending: what the program changes later is not in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, parts
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Body
from aurora_migrate.flow.values import Entry, Instance, Mapping, Part, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_DEPTH = 8


def bodies_of(run: Interpreter, value: Value, depth: int = 0) -> tuple[Body, ...]:
    """The alternatives of a value as a body, with everything that they hold now."""
    return tuple(_body(run, option, depth) for option in options(value))


def _body(run: Interpreter, value: Value, depth: int) -> Body:
    if depth > MAX_DEPTH:
        return Body(value, open=True)
    if isinstance(value, Text):
        dumped = dumped_value(value)
        return _body(run, dumped, depth + 1) if dumped is not None else Body(value)
    if isinstance(value, Instance):
        held = containers.contents(run, value)
        return _body(run, held, depth + 1) if held is not None else Body(value, open=True)
    if isinstance(value, Mapping):
        entries = run.entries(value)
        written = [entry for part in entries.rest for entry in parts.written(run, part)]
        fields = _fields(run, [*written, *entries.items], depth)
        return Body(value, value, fields, open=entries.open, rest=entries.rest)
    if isinstance(value, Part):
        return Body(value, fields=_fields(run, parts.written(run, value), depth), open=True, rest=(value,))
    if isinstance(value, Sequence):
        items = run.items(value)
        elements = [item for each in items for option in each.values for item in options(option)]
        found = tuple(_body(run, element, depth + 1) for element in elements[:50])
        return Body(value, items=found, open=any(each.open for each in items))
    return Body(value, open=True)


def _fields(run: Interpreter, entries: list[Entry], depth: int) -> tuple[tuple[Entry, tuple[Body, ...]], ...]:
    return tuple((entry, bodies_of(run, entry.value, depth + 1)) for entry in entries)


def dumped_value(text: Text) -> Value | None:
    """The object or list that a JSON text was made from, when the whole text was."""
    holes = [piece.hole for piece in text.pieces]
    if len(holes) == 1 and isinstance(holes[0], (Mapping, Sequence, Part)):
        return holes[0]
    return None


def displayed(mapping: Mapping, entries: Iterable[Entry]) -> frozenset[str]:
    """The keys of a mapping that stand in its own display, so that it has them whatever happens."""
    node = mapping.node
    items: Iterable[cst.CSTNode] = ()
    if isinstance(node, cst.Dict):
        items = node.elements
    elif isinstance(node, cst.Call):
        items = node.args
    written = {id(item) for item in items}
    return frozenset(
        entry.name
        for entry in entries
        if entry.name is not None and entry.uses and id(entry.uses[-1].operand) in written
    )
