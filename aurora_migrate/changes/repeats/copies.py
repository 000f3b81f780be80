"""Copies of the user's code with changes inside them, made on the text so that the rest stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.rewrite import host_of
from aurora_migrate.changes.surgery.strings import Cut, source_cuts, spelling_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Put a text in place of characters `start` to `end` of a module's text."""

    start: int
    end: int
    text: str


def span(module: Module, node: cst.CSTNode) -> tuple[int, int]:
    """Where a node stands, its own parentheses left out."""
    found = module.span(node)
    if found is None:
        raise Refused("the place of the code in the file cannot be told for certain")
    return found


def outer_span(module: Module, node: cst.BaseExpression) -> tuple[int, int]:
    """Where an expression stands together with its own parentheses."""
    start, end = span(module, node)
    if not node.lpar:
        return start, end
    whole = module.tree.code_for_node(node)
    inner = module.text[start:end]
    at = whole.find(inner)
    start, end = start - at, end + len(whole) - at - len(inner)
    if at < 0 or module.text[start:end] != whole:
        raise Refused("the place of the code in the file cannot be told for certain")
    return start, end


def rendered(module: Module, start: int, end: int, splices: Iterable[Splice]) -> str:
    """Characters `start` to `end` of the module's text with those splices in it that lie there."""
    out: list[str] = []
    done = start
    for splice in sorted(set(splices)):
        if splice.start < start or splice.end > end:
            continue
        if splice.start < done:
            raise Refused("two changes meet in the same code")
        out += (module.text[done : splice.start], splice.text)
        done = splice.end
    out.append(module.text[done:end])
    return "".join(out)


def indentation(module: Module, offset: int) -> str:
    """The blanks that the line of an offset begins with."""
    start = line_start(module, offset)
    rest = module.text[start:]
    return rest[: len(rest) - len(rest.lstrip(" \t"))]


def line_start(module: Module, offset: int) -> int:
    return max(module.text.rfind("\n", 0, offset), module.text.rfind("\r", 0, offset)) + 1


def line_end(module: Module, offset: int) -> int:
    found = [at for at in (module.text.find(mark, offset) for mark in "\r\n") if at >= 0]
    return min(found, default=len(module.text))


def unit(module: Module) -> str:
    """One step of indentation as the module has it."""
    return module.tree.default_indent


def newline(module: Module) -> str:
    return module.tree.default_newline


def reindented(text: str, old: str, new: str) -> str:
    """The text's further lines moved from one indentation to another."""
    lines = text.splitlines(keepends=True)
    moved = [new + line[len(old) :] if line.startswith(old) and line.strip() else line for line in lines[1:]]
    return "".join([*lines[:1], *moved])


def refuse_long_strings(node: cst.CSTNode) -> None:
    """Refuse to move lines that are inside a string."""
    for each in walk(node):
        if isinstance(each, cst.SimpleString) and "\n" in each.value:
            raise Refused("a text of several lines stands in that code")
        if isinstance(each, cst.FormattedStringText) and "\n" in each.value:
            raise Refused("a text of several lines stands in that code")


def in_literal(module: Module, node: cst.CSTNode, start: int, end: int, text: str = "") -> list[Splice]:
    """The splices that replace characters `start` to `end` of a literal's evaluated value."""
    spelling = spelling_of(node, host_of(node, module.parents))
    base = span(module, node)[0] + spelling.opening
    if module.text[base : base + len(spelling.body)] != spelling.body:
        raise Refused("the place of the string in the file cannot be told for certain")
    cuts = source_cuts(spelling, [Cut(start, end, text)])
    return [Splice(base + low, base + high, new) for low, high, new in cuts]
