"""A function's own names: its parameters, what it assigns once, and in which function code stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import libcst as cst

from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import children

FunctionNode = cst.FunctionDef | cst.Lambda | cst.Module
"""What code runs in; a module for its top level."""

Functions = Mapping[str, "tuple[Module, cst.FunctionDef] | None"]
"""Functions of the project by name; None where several have it."""


def function_of(module: Module, node: cst.CSTNode) -> FunctionNode:
    """The function that evaluates a node. Refuses what a class body or a signature evaluates."""
    current: cst.CSTNode = node
    while True:
        parent = module.parents.get(id(current))
        if parent is None:
            return module.tree
        if isinstance(parent, cst.FunctionDef):
            if current is not parent.body:
                raise Refused("it stands in a function's signature")
            return parent
        if isinstance(parent, cst.Lambda):
            return parent
        if isinstance(parent, cst.ClassDef):
            raise Refused("it stands in the body of a class")
        current = parent


def parameters(function: FunctionNode) -> frozenset[str]:
    """The names of a function's parameters."""
    if isinstance(function, cst.Module):
        return frozenset()
    params = function.params
    every = [*params.posonly_params, *params.params, *params.kwonly_params]
    return frozenset(each.name.value for each in every)


def star_parameter(function: FunctionNode) -> str | None:
    """The name of a function's `*parameter`."""
    star = function.params.star_arg if not isinstance(function, cst.Module) else None
    return star.name.value if isinstance(star, cst.Param) else None


def own(function: FunctionNode) -> Iterator[cst.CSTNode]:
    """The nodes that a function itself runs, those of functions in it left out."""
    stack: list[cst.CSTNode] = list(function.body) if isinstance(function, cst.Module) else [function.body]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            stack.extend(children(node))


@lru_cache(maxsize=512)
def _assignments(function: FunctionNode) -> dict[str, list[cst.BaseExpression]]:
    found: dict[str, list[cst.BaseExpression]] = {}
    for node in own(function):
        if isinstance(node, cst.Assign):
            for target in node.targets:
                if isinstance(target.target, cst.Name):
                    found.setdefault(target.target.value, []).append(node.value)
        elif isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name) and node.value is not None:
            found.setdefault(node.target.value, []).append(node.value)
    return found


def assigned(function: FunctionNode, name: str) -> cst.BaseExpression | None:
    """The value of the only assignment to a local name; None when there is another number of them."""
    values = _assignments(function).get(name, [])
    return values[0] if len(values) == 1 else None


def variables(node: cst.CSTNode) -> Iterator[cst.Name]:
    """The names under a node that stand for variables; attributes and keywords of calls are none."""
    stack: list[cst.CSTNode] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, cst.Name):
            yield current
        elif isinstance(current, (cst.Attribute, cst.Arg)):
            stack.append(current.value)
        else:
            stack.extend(children(current))


def argument_for(
    module: Module, function: cst.FunctionDef | cst.Lambda, call: cst.Call, param: str
) -> cst.Arg | None:
    """The argument of a call that a parameter gets; None when that cannot be told for certain."""
    # An object that is called goes by its own name.
    if isinstance(function, cst.FunctionDef) and function.name.value not in (called(call), "__call__"):
        return None
    if param.startswith("*"):
        return _last_positional(module, function, call)
    named = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == param]
    if named:
        return named[0]
    order = [each.name.value for each in (*function.params.posonly_params, *function.params.params)]
    index = order.index(param) - _bound(module, function) if param in order else -1
    positional = [arg for arg in call.args if arg.keyword is None]
    if not 0 <= index < len(positional) or any(arg.star for arg in positional[: index + 1]):
        return None
    return positional[index]


def _last_positional(
    module: Module, function: cst.FunctionDef | cst.Lambda, call: cst.Call
) -> cst.Arg | None:
    """The argument that a `*parameter` ends with."""
    positional = [arg for arg in call.args if arg.keyword is None]
    before = len(function.params.posonly_params) + len(function.params.params) - _bound(module, function)
    known = len(positional) > before and not any(arg.star for arg in positional)
    return positional[-1] if known else None


def called(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else dotted(call.func) or ""


def _bound(module: Module, function: cst.FunctionDef | cst.Lambda) -> int:
    """How many parameters the receiver of a method takes."""
    if isinstance(function, cst.Lambda):
        return 0
    block = module.parents.get(id(function))
    owner = module.parents.get(id(block)) if block is not None else None
    static = any(dotted(each.decorator) == "staticmethod" for each in function.decorators)
    return int(isinstance(owner, cst.ClassDef) and not static)


def only_result(function: cst.FunctionDef) -> cst.BaseExpression | None:
    """What a function returns, where that is one expression."""
    found = [node for node in own(function) if isinstance(node, cst.Return)]
    return found[0].value if len(found) == 1 else None


def names_in(node: cst.CSTNode) -> frozenset[str]:
    """The variables under a node."""
    return frozenset(each.value for each in variables(node))


def functions_of(modules: Sequence[Module]) -> Functions:
    """The functions of the project by name."""
    found: dict[str, tuple[Module, cst.FunctionDef] | None] = {}
    for module in modules:
        for name, nodes in module.functions.items():
            found[name] = None if name in found or len(nodes) > 1 else (module, nodes[0])
    return found


def bindings(function: FunctionNode, name: str) -> Iterator[cst.BaseExpression | None]:
    """What a function gives a variable, at each place that does; None where that is no expression."""
    for node in own(function):
        if isinstance(node, cst.Assign):
            for target in node.targets:
                if _binds(target.target, name):
                    yield node.value if isinstance(target.target, cst.Name) else None
        elif isinstance(node, (cst.AnnAssign, cst.NamedExpr)):
            if _binds(node.target, name) and node.value is not None:
                yield node.value
        elif isinstance(node, (cst.AugAssign, cst.For, cst.CompFor)):
            if _binds(node.target, name):
                yield node.iter if isinstance(node, (cst.For, cst.CompFor)) else None
        elif isinstance(node, cst.AsName) and _binds(node.name, name):
            yield None


def _binds(target: cst.CSTNode, name: str) -> bool:
    if isinstance(target, cst.Name):
        return target.value == name
    if isinstance(target, (cst.Tuple, cst.List)):
        return any(_binds(element.value, name) for element in target.elements)
    return False


def is_stable(function: FunctionNode, name: str) -> bool:
    """Whether a variable keeps its value: a parameter, or given one at one place."""
    return len(list(bindings(function, name))) + (name in parameters(function)) == 1
