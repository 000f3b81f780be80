"""`%`, `str.format`, `string.Template` and f-strings: templates filled in, each part with its place."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, protocols, strangers, text
from aurora_migrate.flow import parts as parts_of_responses
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of, unless_set
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.literals import part_value
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import UNKNOWN, Mapping, Part, Piece, Sequence, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

Filled = tuple[Value, Use | None]


def f_string(run: Interpreter, node: cst.FormattedString, scope: Scope) -> Value:
    """An f-string's text."""
    parts: list[Filled] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            value = part_value(part, node.prefix)
            run.facts.texts[id(part)] = (scope.module, part)
            parts.append((Text((Piece(value, scope.module, part, guards=run.guards),)), None))
        elif isinstance(part, cst.FormattedStringExpression):
            inner = protocols.formatted(run, run.evaluate(part.expression, scope), scope)
            if part.format_spec:
                inner = text.hole(inner)
            parts.append((inner, Use(scope.module, node, part)))
    return text.concat(parts)


def percent(
    run: Interpreter, template: Value, right: Value, node: cst.BinaryOperation, scope: Scope
) -> Value:
    """`template % right`."""
    elements = node.right.elements if isinstance(node.right, cst.Tuple) else ()
    results: list[Value] = []
    for found in iterate_texts(template):
        values: list[Filled] = []
        if isinstance(right, Sequence) and elements:
            for element in elements:
                values.append((run.evaluate(element.value, scope), Use(scope.module, node, element)))
        elif isinstance(right, Sequence):
            values = [(value, None) for value in run.items(right)[0].values]
        elif not isinstance(right, Mapping):
            values = [(right, Use(scope.module, node, node.right))]
        named = right if isinstance(right, (Mapping, Part)) else None
        results.append(_fill_percent(run, found, values, named, node, scope))
    return choose(results) if results else UNKNOWN


def _fill_percent(
    run: Interpreter,
    template: Text,
    values: list[Filled],
    named: Mapping | Part | None,
    node: cst.CSTNode,
    scope: Scope,
) -> Value:
    seen = text.characters(template)
    parts: list[Filled] = []
    start = index = taken = 0
    while index < len(seen):
        if seen[index] != "%":
            index += 1
            continue
        parts.append((text.cut(template, start, index), None))
        index += 1
        name: Text | None = None
        if seen[index : index + 1] == "(":
            close = seen.find(")", index)
            name, index = text.cut(template, index + 1, close), close + 1
        while index < len(seen) and seen[index] in "#0- +123456789.":
            index += 1
        kind = seen[index : index + 1]
        index += 1
        start = index
        if kind == "%":
            parts.append((text.plain("%"), None))
        elif name is not None and isinstance(named, Part):
            parts.append((parts_of_responses.look(run, named, name, None, scope, Form.TEMPLATE), None))
        elif name is not None and isinstance(named, Mapping):
            held = containers.lookup(run, named, name, None, scope, Form.TEMPLATE)
            spelled = name.literal or ""
            parts.append((held or Unknown((spelled,)), _named_use(run, named, spelled, node, scope)))
        elif taken < len(values):
            if name is not None:
                strangers.note_spelled(run, values[taken][0], name)
            parts.append((protocols.formatted(run, values[taken][0], scope), values[taken][1]))
            taken += 1
        else:
            parts.append((UNKNOWN, None))
    parts.append((text.cut(template, start, len(seen)), None))
    return text.concat(parts)


def _named_use(run: Interpreter, named: Mapping, name: str, node: cst.CSTNode, scope: Scope) -> Use | None:
    """The entry of a dict written out behind `%`, which goes with its placeholder."""
    for entry in run.entries(named).items:
        if (
            entry.name == name
            and entry.uses
            and named.node is not None
            and entry.uses[-1].container is named.node
        ):
            return Use(scope.module, node, entry.uses[-1].operand)
    return None


