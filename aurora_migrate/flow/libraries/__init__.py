"""What is known of code outside the project: HTTP libraries, the standard library, frameworks.

Each module here adds to three tables: functions by dotted name, classes whose objects are modelled, and the
members of those objects. What is in none of them is unknown.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import choose
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import SdkCall
from aurora_migrate.flow.libraries import (
    assertions,
    commands,
    config_files,
    fixtures,
    frames,
    furl_urls,
    http_clients,
    http_functions,
    key_paths,
    looks,
    mocks,
    named_tuples,
    prepared,
    recorders,
    responses,
    schemas,
    signals,
    stdlib_builtins,
    stdlib_concurrency,
    stdlib_config,
    stdlib_exceptions,
    stdlib_functional,
    stdlib_objects,
    stdlib_text,
    stores,
    typed_models,
    web,
)
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import FOREIGN, Builtin, External, Instance, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_MODULES = (
    stdlib_builtins,
    stdlib_exceptions,
    stdlib_config,
    config_files,
    stdlib_concurrency,
    stdlib_functional,
    named_tuples,
    stdlib_objects,
    stdlib_text,
    furl_urls,
    stores,
    web,
    commands,
    frames,
    key_paths,
    prepared,
    responses,
    schemas,
    typed_models,
    signals,
    http_functions,
    http_clients,
    fixtures,
    looks,
    mocks,
    recorders,
    assertions,
)
_FUNCTIONS: dict[str, Function] = {
    name: function for module in _MODULES for name, function in module.FUNCTIONS.items()
}
_MEMBERS: dict[str, Member] = {name: member for module in _MODULES for name, member in module.MEMBERS.items()}
_ALIASES: dict[str, str] = {alias: name for module in _MODULES for alias, name in module.ALIASES.items()}


def canonical(dotted: str) -> str:
    """The name under which a library's function or class is in the tables."""
    return _ALIASES.get(dotted, dotted)


def is_modelled(dotted: str) -> bool:
    """Whether objects of this library class are followed."""
    return canonical(dotted) in _MEMBERS


def constant(run: Interpreter, dotted: str) -> Value | None:
    """What a name of a library's module holds, when it is known (`responses.calls`)."""
    made = recorders.CONSTANTS.get(dotted)
    return made(run) if made is not None else stores.constant(run, dotted) or web.constant(run, dotted)


REPLACED = "<replaced>"
"""What the program has put in the place of libraries' functions, by their dotted names."""
SHARED = frozenset(
    {REPLACED, stdlib_config.ENVIRONMENT, *web.SHARED, *commands.SHARED, *signals.SHARED, *stores.SHARED}
)
ANNOTATED = "typing.Annotated"


def shared_objects(run: Interpreter) -> dict[str, Instance]:
    """The objects of libraries of which a program has one."""
    return {kind: web.new_shared(run, kind) for kind in sorted(SHARED)}


def annotated(run: Interpreter, kind: Value, given: list[Value]) -> Instance:
    """`Annotated[Type, ...]`: the type, what FastAPI's `Depends` gives, and what describes a field."""
    made = run.new_instance(ANNOTATED, None, None)
    run.heap.set(made.cells, "type", kind)
    instances = [value for value in given if isinstance(value, Instance)]
    known = [value for value in instances if stdlib_config.DEPENDENCY in value.cells]
    if known:
        run.heap.set(made.cells, "given", choose(known))
    described = [value for value in instances if value.kind == "dataclasses.field"]
    if described:
        run.heap.set(made.cells, "described", choose(described))
    return made


def canonical_member(dotted: str) -> str:
    """As `canonical`, also for a method that is named with its class (`requests.sessions.Session.get`)."""
    holder, _, name = dotted.rpartition(".")
    return canonical(f"{canonical(holder)}.{name}" if holder in _ALIASES else dotted)


def sends(name: str) -> bool:
    """Whether this is a library function that sends requests, or a client class or its method that does."""
    holder, _, verb = name.rpartition(".")
    if name in http_clients.CLIENTS or name in http_functions.FUNCTIONS:
        return True
    return holder in http_clients.CLIENTS and verb in (*http_functions.VERBS, "request", "stream")


_LIBRARIES = frozenset(name.split(".")[0] for name in (*_FUNCTIONS, *_MEMBERS, *_ALIASES)) | frozenset(
    sys.stdlib_module_names
)


def is_standard(name: str) -> bool:
    """Whether a top-level module is the standard library's."""
    return name in sys.stdlib_module_names or name == "builtins"


def is_library(name: str) -> bool:
    """Whether a top-level module name is one of the standard library or of a package that is modelled."""
    return name in _LIBRARIES


def call(run: Interpreter, dotted: str, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """What calling a library function or class gives."""
    name = canonical(dotted)
    function = _FUNCTIONS.get(name)
    if function is not None:
        return function(run, args, node, scope)
    note_sdk_call(run, name, args, node, scope)
    if name in _MEMBERS:
        instance = run.new_instance(name, node, scope.module)
        initialise(run, instance, name, args, node, scope)
        return instance
    return _unmodelled(run, name, args, node, scope)


def _unmodelled(run: Interpreter, name: str, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    from aurora_migrate.flow.calls import call_unseen

    result = call_unseen(run, External(name), args, node, scope)
    fallback = args.get(None, "default") or args.get(None, "fallback")
    if fallback is not None:
        return choose([fallback, text.hole(*args.values())])
    names = tuple(option.literal for option in args.every() if isinstance(option, Text) and option.literal)
    if type(result) is not Unknown:
        return result
    return Unknown(result.hints or names[:2], result.roots | {FOREIGN})


def note_sdk_call(run: Interpreter, name: str, args: Args, node: cst.Call | None, scope: Scope) -> None:
    """Remember a call of a package that a rule names."""
    if node is None or name.split(".", maxsplit=1)[0] not in run.sdk_packages:
        return
    if name.endswith(".__init__"):
        name, args = name.removesuffix(".__init__"), args.without_first()
    positional = tuple((value, arg) for value, arg in args.positional if arg is not None)
    is_open = args.open_keywords or args.open_positional or len(positional) != len(args.positional)
    call = SdkCall(scope.module, node, name, positional, dict(args.keywords), is_open, tuple(run.stack))
    run.facts.sdk_calls.setdefault(id(node), call)


def initialise(
    run: Interpreter, instance: Instance, dotted: str, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    """Run a modelled class's constructor on an object (of that class or of a project's subclass)."""
    constructor = member(run, instance, dotted, "__init__")
    if isinstance(constructor, Builtin):
        constructor.call(args, node, scope)


def member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """An attribute that an object has from a library class; None when it is not modelled."""
    name = canonical(dotted)
    found = _MEMBERS.get(name)
    if found is not None:
        return found(run, instance, name, attr)
    if attr == "__init__" and name.split(".")[0] in run.sdk_packages:

        def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            note_sdk_call(run, name, args, node, scope)
            return Unknown()

        return Builtin("__init__", construct)
    return None
