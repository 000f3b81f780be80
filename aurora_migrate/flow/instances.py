"""Making objects of the project's classes: constructors, dataclass fields, settings models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    aliases,
    attributes,
    containers,
    fields,
    libraries,
    models,
    objects,
    parts,
    raising,
    typed,
    validation,
)
from aurora_migrate.flow.alternatives import choose, gap, iterate_texts, options, parts_of
from aurora_migrate.flow.annotations import annotated_classes
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.dicts import made_of
from aurora_migrate.flow.libraries import config_files
from aurora_migrate.flow.values import UNKNOWN, Bound, ClassValue, Function, Instance, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_SETTINGS = ("pydantic.BaseSettings", "pydantic_settings.BaseSettings")
_TYPED_DICTS = ("typing.TypedDict", "typing_extensions.TypedDict")


def instantiate(run: Interpreter, kind: ClassValue, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`Class(...)`: a new object with its constructor run."""
    if objects.is_enum(kind):
        wanted = args.get(0)
        members = objects.enum_members(run, kind)
        _note_parsed(run, wanted, members, node, scope)
        parts.note_taken(run, parts_of(wanted) if wanted is not None else (), kind, node, scope)
        same = [
            m for m in members if isinstance(m, Instance) and wanted and _same(m.cells.get("value"), wanted)
        ]
        return choose(same or members)
    if any(base in _TYPED_DICTS for base in objects.external_bases(kind)):
        return made_of(run, args, node, scope)
    made = _made_by_own_new(run, kind, args, node, scope)
    if made is not None:
        return made
    instance = run.new_instance(kind, node, scope.module)
    raising.keep_arguments(run, instance, args)
    constructor = objects.find_in_class(run, kind, "__init__")
    if constructor is None and kind.fields is not None:
        parts.note_taken(run, args.parts, kind, node, scope, spread=not args.sifted)
    if constructor is not None:
        containers.become_container(run, instance, Args(), None, scope)
        run.call(Bound(constructor, (instance,)), args, node, scope)
    elif kind.fields is not None:
        _fill_fields(run, instance, kind, args, node, scope)
    else:
        _construct_library_base(run, instance, kind, args, node, scope)
    return instance


def _made_by_own_new(
    run: Interpreter, kind: ClassValue, args: Args, node: cst.Call | None, scope: Scope
) -> Value | None:
    """What the `__new__` of a class makes whose objects are tuples: they get their items there."""
    maker = objects.find_in_class(run, kind, "__new__")
    if not isinstance(maker, Function) or not (kind.fields or containers.base_of(kind)):
        return None
    made = run.call(maker, args.prepended(kind), node, scope)
    return made if isinstance(made, Instance) else None


