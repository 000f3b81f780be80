"""Configuration: the environment, argparse, typer's options, field defaults, namespaces."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, container_methods, containers, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, unless_set
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.narrowing import chosen
from aurora_migrate.flow.places import Use
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
    Sequence,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


ENVIRONMENT = "os.environ"
DEPENDS = "fastapi.Depends"
DEPENDENCY = "<dependency>"
"""The cell of what FastAPI calls for the value."""


def written(run: Interpreter, key: Value) -> Value | None:
    """What the program itself put into the environment under a name."""
    held = containers.contents(run, run.shared(ENVIRONMENT))
    found = containers.lookup(run, held, key) if held is not None and _names(key) else None
    if found is None or run.test:
        return found  # a test sets what it reads
    return choose([found, unless_set(Unknown(_names(key)), found)])


def write(run: Interpreter, key: Value, value: Value, uses: tuple[Use, ...] = ()) -> None:
    """`os.environ[key] = value`."""
    held = containers.contents(run, run.shared(ENVIRONMENT))
    for name, piece in containers.key_names(key):
        if held is not None and name is not None:
            containers.put(run, held, Entry(name, value, piece, uses))


def _set_default(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`os.environ.setdefault(name, value)`."""
    result = _environment(run, args, node, scope)
    write(run, args.get(0, "key") or UNKNOWN, args.get(1) or UNKNOWN, containers.statement_use(node, scope))
    return result


