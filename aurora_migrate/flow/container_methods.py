"""The methods of mappings and sequences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, orders
from aurora_migrate.flow.alternatives import choose, options, unless_set
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.containers import (
    CONTENTS,
    append,
    base_of,
    become_container,
    copy_mapping,
    extend,
    key_names,
    key_text,
    lookup,
    merge_arguments,
    put,
    remove,
    statement_use,
)
from aurora_migrate.flow.places import Marker, Use
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.text import plain
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    Entry,
    Instance,
    Items,
    Mapping,
    Sequence,
    Unknown,
    Value,
)

SET_METHODS = frozenset(
    {"issubset", "issuperset", "isdisjoint", "difference", "intersection", "symmetric_difference"}
)
"""Methods of sets that hold their elements against others."""

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def mapping_attribute(run: Interpreter, mapping: Mapping, name: str) -> Value:
    """A method of a dict; any other attribute is a key of what `Box(dict)` and its kin make of it."""
    found = mapping_method(run, mapping, name)
    if isinstance(found, Builtin) or name.startswith("__"):
        return found
    return lookup(run, mapping, plain(name)) or found


def mapping_method(run: Interpreter, mapping: Mapping, name: str) -> Value:
    """A bound method of a dict."""

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        default = args.get(1, "default")
        found = lookup(run, mapping, args.get(0) or UNKNOWN, node, scope, Form.GET)
        if found is None:
            return default if default is not None else NONE
        if default is None or not (mapping.partial or run.entries(mapping).open):
            return found
        return choose([*(unless_set(option, default) for option in options(found)), default])

    def setdefault(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found = lookup(run, mapping, args.get(0) or UNKNOWN, node, scope)
        default = args.get(1) or NONE
        if found is None or all(type(option) is Unknown for option in options(found)):
            unknown = [unless_set(option, default) for option in options(found)] if found is not None else []
            found = choose([default, *unknown])
            for key, piece in key_names(args.get(0) or UNKNOWN):
                put(run, mapping, Entry(key, found, piece, statement_use(node, scope)))
        return found

    def pop(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        found = get(args, node, scope)
        for key, _ in key_names(args.get(0) or UNKNOWN):
            if key is not None:
                remove(run, mapping, key)
        return found

    def update(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        merge_arguments(run, mapping, args, node, scope)
        owner = run.heap.get(mapping.cells, attributes.OWNER)
        if isinstance(owner, Instance):
            attributes.spread(run, owner, [*args.parts, *args.values()])
        if args.open_keywords or args.open_positional:
            run.heap.set(mapping.cells, "entries", replace(run.entries(mapping), open=True))
        return NONE

    def copy(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return copy_mapping(run, mapping, node)

    def items(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        entries = run.entries(mapping)
        pairs = tuple(
            run.new_sequence(Items((key_text(entry), entry.value)), None, None) for entry in entries.items
        )
        pairs += tuple(
            run.new_sequence(Items((part.step(Marker.KEY), part.step(Marker.ITEM))), None, None)
            for part in entries.rest
        )
        uses = tuple(entry.uses for entry in entries.items)
        found = run.new_sequence(Items(pairs, entries.open, uses), None, None)
        run.heap.set(found.cells, "entries_of", mapping)
        return found

    def keys(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        entries = run.entries(mapping)
        return run.new_sequence(
            Items(
                (
                    *(key_text(entry) for entry in entries.items),
                    *(part.step(Marker.KEY) for part in entries.rest),
                ),
                entries.open,
            ),
            None,
            None,
        )

    def values(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        entries = run.entries(mapping)
        return run.new_sequence(
            Items(
                (*(entry.value for entry in entries.items), *(p.step(Marker.ITEM) for p in entries.rest)),
                entries.open,
            ),
            None,
            None,
        )

    def item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return lookup(run, mapping, args.get(0) or UNKNOWN, node, scope) or UNKNOWN

    def set_item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        uses = (Use(scope.module, node, node),) if node is not None else ()
        for spelled, piece in key_names(args.get(0) or UNKNOWN):
            put(run, mapping, Entry(spelled, args.get(1) or UNKNOWN, piece, uses))
        return NONE

    methods = {
        "get": get,
        "__getitem__": item,
        "__setitem__": set_item,
        "setdefault": setdefault,
        "pop": pop,
        "update": update,
        "copy": copy,
        "items": items,
        "keys": keys,
        "values": values,
        "extend": update,
        "add": update,
    }
    method = methods.get(name)
    return Builtin(f"dict.{name}", method) if method is not None else Unknown((name,))


def of_object(run: Interpreter, instance: Instance, attr: str) -> Value | None:
    """What an object of a subclass of `dict` or `list` has from that; None for other objects."""
    held = run.heap.get(instance.cells, CONTENTS)
    if attr == "__init__" and base_of(instance.kind) is not None:

        def become(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            become_container(run, instance, args, node, scope)
            return NONE

        return Builtin("dict.__init__", become)
    if attr == "data" and held is not None:
        return held
    if isinstance(held, Mapping):
        return mapping_method(run, held, attr)
    if held is None:
        from aurora_migrate.flow import keyed

        return keyed.member(run, instance, attr)
    return sequence_method(run, held, attr) if isinstance(held, Sequence) else None


def sequence_method(run: Interpreter, sequence: Sequence, name: str) -> Value:
    """A bound method of a list, tuple or set."""

    def add(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        append(run, sequence, args.get(0) or UNKNOWN, statement_use(node, scope))
        return NONE

    def insert(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        append(run, sequence, args.get(1) or UNKNOWN, statement_use(node, scope), front=True)
        return NONE

    def extended(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        extend(run, sequence, args.get(0) or UNKNOWN)
        return NONE

    def copied(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        copy = run.new_sequence(run.items(sequence)[0], node, scope.module)
        orders.keep(run, copy, sequence)
        return copy

    def popped(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.element(sequence)

    def nothing(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return NONE

    def sort(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        orders.lose(run, sequence)
        key = args.get(None, "key")
        if key is not None:
            run.call(key, Args.of(run.element(sequence)), None, scope)
        return NONE

    def compared(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        from aurora_migrate.flow import comparing

        sought = args.get(0)
        for items in run.items(sequence) if node is not None and sought is not None else ():
            for element in items.values:
                assert node is not None
                assert sought is not None
                comparing.equal(run, node, sought, element, scope)
        return UNKNOWN

    def listed(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        from aurora_migrate.flow import key_lists

        if node is not None:
            key_lists.note(run, node, sequence, args.get(0) or UNKNOWN, scope)
        return UNKNOWN

    if name in SET_METHODS:
        return Builtin(f"set.{name}", listed)
    methods = {
        "count": compared,
        "index": compared,
        "append": add,
        "add": add,
        "insert": insert,
        "extend": extended,
        "update": extended,
        "copy": copied,
        "pop": popped,
        "popleft": popped,
        "get": popped,
        "get_nowait": popped,
        "put": add,
        "put_nowait": add,
        "appendleft": add,
        "sort": sort,
        "reverse": nothing,
    }
    method = methods.get(name)
    return Builtin(f"list.{name}", method) if method is not None else Unknown((name,))
