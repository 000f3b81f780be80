"""The special methods of the project's classes: operators, iteration, `str()`, descriptors, metaclasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, objects
from aurora_migrate.flow.alternatives import A_NUMBER, choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import (
    UNKNOWN,
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


def setter_cell(name: str) -> str:
    """The cell of a class's body for the function that sets a property: `@name.setter`."""
    return f"<setter>{name}"


def set_by_own_method(run: Interpreter, holder: Instance, name: str, value: Value) -> bool:
    """`holder.name = value` by a property or `__setattr__`: whether that alone says what is kept."""
    if isinstance(holder.kind, ClassValue):
        setter = objects.find_in_class(run, holder.kind, setter_cell(name))
        if isinstance(setter, Function):
            run.call(Bound(setter, (holder,)), Args.of(value), None, holder.kind.scope)
            return True
        descriptor = objects.find_in_class(run, holder.kind, name)
        setting = method_of(run, descriptor, "__set__") if descriptor is not None else None
        if setting is not None:
            run.call(setting, Args.of(holder, value), None, holder.kind.scope)
            return True
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


def elements(run: Interpreter, value: Value) -> Value | None:
    """What a loop over an object goes through: what its class's own methods give, or what it holds."""
    if not isinstance(value, Instance):
        return None
    for name in ("__iter__", "__aiter__") if isinstance(value.kind, ClassValue) else ():
        method = method_of(run, value, name)
        if method is None:
            continue
        assert isinstance(value.kind, ClassValue)
        found = run.call(method, Args(), None, value.kind.scope)
        step = method_of(run, found, name.replace("iter", "next"))
        if step is not None:
            one = run.call(step, Args(), None, value.kind.scope)
            return run.new_sequence(Items((one,), open=True), None, None)
        return found if found is not value else None
    return tuple_of(run, value) or containers.contents(run, value) or _by_numbers(run, value)


def _by_numbers(run: Interpreter, value: Instance) -> Sequence | None:
    """What an object without `__iter__` gives for the numbers from 0 on."""
    method = method_of(run, value, "__getitem__")
    if method is None or not isinstance(value.kind, ClassValue):
        return None
    one = run.call(method, Args.of(A_NUMBER), None, value.kind.scope)
    return run.new_sequence(Items((one,), open=True), None, None)


NAMED_TUPLE = "collections.namedtuple"
"""The kind of objects of a named tuple that is made without a class."""
OF_FIELDS = "<fields>"
"""The cell with the names of such an object's fields, in order."""


def tuple_of(run: Interpreter, value: Value) -> Sequence | None:
    """The items by number of a named tuple, or of an object of a subclass of `list` or `tuple`."""
    if not isinstance(value, Instance):
        return None
    held = run.heap.get(value.cells, containers.CONTENTS)
    if isinstance(held, Sequence):
        return held
    names: list[Value] = []
    if value.kind == NAMED_TUPLE:
        names, _ = containers.iterate(run, run.heap.get(value.cells, OF_FIELDS) or UNKNOWN)
    elif isinstance(value.kind, ClassValue) and _TUPLES & set(objects.external_bases(value.kind)):
        names = [Text((Piece(name),)) for name in value.kind.fields or ()]
    found = [run.heap.get(value.cells, name.literal) for name in names if isinstance(name, Text)]
    items = Items(tuple(each if each is not None else UNKNOWN for each in found))
    return run.new_sequence(items, value.node, value.module) if names else None


_TUPLES = frozenset({NAMED_TUPLE, "typing.NamedTuple", "typing_extensions.NamedTuple"})


def as_sequences(run: Interpreter, value: Value) -> Value:
    """A value whose objects that can be gone through stand as what a loop over them sees."""
    if not any(isinstance(option, Instance) for option in options(value)):
        return value
    return choose([elements(run, option) or option for option in options(value)])


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
