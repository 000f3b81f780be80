"""Values that are made to fit a declared type: models inside models, lists and mappings of them."""

from __future__ import annotations

from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import models, objects, orders
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.annotations import parsed_annotation
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.cells import Cells, Scope
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import (
    Bound,
    Builtin,
    ClassValue,
    Entries,
    Entry,
    Function,
    Items,
    Mapping,
    Part,
    Piece,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_SAME = frozenset({"Optional", "Annotated", "Final", "Required", "NotRequired", "ReadOnly"})
_LISTS = frozenset(
    (
        "list List Sequence MutableSequence Iterable Iterator Collection set Set frozenset FrozenSet tuple "
        "Tuple deque Deque conlist conset"
    ).split()
)
_DICTS = frozenset("dict Dict Mapping MutableMapping DefaultDict defaultdict OrderedDict".split())
HOOK = "<structure>"
"""The cell of a class with the function that cattrs makes its objects by."""
ROOTS = ("root", "__root__")
"""The field of a model whose objects are not made of fields, by pydantic's version."""


def fitted(run: Interpreter, declared: cst.BaseExpression, home: Scope, value: Value) -> Value:
    """What a library makes of a value that is to be of a type; the value itself where no model is meant."""
    node = parsed_annotation(declared)
    if node is None or not any(isinstance(each, (Part, Mapping, Sequence)) for each in options(value)):
        return value
    return choose([_fitted(run, node, home, option) for option in options(value)])


def _fitted(run: Interpreter, node: cst.BaseExpression, home: Scope, value: Value) -> Value:
    if isinstance(node, cst.BinaryOperation):
        return _one_of(run, (node.left, node.right), home, value)
    if isinstance(node, cst.Subscript):
        name = last_name(node.value)
        inner = [part.slice.value for part in node.slice if isinstance(part.slice, cst.Index)]
        if name in _SAME and inner:
            return fitted(run, inner[0], home, value)
        if name == "Union":
            return _one_of(run, inner, home, value)
        if name in _LISTS and inner:
            return _list(run, inner[0], home, value)
        if name in _DICTS and len(inner) == 2:
            return _dict(run, inner[1], home, value)
    if not isinstance(node, (cst.Name, cst.Attribute, cst.Subscript)):
        return value
    kinds = [kind for kind in options(run.evaluate(node, home)) if isinstance(kind, ClassValue)]
    made = [made_of(run, kind, value) for kind in kinds]
    return choose(made) if made else value


def _one_of(run: Interpreter, kinds: Seq[cst.BaseExpression], home: Scope, value: Value) -> Value:
    """`One | Other | None`: any of those that are models, where one is."""
    made = [fitted(run, kind, home, value) for kind in kinds]
    other = [found for found in made if found is not value]
    return choose(other) if other else value


def made_of(run: Interpreter, kind: ClassValue, value: Value) -> Value:
    """An object of a model; a model inside itself stays what it is made of."""
    if kind.fields is None or isinstance(value, Sequence) or objects.is_enum(kind):
        return value
    if run.fitting.count(id(kind.node)) > 1:
        return value
    run.fitting.append(id(kind.node))
    hook = run.heap.get(kind.cells, HOOK)
    try:
        if isinstance(hook, (Function, Bound, Builtin)):
            return run.call(hook, Args.of(value, kind), None, kind.scope)
        return models.made_from(run, kind, value, None, kind.scope)
    finally:
        run.fitting.pop()


def _list(run: Interpreter, inner: cst.BaseExpression, home: Scope, value: Value) -> Value:
    if isinstance(value, Part):
        element = value.step(Marker.ITEM)
        made = fitted(run, inner, home, element)
        if made is element:
            return value
        listed = run.new_sequence(Items((made,), open=True), None, None)
        orders.keep(run, listed, value)
        return listed
    if not isinstance(value, Sequence):
        return value
    alternatives = run.items(value)
    items = Items(tuple(each for held in alternatives for each in held.values), open=True)
    if len(alternatives) == 1:
        items = alternatives[0]
    made_values = tuple(fitted(run, inner, home, each) for each in items.values)
    if all(new is old for new, old in zip(made_values, items.values, strict=True)):
        return value
    listed = run.new_sequence(Items(made_values, items.open), None, None)
    orders.keep(run, listed, value)
    return listed


def _dict(run: Interpreter, inner: cst.BaseExpression, home: Scope, value: Value) -> Value:
    if isinstance(value, Part):
        held = value.step(Marker.ITEM)
        made = fitted(run, inner, home, held)
        key = Piece(None, hole=value.step(Marker.KEY))
        found = Entries((Entry(None, made, key),), open=True)
        return run.new_mapping(found, None, None) if made is not held else value
    if not isinstance(value, Mapping):
        return value
    entries = run.entries(value)
    made_entries = [
        Entry(each.name, fitted(run, inner, home, each.value), each.key_piece, each.uses)
        for each in entries.items
    ]
    if all(new.value is old.value for new, old in zip(made_entries, entries.items, strict=True)):
        return value
    return run.new_mapping(Entries(tuple(made_entries), entries.open, entries.rest), value.node, value.module)


def of_field(run: Interpreter, kind: ClassValue, name: str, value: Value) -> Value:
    """What a model has in a field that is given a value."""
    for owner in objects.resolution_order(kind):
        if not isinstance(owner, ClassValue):
            continue
        declared = models.declaration(owner, name)
        home = Scope(owner.cells, owner.module, owner.scope)
        if declared is not None:
            return fitted(run, declared.annotation.annotation, home, value)
        for base in owner.node.bases if name in ROOTS else ():
            if isinstance(base.value, cst.Subscript) and isinstance(base.value.slice[0].slice, cst.Index):
                return fitted(run, base.value.slice[0].slice.value, home, value)
    return value


def of_parameters(run: Interpreter, kind: ClassValue, given: Value) -> ClassValue:
    """`Envelope[Design]`: the class, in whose fields the type variable is the type that it is given."""
    names = _variables(kind)
    values = run.items(given)[0].values if isinstance(given, Sequence) else (given,)
    if kind.fields is None or not names or len(names) != len(values):
        return kind
    cells = Cells(0)
    for name, value in zip(names, values, strict=True):
        cells[name] = value
    scope = Scope(cells, kind.module, kind.scope, frozenset(names))
    made = ClassValue(kind.node, kind.module, kind.cells, kind.bases, scope, fields=kind.fields)
    made.order = [made, *objects.resolution_order(kind)]
    return made


def _variables(kind: ClassValue) -> list[str]:
    """The type variables of a generic class, in order."""
    for base in kind.node.bases:
        node = base.value
        if isinstance(node, cst.Subscript):
            inner = [part.slice.value for part in node.slice if isinstance(part.slice, cst.Index)]
            return [each.value for each in inner if isinstance(each, cst.Name)]
    declared = kind.node.type_parameters
    return [each.param.name.value for each in declared.params] if declared is not None else []
