"""Tables of bodies (`PRESETS[name]`): what stands beside a body that is sent may be sent the same way."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.facts import Body, Facts
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entry, Mapping, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def add_neighbours(run: Interpreter) -> None:
    """For each body out of a table that is looked into by a variable key, add the table's other bodies.

    They are noted as further requests of the same call: no caller is seen that names them.
    """
    facts = run.facts
    known = {id(display) for body in _every_body(facts) for _, display in _displays(body)}
    for key, request in list(facts.requests.items()):
        for body in request.bodies:
            for module, display in _displays(body):
                for neighbour in _neighbours(run, module, display):
                    if id(neighbour.node) in known:
                        continue
                    for other in bodies_of(run, neighbour):
                        if _names(other) & _names(body):
                            added = replace(request, bodies=(other,))
                            facts.requests.setdefault(("neighbour", id(neighbour.node), key), added)


def add_kept(run: Interpreter) -> None:
    """Add to bodies what other methods put into the same mapping of an object, though nobody calls them.

    A builder that is sent may have been told by any of its methods. They are noted as further requests.
    """
    facts = run.facts
    sent = {place for body in _every_body(facts) for each in body.every() for place in _places(each)}
    for group, entries in facts.kept_entries.items():
        more = [entry for place, entry in entries.items() if place not in sent]
        if not more or sent.isdisjoint(entries):
            continue
        for key, request in list(facts.requests.items()):
            grown = [_grown(run, body, entries, more) for body in request.bodies]
            found = tuple(body for body in grown if body is not None)
            if found:
                added = replace(request, bodies=found, explored=True)
                facts.requests.setdefault(("kept", group, key), added)


def _places(body: Body) -> set[Hashable]:
    return {each.place for entry, _ in body.fields for each in entry.every() if each.place is not None}


def _grown(run: Interpreter, body: Body, group: Container[Hashable], more: list[Entry]) -> Body | None:
    """A body with more entries in the object that has some of a group; None where none has."""
    if body.mapping is not None and isinstance(body.mapping.node, cst.DictComp):
        return None  # what it takes over is its own choice
    if any(place in group for place in _places(body)):
        added = tuple((entry, tuple(bodies_of(run, entry.value))) for entry in more)
        return replace(body, fields=(*body.fields, *added))
    for index, (entry, held) in enumerate(body.fields):
        grown = [_grown(run, inner, group, more) for inner in held]
        if any(each is not None for each in grown):
            kept = tuple(new or old for new, old in zip(grown, held, strict=True))
            fields = (*body.fields[:index], (entry, kept), *body.fields[index + 1 :])
            return replace(body, fields=fields)
    return None


def _every_body(facts: Facts) -> Iterator[Body]:
    for request in facts.requests.values():
        yield from request.bodies


def _names(body: Body) -> set[str]:
    return {entry.name for entry, _ in body.fields if entry.name is not None}


def _displays(body: Body) -> Iterator[tuple[Module, cst.Dict]]:
    """The displays that a body's keys are written in: copies of it still know them."""
    seen: set[int] = set()
    for entry, _ in body.fields:
        for module, display in _displays_of(entry):
            if id(display) not in seen:
                seen.add(id(display))
                yield module, display


def _displays_of(entry: Entry) -> Iterator[tuple[Module, cst.Dict]]:
    piece = entry.key_piece
    if piece is None or piece.node is None or piece.module is None:
        return
    element = piece.module.parents.get(id(piece.node))
    display = piece.module.parents.get(id(element))
    if isinstance(element, cst.DictElement) and isinstance(display, cst.Dict) and element.key is piece.node:
        yield piece.module, display


def _neighbours(run: Interpreter, module: Module, display: cst.Dict) -> Iterator[Mapping]:
    """The other mappings of the table that a display stands in, if a variable key finds them."""
    element = module.parents.get(id(display))
    table = module.parents.get(id(element))
    if not isinstance(element, cst.DictElement) or not isinstance(table, cst.Dict):
        return
    for value in run.module_scope(module).cells.values():
        for option in _tables(value, table):
            entries = run.entries(option).items
            if any(_is_chosen(run.facts, entry) for entry in entries):
                for entry in entries:
                    yield from (each for each in options(entry.value) if isinstance(each, Mapping))


def _tables(value: Value, display: cst.Dict) -> Iterator[Mapping]:
    yield from (each for each in options(value) if isinstance(each, Mapping) and each.node is display)


def _is_chosen(facts: Facts, entry: Entry) -> bool:
    """Whether the program looks for the entry by something else than a literal that spells its key."""
    for look in facts.looks.get(entry.place, {}).values():
        node = look.node
        index = node.slice[0].slice if isinstance(node, cst.Subscript) else None
        key = index.value if isinstance(index, cst.Index) else None
        if isinstance(node, cst.Call) and node.args:
            key = node.args[0].value
        if isinstance(key, (cst.Name, cst.Attribute, cst.Subscript, cst.Call)):
            return True
    return False
