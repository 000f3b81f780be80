"""Pandas frames and csv writers: how they are made of responses, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.frame_methods import COLUMN_ARGUMENTS, FRAME_ATTRIBUTES, KEEPING, PROPERTIES
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.names_in_texts import names_in
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.tables import (
    FRAME,
    frames_in,
    named_in,
    new_frame,
    note_columns,
    note_strange_rows,
    note_table,
    own_columns,
    own_names,
    rows_in,
    rows_of,
    store_column,
)
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    External,
    Instance,
    Items,
    Mapping,
    Part,
    Sequence,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import (
    Function as ProjectFunction,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

WRITER = "csv.DictWriter"


# -- making frames


def _frame(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    rows = rows_of(run, args.get(0, "data") or UNKNOWN)
    if not rows:
        return _unmodelled(run, FRAME, args, node, scope)
    frame = new_frame(run, rows, own_names(run, args.get(0, "data") or UNKNOWN))
    note_table(run, args.get(0, "data") or UNKNOWN, rows, node, scope)
    note_strange_rows(run, frame, args.get(0, "data") or UNKNOWN)
    note_columns(run, frame, args.get(2, "columns"), scope)
    note_columns(run, frame, args.get(None, "index"), scope)
    return frame


def _normalised(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`json_normalize(items, record_path, meta)`."""
    given = args.get(0, "data") or UNKNOWN
    path = args.get(1, "record_path")
    rows = [*rows_of(run, given), *(parts_of(given) if path is not None else ())]
    if not rows:
        return _unmodelled(run, "pandas.json_normalize", args, node, scope)
    frame = new_frame(run, rows, own_names(run, given))
    if path is None:
        note_table(run, given, rows, node, scope)
    note_columns(run, frame, args.get(2, "meta"), scope)
    inner = rows
    for option in options(path) if path is not None else ():
        note_columns(run, frame, option, scope)
        names = [name for name, _ in named_in(run, option)]
        inner = [_below(row, names) for row in rows]
    return new_frame(run, inner, (name for name, _ in named_in(run, args.get(2, "meta"))))


def _below(row: Part, names: list[str]) -> Part:
    for name in names:
        row = row.step(name)
    return row.step(Marker.ITEM)


