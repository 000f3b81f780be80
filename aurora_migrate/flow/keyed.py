"""Objects that are used as mappings: those of subclasses of `dict`, and those with methods of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, objects, part_entries, protocols
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Entries,
    Entry,
    External,
    Instance,
    Mapping,
    Part,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_ABSTRACT = frozenset(
    f"{home}.{name}" for home in ("collections.abc", "typing") for name in ("Mapping", "MutableMapping")
)
"""The classes that make a mapping of one's own `__getitem__` and `__iter__`."""


def as_mappings(run: Interpreter, value: Value) -> Value:
    """A value that is spread: objects as what they hold by key, pairs also as the answer they are of."""
    if not any(isinstance(option, (Instance, Sequence)) for option in options(value)):
        return value
    return choose([held for option in options(value) for held in _held(run, option)])


def _held(run: Interpreter, option: Value) -> Iterator[Value]:
    if isinstance(option, Instance):
        held = containers.contents(run, option) or _by_own_methods(run, option)
        option = held or protocols.elements(run, option) or option
    yield option
    if isinstance(option, Sequence):
        yield from _copied(run, option)


def _copied(run: Interpreter, pairs: Sequence) -> Iterator[Part]:
    """The answers of which pairs are the keys and values."""
    for items in run.items(pairs):
        for pair in items.values:
            held = run.items(pair)[0].values if isinstance(pair, Sequence) else ()
            found = part_entries.copied_from(*held) if len(held) == 2 else None
            if found is not None:
                yield found


def _by_own_methods(run: Interpreter, instance: Instance) -> Value | None:
    """What an object with a `__getitem__` of its own holds under the keys that it names."""
    getter = protocols.method_of(run, instance, "__getitem__")
    named = protocols.method_of(run, instance, "keys") or protocols.method_of(run, instance, "__iter__")
    if getter is None or named is None or not isinstance(instance.kind, ClassValue):
        return None
    scope = instance.kind.scope
    keys, complete = containers.iterate(run, run.call(named, Args(), None, scope))
    made = run.new_mapping(Entries(open=not complete), None, None)
    for key in keys:
        found = run.call(getter, Args.of(key), None, scope)
        copied = part_entries.copied_from(key, found)
        if copied is not None:
            containers.merge(run, made, copied, None)
        for name, piece in containers.key_names(key) if isinstance(key, Text) else ():
            containers.put(run, made, Entry(name, found, piece))
    return made


def member(run: Interpreter, instance: Instance, attr: str) -> Value | None:
    """The methods that `collections.abc.Mapping` adds to `__getitem__`; None where it is no base."""
    if not isinstance(instance.kind, ClassValue) or not _ABSTRACT & set(
        objects.external_bases(instance.kind)
    ):
        return None
    getter = protocols.method_of(run, instance, "__getitem__")
    if attr in ("items", "keys", "values", "copy"):
        held = _by_own_methods(run, instance)
        return run.attribute(held, attr, instance.kind.scope) if held is not None else None
    if attr not in ("get", "pop", "setdefault") or getter is None:
        return None

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found = run.call(getter, Args.of(args.get(0) or UNKNOWN), None, scope)
        return choose([found, args.get(1, "default") or NONE])

    return Builtin(attr, get)


def contained_in(run: Interpreter, sought: Value, value: Value, scope: Scope) -> Value:
    """What `sought in value` looks into; of objects with a `__contains__` of their own, that is run."""
    if not any(isinstance(option, Instance) for option in options(value)):
        return value
    found: list[Value] = []
    for option in options(value):
        method = protocols.method_of(run, option, "__contains__")
        if method is not None:
            run.call(method, Args.of(sought), None, scope)
        found.append(option if method is not None else _members(run, option))
    return choose(found)


def _members(run: Interpreter, option: Value) -> Value:
    if not isinstance(option, Instance):
        return option
    return containers.contents(run, option) or protocols.tuple_of(run, option) or option


def answers_as_attributes(run: Interpreter, instance: Instance, name: str) -> Iterator[Part]:
    """The answers whose key `name` is an attribute by `__getattr__ = dict.get` in the class's body."""
    kind = instance.kind
    if isinstance(kind, ClassValue) and objects.find_in_class(run, kind, name) is not None:
        return
    getter = objects.find_in_class(run, kind, "__getattr__") if isinstance(kind, ClassValue) else None
    if isinstance(getter, External) and getter.name.startswith("builtins.dict."):
        held = containers.contents(run, instance)
        yield from run.entries(held).rest if isinstance(held, Mapping) else ()
