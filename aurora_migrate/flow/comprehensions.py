"""Comprehensions: run element by element where the elements are known, once for any element otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, orders, part_entries, targets
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.conditions import truth_of_test
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.scopes import target_names
from aurora_migrate.flow.values import (
    NONE,
    SIFTED,
    UNKNOWN,
    Entries,
    Entry,
    Items,
    Mapping,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_ELEMENTS = 64

Adder = Callable[[tuple[Use, ...]], None]
"""What a comprehension does with an element, given the uses that tie it to its source."""


def listed(run: Interpreter, node: cst.ListComp | cst.SetComp | cst.GeneratorExp, scope: Scope) -> Value:
    """A list, set or generator comprehension."""
    inner = _inner_scope(run, node.for_in, scope)
    values: list[Value] = []
    uses: list[tuple[Use, ...]] = []
    source: list[Value] = []

    def add(current: tuple[Use, ...]) -> None:
        values.append(run.evaluate(node.elt, inner))
        uses.append(current)

    complete = _run(run, node.for_in, inner, add, source) and not _is_filtered(node.for_in)
    result = run.new_sequence(Items(tuple(values), not complete, tuple(uses)), node, scope.module)
    if not isinstance(node, cst.SetComp) and node.for_in.inner_for_in is None and not node.for_in.ifs:
        orders.keep(run, result, source[0])
    mapping = _queried(run, values, source)
    if mapping is not None:
        run.heap.set(result.cells, "query_of", mapping)
        run.heap.set(result.cells, "query_items", Items(tuple(values)))
    return result


def mapped(run: Interpreter, node: cst.DictComp, scope: Scope) -> Value:
    """A dict comprehension; over another mapping's items, its entries stay tied to theirs."""
    inner = _inner_scope(run, node.for_in, scope)
    result = run.new_mapping(Entries(), node, scope.module)
    source: list[Value] = []

    def add(current: tuple[Use, ...]) -> None:
        value = run.evaluate(node.value, inner)
        key = run.evaluate(node.key, inner)
        copied = part_entries.spread_by(key, value, isinstance(node.value, cst.Name))
        if copied is not None:
            containers.merge(run, result, copied, None)
            if node.for_in.ifs:
                run.heap.set(result.cells, SIFTED, NONE)
            return
        for name, piece in containers.key_names(key):
            field = piece.named if piece is not None else None
            entry = Entry(name, value, piece, current, field)
            containers.put(run, result, _as_in_source(run, entry, source))

    if not _run(run, node.for_in, inner, add, source):
        run.heap.set(result.cells, "entries", replace(run.entries(result), open=True))
    return result


def _as_in_source(run: Interpreter, entry: Entry, source: list[Value]) -> Entry:
    """The entry, with the model's field that names it in the mapping that is gone through."""
    held = run.heap.get(source[0].cells, "entries_of") if isinstance(source[0], Sequence) else None
    if not isinstance(held, Mapping):
        return entry
    same = [each for each in run.entries(held).items if each.name == entry.name is not None]
    if (
        entry.field is not None
        or len(same) != 1
        or (entry.key_piece is not None and entry.key_piece.node is not None)
    ):
        return entry
    return Entry(entry.name, entry.value, entry.key_piece, entry.uses, same[0].field, same[0].over)


def _inner_scope(run: Interpreter, clause: cst.CompFor, scope: Scope) -> Scope:
    names: set[str] = set()
    current: cst.CompFor | None = clause
    while current is not None:
        names.update(target_names(current.target))
        current = current.inner_for_in
    return Scope(
        run.heap.new_cells(),
        scope.module,
        scope,
        frozenset(names),
        owner=scope.owner,
        receiver=scope.receiver,
    )


def _run(
    run: Interpreter,
    clause: cst.CompFor,
    scope: Scope,
    add: Adder,
    source: list[Value],
    current: tuple[Use, ...] = (),
) -> bool:
    iterable = run.evaluate(clause.iter, scope)
    source.append(iterable)
    elements, complete = containers.iterate(run, iterable)
    uses = run.items(iterable)[0].uses if isinstance(iterable, Sequence) else ()
    if len(elements) > MAX_ELEMENTS or (not elements and not complete):
        elements, uses, complete = [choose(elements) if elements else UNKNOWN], (), False
    for index, element in enumerate(elements):
        targets.store(run, clause.target, element, scope, None)
        if not _kept(run, clause, scope):
            continue
        mine = uses[index] if index < len(uses) else current
        if clause.inner_for_in is not None:
            complete = _run(run, clause.inner_for_in, scope, add, source, mine) and complete
        else:
            add(mine)
    return complete


def _kept(run: Interpreter, clause: cst.CompFor, scope: Scope) -> bool:
    """Whether the filters may let the current element through."""
    held = [_may_hold(run, condition.test, scope) for condition in clause.ifs]
    return all(held)


def _may_hold(run: Interpreter, test: cst.BaseExpression, scope: Scope) -> bool:
    """Whether a test may be true: of texts it is decided, of None and numbers another call may differ."""
    if isinstance(test, cst.BooleanOperation):
        left, right = _may_hold(run, test.left, scope), _may_hold(run, test.right, scope)
        return left and right if isinstance(test.operator, cst.And) else left or right
    truth = truth_of_test(run.evaluate(test, scope))
    return truth is not False or not _is_about_text(test)


def _is_about_text(test: cst.BaseExpression) -> bool:
    return isinstance(test, cst.Comparison) and all(
        isinstance(target.operator, (cst.In, cst.NotIn, cst.Equal, cst.NotEqual))
        for target in test.comparisons
    )


def _is_filtered(clause: cst.CompFor) -> bool:
    current: cst.CompFor | None = clause
    while current is not None:
        if current.ifs:
            return True
        current = current.inner_for_in
    return False


def _queried(run: Interpreter, values: list[Value], source: list[Value]) -> Mapping | None:
    """The mapping of which these texts are the `key=value` pairs, if they are."""
    if len(source) != 1 or not isinstance(source[0], Sequence):
        return None
    mapping = run.heap.get(source[0].cells, "entries_of")
    if not isinstance(mapping, Mapping):
        return None
    for value in values:
        for option in options(value):
            if not isinstance(option, Text) or not any(
                piece.text and "=" in piece.text for piece in option.pieces
            ):
                return None
    return mapping
