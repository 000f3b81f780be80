"""Objects that a tried function made: they keep what they held where something that lasts knows them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from aurora_migrate.flow.cells import Cells, PartCells
from aurora_migrate.flow.heap import CellKey, Delta
from aurora_migrate.flow.memory import cells_of, parts_of_value
from aurora_migrate.flow.values import Instance, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_CELLS = 400
"""How many objects are kept with one: a client, its session, their headers."""

_CONTENTS = ("items", "entries")
"""The cells of lists and mappings."""

Change = tuple[Cells, Hashable, Value | None]


def revive(run: Interpreter, instances: Iterable[Instance], deltas: Iterable[Delta]) -> None:
    """Fill the objects whose making was taken back with what they held when the exploration ended."""
    lost = [instance.cells for instance in instances if not instance.cells]
    changes = [change for delta in deltas if lost for change in delta.changes.values()]
    for cells, key, value in _reached(lost, changes):
        if value is not None and key not in cells:
            run.heap.set(cells, key, value)


def lasting(delta: Delta, birth: int, made_up: int) -> Delta:
    """What lasts of an exploration: writes to what was there before, and the objects that they refer to.

    Of objects that were made up to try their methods, until `made_up`, the lists and mappings in them.
    """
    kept: dict[CellKey, Change] = {
        cell: change
        for cell, change in delta.changes.items()
        if change[0].birth <= (made_up if cell[1] in _CONTENTS else birth)
        and not isinstance(change[0], PartCells)
    }
    referred = [cells for change in kept.values() for cells in _cells_in(change[2]) if cells.birth > birth]
    if referred:
        young = [change for change in delta.changes.values() if change[0].birth > birth]
        kept.update({(id(change[0]), change[1]): change for change in _reached(referred, young)})
    return Delta(kept)


def _reached(roots: list[Cells], changes: list[Change]) -> Iterable[Change]:
    """The changes to these objects, and to all that they refer to."""
    held: dict[int, list[Change]] = {}
    for change in changes:
        held.setdefault(id(change[0]), []).append(change)
    waiting, seen = list(roots), set[int]()
    while waiting and len(seen) < MAX_CELLS:
        cells = waiting.pop()
        if id(cells) in seen or isinstance(cells, PartCells):
            continue
        seen.add(id(cells))
        for change in held.get(id(cells), ()):
            yield change
            waiting.extend(_cells_in(change[2]))


def _cells_in(value: Value | None) -> Iterable[Cells]:
    """The cells that a value refers to, itself or in its parts."""
    stack = [value] if value is not None else []
    while stack:
        current = stack.pop()
        yield from cells_of(current)
        stack.extend(parts_of_value(current))
