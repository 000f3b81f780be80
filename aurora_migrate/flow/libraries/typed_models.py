"""Functions and objects that make what a type says of a value: pydantic's adapters, msgspec's decoders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import models, parts, typed
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Entries,
    Entry,
    Instance,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

ADAPTER = "pydantic.TypeAdapter"
"""The kind of objects that are made with a type, and asked for values of it."""


def _made(run: Interpreter, args: Args, index: int | None, name: str, value: Value, scope: Scope) -> Value:
    """A value of the type that an argument names; as it is where none does."""
    pair = args.pair(index, name)
    if pair is None:
        return value
    kind, arg = pair
    found = [typed.made_of(run, each, value) for each in options(kind) if isinstance(each, ClassValue)]
    if found and any(each is not value for each in found):
        return choose(found)
    return typed.fitted(run, arg.value, scope, value) if arg is not None else value


def _structured(index: int, name: str, value_index: int, value: str) -> Function:
    """A function such as `cattrs.structure(value, Model)`, by where it takes its arguments."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = args.get(value_index, value) or UNKNOWN
        return _made(run, args, index, name, given, scope)

    return call


def _parsed(index: int | None, name: str, value_index: int, value: str) -> Function:
    """The same of a text: `msgspec.json.decode(text, type=Model)`."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = models.loaded(run, args.get(value_index, value) or UNKNOWN, node, scope)
        return _made(run, args, index, name, given, scope)

    return call


def _adapter(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`TypeAdapter(list[User])`, `msgspec.json.Decoder(User)`: the type is remembered."""
    adapter = run.new_instance(ADAPTER, node, scope.module)

    def fit(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        return _made(run, args, 0, "type", inner.get(0) or UNKNOWN, scope)

    run.heap.set(adapter.cells, "<fit>", Builtin("fit", fit))
    return adapter


def _adapter_member(run: Interpreter, adapter: Instance, dotted: str, attr: str) -> Value | None:
    fit = run.heap.get(adapter.cells, "<fit>")
    if fit is None or attr not in (*_OF_VALUES, *_OF_TEXTS):
        return None

    def made(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given = args.get(0) or UNKNOWN
        given = models.loaded(run, given, node, scope) if attr in _OF_TEXTS else given
        return run.call(fit, Args.of(given), node, scope)

    return Builtin(attr, made)


_OF_VALUES = ("validate_python", "validate_strings", "load")
_OF_TEXTS = ("validate_json", "decode", "loads")


CONVERTER = "cattrs.Converter"


def _converter_member(run: Interpreter, converter: Instance, dotted: str, attr: str) -> Value | None:
    """`Converter().structure(value, Model)`, `.loads(text, Model)`, and the hooks that are put into it."""
    if attr == "register_structure_hook":
        return Builtin(attr, lambda args, node, scope: _register(run, args))
    makers = {"structure": _structured(1, "cl", 0, "obj"), "loads": _parsed(1, "cl", 0, "data")}
    makers["structure_attrs_fromdict"] = makers["structure"]
    maker = makers.get(attr)
    if maker is not None:
        return Builtin(attr, lambda args, node, scope: maker(run, args, node, scope))
    if attr == "unstructure":
        return Builtin(attr, lambda args, node, scope: models.as_dict(run, args, node, scope))
    return None


def _register(run: Interpreter, args: Args) -> Value:
    for kind in options(args.get(0, "cl") or UNKNOWN):
        if isinstance(kind, ClassValue):
            run.heap.set(kind.cells, typed.HOOK, args.get(1, "func") or UNKNOWN)
    return NONE


def _structure_function(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`make_dict_structure_fn(Model, converter, field=override(rename="key"))`."""
    kind = args.get(0, "cl") or UNKNOWN

    def made(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        given = inner.get(0) or UNKNOWN
        entries = [
            Entry(name, parts.look(run, part, key, None, around, Form.TEMPLATE))
            for name, (said, _) in args.keywords.items()
            for key in _renamed(run, said)
            for part in parts_of(given)
        ]
        rest = tuple(parts_of(given))
        held = run.new_mapping(Entries(tuple(entries), open=True, rest=rest), None, None)
        return choose(
            [
                models.made_from(run, each, held, where, around)
                for each in options(kind)
                if isinstance(each, ClassValue)
            ]
        )

    return Builtin("structure", made)


def _renamed(run: Interpreter, said: Value) -> Iterator[Text]:
    if isinstance(said, Instance) and said.kind == _OVERRIDE:
        yield from iterate_texts(run.heap.get(said.cells, "<rename>") or UNKNOWN)


_OVERRIDE = "cattrs.gen.override"


def _override(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(_OVERRIDE, node, scope.module)
    run.heap.set(made.cells, "<rename>", args.get(None, "rename") or UNKNOWN)
    return made


FUNCTIONS: dict[str, Function] = {
    "cattrs.gen.make_dict_structure_fn": _structure_function,
    "cattrs.gen.override": _override,
    "cattrs.structure": _structured(1, "cl", 0, "obj"),
    "dacite.from_dict": _structured(0, "data_class", 1, "data"),
    "pydantic.parse_obj_as": _structured(0, "type_", 1, "obj"),
    "msgspec.convert": _structured(1, "type", 0, "obj"),
    "pydantic.parse_raw_as": _parsed(0, "type_", 1, "b"),
    "msgspec.json.decode": _parsed(None, "type", 0, "buf"),
    ADAPTER: _adapter,
}
MEMBERS: dict[str, Member] = {ADAPTER: _adapter_member, CONVERTER: _converter_member}
ALIASES: dict[str, str] = {
    "cattr.structure": "cattrs.structure",
    "cattrs.GenConverter": CONVERTER,
    "cattrs.BaseConverter": CONVERTER,
    "cattr.Converter": CONVERTER,
    "cattr.GenConverter": CONVERTER,
    "cattrs.override": "cattrs.gen.override",
    **{f"cattrs.preconf.{name}.make_converter": CONVERTER for name in ("json", "orjson", "ujson", "msgspec")},
    "msgspec.json.Decoder": ADAPTER,
    "pydantic.tools.parse_obj_as": "pydantic.parse_obj_as",
    "pydantic.tools.parse_raw_as": "pydantic.parse_raw_as",
}
