"""What calls did, remembered: recalled instead of run again, with objects of its own for each caller."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aurora_migrate.flow.cells import Cells, PartCells, Scope
from aurora_migrate.flow.heap import Delta, Heap, ReadLog
from aurora_migrate.flow.values import (
    Bound,
    Builtin,
    Choice,
    ClassValue,
    Entries,
    Entry,
    Function,
    Instance,
    Items,
    Mapping,
    Piece,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.strangers import Stranger

MAX_KNOWN = 8
"""How many different results are kept for one function and arguments."""
MAX_OBJECTS = 400
"""A call that leaves more new objects than this is rather run again."""


class _Unrepeatable(Exception):
    """A result that cannot be handed out twice: it holds behaviour that is bound to its objects."""


@dataclass(slots=True)
class Remembered:
    """What a call did: valid while everything that it read still holds.

    `made` are the contents of the objects that the call made and that outlive it, by the identity of their
    cells.
    """

    reads: ReadLog
    delta: Delta
    value: Value
    made: dict[int, dict[Hashable, Value]] = field(default_factory=dict)
    strangers: tuple[Stranger, ...] = ()
    """What unseen callers would have brought to looks, whoever they are."""
    test: int | None = None
    """The test in which it recorded answers, which are that test's alone; None where it did not."""


def remember(
    run: Interpreter, log: ReadLog, delta: Delta, value: Value, before: tuple[int, int] = (0, 0)
) -> Remembered | None:
    """The result of a call; None when it cannot be handed out again.

    `before`: how many strangers and doubles were noted when it began.
    """
    old = {cell: change for cell, change in delta.changes.items() if change[0].birth <= log.birth}
    survey = _Survey(log.birth)
    try:
        survey.visit(value)
        for _, _, held in old.values():
            if held is not None:
                survey.visit(held)
    except _Unrepeatable:
        return None
    strange, noted = before
    test = run.test if run.doubles.noted > noted else None
    return Remembered(log, Delta(old), value, survey.made, tuple(run.strangers[strange:]), test)


def recall(run: Interpreter, known: Remembered) -> Value:
    """Do again what the call did, with new objects in the place of those that it made."""
    run.heap.read_again(known.reads)
    if not known.made:
        run.heap.apply(known.delta)
        return known.value
    copier = _Copier(run, known.made)
    for cells, key, value in known.delta.changes.values():
        if value is not None:
            run.heap.set(cells, key, copier.copy(value))
    return copier.copy(known.value)


class _Survey:
    """Finds the objects younger than a call that its result holds, with their contents."""

    def __init__(self, birth: int) -> None:
        self.birth = birth
        self.made: dict[int, dict[Hashable, Value]] = {}

    def visit(self, value: Value) -> None:
        stack: list[Value] = [value]
        while stack:
            current = stack.pop()
            if isinstance(current, (Builtin, ClassValue)):
                if isinstance(current, Builtin) or current.cells.birth > self.birth:
                    raise _Unrepeatable
                continue
            for cells in cells_of(current):
                if cells.birth > self.birth and id(cells) not in self.made:
                    if len(self.made) >= MAX_OBJECTS:
                        raise _Unrepeatable
                    self.made[id(cells)] = dict(cells)
                    stack.extend(cells.values())
            stack.extend(parts_of_value(current))


def cells_of(value: Value) -> list[Cells]:
    """The cells of an object, or of the scopes that a function closes over."""
    if isinstance(value, (Mapping, Sequence, Instance)):
        return [value.cells]
    found: list[Cells] = []
    scope = value.scope if isinstance(value, Function) else None
    while scope is not None:
        found.append(scope.cells)
        scope = scope.parent
    return found


def parts_of_value(value: Value) -> list[Value]:
    """The values that a value is made of, without those in cells."""
    if isinstance(value, Choice):
        return list(value.options)
    if isinstance(value, Text):
        return [
            held
            for piece in value.pieces
            for held in (piece.hole, *(entry.value for entry in piece.entries or ()))
            if held is not None
        ]
    if isinstance(value, Entries):
        holes = (entry.key_piece.hole for entry in value.items if entry.key_piece is not None)
        return [*(entry.value for entry in value.items), *(hole for hole in holes if hole is not None)]
    if isinstance(value, Items):
        return list(value.values)
    if isinstance(value, Bound):
        return [value.function, *value.args, *(held for _, held in value.keywords)]
    if isinstance(value, Function):
        return list(value.defaults.values())
    return []


