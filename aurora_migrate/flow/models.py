"""Models: dataclasses, attrs and pydantic classes, made of mappings and responses, and dumped again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import aliases, attributes, containers, objects, parts, strangers, tuple_classes
from aurora_migrate.flow.alternatives import choose, is_stranger, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.bodies import dumped_value
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import MADE, Field, Use
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.recorded import of_file
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
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

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_DEPTH = 6


def declared_field(kind: ClassValue | str, name: str) -> Field | None:
    """The field of that name, with the class of the hierarchy whose body declares it."""
    if not isinstance(kind, ClassValue) or kind.fields is None or name not in kind.fields:
        return None
    for owner in objects.resolution_order(kind):
        if isinstance(owner, ClassValue) and declaration(owner, name) is not None:
            return Field(owner, name)
    return None


def note_member(run: Interpreter, holder: Value, node: cst.Attribute, scope: Scope) -> None:
    """Note where a model's field is used."""
    name = node.attr.value
    for option in options(holder):
        if isinstance(option, Instance) and not isinstance(option.kind, str):
            field = declared_field(option.kind, name)
            if field is not None:
                known = run.facts.members.setdefault((id(field.owner.node), name), {})
                known.setdefault(id(node), (scope.module, node))


def declaration(kind: ClassValue, name: str) -> cst.AnnAssign | None:
    """The statement `name: Type` of a class's body."""
    for statement in kind.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if (
                isinstance(small, cst.AnnAssign)
                and isinstance(small.target, cst.Name)
                and small.target.value == name
            ):
                return small
    return None


def filled(run: Interpreter, kind: ClassValue, name: str, given: list[Part], scope: Scope) -> list[Value]:
    """What a field gets from the parts of responses that the constructor is given."""
    field = declared_field(kind, name)
    if field is None:
        return _filled_unannotated(run, kind, name, given, scope)
    place = declaration(field.owner, name)
    home = Scope(scope.cells, field.owner.module, scope.parent)
    found: list[Value] = []
    for path in aliases.paths_to(run, kind, name):
        inner = [*given]
        for key in path[:-1]:
            inner = [part.step(key.literal) for part in inner if key.literal is not None]
        key = path[-1]
        if place is not None and is_validating(kind):
            _note_validated(run, field, place, [each for part in inner for each in _held(part, key)], home)
        found.extend(parts.look(run, part, key, place, home, Form.FIELD, field) for part in inner)
    return found


def _filled_unannotated(
    run: Interpreter, kind: ClassValue, name: str, given: list[Part], scope: Scope
) -> list[Value]:
    """The same for `name = attr.ib()`, which no annotation declares."""
    for owner in objects.resolution_order(kind):
        for small in class_statements(owner.node) if isinstance(owner, ClassValue) else ():
            targets = small.targets if isinstance(small, cst.Assign) else ()
            if any(isinstance(each.target, cst.Name) and each.target.value == name for each in targets):
                assert isinstance(owner, ClassValue)
                home = Scope(scope.cells, owner.module, scope.parent)
                key = aliases.alias_of(run, kind, name, "alias") or Text((Piece(name),))
                return [parts.look(run, part, key, small, home, Form.ARGUMENT) for part in given]
    return []


def class_statements(node: cst.ClassDef) -> Iterator[cst.CSTNode]:
    """The small statements of a class's body."""
    for statement in node.body.body:
        yield from statement.body if isinstance(statement, cst.SimpleStatementLine) else ()


def note_strangers(run: Interpreter, kind: ClassValue, name: str, spread: list[Unknown]) -> None:
    """Note that a field is also filled from what may come from anywhere."""
    field = declared_field(kind, name)
    place = declaration(field.owner, name) if field is not None else None
    if place is not None:
        strangers.note(run, place, choose(spread), Text((Piece(name),)))


def _note_validated(
    run: Interpreter, field: Field, place: cst.AnnAssign, held: list[Part], home: Scope
) -> None:
    """Note that a model makes members of an enumeration of what a response says."""
    from aurora_migrate.flow.annotations import annotated_classes

    inside = Scope(field.owner.cells, field.owner.module, field.owner.scope)
    for enumeration in annotated_classes(run, place.annotation.annotation, inside):
        if objects.is_enum(enumeration):
            parts.note_taken(run, held, enumeration, place, home)


def _held(part: Part, key: Text) -> Iterator[Part]:
    if key.literal is not None:
        yield part.step(key.literal)


def is_validating(kind: ClassValue) -> bool:
    """Whether a model checks the types of its fields when it is made."""
    return any(base.startswith(_VALIDATING) for base in objects.external_bases(kind))


_VALIDATING = ("pydantic.", "pydantic_settings.", "sqlmodel.", "msgspec.")


