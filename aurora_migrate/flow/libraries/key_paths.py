"""Libraries for nested data: attributes for keys (`Box`), paths of keys in a text (`glom`), templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts, placeholders
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.names_in_texts import KeyStep, steps_in
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    Instance,
    Part,
    Piece,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

COMPILED = "jmespath.compile"
TEMPLATE = "jinja2.Template"


def _with_attributes(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`Box(body)`, `Box(**body)`: the same object, whose attributes are its keys."""
    found = [*args.parts, *(part for value in args.values() for part in parts_of(value))]
    return choose(list(found)) if found else args.get(0) or UNKNOWN


def _along(run: Interpreter, value: Value, path: Value, scope: Scope) -> Value:
    """What a path of keys leads to; each of its keys is looked for."""
    results: list[Value] = []
    for part in parts_of(value):
        results.extend(_looked(run, part, option, scope) for option in options(path))
    return choose(results) if results else UNKNOWN


def _looked(run: Interpreter, part: Part, path: Value, scope: Scope) -> Value:
    if isinstance(path, Sequence):
        steps = [element for items in run.items(path) for element in items.values]
        texts = [option for step in steps for option in options(step)]
    else:
        texts = [path]
    found: Value = part
    for text in texts:
        for step in steps_in(text) if isinstance(text, Text) else ():
            found = _stepped(run, [each for each in options(found) if isinstance(each, Part)], step, scope)
    return found


def _stepped(run: Interpreter, held: list[Part], step: KeyStep, scope: Scope) -> Value:
    def look(part: Part, key: Piece) -> Value:
        return parts.look(run, part, Text((key,)), None, scope, Form.TEMPLATE)

    held = [part.step(Marker.ITEM) for part in held] if step.each else held
    beside = [look(part, key) for part in held for key in step.beside]
    if step.key is not None:
        return choose([look(part, step.key) for part in held]) if held else UNKNOWN
    # What a filter compares with is not told from what a selection gives: both may go on.
    return choose([*held, *beside]) if held else UNKNOWN


def _by_value(value: int, path: int, value_name: str, path_name: str) -> Function:
    """A function of a value and a path, by where it takes them."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        given, spelled = args.get(value, value_name) or UNKNOWN, args.get(path, path_name) or UNKNOWN
        return _along(run, given, spelled, scope)

    return call


def _compiled(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(COMPILED, node, scope.module)
    run.heap.set(made.cells, "<path>", args.get(0, "expression") or UNKNOWN)
    return made


def _compiled_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr != "search":
        return None
    path = run.heap.get(instance.cells, "<path>") or UNKNOWN
    return Builtin(attr, lambda args, node, scope: _along(run, args.get(0) or UNKNOWN, path, scope))


def _template(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(TEMPLATE, node, scope.module)
    run.heap.set(made.cells, "<text>", args.get(0, "source") or UNKNOWN)
    return made


def _template_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`Template(text).render(user=...)`."""
    if attr not in ("render", "render_async"):
        return None
    held = run.heap.get(instance.cells, "<text>") or UNKNOWN

    def render(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        placeholders.note(run, args, [held], scope)
        return choose([placeholders.filled(found, args) for found in iterate_texts(held)])

    return Builtin(attr, render)


FUNCTIONS: dict[str, Function] = {
    TEMPLATE: _template,
    "jinja2.Environment.from_string": _template,
    **dict.fromkeys(
        (
            "box.Box",
            "munch.Munch",
            "munch.munchify",
            "munch.Munch.fromDict",
            "bunch.Bunch",
            "bunch.bunchify",
            "addict.Dict",
            "dotmap.DotMap",
            "easydict.EasyDict",
            "attrdict.AttrDict",
            "benedict.benedict",
            "omegaconf.OmegaConf.create",
            "types.MappingProxyType",
        ),
        _with_attributes,
    ),
    "glom.glom": _by_value(0, 1, "target", "spec"),
    "jmespath.search": _by_value(1, 0, "data", "expression"),
    "pydash.get": _by_value(0, 1, "obj", "path"),
    "dpath.get": _by_value(0, 1, "obj", "glob"),
    "toolz.get_in": _by_value(1, 0, "coll", "keys"),
    COMPILED: _compiled,
}
MEMBERS: dict[str, Member] = {COMPILED: _compiled_member, TEMPLATE: _template_member}
ALIASES: dict[str, str] = {"cytoolz.get_in": "toolz.get_in", "dpath.util.get": "dpath.get"}
