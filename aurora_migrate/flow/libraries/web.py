"""Web frameworks: what Django, Flask, FastAPI and aiohttp keep for all of a program and hand to its views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import container_methods, containers, objects, settings_files
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.text import plain
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
    ModuleValue,
    Text,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

CONFIG = "flask.Config"
STATE = "starlette.datastructures.State"
APPLICATION = "aiohttp.web.Application"
SESSION = "flask.session"
EXTENSIONS = "flask.extensions"
SHARED = (CONFIG, STATE, APPLICATION, SESSION, EXTENSIONS)
"""Objects of which a program has one; whatever a function leaves in them, all others find."""

_SETTINGS = "django.conf.settings."
_COMMANDS = ("django.core.management.base.BaseCommand", "django.core.management.BaseCommand")


def constant(run: Interpreter, dotted: str) -> Value | None:
    """What a name of a framework's module holds."""
    if dotted.startswith(_SETTINGS):
        return _django_setting(run, dotted.removeprefix(_SETTINGS))
    kept = _KEPT.get(dotted.partition(".")[2]) if dotted.startswith(("flask.", "quart.")) else None
    return run.shared(kept) if kept is not None else None


_KEPT = {"session": SESSION, "current_app.config": CONFIG, "current_app.extensions": EXTENSIONS}
"""What Flask keeps, by the names in its module."""


# -- Django


def _django_setting(run: Interpreter, name: str) -> Value | None:
    """`settings.NAME`: what the project's settings modules say."""
    if not name.isupper():
        return None
    found = [run.heap.get(run.module_scope(module).cells, name) for module in _settings_modules(run)]
    known = [value for value in found if value is not None]
    return choose(known) if known else None


def _settings_modules(run: Interpreter) -> Iterator[Module]:
    """The modules that `DJANGO_SETTINGS_MODULE` names; without one those that are called `settings`."""
    environment = containers.contents(run, run.shared("os.environ"))
    named = run.entries(environment).items if environment is not None else ()
    texts = [
        text.literal
        for entry in named
        if entry.name == "DJANGO_SETTINGS_MODULE"
        for text in iterate_texts(entry.value)
    ]
    loaded = run.modules.loaded()
    for literal in texts:
        module = next((m for each in loaded if literal and (m := run.modules.find(literal, each))), None)
        if module is not None:
            yield module
    if not texts:
        yield from (m for m in loaded if "settings" in (m.path.stem, m.path.parent.name))


