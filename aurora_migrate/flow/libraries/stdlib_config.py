"""Configuration: the environment, argparse, configparser, click options, field defaults, namespaces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, text
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.facts import Form
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    Entries,
    Entry,
    Instance,
    Mapping,
    Scope,
    Sequence,
    Text,
    Unknown,
    Value,
    choose,
    iterate_texts,
    unless_set,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _environment(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`os.environ.get(name, default)`: the default, or something unknown that bears the name."""
    default = args.get(1, "default") or args.get(None, "cast_default")
    unknown = Unknown(_names(args.get(0, "key")), default=next(iterate_texts(default or UNKNOWN), None))
    return choose([default, unknown]) if default is not None else unknown


def _names(value: Value | None) -> tuple[str, ...]:
    return tuple(found.literal for found in iterate_texts(value or UNKNOWN) if found.literal)


def _namespace(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    instance = run.new_instance("types.SimpleNamespace", node, scope.module)
    for name, (value, _) in args.keywords.items():
        run.heap.set(instance.cells, name, value)
    if args.parts:
        held = run.new_mapping(Entries(rest=tuple(args.parts)), node, scope.module)
        run.heap.set(instance.cells, "<spread>", held)
    return instance


def _namespace_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """An attribute that a part of a response gave to the namespace."""
    held = run.heap.get(instance.cells, "<spread>")
    if not isinstance(held, Mapping) or instance.module is None or attr.startswith("__"):
        return None
    scope = Scope(run.heap.new_cells(), instance.module, None)
    return containers.lookup(run, held, text.plain(attr), instance.node, scope, Form.ARGUMENT)


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
    for name in ("alias", "validation_alias", "serialization_alias"):
        alias = args.get(None, name)
        if alias is not None:
            run.heap.set(instance.cells, name, alias)
    return instance


def _option(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`typer.Option(default)`, `fastapi.Query(default)`."""
    default = args.get(0, "default")
    return choose([default, UNKNOWN]) if isinstance(default, Text) else UNKNOWN


def _depends(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    function = args.get(0, "dependency")
    if function is None:
        return UNKNOWN
    result = run.call(function, Args(), None, scope)
    return run.element(result) if isinstance(result, Sequence) else result


# -- argparse


def _parser_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """Parsers, their groups and subparsers share one namespace of destinations."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<dests>", run.new_mapping(Entries(), node, scope.module))
        return NONE

    def add_argument(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        names = [found.literal for value in args.values() for found in iterate_texts(value) if found.literal]
        dest = next(iter(_names(args.get(None, "dest"))), None) or _destination(names)
        default = args.get(None, "default")
        unknown = Unknown((dest,) if dest else ())
        value = choose([default, unless_set(unknown, default)]) if default is not None else unknown
        dests = run.heap.get(instance.cells, "<dests>")
        if isinstance(dests, Mapping) and dest is not None:
            containers.put(run, dests, Entry(dest, value))
        return UNKNOWN

    def sub(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        child = run.new_instance("argparse.ArgumentParser", node, scope.module)
        run.heap.set(child.cells, "<dests>", run.heap.get(instance.cells, "<dests>") or UNKNOWN)
        return child

    def parse(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        namespace = run.new_instance("types.SimpleNamespace", node, scope.module)
        dests = run.heap.get(instance.cells, "<dests>")
        for entry in run.entries(dests).items if isinstance(dests, Mapping) else ():
            if entry.name is not None:
                run.heap.set(namespace.cells, entry.name, entry.value)
        return namespace

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
    return None


def _destination(names: list[str]) -> str | None:
    long = [name for name in names if name.startswith("--")] or names
    return long[0].lstrip("-").replace("-", "_") if long else None


# -- configparser


def _config_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def sections() -> Mapping:
        held = run.heap.get(instance.cells, "<sections>")
        if isinstance(held, Mapping):
            return held
        made = run.new_mapping(Entries(open=True), None, None)
        run.heap.set(instance.cells, "<sections>", made)
        return made

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        defaults = args.get(0, "defaults")
        if isinstance(defaults, Mapping):
            run.heap.set(instance.cells, "<defaults>", defaults)
        return NONE

    def read_dict(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        containers.merge(run, sections(), args.get(0) or UNKNOWN, None)
        return NONE

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        section = containers.lookup(run, sections(), args.get(0, "section") or UNKNOWN)
        key = args.get(1, "option") or UNKNOWN
        found: list[Value] = [Unknown(_names(key))]
        for holder in (section, run.heap.get(instance.cells, "<defaults>")):
            if isinstance(holder, Mapping):
                value = containers.lookup(run, holder, key)
                found.extend([value] if value is not None else [])
        fallback = args.get(None, "fallback")
        return choose([*found[1:], *([fallback] if fallback is not None else []), found[0]])

    def item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found = containers.lookup(run, sections(), args.get(0) or UNKNOWN)
        if isinstance(found, Mapping):
            opened = run.new_mapping(replace(run.entries(found), open=True), found.node, found.module)
            return opened
        return found if found is not None else UNKNOWN

    methods = {
        "__init__": construct,
        "read_dict": read_dict,
        "get": get,
        "__getitem__": item,
    }
    return Builtin(attr, methods[attr]) if attr in methods else None


FUNCTIONS: dict[str, Function] = {
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "os.environ.setdefault": _environment,
    "os.environ.pop": _environment,
    "os.environb.get": _environment,
    "decouple.config": _environment,
    "environ.Env.str": _environment,
    "types.SimpleNamespace": _namespace,
    "argparse.Namespace": _namespace,
    "dataclasses.field": _field,
    "pydantic.Field": _field,
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
    "types.SimpleNamespace": _namespace_member,
    "dataclasses.field": _plain_member,
    "argparse.ArgumentParser": _parser_member,
    "configparser.ConfigParser": _config_member,
}
ALIASES: dict[str, str] = {
    "configparser.RawConfigParser": "configparser.ConfigParser",
    "configparser.SafeConfigParser": "configparser.ConfigParser",
    "environs.Env.str": "environ.Env.str",
    "decouple.AutoConfig": "decouple.config",
}
