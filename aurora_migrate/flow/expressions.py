"""What an expression can be: one handler for each kind of expression node."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    attributes,
    comprehensions,
    containers,
    models,
    objects,
    operators,
    orders,
    statuses,
    strangers,
    tables,
    targets,
    text,
    versions,
)
from aurora_migrate.flow.alternatives import choose, options, parts_of, unless_set
from aurora_migrate.flow.arguments import evaluate_arguments
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.conditions import guard_of, outcome_of, truth_of_test
from aurora_migrate.flow.formatting import f_string
from aurora_migrate.flow.keyed_urls import note_key
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.subscripts import spelled_key, subscript
from aurora_migrate.flow.trees import children
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    Choice,
    Const,
    Entries,
    Entry,
    Function,
    Items,
    Part,
    Piece,
    Sequence,
    Text,
    Value,
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
    attributes.note(run, holder, node, scope)
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
    truth = outcome_of(run, node.left, left)
    with run.guarded(guard_of(run, node.left, left, scope)), statuses.told(run, node.left, not is_or, scope):
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
    tested = run.evaluate(chosen.left, scope)
    truth = truth_of_test(tested)
    with run.guarded(guard_of(run, chosen.left, tested, scope)):
        with statuses.told(run, chosen.left, True, scope):
            first = run.evaluate(chosen.right, scope)
        second = run.evaluate(node.right, scope)
    if truth is None or truth_of_test(first) is not True:
        return choose([first, second])
    return first if truth else second


def _unary(run: Interpreter, node: cst.UnaryOperation, scope: Scope) -> Value:
    value = run.evaluate(node.expression, scope)
    if isinstance(node.operator, cst.Not):
        return versions.negated(value, truth_of_test(value))
    if (
        isinstance(node.operator, cst.Minus)
        and isinstance(value, Const)
        and isinstance(value.value, (int, float))
    ):
        return Const(-value.value)
    return UNKNOWN


def _conditional(run: Interpreter, node: cst.IfExp, scope: Scope) -> Value:
    tested = run.evaluate(node.test, scope)
    truth = outcome_of(run, node.test, tested)
    with run.guarded(guard_of(run, node.test, tested, scope)):
        branches = {True: node.body, False: node.orelse}
        if truth is not None:
            return run.evaluate(branches[truth], scope)
        return choose([_told(run, node.test, outcome, branch, scope) for outcome, branch in branches.items()])


def _told(
    run: Interpreter, test: cst.BaseExpression, outcome: bool, node: cst.BaseExpression, scope: Scope
) -> Value:
    with statuses.told(run, test, outcome, scope):
        return run.evaluate(node, scope)


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
        if isinstance(element, cst.StarredDictElement):
            containers.merge(run, mapping, run.evaluate(element.value, scope), use)
        elif isinstance(element, cst.DictElement):
            made = run.evaluate(element.key, scope)
            with run.guarded(versions.key_guard(run, element, made, scope)):
                value = run.evaluate(element.value, scope)
            note_key(run, made, element.key, scope)
            key = spelled_key(run, made)
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
        inner = run.evaluate(node.value.item, scope)
        values, _ = containers.iterate(run, inner)
        returned = run.heap.get(inner.cells, "<returned>") if isinstance(inner, Sequence) else None
        if returned is not None:
            objects.note_yields(run, scope, values)
            return returned
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
    cst.Subscript: subscript,
    cst.Call: _call,
    cst.Await: _await,
    cst.Yield: _yield,
    cst.NamedExpr: _walrus,
}
