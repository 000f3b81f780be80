"""Texts that are put together of a field's name and its message, and the same text of a message alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from aurora_migrate.changes.fates.sinks import SAME_TEXT
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

Wording = Callable[[str], str]
"""Source of the text, given source of the message that takes the place of name and message."""


def worded(
    module: Module, text: cst.BaseExpression, field: str, message: str, several: bool
) -> Wording | None:
    """How a text says a message; None where field and message do more than stand in it.

    `several`: the variable holds all messages of the field, which are joined or of which the first is taken.
    """
    return _Words(module, field, message, several).of(text)


class _Words:
    def __init__(self, module: Module, field: str, message: str, several: bool) -> None:
        self._module = module
        self._field = field
        self._message = message
        self._several = several

    def of(self, text: cst.BaseExpression) -> Wording | None:
        if not self._mentions(text, {self._message}):
            return None
        if self._is_plain(text):
            return lambda item: item
        if isinstance(text, cst.FormattedString):
            return self._formatted(text)
        if isinstance(text, cst.BinaryOperation) and isinstance(text.operator, cst.Add):
            return self._added(text)
        if isinstance(text, cst.BinaryOperation) and isinstance(text.operator, cst.Modulo):
            return self._percent(text)
        if isinstance(text, cst.Call) and isinstance(text.func, cst.Attribute):
            return self._called(text, text.func)
        return None

    def _mentions(self, node: cst.CSTNode, names: set[str]) -> bool:
        return any(isinstance(each, cst.Name) and each.value in names for each in walk(node))

    def _is_ours(self, node: cst.CSTNode) -> bool:
        return self._mentions(node, {self._field, self._message} - {""})

    def _is_plain(self, node: cst.BaseExpression) -> bool:
        """The field's name, a message, or either in another dress: nothing is looked up with it."""
        if isinstance(node, cst.Name):
            return node.value == self._field or (node.value == self._message and not self._several)
        if isinstance(node, cst.Subscript) and self._several:
            return self._is_messages(node.value)
        if not isinstance(node, cst.Call):
            return False
        if isinstance(node.func, cst.Name) and node.func.value == "str" and len(node.args) == 1:
            return self._is_plain(node.args[0].value) or self._is_messages(node.args[0].value)
        if not isinstance(node.func, cst.Attribute):
            return False
        if node.func.attr.value == "join" and isinstance(node.func.value, cst.SimpleString):
            return len(node.args) == 1 and self._is_messages(node.args[0].value)
        plain = node.func.attr.value in SAME_TEXT and self._is_plain(node.func.value)
        return plain and not any(self._is_ours(arg) for arg in node.args)

    def _is_messages(self, node: cst.BaseExpression) -> bool:
        return self._several and isinstance(node, cst.Name) and node.value == self._message

    def _span(self, operands: Sequence[cst.CSTNode]) -> tuple[int, int] | None:
        """From the first to the last operand that has to do with the message, nothing foreign between."""
        ours = [index for index, each in enumerate(operands) if self._is_ours(each)]
        first, last = ours[0], ours[-1] + 1
        for each in operands[first:last]:
            bare = each.expression if isinstance(each, cst.FormattedStringExpression) else each
            spelled = isinstance(each, (cst.FormattedStringText, cst.SimpleString))
            fits = isinstance(bare, cst.BaseExpression) and (self._is_plain(bare) or self._is_messages(bare))
            if not (spelled or fits):
                return None
        return first, last

    def _formatted(self, text: cst.FormattedString) -> Wording | None:
        span = self._span(text.parts)
        if span is None:
            return None
        render = self._module.tree.code_for_node
        before = "".join(render(part) for part in text.parts[: span[0]])
        after = "".join(render(part) for part in text.parts[span[1] :])
        if not before and not after:
            return lambda item: item
        other = "'" if '"' in text.end else '"'
        return lambda item: f"{text.start}{before}{{{item.replace(chr(34), other)}}}{after}{text.end}"

    def _added(self, text: cst.BinaryOperation) -> Wording | None:
        operands = list(_operands(text))
        span = self._span(operands)
        if span is None:
            return None
        render = self._module.tree.code_for_node
        before = [render(each).strip() for each in operands[: span[0]]]
        after = [render(each).strip() for each in operands[span[1] :]]
        return lambda item: " + ".join([*before, item, *after])

    def _percent(self, text: cst.BinaryOperation) -> Wording | None:
        given = (
            [each.value for each in text.right.elements]
            if isinstance(text.right, cst.Tuple)
            else [text.right]
        )
        return self._template(text.left, given, "%s")

    def _called(self, text: cst.Call, func: cst.Attribute) -> Wording | None:
        given = [arg.value for arg in text.args]
        if any(arg.star or arg.keyword is not None for arg in text.args):
            return None
        if func.attr.value == "format":
            return self._template(func.value, given, "{}")
        if func.attr.value == "join" and len(given) == 1 and isinstance(given[0], (cst.List, cst.Tuple)):
            elements = [element.value for element in given[0].elements]
            plain = all(self._is_plain(each) or self._is_messages(each) for each in elements)
            return (lambda item: item) if plain else None
        return None

    def _template(
        self, template: cst.BaseExpression, given: Sequence[cst.BaseExpression], place: str
    ) -> Wording | None:
        """`"%s: %s" % (field, text)`: what stands before and behind both of them stays."""
        if not isinstance(template, cst.SimpleString):
            return None
        said = string_value(template).split(place)
        plain = all(self._is_plain(each) or self._is_messages(each) for each in given)
        if (
            len(said) != len(given) + 1
            or not plain
            or any(sign in part for part in said for sign in "%{}\\\n")
        ):
            return None
        before, after = said[0], said[-1]
        if not before and not after:
            return lambda item: item
        quote = template.quote
        if len(quote) != 1 or quote in before + after:
            return None
        return lambda item: f"{quote}{before}{quote} + {item} + {quote}{after}{quote}".removesuffix(
            f" + {quote}{quote}"
        ).removeprefix(f"{quote}{quote} + ")


def _operands(node: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return [*_operands(node.left), *_operands(node.right)]
    return [node]
