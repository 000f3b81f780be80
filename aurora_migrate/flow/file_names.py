"""Which file a call reads, by the paths that the code around it puts together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.files.source import DATA
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.text import HOLE, characters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Text, Unknown

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

Names = dict[str, set[int]]
"""The last parts of paths, each with the string nodes that spell it."""

_PATHS = (
    cst.SimpleString,
    cst.FormattedString,
    cst.ConcatenatedString,
    cst.BinaryOperation,
    cst.Name,
    cst.Attribute,
)
_MAKERS = frozenset("join joinpath with_name with_suffix Path PurePath str format fspath".split())
_READERS = frozenset("open read read_text read_bytes load".split())
MAX_DEPTH = 4


def is_json(name: str) -> bool:
    """Whether a name is that of a JSON file."""
    return name.endswith(DATA) and name != DATA


def names_read(
    run: Interpreter, call: cst.CSTNode, scope: Scope, is_name: Callable[[str], bool] = is_json
) -> Names:
    """The names of files, JSON unless `is_name` says otherwise, in what a call is given.

    Followed through variables, `with`, and what takes the place of something unknown.
    """
    found: Names = {}
    for node in _given(scope.module, call):
        for option in options(run.evaluate(node, scope)):
            if isinstance(option, Unknown) and option.default is not None:
                option = option.default
            if isinstance(option, Text):
                _note(found, option, is_name)
    return found


def stems_read(run: Interpreter, call: cst.CSTNode, scope: Scope) -> Names:
    """The texts that a function was given which puts `.json` behind one."""
    function = _function(scope.module, call)
    spelled = any(DATA in string_value(each) for each in walk(function) if isinstance(each, cst.SimpleString))
    texts = [each.value for each in walk(function) if isinstance(each, cst.FormattedStringText)]
    found: Names = {}
    if scope.parent is not None and (spelled or any(DATA in each for each in texts)):
        for value in scope.cells.values():
            for option in options(value):
                if isinstance(option, Text) and option.literal:
                    found.setdefault(option.literal.rpartition("/")[2] + DATA, set())
    return found


def reads_file(module: Module, call: cst.Call) -> bool:
    """Whether what a call of `json.load` or `json.loads` is given comes out of a file."""
    return any(
        isinstance(each, cst.Call) and last_name(each.func) in _READERS for each in _nodes(module, call, 0)
    )


def _note(found: Names, path: Text, is_name: Callable[[str], bool]) -> None:
    name = characters(path).rpartition("/")[2].rpartition("\\")[2]
    suffix = name[name.rfind(".") :]
    if HOLE not in name and is_name(name):
        nodes = {
            id(piece.node) for piece in path.pieces if piece.node is not None and suffix in (piece.text or "")
        }
        found.setdefault(name, set()).update(nodes)


def _nodes(module: Module, node: cst.CSTNode, depth: int) -> Iterator[cst.CSTNode]:
    """The nodes of an expression, and those of what its variables are given."""
    for each in walk(node):
        yield each
        if isinstance(each, cst.Name) and depth < MAX_DEPTH:
            for source in _sources(module, each):
                yield from _nodes(module, source, depth + 1)


def _given(module: Module, call: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The expressions there that can be paths."""
    for each in _nodes(module, call, 0):
        made = isinstance(each, cst.Call) and each is not call and last_name(each.func) in _MAKERS
        if isinstance(each, _PATHS) or made:
            assert isinstance(each, cst.BaseExpression)
            yield each


def _sources(module: Module, name: cst.Name) -> Iterator[cst.CSTNode]:
    """What a variable is given: in the function around it, else at the top of the module."""
    function = _function(module, name)
    found = list(_bound_in(function, name.value)) or list(_bound_in(module.tree, name.value))
    if len(found) == 1:
        yield from found


def _bound_in(function: cst.CSTNode, name: str) -> Iterator[cst.CSTNode]:
    for each in walk(function):
        if isinstance(each, cst.WithItem) and each.asname is not None and _is(each.asname.name, name):
            yield each.item
        elif isinstance(each, cst.Assign) and any(_is(target.target, name) for target in each.targets):
            yield each.value


def _is(target: cst.BaseExpression, name: str) -> bool:
    return isinstance(target, cst.Name) and target.value == name


def _function(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda)):
        current = module.parents.get(id(current))
    return current if current is not None else module.tree
