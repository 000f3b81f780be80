"""Functions that make or combine functions: functools, itertools, operator, contextlib, copy, collections."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, containers, libraries, subscripts, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.instances import note_keywords
from aurora_migrate.flow.libraries.context import entered
from aurora_migrate.flow.libraries.stdlib_builtins import FUNCTIONS as BUILTINS
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    Builtin,
    ClassValue,
    External,
    Instance,
    Items,
    Mapping,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_ROWS = 24
"""How many combinations `itertools.product` makes before they are followed as one."""


def _partial(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    function = args.get(0) or UNKNOWN
    if isinstance(function, External):
        libraries.note_sdk_call(
            run, function.name, Args(open_positional=True, open_keywords=True), node, scope
        )
    keywords = tuple((name, value) for name, (value, _) in args.keywords.items())
    return choose([Bound(option, tuple(args.values()[1:]), keywords) for option in options(function)])


def _partial_method(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """A method of a class with its first arguments given: its object comes before them."""
    made = run.new_instance("functools.partialmethod", node, scope.module)
    run.heap.set(made.cells, "<call>", _partial(run, args, node, scope))
    return made


def _first(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or UNKNOWN


def _wraps(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return Builtin("functools.wraps", _identity)


def _identity(args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or UNKNOWN


def _reduce(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    function = args.get(0) or UNKNOWN
    values, complete = containers.iterate(run, args.get(1) or UNKNOWN)
    start = args.get(2)
    values = [*([start] if start is not None else []), *values]
    if values and (not complete or len(values) > 12):
        first = choose(values)
        step = run.call(function, Args.of(start or first, first), None, scope)
        return run.call(function, Args.of(step, first), None, scope)
    if not values:
        return UNKNOWN
    result = values[0]
    for value in values[1:]:
        result = run.call(function, Args.of(result, value), None, scope)
    return result


def _chain(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    parts = [containers.iterate_with_uses(run, value) for value in args.values()]
    values = tuple(value for found, _, _ in parts for value in found)
    uses = tuple(use for _, found, _ in parts for use in found)
    return run.new_sequence(Items(values, not all(complete for _, _, complete in parts), uses), None, None)


def _chain_nested(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    values, _ = containers.iterate(run, args.get(0) or UNKNOWN)
    return _chain(run, Args.of(*values), node, scope)


def _starmap(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    rows, complete = containers.iterate(run, args.get(1) or UNKNOWN)
    results = [
        run.call(
            args.get(0) or UNKNOWN, Args([(v, None) for v in containers.iterate(run, row)[0]]), None, scope
        )
        for row in rows[:12]
    ]
    return run.new_sequence(Items(tuple(results), not complete), None, None)


def _some_of(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """Elements of a sequence, nobody knows how many."""
    found, _ = containers.iterate(run, args.get(0) or UNKNOWN)
    return run.new_sequence(Items(tuple(found), open=True), None, None)


def _product(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    columns = [containers.iterate(run, value)[0] or [UNKNOWN] for value in args.values()]
    size = 1
    for column in columns:
        size *= len(column)
    if size > MAX_ROWS:
        columns = [[choose(column)] for column in columns]
    rows = tuple(run.new_sequence(Items(row), None, None) for row in product(*columns))
    return run.new_sequence(Items(rows, open=size > MAX_ROWS), None, None)


def _groups(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`groupby(items, key)`: pairs of a key and some of the items."""
    found, _ = containers.iterate(run, args.get(0) or UNKNOWN)
    key = args.get(1, "key")
    group: Value = run.new_sequence(Items(tuple(found), open=True), None, None)
    of = choose(found) if found else UNKNOWN
    name = run.call(key, Args.of(of), None, scope) if key is not None else of
    return run.new_sequence(
        Items((run.new_sequence(Items((name, group)), None, None),), open=True), None, None
    )


