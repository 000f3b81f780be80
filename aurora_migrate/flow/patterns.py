"""`match`: what the names of a pattern are bound to, and what is looked at on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts, strangers, targets
from aurora_migrate.flow.alternatives import choose, is_stranger, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.scopes import target_names
from aurora_migrate.flow.trees import children, walk
from aurora_migrate.flow.values import Part, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def bind(run: Interpreter, pattern: cst.MatchPattern, subject: Value, scope: Scope) -> None:
    """Bind the names of a pattern: to parts of the response where the subject is one, else to all of it."""
    for name in _captured(pattern):
        targets.store(run, cst.Name(name), subject, scope, None)
    found = list(parts_of(subject))
    if found:
        _inspect(run, pattern, found, scope)
    for value in _tested(pattern):
        strangers.note_tested(run, value, subject)
    if any(map(is_stranger, options(subject))):
        for each in walk(pattern):
            if isinstance(each, cst.MatchMappingElement):
                strangers.note(run, each.key, subject, run.evaluate(each.key, scope))


def _tested(pattern: cst.CSTNode | None) -> Iterator[cst.CSTNode]:
    """What a pattern holds its whole subject against."""
    if isinstance(pattern, cst.MatchValue):
        yield pattern.value
    elif isinstance(pattern, cst.MatchAs):
        yield from _tested(pattern.pattern)
    elif isinstance(pattern, cst.MatchOr):
        for alternative in pattern.patterns:
            yield from _tested(alternative.pattern)


def _inspect(run: Interpreter, pattern: cst.CSTNode, subject: list[Part], scope: Scope) -> None:
    if isinstance(pattern, cst.MatchValue):
        for part in subject:
            parts.match(run, part, run.evaluate(pattern.value, scope), pattern.value, scope.module, "case")
    elif isinstance(pattern, cst.MatchOr):
        for alternative in pattern.patterns:
            _inspect(run, alternative.pattern, subject, scope)
    elif isinstance(pattern, cst.MatchAs):
        if pattern.name is not None:
            targets.store(run, pattern.name, choose(subject), scope, None)
        if pattern.pattern is not None:
            _inspect(run, pattern.pattern, subject, scope)
    elif isinstance(pattern, cst.MatchMapping):
        _inspect_mapping(run, pattern, subject, scope)
    elif isinstance(pattern, (cst.MatchList, cst.MatchTuple)):
        inner = [part.step(Marker.ITEM) for part in subject]
        for item in pattern.patterns:
            _inspect(run, item.value if isinstance(item, cst.MatchSequenceElement) else item, inner, scope)


def _inspect_mapping(run: Interpreter, pattern: cst.MatchMapping, subject: list[Part], scope: Scope) -> None:
    for element in pattern.elements:
        key = run.evaluate(element.key, scope)
        values = [parts.look(run, part, key, element.key, scope, Form.CASE) for part in subject]
        inner = list(parts_of(choose(values)))
        if inner:
            _inspect(run, element.pattern, inner, scope)


def _captured(pattern: cst.CSTNode) -> Iterator[str]:
    stack = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            yield from target_names(node.name)
        stack.extend(children(node))
