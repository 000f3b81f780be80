"""Tests of a response's status: whether an answer is one to a request that succeeded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Const, Instance, Part

if TYPE_CHECKING:
    from aurora_migrate.flow.heap import Delta
    from aurora_migrate.flow.interpreter import Interpreter

RESPONSE = "http.Response"
"""The class of the responses of all HTTP libraries."""
SUCCEEDED = "<succeeded>"
"""The cell of a response that says whether its status is known to be below 400."""
UNTOLD = Const(False)
_YES = Const(True)
_NUMBERS = frozenset({"status_code", "status", "code", "getcode"})
_GOOD = frozenset({"ok", "is_success"})
_BAD = frozenset({"is_error", "is_client_error"})
_TABLES = frozenset({"codes", "HTTPStatus"})
"""What holds statuses by their names: `requests.codes.ok`, `HTTPStatus.OK`."""
_STATUSES = range(100, 600)
_FIRST_REFUSAL = 400
_Says = Callable[[int], "int | bool | tuple[int, ...] | range"]


class _Unclear(Exception):
    """A test that says nothing of a status alone."""


def begin(run: Interpreter, response: Instance) -> None:
    """Nothing is known of the status of a response that has just come."""
    if response.cells.get(SUCCEEDED, UNTOLD) is not UNTOLD:
        run.heap.set(response.cells, SUCCEEDED, UNTOLD)


def succeed(run: Interpreter, response: Instance) -> None:
    """`raise_for_status()` has come back."""
    run.heap.set(response.cells, SUCCEEDED, _YES)


def forget(run: Interpreter) -> None:
    """Nothing is known of any status: a function is tried by itself."""
    for response in run.responses.values():
        begin(run, response)


def doubt(run: Interpreter, deltas: Iterable[Delta]) -> None:
    """An exception was caught: what these paths found out about a status may be the reason for it."""
    for delta in deltas:
        for cells, key, _ in list(delta.changes.values()):
            if key == SUCCEEDED:
                run.heap.set(cells, key, UNTOLD)


def has_succeeded(run: Interpreter, part: Part) -> bool:
    """Whether the answer that a part is of is known to be no refusal, here and now."""
    response = run.responses.get(part.origin.number)
    known = run.heap.get(response.cells, SUCCEEDED) if response is not None else None
    return isinstance(known, Const) and known.value is True


def note_tested(run: Interpreter, test: cst.BaseExpression, outcome: bool, scope: Scope) -> None:
    """Note what a test with this outcome says of the status of a response."""
    asked = list(_asked(test, scope))
    holders = {holder for holder, _ in asked}
    if len(holders) != 1:
        return
    subject = asked[0][1]
    try:
        meant = [status for status in _STATUSES if bool(_says(test, scope)(status)) is outcome]
    except _Unclear:
        return
    if not meant or min(meant) < _FIRST_REFUSAL <= max(meant):
        return
    known = _YES if max(meant) < _FIRST_REFUSAL else UNTOLD
    for option in options(run.evaluate(subject, scope)):
        if not isinstance(option, Instance) or option.kind != RESPONSE:
            continue
        if option.cells.get(SUCCEEDED) is not known:
            run.heap.set(option.cells, SUCCEEDED, known)


def note_case(run: Interpreter, subject: cst.BaseExpression, pattern: cst.MatchPattern, scope: Scope) -> None:
    """`match response.status_code: case 200: ...`."""
    if isinstance(pattern, cst.MatchValue) and isinstance(pattern.value, (cst.Integer, cst.Attribute)):
        target = cst.ComparisonTarget(cst.Equal(), pattern.value)
        note_tested(run, cst.Comparison(subject, [target]), True, scope)


def _asked(test: cst.CSTNode, scope: Scope) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The variables whose status a test asks for, with the expressions that name them."""
    for node in walk(test):
        given = _given(node, scope) if isinstance(node, cst.Name) else None
        if given is not None:
            yield from _asked(given, scope)
        is_asked = isinstance(node, cst.Attribute) and node.attr.value in _NUMBERS | _GOOD | _BAD
        holder = node.value if is_asked and isinstance(node, cst.Attribute) else None
        if isinstance(holder, cst.Name) and holder.value not in _TABLES:
            yield holder.value, holder


def _given(name: cst.Name, scope: Scope) -> cst.BaseExpression | None:
    """What a variable of the running function is given once: `status = r.status_code`."""
    around: cst.CSTNode = name
    while around is not scope.module.tree and not isinstance(around, cst.FunctionDef):
        around = scope.module.parents.get(id(around), scope.module.tree)
    found = [
        node.value
        for node in walk(around)
        if isinstance(node, cst.Assign)
        and any(
            isinstance(target.target, cst.Name) and target.target.value == name.value
            for target in node.targets
        )
    ]
    return found[0] if len(found) == 1 and isinstance(found[0], (cst.Attribute, cst.Comparison)) else None


def _says(node: cst.BaseExpression, scope: Scope) -> _Says:
    """What an expression is, by the status. Raises _Unclear where that depends on more."""
    if isinstance(node, cst.Integer):
        number = node.evaluated_value
        return lambda status: number
    if isinstance(node, cst.Name):
        given = _given(node, scope)
        if given is None:
            raise _Unclear
        return _says(given, scope)
    if isinstance(node, cst.Attribute):
        return _attribute(node)
    if isinstance(node, cst.Call) and not node.args:
        return _says(node.func, scope)
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not):
        inner = _says(node.expression, scope)
        return lambda status: not inner(status)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.FloorDivide):
        return _divided(_says(node.left, scope), _says(node.right, scope))
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return _several([_says(element.value, scope) for element in node.elements])
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "range":
        return _range([_says(arg.value, scope) for arg in node.args])
    if isinstance(node, cst.Comparison):
        return _compared(node, scope)
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


def _compared(node: cst.Comparison, scope: Scope) -> _Says:
    sides = [_says(node.left, scope), *(_says(each.comparator, scope) for each in node.comparisons)]
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
