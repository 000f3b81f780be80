"""`match`: what the names of a pattern are bound to, and what is looked at on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, objects, parts, protocols, strangers, targets
from aurora_migrate.flow.alternatives import choose, gap, is_stranger, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.scopes import target_names
from aurora_migrate.flow.trees import children
from aurora_migrate.flow.values import ClassValue, Instance, Items, Mapping, Part, Text, Unknown, Value
from aurora_migrate.flow.values import Sequence as SequenceValue
from aurora_migrate.flow.wrapped import element_of

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def bind(run: Interpreter, pattern: cst.MatchPattern, subject: Value, scope: Scope) -> None:
    """Bind the names of a pattern to what they take out of the subject; what is unknown stays so."""
    for name in _captured(pattern):
        kept = [option for option in options(subject) if isinstance(option, (Unknown, Text))]
        targets.store(run, cst.Name(name), choose(kept) if kept else gap(), scope, None)
    for value in _tested(pattern):
        strangers.note_tested(run, value, subject)
    _inspect(run, pattern, subject, scope)


def _tested(pattern: cst.CSTNode | None) -> Iterator[cst.CSTNode]:
    """What a pattern holds its whole subject against."""
    if isinstance(pattern, cst.MatchValue):
        yield pattern.value
    elif isinstance(pattern, cst.MatchAs):
        yield from _tested(pattern.pattern)
    elif isinstance(pattern, cst.MatchOr):
        for alternative in pattern.patterns:
            yield from _tested(alternative.pattern)


def _inspect(run: Interpreter, pattern: cst.CSTNode, subject: Value, scope: Scope) -> None:
    handler = _HANDLERS.get(type(pattern))
    if handler is not None:
        handler(run, pattern, subject, scope)


def _value(run: Interpreter, pattern: cst.MatchValue, subject: Value, scope: Scope) -> None:
    for part in parts_of(subject):
        parts.match(run, part, run.evaluate(pattern.value, scope), pattern.value, scope.module, "case")


def _any_of(run: Interpreter, pattern: cst.MatchOr, subject: Value, scope: Scope) -> None:
    for alternative in pattern.patterns:
        _inspect(run, alternative.pattern, subject, scope)


def _named(run: Interpreter, pattern: cst.MatchAs, subject: Value, scope: Scope) -> None:
    if pattern.name is not None:
        targets.store(run, pattern.name, subject, scope, None)
    if pattern.pattern is not None:
        _inspect(run, pattern.pattern, subject, scope)


def _mapping(run: Interpreter, pattern: cst.MatchMapping, subject: Value, scope: Scope) -> None:
    if pattern.rest is not None:
        targets.store(run, pattern.rest, subject, scope, None)
    for element in pattern.elements:
        key = run.evaluate(element.key, scope)
        if any(map(is_stranger, options(subject))):
            strangers.note(run, element.key, subject, key)
        found = [_under(run, option, key, element.key, scope) for option in options(subject)]
        held = [value for value in found if value is not None]
        if held:
            _inspect(run, element.pattern, choose(held), scope)


def _under(run: Interpreter, holder: Value, key: Value, node: cst.CSTNode, scope: Scope) -> Value | None:
    """What a pattern finds under a key; None where it is not that kind of object."""
    if isinstance(holder, Part):
        return parts.look(run, holder, key, node, scope, Form.CASE)
    mapping = containers.contents(run, holder)
    if isinstance(mapping, Mapping):
        return containers.lookup(run, mapping, key, node, scope, Form.CASE)
    return Unknown(holder.hints, holder.roots) if isinstance(holder, Unknown) else None


def _items(run: Interpreter, pattern: cst.MatchList | cst.MatchTuple, subject: Value, scope: Scope) -> None:
    """`case first, {"key": second}`: of what has as many items each by its place."""
    count, starred = len(pattern.patterns), _place_of_star(pattern.patterns)
    rows = [row for option in options(subject) for row in _rows(run, option, count, starred)]
    for index, item in enumerate(pattern.patterns):
        held = choose([row[index] for row in rows]) if rows else gap()
        if isinstance(item, cst.MatchStar):
            if item.name is not None:
                targets.store(run, item.name, held, scope, None)
        elif isinstance(item, cst.MatchSequenceElement):
            _inspect(run, item.value, held, scope)


def _place_of_star(patterns: Sequence[cst.CSTNode]) -> int | None:
    return next((index for index, each in enumerate(patterns) if isinstance(each, cst.MatchStar)), None)


def _rows(run: Interpreter, option: Value, count: int, starred: int | None) -> Iterator[list[Value]]:
    """What each of `count` patterns gets, a star among them the rest as a list."""
    if isinstance(option, Part):
        yield [element_of(option)] * count
        return
    if isinstance(option, Unknown):
        yield [Unknown(option.hints, option.roots)] * count
        return
    held = protocols.as_sequences(run, option)
    for items in run.items(held) if isinstance(held, SequenceValue) else ():
        values = items.values
        if items.open and values:
            yield [choose(values)] * count
        elif starred is None and len(values) == count:
            yield list(values)
        elif starred is not None and len(values) >= count - 1:
            end = len(values) - (count - starred - 1)
            rest = run.new_sequence(Items(values[starred:end]), None, None)
            yield [*values[:starred], rest, *values[end:]]


def _class(run: Interpreter, pattern: cst.MatchClass, subject: Value, scope: Scope) -> None:
    """`case Kind(first, name=second)`: attributes by the order of the fields, and by name."""
    wanted = run.evaluate(pattern.cls, scope)
    fields = _fields(run, wanted) if isinstance(wanted, ClassValue) else ()
    own = [option for option in options(subject) if isinstance(option, (Instance, Part))]
    for index, positional in enumerate(pattern.patterns):
        inner = positional.value
        if index < len(fields):
            _inspect(run, inner, choose([run.attribute(each, fields[index], scope) for each in own]), scope)
        elif not fields:
            _inspect(run, inner, subject, scope)  # `case str(text)`
    for keyword in pattern.kwds:
        found = [run.attribute(each, keyword.key.value, scope) for each in own]
        _inspect(run, keyword.pattern, choose(found), scope)


def _fields(run: Interpreter, kind: ClassValue) -> tuple[str, ...]:
    """The attributes that the positional patterns of a class mean."""
    named = objects.find_in_class(run, kind, "__match_args__")
    texts = containers.iterate(run, named)[0] if named is not None else []
    return tuple(text.literal or "" for text in texts if isinstance(text, Text)) or kind.fields or ()


_HANDLERS: dict[type[cst.CSTNode], Callable[..., None]] = {
    cst.MatchValue: _value,
    cst.MatchOr: _any_of,
    cst.MatchAs: _named,
    cst.MatchMapping: _mapping,
    cst.MatchList: _items,
    cst.MatchTuple: _items,
    cst.MatchClass: _class,
}


def _captured(pattern: cst.CSTNode) -> Iterator[str]:
    stack = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            yield from target_names(node.name)
        stack.extend(children(node))
