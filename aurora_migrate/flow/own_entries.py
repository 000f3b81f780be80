"""Entries of the program's own mappings: what took their place, and who looks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Entries, Entry, Mapping, Piece, Text

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

MAX_OVER = 12


def over(entry: Entry, dropped: list[Entry]) -> Entry:
    """The entry with those that it takes the place of."""
    places = {entry.place}
    over = list(entry.over)
    for earlier in (each for item in dropped for each in item.every()):
        if earlier.place not in places and len(over) < MAX_OVER:
            places.add(earlier.place)
            over.append(replace(earlier, over=()))
    return replace(entry, over=tuple(over)) if over else entry


def note_look(
    run: Interpreter,
    mapping: Mapping,
    name: str,
    piece: Piece | None,
    node: cst.CSTNode | None,
    scope: Scope | None,
) -> None:
    """Note that `node` looks for a key, with the places of the entries that it may find."""
    if node is None and piece is not None:
        # A placeholder of a template.
        node = piece.node
    if node is None or scope is None:
        return
    entries = run.entries(mapping)
    same = [entry for entry in entries.items if entry.name == name]
    unclear = any(entry.name is None for entry in entries.items) or (entries.open and not entries.rest)
    if not run.test and (same or unclear):
        run.facts.own_finders.add(id(node))
    in_fake = _is_fakes(run, mapping) and not is_test_module(scope.module)
    for entry in same:
        if entry.place is not None and not (in_fake and not _is_of_tests(_home(entry))):
            run.facts.note_look(scope.module, node, piece, entry.place)


def note_own_key(run: Interpreter, piece: Piece | None) -> None:
    """A literal names a key of the program's own: it cannot change without that."""
    if piece is not None and piece.node is not None:
        run.facts.own_keys.add(id(piece.node))


def note_looker(
    run: Interpreter, mapping: Mapping, same: list[Entry], unclear: bool, node: cst.CSTNode, scope: Scope
) -> None:
    """Note what looks into a mapping: one that a test made stands in for what the program gets there."""
    from aurora_migrate.flow.bodies import bodies_of
    from aurora_migrate.flow.doubles import StandIn

    homes = {_home(entry) for entry in same} or {mapping.module}
    is_of_test = _is_fakes(run, mapping) or all(map(_is_of_tests, homes))
    if not is_of_test or is_test_module(scope.module):
        if same or unclear:
            run.facts.own_lookers.add(id(node))
    elif run.entries(mapping).items:
        place = mapping.node if mapping.node is not None else next((use.operand for use in _uses(same)), None)
        home = mapping.module if mapping.node is not None else next((use.module for use in _uses(same)), None)
        if place is not None and home is not None:
            run.doubles.stand_in(id(node), StandIn(home, place, bodies_of(run, mapping)))


def _is_fakes(run: Interpreter, mapping: Mapping) -> bool:
    """Whether a running test made the mapping: what it took over of what the program sends, it gives back."""
    return bool(run.test) and _is_of_tests(mapping.module)


def _is_of_tests(home: Module | None) -> bool:
    return home is not None and is_test_module(home)


def _home(entry: Entry) -> Module | None:
    """The module that made an entry."""
    if entry.uses:
        return entry.uses[-1].module
    return entry.key_piece.module if entry.key_piece is not None else None


def _uses(entries: list[Entry]) -> Iterator[Use]:
    for entry in entries:
        yield from entry.uses[-1:]


def note_key_compared(run: Interpreter, key: Text, other: Text, node: cst.CSTNode, scope: Scope) -> None:
    """Note a look at an entry by its own key, as a loop over the mapping gives it: `if name == "level"`."""
    if len(key.pieces) != 1 or len(other.pieces) != 1 or key.literal != other.literal:
        return
    mine, theirs = key.pieces[0], other.pieces[0]
    if mine.of_key is None or theirs.node is None or theirs.node is mine.node:
        return
    # What a test expects of what it was given is known by other ways, unless it looks for a key itself.
    if not run.test or id(mine.node) in run.facts.own_keys:
        run.facts.note_look(scope.module, node, theirs, mine.of_key)


def note_keys_met(
    run: Interpreter,
    entries: Entries,
    name: str,
    piece: Piece | None,
    node: cst.CSTNode | None,
    scope: Scope | None,
) -> None:
    """Note that the key of one mapping is looked up in another, which has it as a key, too."""
    if piece is None or node is None or scope is None or run.test:
        return
    _note_path_looked_up(run, entries, piece)
    for entry in entries.items if piece.of_key is not None else ():
        other = entry.key_piece
        is_other = entry.name == name and entry.place != piece.of_key
        if is_other and other is not None and other.node is not None:
            run.facts.note_look(scope.module, node, other, piece.of_key)


def _note_path_looked_up(run: Interpreter, entries: Entries, piece: Piece) -> None:
    """A path that is looked up among paths cannot change without those: `TIMEOUTS.get(path, 5)`."""
    if piece.node is None or "/" not in (piece.text or ""):
        return
    for entry in entries.items:
        key = entry.key_piece
        if key is not None and "/" in (entry.name or "") and key.node is not piece.node:
            run.facts.cut_up[id(piece.node)] = "it is also looked up among the keys of a mapping"
