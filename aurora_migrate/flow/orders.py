"""Lists in the order of a response: which sequences of the program keep it, and which lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_migrate.flow.alternatives import choose, options, parts_of
from aurora_migrate.flow.values import NONE, Part, Sequence, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_ORDER = "<order>"
"""The cell of a sequence that holds the parts of responses whose order it has."""


def followed(run: Interpreter, value: Value) -> list[Part]:
    """The parts of responses, lists all of them, whose elements a sequence holds in their order."""
    found: list[Part] = []
    for option in options(value):
        if isinstance(option, Sequence) and _ORDER in option.cells:
            found.extend(parts_of(run.heap.get(option.cells, _ORDER) or NONE))
    return found


def keep(run: Interpreter, sequence: Sequence, source: Value) -> None:
    """Note that a sequence holds the elements of `source` in their order."""
    found = [*parts_of(source), *followed(run, source)]
    if found:
        run.heap.set(sequence.cells, _ORDER, choose([*followed(run, sequence), *found]))


def lose(run: Interpreter, sequence: Sequence) -> None:
    """Note that a sequence has got an order of its own, or none."""
    if _ORDER in sequence.cells:
        run.heap.set(sequence.cells, _ORDER, NONE)
