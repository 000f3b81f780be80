"""What code changes: names that are given another value, and objects that are written to, with the place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.repeats.own_names import FunctionNode, own, parameters
from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.flow.trees import children, walk

Path = tuple[str, ...]
"""A variable and the attributes behind it: `self.session` is ("self", "session")."""

_WRITERS = frozenset(
    "update pop popitem popleft append appendleft extend insert setdefault clear remove add discard sort "
    "reverse close aclose __setitem__ __delitem__ put put_nowait set".split()
)
"""Methods that leave their object another one than it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what a path stands for."""

    path: Path
    node: cst.CSTNode
    rebinds: bool
    """Whether the name stands for something else from here on; else the object itself is changed."""
    inner: bool = False
    """Whether a function inside makes it, of which nobody knows when it runs."""
    called: bool = False
    """Whether the node is a call of a function of the project, which makes it."""


def changes_in(nodes: Sequence[cst.CSTNode]) -> Iterator[Change]:
    """The changes that nodes make themselves, without the functions defined in them."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield from _of(node)
        if not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            stack.extend(children(node))


def changes_of(function: FunctionNode) -> list[Change]:
    """The changes that a function makes, those of functions in it as far as they concern its names."""
    found = [change for node in own(function) for change in _of(node)]
    for node in own(function):
        if isinstance(node, (cst.FunctionDef, cst.Lambda)):
            found += [Change(each.path, each.node, each.rebinds, True) for each in outward(node)]
        elif isinstance(node, cst.ClassDef):
            methods = [each for each in node.body.body if isinstance(each, cst.FunctionDef)]
            found += [
                Change(each.path, each.node, each.rebinds, True)
                for method in methods
                for each in outward(method)
            ]
    return found


def outward(function: cst.FunctionDef | cst.Lambda) -> list[Change]:
    """The changes of a function that reach what is not its own."""
    every = changes_of(function)
    shared = {
        item.name.value
        for node in own(function)
        if isinstance(node, (cst.Global, cst.Nonlocal))
        for item in node.names
    }
    local = {each.path[0] for each in every if each.rebinds} | parameters(function)
    return [each for each in every if each.path[0] in shared or each.path[0] not in local]


def on_parameters(function: cst.FunctionDef) -> list[Change]:
    """The changes that a function makes to the objects that it is given."""
    given = parameters(function)
    return [each for each in changes_of(function) if not each.rebinds and each.path[0] in given]


def _of(node: cst.CSTNode) -> Iterator[Change]:
    if isinstance(node, cst.Assign):
        for target in node.targets:
            yield from _of_target(target.target, node)
    elif isinstance(node, cst.AnnAssign) and node.value is not None:
        yield from _of_target(node.target, node)
    elif isinstance(node, cst.AugAssign):
        for change in _of_target(node.target, node):
            yield change
            yield Change(change.path, node, False)
    elif isinstance(node, (cst.For, cst.CompFor, cst.NamedExpr, cst.Del)):
        yield from _of_target(node.target, node)
    elif isinstance(node, cst.AsName):
        yield from _of_target(node.name, node)
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        path = path_of(node.func.value)
        if path and node.func.attr.value in _WRITERS:
            yield Change(path, node, False)


def _of_target(target: cst.CSTNode, node: cst.CSTNode) -> Iterator[Change]:
    if isinstance(target, cst.Name):
        yield Change((target.value,), node, True)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _of_target(element.value, node)
    elif isinstance(target, (cst.Attribute, cst.Subscript)):
        path = path_of(target)
        if path:
            yield Change(path, node, False)


def path_of(node: cst.CSTNode) -> Path:
    """The variable that an expression is a part of, with its attributes up to the first look-up."""
    if isinstance(node, (cst.Name, cst.Attribute)) and (name := dotted(node)):
        return tuple(name.split("."))
    if isinstance(node, (cst.Attribute, cst.Subscript)):
        return path_of(node.value)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return path_of(node.func.value)
    return ()


def looks_in(node: cst.CSTNode) -> Iterator[tuple[Path, cst.CSTNode]]:
    """What code looks at; of a method, the object that it is called on."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (cst.Name, cst.Attribute)) and (name := dotted(current)):
            yield tuple(name.split(".")), current
        elif isinstance(current, cst.Call):
            stack.extend(current.args)
            func = current.func
            stack.append(func.value if isinstance(func, cst.Attribute) else func)
        elif isinstance(current, (cst.Attribute, cst.Arg)):
            stack.append(current.value)
        else:
            stack.extend(children(current))


def bound_in(nodes: Sequence[cst.CSTNode]) -> frozenset[str]:
    """The names that code gives a value itself, the parameters of lambdas among them."""
    found = {change.path[0] for change in changes_in(nodes) if change.rebinds and len(change.path) == 1}
    for node in nodes:
        found |= {name for each in walk(node) if isinstance(each, cst.Lambda) for name in parameters(each)}
    return frozenset(found)
