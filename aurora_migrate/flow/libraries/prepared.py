"""Requests that exist before they are sent: prepared ones in auth classes and hooks, and changes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import RequestChange, Role
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    ClassValue,
    Entries,
    Entry,
    Instance,
    Mapping,
    Piece,
    Sequence,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import (
    Function as ProjectFunction,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

PREPARED = "requests.PreparedRequest"
HTTPX = "httpx.Request"
URLLIB = "urllib.request.Request"
_KINDS = (PREPARED, HTTPX, URLLIB, "requests.Request")


def new_prepared(run: Interpreter, kind: str, url: Value | None, method: Value | None) -> Instance:
    """A request as an auth class or hook receives it; what is unknown of its URL derives from it."""
    instance = run.new_instance(kind, None, None)
    root = Unknown(("request.url",), frozenset({id(instance)}))
    run.heap.set(instance.cells, "url", url if url is not None else Text((Piece(None, hole=root),)))
    headers = run.new_mapping(Entries(open=True), None, None)
    run.heap.set(headers.cells, "<prepared>", NONE)
    run.heap.set(instance.cells, "headers", headers)
    if method is not None:
        run.heap.set(instance.cells, "method", method)
    return instance


def assigned(
    run: Interpreter,
    holder: Instance,
    target: cst.Attribute,
    name: str,
    value: Value,
    scope: Scope,
    statement: cst.CSTNode | None,
) -> bool:
    """`request.url = value`: noted as a change. Returns whether the holder is a request at all."""
    if holder.kind not in _KINDS or name not in ("url", "params", "full_url"):
        return False
    before = run.heap.get(holder.cells, "url")
    run.heap.set(holder.cells, "url" if name == "full_url" else name, value)
    node = statement or target
    if name == "params":
        note_change(run, node, None, before, value, target.value, scope, None)
        return True
    for option in options(value):
        if isinstance(option, Text):
            note_change(run, node, option, before, None, target.value, scope, None)
    return True


def note_change(
    run: Interpreter,
    node: cst.CSTNode,
    url: Text | None,
    before: Value | None,
    params: Value | None,
    receiver: cst.BaseExpression | None,
    scope: Scope,
    argument: cst.Arg | None,
) -> None:
    role = role_of(run, params, argument) if params is not None else None
    was = Text(tuple(p for o in options(before or UNKNOWN) if isinstance(o, Text) for p in o.pieces))
    change = RequestChange(
        scope.module,
        node,
        "params" if url is None else "url",
        url,
        was,
        role,
        receiver,
        tuple(run.stack),
        _owner(scope),
    )
    run.facts.changes.setdefault(change.key, change)


def _owner(scope: Scope) -> ClassValue | None:
    current: Scope | None = scope
    while current is not None:
        if current.owner is not None:
            return current.owner
        current = current.parent
    return None


def role_of(run: Interpreter, value: Value, argument: cst.Arg | None) -> Role:
    """A value handed to a request, with the entries of its mappings as they are now."""
    entries: list[Entry] = []
    is_open = False
    mapping: Mapping | None = None
    found = False
    for option in options(value):
        if isinstance(option, (Mapping, Sequence)):
            found = True
            mapping = option if isinstance(option, Mapping) else mapping
            for entry, unknown in containers.entries_of(run, option):
                is_open = is_open or unknown
                if entry is not None:
                    entries.append(entry)
    return Role(value, argument, Entries(tuple(entries), is_open) if found else None, mapping)


def apply_auth(run: Interpreter, auth: Value, kind: str, url: Value, method: Value, scope: Scope) -> None:
    """Run an auth object's method, or an auth function, on the request that is about to go out."""
    for option in options(auth):
        if isinstance(option, Instance) and isinstance(option.kind, ClassValue):
            for name in ("__call__", "auth_flow", "sync_auth_flow", "async_auth_flow"):
                method_value = run.attribute(option, name, scope)
                if isinstance(method_value, (Bound, ProjectFunction)):
                    run.call(method_value, Args.of(new_prepared(run, kind, url, method)), None, scope)
        elif isinstance(option, (ProjectFunction, Bound)):
            run.call(option, Args.of(new_prepared(run, kind, url, method)), None, scope)


def _member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def prepare_url(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        receiver = node.func.value if node is not None and isinstance(node.func, cst.Attribute) else None
        params = args.pair(1, "params")
        url = args.get(0, "url")
        before = run.heap.get(instance.cells, "url")
        if node is not None:
            if params is not None:
                note_change(run, node, None, before, params[0], receiver, scope, params[1])
            for option in options(url) if url is not None else ():
                if isinstance(option, Text):
                    note_change(run, node, option, before, None, receiver, scope, None)
        return NONE

    def add_header(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        headers = run.heap.get(instance.cells, "headers")
        if isinstance(headers, Mapping):
            for name, piece in containers.key_names(args.get(0, "key") or UNKNOWN):
                uses = (Use(scope.module, node, node),) if node is not None else ()
                containers.put(run, headers, Entry(name, args.get(1, "val") or UNKNOWN, piece, uses))
        return NONE

    def itself(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return instance

    if attr == "prepare_url":
        return Builtin(attr, prepare_url)
    if attr in ("add_header", "add_unredirected_header"):
        return Builtin(attr, add_header)
    if attr in ("prepare", "copy"):
        return Builtin(attr, itself)
    if attr == "path_url":
        return text.hole(run.heap.get(instance.cells, "url") or UNKNOWN)
    if attr in ("full_url", "get_full_url"):
        url = run.heap.get(instance.cells, "url") or UNKNOWN
        return url if attr == "full_url" else Builtin(attr, lambda args, node, scope: url)
    if attr in ("headers", "params"):
        made = run.new_mapping(Entries(), None, None)
        run.heap.set(instance.cells, attr, made)
        return made
    return None


FUNCTIONS: dict[str, Function] = {}
MEMBERS: dict[str, Member] = dict.fromkeys((*_KINDS,), _member)
ALIASES: dict[str, str] = {
    "requests.models.PreparedRequest": PREPARED,
    "requests.models.Request": "requests.Request",
    "httpx._models.Request": HTTPX,
}
