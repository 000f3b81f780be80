"""The end of a URL in the user's code: whose argument brings it, and how an id is put behind it."""

from __future__ import annotations

import enum
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

from aurora_migrate.changes.repeats.copies import Splice, outer_span, span
from aurora_migrate.changes.repeats.own_names import (
    FunctionNode,
    Functions,
    argument_for,
    assigned,
    called,
    only_result,
    parameters,
    star_parameter,
)
from aurora_migrate.changes.surgery.style import Quotes, parsed_expression, quotes_of
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module

_KEEPERS = frozenset({"strip", "lstrip", "rstrip", "removeprefix", "removesuffix", "replace"})
_TEXT_MAKERS = frozenset({"format", "join", "urljoin", "str", *_KEEPERS})
_LOOSE = (cst.IfExp, cst.BooleanOperation, cst.Lambda, cst.Comparison, cst.NamedExpr, cst.Await)


class Ending(enum.Enum):
    """What the value is that ends a URL: how more of the path can be put behind it."""

    TEXT = enum.auto()
    """A text."""
    SEGMENT = enum.auto()
    """The last of several arguments, each a segment."""
    LIST = enum.auto()
    """A list of segments, which is joined elsewhere."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """The parameter whose value ends a URL."""

    name: str
    """With its star, if it has one."""
    ending: Ending


def carrier(
    function: FunctionNode,
    node: cst.BaseExpression,
    known: Functions,
    ending: Ending = Ending.TEXT,
    depth: int = 0,
) -> Carrier | None:
    """The parameter of the function whose value ends the URL; None when it ends in something else.

    `known` are the functions of the project, which may make it; `ending` is what `node` is.
    """
    if depth > 8:
        return None
    if isinstance(node, cst.Name):
        value = assigned(function, node.value) if depth < 8 else None
        if value is not None and not _same(value, node):
            return carrier(function, value, known, ending, depth + 1)
        if node.value == star_parameter(function):
            return Carrier(f"*{node.value}", Ending.SEGMENT)
        return Carrier(node.value, ending) if node.value in parameters(function) else None
    last, now = _last_operand(node), ending
    if last is None and isinstance(node, cst.Call):
        last, now = _last_joined(node) or _brought(node, known, depth + 1) or (None, ending)
    return carrier(function, last, known, now, depth + 1) if last is not None else None


def _brought(call: cst.Call, known: Functions, depth: int = 0) -> tuple[cst.BaseExpression, Ending] | None:
    """The argument that ends the URL which a function of the project makes."""
    module, made = known.get(called(call)) or (None, None)
    value = only_result(made) if made is not None else None
    if module is None or made is None or value is None:
        return None
    carried = carrier(made, value, known, depth=depth)
    arg = argument_for(module, made, call, carried.name) if carried is not None else None
    return (arg.value, carried.ending) if arg is not None and carried is not None else None


def _same(value: cst.BaseExpression, node: cst.Name) -> bool:
    """`path = path.lstrip("/")` of a parameter: still the parameter."""
    inner = value
    while isinstance(inner, cst.Call) and isinstance(inner.func, cst.Attribute):
        inner = inner.func.value
    return isinstance(inner, cst.Name) and inner.value == node.value


def _last_operand(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The operand that ends the path which an expression composes, unless literal characters do."""
    asked = _without_query(node)
    if asked is not None:
        return asked
    if isinstance(node, cst.FormattedString):
        parts = [part for part in node.parts if not isinstance(part, cst.FormattedStringText) or part.value]
        last = parts[-1] if parts else None
        return last.expression if isinstance(last, cst.FormattedStringExpression) else None
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, (cst.Add, cst.Divide)):
            return node.right
        if isinstance(node.operator, cst.Modulo) and isinstance(node.left, cst.SimpleString):
            return _last_filling(node.left, node.right)
        return None
    if isinstance(node, cst.Call):
        return _last_argument(node)
    return None


