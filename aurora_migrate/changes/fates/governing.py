"""What decides whether a place runs: the tests around and before it, and the other ways past it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.flow.modules import Module


@dataclass(frozen=True, slots=True)
class Governor:
    """A test and the outcome with which the place runs."""

    test: cst.BaseExpression
    outcome: bool
    region: Sequence[cst.CSTNode]
    """What runs with that outcome, as far as it is written in one piece."""


def governors(module: Module, node: cst.CSTNode) -> Iterator[Governor]:
    """The tests that decide whether a place runs, innermost first, up to its function's beginning."""
    for child, parent in steps(module, node):
        if isinstance(parent, (cst.If, cst.IfExp)):
            yield from _of_branch(parent, child)
        elif isinstance(parent, cst.While) and child is parent.body:
            yield Governor(parent.test, True, (parent.body,))
        elif isinstance(parent, cst.BooleanOperation) and child is parent.right:
            yield Governor(parent.left, isinstance(parent.operator, cst.And), (parent.right,))
        elif isinstance(parent, (cst.ListComp, cst.SetComp, cst.GeneratorExp)) and child is parent.elt:
            for condition in parent.for_in.ifs:
                yield Governor(condition.test, True, (parent.elt,))
        elif isinstance(parent, (cst.IndentedBlock, cst.Module)):
            yield from _of_earlier(parent.body, child)


def steps(module: Module, node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Each node on the way up with its parent; a function's body is the end of the way."""
    child = node
    while (parent := module.parents.get(id(child))) is not None:
        yield child, parent
        if isinstance(parent, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            return
        child = parent


def _of_branch(parent: cst.If | cst.IfExp, child: cst.CSTNode) -> Iterator[Governor]:
    if child is parent.body:
        yield Governor(parent.test, True, (parent.body,))
    elif parent.orelse is not None and child is parent.orelse:
        yield Governor(parent.test, False, (parent.orelse,))


def _of_earlier(body: Sequence[cst.CSTNode], child: cst.CSTNode) -> Iterator[Governor]:
    """`if test: return` above the place: it runs only when the test fails."""
    place = next((index for index, each in enumerate(body) if each is child), 0)
    rest = body[place:]
    for index in range(place - 1, -1, -1):
        statement = body[index]
        if isinstance(statement, cst.If) and ends(statement.body):
            if statement.orelse is None:
                yield Governor(statement.test, False, rest)
            elif isinstance(statement.orelse, cst.If) and ends(statement.orelse.body):
                yield Governor(statement.test, False, rest)
                yield Governor(statement.orelse.test, False, rest)
        elif isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if isinstance(small, cst.Assert):
                    yield Governor(small.test, True, rest)


def ends(body: cst.BaseSuite) -> bool:
    """Whether a block never goes on to what follows it."""
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    if isinstance(last, cst.If):
        other = last.orelse
        return (
            ends(last.body)
            and other is not None
            and ends(other.body)
            and not (isinstance(other, cst.If) and other.orelse is None)
        )
    if isinstance(last, cst.Try):
        return ends(last.body) and all(ends(handler.body) for handler in last.handlers)
    if isinstance(last, cst.With):
        return ends(last.body)
    if isinstance(last, cst.Expr) and isinstance(last.value, cst.Call):
        return _never_returns(last.value)
    return isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break))


def _never_returns(call: cst.Call) -> bool:
    func = call.func
    if isinstance(func, cst.Name):
        return func.value in ("exit", "quit")
    return isinstance(func, cst.Attribute) and func.attr.value in ("exit", "_exit")


def alternatives(module: Module, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What runs instead of the place, or before it to no avail: tests, other branches, `try` blocks."""
    for child, parent in steps(module, node):
        if isinstance(parent, (cst.If, cst.IfExp)):
            branches = (parent.test, parent.body, parent.orelse)
            yield from (each for each in branches if each is not None and each is not child)
        elif isinstance(parent, cst.BooleanOperation):
            yield parent.right if child is parent.left else parent.left
        elif isinstance(parent, (cst.IndentedBlock, cst.Module)):
            earlier = list(parent.body)[: next(i for i, each in enumerate(parent.body) if each is child)]
            yield from (each for each in earlier if isinstance(each, cst.If) and ends(each.body))
        elif isinstance(parent, (cst.ExceptHandler, cst.ExceptStarHandler)):
            attempt = module.parents.get(id(parent))
            if isinstance(attempt, (cst.Try, cst.TryStar)):
                yield attempt.body
        elif isinstance(parent, cst.MatchCase):
            match = module.parents.get(id(parent))
            if isinstance(match, cst.Match):
                yield from (case for case in match.cases if case is not parent)
        elif isinstance(parent, cst.Arg):
            call = module.parents.get(id(parent))
            if isinstance(call, cst.Call) and any(parent is arg for arg in call.args[1:]):
                # `body.get("new", body.get("old"))`
                yield call.args[0].value
