"""Where values are stored: names, attributes, subscripts, unpacking, augmented assignment, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, keeping, models, operators, own_entries, parts, tables
from aurora_migrate.flow.facts import Form
from aurora_migrate.flow.values import (
    UNKNOWN,
    ClassValue,
    Entry,
    Instance,
    Items,
    Mapping,
    ModuleValue,
    Part,
    Scope,
    Sequence,
    Unknown,
    Use,
    Value,
    choose,
    options,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def store(
    run: Interpreter, target: cst.CSTNode, value: Value, scope: Scope, statement: cst.CSTNode | None
) -> None:
    """Bind a value to an assignment's target; `statement` is the assignment, for edits that take it out."""
    if isinstance(target, cst.Name):
        store_name(run, target.value, value, scope)
    elif isinstance(target, cst.Attribute):
        holder = run.evaluate(target.value, scope)
        models.note_member(run, holder, target, scope)
        for option in options(holder):
            store_attribute(run, option, target, value, scope, statement)
    elif isinstance(target, cst.Subscript):
        _store_item(run, target, value, scope, statement)
    elif isinstance(target, (cst.Tuple, cst.List)):
        _unpack(run, target, value, scope)
    elif isinstance(target, cst.StarredElement):
        store(run, target.value, value, scope, statement)


def store_name(run: Interpreter, name: str, value: Value, scope: Scope) -> None:
    """Bind a name where Python would: in this scope, or in the one that `global` or `nonlocal` says."""
    home = scope
    if name in scope.globals:
        while home.parent is not None:
            home = home.parent
    elif name in scope.nonlocals:
        above = scope.parent
        while above is not None and name not in above.names and above.parent is not None:
            above = above.parent
        home = above or scope
    run.heap.set(home.cells, name, value)


def store_attribute(
    run: Interpreter,
    holder: Value,
    target: cst.Attribute,
    value: Value,
    scope: Scope,
    statement: cst.CSTNode | None,
) -> None:
    from aurora_migrate.flow.libraries import prepared, recorders

    name = target.attr.value
    keeping.note_stored(run, holder, value, target, scope)
    if isinstance(holder, Instance):
        if prepared.assigned(run, holder, target, name, value, scope, statement):
            return
        run.heap.set(holder.cells, name, value)
        run.note_attribute(holder.kind, name, value)
        if holder.kind == recorders.ROUTE and name in ("return_value", "side_effect"):
            recorders.route_answers(run, holder, value)
    elif isinstance(holder, ClassValue):
        run.heap.set(holder.cells, name, value)
    elif isinstance(holder, ModuleValue):
        run.heap.set(run.module_scope(holder.module).cells, name, value)


def _store_item(
    run: Interpreter, target: cst.Subscript, value: Value, scope: Scope, statement: cst.CSTNode | None
) -> None:
    holder = run.evaluate(target.value, scope)
    index = _index(run, target, scope)
    for held in options(holder):
        keeping.note_stored(run, held, value, target, scope)
        option = containers.contents(run, held) or held
        if isinstance(option, Mapping):
            uses = (Use(scope.module, statement, statement),) if statement is not None else ()
            for name, piece in containers.key_names(index):
                containers.put(run, option, Entry(name, value, piece, uses))
        elif isinstance(option, Part):
            uses = (Use(scope.module, statement, statement),) if statement is not None else ()
            for name, piece in containers.key_names(index):
                parts.store(run, option, Entry(name, value, piece, uses))
        elif isinstance(option, Instance) and option.kind == tables.FRAME:
            tables.store_column(run, option, index)
        elif isinstance(option, Sequence):
            everything = [*(v for items in run.items(option) for v in items.values), value]
            run.heap.set(option.cells, "items", Items((choose(everything),), open=True))


def _index(run: Interpreter, target: cst.Subscript, scope: Scope) -> Value:
    """What is stored under; for `frame.loc[rows, column]` the last of it."""
    last = target.slice[-1].slice
    return run.evaluate(last.value, scope) if isinstance(last, cst.Index) else UNKNOWN


def _unpack(run: Interpreter, target: cst.Tuple | cst.List, value: Value, scope: Scope) -> None:
    """Several targets at once: an entry that one of them stores is tied to the whole target."""
    elements = target.elements
    parts = [_parts(run, option, len(elements)) for option in options(value)]
    starred = [isinstance(element, cst.StarredElement) for element in elements]
    for index, element in enumerate(elements):
        if any(starred):
            store(run, element.value, _any_element(run, value, starred[index]), scope, None)
            continue
        place = target if isinstance(element.value, cst.Subscript) else None
        store(run, element.value, choose([part[index] for part in parts]), scope, place)


def _any_element(run: Interpreter, value: Value, starred: bool) -> Value:
    """What a target gets where a starred one beside it takes nobody knows how many."""
    found = [
        element
        for option in options(value)
        if isinstance(option, (Part, Sequence))
        for element in containers.iterate(run, option)[0]
    ]
    if not found:
        return UNKNOWN
    return run.new_sequence(Items(tuple(found), open=True), None, None) if starred else choose(found)


def _parts(run: Interpreter, value: Value, count: int) -> list[Value]:
    if isinstance(value, Sequence):
        from aurora_migrate.flow import expressions

        expressions.note_taken_apart(run, value)
        alternatives = [items for items in run.items(value) if len(items.values) == count]
        if alternatives:
            return [choose([items.values[index] for items in alternatives]) for index in range(count)]
        return [run.element(value)] * count
    if isinstance(value, Part):
        return [parts.unpacked(value)] * count
    return [Unknown(value.hints, value.roots) if isinstance(value, Unknown) else UNKNOWN] * count


def declare(run: Interpreter, node: cst.AnnAssign, scope: Scope) -> None:
    """`name: Type` without a value: an instance of a known class, else nothing yet."""
    from aurora_migrate.flow.annotations import value_of_annotation

    value = value_of_annotation(run, node.annotation.annotation, scope)
    if value is not None and isinstance(node.target, cst.Name) and scope.parent is not None:
        run.heap.set(scope.cells, node.target.value, value)


def augment(run: Interpreter, node: cst.AugAssign, scope: Scope) -> None:
    """`target op= value`; the added operand can be taken out again with its statement."""
    value = run.evaluate(node.value, scope)
    current = run.evaluate(node.target, scope)
    use = Use(scope.module, node, node.value)
    if isinstance(node.operator, cst.BitOrAssign) and any(isinstance(o, Mapping) for o in options(current)):
        for option in options(current):
            if isinstance(option, Mapping):
                containers.merge(run, option, value, use)
        return
    if isinstance(node.operator, cst.AddAssign):
        if any(isinstance(option, Sequence) for option in options(current)):
            for option in options(current):
                if isinstance(option, Sequence):
                    containers.extend(run, option, value)
            return
        result = operators.added(run, current, None, value, use)
    elif isinstance(node.operator, cst.DivideAssign):
        result = operators.divided(run, current, None, value, use)
    else:
        result = UNKNOWN
    store(run, node.target, result, scope, node)


def delete(run: Interpreter, target: cst.BaseExpression, scope: Scope) -> None:
    """`del mapping[key]`; other deletions change nothing that is followed."""
    if not isinstance(target, cst.Subscript):
        return
    holder = run.evaluate(target.value, scope)
    index = _index(run, target, scope)
    for option in options(holder):
        if isinstance(option, Mapping):
            for name, piece in containers.key_names(index):
                if name is not None:
                    own_entries.note_look(run, option, name, piece, target, scope)
                    containers.remove(run, option, name)
        elif isinstance(option, Part):
            parts.look(run, option, index, target, scope, Form.DELETE)