def _groups_of_any(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.new_sequence(Items((_some_of(run, args, node, scope),), open=True), None, None)


def _itemgetter(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    keys = args.values()

    def get(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        held = options(inner.get(0) or UNKNOWN)
        own = not run.test and any(isinstance(option, Mapping) for option in held)
        for _, piece in (pair for key in keys if own for pair in containers.key_names(key)):
            run.facts.own_lookers.update([id(piece.node)] if piece is not None else [])
        found = [choose([subscripts.item(run, option, key, around) for option in held]) for key in keys]
        return found[0] if len(found) == 1 else run.new_sequence(Items(tuple(found)), None, None)

    return Builtin("operator.itemgetter", get)


def _attrgetter(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    spelled = [found for found in iterate_texts(args.get(0) or UNKNOWN) if found.literal]
    names = [found.literal or "" for found in spelled]

    def get(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        value = inner.get(0) or UNKNOWN
        for name in names[0].split(".") if names else ():
            if name == names[0]:
                attributes.note_named(run, value, spelled[0], around)
            value = run.attribute(value, name, around)
        return value

    return Builtin("operator.attrgetter", get)


def _methodcaller(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    names = [found.literal for found in iterate_texts(args.get(0) or UNKNOWN) if found.literal]

    def get(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        method = run.attribute(inner.get(0) or UNKNOWN, names[0] if names else "", around)
        return run.call(method, args.without_first(), node, around)

    return Builtin("operator.methodcaller", get)


def _setitem(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`setitem(mapping, key, value)`, and `dict.__setitem__` of a mapping."""
    method = run.attribute(args.get(0) or UNKNOWN, "__setitem__", scope)
    return run.call(method, args.without_first(), node, scope)


def _copy(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    results: list[Value] = []
    for option in options(args.get(0) or UNKNOWN):
        if isinstance(option, Mapping):
            option = containers.copy_mapping(run, option, node)
        elif isinstance(option, Sequence):
            option = run.new_sequence(run.items(option)[0], node, scope.module)
        results.append(option)
    return choose(results)


def replaced(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`dataclasses.replace(obj, **changes)`."""
    original = args.get(0)
    if not isinstance(original, Instance):
        return UNKNOWN
    copy = run.new_instance(original.kind, original.node, original.module)
    if isinstance(original.kind, ClassValue):
        note_keywords(run, original.kind, args, node, scope)
    for key, held in list(original.cells.items()):
        run.heap.set(copy.cells, key, held)
    for name, (value, _) in args.keywords.items():
        run.heap.set(copy.cells, name, value)
    return copy


def _stack_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr in ("enter_context", "enter_async_context"):
        return Builtin(attr, lambda args, node, scope: entered(run, args.get(0) or UNKNOWN, scope))
    return None


def _of_dict(name: str) -> Function:
    """A method of `dict` that is called with the object as its first argument: `reduce(dict.get, ...)`."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        method = run.attribute(args.get(0) or UNKNOWN, name, scope)
        return run.call(method, args.without_first(), node, scope)

    return call


FUNCTIONS: dict[str, Function] = {
    **{f"builtins.dict.{name}": _of_dict(name) for name in ("get", "pop", "__getitem__", "items", "keys")},
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "functools.wraps": _wraps,
    "functools.reduce": _reduce,
    "functools.cache": _first,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_nested,
    "itertools.starmap": _starmap,
    "itertools.product": _product,
    "itertools.groupby": _groups,
    "itertools.batched": _groups_of_any,
    "itertools.pairwise": _groups_of_any,
    "itertools.zip_longest": BUILTINS["builtins.zip"],
    **dict.fromkeys(
        ("itertools.islice", "itertools.cycle", "itertools.tee", "itertools.accumulate", "random.sample"),
        _some_of,
    ),
    **dict.fromkeys(
        ("itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse"),
        BUILTINS["builtins.filter"],
    ),
    "random.choice": lambda run, args, node, scope: choose(
        containers.iterate(run, args.get(0) or UNKNOWN)[0] or [UNKNOWN]
    ),
    "operator.itemgetter": _itemgetter,
    "operator.attrgetter": _attrgetter,
    "operator.methodcaller": _methodcaller,
    "operator.setitem": _setitem,
    "builtins.dict.__setitem__": _setitem,
    "operator.add": lambda run, args, node, scope: text.concat([(v, None) for v in args.values()]),
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "types.MappingProxyType": _first,
    "attr.converters.optional": _first,
    "attrs.converters.optional": _first,
    "dataclasses.replace": replaced,
    "attrs.evolve": replaced,
    "contextlib.closing": _first,
    "contextlib.aclosing": _first,
    "contextlib.nullcontext": _first,
    "types.MethodType": lambda run, args, node, scope: Bound(
        args.get(0) or UNKNOWN, (args.get(1) or UNKNOWN,)
    ),
}
MEMBERS: dict[str, Member] = {
    "contextlib.ExitStack": _stack_member,
}
ALIASES: dict[str, str] = {
    "contextlib.AsyncExitStack": "contextlib.ExitStack",
    **dict.fromkeys([f"more_itertools.{name}" for name in ("first", "last", "one", "only")], "builtins.next"),
}
