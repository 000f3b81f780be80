"""Caches, shelves and sessions: objects of libraries that hold under a key what they are given for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import container_methods, containers
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    Entries,
    Entry,
    External,
    Instance,
    Mapping,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

STORE = "diskcache.Cache"
"""The kind of all of these objects."""
DJANGO, STREAMLIT, FLASK = "django.core.cache.cache", "streamlit.session_state", "flask.session"
SHELVES = "shelve.open"
SHARED = (DJANGO, STREAMLIT, FLASK, SHELVES)
"""Those of which a program has one; the last holds the shelves by the names of their files."""


def constant(run: Interpreter, dotted: str) -> Value | None:
    """The objects that libraries' modules have ready."""
    return run.shared(dotted) if dotted in (DJANGO, STREAMLIT, FLASK) else None


def _store(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(STORE, node, scope.module)
    run.heap.set(made.cells, containers.CONTENTS, run.new_mapping(Entries(open=True), None, None))
    return made


def _shelf(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`shelve.open("name")`: the same shelf wherever it is opened by that name."""
    name = next((text.literal for text in iterate_texts(args.get(0, "filename") or UNKNOWN)), None)
    if not name:
        return _store(run, args, node, scope)
    shelves = run.shared(SHELVES)
    shelf = run.heap.get(shelves.cells, name)
    if shelf is None:
        shelf = _store(run, args, node, scope)
        run.heap.set(shelves.cells, name, shelf)
    return shelf


def _member(run: Interpreter, store: Instance, dotted: str, attr: str) -> Value | None:
    held = containers.contents(run, store)
    if held is None or attr == "__init__":
        return None
    if attr in ("__enter__", "__aenter__"):
        return Builtin(attr, lambda args, node, scope: store)
    if attr in _PUTTING:
        return Builtin(attr, lambda args, node, scope: _put(run, held, _PUTTING[attr], args, node, scope))
    if attr in _GETTING:
        return Builtin(attr, lambda args, node, scope: _get(run, held, _GETTING[attr], args, node, scope))
    if attr in ("get_or_set", "get_or_create"):
        return Builtin(attr, lambda args, node, scope: _made(run, held, args, node, scope))
    if attr in ("setdefault", "pop", "items", "keys", "values", "update"):
        return container_methods.mapping_method(run, held, attr)
    return None


_PUTTING = {
    **dict.fromkeys(("set", "add", "aset", "setnx", "put", "replace"), (0, 1)),
    **dict.fromkeys(("setex", "psetex"), (0, 2)),
    "hset": (1, 2),
}
"""What stores something, with where its key and its value stand among the arguments."""
_GETTING = {**dict.fromkeys(("get", "aget", "getex", "getdel", "peek", "read"), 0), "hget": 1}


def _put(
    run: Interpreter, held: Mapping, places: tuple[int, int], args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    value = args.get(places[1], "value") or UNKNOWN
    for name, piece in containers.key_names(args.get(places[0], "key") or UNKNOWN):
        containers.put(run, held, Entry(name, value, piece, containers.statement_use(node, scope)))
    return NONE


def _get(
    run: Interpreter, held: Mapping, place: int, args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    found = containers.lookup(run, held, args.get(place, "key") or UNKNOWN, node, scope)
    default = args.get(place + 1, "default")
    return choose([value for value in (found, default) if value is not None] or [UNKNOWN])


def _made(run: Interpreter, held: Mapping, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`cache.get_or_set(key, default)`: the default is called if it can be."""
    found: list[Value] = []
    for default in options(args.get(1, "default") or UNKNOWN):
        is_called = isinstance(default, (ProjectFunction, Bound, External))
        found.append(run.call(default, Args(), None, scope) if is_called else default)
    for name, piece in containers.key_names(args.get(0, "key") or UNKNOWN):
        containers.put(run, held, Entry(name, choose(found), piece))
    return _get(run, held, 0, Args(args.positional[:1], args.keywords), node, scope)


_CACHETOOLS = ("Cache", "FIFOCache", "LFUCache", "LRUCache", "MRUCache", "RRCache", "TTLCache", "TLRUCache")
_CLASSES = (
    *(f"cachetools.{name}" for name in _CACHETOOLS),
    *(f"diskcache.{name}" for name in ("Cache", "FanoutCache", "Index")),
    *(f"weakref.{name}" for name in ("WeakValueDictionary", "WeakKeyDictionary")),
    *(f"redis.{name}" for name in ("Redis", "StrictRedis", "from_url", "Redis.from_url")),
    "redis.asyncio.Redis",
    "redis.asyncio.from_url",
    "fakeredis.FakeRedis",
    "fakeredis.FakeStrictRedis",
    "expiringdict.ExpiringDict",
    "sqlitedict.SqliteDict",
    "flask_caching.Cache",
    "aiocache.Cache",
    "aiocache.SimpleMemoryCache",
)
FUNCTIONS: dict[str, Function] = {**dict.fromkeys(_CLASSES, _store), SHELVES: _shelf}
MEMBERS: dict[str, Member] = {STORE: _member, DJANGO: _member, STREAMLIT: _member, FLASK: _member}
ALIASES: dict[str, str] = {}