def allocated(run: Interpreter, kind: ClassValue, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`super().__new__(cls, ...)`: a new object, with its items if it is a tuple."""
    made = run.new_instance(kind, node, scope.module)
    given = args.without_first()
    if kind.fields is not None:
        _fill_fields(run, made, kind, given, node, scope)
    else:
        containers.become_container(run, made, given, node, scope)
    return made


def _note_parsed(
    run: Interpreter, wanted: Value | None, members: list[Value], node: cst.Call | None, scope: Scope
) -> None:
    """`Level(part)`: what a response says is held against the value of each member."""
    for part in parts_of(wanted) if wanted is not None else ():
        for member in members:
            value = member.cells.get("value") if isinstance(member, Instance) else None
            if value is not None:
                parts.match(run, part, value, None, scope.module, "enum")


def _same(value: Value | None, wanted: Value) -> bool:
    return (
        isinstance(value, Text) and isinstance(wanted, Text) and value.literal == wanted.literal is not None
    )


def _construct_library_base(
    run: Interpreter, instance: Instance, kind: ClassValue, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    objects.note_base_texts(run, kind, args)
    containers.become_container(run, instance, args, node, scope)
    for base in objects.external_bases(kind):
        if base == "builtins.str" and args.positional:
            run.heap.set(instance.cells, "<text>", args.values()[0])
        if libraries.canonical(base) in attributes.NAMESPACES:
            attributes.fill(run, instance, args)
        libraries.initialise(run, instance, base, args, node, scope)


def note_keywords(
    run: Interpreter, kind: ClassValue, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    """Note which arguments name the fields of a model."""
    for name, (_, arg) in args.keywords.items():
        spread = args.entries.get(name) if arg is None else None
        if spread is not None:
            models.note_made_of(run, kind, spread)
        if spread is not None and spread.place is not None:
            run.facts.note_look(spread.uses[0].module, spread.uses[0].operand, None, spread.place)
        declared = models.declared_field(kind, name) if arg is not None and node is not None else None
        if declared is not None and arg is not None:
            known = run.facts.field_keywords.setdefault((id(declared.owner.node), name), {})
            known.setdefault(id(arg), (scope.module, arg))


def _fill_fields(
    run: Interpreter,
    instance: Instance,
    kind: ClassValue,
    args: Args,
    node: cst.Call | None,
    scope: Scope,
) -> None:
    note_keywords(run, kind, args, node, scope)
    is_settings = any(base in _SETTINGS for base in objects.external_bases(kind))
    index = -1
    for name in kind.fields or ():
        described = fields.described(run, kind, name)
        is_given = fields.is_given(run, described)
        index += is_given
        given = args.get(index, name) if is_given else None
        if given is None:
            given = _given_by_alias(run, kind, name, args)
        if given is None and args.strangers:
            models.note_strangers(run, kind, name, args.strangers)
        if given is None and args.loose:
            given = choose(args.loose)
        if given is None and args.parts:
            found = models.filled(run, kind, name, args.parts, scope)
            given = choose(found) if found else None
        if given is None:
            given = fields.made_by_method(run, described, instance)
        if given is None:
            default = objects.find_in_class(run, kind, name)
            given = default_of(run, default, scope) if default is not None else gap(name)
            if is_settings or args.open_keywords or args.open_positional:
                in_files = config_files.of_settings_class(run, kind, name) if is_settings else []
                default_text = next(iterate_texts(choose([given, *in_files])), None) if is_settings else None
                unknown = Unknown((name,), default=default_text)
                unset = [] if in_files and default is None else [given]
                given = choose([*unset, *in_files, *_nested(run, kind, name), unknown])
        if args.converts or models.is_validating(kind):
            given = validation.of_field(run, kind, name, typed.of_field(run, kind, name, given))
        given = fields.converted(run, described, given, scope)
        run.heap.set(instance.cells, name, given)
        run.note_attribute(kind, name, given)
        fields.validate(run, described, instance, given)
    validation.keep_others(run, instance, kind, args)
    after = objects.find_in_class(run, kind, "__post_init__") or objects.find_in_class(
        run, kind, "__attrs_post_init__"
    )
    if isinstance(after, Function):
        run.call(Bound(after, (instance,)), fields.only_for_making(run, instance, kind), None, scope)


def _nested(run: Interpreter, kind: ClassValue, name: str) -> list[Value]:
    """What a model that is made of unknown data holds in a field that is a model itself, of plain fields."""
    made: list[Value] = []
    for inner in _models_of(run, kind, name):
        if not any(True for each in inner.fields or () for _ in _models_of(run, inner, each)):
            made.append(instantiate(run, inner, Args(open_keywords=True), None, inner.scope))
    return made


def _models_of(run: Interpreter, kind: ClassValue, name: str) -> list[ClassValue]:
    declared = models.declaration(kind, name)
    if declared is None:
        return []
    named = annotated_classes(run, declared.annotation.annotation, kind.scope)
    return [inner for inner in named if inner.fields]


def _given_by_alias(run: Interpreter, kind: ClassValue, name: str, args: Args) -> Value | None:
    """A field's argument by its alias; attrs takes a private field without its underscore."""
    alias = aliases.alias_of(run, kind, name, "validation_alias", "alias")
    spelled = alias.literal if alias is not None else name.lstrip("_")
    return args.get(None, spelled) if spelled and spelled != name else None


def default_of(run: Interpreter, default: Value, scope: Scope) -> Value:
    """The default that a field's class attribute stands for (`field(default=...)` and its kin evaluated)."""
    results: list[Value] = []
    for option in options(default):
        if isinstance(option, Instance) and option.kind == "dataclasses.field":
            plain = run.heap.get(option.cells, "default")
            factory = run.heap.get(option.cells, "default_factory")
            if plain is not None:
                results.append(plain)
            elif factory is not None:
                results.append(run.call(factory, Args(), None, scope))
            else:
                results.append(UNKNOWN)
        else:
            results.append(option)
    return choose(results)
