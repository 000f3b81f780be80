"""Whether a place is only reached when a request was refused, by the tests of the status on the way."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.fates.governing import governors, steps
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

_STATUSES = frozenset({"status_code", "status", "code", "getcode"})
_GOOD = frozenset({"ok", "is_success"})
_BAD = frozenset({"is_error", "is_client_error", "is_server_error"})
_GOOD_NAMES = frozenset("ok created accepted no_content".split())
_LEAST_FAILURE = 400
_GREATEST_SUCCESS = 299


def status_test(module: Module, node: cst.CSTNode, status: str) -> cst.BaseExpression | None:
    """The comparison with that status beside or around a place, if there is one."""
    tests = [governor.test for governor in governors(module, node)]
    for child, parent in steps(module, node):
        if isinstance(parent, cst.BooleanOperation):
            tests.append(parent.left if child is parent.right else parent.right)
    for test in tests:
        for each in walk(test):
            if isinstance(each, cst.Comparison) and _names_status(each, status):
                return each
    return None


def _names_status(comparison: cst.Comparison, status: str) -> bool:
    return any(
        (isinstance(each, cst.Integer) and each.value == status)
        or (isinstance(each, cst.Attribute) and each.attr.value.upper() == "NOT_FOUND")
        for each in walk(comparison)
    )


def on_failure(module: Module, node: cst.CSTNode) -> bool:
    """Whether the place runs only after a refusal, as far as `if` and `except` say so."""
    if any(_fails(governor.test, governor.outcome) for governor in governors(module, node)):
        return True
    return any(
        isinstance(parent, cst.ExceptHandler) and parent.type is not None and _is_of_http(parent.type)
        for _, parent in steps(module, node)
    )


def _is_of_http(caught: cst.BaseExpression) -> bool:
    kinds = [each.value for each in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
    return any(word in last_name(kind) for kind in kinds for word in ("HTTP", "Request", "Response"))


def _fails(test: cst.BaseExpression, outcome: bool) -> bool:
    """Whether a test with that outcome tells of a refusal."""
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _fails(test.expression, not outcome)
    if isinstance(test, cst.BooleanOperation):
        # All sides are known where `and` holds or `or` does not.
        known = isinstance(test.operator, cst.And) is outcome
        sides = [_fails(side, outcome) for side in (test.left, test.right)]
        return any(sides) if known else all(sides)
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _compared(test.left, test.comparisons[0], outcome)
    return (last_name(test) in _GOOD and not outcome) or (last_name(test) in _BAD and outcome)


def _compared(left: cst.BaseExpression, target: cst.ComparisonTarget, outcome: bool) -> bool:
    if not any(last_name(each) in _STATUSES for each in walk(left)):
        return False
    numbers = [number for each in walk(target.comparator) if (number := _status_of(each)) is not None]
    if not numbers:
        return False
    operator, failure = target.operator, min(numbers) >= _LEAST_FAILURE
    if isinstance(operator, (cst.NotEqual, cst.NotIn)):
        outcome = not outcome
    if isinstance(operator, (cst.LessThan, cst.LessThanEqual)):
        return not outcome
    if isinstance(operator, (cst.GreaterThan, cst.GreaterThanEqual)):
        return outcome and min(numbers) >= _GREATEST_SUCCESS
    return failure if outcome else not failure


def _status_of(node: cst.CSTNode) -> int | None:
    if isinstance(node, cst.Integer):
        return int(node.evaluated_value)
    if isinstance(node, cst.Attribute) and last_name(node.value) in ("codes", "HTTPStatus"):
        return 200 if node.attr.value.lower() in _GOOD_NAMES else _LEAST_FAILURE
    return None