def class_member(run: Interpreter, kind: ClassValue, attr: str) -> Value | None:
    """What a class of the project has from a framework's: `View.as_view(path=...)`."""
    bases = list(objects.external_bases(kind)) if attr == "as_view" else []
    if not any(base.startswith(("django.views", "flask.views", "rest_framework")) for base in bases):
        return None

    def as_view(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        view = run.new_instance(kind, node, scope.module)
        for name, (value, _) in args.keywords.items():
            run.heap.set(view.cells, name, value)
        return view

    return Builtin("as_view", as_view)


def given(run: Interpreter, function: ProjectFunction, receiver: Value | None) -> dict[str, Value]:
    """The keyword arguments that a framework calls a method with: the options of a management command."""
    owner = function.owner
    if owner is None or function.name != "handle" or not isinstance(receiver, Instance):
        return {}
    if not any(base in _COMMANDS for base in objects.external_bases(owner)):
        return {}
    from aurora_migrate.flow import libraries

    parser = libraries.call(run, "argparse.ArgumentParser", Args(), None, function.scope)
    adder = run.attribute(receiver, "add_arguments", function.scope)
    if isinstance(adder, Bound):
        run.call(adder, Args.of(parser), None, function.scope)
    found = run.heap.get(parser.cells, "<dests>") if isinstance(parser, Instance) else None
    entries = run.entries(found).items if isinstance(found, Mapping) else ()
    return {entry.name: entry.value for entry in entries if entry.name is not None}


# -- Flask


def _app_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    kept = _KEPT.get(f"current_app.{attr}")
    return run.shared(kept) if kept is not None else None


def _config_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    held = containers.contents(run, instance)
    if held is None or attr == "__init__":
        return None

    def take(source: Value) -> None:
        for name, value in _constants(run, source):
            containers.put(run, held, Entry(name, value))

    def from_object(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for source in options(args.get(0, "obj") or UNKNOWN):
            take(_imported(run, source, scope) if isinstance(source, Text) else source)
        return NONE

    def from_pyfile(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for name in iterate_texts(args.get(0, "filename") or UNKNOWN):
            take(_imported(run, plain(PurePath(name.literal or "").stem), scope))
        return NONE

    def from_file(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        containers.merge(run, held, settings_files.read_by(run, node, scope) or UNKNOWN, None)
        return NONE

    sources = {"from_object": from_object, "from_pyfile": from_pyfile, "from_file": from_file}
    if attr in sources:
        return Builtin(attr, sources[attr])
    return container_methods.mapping_method(run, held, "update" if attr == "from_mapping" else attr)


def _imported(run: Interpreter, dotted: Text, scope: Scope) -> Value:
    """A module of the project, or a class in it, by the text that names it."""
    name = dotted.literal or ""
    module = run.modules.find(name, scope.module)
    if module is not None:
        return ModuleValue(module)
    home = run.modules.find(name.rpartition(".")[0], scope.module) if "." in name else None
    if home is None:
        return UNKNOWN
    return run.attribute(ModuleValue(home), name.rpartition(".")[2], scope)


def _constants(run: Interpreter, source: Value) -> Iterator[tuple[str, Value]]:
    """The names in capital letters of a class, object or module."""
    if isinstance(source, ClassValue):
        homes = [k.cells for k in reversed(objects.resolution_order(source)) if isinstance(k, ClassValue)]
    elif isinstance(source, Instance) and isinstance(source.kind, ClassValue):
        yield from _constants(run, source.kind)
        homes = [source.cells]
    elif isinstance(source, ModuleValue):
        homes = [run.module_scope(source.module).cells]
    else:
        return
    for cells in homes:
        for name in list(cells):
            value = run.heap.get(cells, name) if isinstance(name, str) and name.isupper() else None
            if isinstance(name, str) and value is not None:
                yield name, value


# -- FastAPI, Starlette, aiohttp.web


def _asgi_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        lifespan = args.get(None, "lifespan")
        started = run.call(lifespan, Args.of(instance), None, scope) if lifespan is not None else NONE
        for kept in options(started):
            for entry in run.entries(kept).items if isinstance(kept, Mapping) else ():
                if entry.name is not None:
                    run.heap.set(run.shared(STATE).cells, entry.name, entry.value)
        return NONE

    if attr == "__init__":
        return Builtin(attr, construct)
    return run.shared(STATE) if attr == "state" else None


def _request_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr == "state":
        return run.shared(STATE)
    if attr != "app":
        return None
    if dotted == "aiohttp.web.Request":
        return run.shared(APPLICATION)
    return Instance("fastapi.FastAPI", run.heap.new_cells())


def _application(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.shared(APPLICATION)


def _application_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    held = containers.contents(run, instance)
    if attr == "__getitem__" or held is None or attr not in ("get", "setdefault", "update", "pop"):
        return None
    return container_methods.mapping_method(run, held, attr)


# -- proxies


def _proxy_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`LocalProxy(function)`: whatever is looked up is looked up in what the function gives by then."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<function>", args.get(0) or UNKNOWN)
        return NONE

    if attr == "__init__":
        return Builtin(attr, construct)
    found = [
        run.attribute(run.call(function, Args(), None, function.scope), attr, function.scope)
        for function in options(run.heap.get(instance.cells, "<function>") or UNKNOWN)
        if isinstance(function, ProjectFunction)
    ]
    return choose(found) if found else None


def _nothing(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


def new_shared(run: Interpreter, kind: str) -> Instance:
    """The object of this kind that all of the program sees; what is stored under its keys is its contents."""
    made = run.new_instance(kind, None, None)
    run.heap.set(made.cells, containers.CONTENTS, run.new_mapping(Entries(), None, None))
    return made


FUNCTIONS: dict[str, Function] = {APPLICATION: _application}
MEMBERS: dict[str, Member] = {
    "flask.Flask": _app_member,
    CONFIG: _config_member,
    "fastapi.FastAPI": _asgi_member,
    "fastapi.Request": _request_member,
    "aiohttp.web.Request": _request_member,
    APPLICATION: _application_member,
    SESSION: _application_member,
    EXTENSIONS: _application_member,
    STATE: _nothing,
    "werkzeug.local.LocalProxy": _proxy_member,
}
ALIASES: dict[str, str] = {
    "quart.Quart": "flask.Flask",
    "starlette.applications.Starlette": "fastapi.FastAPI",
    "starlette.requests.Request": "fastapi.Request",
    "fastapi.requests.Request": "fastapi.Request",
    "fastapi.WebSocket": "fastapi.Request",
    "starlette.websockets.WebSocket": "fastapi.Request",
    "django.utils.functional.SimpleLazyObject": "werkzeug.local.LocalProxy",
    "lazy_object_proxy.Proxy": "werkzeug.local.LocalProxy",
}
