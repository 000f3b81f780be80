"""Python's built-in functions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, containers, models, orders, part_entries, parts, text
from aurora_migrate.flow.alternatives import A_NUMBER, choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.dicts import made_of
from aurora_migrate.flow.libraries.table import Function as LibraryFunction
from aurora_migrate.flow.libraries.table import Member
from aurora_migrate.flow.objects import resolution_order
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    Entries,
    Entry,
    External,
    Function,
    Instance,
    Items,
    Mapping,
    ModuleValue,
    Part,
    Piece,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_QUEUED = 6
"""How many different elements are remembered of a queue."""


def _first(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or UNKNOWN


def _as_string(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    if not args.positional:
        return Text(())
    value = args.values()[0]
    results: list[Value] = []
    for option in options(value):
        if isinstance(option, Instance) and isinstance(option.kind, ClassValue):
            method = run.attribute(option, "__str__", scope)
            option = run.call(method, Args(), None, scope) if not isinstance(method, Unknown) else option
        if isinstance(option, Unknown) and option.default is not None:
            results.append(option)  # a setting stays what it is when nobody sets it
            continue
        if isinstance(option, Part) and option.origin.sent is not None:
            results.append(option)
            continue
        if isinstance(option, Part):
            results.append(Text((Piece(None, hole=option),)))
            continue
        known = isinstance(option, Text) or (isinstance(option, Const) and option.value is not None)
        known = known or text.spelled_by(option) is not None
        results.append(text.as_text(option) if known else text.hole(option))
    return choose(results)


def _dict(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return made_of(run, args, node, scope)


def _list(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0)
    if value is None:
        return run.new_sequence(Items(), node, scope.module)
    if isinstance(value, Sequence):
        copied = run.new_sequence(run.items(value)[0], node, scope.module)
        for note in ("entries_of", "query_of", "query_items"):
            held = run.heap.get(value.cells, note)
            if held is not None:
                run.heap.set(copied.cells, note, held)
        orders.keep(run, copied, value)
        return copied
    found, complete = containers.iterate(run, value)
    made = run.new_sequence(Items((*parts.keys_of_sent(value), *found), not complete), node, scope.module)
    orders.keep(run, made, value)
    return made


def _set(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """A set, or what is sorted: it has an order of its own, or none."""
    made = _list(run, args, node, scope)
    if isinstance(made, Sequence):
        orders.lose(run, made)
    return made


def _zip(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    columns = [containers.iterate(run, value) for value in args.values()]
    if columns and all(complete for _, complete in columns):
        rows = [
            run.new_sequence(Items(row), None, None)
            for row in zip(*(found for found, _ in columns), strict=False)
        ]
        return run.new_sequence(Items(tuple(rows)), None, None)
    row = tuple(choose(found) if found else UNKNOWN for found, _ in columns)
    return run.new_sequence(Items((run.new_sequence(Items(row), None, None),), open=True), None, None)


def _enumerate(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found, complete = containers.iterate(run, args.get(0) or UNKNOWN)
    rows = tuple(run.new_sequence(Items((A_NUMBER, value)), None, None) for value in found)
    return run.new_sequence(Items(rows, not complete), None, None)


def _map(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    function = args.get(0) or UNKNOWN
    columns = [containers.iterate(run, value) for value in args.values()[1:]]
    if columns and all(complete for _, complete in columns) and max(len(found) for found, _ in columns) <= 12:
        rows = zip(*(found for found, _ in columns), strict=False)
        values = tuple(run.call(function, Args.of(*row), None, scope) for row in rows)
        uses = containers.iterate_with_uses(run, args.values()[1])[1] if len(columns) == 1 else ()
        return run.new_sequence(Items(values, uses=tuple(uses)), None, None)
    element = [choose(found) if found else UNKNOWN for found, _ in columns]
    return run.new_sequence(
        Items((run.call(function, Args.of(*element), None, scope),), open=True), None, None
    )


def _filter(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found, _ = containers.iterate(run, args.get(1) or UNKNOWN)
    if found:
        run.call(args.get(0) or UNKNOWN, Args.of(choose(found)), None, scope)
    return run.new_sequence(Items(tuple(found), open=True), None, None)


def _next(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found, _ = containers.iterate(run, args.get(0) or UNKNOWN)
    default = args.get(1)
    return choose([*found, *([default] if default is not None else [])]) if found or default else UNKNOWN


def _iter(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`iter(sequence)`, or `iter(function, sentinel)`: what the function gives again and again."""
    if len(args.positional) < 2:
        return args.get(0) or UNKNOWN
    result = run.call(args.values()[0], Args(), None, scope)
    return run.new_sequence(Items((result,), open=True), None, None)


