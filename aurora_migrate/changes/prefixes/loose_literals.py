"""String literals that are Aurora URLs or paths by what they say, though no request was seen to use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.prefixes import prose
from aurora_migrate.changes.prefixes.interfaces import Interfaces
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.definitions import is_declared_only
from aurora_migrate.flow.literals import part_value, string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import Piece, Text

_PATH_END = re.compile(r"[\s\"'`<>?#]")
"""What ends a path inside of a text."""

NO_HOST = "no request was seen to use this path, so that nothing proves the host"
IN_TEXT = "it stands inside of a longer text, and what reads that is not seen"


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
        self.declared: dict[int, cst.FunctionDef] = {}
        """The methods without a body whose decorators hold a literal, by the literal's identity."""
        self._declaring: cst.FunctionDef | None = None

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
        """A function without a body does what its decorators say; any other is what they register."""
        function = self.module.parents.get(id(node))
        is_declared = isinstance(function, cst.FunctionDef) and is_declared_only(function)
        self._declaring = function if is_declared and isinstance(function, cst.FunctionDef) else None
        return self._declaring is not None

    def leave_Decorator(self, original_node: cst.Decorator) -> None:
        self._declaring = None

    def visit_Call(self, node: cst.Call) -> bool:
        return not prose.takes_words(node)

    def visit_Arg(self, node: cst.Arg) -> bool:
        return not prose.is_words(node)

    def visit_Assign(self, node: cst.Assign) -> bool:
        return not prose.names_words(node)

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        self._take(node, string_value(node))

    def _take(self, node: cst.CSTNode, value: str) -> None:
        self.found.append((node, value))
        if self._declaring is not None:
            self.declared[id(node)] = self._declaring
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
    interfaces = Interfaces(context)
    for module in context.modules:
        visitor = LiteralVisitor(module)
        module.tree.visit(visitor)
        for node, value in visitor.found:
            if id(node) in visitor.declared:
                yield from _of_interface(interfaces, module, node, value, prefix, visitor.declared[id(node)])
                continue
            if id(node) in sunk or id(node) in context.facts.sought or prefix not in value:
                continue
            found = _loose(context, module, node, value, prefix, names_host)
            if found is not None and id(node) in visitor.in_comparison:
                yield replace(found, reason="the program compares a text with it; write what it will be then")
            elif found is not None:
                yield found


def _of_interface(
    interfaces: Interfaces,
    module: Module,
    node: cst.CSTNode,
    value: str,
    prefix: str,
    method: cst.FunctionDef,
) -> Iterator[Loose]:
    """The path of a method that a library makes out of its decorators, where its class gets Aurora's URL."""
    bases = interfaces.bases_of(module, method)
    if value.startswith(prefix) and _begins_with(value, prefix) and Owner.AURORA in bases:
        reason = "" if bases == {Owner.AURORA} else "its class is also given the URL of another server"
        yield Loose(module, node, 0, Certainty.PROVEN, reason)


def _loose(
    context: Context, module: Module, node: cst.CSTNode, value: str, prefix: str, names_host: bool
) -> Loose | None:
    target = context.targets.of(Text((Piece(value),)))
    seen = value[target.path_start :]
    if any(character.isspace() for character in value):
        if prose.is_only_shown(module, node):
            return None
        ours = target.owner is Owner.AURORA and _begins_with(seen, prefix)
        at = target.path_start if ours else _in_text(context, value, prefix)
        return Loose(module, node, at, Certainty.LIKELY, IN_TEXT) if at >= 0 else None
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


def _in_text(context: Context, value: str, prefix: str) -> int:
    """Where a text that names Aurora's host (a script, say) has the path of an endpoint; -1 for nowhere."""
    if not any(host in value.lower() for host in context.targets.hosts):
        return -1
    at = value.find(prefix)
    while at >= 0:
        path = _PATH_END.split(value[at:], maxsplit=1)[0]
        if _begins_with(path, prefix) and context.targets.could_be_endpoint(_template(path[len(prefix) :])):
            return at
        at = value.find(prefix, at + 1)
    return -1


def _begins_with(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/", "?", "#")


def _template(path: str) -> str:
    """The path with `{name}`, `%s` and `$name` segments as holes."""
    parts = [HOLE if any(mark in part for mark in "{%$<:") else part for part in path.split("/")]
    return "/".join(parts)


def _speaks_of_aurora(module: Module) -> bool:
    return "aurora" in module.text.lower() or "aurora" in module.path.stem.lower()
