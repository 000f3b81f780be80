"""When a module first runs the code that a plan puts into it: its imports have to stand above."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.flow.trees import children

_BY_NAME = frozenset({"globals", "locals", "vars", "eval", "exec"})
"""Builtins that reach definitions of the module without spelling their names."""

_LITERALS = (cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float, cst.UnaryOperation)


@dataclass(slots=True)
class Places:
    """The top-level statements that new code stands in, by index, and the functions around it."""

    now: set[int] = field(default_factory=set)
    """Where it runs when the module is loaded."""
    later: set[int] = field(default_factory=set)
    """Where it runs when a function is called."""
    functions: dict[int, tuple[cst.FunctionDef, int]] = field(default_factory=dict)
    """The functions, each with the index of its first statement that holds new code."""


def places_of(tree: cst.Module, keys: Iterable[int], parents: dict[int, cst.CSTNode]) -> Places:
    """Where the nodes with these identities stand."""
    places = Places()
    index = {id(statement): number for number, statement in enumerate(tree.body)}
    for key in keys:
        deferred, path = False, [key]
        while key not in index:
            parent = parents.get(key)
            if parent is None:
                break
            if isinstance(parent, (cst.FunctionDef, cst.Lambda)) and key == id(parent.body):
                deferred = True
                if isinstance(parent, cst.FunctionDef):
                    _note_function(places, parent, path)
            key = id(parent)
            path.append(key)
        if key in index:
            (places.later if deferred else places.now).add(index[key])
    return places


def _note_function(places: Places, function: cst.FunctionDef, path: list[int]) -> None:
    below = set(path)
    at = next((n for n, each in enumerate(function.body.body) if id(each) in below), 0)
    known = places.functions.get(id(function))
    places.functions[id(function)] = (function, min(at, known[1]) if known else at)


def first_run(tree: cst.Module, places: Places) -> int:
    """The index of the first top-level statement that may run code in these places."""
    limit = min(places.now, default=len(tree.body))
    if places.later:
        own = _own_names(tree)
        for index in range(min(places.later), limit):
            if _reaches(tree.body[index], own):
                return index
    return limit


def preamble(tree: cst.Module) -> int:
    """How many statements at the module's top are imports, texts and constants, guarded or not."""
    count = 0
    while count < len(tree.body) and _is_preamble(tree.body[count]):
        count += 1
    return count


def _is_preamble(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleStatementLine):
        return all(_is_preamble(small) for small in node.body)
    if isinstance(node, (cst.Import, cst.ImportFrom, cst.Pass, cst.Raise)):
        return True
    if isinstance(node, cst.Expr):
        return isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))
    if isinstance(node, (cst.Assign, cst.AnnAssign)):
        value = node.value
        return value is None or isinstance(value, (*_LITERALS, cst.Name))
    if isinstance(node, (cst.If, cst.Try)):
        blocks = list(_blocks(node))
        return all(_is_preamble(statement) for block in blocks for statement in block.body)
    return False


def _blocks(node: cst.If | cst.Try) -> Iterator[cst.BaseSuite]:
    yield node.body
    if isinstance(node, cst.Try):
        yield from (handler.body for handler in node.handlers)
        if node.finalbody is not None:
            yield node.finalbody.body
    if isinstance(node.orelse, cst.If):
        yield from _blocks(node.orelse)
    elif node.orelse is not None:
        yield node.orelse.body


def _run_on_load(statement: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What loading the module evaluates: everything but the insides of functions and attributes' names."""
    stack = [statement]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (cst.FunctionDef, cst.Lambda)):
            kept = [node.params] if isinstance(node, cst.Lambda) else [node.params, *node.decorators]
            stack.extend(kept)
        elif isinstance(node, cst.Attribute):
            stack.append(node.value)
        else:
            stack.extend(children(node))


def _own_names(tree: cst.Module) -> set[str]:
    """Names at module level that may lead to the module's own functions."""
    found: set[str] = set()
    for statement in tree.body:
        for node in _run_on_load(statement):
            if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
                found.add(node.name.value)
            elif isinstance(node, cst.Assign) and not isinstance(node.value, _LITERALS):
                for target in node.targets:
                    found.update(_names(target.target))
            elif isinstance(node, (cst.AnnAssign, cst.NamedExpr, cst.For)):
                found.update(_names(node.target))
            elif isinstance(node, cst.AsName):
                found.update(_names(node.name))
    return found


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)


def _reaches(statement: cst.CSTNode, own: set[str]) -> bool:
    if isinstance(statement, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body
    ):
        return False
    made = {statement.name} if isinstance(statement, (cst.FunctionDef, cst.ClassDef)) else set()
    return any(
        isinstance(node, cst.Name) and node not in made and (node.value in own or node.value in _BY_NAME)
        for node in _run_on_load(statement)
    )