def _setattr(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    names = [found.literal for found in iterate_texts(args.get(1) or UNKNOWN)]
    for holder in options(args.get(0) or UNKNOWN):
        copied = part_entries.copied_from(args.get(1) or UNKNOWN, args.get(2) or UNKNOWN)
        if copied is not None and isinstance(holder, Instance):
            attributes.spread(run, holder, [copied])
        for name in names:
            if isinstance(holder, (Instance, ClassValue)) and name:
                run.heap.set(holder.cells, name, args.get(2) or UNKNOWN)
            elif isinstance(holder, ModuleValue) and name:
                run.heap.set(run.module_scope(holder.module).cells, name, args.get(2) or UNKNOWN)
    return NONE


def _super(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    current: Scope | None = scope
    while current is not None and (current.receiver is None or current.owner is None):
        current = current.parent
    if current is None or current.owner is None or current.receiver is None:
        return UNKNOWN
    proxy = run.new_instance("builtins.super", node, scope.module)
    receiver: Value = current.receiver
    run.heap.set(proxy.cells, "receiver", receiver)
    run.heap.set(proxy.cells, "owner", current.owner)
    return proxy


def _names(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`globals()`: the texts, functions and classes of the module, by name."""
    while scope.parent is not None:
        scope = scope.parent
    held = ((name, run.heap.get(scope.cells, name)) for name in list(scope.cells) if isinstance(name, str))
    items = (
        Entry(name, value)
        for name, value in held
        if isinstance(value, (Text, Function, ClassValue)) and not name.startswith("_")
    )
    return run.new_mapping(Entries(tuple(items), open=True), node, scope.module)


def _locals(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`locals()`: what the function's names hold by now."""
    items = tuple(Entry(name, value) for name, value in scope.cells.items() if isinstance(name, str))
    return run.new_mapping(Entries(items), node, scope.module)


def _vars(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0)
    if not isinstance(value, Instance):
        # A part of an answer that an object hook made an object of.
        return choose(list(parts_of(value))) if value is not None and any(parts_of(value)) else UNKNOWN
    if not isinstance(value.kind, str) and value.kind.fields is not None:
        return models.dumped(run, value, node, scope)
    made = run.new_mapping(attributes.entries_of(run, value), node, scope.module)
    run.heap.set(made.cells, attributes.OWNER, value)
    return made


def _from_keys(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`dict.fromkeys(names, value)`."""
    value = args.get(1, "value") or NONE
    keys, complete = containers.iterate(run, args.get(0) or UNKNOWN)
    named = [pair for key in keys for pair in containers.key_names(key)]
    entries = tuple(Entry(name, value, piece) for name, piece in named if name is not None)
    is_open = not complete or len(entries) < len(named)
    return run.new_mapping(Entries(entries, open=is_open), node, scope.module)


def _isinstance(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value, kind = args.get(0) or UNKNOWN, args.get(1) or UNKNOWN
    kinds = run.items(kind)[0].values if isinstance(kind, Sequence) else (kind,)
    found = {_is_a(value, one) for one in kinds}
    if True in found:
        return Const(True)
    return Const(False) if found == {False} else UNKNOWN


def _is_a(value: Value, kind: Value) -> bool | None:
    if isinstance(kind, ClassValue):
        if isinstance(value, Instance) and isinstance(value.kind, ClassValue):
            return kind in resolution_order(value.kind)
        return False if isinstance(value, (Text, Mapping, Sequence)) else None
    if not isinstance(kind, External) or not isinstance(value, (Text, Mapping, Sequence)):
        return None
    name = kind.name.removeprefix("builtins.")
    if isinstance(value, Text):
        return {"str": True, "bytes": None, "list": False, "dict": False, "tuple": False, "int": False}.get(
            name
        )
    if isinstance(value, Mapping):
        return {"dict": True, "str": False, "list": False, "tuple": False, "int": False}.get(name)
    if name in ("str", "bytes", "dict", "int"):
        return False
    if value.node is None or name not in ("list", "tuple", "set"):
        return None
    made = {cst.List: "list", cst.ListComp: "list", cst.Tuple: "tuple", cst.Set: "set"}.get(type(value.node))
    return made == name if made is not None else None


def _nothing(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return NONE


def _sorted(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0) or UNKNOWN
    key = args.get(None, "key")
    if isinstance(value, Mapping):
        value = run.new_sequence(Items(tuple(containers.iterate(run, value)[0])), None, None)
    if key is not None:
        run.call(key, Args.of(choose(containers.iterate(run, value)[0])), None, scope)
    return _set(run, Args.of(value), node, scope)


def _extreme(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`max` and `min`: one of the elements, after the key was asked of them."""
    values = args.values()
    found = [*containers.iterate(run, values[0])[0]] if len(values) == 1 else [*values]
    found += args.loose
    key, default = args.get(None, "key"), args.get(None, "default")
    if key is not None and found:
        run.call(key, Args.of(choose(found)), None, scope)
    found += [default] if default is not None else []
    return choose(found) if found else UNKNOWN


def _default_dict(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = _dict(run, args.without_first(), node, scope)
    factory = args.get(0)
    if isinstance(made, Mapping) and factory is not None:
        run.heap.set(made.cells, "<factory>", factory)
    return made


def _queue(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_sequence(Items(), node, scope.module)
    if node is not None:
        run.heap.set(made.cells, "<put>", Builtin("queue.put", partial(_put, run, made)))
        run.heap.set(made.cells, "<get>", Builtin("queue.get", partial(_got, run, made)))
        run.heap.set(made.cells, "<put_nowait>", Builtin("queue.put", partial(_put, run, made)))
        run.heap.set(made.cells, "<get_nowait>", Builtin("queue.get", partial(_got, run, made)))
    return made


def _put(run: Interpreter, queue: Sequence, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    value = args.get(0) or UNKNOWN
    containers.append(run, queue, value, containers.statement_use(node, scope))
    known = run.queued.get(id(queue.node))
    if known is None or len(options(known)) < MAX_QUEUED:
        run.queued[id(queue.node)] = choose([*([known] if known is not None else []), value])
    return NONE


def _got(run: Interpreter, queue: Sequence, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """An element of a queue: one that is there, or one that another function has put into it."""
    known = run.heap.get(run.queued, id(queue.node))
    here = [value for items in run.items(queue) for value in items.values]
    found = [*here, *([known] if known is not None else [])]
    return choose(found) if found else UNKNOWN


def _format(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return text.hole(*args.values())


FUNCTIONS: dict[str, LibraryFunction] = {
    "builtins.str": _as_string,
    "builtins.bytes": _as_string,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.ChainMap": _dict,
    "requests.structures.CaseInsensitiveDict": _dict,
    "httpx.Headers": _dict,
    "httpx.QueryParams": _dict,
    "multidict.CIMultiDict": _dict,
    "multidict.MultiDict": _dict,
    "builtins.list": _list,
    "builtins.tuple": _list,
    "builtins.set": _set,
    "builtins.frozenset": _set,
    "builtins.reversed": _list,
    "builtins.iter": _iter,
    "builtins.aiter": _iter,
    "collections.deque": _list,
    "builtins.sorted": _sorted,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.range": lambda run, args, node, scope: A_NUMBER,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.next": _next,
    "builtins.anext": _next,
    "builtins.setattr": _setattr,
    "builtins.super": _super,
    "builtins.vars": _vars,
    "builtins.dict.fromkeys": _from_keys,
    "builtins.globals": _names,
    "builtins.locals": _locals,
    "builtins.isinstance": _isinstance,
    "builtins.max": _extreme,
    "builtins.min": _extreme,
    "collections.defaultdict": _default_dict,
    **dict.fromkeys(
        ("queue.Queue", "queue.SimpleQueue", "queue.LifoQueue", "asyncio.Queue", "multiprocessing.Queue"),
        _queue,
    ),
    "builtins.print": _nothing,
    "builtins.format": _format,
}
MEMBERS: dict[str, Member] = {}
ALIASES: dict[str, str] = {}