def made_from(run: Interpreter, kind: ClassValue, value: Value, node: cst.Call | None, scope: Scope) -> Value:
    """`Model.model_validate(value)`, `structure(value, Model)`: objects made of a mapping or a response."""
    from aurora_migrate.flow import typed, validation
    from aurora_migrate.flow.instances import instantiate

    results: list[Value] = []
    root = next((name for name in typed.ROOTS if kind.fields == (name,)), None)
    for option in options(validation.before(run, kind, value)):
        args = Args(converts=True)
        if root is not None:
            args.keywords[root] = (option, None)
        elif isinstance(option, Part):
            args.parts.append(option)
            args.open_keywords = True
        elif isinstance(option, Mapping):
            for entry in run.entries(option).items:
                if entry.name is not None:
                    note_made_of(run, kind, entry)
                    args.keywords[_field_called(run, kind, entry.name)] = (entry.value, None)
            args.parts.extend(run.entries(option).rest)
            args.open_keywords = run.entries(option).open
        else:
            args.open_keywords = True
            args.strangers.extend([option] if isinstance(option, Unknown) and is_stranger(option) else [])
        results.append(instantiate(run, kind, args, node, scope))
    return choose(results)


def note_made_of(run: Interpreter, kind: ClassValue, entry: Entry) -> None:
    """Note that a model gets a field from a mapping whose key the program spells."""
    field = declared_field(kind, entry.name or "")
    piece = entry.key_piece
    if field is not None and entry.field is None and piece is not None and piece.node is not None:
        assert piece.module is not None
        run.facts.dumped.setdefault((id(field.owner.node), field.name, MADE), (piece.module, piece.node))


def _field_called(run: Interpreter, kind: ClassValue, outside: str) -> str:
    for name in kind.fields or ():
        alias = aliases.alias_of(run, kind, name, "validation_alias", "alias")
        if alias is not None and alias.literal == outside:
            return name
    return outside


