"""The standard library's objects that hold a value or run a function: threads, buffers, context variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import attributes, container_methods, containers, operators, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.http_clients import any_verb, has_verbs
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.objects import DISPATCHED_METHOD
from aurora_migrate.flow.places import Use
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
    ModuleValue,
    Sequence,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _dict_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`self.__dict__`: what is written into it are attributes of the object."""
    owner = run.heap.get(instance.cells, "<of>")
    if not isinstance(owner, Instance) or attr == "__init__":
        return None

    def update(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        attributes.spread(run, owner, [*args.parts, *args.strangers])
        for value in args.values():
            attributes.spread(run, owner, containers.unseen_of(run, value))
            for entry, _ in containers.entries_of(run, value):
                if entry is not None and entry.name is not None:
                    run.heap.set(owner.cells, entry.name, entry.value)
        for name, (value, _) in args.keywords.items():
            run.heap.set(owner.cells, name, value)
        return NONE

    if attr == "update":
        return Builtin(attr, update)
    held = tuple(Entry(name, value) for name, value in owner.cells.items() if isinstance(name, str))
    return container_methods.mapping_method(run, run.new_mapping(Entries(held), None, None), attr)


def _holder_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`contextvars.ContextVar`: one value that is set and got."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        default = args.get(None, "default")
        if default is not None:
            run.heap.set(instance.cells, "<value>", default)
        return NONE

    def put(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<value>", args.get(0) or UNKNOWN)
        return UNKNOWN

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        held = run.heap.get(instance.cells, "<value>")
        found = [value for value in (held, args.get(0)) if value is not None]
        return choose(found) if found else UNKNOWN

    methods = {"__init__": construct, "set": put, "get": get}
    return Builtin(attr, methods[attr]) if attr in methods else None


def _buffer_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`io.StringIO`: the text that was written so far."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<written>", args.get(0) or Text(()))
        return NONE

    def write(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        before = run.heap.get(instance.cells, "<written>") or Text(())
        use = Use(scope.module, node, node) if node is not None else None
        added = operators.added(run, before, None, args.get(0) or UNKNOWN, use)
        run.heap.set(instance.cells, "<written>", added)
        return UNKNOWN

    def got(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.heap.get(instance.cells, "<written>") or UNKNOWN

    methods = {"__init__": construct, "write": write, "getvalue": got, "read": got}
    return Builtin(attr, methods[attr]) if attr in methods else None


def _thread_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """Threads and processes: what they are to do is done when they are told to."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        target = args.get(1, "target")
        if target is not None:
            from aurora_migrate.flow.calls import call_handed_over

            call_handed_over(run, target, args, len(args.positional), scope)
        return NONE

    def start(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        if isinstance(instance.kind, ClassValue):
            run.call(run.attribute(instance, "run", scope), Args(), None, scope)
        return NONE

    methods = {"__init__": construct, "start": start}
    return Builtin(attr, methods[attr]) if attr in methods else None


def _timer(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`threading.Timer(seconds, function, args, kwargs)`."""
    given, named = args.get(2, "args"), args.get(3, "kwargs")
    inner = Args()
    if isinstance(given, Sequence):
        inner.positional = [(value, None) for value in containers.iterate(run, given)[0]]
    if isinstance(named, Mapping):
        entries = run.entries(named).items
        inner.keywords = {entry.name: (entry.value, None) for entry in entries if entry.name is not None}
    run.call(args.get(1, "function") or UNKNOWN, inner, None, scope)
    return UNKNOWN


def _dispatched(kind: str) -> Function:
    def made_of(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        made = run.new_instance(kind, node, scope.module)
        run.heap.set(made.cells, "<functions>", args.get(0) or UNKNOWN)
        return made

    return made_of


def _dispatch_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`functools.singledispatch`: any of the functions that are registered."""

    def called(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        held = run.heap.get(instance.cells, "<functions>") or UNKNOWN
        return choose([run.call(option, args, node, scope) for option in options(held)])

    def register(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        function = next((v for v in reversed(args.values()) if isinstance(v, ProjectFunction)), None)
        if function is None:
            return Builtin("functools.register", register)
        held = run.heap.get(instance.cells, "<functions>")
        run.heap.set(instance.cells, "<functions>", choose([*([held] if held is not None else []), function]))
        return function

    if attr == "register":
        return Builtin("functools.register", register)
    return Builtin(attr, called) if attr == "__call__" else None


def _class_of(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`type(object)`, or a class made of a name, its bases and a mapping."""
    value, bases, body = args.get(0), args.get(1), args.get(2)
    if bases is None or body is None:
        kind = value.kind if isinstance(value, Instance) else None
        return kind if isinstance(kind, ClassValue) else UNKNOWN
    name = next((found.literal for found in iterate_texts(value or UNKNOWN)), None)
    if node is None or not name or not name.isidentifier():
        return UNKNOWN
    definition = run.definitions.setdefault(
        id(node), cst.ClassDef(name=cst.Name(name), body=cst.IndentedBlock([]))
    )
    found = tuple(containers.iterate(run, bases)[0])
    kind = ClassValue(definition, scope.module, run.heap.new_cells(), found, scope)
    for entry, _ in containers.entries_of(run, body):
        if entry is not None and entry.name is not None:
            run.heap.set(kind.cells, entry.name, entry.value)
    run.classes.append(kind)
    return kind


def _imported(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`importlib.import_module("name")`."""
    found: list[Value] = []
    for name in iterate_texts(args.get(0, "name") or UNKNOWN):
        module = run.modules.find(name.literal, scope.module) if name.literal else None
        if module is not None:
            found.append(ModuleValue(module))
        elif name.literal:
            found.append(External(name.literal))
    return choose(found) if found else text.hole(*args.values())


def _as_given(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or UNKNOWN


def _parallel_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return Builtin(attr, lambda args, node, scope: args.get(0) or UNKNOWN) if attr == "__call__" else None


# -- getattr


def _getattr(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    holder = args.get(0) or UNKNOWN
    default = args.get(2)
    found: list[Value] = []
    for spelled in options(args.get(1) or UNKNOWN):
        if isinstance(spelled, Text) and spelled.literal:
            attributes.note_named(run, holder, spelled, scope)
            found.append(run.attribute(holder, spelled.literal, scope))
        else:
            found.append(
                text.hole(holder, spelled, hints=("getattr",)) if not _has_verbs(holder) else any_verb(holder)
            )
    if default is None or (_is_complete(holder) and not any(isinstance(each, _UNSEEN) for each in found)):
        return choose(found)
    return choose([*found, default])


_UNSEEN = (Unknown, External)


def _is_complete(holder: Value) -> bool:
    """Whether what a holder is seen to have under a name is there whenever the program runs."""
    return all(isinstance(option, (External, ModuleValue)) for option in options(holder))


def _hasattr(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    for spelled in iterate_texts(args.get(1) or UNKNOWN):
        attributes.note_named(run, args.get(0) or UNKNOWN, spelled, scope)
    return UNKNOWN


def _has_verbs(holder: Value) -> bool:
    return all(has_verbs(option) for option in options(holder))


FUNCTIONS: dict[str, Function] = {
    "builtins.getattr": _getattr,
    "builtins.hasattr": _hasattr,
    "builtins.type": _class_of,
    "threading.Timer": _timer,
    "functools.singledispatch": _dispatched("functools.singledispatch"),
    "functools.singledispatchmethod": _dispatched(DISPATCHED_METHOD),
    "importlib.import_module": _imported,
    "builtins.__import__": _imported,
    "joblib.delayed": _as_given,
    "dask.delayed": _as_given,
}
MEMBERS: dict[str, Member] = {
    "builtins.__dict__": _dict_member,
    "contextvars.ContextVar": _holder_member,
    "io.StringIO": _buffer_member,
    "threading.Thread": _thread_member,
    "functools.singledispatch": _dispatch_member,
    DISPATCHED_METHOD: _dispatch_member,
    "joblib.Parallel": _parallel_member,
}
ALIASES: dict[str, str] = {
    "io.BytesIO": "io.StringIO",
    "multiprocessing.Process": "threading.Thread",
    "joblib.parallel.delayed": "joblib.delayed",
    "django.utils.module_loading.import_module": "importlib.import_module",
}