def _joined(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`concat([...])`, `merge(left, right, on=...)`."""
    given = [
        *args.values(),
        *(value for name in ("objs", "left", "right") if (value := args.get(None, name))),
    ]
    frames = [frame for value in given for frame in _all_frames(run, value)]
    if not frames:
        return _unmodelled(run, "pandas.concat", args, node, scope)
    for frame in frames:
        for name in ("on", "left_on", "right_on"):
            note_columns(run, frame, args.get(None, name), scope)
    rows = [row for frame in frames for row in rows_in(run, frame)]
    return new_frame(run, rows, {name for frame in frames for name in own_columns(frame)})


def _all_frames(run: Interpreter, value: Value) -> Iterator[Instance]:
    yield from frames_in(value)
    for option in options(value):
        for held in containers.iterate(run, option)[0] if isinstance(option, (Sequence, Mapping)) else ():
            yield from frames_in(held)


def _unmodelled(run: Interpreter, name: str, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    from aurora_migrate.flow.calls import call_unseen

    return call_unseen(run, External(name), args, node, scope)


# -- what frames have


def _frame_member(run: Interpreter, frame: Instance, dotted: str, attr: str) -> Value | None:
    if attr in ("loc", "iloc", "at", "iat", "T", "style", "plot", "str", "dt"):
        return frame
    if attr == "columns":
        return choose(rows_in(run, frame))
    if attr in PROPERTIES:
        return Unknown((attr,))
    maker = _MAKERS.get(attr)
    if maker is not None:
        return Builtin(attr, lambda args, node, scope: maker(run, frame, args, scope))
    if attr in FRAME_ATTRIBUTES or attr in KEEPING:
        return Builtin(attr, lambda args, node, scope: _asked(run, frame, attr, args, scope))
    return Unknown((attr,))


def _asked(run: Interpreter, frame: Instance, attr: str, args: Args, scope: Scope) -> Value:
    """A method that takes names of columns; what it gives keeps the rows or is a number."""
    for index, name in COLUMN_ARGUMENTS.get(attr, ()):
        note_columns(run, frame, args.get(index, name), scope)
    for spelled in iterate_texts(args.get(0, "expr") or UNKNOWN) if attr in ("query", "eval") else ():
        for piece in names_in(spelled):
            note_columns(run, frame, Text((piece,)), scope)
    for value in args.every():
        for option in options(value):
            if callable_value(option):
                run.call(option, Args.of(frame), None, scope)
    return frame if attr in KEEPING else UNKNOWN


def callable_value(value: Value) -> bool:
    """Whether the value is a function of the program."""
    return isinstance(value, (ProjectFunction, Bound))


def _assign(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    for value, _ in args.keywords.values():
        if callable_value(value):
            run.call(value, Args.of(frame), None, scope)
    return new_frame(run, rows_in(run, frame), {*own_columns(frame), *args.keywords})


def _rename(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    columns = args.get(None, "columns")
    note_columns(run, frame, columns, scope)
    new: set[str] = set()
    for option in options(columns) if columns is not None else ():
        if isinstance(option, Mapping):
            entries = run.entries(option).items
            new |= {text.literal for e in entries for text in iterate_texts(e.value) if text.literal}
    return new_frame(run, rows_in(run, frame), {*own_columns(frame), *new})


def _insert(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    store_column(run, frame, args.get(1, "column") or UNKNOWN)
    return NONE


def _apply(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    function = args.get(0, "func") or UNKNOWN
    rows = rows_in(run, frame)
    results = [run.call(function, Args.of(row), None, scope) for row in rows if callable_value(function)]
    return choose(results) if results else UNKNOWN


def _pipe(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    function = args.get(0, "func") or UNKNOWN
    return run.call(function, args.without_first().prepended(frame), None, scope)


def _iterrows(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    pair = run.new_sequence(Items((UNKNOWN, choose(rows_in(run, frame)))), None, None)
    return run.new_sequence(Items((pair,), open=True), None, None)


def _itertuples(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    return run.new_sequence(Items((frame,), open=True), None, None)


def _to_dict(run: Interpreter, frame: Instance, args: Args, scope: Scope) -> Value:
    kind = next(iterate_texts(args.get(0, "orient") or UNKNOWN), None)
    if kind is None or kind.literal not in ("records", "r"):
        return UNKNOWN
    return run.new_sequence(Items(tuple(rows_in(run, frame)), open=True), None, None)


_MAKERS: dict[str, Callable[[Interpreter, Instance, Args, Scope], Value]] = {
    "assign": _assign,
    "rename": _rename,
    "insert": _insert,
    "apply": _apply,
    "pipe": _pipe,
    "iterrows": _iterrows,
    "itertuples": _itertuples,
    "to_dict": _to_dict,
}


# -- csv


def _writer(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    instance = run.new_instance(WRITER, node, scope.module)
    run.heap.set(instance.cells, "fieldnames", args.get(1, "fieldnames") or UNKNOWN)
    return instance


def _writer_member(run: Interpreter, writer: Instance, dotted: str, attr: str) -> Value | None:
    if attr not in ("writerow", "writerows"):
        return None

    def write(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = args.get(0) or UNKNOWN
        rows = rows_of(run, given) if attr == "writerows" else list(parts_of(given))
        frame = new_frame(run, rows, ())
        if rows:
            note_columns(run, frame, run.heap.get(writer.cells, "fieldnames"), scope)
        return NONE

    return Builtin(attr, write)


FUNCTIONS: dict[str, Function] = {
    FRAME: _frame,
    "pandas.DataFrame.from_records": _frame,
    "pandas.DataFrame.from_dict": _frame,
    "pandas.json_normalize": _normalised,
    "pandas.concat": _joined,
    "pandas.merge": _joined,
    WRITER: _writer,
}
MEMBERS: dict[str, Member] = {FRAME: _frame_member, WRITER: _writer_member}
ALIASES: dict[str, str] = {
    "pandas.io.json.json_normalize": "pandas.json_normalize",
    "geopandas.GeoDataFrame": FRAME,
}