class _Copier:
    """Copies values so that none of the objects that a remembered call made is shared."""

    def __init__(self, run: Interpreter, made: dict[int, dict[Hashable, Value]]) -> None:
        self.heap: Heap = run.heap
        self.made = made
        self.cells: dict[int, Cells] = {}
        self.objects: dict[int, Value] = {}
        self.run = run

    def copy(self, value: Value) -> Value:
        known = self.objects.get(id(value))
        if known is not None:
            return known
        copier = _COPIERS.get(type(value))
        return copier(self, value) if copier is not None else value

    def own(self, cells: Cells) -> Cells | None:
        """The new cells for those of an object that the call made; None for an older object's."""
        if id(cells) not in self.made or isinstance(cells, PartCells):
            return None
        known = self.cells.get(id(cells))
        if known is None:
            known = self.cells[id(cells)] = self.heap.new_cells()
            for key, held in self.made[id(cells)].items():
                self.heap.set(known, key, self.copy(held))
        return known

    def object(self, value: Value) -> Value:
        assert isinstance(value, (Mapping, Sequence, Instance))
        if id(value.cells) not in self.made:
            return value
        copy = replace(value)
        self.objects[id(value)] = copy
        cells = self.own(value.cells)
        if cells is not None:
            copy.cells = cells
        if isinstance(copy, Instance) and isinstance(copy.kind, ClassValue):
            self.run.instances.setdefault(id(copy.kind.node), []).append(copy)
        return copy

    def function(self, value: Value) -> Value:
        assert isinstance(value, Function)
        scope = self.scope(value.scope)
        return value if scope is value.scope else replace(value, scope=scope)

    def scope(self, scope: Scope) -> Scope:
        parent = self.scope(scope.parent) if scope.parent is not None else None
        cells = self.own(scope.cells)
        if cells is None and parent is scope.parent:
            return scope
        return replace(scope, cells=cells or scope.cells, parent=parent)

    def choice(self, value: Value) -> Value:
        assert isinstance(value, Choice)
        options = tuple(self.copy(option) for option in value.options)
        return value if _same(options, value.options) else Choice(options)

    def text(self, value: Value) -> Value:
        assert isinstance(value, Text)
        pieces = tuple(self.piece(piece) for piece in value.pieces)
        return value if _same(pieces, value.pieces) else Text(pieces)

    def piece(self, piece: Piece) -> Piece:
        hole = self.copy(piece.hole) if piece.hole is not None else None
        entries = tuple(self.entry(entry) for entry in piece.entries) if piece.entries is not None else None
        if hole is piece.hole and (entries is None or _same(entries, piece.entries or ())):
            return piece
        return replace(piece, hole=hole, entries=entries)

    def entry(self, entry: Entry) -> Entry:
        value = self.copy(entry.value)
        key = self.piece(entry.key_piece) if entry.key_piece is not None else None
        if value is entry.value and key is entry.key_piece:
            return entry
        return replace(entry, value=value, key_piece=key)

    def entries(self, value: Value) -> Value:
        assert isinstance(value, Entries)
        items = tuple(self.entry(entry) for entry in value.items)
        return value if _same(items, value.items) else replace(value, items=items)

    def items(self, value: Value) -> Value:
        assert isinstance(value, Items)
        values = tuple(self.copy(item) for item in value.values)
        return value if _same(values, value.values) else replace(value, values=values)

    def bound(self, value: Value) -> Value:
        assert isinstance(value, Bound)
        function = self.copy(value.function)
        args = tuple(self.copy(arg) for arg in value.args)
        keywords = tuple((name, self.copy(held)) for name, held in value.keywords)
        return Bound(function, args, keywords)


def _same(new: tuple[object, ...], old: tuple[object, ...]) -> bool:
    return all(one is other for one, other in zip(new, old, strict=True))


_COPIERS: dict[type[object], Callable[[_Copier, Value], Value]] = {
    Mapping: _Copier.object,
    Sequence: _Copier.object,
    Instance: _Copier.object,
    Function: _Copier.function,
    Choice: _Copier.choice,
    Text: _Copier.text,
    Entries: _Copier.entries,
    Items: _Copier.items,
    Bound: _Copier.bound,
}
