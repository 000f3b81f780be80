"""Pandas frames and csv writers: how they are made of responses, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.frame_methods import COLUMN_ARGUMENTS, FRAME_ATTRIBUTES, KEEPING, POLARS, PROPERTIES
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.names_in_texts import names_in
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.tables import (
    FRAME,
    frames_in,
    named_in,
    new_frame,
    note_columns,
    note_shown,
    note_strange_rows,
    note_table,
    objects_in,
    own_columns,
    own_names,
    rows_in,
    rows_of,
    set_separator,
    store_column,
)
from aurora_migrate.flow.trees import walk
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
_POLARS = "<polars>"
"""The cell that marks frames of polars."""


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


def _of_polars(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """polars' frames, to which no column can be assigned by its name."""
    rows = rows_of(run, args.get(0, "data") or UNKNOWN)
    if not rows:
        return _unmodelled(run, "polars.DataFrame", args, node, scope)
    frame = new_frame(run, rows, own_names(run, args.get(0, "data") or UNKNOWN))
    note_strange_rows(run, frame, args.get(0, "data") or UNKNOWN)
    run.heap.set(frame.cells, _POLARS, NONE)
    return frame


def _series(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`Series(item)`: one row, whose columns are the item's keys."""
    given = args.get(0, "data") or UNKNOWN
    rows = objects_in(run, given)
    if not rows:
        return _unmodelled(run, "pandas.Series", args, node, scope)
    frame = new_frame(run, rows, ())
    note_strange_rows(run, frame, given)
    note_columns(run, frame, args.get(1, "index"), scope)
    return frame


def _from_dict(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`DataFrame.from_dict(items, orient="index")`: the mapping's values are the rows."""
    held = [o for o in options(args.get(0, "data") or UNKNOWN) if isinstance(o, Mapping)]
    rows = [
        part for each in held for entry in run.entries(each).items for part in objects_in(run, entry.value)
    ]
    if not rows:
        return _frame(run, args, node, scope)
    frame = new_frame(run, rows, ())
    note_columns(run, frame, args.get(None, "columns"), scope)
    return frame


def _of_frame(name: str) -> Function:
    """A method of frames that is called with the frame as its first argument: `pivot_table(frame, ...)`."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        frame = args.get(0, "data") or args.get(None, "frame") or UNKNOWN
        rest = args.without_first() if args.positional else args
        return run.call(run.attribute(frame, name, scope), rest, node, scope)

    return call


def _named_aggregation(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    pair = (args.get(0, "column") or UNKNOWN, args.get(1, "aggfunc") or UNKNOWN)
    return run.new_sequence(Items(pair), node, scope.module)


def _normalised(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`json_normalize(items, record_path, meta)`."""
    given = args.get(0, "data") or UNKNOWN
    path = args.get(1, "record_path")
    rows = [*rows_of(run, given), *parts_of(given)]
    if not rows:
        return _unmodelled(run, "pandas.json_normalize", args, node, scope)
    frame = new_frame(run, rows, own_names(run, given))
    set_separator(run, frame, args.get(None, "sep"))
    if path is None:
        note_table(run, given, rows, node, scope)
    note_columns(run, frame, args.get(2, "meta"), scope)
    inner = rows
    for option in options(path) if path is not None else ():
        note_columns(run, frame, option, scope)
        names = [name for name, _ in named_in(run, option)]
        inner = [_below(row, names) for row in rows]
    made = new_frame(run, inner, (name for name, _ in named_in(run, args.get(2, "meta"))))
    set_separator(run, made, args.get(None, "sep"))
    return made


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
    if attr == "__call__":
        return Builtin("plot", lambda args, node, scope: _asked(run, frame, "plot", args, scope))
    if attr in FRAME_ATTRIBUTES or attr in KEEPING:
        return Builtin(attr, lambda args, node, scope: _asked(run, frame, attr, args, scope))
    return Unknown((attr,))


def _asked(run: Interpreter, frame: Instance, attr: str, args: Args, scope: Scope) -> Value:
    """A method that takes names of columns; what it gives keeps the rows or is a number."""
    for value, _ in args.keywords.values() if attr in ("agg", "aggregate") else ():
        for pair in options(value):  # total=("column", "sum")
            firsts = (
                [items.values[0] for items in run.items(pair) if items.values]
                if isinstance(pair, Sequence)
                else []
            )
            note_columns(run, frame, choose(firsts) if firsts else None, scope)
    _note_expressions(run, frame, attr, args, scope)
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


def _note_expressions(run: Interpreter, frame: Instance, attr: str, args: Args, scope: Scope) -> None:
    """The columns that polars' methods are asked for: texts, and `col("name")` within what is worked out."""
    if attr not in POLARS or _POLARS not in frame.cells:
        return
    given = [(value, arg.value if arg is not None else None) for value, arg in _every(args)]
    for _, node in list(given):
        for each in walk(node) if node is not None else ():
            if isinstance(each, cst.Call) and last_name(each.func) == "col":
                given += [(run.evaluate(arg.value, scope), arg.value) for arg in each.args]
    for value, node in given:
        if attr in ("filter", "sort") or node is None:
            note_columns(run, frame, value, scope)
        else:
            note_shown(run, frame, value, node, scope)


def _every(args: Args) -> list[tuple[Value, cst.Arg | None]]:
    return [*args.positional, *args.keywords.values()]


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
        if attr == "writerow":
            given = run.new_sequence(Items((given,)), None, None)
        rows = rows_of(run, given)
        frame = new_frame(run, rows, own_names(run, given))
        if rows:
            note_columns(run, frame, run.heap.get(writer.cells, "fieldnames"), scope)
        return NONE

    return Builtin(attr, write)


FUNCTIONS: dict[str, Function] = {
    FRAME: _frame,
    "pandas.DataFrame.from_records": _frame,
    "pandas.DataFrame.from_dict": _from_dict,
    "pandas.Series": _series,
    **dict.fromkeys(("polars.DataFrame", "polars.LazyFrame", "polars.from_dicts"), _of_polars),
    "pandas.NamedAgg": _named_aggregation,
    **{f"pandas.{name}": _of_frame(name) for name in ("pivot_table", "pivot", "melt")},
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
