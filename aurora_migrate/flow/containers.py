"""Mappings and sequences: what they hold, what writing to them changes, and their methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import orders, parts, strangers, versions
from aurora_migrate.flow.alternatives import choose, gap, is_stranger, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.own_entries import note_keys_met, note_look, note_looker, note_own_key, over
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.text import plain
from aurora_migrate.flow.values import (
    STRANGER,
    UNKNOWN,
    ClassValue,
    Const,
    Entries,
    Entry,
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
from aurora_migrate.flow.wrapped import element_of

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


MAX_CHARACTERS = 8
"""How long a text may be to be gone through character by character."""


def key_names(value: Value) -> list[tuple[str | None, Piece | None]]:
    """The keys that a value can be, each with the literal that spells it; None for an unknown key."""
    found: list[tuple[str | None, Piece | None]] = []
    for option in options(value):
        if isinstance(option, Text) and option.literal is not None:
            found.append((option.literal, option.pieces[0] if len(option.pieces) == 1 else None))
        elif isinstance(option, Const):
            found.append((repr(option.value), None))
        else:
            found.append((None, Piece(None, hole=option)))
    return found


def put(run: Interpreter, mapping: Mapping, entry: Entry) -> None:
    """Store under a key; an unknown key leaves the others as they may be."""
    entries = run.entries(mapping)
    kept = entries.items
    note_own_key(run, entry.key_piece)
    if mapping.node is not None and entry.uses:
        stored = run.facts.stored.setdefault(id(mapping.node), {})
        stored.setdefault((entry.place, entry.name), entry)
    if "<prepared>" in mapping.cells and entry.name is not None:
        run.facts.set_on_requests.add(entry.name.lower())
        if entry.key_piece is not None:
            run.facts.hook_headers[id(entry.key_piece.node)] = entry
    if entry.name is not None:
        kept = tuple(item for item in entries.items if item.name != entry.name)
        entry = over(entry, [item for item in entries.items if item.name == entry.name])
        entries = replace(entries, under=entries.under - {entry.name or ""})
    run.heap.set(mapping.cells, "entries", replace(entries, items=(*kept, entry)[-200:]))


def remove(run: Interpreter, mapping: Mapping, name: str) -> None:
    entries = run.entries(mapping)
    kept = tuple(item for item in entries.items if item.name != name)
    run.heap.set(mapping.cells, "entries", replace(entries, items=kept))


def lookup(
    run: Interpreter,
    mapping: Mapping,
    key: Value,
    node: cst.CSTNode | None = None,
    scope: Scope | None = None,
    form: Form = Form.SUBSCRIPT,
) -> Value | None:
    """What is under a key; None when the mapping certainly holds nothing there.

    `node` is what looks, in `scope`: noted for the parts of responses that were spread into the mapping.
    """
    entries = run.entries(mapping)
    found: list[Value] = []
    _note_looked_up(run, mapping, key, node)
    for name, piece in key_names(key):
        if entries.items or entries.open:
            note_own_key(run, piece if not entries.rest else None)
        if name is None:
            found.extend(entry.value for entry in entries.items)
            continue
        note_look(run, mapping, name, piece, node, scope)
        note_keys_met(run, entries, name, piece, node, scope)
        same = [entry.value for entry in entries.items if entry.name == name]
        found.extend(same)
        if name in run.versions:
            versions.note_looked_up(run, entries, name, key)
        found.extend(entry.value for entry in entries.items if entry.name is None)
        if node is not None and scope is not None:
            has = [entry for entry in entries.items if entry.name == name]
            note_looker(run, mapping, has, _is_from_elsewhere(mapping), node, scope)
        if (not same or name in entries.under) and entries.rest and scope is not None:
            spelled = Text((piece,)) if piece is not None else Text((Piece(name),))
            if node is not None and STRANGER in mapping.cells:
                strangers.note(run, node, mapping.cells[STRANGER], spelled)
            found.extend(parts.look(run, part, spelled, node, scope, form) for part in entries.rest)
        elif not same and mapping.partial:
            found.append(Unknown((name,)))
        elif not same and entries.open:
            found.append(Unknown((name,)) if _may_hold_strangers(mapping, entries) else gap(name))
    return choose(found) if found else None


def _may_hold_strangers(mapping: Mapping, entries: Entries) -> bool:
    """Whether a key that is not known to be there may have come from anywhere."""
    if STRANGER in mapping.cells:
        return True
    return "entries" in mapping.cells and all(entry.name is not None for entry in entries.items)


def _is_from_elsewhere(mapping: Mapping) -> bool:
    """Whether a mapping was made on another path, which was taken back with all that it put there."""
    is_empty = isinstance(mapping.node, cst.Dict) and not mapping.node.elements
    return "entries" not in mapping.cells and not is_empty


def _note_looked_up(run: Interpreter, mapping: Mapping, key: Value, looker: cst.CSTNode | None) -> None:
    """What a response says is looked up among the keys: each of them is a test."""
    if "<factory>" in mapping.cells:
        looker = None  # a defaultdict has a place for every key
    if looker is not None:
        strangers.note_tested(run, looker, key)
    for part in parts_of(key):
        for entry in run.entries(mapping).items:
            if entry.key_piece is not None and mapping.module is not None:
                sought = Text((entry.key_piece,))
                parts.match(run, part, sought, None, mapping.module, "lookup", looker)


def made_by_factory(run: Interpreter, mapping: Mapping, key: Value, scope: Scope) -> Value | None:
    """What a `defaultdict` puts under a key that it does not have."""
    factory = run.heap.get(mapping.cells, "<factory>")
    if factory is None:
        return None
    made = run.call(factory, Args(), None, scope)
    for name, piece in key_names(key):
        put(run, mapping, Entry(name, made, piece))
    return made


def merge(run: Interpreter, mapping: Mapping, value: Value, use: Use | None) -> None:
    """`mapping.update(value)`."""
    from aurora_migrate.flow import keyed

    value = keyed.as_mappings(run, value)
    rest = [*parts_of(value)]
    for option in options(value):
        rest.extend(run.entries(option).rest if isinstance(option, Mapping) else ())
    if rest:
        held = run.entries(mapping)
        under = held.under | {entry.name for entry in held.items if entry.name is not None}
        spread = replace(held, open=True, rest=(*held.rest, *rest), under=under)
        run.heap.set(mapping.cells, "entries", spread)
    for option in options(value):
        if is_stranger(option):
            run.heap.set(mapping.cells, STRANGER, option)
    for entry, is_open in entries_of(run, value):
        if entry is not None:
            put(run, mapping, entry.used_in(use) if use is not None else entry)
        if is_open:
            run.heap.set(mapping.cells, "entries", replace(run.entries(mapping), open=True))


def merge_arguments(
    run: Interpreter, mapping: Mapping, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    """Put the positional and keyword arguments of `dict(...)` and `update(...)` into a mapping."""
    for value, arg in args.positional:
        use = Use(scope.module, node, arg) if node is not None and arg is not None else None
        merge(run, mapping, value, use)
    for name, (value, arg) in args.keywords.items():
        uses = (Use(scope.module, node, arg),) if node is not None and arg is not None else ()
        spread = args.entries.get(name) if arg is None else None
        put(run, mapping, spread or Entry(name, value, None, uses))


def entries_of(run: Interpreter, value: Value) -> Iterable[tuple[Entry | None, bool]]:
    """The entries that a value contributes to a mapping; (None, True) for what is unknown."""
    for option in options(value):
        if isinstance(option, Mapping):
            entries = run.entries(option)
            for entry in entries.items:
                yield entry, False
            if entries.open:
                yield None, True
        elif isinstance(option, Sequence):
            yield from _pairs(run, option)
        elif not (isinstance(option, Const) and option.value is None):
            yield None, True


def unseen_of(run: Interpreter, value: Value) -> Iterator[Value]:
    """What a value adds to a mapping without entries that are seen: answers, and what may be anything."""
    for option in options(value):
        if isinstance(option, Mapping):
            yield from run.entries(option).rest
        elif isinstance(option, Unknown):
            yield option


def _pairs(run: Interpreter, sequence: Sequence) -> Iterable[tuple[Entry | None, bool]]:
    for items in run.items(sequence):
        for index, item in enumerate(items.values):
            pair = run.items(item) if isinstance(item, Sequence) else ()
            if len(pair) != 1 or len(pair[0].values) != 2:
                yield None, True
                continue
            key, value = pair[0].values
            uses = items.uses[index] if index < len(items.uses) else ()
            for name, piece in key_names(key):
                yield Entry(name, value, piece, uses), False
        if items.open:
            yield None, True


def extend(run: Interpreter, sequence: Sequence, value: Value) -> None:
    orders.keep(run, sequence, value)
    held = run.items(sequence)[0]
    for option in options(value):
        if isinstance(option, Sequence):
            more = run.items(option)[0]
            padded = (*held.uses, *((),) * (len(held.values) - len(held.uses)))
            held = Items((*held.values, *more.values)[:200], held.open or more.open, (*padded, *more.uses))
        else:
            elements: tuple[Value, ...] = (option,) if is_stranger(option) else ()
            if isinstance(option, Part):
                elements = (element_of(option),)
            held = Items((*held.values, *elements), True, held.uses)
    run.heap.set(sequence.cells, "items", held)


def append(
    run: Interpreter, sequence: Sequence, value: Value, uses: tuple[Use, ...] = (), front: bool = False
) -> None:
    held = run.items(sequence)[0]
    padded = (*held.uses, *((),) * (len(held.values) - len(held.uses)))
    if front:
        items = Items((value, *held.values), held.open, (uses, *padded))
    else:
        items = Items((*held.values, value), held.open, (*padded, uses))
    if len(items.values) > 200:
        items = Items((choose(items.values),), open=True)
    run.heap.set(sequence.cells, "items", items)


def iterate(run: Interpreter, value: Value) -> tuple[list[Value], bool]:
    """The elements that a loop over a value sees, and whether these are all of them, in order."""
    if isinstance(value, Sequence):
        alternatives = run.items(value)
        if len(alternatives) == 1:
            return list(alternatives[0].values), not alternatives[0].open
        return [item for items in alternatives for item in items.values], False
    if isinstance(value, Mapping):
        entries = run.entries(value)
        return [key_text(entry) for entry in entries.items], not entries.open
    if isinstance(value, Part):
        return [element_of(value)], False
    if isinstance(value, Unknown):
        return [Unknown(value.hints, value.roots)], False
    if isinstance(value, Text) and value.literal is not None and len(value.literal) <= MAX_CHARACTERS:
        return [plain(character) for character in value.literal], True
    if isinstance(value, Instance):
        from aurora_migrate.flow import protocols

        own = protocols.elements(run, value)
        return iterate(run, own) if own is not None else ([], False)
    if isinstance(value, ClassValue):
        from aurora_migrate.flow.objects import enum_members, is_enum

        return (enum_members(run, value), True) if is_enum(value) else ([], False)
    found: list[Value] = []
    for option in options(value):
        if option is not value:
            found.extend(iterate(run, option)[0])
    return found, False


def iterate_with_uses(run: Interpreter, value: Value) -> tuple[list[Value], list[tuple[Use, ...]], bool]:
    """As `iterate`, with the uses by which each element stands in its sequence."""
    values, complete = iterate(run, value)
    alternatives = run.items(value) if isinstance(value, Sequence) else ()
    uses = list(alternatives[0].uses) if len(alternatives) == 1 else []
    return values, [*uses, *((),) * (len(values) - len(uses))], complete


def key_text(entry: Entry) -> Value:
    """A mapping's key as a value (its literal stays a key: it must not be edited as if it were free text)."""
    if entry.key_piece is not None and entry.key_piece.hole is not None:
        return entry.key_piece.hole
    if entry.key_piece is not None:
        return Text((replace(entry.key_piece, of_key=entry.place),))
    if entry.name is None:
        return UNKNOWN
    return Text((Piece(entry.name, named=entry.field, of_key=entry.place),))


