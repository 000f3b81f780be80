"""Cutting string literals: from characters of the evaluated value to characters of the source, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.tree import Refused

_NEWLINE = r"\r\n|\r|\n"
_ESCAPES = r"\\[0-7]{1,3}|\\x[0-9a-fA-F]{2}|\\[\\'\"abfnrtv]"
_WIDE = r"|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\N\{[^}]*\}"
_CONTINUATION = re.compile(rf"\\(?:{_NEWLINE})")


@dataclass(frozen=True, slots=True)
class Cut:
    """Replace characters `start` to `end` of a literal's evaluated value."""

    start: int
    end: int
    replacement: str = ""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The source of a literal's content and how it is to be read."""

    body: str
    prefix: str
    quote: str
    opening: int
    """Characters of the node's source before the content."""
    formatted: bool

    @property
    def raw(self) -> bool:
        return "r" in self.prefix.lower()


def spelling_of(node: cst.CSTNode, host: cst.FormattedString | None) -> Spelling:
    """How a string literal, or the literal part of the f-string `host`, is written."""
    if isinstance(node, cst.SimpleString):
        opening = len(node.prefix) + len(node.quote)
        body = node.value[opening : len(node.value) - len(node.quote)]
        return Spelling(body, node.prefix, node.quote, opening, formatted=False)
    if isinstance(node, cst.FormattedStringText) and host is not None:
        return Spelling(node.value, host.prefix, host.quote, 0, formatted=True)
    raise Refused("only characters of a string literal can be cut")


def units(spelling: Spelling) -> list[tuple[int, int]]:
    """The range in the body that spells each character of the evaluated value."""
    pattern = _pattern(spelling)
    found: list[tuple[int, int]] = []
    body, index = spelling.body, 0
    while index < len(body):
        if not spelling.raw and (skipped := _CONTINUATION.match(body, index)):
            index = skipped.end()
            continue
        match = pattern.match(body, index)
        end = match.end() if match else index + 1
        found.append((index, end))
        index = end
    return found


def _pattern(spelling: Spelling) -> re.Pattern[str]:
    pattern = _NEWLINE
    if not spelling.raw:
        pattern += "|" + _ESCAPES + ("" if "b" in spelling.prefix.lower() else _WIDE)
    if spelling.formatted:
        pattern += r"|\{\{|\}\}"
    return re.compile(pattern)


def source_cuts(spelling: Spelling, cuts: Sequence[Cut]) -> list[tuple[int, int, str]]:
    """The cuts as disjoint ranges of the body with the source text to put there, in order."""
    places = units(spelling)
    found: list[tuple[int, int, str]] = []
    for cut in merged(cuts):
        if not 0 <= cut.start <= cut.end <= len(places):
            raise Refused("the characters to cut are not in this literal")
        if cut.start < cut.end:
            start, end = places[cut.start][0], places[cut.end - 1][1]
        else:
            start = end = places[cut.start][0] if cut.start < len(places) else len(spelling.body)
        found.append((start, end, escape(cut.replacement, spelling)))
    return found


def apply_cuts(spelling: Spelling, cuts: Sequence[Cut]) -> str:
    """The body after the cuts."""
    body = spelling.body
    for start, end, replacement in reversed(source_cuts(spelling, cuts)):
        body = body[:start] + replacement + body[end:]
    return body


def merged(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts in order, the same one once, overlapping removals joined."""
    result: list[Cut] = []
    for cut in sorted(set(cuts), key=lambda each: (each.start, each.end, each.replacement)):
        last = result[-1] if result else None
        if last is None or cut.start >= last.end:
            result.append(cut)
        elif last.replacement or cut.replacement:
            raise Refused("two changes meet in the same characters of a literal")
        else:
            result[-1] = Cut(last.start, max(last.end, cut.end))
    return result


def is_whole(spelling: Spelling, cuts: Sequence[Cut]) -> bool:
    """Whether the cuts leave nothing of the literal."""
    kept = len(units(spelling))
    for cut in merged(cuts):
        kept += len(cut.replacement) - (cut.end - cut.start)
    return kept == 0


def escape(text: str, spelling: Spelling) -> str:
    """A text as it must be written inside the literal."""
    if spelling.raw and any(character in text for character in "\\'\"\n\r"):
        raise Refused("a raw string cannot spell the new text")
    if not spelling.raw:
        text = text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        text = text.replace(spelling.quote[0], "\\" + spelling.quote[0])
    return text.replace("{", "{{").replace("}", "}}") if spelling.formatted else text


def as_plain(node: cst.FormattedString) -> cst.SimpleString:
    """An f-string without expressions as a plain string of the same value."""
    prefix = re.sub("[fF]", "", node.prefix)
    body = "".join(part.value for part in node.parts if isinstance(part, cst.FormattedStringText))
    body = body.replace("{{", "{").replace("}}", "}")
    opening = node.start[len(node.prefix) :]
    return cst.SimpleString(prefix + opening + body + node.end, lpar=node.lpar, rpar=node.rpar)
