"""Comparisons of whole values: mappings and sequences are held against each other part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts, strangers
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.bodies import bodies_of, displayed
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.doubles import Compared, Expected, double_request
from aurora_migrate.flow.facts import Body, Role
from aurora_migrate.flow.own_entries import note_key_compared
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import Instance, Mapping, Part, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_DEPTH = 8


def equal(run: Interpreter, node: cst.CSTNode, left: Value, right: Value, scope: Scope) -> None:
    """Note what `left == right` holds against each other."""
    strangers.note_tested(run, node, left, right)
    for one in options(left):
        for other in options(right):
            _pair(run, node, one, other, scope, 0)
            _pair(run, node, other, one, scope, 0)


def contained(run: Interpreter, node: cst.CSTNode, left: Value, right: Value, scope: Scope) -> None:
    """Note what `left in right` looks for."""
    from aurora_migrate.flow.texts import note_test

    parts.look_in(run, node, left, right, scope)
    note_test(run, node, "in", right, left, scope)
    for holder in options(right):
        for items in run.items(holder) if isinstance(holder, Sequence) else ():
            for element in items.values:
                equal(run, node, left, element, scope)


def _pair(run: Interpreter, node: cst.CSTNode, one: Value, other: Value, scope: Scope, depth: int) -> None:
    """What `one` is, as the program computed it, against what `other` says."""
    from aurora_migrate.flow.texts import note_test

    if depth > MAX_DEPTH:
        return
    if isinstance(one, Part):
        if isinstance(other, Text):
            parts.match(run, one, other, node, scope.module, "==")
        elif isinstance(other, (Mapping, Sequence)):
            _against_part(run, node, one, other, scope, depth)
    elif isinstance(one, Text) and isinstance(other, Text):
        note_test(run, node, "==", one, other, scope)
        note_key_compared(run, one, other, node, scope)
    elif isinstance(one, Mapping) and isinstance(other, Mapping):
        _mappings(run, node, one, other, scope, depth)
    elif isinstance(one, Sequence) and isinstance(other, Sequence):
        _sequences(run, node, one, other, scope, depth)


def _against_part(
    run: Interpreter, node: cst.CSTNode, part: Part, other: Mapping | Sequence, scope: Scope, depth: int
) -> None:
    """A literal object or list against a part of a body: keys are named, texts held against its texts."""
    if part.origin.sent is not None:
        _expect(run, node, part, other, scope)
        return
    if isinstance(other, Sequence):
        for items in run.items(other):
            for element in items.values:
                for option in options(element):
                    _pair(run, node, part.step(Marker.ITEM), option, scope, depth + 1)
        return
    for entry in run.entries(other).items:
        if entry.name is None:
            continue
        if entry.key_piece is not None:
            parts.note_read(run, part, entry.name, entry.key_piece, None, scope, Form.COMPARED)
        for option in options(entry.value):
            _pair(run, node, part.step(entry.name), option, scope, depth + 1)


def _expect(run: Interpreter, node: cst.CSTNode, part: Part, other: Value, scope: Scope) -> None:
    """A body that a test expects to be sent, or a part of one, set into what it is a part of; or a query."""
    roles: dict[str, Role] = {}
    bodies: tuple[Body, ...] = ()
    if part.path[:1] == (Marker.PARAMS,):
        if len(part.path) > 1 or not isinstance(other, Mapping):
            return
        roles["params"] = Role(other, None, run.entries(other), other)
    else:
        bodies = tuple(parts.wrapped(body, part) for body in bodies_of(run, other))
    requests = part.origin.requests
    method = requests[0].method if len(requests) == 1 else None
    url = requests[0].url if len(requests) == 1 else Text(())
    request = double_request(scope.module, node, "sent", method, url, bodies, roles)
    run.doubles.expect(Expected(scope.module, node, request, part.origin.sent), run.test)


def _mappings(
    run: Interpreter, node: cst.CSTNode, one: Mapping, other: Mapping, scope: Scope, depth: int
) -> None:
    if run.test:
        places = frozenset(entry.place for entry in run.entries(one).items if entry.place is not None)
        written = displayed(one, run.entries(one).items)
        run.doubles.compare(Compared(scope.module, node, places, bodies_of(run, other), written))
    expected = {entry.name: entry.value for entry in run.entries(other).items if entry.name is not None}
    for entry in run.entries(one).items:
        if entry.name in expected:
            for mine in options(entry.value):
                for theirs in options(expected[entry.name]):
                    _pair(run, node, mine, theirs, scope, depth + 1)


def _sequences(
    run: Interpreter, node: cst.CSTNode, one: Sequence, other: Sequence, scope: Scope, depth: int
) -> None:
    from aurora_migrate.flow.libraries import mocks

    mock = run.heap.get(one.cells, "<mock>")
    if isinstance(mock, Instance):
        mocks.expect_calls(run, mock, other, scope)
    for mine in run.items(one):
        for theirs in run.items(other):
            for index, element in enumerate(mine.values):
                held = theirs.values if mine.open else theirs.values[index : index + 1]
                for each in held:
                    for left in options(element):
                        for right in options(each):
                            _pair(run, node, left, right, scope, depth + 1)
