"""Chains of tests on one value (if/elif, ifs in a row, match), and what they do with any other value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.advice import surroundings
from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.modules import Module

_IGNORED = "the chain of tests passes over a new one"
_REFUSED = "the chain of tests ends in an error for a new one"


@dataclass(frozen=True, slots=True)
class Chain:
    """Tests that begin at `head`; `shortcoming` says what becomes of any other value (empty: a default)."""

    module: Module
    head: cst.If | cst.Match
    branches: int
    shortcoming: str


def chain_around(module: Module, node: cst.CSTNode) -> Chain | None:
    """The chain that a comparison or a pattern is a test of."""
    inner = node
    for around in ancestors(module, node):
        if isinstance(around, cst.If):
            return _of_ifs(module, around) if around.test is inner else None
        if isinstance(around, cst.MatchCase):
            statement = module.parents.get(id(around))
            if around.pattern is inner and isinstance(statement, cst.Match):
                return _of_match(module, statement)
            return None
        if not isinstance(around, (cst.BooleanOperation, cst.MatchPattern)):
            return None
        if isinstance(around, cst.BooleanOperation) and isinstance(around.operator, cst.And):
            return None
        inner = around
    return None


def _of_ifs(module: Module, branch: cst.If) -> Chain:
    head: cst.If = branch
    while isinstance(above := module.parents.get(id(head)), cst.If) and above.orelse is head:
        head = above
    siblings = _siblings(module, head)
    at = next((index for index, each in enumerate(siblings) if each is head), 0)
    while at and _is_bare_leaving(siblings[at - 1]):
        at -= 1
    first = siblings[at] if siblings else head
    branches, rest = 0, ""
    for index in range(at, len(siblings)):
        each = siblings[index]
        if not isinstance(each, cst.If):
            break
        count, closing, all_leave = _branches(each)
        branches += count
        rest = _rest(closing, all_leave, siblings[index + 1 :])
        if closing is not None or not all_leave or index + 1 == len(siblings):
            break
        if not isinstance(siblings[index + 1], cst.If):
            break
    return Chain(module, first if isinstance(first, cst.If) else head, branches, rest)


def _is_bare_leaving(statement: cst.CSTNode) -> bool:
    """An `if` without `else` whose branches leave: what follows belongs to the same chain."""
    if not isinstance(statement, cst.If):
        return False
    _, closing, all_leave = _branches(statement)
    return closing is None and all_leave


def _branches(head: cst.If) -> tuple[int, cst.Else | None, bool]:
    """How many tests an if/elif has, its `else`, and whether every branch leaves."""
    count, all_leave = 0, True
    current: cst.If | cst.Else | None = head
    while isinstance(current, cst.If):
        count += 1
        all_leave = all_leave and surroundings.leaves(current.body)
        current = current.orelse
    return count, current, all_leave


def _rest(closing: cst.Else | None, all_leave: bool, following: Sequence[cst.CSTNode]) -> str:
    """What becomes of a value that no test knows."""
    if closing is not None:
        return _REFUSED if surroundings.refuses(closing.body) else ""
    if all_leave and following:
        return _REFUSED if surroundings.is_refusal(following[0]) else ""
    return _IGNORED


def _of_match(module: Module, statement: cst.Match) -> Chain:
    for case in statement.cases:
        if case.guard is None and _takes_all(case.pattern):
            refused = surroundings.refuses(case.body)
            return Chain(module, statement, len(statement.cases), _REFUSED if refused else "")
    siblings = _siblings(module, statement)
    at = next((index for index, each in enumerate(siblings) if each is statement), 0)
    all_leave = all(surroundings.leaves(case.body) for case in statement.cases)
    return Chain(module, statement, len(statement.cases), _rest(None, all_leave, siblings[at + 1 :]))


def _takes_all(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and (pattern.pattern is None or _takes_all(pattern.pattern))


def _siblings(module: Module, statement: cst.CSTNode) -> Sequence[cst.CSTNode]:
    block = module.parents.get(id(statement))
    return tuple(block.body) if isinstance(block, (cst.IndentedBlock, cst.Module)) else ()
