"""Tests for an API version and tables by versions: what asks for one, and which literal decides."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.values import Const, Entries, Mapping, Piece, Sequence, Text, Unknown, Value, Verdict

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

Side = tuple[cst.BaseExpression, Value]


def judged(run: Interpreter, node: cst.Comparison, sides: Seq[Side], outcome: Value, scope: Scope) -> Value:
    """The outcome of a comparison, with the guard that it is when a side names an API version."""
    named = [side for side in sides if any(_named(run, side[1]))] if run.versions else []
    if not named or any(_is_every_version(run, value) for _, value in sides):
        return outcome
    switches = [
        side for side in named if not isinstance(side[0], (cst.SimpleString, cst.Tuple, cst.List, cst.Set))
    ]
    deciders: list[Piece] = []
    if len(named) > 1:
        spelled = [name for _, value in switches for name in set(_named(run, value))]
        for _, value in switches:
            deciders.extend(_deciders(run, value, is_sure=len(spelled) == len(set(spelled))))
    guard = Guard(scope.module, node, deciders)
    return Const(outcome.value, guard=guard) if isinstance(outcome, Const) else Verdict(guard=guard)


def _is_every_version(run: Interpreter, value: Value) -> bool:
    """Whether a value is a list of all versions: to ask if one is among them (or a table) chooses none."""
    listed = [option for option in options(value) if isinstance(option, (Sequence, Mapping))]
    if not listed:
        return False
    found = {name for option in listed if isinstance(option, Sequence) for name in _named(run, option)}
    for option in listed:
        if isinstance(option, Mapping):
            found |= {entry.name for entry in run.entries(option).items if entry.name in run.versions}
    return found >= run.versions


def _deciders(run: Interpreter, value: Value, *, is_sure: bool) -> Iterator[Piece]:
    """The literals among the alternatives that name a version; of members and shared names only the text."""
    for option in options(value):
        found = option if isinstance(option, Text) else text.spelled_by(option)
        if found is None or found.literal not in run.versions:
            continue
        piece = found.pieces[0]
        is_own = isinstance(option, Text) and len(found.pieces) == 1 and not _is_member(run, piece)
        yield piece if is_own and is_sure else Piece(found.literal)


def _is_member(run: Interpreter, piece: Piece) -> bool:
    """Whether a literal is the value of an enumeration's member, which is a version's name and no choice."""
    from aurora_migrate.flow.objects import is_enum

    if piece.module is None or piece.node is None:
        return True
    parents = piece.module.parents
    above = parents.get(id(piece.node))
    for _ in range(3):
        above = parents.get(id(above))
    return any(kind.node is above and is_enum(kind) for kind in run.classes)


def _named(run: Interpreter, value: Value) -> Iterator[str]:
    for option in options(value):
        if isinstance(option, Sequence):
            for items in run.items(option):
                for item in items.values:
                    yield from _named(run, item)
        found = option if isinstance(option, Text) else text.spelled_by(option)
        if found is not None and found.literal in run.versions:
            yield found.literal


def guards_in(value: Value) -> Iterator[Guard]:
    """The guards that a value carries as the outcome of tests."""
    for option in options(value):
        if isinstance(option, (Const, Verdict)) and option.guard is not None:
            yield option.guard


def negated(value: Value, truth: bool | None) -> Value:
    """The opposite of a test's outcome, still guarded."""
    guard = next(guards_in(value), None)
    if truth is not None:
        return Const(not truth, guard=guard)
    return Verdict(guard=guard) if guard is not None else Unknown()


def key_guard(run: Interpreter, element: cst.DictElement, key: Value, scope: Scope) -> Guard | None:
    """The guard of an entry of a dict display whose key names an API version: the same at each look."""
    if not run.versions or not any(_named(run, key)):
        return None
    run.facts.version_entries.setdefault(id(element), next(_named(run, key)))
    return run.table_guards.setdefault(id(element), Guard(scope.module, element))


def note_looked_up(run: Interpreter, entries: Entries, name: str, key: Value) -> None:
    """A table by versions was looked into by this key: it is what decides, where the table has them all."""
    is_whole = run.versions <= {entry.name for entry in entries.items}
    for entry in entries.items:
        if entry.name != name:
            continue
        guards = [run.table_guards.get(id(use.operand)) for use in entry.uses]
        for guard in [guard for guard in guards if guard is not None]:
            for piece in _deciders(run, key, is_sure=is_whole):
                is_key = entry.key_piece is not None and piece.node is entry.key_piece.node
                made = Piece(piece.text) if is_key else piece
                if piece.text == name and all(made.node is not other.node for other in guard.deciders):
                    guard.deciders.append(made)
