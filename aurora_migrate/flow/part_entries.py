"""The entries of an answer's object, put into a mapping of the program's own one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from aurora_migrate.flow.alternatives import options, parts_of
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import Items, Part, Text, Value
from aurora_migrate.flow.wrapped import is_under_any_key

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def spread_by(key: Value, value: Value, as_it_is: bool) -> Part | None:
    """The object of which an entry of this key and value is one of all; None where there is none.

    `as_it_is`: nothing is done to the value on the way.
    """
    copied = copied_from(key, value) or rekeyed_from(key, value)
    if copied is None:
        return reworked_from(key)
    return copied if as_it_is else _reworked(copied)


def copied_from(key: Value, value: Value) -> Part | None:
    """The object of which a key and a value are one entry, whichever that is: `for k, v in part.items()`."""
    if not isinstance(key, Part) or not isinstance(value, Part) or key.origin.number != value.origin.number:
        return None
    if key.path[-1:] not in ((Marker.KEY,), (Marker.ITEM,)) or not is_under_any_key(value):
        return None
    same = key.path[:-1] == value.path[:-1]
    return Part(value.hints, value.roots, value.origin, value.path[:-1]) if same else None


def rekeyed_from(key: Value, value: Value) -> Part | None:
    """The object of which a value is one entry, put under a key that is worked out: `{camel(k): v ...}`."""
    if not isinstance(value, Part) or not is_under_any_key(value):
        return None
    holder = value.path[:-1]
    for option in options(key):
        held = [piece.hole for piece in option.pieces] if isinstance(option, Text) else [option]
        for each in (part for hole in held if hole is not None for part in parts_of(hole)):
            if each.origin.number == value.origin.number and each.path == (*holder, Marker.KEY):
                return Part(value.hints, value.roots, value.origin, holder)
    return None


def reworked_from(key: Value) -> Part | None:
    """The object whose keys these are, where something else is put under each: `{k: f(v) ...}`."""
    if not isinstance(key, Part) or key.path[-1:] != (Marker.KEY,):
        return None
    return _reworked(Part(key.hints, key.roots, key.origin, key.path[:-1]))


def _reworked(part: Part) -> Part:
    return replace(part, origin=replace(part.origin, reworked=True))


_PUT = "<put>"
"""The cell of a part for the parts of other answers that were put into it."""


def put_in(run: Interpreter, part: Part, values: Iterable[Value]) -> None:
    """Note that what other parts hold is put into a part, as `update` does."""
    others = [each for each in values if isinstance(each, Part) and each.key != part.key]
    if others:
        run.heap.set(run.part_cells(part), _PUT, Items((*put_into(run, part), *others)))


def put_into(run: Interpreter, part: Part) -> list[Part]:
    """The parts that were put into a part."""
    cells = run.part_cells(part)
    held = run.heap.get(cells, _PUT) if _PUT in cells else None
    return [each for each in held.values if isinstance(each, Part)] if isinstance(held, Items) else []
