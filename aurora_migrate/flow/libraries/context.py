"""`with`: what entering a context manager gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import Bound, Builtin, ClassValue, Function, Instance, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def entered(run: Interpreter, value: Value, scope: Scope) -> Value:
    """What `as` binds: the result of a project class's `__enter__` or `__aenter__`, else the object."""
    results: list[Value] = []
    for option in options(value):
        result: Value = option
        if isinstance(option, Instance) and isinstance(option.kind, ClassValue):
            for name in ("__enter__", "__aenter__"):
                method = run.attribute(option, name, scope)
                if isinstance(method, (Bound, Function)):
                    result = run.call(method, Args(), None, scope)
                    break
        elif isinstance(option, Instance):
            result = _entered_library_object(run, option, scope)
        results.append(result)
    return choose(results)


def _entered_library_object(run: Interpreter, held: Instance, scope: Scope) -> Value:
    from aurora_migrate.flow import libraries
    from aurora_migrate.flow.libraries import mocks
    from aurora_migrate.flow.patching import MOCK

    if held.kind == MOCK:
        return mocks.entered(run, held)
    method = libraries.member(run, held, str(held.kind), "__enter__")
    return method.call(Args(), None, scope) if isinstance(method, Builtin) else held
