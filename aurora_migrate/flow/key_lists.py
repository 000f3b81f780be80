"""Keys held against lists of names: `set(changes) - ALLOWED`, `REQUIRED <= answer.keys()`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, parts
from aurora_migrate.flow.alternatives import iterate_texts, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.own_entries import note_key_compared
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import Part, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

OPERATORS = (cst.Subtract, cst.BitAnd, cst.BitXor)
COMPARISONS = (
    cst.LessThan,
    cst.LessThanEqual,
    cst.GreaterThan,
    cst.GreaterThanEqual,
    cst.Equal,
    cst.NotEqual,
)


def note(run: Interpreter, node: cst.CSTNode, left: Value, right: Value, scope: Scope) -> None:
    """Note where one side's elements are keys of a mapping or of an answer, and the other lists names."""
    for keys, names in ((left, right), (right, left)):
        listed = list(_texts_in(run, names))
        if not listed:
            continue
        for key in _keys_of_answers(run, keys):
            for name in listed:
                parts.match(run, key, name, node, scope.module, "==")
        # What tests expect of the program's own mappings is known by other ways.
        for own in () if run.test else _texts_in(run, keys):
            if own.pieces[0].of_key is not None:
                for name in listed:
                    note_key_compared(run, own, name, node, scope)


def _texts_in(run: Interpreter, value: Value) -> Iterator[Text]:
    for option in options(value):
        if isinstance(option, Sequence):
            for element in containers.iterate(run, option)[0]:
                yield from (text for text in iterate_texts(element) if len(text.pieces) == 1)


def _keys_of_answers(run: Interpreter, value: Value) -> Iterator[Part]:
    """The keys of an answer's object that is given itself, or whose keys are gone through."""
    for option in options(value):
        if isinstance(option, Part):
            yield option.step(Marker.KEY)
        elif isinstance(option, Sequence):
            for element in containers.iterate(run, option)[0]:
                for part in parts_of(element):
                    if part.path[-1:] in ((Marker.KEY,), (Marker.ITEM,)):
                        yield replace(part, path=(*part.path[:-1], Marker.KEY))
