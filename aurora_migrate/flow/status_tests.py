"""What a test says of the status of a response: which outcome of it leaves no refusal.

A test is understood by what it comes to for every status there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.trees import walk

if TYPE_CHECKING:
    from aurora_migrate.flow.modules import Module

_NUMBERS = frozenset({"status_code", "status", "code", "getcode"})
_GOOD = frozenset({"ok", "is_success"})
_BAD = frozenset({"is_error", "is_client_error"})
_TABLES = frozenset({"codes", "HTTPStatus"})
"""What holds statuses by their names: `requests.codes.ok`, `HTTPStatus.OK`."""
_STATUSES = range(100, 600)
_FIRST_REFUSAL = 400
_MOST_STEPS = 3
"""How many variables a test may go through to the status."""
_Says = Callable[[int], "int | bool | tuple[int, ...] | range"]


class _Unclear(Exception):
    """A test that says nothing of a status alone."""


@dataclass(frozen=True)
class Asked:
    """A test of a status: the variable whose status it is, and which outcome leaves no refusal."""

    holder: cst.Name
    if_true: bool
    if_false: bool


@lru_cache(maxsize=4096)
def understood(test: cst.BaseExpression, module: Module) -> Asked | None:
    """What a test asks of a status; None where it depends on anything else."""
    asked = list(_variables(test, module))
    if len({holder.value for holder in asked}) != 1:
        return None
    try:
        says = _says(test, module)
        meant = {status: bool(says(status)) for status in _STATUSES}
    except _Unclear:
        return None
    good, bad = (
        {outcome for status, outcome in meant.items() if (status < _FIRST_REFUSAL) is is_good}
        for is_good in (True, False)
    )
    return Asked(asked[0], True in good - bad, False in good - bad)


def _variables(test: cst.CSTNode, module: Module, depth: int = 0) -> Iterator[cst.Name]:
    """The variables whose status a test asks for."""
    for node in walk(test):
        is_name = isinstance(node, cst.Name) and depth < _MOST_STEPS
        given = _given(node, module) if is_name and isinstance(node, cst.Name) else None
        if given is not None:
            yield from _variables(given, module, depth + 1)
        is_asked = isinstance(node, cst.Attribute) and node.attr.value in _NUMBERS | _GOOD | _BAD
        holder = node.value if is_asked and isinstance(node, cst.Attribute) else None
        if isinstance(holder, cst.Name) and holder.value not in _TABLES:
            yield holder


def _given(name: cst.Name, module: Module) -> cst.BaseExpression | None:
    """What a variable of the function is given once: `status = r.status_code`, `good = status < 400`."""
    around: cst.CSTNode = name
    while around is not module.tree and not isinstance(around, cst.FunctionDef):
        around = module.parents.get(id(around), module.tree)
    return _given_once(around).get(name.value)


@lru_cache(maxsize=1024)
def _given_once(function: cst.CSTNode) -> dict[str, cst.BaseExpression]:
    found: dict[str, list[cst.BaseExpression]] = {}
    for node in walk(function):
        for target in node.targets if isinstance(node, cst.Assign) else ():
            if isinstance(target.target, cst.Name) and isinstance(node, cst.Assign):
                found.setdefault(target.target.value, []).append(node.value)
    return {
        name: given[0]
        for name, given in found.items()
        if len(given) == 1 and isinstance(given[0], (cst.Attribute, cst.Comparison))
    }


def _says(node: cst.BaseExpression, module: Module, depth: int = 0) -> _Says:
    """What an expression is, by the status. Raises _Unclear where that depends on more."""
    if isinstance(node, cst.Integer):
        number = node.evaluated_value
        return lambda status: number
    if isinstance(node, cst.Name):
        given = _given(node, module) if depth < _MOST_STEPS else None
        if given is None:
            raise _Unclear
        return _says(given, module, depth + 1)
    says = partial(_says, module=module, depth=depth)
    if isinstance(node, cst.Attribute):
        return _attribute(node)
    if isinstance(node, cst.Call) and not node.args:
        return says(node.func)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        inner = says(node.expression)
        return lambda status: not inner(status)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.FloorDivide):
        return _divided(says(node.left), says(node.right))
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return _several([says(element.value) for element in node.elements])
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "range":
        return _range([says(arg.value) for arg in node.args])
    if isinstance(node, cst.Comparison):
        return _compared(node, says)
    raise _Unclear


def _attribute(node: cst.Attribute) -> _Says:
    name = node.attr.value
    holder = node.value.attr if isinstance(node.value, cst.Attribute) else node.value
    if isinstance(holder, cst.Name) and holder.value in _TABLES:
        return _named(name)
    if name in _NUMBERS:
        return lambda status: status
    if name in _GOOD:
        return lambda status: status < _FIRST_REFUSAL
    if name in _BAD:
        return lambda status: status >= _FIRST_REFUSAL
    raise _Unclear


def _named(name: str) -> _Says:
    try:
        number = HTTPStatus[name.upper()].value
    except KeyError:
        raise _Unclear from None
    return lambda status: number


def _number(said: object) -> int:
    if not isinstance(said, int):
        raise _Unclear
    return said


def _divided(left: _Says, right: _Says) -> _Says:
    return lambda status: _number(left(status)) // (_number(right(status)) or 1)


def _several(elements: list[_Says]) -> _Says:
    return lambda status: tuple(_number(each(status)) for each in elements)


def _range(bounds: list[_Says]) -> _Says:
    if len(bounds) not in (1, 2):
        raise _Unclear
    return lambda status: range(*(_number(each(status)) for each in bounds))


_COMPARED: dict[type[cst.BaseCompOp], Callable[[int, int], bool]] = {
    cst.Equal: lambda one, other: one == other,
    cst.Is: lambda one, other: one == other,
    cst.NotEqual: lambda one, other: one != other,
    cst.IsNot: lambda one, other: one != other,
    cst.LessThan: lambda one, other: one < other,
    cst.LessThanEqual: lambda one, other: one <= other,
    cst.GreaterThan: lambda one, other: one > other,
    cst.GreaterThanEqual: lambda one, other: one >= other,
}


def _compared(node: cst.Comparison, says: Callable[[cst.BaseExpression], _Says]) -> _Says:
    sides = [says(node.left), *(says(each.comparator) for each in node.comparisons)]
    operators = [each.operator for each in node.comparisons]

    def holds(status: int) -> bool:
        values = [side(status) for side in sides]
        return all(
            _pair(operator, one, other)
            for operator, one, other in zip(operators, values, values[1:], strict=False)
        )

    return holds


def _pair(operator: cst.BaseCompOp, one: object, other: object) -> bool:
    if isinstance(operator, (cst.In, cst.NotIn)):
        if not isinstance(other, (tuple, range)):
            raise _Unclear
        return (one in other) is isinstance(operator, cst.In)
    compared = _COMPARED.get(type(operator))
    if compared is None:
        raise _Unclear
    return compared(_number(one), _number(other))
