"""Whether an expression can say only what it is seen to say: settings and defaults can be given others."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.fields.mapped_values import leaves
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.rebinding import (
    Binding,
    bindings_of,
    is_of_family,
    others,
    parameter_of,
    scope_of,
)

_SETTLED = ("False", "None")
_DEPTH = 4


def refuse_settable(modules: Sequence[Module], module: Module, node: cst.BaseExpression) -> None:
    """Raises Refused when something that says no here can be made to say yes from elsewhere."""
    name = _settable(modules, module, node, _DEPTH)
    if name:
        raise Refused(f"`{name}` says no there, and can be given another value")


def refuse_filled(modules: Sequence[Module], module: Module, declared: cst.BaseExpression, name: str) -> None:
    """Raises Refused when a model's field gets its value from something whose keys are not in the code."""
    if isinstance(declared, cst.Name):
        for each in others(modules, module, declared):
            if each.value is None:
                line = each.module.location(each.node).start.line
                raise Refused(f"`{name}` can be given another value at {each.module.path.name}:{line}")


def _settable(modules: Sequence[Module], module: Module, node: cst.BaseExpression, depth: int) -> str:
    """The name that can be given another value, empty when there is none."""
    for leaf in leaves(node):
        if isinstance(leaf, cst.Name) and leaf.value not in ("True", *_SETTLED):
            found = _variable(modules, module, leaf, depth)
        elif isinstance(leaf, cst.Attribute):
            found = _attribute(modules, module, leaf, depth)
        else:
            continue
        if found:
            return found
    return ""


def _variable(modules: Sequence[Module], module: Module, name: cst.Name, depth: int) -> str:
    given = parameter_of(module, name)
    if given is not None:
        function, param = given
        is_public = not function.name.value.startswith("_") or function.name.value == "__init__"
        return name.value if param.default is not None and is_public else ""
    known = [each for each in bindings_of(modules, name.value) if each.holder is None]
    around = scope_of(module, name)
    local = [each for each in known if each.module is module and scope_of(module, each.node) is around]
    if around is not None and local:
        return _any_of(modules, local, depth)
    tops = [each for each in known if scope_of(each.module, each.node) is None]
    own = [each for each in tops if each.module is module]
    return _declared(modules, own or tops, name.value, depth)


def _attribute(modules: Sequence[Module], module: Module, node: cst.Attribute, depth: int) -> str:
    own = isinstance(node.value, cst.Name) and node.value.value in ("self", "cls")
    known = list(bindings_of(modules, node.attr.value))
    declared = [
        each
        for each in known
        if each.holder is None and (own or not isinstance(scope_of(each.module, each.node), cst.FunctionDef))
    ]
    if own:
        names = _classes_around(modules, module, node, known)
        declared = [each for each in declared if each in names]
        stored = [each for each in known if each.holder is not None and each in names]
    else:
        stored = [each for each in known if each.holder is not None]
    return _any_of(modules, stored, depth) or _declared(modules, declared, node.attr.value, depth)


def _classes_around(
    modules: Sequence[Module], module: Module, node: cst.CSTNode, known: Sequence[Binding]
) -> list[Binding]:
    """Those bindings that stand in the class of a node, or in its heirs and ancestors."""
    own = enclosing(module, node, cst.ClassDef)
    if own is None:
        return []
    return [each for each in known if is_of_family(modules, each.module, each.node, own.name.value)]


def _declared(modules: Sequence[Module], declared: Sequence[Binding], name: str, depth: int) -> str:
    for each in declared:
        if isinstance(each.node, cst.Name):
            rest = others(modules, each.module, each.node)
            if any(not _says_no(other) for other in rest):
                return name
    return _any_of(modules, [each for each in declared if each.value is not None], depth)


def _any_of(modules: Sequence[Module], bindings: Sequence[Binding], depth: int) -> str:
    for each in bindings:
        if each.value is not None and depth:
            found = _settable(modules, each.module, each.value, depth - 1)
            if found:
                return found
    return ""


def _says_no(binding: Binding) -> bool:
    return isinstance(binding.value, cst.Name) and binding.value.value in _SETTLED
