"""What an expression can be: one handler for each kind of expression node."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    comprehensions,
    containers,
    libraries,
    models,
    objects,
    operators,
    orders,
    parts,
    strangers,
    tables,
    targets,
    text,
)
from aurora_migrate.flow.arguments import Args, evaluate_arguments
from aurora_migrate.flow.conditions import guard_of, truth_of_test
from aurora_migrate.flow.formatting import f_string
from aurora_migrate.flow.keyed_urls import note_key
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.trees import children
from aurora_migrate.flow.values import (
    GAP,
    UNKNOWN,
    Bound,
    Choice,
    ClassValue,
    Const,
    Entries,
    Entry,
    External,
    Function,
    Instance,
    Items,
    Mapping,
    Part,
    Piece,
    Scope,
    Sequence,
    Text,
    Unknown,
    Use,
    Value,
    choose,
    gap,
    options,
    parts_of,
    unless_set,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


_CHEAP = frozenset({cst.SimpleString, cst.Integer, cst.Name, cst.Tuple, cst.List, cst.Dict})
"""What tables are made of: it costs nothing of the budget."""


def evaluate(run: Interpreter, node: cst.CSTNode, scope: Scope) -> Value:
    """What an expression can be; kinds that nobody handles are unknown."""
    kind = type(node)
    if kind not in _CHEAP:
        run.tick()
    handler = _HANDLERS.get(kind)
    if handler is None:
        for child in children(node):
            if isinstance(child, cst.BaseExpression):
                run.evaluate(child, scope)
        return UNKNOWN
    value = handler(run, node, scope)
    if isinstance(value, (Part, Choice)):
        for part in parts_of(value):
            run.facts.note_part(scope.module, node, part)
    if isinstance(value, (Sequence, Choice)):
        for part in orders.followed(run, value):
            run.facts.note_copy(scope.module, node, part)
    if run.guards and isinstance(value, (Text, Choice)) and isinstance(node, (cst.Name, cst.Attribute)):
        return _guarded(run, value)
    return value


def _guarded(run: Interpreter, value: Value) -> Value:
    guard = run.guards[-1]
    marked: list[Value] = []
    for option in options(value):
        if isinstance(option, Text) and all(guard not in piece.guards for piece in option.pieces):
            option = Text(tuple(piece.guarded(guard) for piece in option.pieces))
        marked.append(option)
    return choose(marked)


def _name(run: Interpreter, node: cst.Name, scope: Scope) -> Value:
    return objects.name(run, node.value, scope)


def _attribute(run: Interpreter, node: cst.Attribute, scope: Scope) -> Value:
    holder = run.evaluate(node.value, scope)
    models.note_member(run, holder, node, scope)
    tables.note_attribute(run, holder, node, scope)
    return objects.attribute(run, holder, node.attr.value, scope)


def _string(run: Interpreter, node: cst.SimpleString, scope: Scope) -> Value:
    run.facts.texts[id(node)] = (scope.module, node)
    value = string_value(node)
    return Text((Piece(value, scope.module, node, guards=run.guards),)) if value else Text(())


def _concatenated(run: Interpreter, node: cst.ConcatenatedString, scope: Scope) -> Value:
    return text.concat(
        [
            (run.evaluate(node.left, scope), Use(scope.module, node, node.left)),
            (run.evaluate(node.right, scope), Use(scope.module, node, node.right)),
        ]
    )


def _integer(run: Interpreter, node: cst.Integer, scope: Scope) -> Value:
    return Const(node.evaluated_value)


def _float(run: Interpreter, node: cst.Float, scope: Scope) -> Value:
    return Const(node.evaluated_value)


def _boolean(run: Interpreter, node: cst.BooleanOperation, scope: Scope) -> Value:
    is_or = isinstance(node.operator, cst.Or)
    if is_or and isinstance(node.left, cst.BooleanOperation) and isinstance(node.left.operator, cst.And):
        return _old_conditional(run, node, node.left, scope)
    left = run.evaluate(node.left, scope)
    truth = truth_of_test(left)
    with run.guarded(guard_of(run, node.left, scope)):
        right = run.evaluate(node.right, scope)
    if truth is not None:
        return left if truth is is_or else right
    if not is_or and truth_of_test(right) is False:
        return Const(False)
    kept = [option for option in options(left) if truth_of_test(option) is not (not is_or)]
    if is_or:
        kept = [unless_set(option, right) for option in kept]
    return choose([*kept, right])


def _old_conditional(
    run: Interpreter, node: cst.BooleanOperation, chosen: cst.BooleanOperation, scope: Scope
) -> Value:
    """`test and a or b`, as conditional expressions were written once."""
    truth = truth_of_test(run.evaluate(chosen.left, scope))
    with run.guarded(guard_of(run, chosen.left, scope)):
        first, second = run.evaluate(chosen.right, scope), run.evaluate(node.right, scope)
    if truth is None or truth_of_test(first) is not True:
        return choose([first, second])
    return first if truth else second


def _unary(run: Interpreter, node: cst.UnaryOperation, scope: Scope) -> Value:
    value = run.evaluate(node.expression, scope)
    if isinstance(node.operator, cst.Not):
        truth = truth_of_test(value)
        return UNKNOWN if truth is None else Const(not truth)
    if (
        isinstance(node.operator, cst.Minus)
        and isinstance(value, Const)
        and isinstance(value.value, (int, float))
    ):
        return Const(-value.value)
    return UNKNOWN


def _conditional(run: Interpreter, node: cst.IfExp, scope: Scope) -> Value:
    truth = truth_of_test(run.evaluate(node.test, scope))
    with run.guarded(guard_of(run, node.test, scope)):
        if truth is None:
            return choose([run.evaluate(node.body, scope), run.evaluate(node.orelse, scope)])
        return run.evaluate(node.body if truth else node.orelse, scope)


def _lambda(run: Interpreter, node: cst.Lambda, scope: Scope) -> Value:
    given = (param for param in parameters(node.params) if param.default is not None)
    defaults = {p.name.value: run.evaluate(p.default, scope) for p in given if p.default is not None}
    function = Function(node, scope.module, scope, defaults, scope.owner)
    if scope.parent is None:
        run.note_function(function)
    return function


def _dict(run: Interpreter, node: cst.Dict, scope: Scope) -> Value:
    mapping = run.new_mapping(Entries(), node, scope.module)
    for element in node.elements:
        use = Use(scope.module, node, element)
        value = run.evaluate(element.value, scope)
        if isinstance(element, cst.StarredDictElement):
            containers.merge(run, mapping, value, use)
        elif isinstance(element, cst.DictElement):
            made = run.evaluate(element.key, scope)
            note_key(run, made, element.key, scope)
            key = _spelled_key(run, made)
            for name, piece in containers.key_names(key):
                containers.put(run, mapping, Entry(name, value, piece, (use,)))
    return mapping


def _sequence(run: Interpreter, node: cst.BaseList | cst.BaseSet | cst.Tuple, scope: Scope) -> Value:
    values: list[Value] = []
    uses: list[tuple[Use, ...]] = []
    is_open = False
    for element in _elements(node):
        value = run.evaluate(element.value, scope)
        if isinstance(element, cst.StarredElement):
            found, complete = containers.iterate(run, value)
            values.extend(found)
            uses.extend(() for _ in found)
            is_open = is_open or not complete
        else:
            values.append(value)
            uses.append((Use(scope.module, node, element),))
    return run.new_sequence(Items(tuple(values), is_open, tuple(uses)), node, scope.module)


def _elements(node: cst.CSTNode) -> tuple[cst.BaseElement, ...]:
    return tuple(node.elements) if isinstance(node, (cst.List, cst.Tuple, cst.Set)) else ()


def _subscript(run: Interpreter, node: cst.Subscript, scope: Scope) -> Value:
    holder = run.evaluate(node.value, scope)
    if len(node.slice) != 1:
        return _item_of_several(run, node, holder, scope)
    part = node.slice[0].slice
    if isinstance(part, cst.Slice):
        bounds = [
            run.evaluate(bound, scope) if bound is not None else None for bound in (part.lower, part.upper)
        ]
        return choose([_sliced(run, option, bounds, part.step is not None) for option in options(holder)])
    assert isinstance(part, cst.Index)
    index = _spelled_key(run, run.evaluate(part.value, scope))
    strangers.note(run, node, holder, index)
    return choose([item(run, option, index, scope, node) for option in options(holder)])


def _item_of_several(run: Interpreter, node: cst.Subscript, holder: Value, scope: Scope) -> Value:
    """`frame.loc[rows, columns]`, or a mapping whose keys are tuples."""
    frames = list(tables.frames_in(holder))
    parts = [each.slice.value for each in node.slice if isinstance(each.slice, cst.Index)]
    values = tuple(run.evaluate(part, scope) for part in parts)
    if frames:
        return choose([tables.item(run, frame, value, scope, node) for frame in frames for value in values])
    if isinstance(holder, External) and holder.name.endswith("Annotated") and values:
        return libraries.annotated(run, values[0], list(values[1:]))
    key = _spelled(values)
    return choose([item(run, option, key, scope, node) for option in options(holder)])


def _spelled_key(run: Interpreter, key: Value) -> Value:
    """A tuple of known texts as one text, since keys are kept by what they spell; anything else as it is."""
    if not isinstance(key, Sequence) or not isinstance(key.node, cst.Tuple):
        return key
    return _spelled(run.items(key)[0].values)


def _spelled(values: tuple[Value, ...]) -> Value:
    texts = [value.literal if isinstance(value, Text) else None for value in values]
    known = [text for text in texts if text is not None]
    return Text((Piece(repr(tuple(known))),)) if texts and len(known) == len(texts) else UNKNOWN


def note_taken_apart(run: Interpreter, parts: Sequence) -> None:
    """A text that was split is read by position: its number of parts must stay."""
    whole = run.heap.get(parts.cells, "<whole>")
    for piece in whole.pieces if isinstance(whole, Text) else ():
        if piece.node is not None:
            run.facts.cut_up[id(piece.node)] = "the program splits this text and counts its parts"


def item(
    run: Interpreter, holder: Value, index: Value, scope: Scope, node: cst.CSTNode | None = None
) -> Value:
    """`holder[index]`; `node` is the expression that looks."""
    if isinstance(holder, Part):
        return parts.look(run, holder, index, node, scope)
    mapping = containers.contents(run, holder)
    if mapping is not None and not _has_own_getter(run, holder, scope):
        holder = mapping
    if isinstance(holder, Mapping):
        found = containers.lookup(run, holder, index, node, scope)
        if found is None:
            found = containers.made_by_factory(run, holder, index, scope)
        return found if found is not None else Unknown(text.hole(index).hints, frozenset({GAP}))
    if isinstance(holder, Sequence):
        position = index.value if isinstance(index, Const) else None
        if position not in (0, -1):
            note_taken_apart(run, holder)
        found_items = []
        for items in run.items(holder):
            if (
                isinstance(position, int)
                and not items.open
                and -len(items.values) <= position < len(items.values)
            ):
                found_items.append(items.values[position])
            else:
                found_items.extend(items.values or (run.element(holder),))
        return choose(found_items)
    if isinstance(holder, External):
        return objects.external_item(run, holder, index)
    if isinstance(holder, ClassValue):
        parts.note_taken(run, parts_of(index), holder, node, scope)
        spelled = [name for name, _ in containers.key_names(index) if name is not None]
        if not spelled and not objects.is_enum(holder):
            return holder  # `Client[Model]`
        return choose([objects.class_attribute(run, holder, name, holder) for name in spelled])
    if isinstance(holder, Instance):
        if holder.kind == tables.FRAME:
            return tables.item(run, holder, index, scope, node)
        getter = objects.attribute(run, holder, "__getitem__", scope)
        if not isinstance(getter, Unknown):
            return run.call(getter, Args.of(index), None, scope)
    names = tuple(name for name, _ in containers.key_names(index) if name is not None)
    if isinstance(holder, Const):
        return gap(*names)
    if node is None:
        strangers.note_spelled(run, holder, index)
    return text.hole(holder, index, hints=names)


def _has_own_getter(run: Interpreter, holder: Value, scope: Scope) -> bool:
    return isinstance(holder, Instance) and isinstance(
        objects.attribute(run, holder, "__getitem__", scope), Bound
    )


def _sliced(run: Interpreter, holder: Value, bounds: list[Value | None], stepped: bool) -> Value:
    numbers: list[int | None] = []
    for bound in bounds:
        if bound is None:
            numbers.append(None)
        elif isinstance(bound, Const) and isinstance(bound.value, int):
            numbers.append(bound.value)
        elif isinstance(holder, Sequence):
            return run.new_sequence(Items((run.element(holder),), open=True), None, None)
        else:
            return text.hole(holder)
    start, stop = numbers
    if isinstance(holder, Text) and any(abs(bound) > 1 for bound in numbers if bound is not None):
        for piece in holder.pieces:
            if piece.node is not None:
                run.facts.cut_up[id(piece.node)] = "the program cuts this text at a fixed place"
    if isinstance(holder, Text) and not stepped:
        seen = text.characters(holder)
        if text.HOLE not in seen:
            first, last, _ = slice(start, stop).indices(len(seen))
            return text.cut(holder, first, last)
        if start is not None and start >= 0 and stop is None and text.HOLE not in seen[:start]:
            return text.cut(holder, start, len(seen))
        if start in (None, 0) and stop is not None and stop > 0 and text.HOLE not in seen[:stop]:
            return text.cut(holder, 0, stop)
        if start in (None, 0) and stop is not None and stop < 0 and text.HOLE not in seen[stop:]:
            return text.cut(holder, 0, len(seen) + stop)
    if isinstance(holder, Part):
        return holder
    if isinstance(holder, Sequence):
        alternatives = run.items(holder)
        if len(alternatives) == 1 and not alternatives[0].open and not stepped:
            return run.new_sequence(Items(alternatives[0].values[start:stop]), holder.node, holder.module)
        return run.new_sequence(Items((run.element(holder),), open=True), None, None)
    return text.hole(holder)


def _call(run: Interpreter, node: cst.Call, scope: Scope) -> Value:
    callee = run.evaluate(node.func, scope)
    arguments = evaluate_arguments(run, node, scope)
    strangers.note_method(run, node, callee, arguments)
    run.evaluating.append((scope.module, node))
    try:
        value = run.call(callee, arguments, node, scope)
    finally:
        run.evaluating.pop()
    if isinstance(callee, (Function, Bound)):
        strangers.note(run, node, value)
    return value


def _await(run: Interpreter, node: cst.Await, scope: Scope) -> Value:
    return objects.awaited(run, run.evaluate(node.expression, scope))


def _yield(run: Interpreter, node: cst.Yield, scope: Scope) -> Value:
    if isinstance(node.value, cst.From):
        values, _ = containers.iterate(run, run.evaluate(node.value.item, scope))
    else:
        values = [run.evaluate(node.value, scope)] if node.value is not None else []
    objects.note_yields(run, scope, values)
    sent = run.heap.get(scope.cells, "<sent>")
    return sent if sent is not None else UNKNOWN


def _walrus(run: Interpreter, node: cst.NamedExpr, scope: Scope) -> Value:
    value = run.evaluate(node.value, scope)
    targets.store(run, node.target, value, scope, None)
    return value


def _binary(run: Interpreter, node: cst.BinaryOperation, scope: Scope) -> Value:
    return operators.binary(run, node, scope)


_HANDLERS: dict[type[cst.CSTNode], Callable[..., Value]] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: f_string,
    cst.Integer: _integer,
    cst.Float: _float,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.Comparison: operators.compare,
    cst.IfExp: _conditional,
    cst.Lambda: _lambda,
    cst.Dict: _dict,
    cst.List: _sequence,
    cst.Tuple: _sequence,
    cst.Set: _sequence,
    cst.ListComp: comprehensions.listed,
    cst.SetComp: comprehensions.listed,
    cst.GeneratorExp: comprehensions.listed,
    cst.DictComp: comprehensions.mapped,
    cst.Subscript: _subscript,
    cst.Call: _call,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.NamedExpr: _walrus,
}
