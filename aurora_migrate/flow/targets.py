"""Where values are stored: names, attributes, subscripts, unpacking, augmented assignment, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    attributes,
    containers,
    function_members,
    keeping,
    models,
    operators,
    own_entries,
    parts,
    protocols,
    tables,
)
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.keyed_urls import note_key
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import (
    UNKNOWN,
    ClassValue,
    Entry,
    External,
    Function,
    Instance,
    Items,
    Mapping,
    ModuleValue,
    Part,
    Sequence,
    Unknown,
    Value,
)
from aurora_migrate.flow.wrapped import element_of

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
    from aurora_migrate.flow.libraries import REPLACED, furl_urls, prepared, recorders

    name = target.attr.value
    keeping.note_stored(run, holder, value, target, scope)
    if isinstance(holder, Instance):
        use = Use(scope.module, statement, statement) if statement is not None else None
        if prepared.assigned(run, holder, target, name, value, scope, statement):
            return
        if furl_urls.assigned(run, holder, name, value, use, scope):
            return
        if name == "__dict__":
            held = containers.contents(run, value)
            attributes.spread(run, holder, containers.unseen_of(run, held if held is not None else value))
            return
        if protocols.set_by_own_method(run, holder, name, value):
            return
        run.heap.set(holder.cells, name, value)
        run.note_attribute(holder.kind, name, value)
        if holder.kind == recorders.ROUTE and name in ("return_value", "side_effect"):
            recorders.route_answers(run, holder, value)
    elif isinstance(holder, ClassValue):
        run.heap.set(holder.cells, name, value)
    elif isinstance(holder, External):
        run.heap.set(run.shared(REPLACED).cells, f"{holder.name}.{name}", value)
    elif isinstance(holder, Function):
        run.heap.set(holder.scope.cells, function_members.attribute_cell(holder, name), value)
    elif isinstance(holder, ModuleValue):
        run.heap.set(run.module_scope(holder.module).cells, name, value)


def _store_item(
    run: Interpreter, target: cst.Subscript, value: Value, scope: Scope, statement: cst.CSTNode | None
) -> None:
    holder = run.evaluate(target.value, scope)
    index = _index(run, target, scope)
    note_key(run, index, target, scope)
    for held in options(holder):
        keeping.note_stored(run, held, value, target, scope)
        if attributes.written_by_key(run, held, index, value):
            continue
        own = protocols.method_of(run, held, "__setitem__") if isinstance(held, Instance) else None
        if own is not None:
            run.call(own, Args.of(index, value), None, scope)
        option = containers.contents(run, held) or held
        if isinstance(option, Mapping):
            uses = (Use(scope.module, statement, statement),) if statement is not None else ()
            for name, piece in containers.key_names(index):
                entry = Entry(name, value, piece, uses)
                containers.put(run, option, entry)
                _note_kept(run, target.value, entry, scope)
        elif isinstance(option, Part):
            uses = (Use(scope.module, statement, statement),) if statement is not None else ()
            for name, piece in containers.key_names(index):
                parts.store(run, option, Entry(name, value, piece, uses))
        elif isinstance(option, External) and option.name == "os.environ":
            from aurora_migrate.flow.libraries.stdlib_config import write

            write(run, index, value, (Use(scope.module, statement, statement),) if statement else ())
        elif isinstance(option, Instance) and option.kind == tables.FRAME:
            tables.store_column(run, option, index)
        elif isinstance(option, Sequence):
            everything = [*(v for items in run.items(option) for v in items.values), value]
            run.heap.set(option.cells, "items", Items((choose(everything),), open=True))


def _note_kept(run: Interpreter, holder: cst.BaseExpression, entry: Entry, scope: Scope) -> None:
    """Note what a method puts into a mapping that its object keeps: `self.options["gap"] = gap`."""
    if not isinstance(holder, cst.Attribute) or run.test or entry.place is None:
        return
    for owner in options(run.evaluate(holder.value, scope)):
        if isinstance(owner, Instance) and isinstance(owner.kind, ClassValue):
            key = (id(owner.kind.node), holder.attr.value)
            run.facts.kept_entries.setdefault(key, {}).setdefault(entry.place, entry)


def _index(run: Interpreter, target: cst.Subscript, scope: Scope) -> Value:
    """What is stored under; for `frame.loc[rows, column]` the last of it."""
    last = target.slice[-1].slice
    return run.evaluate(last.value, scope) if isinstance(last, cst.Index) else UNKNOWN


def _unpack(run: Interpreter, target: cst.Tuple | cst.List, value: Value, scope: Scope) -> None:
    """Several targets at once: an entry that one of them stores is tied to the whole target."""
    elements = target.elements
    value = protocols.as_sequences(run, value)
    starred = [isinstance(element, cst.StarredElement) for element in elements]
    known = _split_at_star(run, starred, value)
    if known is not None:
        for element, part in zip(elements, known, strict=True):
            store(run, element.value, part, scope, None)
        return
    parts = [_parts(run, option, len(elements)) for option in options(value)]
    for index, element in enumerate(elements):
        if any(starred):
            store(run, element.value, _any_element(run, value, starred[index]), scope, None)
            continue
        place = target if isinstance(element.value, cst.Subscript) else None
        store(run, element.value, choose([part[index] for part in parts]), scope, place)


def _split_at_star(run: Interpreter, starred: list[bool], value: Value) -> list[Value] | None:
    """What each target of `first, *rest = values` gets, where the values are known."""
    if not any(starred) or not isinstance(value, Sequence) or len(run.items(value)) != 1:
        return None
    items = run.items(value)[0]
    before = starred.index(True)
    after = len(starred) - before - 1
    if items.open or len(items.values) < before + after:
        return None
    end = len(items.values) - after
    middle = Items(items.values[before:end], uses=items.uses[before:end])
    return [*items.values[:before], run.new_sequence(middle, None, None), *items.values[end:]]


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
        from aurora_migrate.flow import subscripts

        subscripts.note_taken_apart(run, value)
        alternatives = [items for items in run.items(value) if len(items.values) == count]
        if alternatives:
            return [choose([items.values[index] for items in alternatives]) for index in range(count)]
        return [run.element(value)] * count
    if isinstance(value, Part):
        return [element_of(value)] * count
    return [Unknown(value.hints, value.roots) if isinstance(value, Unknown) else UNKNOWN] * count


def declare(run: Interpreter, node: cst.AnnAssign, scope: Scope) -> None:
    """`name: Type` without a value: an instance of a known class, else nothing yet."""
    from aurora_migrate.flow.annotations import value_of_annotation

    value = value_of_annotation(run, node.annotation.annotation, scope)
    if value is not None and isinstance(node.target, cst.Name) and scope.parent is not None:
        run.heap.set(scope.cells, node.target.value, value)


def _merged(run: Interpreter, current: Value, value: Value, use: Use) -> bool:
    """`mapping |= value`; whether there is anything that the value is put into."""
    for option in options(current):
        if isinstance(option, Mapping):
            containers.merge(run, option, value, use)
        elif isinstance(option, Part):
            parts.put_all(run, option, value, use)
    return any(isinstance(option, (Mapping, Part)) for option in options(current))


def augment(run: Interpreter, node: cst.AugAssign, scope: Scope) -> None:
    """`target op= value`; the added operand can be taken out again with its statement."""
    value = run.evaluate(node.value, scope)
    current = run.evaluate(node.target, scope)
    use = Use(scope.module, node, node.value)
    own = operators.operated(run, node.operator, current, value, use, scope)
    if own is not None:
        store(run, node.target, own, scope, node)
        return
    if isinstance(node.operator, cst.BitOrAssign) and _merged(run, current, value, use):
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
