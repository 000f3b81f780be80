"""Objects whose attributes are the keys of an answer: namespaces, `__dict__.update(body)`, `Box(body)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, parts, strangers
from aurora_migrate.flow.alternatives import choose, is_stranger, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import Entries, Entry, Instance, Part, Piece, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

OWN_DICT = "builtins.__dict__"
OWNER = "<owner>"
"""The cell of the object whose attributes a mapping holds: `vars(object)`."""

SPREAD = "<spread>"
"""The cell of the answers, and of what may be anything, whose keys became attributes."""

_SPELLED = (Marker.TEXT, Marker.URL, Marker.KEY, Marker.PARAMS)
"""Parts that are texts: their attributes are methods."""


def spread(run: Interpreter, instance: Instance, given: Iterable[Value]) -> None:
    """Make the keys of answers, or of what may be anything, attributes of an object."""
    held = [value for value in given if isinstance(value, Part) or is_stranger(value)]
    if held:
        known = run.heap.get(instance.cells, SPREAD)
        run.heap.set(instance.cells, SPREAD, choose([*([known] if known is not None else []), *held]))


NAMESPACES = frozenset({"types.SimpleNamespace", "argparse.Namespace", "threading.local"})
"""The library classes whose objects have what they are given by name, in subclasses, too."""


def fill(run: Interpreter, instance: Instance, args: Args) -> None:
    """Give an object the arguments of a call as attributes."""
    for name, (value, _) in args.keywords.items():
        run.heap.set(instance.cells, name, value)
    spread(run, instance, [*args.parts, *args.strangers])


def written_by_key(run: Interpreter, holder: Value, key: Value, value: Value) -> bool:
    """`object.__dict__["name"] = value`: whether that is what is stored there; it is an attribute then."""
    owner = run.heap.get(holder.cells, "<of>") if isinstance(holder, Instance) else None
    if not isinstance(owner, Instance) or not isinstance(holder, Instance) or holder.kind != OWN_DICT:
        return False
    for found in iterate_texts(key):
        if found.literal:
            run.heap.set(owner.cells, found.literal, value)
            run.note_attribute(owner.kind, found.literal, value)
    return True


def entries_of(run: Interpreter, instance: Instance) -> Entries:
    """The attributes of an object by name, with the answers whose keys are among them."""
    names = [name for name in instance.cells if isinstance(name, str) and not name.startswith("<")]
    held = run.heap.get(instance.cells, SPREAD)
    rest = tuple(parts_of(held)) if held is not None else ()
    known = tuple(Entry(name, instance.cells[name]) for name in names)
    return Entries(known, open=held is not None, rest=rest)


def own_dict(run: Interpreter, instance: Instance) -> Instance:
    """`object.__dict__`: what is written into it are attributes, what is read from it they are now."""
    made = run.new_instance(OWN_DICT, None, None)
    run.heap.set(made.cells, containers.CONTENTS, run.new_mapping(entries_of(run, instance), None, None))
    run.heap.set(made.cells, "<of>", instance)
    return made


def value_of(run: Interpreter, instance: Instance, attr: str) -> Value | None:
    """What such an object has under a name; None for what it does not have from an answer."""
    held = run.heap.get(instance.cells, SPREAD)
    if held is None or attr.startswith("__"):
        return None
    return choose([each.step(attr) if isinstance(each, Part) else Unknown((attr,)) for each in options(held)])


def note(run: Interpreter, holder: Value, node: cst.Attribute, scope: Scope) -> None:
    """Note what of an answer `holder.name` looks at; what is called is a method, never a field."""
    parent = scope.module.parents.get(id(node))
    if isinstance(parent, cst.Call) and parent.func is node:
        return
    _look(run, holder, Piece(node.attr.value), node, scope)


def note_named(run: Interpreter, holder: Value, name: Text, scope: Scope) -> None:
    """The same for `getattr(holder, "name")`, `hasattr`, `attrgetter("name")`."""
    piece = name.pieces[0] if len(name.pieces) == 1 else None
    if piece is not None and piece.text is not None and piece.node is not None:
        _look(run, holder, piece, piece.node, scope)


def _look(run: Interpreter, holder: Value, piece: Piece, node: cst.CSTNode, scope: Scope) -> None:
    name = piece.text or ""
    if name.startswith("__"):
        return
    spelled = piece if piece.node is not None else None
    for option in options(holder):
        if isinstance(option, Instance) and run.heap.get(option.cells, name) is not None:
            run.facts.own_lookers.add(id(node))
            continue
        for held in _spread_over(run, option, name):
            strangers.note(run, node, held, Text((piece,)))
            if isinstance(held, Part):
                strangers.note_answer(run, node, held, Text((piece,)))
                parts.note_read(run, held, name, spelled, node, scope, Form.ATTRIBUTE)


def _spread_over(run: Interpreter, holder: Value, name: str) -> Iterator[Value]:
    if isinstance(holder, Part):
        if holder.path[-1:] not in [(marker,) for marker in _SPELLED] and not parts.has_method(name):
            yield holder
    elif isinstance(holder, Instance):
        from aurora_migrate.flow import keyed

        held = run.heap.get(holder.cells, SPREAD)
        yield from options(held) if held is not None else ()
        yield from keyed.answers_as_attributes(run, holder, name)
