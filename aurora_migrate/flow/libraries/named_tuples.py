"""Named tuples: what makes them, by field and by place, and the methods that they have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, containers, parts
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.stdlib_functional import replaced
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.protocols import NAMED_TUPLE, OF_FIELDS
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    ClassValue,
    Entries,
    Entry,
    Instance,
    Items,
    Part,
    Piece,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _named_tuple(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`namedtuple("Name", "a b")`, `NamedTuple("Name", [("a", int), ("b", str)])`."""
    given = args.get(1, "field_names") or args.get(1, "fields") or UNKNOWN
    names, answers = _names(run, given), list(_answers(run, given))

    def construct(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        instance = run.new_instance(NAMED_TUPLE, where, around.module)
        fields = run.new_sequence(Items(tuple(Text((Piece(name),)) for name in names)), None, None)
        run.heap.set(instance.cells, OF_FIELDS, fields)
        attributes.spread(run, instance, answers)
        for index, name in enumerate(names):
            run.heap.set(instance.cells, name, _given(run, inner, index, name, where, around))
        return instance

    return Builtin("namedtuple", construct, tuple(names))


def _names(run: Interpreter, given: Value) -> list[str]:
    if isinstance(given, Text) and given.literal:
        return given.literal.replace(",", " ").split()
    found: list[str] = []
    for each in run.items(given)[0].values if isinstance(given, Sequence) else ():
        pair = run.items(each)[0].values if isinstance(each, Sequence) else (each,)
        found += [text.literal for text in iterate_texts(pair[0]) if text.literal] if pair else []
    return found


def _answers(run: Interpreter, given: Value) -> Iterator[Part]:
    """The answers whose keys are the fields: `namedtuple("User", user.keys())`."""
    for option in options(given):
        held = containers.iterate(run, option)[0] if isinstance(option, Sequence) else [option]
        for part in (part for value in held for part in parts_of(value)):
            is_key = part.path[-1:] == (Marker.KEY,)
            yield Part(part.hints, part.roots, part.origin, part.path[:-1]) if is_key else part


def _given(run: Interpreter, args: Args, index: int, name: str, node: cst.Call | None, scope: Scope) -> Value:
    """What a field gets: its argument, what an answer that is spread with `**` has, one of those of a `*`."""
    given = args.get(index, name)
    if given is not None:
        return given
    spelled = Text((Piece(name),))
    found = [parts.look(run, part, spelled, node, scope, Form.ARGUMENT) for part in args.parts]
    return choose([*found, *args.loose]) if found or args.loose else UNKNOWN


def _member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """The methods of named tuples that models have not got, and for those without a class the others, too."""
    if attr == "_replace":
        return Builtin(attr, lambda args, node, scope: replaced(run, args.prepended(instance), node, scope))
    if attr == "_fields":
        return run.heap.get(instance.cells, OF_FIELDS)
    if attr == "_asdict" and isinstance(instance.kind, str):
        return Builtin(attr, lambda args, node, scope: _as_dict(run, instance, node, scope))
    return None


def _as_dict(run: Interpreter, instance: Instance, node: cst.Call | None, scope: Scope) -> Value:
    fields, _ = containers.iterate(run, run.heap.get(instance.cells, OF_FIELDS) or UNKNOWN)
    names = [field.literal or "" for field in fields if isinstance(field, Text)]
    held = tuple(Entry(name, run.heap.get(instance.cells, name) or UNKNOWN) for name in names)
    return run.new_mapping(Entries(held), node, scope.module)


def _as_tuple(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`dataclasses.astuple(model)`: what its fields hold, in order."""
    made: list[Value] = []
    for model in options(args.get(0) or UNKNOWN):
        kind = model.kind if isinstance(model, Instance) else None
        if isinstance(model, Instance) and isinstance(kind, ClassValue) and kind.fields is not None:
            held = tuple(run.heap.get(model.cells, name) or UNKNOWN for name in kind.fields)
            made.append(run.new_sequence(Items(held), node, scope.module))
    return choose(made)


FUNCTIONS: dict[str, Function] = {
    "collections.namedtuple": _named_tuple,
    "typing.NamedTuple": _named_tuple,
    "dataclasses.make_dataclass": _named_tuple,
    "attr.make_class": _named_tuple,
    "attrs.make_class": _named_tuple,
    **dict.fromkeys(("dataclasses.astuple", "attr.astuple", "attrs.astuple"), _as_tuple),
}
MEMBERS: dict[str, Member] = {"collections.namedtuple": _member, "typing.NamedTuple": _member}
ALIASES: dict[str, str] = {"typing_extensions.NamedTuple": "typing.NamedTuple"}
