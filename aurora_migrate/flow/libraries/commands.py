"""Command lines made by decorators: click's options, its context, and what both give to the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.narrowing import chosen
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.values import NONE, UNKNOWN, Builtin, External, Instance, Text, Value
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

CONTEXT = "click.Context"
SHARED = (CONTEXT,)
_OPTION = "click.option"
_CHOICE = "click.Choice"
_OBJECT = "click.pass_obj"


def declared(run: Interpreter, function: ProjectFunction, decorator: Value) -> bool:
    """Note what a decorator gives to the command's parameters; whether that is all that it does."""
    if isinstance(decorator, External) and decorator.name in ("click.pass_context", _OBJECT):
        first = next((param.name.value for param in parameters(function.node.params)), None)
        if first is not None:
            wants_object = decorator.name == _OBJECT
            made = Instance(_OBJECT, run.heap.new_cells()) if wants_object else run.shared(CONTEXT)
            function.defaults.setdefault(first, made)
        return True
    if not isinstance(decorator, Instance) or decorator.kind != _OPTION:
        return False
    name, default = (run.heap.get(decorator.cells, key) for key in ("name", "default"))
    if isinstance(name, Text) and name.literal and default is not None:
        function.defaults.setdefault(name.literal, default)
    return True


def resolved(run: Interpreter, default: Value) -> Value:
    """What a default stands for by now: the object that the context carries."""
    if not isinstance(default, Instance) or default.kind != _OBJECT:
        return default
    return run.heap.get(run.shared(CONTEXT).cells, "obj") or UNKNOWN


def _option(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    from aurora_migrate.flow.libraries.stdlib_config import destination
    from aurora_migrate.flow.text import plain

    made = run.new_instance(_OPTION, node, scope.module)
    names = [found.literal for value in args.values() for found in iterate_texts(value) if found.literal]
    own = [name for name in names if not name.startswith("-")]
    name = own[0] if own else destination(names)
    default = _chosen(run, args, names, args.get(None, "default"))
    if name is not None:
        run.heap.set(made.cells, "name", plain(name))
    if default is not None:
        run.heap.set(made.cells, "default", default)
    return made


def _chosen(run: Interpreter, args: Args, names: list[str], default: Value | None) -> Value | None:
    """One of `type=click.Choice([...])`; None where only the default is known."""
    from aurora_migrate.flow.libraries.stdlib_config import is_needed

    several = args.get(None, "multiple") or args.get(None, "nargs")
    kinds = [option for option in options(args.get(None, "type") or UNKNOWN) if isinstance(option, Instance)]
    choices = run.heap.get(kinds[0].cells, "choices") if len(kinds) == 1 and several is None else None
    texts = chosen(run, choices)
    if not texts:
        return default
    unset = [] if is_needed(args, names) else [NONE]
    return choose([*([default] if default is not None else unset), *texts])


def _choice(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(_CHOICE, node, scope.module)
    run.heap.set(made.cells, "choices", args.get(0, "choices") or UNKNOWN)
    return made


def _option_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


def _context_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def ensured(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        held = run.heap.get(instance.cells, "obj")
        if held is None:
            held = run.call(args.get(0) or UNKNOWN, Args(), node, scope)
            run.heap.set(instance.cells, "obj", held)
        return held

    def invoked(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.call(args.get(0) or UNKNOWN, args.without_first(), None, scope)

    methods = {"ensure_object": ensured, "invoke": invoked}
    return Builtin(attr, methods[attr]) if attr in methods else None


def _current(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.shared(CONTEXT)


FUNCTIONS: dict[str, Function] = {
    _OPTION: _option,
    "click.argument": _option,
    _CHOICE: _choice,
    "click.get_current_context": _current,
}
MEMBERS: dict[str, Member] = {_OPTION: _option_member, _CHOICE: _option_member, CONTEXT: _context_member}
ALIASES: dict[str, str] = {
    "typer.Context": CONTEXT,
    "rich_click.option": _OPTION,
    "asyncclick.option": _OPTION,
}
