"""What exceptions carry: the arguments that they are made with, and the exception that they come from."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import ClassValue, Instance, Items, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

EXCEPTIONS: dict[str, type[BaseException]] = {
    f"builtins.{name}": kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
}
"""Python's own exceptions, by their dotted names."""
GROUP = "builtins.ExceptionGroup"


def is_caught(raised: ClassValue | str, wanted: str) -> bool:
    """Whether `except wanted` catches exceptions of a class, `wanted` being one of Python's own."""
    bases = [raised] if isinstance(raised, str) else list(objects.external_bases(raised))
    found = EXCEPTIONS.get(wanted)
    known = [EXCEPTIONS[base] for base in bases if base in EXCEPTIONS]
    return found is not None and any(issubclass(each, found) for each in known)


def keep_arguments(run: Interpreter, instance: Instance, args: Args) -> None:
    """`exception.args`: the positional arguments, where the object is an exception."""
    kind = instance.kind
    bases = [kind] if isinstance(kind, str) else objects.external_bases(kind)
    if any(base in EXCEPTIONS for base in bases):
        given = Items((*args.values(), *args.loose), open=args.open_positional)
        run.heap.set(instance.cells, "args", run.new_sequence(given, None, None))


def note_origin(run: Interpreter, node: cst.Raise, raised: Instance, scope: Scope) -> None:
    """`raise ... from cause`, and what was being handled: `__cause__` and `__context__`."""
    if isinstance(node.cause, cst.From):
        run.heap.set(raised.cells, "__cause__", run.evaluate(node.cause.item, scope))
    if run.handling:
        run.heap.set(raised.cells, "__context__", run.handling[-1])


def grouped(run: Interpreter, caught: Value) -> Value:
    """What `except* Kind as group` binds: a group of what is caught."""
    group = run.new_instance(GROUP, None, None)
    listed = run.new_sequence(Items(tuple(options(caught)), open=True), None, None)
    run.heap.set(group.cells, "exceptions", listed)
    return choose([group])
