"""Texts that are taken apart: `split`, `rsplit`, `splitlines`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import Const, Items, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def split(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`split` and `rsplit`: the parts as far as separators are known."""
    from aurora_migrate.flow.texts import note_test

    separator = args.get(0, "sep")
    limit = args.get(1, "maxsplit")
    count = limit.value if isinstance(limit, Const) and isinstance(limit.value, int) else -1
    if separator is None or (isinstance(separator, Const) and separator.value is None):
        return run.new_sequence(Items(tuple(text.words(subject, count))), None, None)
    if not isinstance(separator, Text) or not separator.literal:
        return run.new_sequence(Items((text.hole(subject),), open=True), None, None)
    if node is not None and len(separator.literal) > 1:
        note_test(run, node, "split", subject, separator, scope)
    if node is not None and isinstance(node.func, cst.Attribute) and node.func.attr.value == "rsplit":
        return _from_end(run, subject, separator.literal, count)
    parts = run.new_sequence(Items(tuple(text.split(subject, separator.literal, count))), None, None)
    if separator.literal == "/":
        run.heap.set(parts.cells, "<whole>", subject)
    return parts


def _from_end(run: Interpreter, subject: Text, separator: str, count: int) -> Value:
    """`rsplit`: what stands before the parts that are taken off may lose some of its own."""
    found = text.split_right(subject, separator, count if count >= 0 else text.size(subject))
    taken = found[1:] if count >= 0 and len(found) > count else found
    for piece in (piece for part in taken for piece in part.pieces):
        if piece.node is not None and separator == "/":
            run.facts.cut_up[id(piece.node)] = "the program takes this text apart from its end"
    return run.new_sequence(Items(tuple(found)), None, None)


def split_lines(run: Interpreter, subject: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.new_sequence(Items(tuple(text.split(subject, "\n"))), None, None)
