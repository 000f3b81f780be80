"""The special methods of the project's classes: operators, iteration, `str()`, descriptors, metaclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import (
    Bound,
    ClassValue,
    Function,
    Instance,
    Items,
    Piece,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "add",
    cst.Divide: "truediv",
    cst.FloorDivide: "floordiv",
    cst.Modulo: "mod",
    cst.BitOr: "or",
    cst.RightShift: "rshift",
    cst.MatrixMultiply: "matmul",
    cst.AddAssign: "add",
    cst.DivideAssign: "truediv",
}


def operated(
    run: Interpreter, operator: cst.CSTNode, left: Value, right: Value, scope: Scope
) -> Value | None:
    """`left operator right` by the special method of either side; None where neither has one."""
    spelled = _OPERATORS.get(type(operator))
    if spelled is None:
        return None
    for owner, name, other in ((left, f"__{spelled}__", right), (right, f"__r{spelled}__", left)):
        method = method_of(run, owner, name)
        if method is not None:
            return run.call(method, Args.of(other), None, scope)
    return None


def method_of(run: Interpreter, value: Value, name: str) -> Bound | None:
    """A method that the class of an object defines, bound to it."""
    if not isinstance(value, Instance) or not isinstance(value.kind, ClassValue):
        return None
    found = objects.find_in_class(run, value.kind, name)
    return Bound(found, (value,)) if isinstance(found, (Function, Bound)) else None


def set_by_own_method(run: Interpreter, holder: Instance, name: str, value: Value) -> bool:
    """`holder.name = value` by the class's own `__setattr__`: whether that alone says what is kept."""
    method = method_of(run, holder, "__setattr__")
    if method is None or not isinstance(holder.kind, ClassValue):
        return False
    run.call(method, Args.of(Text((Piece(name),)), value), None, holder.kind.scope)
    function = method.function
    body = function.node.body if isinstance(function, Function) else None
    inside = walk(body) if isinstance(body, cst.CSTNode) else ()
    return not any(isinstance(each, cst.Attribute) and each.attr.value == "__setattr__" for each in inside)


def formatted(run: Interpreter, value: Value, scope: Scope) -> Value:
    """What stands in a text for a value: for objects of the project's classes what `str` gives."""
    if not any(isinstance(option, Instance) for option in options(value)):
        return value
    results: list[Value] = []
    for option in options(value):
        method = method_of(run, option, "__str__") or method_of(run, option, "__repr__")
        results.append(run.call(method, Args(), None, scope) if method is not None else option)
    return choose(results)


def elements(run: Interpreter, value: Value) -> Sequence | None:
    """What a loop over an object of the project's class goes through."""
    if not isinstance(value, Instance) or not isinstance(value.kind, ClassValue):
        return None
    for name in ("__iter__", "__aiter__"):
        method = method_of(run, value, name)
        found = run.call(method, Args(), None, value.kind.scope) if method is not None else None
        if isinstance(found, Sequence):
            return found
        step = method_of(run, found, name.replace("iter", "next")) if found is not None else None
        if step is not None:
            one = run.call(step, Args(), None, value.kind.scope)
            return run.new_sequence(Items((one,), open=True), None, None)
    return None


def described(run: Interpreter, found: Value, receiver: Value, owner: ClassValue, scope: Scope) -> Value:
    """A class attribute as it is read: what a descriptor's `__get__` gives, anything else as it is."""
    getter = method_of(run, found, "__get__")
    return run.call(getter, Args.of(receiver, owner), None, scope) if getter is not None else found


def of_metaclass(run: Interpreter, kind: ClassValue, attr: str) -> Value | None:
    """An attribute that a class has from its metaclass."""
    for each in objects.resolution_order(kind):
        for argument in each.node.keywords if isinstance(each, ClassValue) else ():
            if argument.keyword is None or argument.keyword.value != "metaclass":
                continue
            meta = run.evaluate(argument.value, each.scope) if isinstance(each, ClassValue) else None
            if not isinstance(meta, ClassValue):
                continue
            found = objects.find_in_class(run, meta, attr)
            if found is not None:
                return objects.bind(run, found, kind, meta, kind.scope)
            getter = objects.find_in_class(run, meta, "__getattr__")
            if isinstance(getter, Function):
                from aurora_migrate.flow.text import plain

                return run.call(Bound(getter, (kind,)), Args.of(plain(attr)), None, kind.scope)
    return None
