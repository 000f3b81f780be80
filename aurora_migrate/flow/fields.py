"""Fields of dataclasses and attrs classes: how they get their values when an object is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurora_migrate.flow import models, objects
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Function,
    Instance,
    Part,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def described(run: Interpreter, kind: ClassValue, name: str) -> Instance | None:
    """What `field(...)` or `attr.ib(...)` says of a field."""
    found = objects.find_in_class(run, kind, name)
    for option in options(found) if found is not None else ():
        if isinstance(option, Instance) and option.kind == "dataclasses.field":
            return option
    return None


def _said(run: Interpreter, field: Instance | None, name: str) -> Value | None:
    return run.heap.get(field.cells, f"<{name}>") if field is not None else None


def is_given(run: Interpreter, field: Instance | None) -> bool:
    """Whether the constructor has an argument for a field (it has none by `init=False`)."""
    said = _said(run, field, "init")
    return not (isinstance(said, Const) and said.value is False)


def made_by_method(run: Interpreter, field: Instance | None, instance: Instance) -> Value | None:
    """The default that a method decorated with `@field.default` gives."""
    method = _said(run, field, "default")
    if not isinstance(method, Function):
        return None
    return run.call(Bound(method, (instance,)), Args(), None, method.scope)


def converted(run: Interpreter, field: Instance | None, value: Value, scope: Scope) -> Value:
    """What a field's converter makes of its value, where it is of the project."""
    converter = _said(run, field, "converter")
    if not isinstance(converter, (Function, Bound, ClassValue)):
        return value
    found = run.call(converter, Args.of(value), None, scope)
    return value if isinstance(value, Part) and type(found) is type(UNKNOWN) else found


def validate(run: Interpreter, field: Instance | None, instance: Instance, value: Value) -> None:
    """Run the validators of a field that are functions of the project."""
    said = _said(run, field, "validator")
    found = run.items(said)[0].values if isinstance(said, Sequence) else (said,)
    for validator in found:
        if isinstance(validator, (Function, Bound)):
            scope = validator.scope if isinstance(validator, Function) else None
            if scope is not None:
                run.call(validator, Args.of(instance, UNKNOWN, value), None, scope)


def only_for_making(run: Interpreter, instance: Instance, kind: ClassValue) -> Args:
    """What `__post_init__` gets: the arguments for the fields that are declared as `InitVar`."""
    values: list[Value] = []
    for name in kind.fields or ():
        field = models.declared_field(kind, name)
        declared = models.declaration(field.owner, name) if field is not None else None
        if field is None or declared is None:
            continue
        if "InitVar" in field.owner.module.tree.code_for_node(declared.annotation.annotation):
            values.append(run.heap.get(instance.cells, name) or NONE)
    return Args.of(*values)
