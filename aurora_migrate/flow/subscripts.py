"""Subscripts: what `holder[index]` and `holder[start:stop]` can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    containers,
    libraries,
    objects,
    parts,
    protocols,
    strangers,
    tables,
    text,
    typed,
)
from aurora_migrate.flow.alternatives import choose, gap, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import (
    ABSENT,
    GAP,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    External,
    Instance,
    Items,
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


def subscript(run: Interpreter, node: cst.Subscript, scope: Scope) -> Value:
    holder = run.evaluate(node.value, scope)
    if len(node.slice) != 1:
        return _item_of_several(run, node, holder, scope)
    part = node.slice[0].slice
    if isinstance(part, cst.Slice):
        bounds = [
            run.evaluate(bound, scope) if bound is not None else None for bound in (part.lower, part.upper)
        ]
        return choose([_sliced(run, option, bounds, part.step is not None) for option in options(holder)])
    assert isinstance(part, cst.Index)
    index = spelled_key(run, run.evaluate(part.value, scope))
    strangers.note(run, node, holder, index)
    return choose([item(run, option, index, scope, node) for option in options(holder)])


def _item_of_several(run: Interpreter, node: cst.Subscript, holder: Value, scope: Scope) -> Value:
    """`frame.loc[rows, columns]`, or a mapping whose keys are tuples."""
    frames = list(tables.frames_in(holder))
    parts = [each.slice.value for each in node.slice if isinstance(each.slice, cst.Index)]
    values = tuple(run.evaluate(part, scope) for part in parts)
    if frames:
        return choose([tables.item(run, frame, value, scope, node) for frame in frames for value in values])
    if isinstance(holder, External) and holder.name.endswith("Annotated") and values:
        return libraries.annotated(run, values[0], list(values[1:]))
    key = _spelled(values)
    return choose([item(run, option, key, scope, node) for option in options(holder)])


def spelled_key(run: Interpreter, key: Value) -> Value:
    """A tuple of known texts as one text, since keys are kept by what they spell; anything else as it is."""
    if not isinstance(key, Sequence) or not isinstance(key.node, cst.Tuple):
        return key
    return _spelled(run.items(key)[0].values)


def _spelled(values: tuple[Value, ...]) -> Value:
    texts = [value.literal if isinstance(value, Text) else None for value in values]
    known = [text for text in texts if text is not None]
    return Text((Piece(repr(tuple(known))),)) if texts and len(known) == len(texts) else UNKNOWN


def note_taken_apart(run: Interpreter, parts: Sequence) -> None:
    """A text that was split is read by position: its number of parts must stay."""
    whole = run.heap.get(parts.cells, "<whole>")
    for piece in whole.pieces if isinstance(whole, Text) else ():
        if piece.node is not None:
            run.facts.cut_up[id(piece.node)] = "the program splits this text and counts its parts"


def item(
    run: Interpreter, holder: Value, index: Value, scope: Scope, node: cst.CSTNode | None = None
) -> Value:
    """`holder[index]`; `node` is the expression that looks."""
    if isinstance(holder, Part):
        return parts.look(run, holder, index, node, scope)
    mapping = containers.contents(run, holder)
    missing = protocols.method_of(run, holder, "__missing__")
    if mapping is not None and not _has_own_getter(run, holder, scope):
        holder = mapping
    if isinstance(holder, Mapping):
        found = containers.lookup(run, holder, index, node, scope)
        if found is None:
            found = containers.made_by_factory(run, holder, index, scope)
        if found is None and missing is not None:
            return run.call(missing, Args.of(index), None, scope)
        return found if found is not None else Unknown(text.hole(index).hints, _missing(holder))
    holder = protocols.tuple_of(run, holder) or holder
    if isinstance(holder, Sequence):
        position = index.value if isinstance(index, Const) else None
        if position not in (0, -1):
            note_taken_apart(run, holder)
        found_items = []
        for items in run.items(holder):
            if (
                isinstance(position, int)
                and not items.open
                and -len(items.values) <= position < len(items.values)
            ):
                found_items.append(items.values[position])
            else:
                found_items.extend(items.values or (run.element(holder),))
        return choose(found_items)
    if isinstance(holder, External):
        return objects.external_item(run, holder, index)
    if isinstance(holder, ClassValue):
        parts.note_taken(run, parts_of(index), holder, node, scope)
        spelled = [name for name, _ in containers.key_names(index) if name is not None]
        if not spelled and not objects.is_enum(holder):
            return typed.of_parameters(run, holder, index)  # `Client[Model]`
        return choose([objects.class_attribute(run, holder, name, holder) for name in spelled])
    if isinstance(holder, Instance):
        if holder.kind == tables.FRAME:
            return tables.item(run, holder, index, scope, node)
        getter = objects.attribute(run, holder, "__getitem__", scope)
        if not isinstance(getter, Unknown):
            return run.call(getter, Args.of(index), None, scope)
    names = tuple(name for name, _ in containers.key_names(index) if name is not None)
    if isinstance(holder, Const):
        return gap(*names)
    if node is None:
        strangers.note_spelled(run, holder, index)
    return text.hole(holder, index, hints=names)


def _missing(mapping: Mapping) -> frozenset[int]:
    """The roots of what is not under a key: what all of a program shares, no display has made."""
    return frozenset({GAP, ABSENT}) if mapping.node is None else frozenset({GAP})


def _has_own_getter(run: Interpreter, holder: Value, scope: Scope) -> bool:
    return isinstance(holder, Instance) and isinstance(
        objects.attribute(run, holder, "__getitem__", scope), Bound
    )


def _sliced(run: Interpreter, holder: Value, bounds: list[Value | None], stepped: bool) -> Value:
    numbers: list[int | None] = []
    for bound in bounds:
        if bound is None:
            numbers.append(None)
        elif isinstance(bound, Const) and isinstance(bound.value, int):
            numbers.append(bound.value)
        elif isinstance(holder, Sequence):
            return run.new_sequence(Items((run.element(holder),), open=True), None, None)
        else:
            return text.hole(holder)
    start, stop = numbers
    holder = protocols.tuple_of(run, holder) or holder
    if isinstance(holder, Text) and any(abs(bound) > 1 for bound in numbers if bound is not None):
        for piece in holder.pieces:
            if piece.node is not None:
                run.facts.cut_up[id(piece.node)] = "the program cuts this text at a fixed place"
    if isinstance(holder, Text) and not stepped:
        seen = text.characters(holder)
        if text.HOLE not in seen:
            first, last, _ = slice(start, stop).indices(len(seen))
            return text.cut(holder, first, last)
        if start is not None and start >= 0 and stop is None and text.HOLE not in seen[:start]:
            return text.cut(holder, start, len(seen))
        if start in (None, 0) and stop is not None and stop > 0 and text.HOLE not in seen[:stop]:
            return text.cut(holder, 0, stop)
        if start in (None, 0) and stop is not None and stop < 0 and text.HOLE not in seen[stop:]:
            return text.cut(holder, 0, len(seen) + stop)
    if isinstance(holder, Part):
        return holder
    if isinstance(holder, Sequence):
        alternatives = run.items(holder)
        if len(alternatives) == 1 and not alternatives[0].open and not stepped:
            return run.new_sequence(Items(alternatives[0].values[start:stop]), holder.node, holder.module)
        return run.new_sequence(Items((run.element(holder),), open=True), None, None)
    return text.hole(holder)
