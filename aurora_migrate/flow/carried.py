"""Answers inside objects of the program: whether there are any, and objects that outlast their making."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.values import Entries, Instance, Items, Mapping, Part, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_DEPTH = 3


def carries(run: Interpreter, value: Value, depth: int = 0) -> bool:
    """Whether a part of an answer is in an object, its attributes and what they hold included."""
    if depth > MAX_DEPTH:
        return False
    held: list[Value] = []
    for option in options(value):
        if isinstance(option, Part) or (isinstance(option, Instance) and "<body>" in option.cells):
            return True
        if isinstance(option, Text):
            held.extend(piece.hole for piece in option.pieces if piece.hole is not None)
        elif isinstance(option, Instance):
            held.extend(option.cells.values())
        elif isinstance(option, Sequence):
            held.extend(each for items in run.items(option) for each in items.values)
        elif isinstance(option, Mapping):
            entries = run.entries(option)
            if entries.rest:
                return True
            held.extend(entry.value for entry in entries.items)
    return any(carries(run, each, depth + 1) for each in held if not isinstance(each, (Entries, Items)))


def lasting(run: Interpreter, value: Value, depth: int = 0) -> Value:
    """A value that stays what it is when the path that has made it is taken back."""
    if depth > MAX_DEPTH or not any(
        isinstance(each, (Sequence, Mapping, Instance)) for each in options(value)
    ):
        return value
    return choose([_lasting(run, option, depth) for option in options(value)])


def _lasting(run: Interpreter, option: Value, depth: int) -> Value:
    if isinstance(option, Sequence):
        sequence = Sequence(run.heap.new_cells(), option.node, option.module)
        sequence.cells["items"] = choose(
            [
                replace(items, values=tuple(lasting(run, each, depth + 1) for each in items.values))
                for items in run.items(option)
            ]
        )
        return sequence
    if isinstance(option, Mapping):
        mapping = Mapping(run.heap.new_cells(), option.node, option.module, option.partial)
        entries = run.entries(option)
        kept = [replace(each, value=lasting(run, each.value, depth + 1)) for each in entries.items]
        mapping.cells["entries"] = replace(entries, items=tuple(kept))
        return mapping
    if isinstance(option, Instance) and isinstance(option.kind, str) and "<body>" not in option.cells:
        made = Instance(option.kind, run.heap.new_cells(), option.node, option.module)
        for name, held in option.cells.items():
            made.cells[name] = lasting(run, held, depth + 1)
        return made
    return option
