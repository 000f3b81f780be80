"""Tables made of responses: what their rows are, and which of their columns are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts, strangers
from aurora_migrate.flow.alternatives import choose, is_stranger, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.frame_methods import FRAME_ATTRIBUTES, KEEPING
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form, Table
from aurora_migrate.flow.values import (
    NONE,
    STRANGER,
    UNKNOWN,
    Entries,
    Instance,
    Mapping,
    Part,
    Piece,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

FRAME = "pandas.DataFrame"


def rows_of(run: Interpreter, value: Value) -> list[Part]:
    """The objects of responses that a table's rows are made of."""
    found: list[Part] = []
    for option in options(value):
        if isinstance(option, Part):
            found.append(option.step(Marker.ITEM))
        elif isinstance(option, Sequence):
            for items in run.items(option):
                for item in items.values:
                    found.extend(parts_of(item))
                    found.extend(part for row in _own_rows(run, item) for part in row.rest)
                    found.extend(row for frame in frames_in(item) for row in rows_in(run, frame))
        elif isinstance(option, Instance) and option.kind == FRAME:
            found.extend(rows_in(run, option))
    return list({part.key: part for part in found}.values())


def objects_in(run: Interpreter, value: Value) -> list[Part]:
    """The objects of responses that a value is, or has all of."""
    return [*parts_of(value), *(part for row in _own_rows(run, value) for part in row.rest)]


def _own_rows(run: Interpreter, item: Value) -> Iterator[Entries]:
    """What the program's own objects hold: `{"key": key, **design}`."""
    for option in options(item):
        if isinstance(option, Mapping):
            yield run.entries(option)


def own_names(run: Interpreter, value: Value) -> set[str]:
    """The columns that every row of a table has from the program itself, whatever answer it holds besides."""
    lists = [option for option in options(value) if isinstance(option, Sequence)]
    found: list[set[str]] = []
    for item in (item for each in lists for items in run.items(each) for item in items.values):
        rows = list(_own_rows(run, item))
        if len(rows) < len(options(item)) or not all(row.rest for row in rows):
            return set()
        found.extend({entry.name for entry in row.items if entry.name is not None} for row in rows)
    return set.intersection(*found) if found else set()


def frames_in(value: Value) -> Iterator[Instance]:
    for option in options(value):
        if isinstance(option, Instance) and option.kind == FRAME:
            yield option


def rows_in(run: Interpreter, frame: Instance) -> list[Part]:
    return list(parts_of(run.heap.get(frame.cells, "<rows>") or UNKNOWN))


def new_frame(run: Interpreter, rows: Iterable[Part], own: Iterable[str]) -> Instance:
    frame = run.new_instance(FRAME, None, None)
    run.heap.set(frame.cells, "<rows>", choose(list(rows)))
    for name in own:
        run.heap.set(frame.cells, ("own", name), NONE)
    return frame


def _is_of_answers(run: Interpreter, row: Value) -> bool:
    """Whether a row is an answer's object, or one of the program's own that has all of one."""
    if isinstance(row, Mapping):
        return bool(run.entries(row).rest) and STRANGER not in row.cells
    return isinstance(row, Part)


def note_table(run: Interpreter, given: Value, rows: list[Part], node: cst.Call | None, scope: Scope) -> None:
    """Note a call that makes a table, and what of."""
    if node is None:
        return
    table = run.facts.tables.setdefault(id(node), Table(scope.module, node))
    table.rows.update({row.key: row for row in rows})
    table.own |= own_names(run, given)
    for option in options(given):
        held = run.items(option) if isinstance(option, Sequence) else ()
        inside = [each for items in held for item in items.values for each in options(item)]
        is_list = isinstance(option, Part) or bool(held)
        table.mixed = table.mixed or not is_list or not all(_is_of_answers(run, each) for each in inside)
        table.may_be_empty = table.may_be_empty or not held or any(items.open for items in held)


def note_strange_rows(run: Interpreter, frame: Instance, value: Value) -> None:
    """Remember what a table is made of besides, if it may come from anywhere."""
    for option in options(value):
        held = run.items(option) if isinstance(option, Sequence) else ()
        inside = [each for items in held for item in items.values for each in options(item)]
        for each in (option, *inside):
            if is_stranger(each):
                run.heap.set(frame.cells, STRANGER, each)


