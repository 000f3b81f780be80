"""marshmallow: schemas that take an object apart by their fields, each perhaps under another key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, objects, parts
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.models import loaded
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    Entries,
    Entry,
    Instance,
    Items,
    Part,
    Piece,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

SCHEMA = "marshmallow.Schema"
FIELD = "marshmallow.field"
_KINDS = (
    "AwareDateTime Bool Boolean Constant Date DateTime Decimal Dict Email Enum Field Float Function Int "
    "Integer List Mapping Method NaiveDateTime Nested Number Pluck Raw Str String Time TimeDelta URL UUID Url"
).split()
MAX_DEPTH = 4


def _field(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(FIELD, node, scope.module)
    for name in ("data_key", "load_from"):
        key = args.get(None, name)
        if key is not None:
            run.heap.set(made.cells, "<key>", key)
    run.heap.set(made.cells, "<inner>", args.get(0, "nested") or UNKNOWN)
    return made


def _field_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


def _schema_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`Schema().load(body)`, `Schema(many=True).loads(text)`."""
    kind = instance.kind
    if not isinstance(kind, ClassValue) or attr not in ("load", "loads", "dump", "dumps", "__init__"):
        return None
    if attr in ("dump", "dumps"):
        return Builtin(attr, lambda args, node, scope: _dumped(run, kind, args, node, attr == "dumps", scope))

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<many>", args.get(None, "many") or UNKNOWN)
        return UNKNOWN

    def load(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = args.get(0) or UNKNOWN
        given = loaded(run, given, node, scope) if attr == "loads" else given
        many = args.get(None, "many") or run.heap.get(instance.cells, "<many>")
        listed = isinstance(many, Const) and many.value is True
        held = [part.step(Marker.ITEM) if listed else part for part in parts_of(given)]
        found: list[Value] = [_taken_apart(run, kind, part, scope, 0) for part in held]
        if not found:
            return UNKNOWN
        return run.new_sequence(Items(tuple(found), open=True), None, None) if listed else choose(found)

    return Builtin(attr, construct if attr == "__init__" else load)


def _taken_apart(run: Interpreter, kind: ClassValue, part: Part, scope: Scope, depth: int) -> Value:
    """What a schema makes of an object: its fields by their own names."""
    entries: list[Entry] = []
    for owner in objects.resolution_order(kind):
        for name, field in _declared(owner) if isinstance(owner, ClassValue) else ():
            target = _target(owner, name) if isinstance(owner, ClassValue) else None
            key = _key_of(field)
            home = Scope(scope.cells, field.module or scope.module, scope.parent)
            spelled = key if key is not None else Text((Piece(name),))
            value = parts.look(run, part, spelled, target, home, Form.ARGUMENT if key is None else Form.GET)
            entries.append(Entry(name, _nested(run, field, value, scope, depth)))
    return run.new_mapping(Entries(tuple(entries), open=True), None, None)


def _dumped(
    run: Interpreter, kind: ClassValue, args: Args, node: cst.Call | None, as_text: bool, scope: Scope
) -> Value:
    """`Schema().dump(object)`: its fields under the schema's keys."""
    found: list[Value] = []
    for option in options(args.get(0, "obj") or UNKNOWN):
        entries: list[Entry] = []
        for owner in objects.resolution_order(kind):
            for name, field in _declared(owner) if isinstance(owner, ClassValue) else ():
                key = _key_of(field) or Text((Piece(name),))
                held = _held_by(run, option, name, scope)
                if key.literal is not None:
                    entries.append(Entry(key.literal, held, key.pieces[0]))
        found.append(run.new_mapping(Entries(tuple(entries)), node, scope.module))
    return choose([Text((Piece(None, hole=each),)) for each in found] if as_text else found)


def _held_by(run: Interpreter, value: Value, name: str, scope: Scope) -> Value:
    held = containers.contents(run, value)
    if held is None:
        return run.attribute(value, name, scope)
    return containers.lookup(run, held, Text((Piece(name),))) or UNKNOWN


def _key_of(field: Instance) -> Text | None:
    held = field.cells.get("<key>")
    return next(iterate_texts(held), None) if held is not None else None


def _declared(owner: ClassValue) -> Iterator[tuple[str, Instance]]:
    for name, value in owner.cells.items():
        for option in options(value):
            if isinstance(name, str) and isinstance(option, Instance) and option.kind == FIELD:
                yield name, option


def _target(owner: ClassValue, name: str) -> cst.CSTNode | None:
    for statement in owner.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            target = small.targets[0].target if isinstance(small, cst.Assign) else None
            if isinstance(target, cst.Name) and target.value == name:
                return target
    return None


def _nested(run: Interpreter, field: Instance, value: Value, scope: Scope, depth: int) -> Value:
    inner = field.cells.get("<inner>")
    kinds = [
        each.kind if isinstance(each, Instance) else each
        for each in (options(inner) if inner is not None else ())
    ]
    found = [
        _taken_apart(run, kind, part, scope, depth + 1)
        for kind in kinds
        if isinstance(kind, ClassValue) and depth < MAX_DEPTH
        for part in parts_of(value)
    ]
    return choose(found) if found else value


FUNCTIONS: dict[str, Function] = {f"marshmallow.fields.{kind}": _field for kind in _KINDS}
MEMBERS: dict[str, Member] = {SCHEMA: _schema_member, FIELD: _field_member}
ALIASES: dict[str, str] = {
    "flask_marshmallow.Schema": SCHEMA,
    "marshmallow_sqlalchemy.SQLAlchemySchema": SCHEMA,
}