def format_method(run: Interpreter, template: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`template.format(...)`."""
    parts: list[Filled] = []
    automatic = 0
    for literal, field_name in _format_parts(template):
        parts.append((literal, None))
        if field_name is None:
            continue
        first = field_name.split(".")[0].split("[")[0]
        if first == "":
            found, automatic = args.pair(automatic), automatic + 1
        elif first.isdigit():
            found = args.pair(int(first))
        else:
            found = args.pair(None, first)
        if found is None and args.parts and first:
            spelled = _name_in(template, first)
            looked = [
                parts_of_responses.look(run, part, spelled, None, scope, Form.TEMPLATE) for part in args.parts
            ]
            found = (choose(looked), None)
        for stranger in args.strangers if first else ():
            strangers.note_spelled(run, stranger, _name_in(template, first))
        value, arg = found if found is not None else (Unknown((first,)) if first else UNKNOWN, None)
        for name in field_name.split(".")[1:]:
            value = run.attribute(value, name, scope)
        if "[" in field_name:
            value = _looked_up(run, value, template, field_name, scope)
        value = protocols.formatted(run, value, scope)
        parts.append((value, Use(scope.module, node, arg) if node is not None and arg is not None else None))
    return text.concat(parts)


def _looked_up(run: Interpreter, value: Value, template: Text, field_name: str, scope: Scope) -> Value:
    """`{0[key]}`: an object's entry, asked for by the template."""
    key = field_name.partition("[")[2].partition("]")[0]
    start = text.characters(template).find(field_name) + field_name.find("[") + 1
    spelled = text.cut(template, start, start + len(key))
    for option in options(value):
        strangers.note_spelled(run, option, spelled)
    for part in parts_of(value):
        parts_of_responses.look(run, part, spelled, None, scope, Form.TEMPLATE)
    held = [
        containers.lookup(run, option, text.plain(key))
        for option in options(value)
        if isinstance(option, Mapping)
    ]
    known = [found for found in held if found is not None]
    return choose(known) if known else text.hole(value)


def _name_in(template: Text, name: str) -> Text:
    """The piece of a format template that spells a field's name."""
    start = text.characters(template).find("{" + name)
    return text.cut(template, start + 1, start + 1 + len(name)) if start != -1 else text.plain(name)


def _format_parts(template: Text) -> Iterator[tuple[Text, str | None]]:
    """Literal runs of a format template, each with the field that follows it (None at the end)."""
    seen = text.characters(template)
    pieces: list[Piece] = []
    start = index = 0
    while index < len(seen):
        if seen[index] in "{}" and seen[index : index + 2] in ("{{", "}}"):
            pieces.extend(text.cut(template, start, index + 1).pieces)
            index += 2
            start = index
        elif seen[index] == "{":
            close = seen.find("}", index)
            if close == -1:
                break
            pieces.extend(text.cut(template, start, index).pieces)
            name = seen[index + 1 : close].split("!")[0].split(":")[0]
            yield Text(tuple(pieces)), name
            pieces = []
            start = index = close + 1
        else:
            index += 1
    pieces.extend(text.cut(template, start, len(seen)).pieces)
    yield Text(tuple(pieces)), None


def substitute(run: Interpreter, template: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`string.Template(template).substitute(...)`."""
    mapping = args.get(0)

    def held(name: str) -> Value | None:
        value = args.get(None, name)
        if value is None and isinstance(mapping, Mapping):
            value = containers.lookup(run, mapping, text.plain(name))
        return value if value is not None else Unknown((name,))

    return filled(template, string.Template.pattern, held)


def filled(template: Text, pattern: re.Pattern[str], held: Callable[[str], Value | None]) -> Value:
    """A text with what is held under each name in place of its placeholder; none for a doubled sign.

    The groups `named` and `braced` of the pattern are the names, and `default` what stands there without.
    A placeholder for which nothing is held stays as it is.
    """
    parts: list[Filled] = []
    start = 0
    for found in pattern.finditer(text.characters(template)):
        groups = found.groupdict()
        name = groups.get("named") or groups.get("braced")
        value: Value | None = text.plain(found.group()[0])
        if name is not None:
            value = held(name)
            if groups.get("default") is not None:
                default = text.cut(template, *found.span("default"))
                value = choose([default, *([unless_set(value, default)] if value is not None else [])])
        if value is not None:
            parts += [(text.cut(template, start, found.start()), None), (value, None)]
            start = found.end()
    parts.append((text.cut(template, start, text.size(template)), None))
    return text.concat(parts)
