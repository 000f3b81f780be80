"""The user's own habits of writing: quotes, and how new entries and arguments are spelled."""

from __future__ import annotations

import keyword
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery import brackets
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.trees import walk


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotation mark that a piece of code prefers."""

    quote: str = '"'

    def restyled(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The expression with its strings in this quotation mark, where that changes nothing else."""
        result = node.visit(_Requoter(self.quote))
        assert isinstance(result, cst.BaseExpression)
        return result

    def restyled_source(self, source: str) -> str:
        """The same for statements given as text."""
        try:
            tree = cst.parse_module(source)
        except cst.ParserSyntaxError as error:
            raise Refused(f"the new statement is no valid Python: {source!r}") from error
        return tree.visit(_Requoter(self.quote)).code


def quotes_of(node: cst.CSTNode, fallback: Quotes | None = None) -> Quotes:
    """The habit shown by the strings under a node; by `fallback` when there are none."""
    counts = {'"': 0, "'": 0}
    for each in walk(node):
        if isinstance(each, (cst.SimpleString, cst.FormattedString)) and each.quote in counts:
            counts[each.quote] += 1
    if counts['"'] == counts["'"]:
        return fallback or Quotes()
    return Quotes('"' if counts['"'] > counts["'"] else "'")


def parsed_expression(source: str, config: cst.Module) -> cst.BaseExpression:
    """A source text as an expression."""
    try:
        return cst.parse_expression(source, config=config.config_for_parsing)
    except cst.ParserSyntaxError as error:
        raise Refused(f"the new expression is no valid Python: {source!r}") from error


def entry_for(
    holder: cst.BaseExpression, key: str, value: cst.BaseExpression, quotes: Quotes
) -> brackets.Item:
    """A new entry of a dict display or `dict(...)` call, written like those that are there."""
    if isinstance(holder, cst.Dict):
        name = cst.SimpleString(spelled(key, quotes))
        for element in reversed(holder.elements):
            if isinstance(element, cst.DictElement):
                after = element.whitespace_after_colon
                plain = after if isinstance(after, cst.SimpleWhitespace) else cst.SimpleWhitespace(" ")
                return cst.DictElement(name, value, whitespace_after_colon=plain)
        return cst.DictElement(name, value)
    if isinstance(holder, cst.Call):
        if key.isidentifier() and not keyword.iskeyword(key):
            return keyword_argument(holder, key, value)
        return cst.Arg(cst.Dict([cst.DictElement(cst.SimpleString(spelled(key, quotes)), value)]), star="**")
    raise Refused("the mapping is not written out in one place")


def keyword_argument(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Arg:
    """A new keyword argument, spaced like those that are there."""
    for arg in call.args:
        if isinstance(arg.equal, cst.AssignEqual):
            return cst.Arg(value, keyword=cst.Name(name), equal=arg.equal)
    tight = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    return cst.Arg(value, keyword=cst.Name(name), equal=tight)


def spelled(text: str, quotes: Quotes) -> str:
    """A text as a string literal."""
    escaped = text.replace("\\", "\\\\").replace(quotes.quote, "\\" + quotes.quote)
    return f"{quotes.quote}{escaped}{quotes.quote}"


class _Requoter(cst.CSTTransformer):
    """Changes quotation marks of strings in which none occurs; inside an f-string, to the other one."""

    def __init__(self, quote: str) -> None:
        super().__init__()
        self.quote = quote
        self.depth = 0

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        self.depth += 1
        return self.depth == 1 and _convertible(node)

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.BaseExpression:
        self.depth -= 1
        if self.depth or not _convertible(original_node):
            return updated_node
        return updated_node.with_changes(start=original_node.prefix + self.quote, end=self.quote)

    def leave_SimpleString(
        self, original_node: cst.SimpleString, updated_node: cst.SimpleString
    ) -> cst.BaseExpression:
        body = original_node.value[len(original_node.prefix) + 1 : -1]
        if len(original_node.quote) != 1 or any(mark in body for mark in "\\'\""):
            return updated_node
        quote = self.quote if not self.depth else "'" if self.quote == '"' else '"'
        return updated_node.with_changes(value=original_node.prefix + quote + body + quote)


def _convertible(node: cst.FormattedString) -> bool:
    if len(node.quote) != 1:
        return False
    for each in walk(node):
        if isinstance(each, cst.FormattedStringText) and any(mark in each.value for mark in "\\'\""):
            return False
        if each is not node and isinstance(each, cst.FormattedString):
            return False
        if isinstance(each, cst.SimpleString):
            body = each.value[len(each.prefix) + 1 : -1]
            if len(each.quote) != 1 or any(mark in body for mark in "\\'\""):
                return False
    return True
