"""Every call of a function that the project is seen to make, with what each parameter is given."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fates.program import parameter_for
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.test_modules import is_test_module

Given = dict[str, cst.BaseExpression]
"""What a call gives the parameters, by their names; a default is not among it."""


def every_call(
    context: Context, module: Module, function: cst.FunctionDef
) -> list[tuple[Module, Given]] | None:
    """The calls of the project's own code; None where the function may be called in ways that are not seen.

    Functions are told by their names: what calls another one of that name counts, too.
    """
    found: list[tuple[Module, Given]] = []
    skip = int(isinstance(module.parents.get(id(module.parents.get(id(function)))), cst.ClassDef))
    for other in context.modules:
        if is_test_module(other):
            continue
        for call in _calls(other, function):
            if call is None:
                return None
            given = _given(function, call, skip)
            if given is None:
                return None
            found.append((other, given))
    return found


def _calls(module: Module, function: cst.FunctionDef) -> Iterator[cst.Call | None]:
    """The calls by that name in a module; None for a mention that is no call."""
    for name in module.identifiers.get(function.name.value, ()):
        above = module.parents.get(id(name))
        if name is function.name or isinstance(above, (cst.ImportAlias, cst.AsName)):
            continue
        called: cst.CSTNode = name
        if isinstance(above, cst.Attribute) and above.attr is name:
            called, above = above, module.parents.get(id(above))
        yield above if isinstance(above, cst.Call) and above.func is called else None


def _given(function: cst.FunctionDef, call: cst.Call, skip: int) -> Given | None:
    names = {each.name.value for each in parameters(function.params)}
    given: Given = {}
    for arg in call.args:
        taken = parameter_for(function, call, arg, skip)
        if arg.star or taken is None:
            return None
        if taken.name.value in names:
            given[taken.name.value] = arg.value
    return given