def dumped(
    run: Interpreter,
    value: Value,
    node: cst.CSTNode | None,
    scope: Scope,
    by_alias: bool = False,
    depth: int = 0,
) -> Value:
    """A model as the mapping that `asdict` or `model_dump` makes of it, with the models inside it."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, Instance) and not isinstance(value.kind, str) and value.kind.fields is not None:
        items = tuple(_dumped_fields(run, value, node, scope, by_alias, depth))
        rest = tuple(parts_of(run.heap.get(value.cells, attributes.SPREAD) or NONE))
        made_at = node if depth == 0 else None
        return run.new_mapping(Entries(items, open=bool(rest), rest=rest), made_at, scope.module)
    if isinstance(value, Sequence):
        alternatives = run.items(value)
        held = tuple(
            dumped(run, option, node, scope, by_alias, depth + 1)
            for items in alternatives
            for item in items.values
            for option in options(item)
        )
        return run.new_sequence(Items(held, any(items.open for items in alternatives)), None, None)
    return value


def _dumped_fields(
    run: Interpreter, instance: Instance, node: cst.CSTNode | None, scope: Scope, by_alias: bool, depth: int
) -> Iterator[Entry]:
    kind = instance.kind
    assert isinstance(kind, ClassValue)
    for name in kind.fields or ():
        held = run.heap.get(instance.cells, name)
        if held is None:
            continue
        value = choose([dumped(run, o, node, scope, by_alias, depth + 1) for o in options(held)])
        alias = aliases.alias_of(run, kind, name, "serialization_alias", "alias") if by_alias else None
        field = declared_field(kind, name)
        outside = alias.literal if alias is not None and alias.literal is not None else name
        if field is not None and node is not None:
            run.facts.dumped.setdefault((id(field.owner.node), name, outside), (scope.module, node))
        if alias is not None and alias.literal is not None:
            yield Entry(alias.literal, value, alias.pieces[0], (), None)
        else:
            yield Entry(name, value, None, (), field)


# -- the methods that libraries give to models

_MAKERS = frozenset({"model_validate", "parse_obj", "from_dict", "model_construct", "from_orm", "validate"})
_TEXT_MAKERS = frozenset({"model_validate_json", "parse_raw", "from_json"})
_DUMPERS = frozenset({"model_dump", "dict", "to_dict", "_asdict", "asdict"})
_TEXT_DUMPERS = frozenset({"model_dump_json", "json", "to_json"})
_FIELD_TABLES = frozenset({"__dataclass_fields__", "__annotations__", "model_fields", "__fields__"})
_OTHERS = frozenset({"model_extra", "__pydantic_extra__"})
_COPIERS = frozenset({"model_copy", "copy"})


def class_member(run: Interpreter, kind: ClassValue, attr: str) -> Value | None:
    """`Model.model_validate` and its kin; None for what no model has."""
    if kind.fields is None:
        return None
    if attr in _FIELD_TABLES:
        items = tuple(Entry(name, UNKNOWN) for name in kind.fields)
        return run.new_mapping(Entries(items), None, None)
    if attr == "_make":
        return tuple_classes.made_of_items(run, kind)
    if attr == "_fields":
        names = tuple(Text((Piece(name),)) for name in kind.fields)
        return run.new_sequence(Items(names), None, None)
    if attr == "schema":
        return Builtin(attr, lambda args, node, scope: _schema(run, kind, node, scope))
    if attr in _MAKERS:

        def made(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            keywords = Args(keywords=dict(args.keywords), parts=args.parts, open_keywords=args.open_keywords)
            given = args.get(0, "obj")
            if given is None:
                return run.call(kind, keywords, node, scope)
            return made_from(run, kind, given, node, scope)

        return Builtin(attr, made)
    if attr in _TEXT_MAKERS:

        def parsed(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            given = loaded(run, args.get(0) or UNKNOWN, node, scope)
            return made_from(run, kind, given, node, scope)

        return Builtin(attr, parsed)
    return None


def _schema(run: Interpreter, kind: ClassValue, node: cst.Call | None, scope: Scope) -> Value:
    """`Model.schema()` of dataclasses-json: what loads objects of the model."""
    from aurora_migrate.flow.libraries.typed_models import ADAPTER

    schema = run.new_instance(ADAPTER, node, scope.module)
    run.heap.set(schema.cells, "<fit>", class_member(run, kind, "from_dict") or UNKNOWN)
    return schema


def instance_member(run: Interpreter, instance: Instance, attr: str) -> Value | None:
    """`model.model_dump` and its kin; None for what no model has."""
    if isinstance(instance.kind, str) or instance.kind.fields is None:
        return None
    if attr in _OTHERS:
        return run.heap.get(instance.cells, attributes.SPREAD)
    if attr in _DUMPERS:
        return Builtin(attr, lambda args, node, scope: _dump(run, instance, args, node, scope))
    if attr in _TEXT_DUMPERS:
        return Builtin(
            attr,
            lambda args, node, scope: Text((Piece(None, hole=_dump(run, instance, args, node, scope)),)),
        )
    if attr in _COPIERS:
        return Builtin(attr, lambda args, node, scope: _copied(run, instance, args))
    return class_member(run, instance.kind, attr)


def _dump(run: Interpreter, instance: Instance, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    by_alias = args.get(None, "by_alias")
    aliased = isinstance(by_alias, Const) and bool(by_alias.value)
    return dumped(run, instance, node, scope, by_alias=aliased)


def _copied(run: Interpreter, instance: Instance, args: Args) -> Value:
    copy = run.new_instance(instance.kind, instance.node, instance.module)
    for key, held in list(instance.cells.items()):
        run.heap.set(copy.cells, key, held)
    update = args.get(None, "update")
    for option in options(update) if update is not None else ():
        for entry, _ in containers.entries_of(run, option):
            if entry is not None and entry.name is not None:
                run.heap.set(copy.cells, entry.name, entry.value)
    return copy


def loaded(run: Interpreter, text: Value, node: cst.CSTNode | None, scope: Scope) -> Value:
    """What a JSON text says: the body of a response, what the program had dumped, or its own template."""
    results: list[Value] = []
    for option in options(text):
        dumped_object = dumped_value(option) if isinstance(option, Text) else None
        if dumped_object is not None:
            results.append(dumped_object)
        elif isinstance(option, Part):
            results.append(parts.parsed(option))
        elif isinstance(option, Text) and option.literal is not None:
            results.append(_parsed(run, option.literal, node, scope))
        else:
            recorded = of_file(run, node, scope)
            unknown = Unknown(option.hints, option.roots) if isinstance(option, Unknown) else UNKNOWN
            results.append(recorded if recorded is not None else unknown)
    return choose(results)


def _parsed(run: Interpreter, text: str, node: cst.CSTNode | None, scope: Scope) -> Value:
    try:
        return as_value(run, json.loads(text), node, scope)
    except (ValueError, RecursionError):
        return UNKNOWN


def as_value(run: Interpreter, found: object, node: cst.CSTNode | None, scope: Scope) -> Value:
    """A parsed JSON value; its keys are spelled by the text that `node` parses."""
    if isinstance(found, dict):
        uses = (Use(scope.module, node, node),) if node is not None else ()
        entries = (Entry(key, as_value(run, held, node, scope), None, uses) for key, held in found.items())
        return run.new_mapping(Entries(tuple(entries)), node, scope.module)
    if isinstance(found, list):
        values = tuple(as_value(run, held, node, scope) for held in found)
        return run.new_sequence(Items(values), node, scope.module)
    if isinstance(found, str):
        return Text((Piece(found),)) if found else Text(())
    return Const(found)


def field_objects(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`dataclasses.fields(Model)`: objects with the names of the fields."""
    found: list[Value] = []
    for option in options(args.get(0) or UNKNOWN):
        kind = option.kind if isinstance(option, Instance) else option
        for name in (kind.fields or ()) if isinstance(kind, ClassValue) else ():
            field = run.new_instance("types.SimpleNamespace", None, None)
            run.heap.set(field.cells, "name", Text((Piece(name),)))
            found.append(field)
    return run.new_sequence(Items(tuple(found), open=not found), None, None)


# -- functions of libraries that make and dump models


def as_dict(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`dataclasses.asdict(model)`, `attrs.asdict(model)`, `cattrs.unstructure(model)`."""
    given = args.get(0) or UNKNOWN
    return (
        choose([dumped(run, option, node, scope) for option in options(given)]) if args.positional else NONE
    )
