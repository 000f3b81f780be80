"""`furl`: URL objects that are changed in place, by `add`, `set`, `/=` and through their path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import operators, text
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.texts import join_texts, text_method
from aurora_migrate.flow.values import UNKNOWN, Builtin, Instance, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

URL = "furl.furl"
PATH = "furl.Path"


def _new(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(URL, node, scope.module)
    _put(run, made, args.get(0, "url") or Text(()))
    _changed(run, made, args.without_first(), node, scope, replaced=True)
    return made


def _put(run: Interpreter, url: Instance, value: Value) -> None:
    """Keep what the URL is by now; of several alternatives the first text is what it spells."""
    found = next((text.as_text(option) for option in options(value)), Text(()))
    run.heap.set(url.cells, "<text>", found)


def _held(run: Interpreter, url: Instance) -> Text:
    found = run.heap.get(url.cells, "<text>")
    return found if isinstance(found, Text) else Text(())


def _changed(
    run: Interpreter, url: Instance, args: Args, node: cst.Call | None, scope: Scope, replaced: bool
) -> Value:
    """`add(path=..., args=...)` and `set(...)`, which takes what was there away first."""
    for name, (value, arg) in args.keywords.items():
        use = Use(scope.module, node, arg) if node is not None and arg is not None else None
        if name == "path":
            add_path(run, url, value, use, scope, replaced)
        elif name in ("args", "query", "query_params"):
            merge = text_method(run, _held(run, url), "update_query")
            _put(run, url, run.call(merge, Args([(value, arg)]), node, scope))
        elif name in ("host", "netloc", "scheme", "origin"):
            parts = _held(run, url)
            start = text.authority_end(text.characters(parts)) or 0
            scheme = text.plain("" if name == "origin" else "https://")
            rest = text.cut(parts, start, text.size(parts))
            _put(run, url, text.concat([(scheme, None), (value, use), (rest, None)]))
    return url


def add_path(
    run: Interpreter, url: Instance, value: Value, use: Use | None, scope: Scope, replaced: bool
) -> None:
    """Put a path, or a list of its segments, behind the URL or in the place of its own path."""
    base = _held(run, url)
    seen = text.characters(base)
    start = text.authority_end(seen)
    if replaced and start is not None:
        base = text.cut(base, 0, start)
    if isinstance(value, Sequence):
        value = join_texts(run, text.plain("/"), value, None, scope)
    if base.pieces:
        _put(run, url, operators.divided(run, base, None, value, use))
    else:
        _put(run, url, choose([text.use_in(text.as_text(option), use) for option in options(value)]))


def _url_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def change(replaced: bool) -> Builtin:
        return Builtin(attr, lambda args, node, scope: _changed(run, instance, args, node, scope, replaced))

    def copied(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        made = run.new_instance(URL, node, scope.module)
        _put(run, made, _held(run, instance))
        return made

    if attr in ("add", "set"):
        return change(attr == "set")
    if attr == "copy":
        return Builtin(attr, copied)
    if attr == "url":
        return _held(run, instance)
    if attr == "path":
        made = run.new_instance(PATH, None, None)
        run.heap.set(made.cells, "<url>", instance)
        return made
    if attr in ("args", "query"):
        return UNKNOWN
    return None if attr.startswith("__") else text_method(run, _held(run, instance), attr)


def _path_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    url = run.heap.get(instance.cells, "<url>")
    if not isinstance(url, Instance):
        return None

    def changed(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        use = Use(scope.module, node, node.args[0]) if node is not None and node.args else None
        add_path(run, url, args.get(0) or UNKNOWN, use, scope, attr in ("set", "load"))
        return instance

    return Builtin(attr, changed) if attr in ("add", "set", "load") else None


def assigned(
    run: Interpreter, holder: Instance, name: str, value: Value, use: Use | None, scope: Scope
) -> bool:
    """`url.path = ...`, `url.path.segments = [...]`; whether the object is one of these."""
    if holder.kind == URL and name == "path":
        if not (isinstance(value, Instance) and value.kind == PATH):
            add_path(run, holder, value, use, scope, replaced=True)
        return True
    if holder.kind == PATH and name == "segments":
        url = run.heap.get(holder.cells, "<url>")
        if isinstance(url, Instance):
            add_path(run, url, value, use, scope, replaced=True)
        return True
    return False


def divided(run: Interpreter, holder: Value, value: Value, use: Use | None, scope: Scope) -> Value | None:
    """`url / part`, and `url.path /= part`."""
    if not isinstance(holder, Instance) or holder.kind not in (URL, PATH):
        return None
    if holder.kind == PATH:
        url = run.heap.get(holder.cells, "<url>")
        if isinstance(url, Instance):
            add_path(run, url, value, use, scope, replaced=False)
        return holder
    made = run.new_instance(URL, holder.node, holder.module)
    _put(run, made, _held(run, holder))
    add_path(run, made, value, use, scope, replaced=False)
    return made


FUNCTIONS: dict[str, Function] = {URL: _new}
MEMBERS: dict[str, Member] = {URL: _url_member, PATH: _path_member}
ALIASES: dict[str, str] = {}