def _update(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    held = containers.contents(run, run.shared(ENVIRONMENT))
    update = container_methods.mapping_method(run, held, "update") if held else None
    return run.call(update, args, node, scope) if update is not None else NONE


def _environment(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`os.environ.get(name, default)`: the default, or something unknown that bears the name."""
    default = args.get(1, "default") or args.get(None, "cast_default")
    unknown = Unknown(_names(args.get(0, "key")), default=next(iterate_texts(default or UNKNOWN), None))
    set_here = written(run, args.get(0, "key") or UNKNOWN)
    if set_here is not None and run.test:
        return set_here
    found = [value for value in (set_here, default) if value is not None]
    return choose([*found, unknown]) if default is not None or set_here is None else choose(found)


def _env_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`environ.Env(NAME=(str, default))` and `environs.Env()`: `env("NAME", default=...)`, `env.str(...)`."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for name, (value, _) in args.keywords.items():
            found = run.items(value)[0].values if isinstance(value, Sequence) else ()
            if len(found) == 2:
                run.heap.set(instance.cells, f"<{name}>", found[1])
        return NONE

    def read(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        result = _environment(run, args, node, scope)
        defaults = [run.heap.get(instance.cells, f"<{name}>") for name in _names(args.get(0, "name"))]
        known = [value for value in defaults if value is not None]
        return choose([*known, *(unless_set(o, known[0]) for o in options(result))]) if known else result

    if attr == "__init__":
        return Builtin(attr, construct)
    return Builtin(attr, read) if attr in ("__call__", "str", "url", "get_value", "unicode") else None


def _names(value: Value | None) -> tuple[str, ...]:
    return tuple(found.literal for found in iterate_texts(value or UNKNOWN) if found.literal)


def _namespace(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    instance = run.new_instance("types.SimpleNamespace", node, scope.module)
    attributes.fill(run, instance, args)
    return instance


def _plain_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


def _field(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    instance = run.new_instance("dataclasses.field", node, scope.module)
    default = args.get(0, "default")
    factory = args.get(None, "default_factory") or args.get(None, "factory")
    if default is not None:
        run.heap.set(instance.cells, "default", default)
    if factory is not None:
        run.heap.set(instance.cells, "default_factory", factory)
    for name in ("converter", "validator", "init"):
        given = args.get(None, name)
        if given is not None:
            run.heap.set(instance.cells, f"<{name}>", given)
    for name in ("alias", "validation_alias", "serialization_alias", "name"):
        alias = args.get(None, name)
        if alias is not None:
            run.heap.set(instance.cells, "alias" if name == "name" else name, alias)
    return instance


def _field_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`@field.default`, `@field.validator`: decorators of attrs for methods that make or check the value."""
    if attr not in ("default", "validator"):
        return None

    def keep(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        method = args.get(0) or UNKNOWN
        run.heap.set(instance.cells, f"<{attr}>", method)
        return method

    return Builtin(f"field.{attr}", keep)


def _alias_choices(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`AliasChoices("one", "other")`: whichever of them is there."""
    return choose(args.values())


def _alias_path(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`AliasPath("outer", "inner")`: the keys that lead to it."""
    return run.new_sequence(Items(tuple(args.values())), node, scope.module)


def _cased(join: Callable[[list[str]], str]) -> Function:
    """One of pydantic's functions that make a key of a field's name."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found = next(iterate_texts(args.get(0) or UNKNOWN), None)
        words = re.findall(r"[A-Za-z][a-z0-9]*", found.literal) if found is not None and found.literal else []
        return text.plain(join([word.lower() for word in words])) if words else UNKNOWN

    return call


def _option(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`typer.Option(default)`, `fastapi.Query(default)`."""
    default = args.get(0, "default")
    return choose([default, unless_set(UNKNOWN, default)]) if isinstance(default, Text) else UNKNOWN


def is_depends(value: Value) -> bool:
    """Whether a default or annotation says that FastAPI gives the parameter's value."""
    return isinstance(value, Instance) and value.kind == DEPENDS


def _depends(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`Depends(callable)`, called for each request; without one the annotation names the callable."""
    made = run.new_instance(DEPENDS, node, scope.module)
    dependency = args.get(0, "dependency")
    if dependency is not None:
        run.heap.set(made.cells, DEPENDENCY, dependency)
    return made


# -- argparse


def _parser_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """Parsers, their groups and subparsers share one namespace of destinations."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        made = run.new_mapping(Entries(), node, scope.module)
        run.heap.set(instance.cells, "<dests>", made)
        for parent in containers.iterate(run, args.get(None, "parents") or UNKNOWN)[0]:
            held = run.heap.get(parent.cells, "<dests>") if isinstance(parent, Instance) else None
            containers.merge(run, made, held or NONE, None)
        return NONE

    def add_argument(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        names = [found.literal for value in args.values() for found in iterate_texts(value) if found.literal]
        dest = next(iter(_names(args.get(None, "dest"))), None) or destination(names)
        default = args.get(None, "default")
        if default is None and not is_needed(args, names):
            default = NONE if chosen(run, args.get(None, "choices")) else None
        unknown = given(run, args, Unknown((dest,) if dest else ()))
        value = choose([default, unless_set(unknown, default)]) if default is not None else unknown
        convert = args.get(None, "type")
        if isinstance(convert, (ClassValue, ProjectFunction)):
            value = run.call(convert, Args.of(value), None, scope)
        dests = run.heap.get(instance.cells, "<dests>")
        if isinstance(dests, Mapping) and dest is not None:
            containers.put(run, dests, Entry(dest, value))
        return UNKNOWN

    def sub(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        child = run.new_instance("argparse.ArgumentParser", node, scope.module)
        run.heap.set(child.cells, "<dests>", run.heap.get(instance.cells, "<dests>") or UNKNOWN)
        return child

    def parse(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = args.get(1, "namespace")
        is_given = isinstance(given, Instance)
        namespace = given if is_given else run.new_instance("types.SimpleNamespace", node, scope.module)
        assert isinstance(namespace, Instance)
        dests = run.heap.get(instance.cells, "<dests>")
        for entry in run.entries(dests).items if isinstance(dests, Mapping) else ():
            if entry.name is not None:
                run.heap.set(namespace.cells, entry.name, entry.value)
        return namespace

    def parse_known(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        rest = run.new_sequence(Items((), open=True), None, None)
        return run.new_sequence(Items((parse(args, node, scope), rest)), node, scope.module)

    def set_defaults(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        dests = run.heap.get(instance.cells, "<dests>")
        for name, (value, _) in args.keywords.items():
            if isinstance(dests, Mapping):
                known = containers.lookup(run, dests, text.plain(name))
                containers.put(
                    run, dests, Entry(name, choose([known, value]) if known is not None else value)
                )
        return NONE

    if attr == "__init__":
        return Builtin(attr, construct)
    if attr == "set_defaults":
        return Builtin(attr, set_defaults)
    if attr == "add_argument":
        return Builtin(attr, add_argument)
    if attr in ("add_argument_group", "add_mutually_exclusive_group", "add_subparsers", "add_parser"):
        return Builtin(attr, sub)
    if attr in ("parse_args", "parse_intermixed_args"):
        return Builtin(attr, parse)
    if attr in ("parse_known_args", "parse_known_intermixed_args"):
        return Builtin(attr, parse_known)
    return None


def given(run: Interpreter, args: Args, unknown: Unknown) -> Value:
    """What a command line can say: one of the choices where there are any, one time each."""
    several = args.get(None, "nargs") is not None or args.get(None, "action") is not None
    texts = [] if several else chosen(run, args.get(None, "choices"))
    return choose(texts) if texts else unknown


def is_needed(args: Args, names: list[str]) -> bool:
    """Whether a command line must say it: a positional argument, or one that is required."""
    required = args.get(None, "required")
    return not any(name.startswith("-") for name in names) or (
        isinstance(required, Const) and required.value is True
    )


def destination(names: list[str]) -> str | None:
    """The name that the options of a command line are known by."""
    long = [name for name in names if name.startswith("--")] or names
    return long[0].lstrip("-").replace("-", "_") if long else None


FUNCTIONS: dict[str, Function] = {
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "os.environ.setdefault": _set_default,
    "os.environ.update": _update,
    "os.environ.pop": _environment,
    "os.environb.get": _environment,
    "decouple.config": _environment,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "threading.local": _namespace,
    "dataclasses.field": _field,
    "pydantic.Field": _field,
    "pydantic.AliasChoices": _alias_choices,
    "pydantic.AliasPath": _alias_path,
    "pydantic.alias_generators.to_snake": _cased("_".join),
    "pydantic.alias_generators.to_pascal": _cased(lambda words: "".join(map(str.title, words))),
    "pydantic.alias_generators.to_camel": _cased(lambda words: words[0] + "".join(map(str.title, words[1:]))),
    "attr.ib": _field,
    "attr.field": _field,
    "attrs.field": _field,
    "msgspec.field": _field,
    "typer.Option": _option,
    "typer.Argument": _option,
    "fastapi.Query": _option,
    "fastapi.Header": _option,
    "fastapi.Depends": _depends,
    "fastapi.Security": _depends,
}
MEMBERS: dict[str, Member] = {
    "types.SimpleNamespace": _plain_member,
    "dataclasses.field": _field_member,
    "argparse.ArgumentParser": _parser_member,
    "environ.Env": _env_member,
    DEPENDS: _plain_member,
}
ALIASES: dict[str, str] = {
    "pydantic.ConfigDict": "builtins.dict",
    "environs.Env": "environ.Env",
    "environ.FileAwareEnv": "environ.Env",
    "decouple.AutoConfig": "decouple.config",
}