def _without_query(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What stands in front of a query that is put behind it; None where no query is."""
    if isinstance(node, cst.FormattedString):
        for part, behind in pairwise(node.parts):
            asks = isinstance(behind, cst.FormattedStringText) and behind.value.startswith("?")
            if asks and isinstance(part, cst.FormattedStringExpression):
                return part.expression
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
        return _filled_before_query(node)
    current = node
    while isinstance(current, cst.BinaryOperation) and isinstance(current.operator, cst.Add):
        if isinstance(current.right, cst.SimpleString) and string_value(current.right).startswith("?"):
            return current.left
        current = current.left
    return None


def _filled_before_query(node: cst.BinaryOperation) -> cst.BaseExpression | None:
    """`"%s%s?%s" % (HOST, path, query)`: the path."""
    if not isinstance(node.left, cst.SimpleString) or not isinstance(node.right, cst.Tuple):
        return None
    template, elements = string_value(node.left), node.right.elements
    head, mark, _ = template.partition("?")
    count = head.count("%s")
    plain = template.count("%") == template.count("%s") == len(elements)
    return elements[count - 1].value if mark and plain and head.endswith("%s") else None


def _last_filling(template: cst.SimpleString, filling: cst.BaseExpression) -> cst.BaseExpression | None:
    if not string_value(template).endswith("%s"):
        return None
    if isinstance(filling, cst.Tuple):
        return filling.elements[-1].value if filling.elements else None
    return filling


def _last_argument(call: cst.Call) -> cst.BaseExpression | None:
    name = (dotted(call.func) or "").rpartition(".")[2]
    if isinstance(call.func, cst.Attribute):
        receiver, method = call.func.value, call.func.attr.value
        if method in _KEEPERS:
            return receiver
        if method == "format" and isinstance(receiver, cst.SimpleString):
            return _last_field(string_value(receiver), call)
    if name == "urljoin" and len(call.args) == 2:
        return call.args[1].value
    if name == "str" and len(call.args) == 1:
        return call.args[0].value
    return None


def _last_joined(call: cst.Call) -> tuple[cst.BaseExpression, Ending] | None:
    """What ends the list that `"/".join(...)` gets: its last element, or a list added to it or spread."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value != "join" or len(call.args) != 1:
        return None
    if not isinstance(func.value, cst.SimpleString):
        return None
    listed = call.args[0].value
    while isinstance(listed, cst.BinaryOperation) and isinstance(listed.operator, cst.Add):
        listed = listed.right
    if isinstance(listed, (cst.List, cst.Tuple)) and listed.elements:
        last = listed.elements[-1]
        return last.value, Ending.LIST if isinstance(last, cst.StarredElement) else Ending.TEXT
    return (listed, Ending.LIST) if isinstance(listed, cst.Name) else None


def _last_field(template: str, call: cst.Call) -> cst.BaseExpression | None:
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        return None
    if not fields or fields[-1][1] is None:
        return None
    name = fields[-1][1]
    positional = [arg for arg in call.args if arg.keyword is None and not arg.star]
    if name == "":
        index = sum(1 for field in fields if field[1] == "") - 1
        return positional[index].value if index < len(positional) else None
    if name.isdigit():
        return positional[int(name)].value if int(name) < len(positional) else None
    return next(
        (arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None
    )


@dataclass(frozen=True, slots=True)
class Extension:
    """What is put behind a URL: a slash unless it ends in one, an id, and perhaps more of the path."""

    module: Module
    function: FunctionNode
    id: str
    """The expression that is the id."""
    suffix: str
    """What follows it, with its slash."""
    joint: str
    """The slash in front, or nothing."""
    known: Functions
    """Functions of the project, which may make the URL."""

    @property
    def quote(self) -> str:
        return quotes_of(self.module.tree).quote

    def code(self, quote: str) -> str:
        """The id as code that stands outside texts, in quotes of a kind."""
        expression = Quotes(quote).restyled(parsed_expression(self.id, self.module.tree))
        return self.module.tree.code_for_node(expression)

    def inside(self, quote: str) -> str:
        """The id as code that stands inside an f-string of these quotes."""
        text = self.code("'" if quote == '"' else '"')
        if quote in text or "\\" in text:
            raise Refused("the id has quotes that cannot stand in an f-string")
        return f"{self.joint}{{{text}}}{self.suffix}"

    def at(self, path: cst.Arg, ending: Ending) -> Iterator[Splice]:
        """The changes of an argument that is a URL or its end."""
        if ending is Ending.LIST:
            raise Refused("the path is a list of segments, which other code joins")
        if ending is Ending.SEGMENT:
            end = span(self.module, path)[1]
            more = f", {self.quote}{self.suffix.strip('/')}{self.quote}" if self.suffix else ""
            yield Splice(end, end, f", {self.code(self.quote)}{more}")
        else:
            yield from self.of(path.value)

    def of(self, node: cst.BaseExpression) -> Iterator[Splice]:
        """The changes that put the id behind the URL which an expression makes."""
        if isinstance(node, cst.FormattedString):
            yield self._in_text(node, len(node.end))
        elif isinstance(node, cst.SimpleString):
            yield from self._as_formatted(node)
        elif isinstance(node, cst.ConcatenatedString) and _is_text(node.right):
            yield from self.of(node.right)
        elif isinstance(node, cst.BinaryOperation):
            yield from self._of_operation(node)
        elif isinstance(node, cst.Call):
            yield from self._of_call(node)
        elif isinstance(node, (cst.Name, cst.Attribute)) and dotted(node):
            yield from self._of_name(node)
        else:
            yield from self._behind(node)

    def _in_text(self, node: cst.FormattedString | cst.SimpleString, closing: int) -> Splice:
        end = span(self.module, node)[1] - closing
        return Splice(end, end, self.inside(node.quote[0]))

    def _as_formatted(self, node: cst.SimpleString) -> Iterator[Splice]:
        if "b" in node.prefix.lower() or "{" in node.value or "}" in node.value or "u" in node.prefix.lower():
            yield from self._behind(node)
            return
        start = span(self.module, node)[0]
        yield Splice(start, start, "f")
        yield self._in_text(node, len(node.quote))

    def _of_operation(self, node: cst.BinaryOperation) -> Iterator[Splice]:
        end = span(self.module, node)[1]
        if isinstance(node.operator, cst.Divide):
            more = f" / {self.quote}{self.suffix.strip('/')}{self.quote}" if self.suffix else ""
            yield Splice(end, end, f" / {self.code(self.quote)}{more}")
        elif isinstance(node.operator, cst.Modulo) and isinstance(node.left, cst.SimpleString):
            yield from self._of_template(node, node.left)
        elif isinstance(node.operator, cst.Add) and isinstance(node.right, cst.FormattedString):
            yield self._in_text(node.right, len(node.right.end))
        elif isinstance(node.operator, cst.Add) and isinstance(node.right, cst.SimpleString):
            inside = span(self.module, node.right)[1] - len(node.right.quote)
            yield Splice(inside, inside, self.joint)
            quote = node.right.quote[0]
            end = span(self.module, node)[1]
            yield Splice(end, end, f" + {self.code(quote)}{self._more(quote)}")
        else:
            yield from self._behind(node)

    def _of_template(self, node: cst.BinaryOperation, template: cst.SimpleString) -> Iterator[Splice]:
        right = node.right
        if isinstance(right, cst.Tuple) and right.elements and right.lpar:
            inside = span(self.module, template)[1] - len(template.quote)
            yield Splice(inside, inside, f"{self.joint}%s{self.suffix}")
            end = span(self.module, right)[1]
            comma = " " if isinstance(right.elements[-1].comma, cst.Comma) else ", "
            yield Splice(end, end, f"{comma}{self.code(self.quote)}")
        elif isinstance(right, (cst.Subscript, cst.Attribute, cst.Name)) and not self.is_tuple(right):
            inside = span(self.module, template)[1] - len(template.quote)
            yield Splice(inside, inside, f"{self.joint}%s{self.suffix}")
            start, end = outer_span(self.module, right)
            yield Splice(start, start, "(")
            yield Splice(end, end, f", {self.code(self.quote)})")
        else:
            yield from self._behind(node)

    def is_tuple(self, node: cst.BaseExpression) -> bool:
        """Whether a template's filling is a name for several values."""
        value = assigned(self.function, node.value) if isinstance(node, cst.Name) else node
        return isinstance(value, cst.Tuple)

    def _of_call(self, node: cst.Call) -> Iterator[Splice]:
        func = node.func
        name = func.attr.value if isinstance(func, cst.Attribute) else dotted(func) or ""
        template = func.value if isinstance(func, cst.Attribute) and name == "format" else None
        if isinstance(template, cst.SimpleString) and _fills_in_order(template, node):
            inside = span(self.module, template)[1] - len(template.quote)
            yield Splice(inside, inside, f"{self.joint}{{}}{self.suffix}")
            end = span(self.module, node.args[-1])[1]
            yield Splice(end, end, f", {self.code(self.quote)}")
        elif name == "urljoin" and len(node.args) == 2 and _is_text(node.args[1].value):
            yield from self.of(node.args[1].value)
        elif (brought := _brought(node, self.known)) is not None and _is_text(brought[0]):
            yield from self.of(brought[0])
        elif name in _TEXT_MAKERS or name in self.known:
            yield from self._behind(node)
        else:
            raise Refused(f"the URL is what `{name}` makes, which may be no text")

    def _of_name(self, node: cst.Name | cst.Attribute) -> Iterator[Splice]:
        start, end = span(self.module, node)
        yield Splice(start, start, f"f{self.quote}{{")
        yield Splice(end, end, f"}}{self.inside(self.quote)}{self.quote}")

    def _behind(self, node: cst.BaseExpression) -> Iterator[Splice]:
        slash = f" + {self.quote}{self.joint}{self.quote}" if self.joint else ""
        text = f"{slash} + {self.code(self.quote)}{self._more(self.quote)}"
        if isinstance(node, _LOOSE) and not node.lpar:
            start, end = span(self.module, node)
            yield Splice(start, start, "(")
            yield Splice(end, end, f"){text}")
        else:
            end = outer_span(self.module, node)[1]
            yield Splice(end, end, text)

    def _more(self, quote: str) -> str:
        return f" + {quote}{self.suffix}{quote}" if self.suffix else ""


def _is_text(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString))


def _fills_in_order(template: cst.SimpleString, call: cst.Call) -> bool:
    try:
        fields = [
            name for _, name, _, _ in string.Formatter().parse(string_value(template)) if name is not None
        ]
    except ValueError:
        return False
    plain = all(arg.keyword is None and not arg.star for arg in call.args)
    return bool(call.args) and plain and len(fields) == len(call.args) and not any(fields)