def own_columns(frame: Instance) -> set[str]:
    """The columns that the program made itself."""
    return {str(key[1]) for key in frame.cells if isinstance(key, tuple) and key[:1] == ("own",)}


def note_columns(
    run: Interpreter, frame: Instance, names: Value | None, scope: Scope, node: cst.CSTNode | None = None
) -> None:
    """Note that columns are asked for: a name, a list of names, or a mapping's keys."""
    own = own_columns(frame)
    for name, piece in named_in(run, names):
        first = name.partition(".")[0]
        if first in own or name in own:
            continue
        if STRANGER in frame.cells and piece is not None:
            strangers.note_spelled(run, frame.cells[STRANGER], Text((piece,)))
        for row in rows_in(run, frame):
            if isinstance(run.heap.get(run.part_cells(row), first), Entries):
                continue
            parts.note_read(run, row, first, piece, node, scope, Form.COLUMN)
            _note_below(run, frame, row, name, piece, scope)


def note_shown(run: Interpreter, frame: Instance, names: Value, node: cst.CSTNode, scope: Scope) -> None:
    """The same for columns that the result has, too, so that their names are not only the answer's."""
    for name, _ in named_in(run, names):
        for row in rows_in(run, frame) if name not in own_columns(frame) else ():
            parts.note_read(run, row, name, None, node, scope, Form.COLUMN)


SEPARATOR = "<separator>"
"""The cell of a frame that `json_normalize` made: what stands between the keys in its columns' names."""


def set_separator(run: Interpreter, frame: Instance, given: Value | None) -> None:
    """Remember how the keys of objects inside objects make the names of columns."""
    run.heap.set(frame.cells, SEPARATOR, given if isinstance(given, Text) else Text((Piece("."),)))


def _note_below(
    run: Interpreter, frame: Instance, row: Part, name: str, piece: Piece | None, scope: Scope
) -> None:
    """Note the looks of a column `outer.inner` of an object inside the row's object."""
    separator = run.heap.get(frame.cells, SEPARATOR)
    between = separator.literal if isinstance(separator, Text) else None
    place = name.find(between) if between else -1
    while between and place > 0:
        outer, inner = name[:place].split(between), name[place + len(between) :]
        is_whole = piece is not None and piece.text == name
        spelled = piece.cut(place + len(between), len(name)) if piece is not None and is_whole else piece
        held = row
        for step in outer if between == "." else [name[:place]]:
            held = held.step(step)
        parts.note_read(run, held, inner, spelled, None, scope, Form.COLUMN)
        place = name.find(between, place + 1)


def named_in(run: Interpreter, names: Value | None) -> Iterator[tuple[str, Piece | None]]:
    for option in options(names) if names is not None else ():
        if isinstance(option, Text):
            literal = option.literal
            if literal:
                yield literal, option.pieces[0] if len(option.pieces) == 1 else None
        elif isinstance(option, Sequence):
            for items in run.items(option):
                for item in items.values:
                    yield from named_in(run, item)
        elif isinstance(option, Mapping):
            for entry in run.entries(option).items:
                if entry.name is not None:
                    yield entry.name, entry.key_piece


def note_attribute(run: Interpreter, holder: Value, node: cst.Attribute, scope: Scope) -> None:
    """`frame.column`: an attribute that no frame has is a column."""
    name = node.attr.value
    for frame in frames_in(holder):
        if name not in FRAME_ATTRIBUTES and name not in KEEPING:
            note_columns(run, frame, Text((Piece(name, scope.module, node.attr),)), scope, node)


def store_column(run: Interpreter, frame: Instance, index: Value) -> None:
    """`frame["column"] = ...`: the program's own from now on."""
    for name, _ in named_in(run, index):
        run.heap.set(frame.cells, ("own", name), NONE)


def item(run: Interpreter, frame: Instance, index: Value, scope: Scope, node: cst.CSTNode | None) -> Value:
    """`frame[...]`: columns, or rows that a condition chooses."""
    note_columns(run, frame, index, scope)
    if any(isinstance(option, Text) for option in options(index)):
        return choose([Unknown((name,)) for name, _ in named_in(run, index)])
    if isinstance(index, Sequence):
        for each in run.items(index):
            for name in each.values:
                note_columns(run, frame, name, scope)
    return frame