def copy_mapping(run: Interpreter, mapping: Mapping, node: cst.CSTNode | None) -> Mapping:
    copy = run.new_mapping(run.entries(mapping), node, mapping.module)
    if STRANGER in mapping.cells:
        run.heap.set(copy.cells, STRANGER, mapping.cells[STRANGER])
    return copy


MAPPING_BASES = frozenset(
    "builtins.dict collections.UserDict collections.OrderedDict typing.Dict typing.OrderedDict".split()
)
"""The library classes whose objects, also those of the project's subclasses, are mappings."""
SEQUENCE_BASES = frozenset(
    (
        "builtins.list builtins.tuple builtins.set collections.UserList collections.deque "
        "typing.List typing.Tuple typing.Deque"
    ).split()
)
"""Those whose objects are lists."""
CONTENTS = "<contents>"
"""The cell of what an object holds by key, or by number."""


def become_container(
    run: Interpreter, instance: Instance, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    """Give an object of a subclass of `dict` or `list` what its constructor is given."""
    from aurora_migrate.flow import libraries

    maker = base_of(instance.kind)
    if maker is not None:
        run.heap.set(instance.cells, CONTENTS, libraries.call(run, maker, args, node, scope))


def base_of(kind: ClassValue | str) -> str | None:
    """The function that makes what objects of such a subclass hold; None for other classes."""
    from aurora_migrate.flow import libraries, objects

    for base in objects.external_bases(kind) if isinstance(kind, ClassValue) else ():
        if libraries.canonical(base) in MAPPING_BASES:
            return "builtins.dict"
        if libraries.canonical(base) in SEQUENCE_BASES:
            return "builtins.list"
    return None


def contents(run: Interpreter, value: Value) -> Mapping | None:
    """The mapping that a value is: itself, or what an object of a subclass of `dict` holds."""
    if isinstance(value, Instance):
        value = run.heap.get(value.cells, CONTENTS) or value
    return value if isinstance(value, Mapping) else None


def statement_use(node: cst.Call | None, scope: Scope) -> tuple[Use, ...]:
    return (Use(scope.module, node, node),) if node is not None else ()
