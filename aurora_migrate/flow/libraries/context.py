"""`with`: what entering a context manager gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.values import Bound, ClassValue, Function, Instance, Scope, Value, choose, options

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def entered(run: Interpreter, value: Value, scope: Scope) -> Value:
    """The value that `as` binds: `__enter__`'s or `__aenter__`'s for the project's classes, else the object itself."""
    results: list[Value] = []
    for option in options(value):
        result: Value = option
        if isinstance(option, Instance) and isinstance(option.kind, ClassValue):
            for name in ("__enter__", "__aenter__"):
                method = run.attribute(option, name, scope)
                if isinstance(method, (Bound, Function)):
                    result = run.call(method, Args(), None, scope)
                    break
        results.append(result)
    return choose(results)
