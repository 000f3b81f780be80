"""Errors that a program keeps as a list of messages: the one old text was put into a list of its own."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.errors.reads import Look, or_chain
from aurora_migrate.changes.fates.links import is_load
from aurora_migrate.changes.fates.types import skipped_for_text
from aurora_migrate.flow.around import enclosing, last_name
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.trees import walk

_MAPPINGS = frozenset("dict Mapping MutableMapping OrderedDict defaultdict".split())


def displays_of(look: Look) -> list[cst.List]:
    """The lists `[error]` that the new list can take the place of; none when the text is used elsewhere.

    The text is the only element where it is read, or a variable of the function holds it that is bound once
    and only ever put into such lists, or taken apart where it is an object.
    """
    place = or_chain(look.module, look.node)
    direct = display_around(look.module, place)
    if direct is not None:
        return [direct]
    parent = look.module.parents.get(id(place))
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return []
    target = parent.targets[0].target
    return _of_variable(look.module, target) if isinstance(target, cst.Name) else []


def display_around(module: Module, node: cst.CSTNode) -> cst.List | None:
    """`[node]` or `[str(node)]`."""
    parent = module.parents.get(id(node))
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
    if isinstance(call, cst.Call) and last_name(call.func) == "str" and len(call.args) == 1:
        parent = module.parents.get(id(call))
    display = module.parents.get(id(parent)) if isinstance(parent, cst.Element) else None
    return display if isinstance(display, cst.List) and len(display.elements) == 1 else None


def _of_variable(module: Module, target: cst.Name) -> list[cst.List]:
    function = enclosing(module, target, cst.FunctionDef)
    if not isinstance(function, cst.FunctionDef):
        return []
    named = [each for each in walk(function) if isinstance(each, cst.Name) and each.value == target.value]
    loads = [each for each in named if is_load(module, each)]
    bound = [each for each in named if not is_load(module, each) and _binds(module, each)]
    if len(bound) != 1 or any(param.name.value == target.value for param in parameters(function.params)):
        return []
    found: list[cst.List] = []
    for load in loads:
        display = display_around(module, load)
        if display is not None:
            found.append(display)
        elif not _asks_for_object(module, load) and not _is_of_object(module, load, loads):
            return []
    return found


def _binds(module: Module, name: cst.Name) -> bool:
    """Whether an identifier is a variable there, not an attribute's or a keyword's name."""
    return not isinstance(module.parents.get(id(name)), (cst.Attribute, cst.Arg))


def _asks_for_object(module: Module, load: cst.Name) -> bool:
    """`isinstance(error, dict)`, or whether there is an error at all."""
    parent = module.parents.get(id(load))
    if isinstance(parent, (cst.If, cst.UnaryOperation)):
        return True
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
    if not isinstance(call, cst.Call) or last_name(call.func) != "isinstance" or len(call.args) != 2:
        return False
    kinds = call.args[1].value
    names = [each.value for each in kinds.elements] if isinstance(kinds, cst.Tuple) else [kinds]
    return all(last_name(name) in _MAPPINGS for name in names)


def _is_of_object(module: Module, load: cst.Name, loads: list[cst.Name]) -> bool:
    return skipped_for_text(module, load, {id(each) for each in loads}) is not None
