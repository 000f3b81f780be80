"""Command lines made by decorators: click's options, its context, and what both give to the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.narrowing import chosen
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.values import (
    ABSENT,
    GAP,
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    External,
    Instance,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

CONTEXT = "click.Context"
SHARED = (CONTEXT,)
_OPTION = "click.option"
_CHOICE = "click.Choice"
_OBJECT = "click.pass_obj"
_PASSED = "click.make_pass_decorator"
_TYPER = "typer.Typer"
_COMMAND = "typer.Typer.command"


def declared(run: Interpreter, function: ProjectFunction, decorator: Value) -> bool:
    """Note what a decorator gives to the command's parameters; whether that is all that it does."""
    passed = _passed(run, decorator)
    if passed is not None:
        names = [param.name.value for param in parameters(function.node.params)]
        first = next((name for name in names if name not in function.defaults), None)
        if first is not None:
            function.defaults[first] = passed
        return True
    if not isinstance(decorator, Instance) or decorator.kind not in (_OPTION, _COMMAND):
        return False
    function.marks.append(decorator)
    name, default = (run.heap.get(decorator.cells, key) for key in ("name", "default"))
    if isinstance(name, Text) and name.literal and default is not None:
        function.defaults.setdefault(name.literal, default)
    return True


def _passed(run: Interpreter, decorator: Value) -> Instance | None:
    """What a decorator gives as the command's next argument: the context, or what that carries."""
    if isinstance(decorator, External) and decorator.name == "click.pass_context":
        return run.shared(CONTEXT)
    if isinstance(decorator, External) and decorator.name == _OBJECT:
        return Instance(_OBJECT, run.heap.new_cells())
    is_made = isinstance(decorator, Instance) and decorator.kind == _PASSED
    return decorator if is_made and isinstance(decorator, Instance) else None


def resolved(run: Interpreter, default: Value) -> Value | None:
    """What click gives for certain: the context, the object that it carries by now, or one of a class."""
    if not isinstance(default, Instance) or default.kind not in (CONTEXT, _OBJECT, _PASSED):
        return None
    if default.kind == CONTEXT:
        return default
    return _carried(run, run.heap.get(default.cells, "<class>"), run.heap.get(default.cells, "<ensure>"))


def _carried(run: Interpreter, kind: Value | None, ensured: Value | None = None) -> Value:
    context = run.shared(CONTEXT)
    held = run.heap.get(context.cells, "obj")
    is_ensured = isinstance(ensured, Const) and bool(ensured.value)
    if held is None and is_ensured and isinstance(kind, (ClassValue, ProjectFunction)):
        held = run.call(kind, Args(), None, kind.scope)
        run.heap.set(context.cells, "obj", held)
    return held if held is not None else Unknown(("obj",), frozenset({GAP, ABSENT}))


def is_option(run: Interpreter, function: ProjectFunction, name: str) -> bool:
    """Whether a parameter is given by the command line: its default is a setting's, and no other caller's."""
    for mark in function.marks:
        if isinstance(mark, Instance) and mark.kind == _COMMAND:
            return True
        held = (
            run.heap.get(mark.cells, "name") if isinstance(mark, Instance) and mark.kind == _OPTION else None
        )
        if isinstance(held, Text) and held.literal == name:
            return True
    return False


def _option(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    from aurora_migrate.flow.libraries.stdlib_config import destination
    from aurora_migrate.flow.text import plain

    made = run.new_instance(_OPTION, node, scope.module)
    names = [found.literal for value in args.values() for found in iterate_texts(value) if found.literal]
    own = [name for name in names if not name.startswith("-")]
    name = own[0] if own else destination(names)
    default = _chosen(run, args, names, args.get(None, "default"))
    callback = args.get(None, "callback")
    if isinstance(callback, ProjectFunction):
        given = default if default is not None else Unknown((name,) if name else ())
        default = run.call(callback, Args.of(run.shared(CONTEXT), UNKNOWN, given), None, scope)
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

    def found(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return _carried(run, args.get(0))

    def root(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return instance

    def invoked(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.call(args.get(0) or UNKNOWN, args.without_first(), None, scope)

    if attr == "obj":
        return _carried(run, None)
    if attr == "parent":
        return instance
    if attr == "meta":
        return containers.contents(run, instance)
    methods = {"ensure_object": ensured, "find_object": found, "find_root": root, "invoke": invoked}
    return Builtin(attr, methods[attr]) if attr in methods else None


def _pass_decorator(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`make_pass_decorator(Class, ensure=True)`: the context's object of that class."""
    made = run.new_instance(_PASSED, node, scope.module)
    for index, name in enumerate(("object_type", "ensure")):
        given = args.get(index, name)
        if given is not None:
            run.heap.set(made.cells, "<ensure>" if index else "<class>", given)
    return made


def _typer_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def command(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.new_instance(_COMMAND, node, scope.module)

    return Builtin(attr, command) if attr in ("command", "callback") else None


def _current(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.shared(CONTEXT)


FUNCTIONS: dict[str, Function] = {
    _OPTION: _option,
    "click.argument": _option,
    _CHOICE: _choice,
    "click.get_current_context": _current,
    _PASSED: _pass_decorator,
}
MEMBERS: dict[str, Member] = {
    _OPTION: _option_member,
    _CHOICE: _option_member,
    _PASSED: _option_member,
    _COMMAND: _option_member,
    _TYPER: _typer_member,
    CONTEXT: _context_member,
}
ALIASES: dict[str, str] = {
    "typer.Context": CONTEXT,
    "rich_click.option": _OPTION,
    "asyncclick.option": _OPTION,
}
