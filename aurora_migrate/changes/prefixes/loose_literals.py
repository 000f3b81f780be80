"""String literals that are Aurora URLs or paths by what they say, though no request was seen to use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.literals import part_value, string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import Piece, Text

_PROSE_CALLS = frozenset(
    {
        "print",
        "log",
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "echo",
        "secho",
        "write",
        "format_help",
        "fail",
        "skip",
        "exit",
        "sub",
        "match",
        "search",
        "compile",
        "findall",
        "fullmatch",
        "startswith",
        "endswith",
        "replace",
        "removeprefix",
        "split",
        "count",
        "find",
        "index",
        "redirect",
        "Link",
    }
)
_PROSE_ARGUMENTS = frozenset(
    {
        "help",
        "description",
        "epilog",
        "metavar",
        "title",
        "doc",
        "msg",
        "message",
        "reason",
        "match",
        "summary",
        "text",
        "label",
        "caption",
        "docs_url",
        "homepage",
        "url_text",
    }
)
_PROSE_NAMES = (
    "doc",
    "help",
    "readme",
    "usage",
    "message",
    "msg",
    "comment",
    "note",
    "description",
    "banner",
    "pattern",
    "regex",
)

NO_HOST = "no request was seen to use this path, so that nothing proves the host"


@dataclass(frozen=True, slots=True)
class Loose:
    """A literal with the prefix at `offset` of its value; `reason` when it is only to be reported."""

    module: Module
    node: cst.CSTNode
    offset: int
    certainty: Certainty
    reason: str = ""
    is_endpoint: bool = False
    """Whether it is the whole path of an endpoint."""


class LiteralVisitor(cst.CSTVisitor):
    """Collects the strings of a module that can be values: no docstrings, no prose."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.found: list[tuple[cst.CSTNode, str]] = []
        self.compared = 0
        self.in_comparison: set[int] = set()

    def visit_Expr(self, node: cst.Expr) -> bool:
        return not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString))

    def visit_Raise(self, node: cst.Raise) -> bool:
        return False

    def visit_Annotation(self, node: cst.Annotation) -> bool:
        return False

    def visit_Comparison(self, node: cst.Comparison) -> bool:
        equal = all(isinstance(target.operator, (cst.Equal, cst.NotEqual)) for target in node.comparisons)
        self.compared += equal
        return equal

    def leave_Comparison(self, original_node: cst.Comparison) -> None:
        self.compared -= all(
            isinstance(target.operator, (cst.Equal, cst.NotEqual)) for target in original_node.comparisons
        )

    def visit_Decorator(self, node: cst.Decorator) -> bool:
        return False

    def visit_Call(self, node: cst.Call) -> bool:
        return dotted_name(node.func).rpartition(".")[2] not in _PROSE_CALLS or isinstance(
            node.func, cst.Call
        )

    def visit_Arg(self, node: cst.Arg) -> bool:
        return node.keyword is None or node.keyword.value not in _PROSE_ARGUMENTS

    def visit_Assign(self, node: cst.Assign) -> bool:
        names = [dotted_name(target.target).lower() for target in node.targets]
        return not any(word in name for name in names for word in _PROSE_NAMES)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._take(node, string_value(node))

    def _take(self, node: cst.CSTNode, value: str) -> None:
        self.found.append((node, value))
        if self.compared:
            self.in_comparison.add(id(node))

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        if node.parts and isinstance(node.parts[0], cst.FormattedStringText):
            first = node.parts[0]
            rest = HOLE if len(node.parts) > 1 else ""
            self._take(first, part_value(first, node.prefix) + rest)
        return False


def loose_literals(context: Context, prefix: str, sunk: set[int]) -> Iterator[Loose]:
    """Literals that spell the prefix of an Aurora URL or path and that reached no request."""
    names_host = any(host in module.text for module in context.modules for host in context.targets.hosts)
    for module in context.modules:
        visitor = LiteralVisitor(module)
        module.tree.visit(visitor)
        for node, value in visitor.found:
            if id(node) in sunk or id(node) in context.facts.sought or prefix not in value:
                continue
            found = _loose(context, module, node, value, prefix, names_host)
            if found is not None and id(node) in visitor.in_comparison:
                yield replace(found, reason="the program compares a text with it; write what it will be then")
            elif found is not None:
                yield found


def _loose(
    context: Context, module: Module, node: cst.CSTNode, value: str, prefix: str, names_host: bool
) -> Loose | None:
    if any(character.isspace() for character in value):
        return None
    target = context.targets.of(Text((Piece(value),)))
    seen = value[target.path_start :]
    if not _begins_with(seen, prefix):
        return None
    if target.owner is Owner.AURORA:
        return Loose(module, node, target.path_start, Certainty.PROVEN)
    if target.owner is Owner.OTHER or target.path_start != 0:
        return None
    path = _template(seen[len(prefix) :])
    is_endpoint = context.targets.is_endpoint(None, path) and _speaks_of_aurora(module)
    if not is_endpoint and not (names_host and context.targets.could_be_endpoint(path)):
        return None
    return Loose(module, node, 0, Certainty.LIKELY, NO_HOST, is_endpoint)


def _begins_with(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/", "?", "#")


def _template(path: str) -> str:
    """The path with `{name}`, `%s` and `$name` segments as holes."""
    parts = [HOLE if any(mark in part for mark in "{%$<:") else part for part in path.split("/")]
    return "/".join(parts)


def _speaks_of_aurora(module: Module) -> bool:
    return "aurora" in module.text.lower() or "aurora" in module.path.stem.lower()
