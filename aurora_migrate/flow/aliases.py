"""The keys under which models look for their fields: aliases, several of them, paths, alias generators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import (
    NONE,
    ClassValue,
    Const,
    Instance,
    Mapping,
    Piece,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def alias_of(run: Interpreter, kind: ClassValue, name: str, *names: str) -> Text | None:
    """What a field is called outside, when its declaration says (`Field(alias=...)`)."""
    held = _declared_as(run, kind, name, *names)
    return next(iterate_texts(held), None) if held is not None else None


def _declared_as(run: Interpreter, kind: ClassValue, name: str, *names: str) -> Value | None:
    for option in _descriptions(run, kind, name):
        if isinstance(option, Instance) and option.kind == "dataclasses.field":
            for each in names:
                held = run.heap.get(option.cells, each)
                if held is not None and not isinstance(held, Const):
                    return held
    return None


def _descriptions(run: Interpreter, kind: ClassValue, name: str) -> Iterator[Value]:
    """What may describe a field: its default, or what `Annotated` says beside its type."""
    from aurora_migrate.flow.libraries import ANNOTATED
    from aurora_migrate.flow.models import declaration, declared_field

    default = objects.find_in_class(run, kind, name)
    yield from options(default) if default is not None else ()
    field = declared_field(kind, name)
    declared = declaration(field.owner, name) if field is not None else None
    if field is None or declared is None or not isinstance(declared.annotation.annotation, cst.Subscript):
        return
    home = Scope(field.owner.cells, field.owner.module, field.owner.scope)
    for option in options(run.evaluate(declared.annotation.annotation, home)):
        if isinstance(option, Instance) and option.kind == ANNOTATED:
            yield from options(run.heap.get(option.cells, "described") or NONE)


def paths_to(run: Interpreter, kind: ClassValue, name: str) -> list[list[Text]]:
    """The keys under which a model looks for a field, each with those of the objects around it."""
    held = _declared_as(run, kind, name, "validation_alias", "alias")
    paths: list[list[Text]] = []
    for option in options(held) if held is not None else ():
        if isinstance(option, Text):
            paths.append([option])
        elif isinstance(option, Sequence):
            steps = [next(iterate_texts(each), None) for items in run.items(option) for each in items.values]
            known = [step for step in steps if step is not None]
            paths.extend([known] if known and len(known) == len(steps) else [])
    if paths:
        return paths
    made = _generated(run, kind, name)
    return [[made if made is not None else Text((Piece(name),))]]


def _generated(run: Interpreter, kind: ClassValue, name: str) -> Text | None:
    """The key that a model's alias generator makes of a field's name."""
    renamed = _renamed(run, kind, name)
    if renamed is not None:
        return Text((Piece(renamed),))
    for holder in ("model_config", "Config"):
        config = objects.find_in_class(run, kind, holder)
        for option in options(config) if config is not None else ():
            made = setting(run, option, "alias_generator")
            named = (
                run.call(made, Args.of(Text((Piece(name),))), None, kind.scope) if made is not None else None
            )
            for found in iterate_texts(named) if named is not None else ():
                if found.literal:
                    return Text((Piece(found.literal),))
    return None


def _renamed(run: Interpreter, kind: ClassValue, name: str) -> str | None:
    """What a `msgspec.Struct` calls a field by `rename=...` of its class statement."""
    for arg in kind.node.keywords:
        if arg.keyword is None or arg.keyword.value != "rename":
            continue
        for option in options(run.evaluate(arg.value, kind.scope)):
            if isinstance(option, Mapping):
                held = setting(run, option, name)
                return next((text.literal for text in iterate_texts(held) if held), None) if held else None
            if isinstance(option, Text):
                return _styled(name, option.literal or "")
    return None


def _styled(name: str, style: str) -> str:
    """A field's name in one of msgspec's styles."""
    first, *rest = name.split("_")
    camel = first + "".join(map(str.title, rest))
    styles = {"camel": camel, "pascal": first.title() + camel[len(first) :], "kebab": name.replace("_", "-")}
    return styles.get(style, name)


def setting(run: Interpreter, config: Value, name: str) -> Value | None:
    """What a model's configuration says, a class or a mapping."""
    if isinstance(config, ClassValue):
        return objects.find_in_class(run, config, name)
    entries = run.entries(config).items if isinstance(config, Mapping) else ()
    return next((entry.value for entry in entries if entry.name == name), None)
