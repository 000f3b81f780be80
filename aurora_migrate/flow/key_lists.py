"""Keys of the program's own mappings held against lists of names: `set(changes) - ALLOWED`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.own_entries import note_key_compared
from aurora_migrate.flow.values import Sequence, Text, Value

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
    """Note where one side's elements are keys of a mapping, and the other lists their names."""
    if run.test:
        return
    mine, theirs = list(_texts_in(run, left)), list(_texts_in(run, right))
    for keys, others in ((mine, theirs), (theirs, mine)):
        for key in keys:
            if key.pieces[0].of_key is not None:
                for other in others:
                    note_key_compared(run, key, other, node, scope)


def _texts_in(run: Interpreter, value: Value) -> Iterator[Text]:
    for option in options(value):
        if isinstance(option, Sequence):
            for element in containers.iterate(run, option)[0]:
                yield from (text for text in iterate_texts(element) if len(text.pieces) == 1)
