"""What pydantic's models do beside taking their fields: validators that are run, other keys that are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import aliases, attributes, objects
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.values import (
    Bound,
    ClassValue,
    External,
    Function,
    Instance,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_WHOLE = frozenset({"model_validator", "root_validator"})
_OF_FIELDS = frozenset({"field_validator", "validator"})


def keep_others(run: Interpreter, instance: Instance, kind: ClassValue, args: Args) -> None:
    """Give a model with `extra="allow"` what it is given beside its fields as attributes."""
    if (args.parts or args.strangers) and _allows_others(run, kind):
        attributes.spread(run, instance, [*args.parts, *args.strangers])


def _allows_others(run: Interpreter, kind: ClassValue) -> bool:
    found = [
        run.evaluate(arg.value, kind.scope)
        for arg in kind.node.keywords
        if arg.keyword is not None and arg.keyword.value == "extra"
    ]
    for holder in ("model_config", "Config"):
        config = objects.find_in_class(run, kind, holder)
        for option in options(config) if config is not None else ():
            setting = aliases.setting(run, option, "extra")
            found.extend([setting] if setting is not None else [])
    return any(_is_allow(option) for value in found for option in options(value))


def _is_allow(value: Value) -> bool:
    if isinstance(value, External):
        return value.name.endswith("Extra.allow")
    return isinstance(value, Text) and value.literal == "allow"


def before(run: Interpreter, kind: ClassValue, value: Value) -> Value:
    """What the validators of a whole model make of what it is to be made of."""
    for function, call in _validators(run, kind, _WHOLE):
        if _says(call, "mode", "before") or _says(call, "pre", "True"):
            value = _run(run, function, kind, value)
    return value


def of_field(run: Interpreter, kind: ClassValue, name: str, value: Value) -> Value:
    """What the validators of a field make of its value."""
    for function, call in _validators(run, kind, _OF_FIELDS):
        if any(
            isinstance(arg.value, cst.SimpleString) and string_value(arg.value) == name for arg in call.args
        ):
            value = _run(run, function, kind, value)
    return value


def _validators(
    run: Interpreter, kind: ClassValue, names: frozenset[str]
) -> Iterator[tuple[Function, cst.Call]]:
    for owner in objects.resolution_order(kind):
        for held in list(owner.cells.values()) if isinstance(owner, ClassValue) else ():
            function = held.function if isinstance(held, Bound) else held
            node = function.node if isinstance(function, Function) else None
            for decorator in node.decorators if isinstance(node, cst.FunctionDef) else ():
                call = decorator.decorator
                if isinstance(call, cst.Call) and last_name(call.func) in names:
                    assert isinstance(function, Function)
                    yield function, call


def _run(run: Interpreter, function: Function, kind: ClassValue, value: Value) -> Value:
    """What a validator gives: it is a function, or a method of the class or of nothing."""
    callee: Value = function if function.kind == "staticmethod" else Bound(function, (kind,))
    found = run.call(callee, Args.of(value), None, kind.scope)
    known = [option for option in options(found) if next(iterate_texts(option), None) is None]
    return choose(known) if known else value


def _says(call: cst.Call, keyword: str, text: str) -> bool:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == keyword:
            value = arg.value
            spelled = string_value(value) if isinstance(value, cst.SimpleString) else last_name(value)
            return spelled == text
    return False
