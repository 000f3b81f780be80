"""The classes of named tuples: `Kind._make(items)`, `Kind._fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import UNKNOWN, Builtin, Items, Piece, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def class_member(run: Interpreter, kind: Builtin, attr: str) -> Value:
    """An attribute of a named tuple's class that no class statement makes."""
    if attr == "_make":
        return made_of_items(run, kind)
    if attr == "_fields":
        return run.new_sequence(Items(tuple(Text((Piece(name),)) for name in kind.fields or ())), None, None)
    return UNKNOWN


def made_of_items(run: Interpreter, kind: Value) -> Builtin:
    """`Kind._make(items)`: an object of the class with these items in its fields."""
    from aurora_migrate.flow import containers

    def made(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found, complete = containers.iterate(run, args.get(0) or UNKNOWN)
        given = Args.of(*found) if complete else Args(loose=found, open_positional=True)
        return run.call(kind, given, node, scope)

    return Builtin("_make", made)
