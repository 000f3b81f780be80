"""Placeholders of `%` and `str.format` templates: where one stands, so that it goes with its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.strings import Cut
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.literals import string_value

_PERCENT = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?[hlL]?(?P<type>.)",
    re.DOTALL,
)
_FIELD_NAME = re.compile(r"[^!:.\[\]{}]*")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One place of a template that is filled: its range in the value, and the name or number it asks for."""

    start: int
    end: int
    name: str | int
    name_end: int = 0
    numbered: bool = False


def literal_parts(template: cst.BaseExpression) -> list[cst.SimpleString]:
    """The string literals that a template is made of, in order."""
    if isinstance(template, cst.SimpleString):
        return [template]
    if isinstance(template, cst.ConcatenatedString):
        return [*literal_parts(template.left), *literal_parts(template.right)]
    raise Refused("the template is not written where it is filled")


def percent_placeholders(text: str) -> Iterator[Placeholder]:
    """The conversions of a `%` template; positional ones are numbered by the value they take."""
    position = 0
    for match in _PERCENT.finditer(text):
        if match["type"] == "%":
            continue
        if "*" in (match["width"], match["precision"]):
            raise Refused("the template takes a width from its values")
        if match["key"] is not None:
            yield Placeholder(match.start(), match.end(), match["key"])
        else:
            yield Placeholder(match.start(), match.end(), position)
            position += 1


def format_placeholders(text: str) -> Iterator[Placeholder]:
    """The replacement fields of a `str.format` template."""
    index = automatic = 0
    while index < len(text):
        if text[index : index + 2] in ("{{", "}}"):
            index += 2
            continue
        if text[index] != "{":
            index += 1
            continue
        end = text.find("}", index)
        if end == -1 or "{" in text[index + 1 : end]:
            raise Refused("the template has fields inside a field")
        match = _FIELD_NAME.match(text, index + 1)
        name = match[0] if match else ""
        name_end = index + 1 + len(name)
        if not name:
            yield Placeholder(index, end + 1, automatic, name_end)
            automatic += 1
        elif name.isdigit():
            yield Placeholder(index, end + 1, int(name), name_end, numbered=True)
        else:
            yield Placeholder(index, end + 1, name, name_end)
        index = end + 1


def without(placeholders: Sequence[Placeholder], name: str | int) -> list[Cut]:
    """The cuts that take a placeholder out and count later numbers down."""
    cuts: list[Cut] = []
    for each in placeholders:
        if each.name == name:
            cuts.append(Cut(each.start, each.end))
    return cuts


def renumbered(placeholders: Sequence[Placeholder], removed: Sequence[int]) -> list[Cut]:
    """The cuts that count explicit numbers down after positional values have gone."""
    cuts: list[Cut] = []
    for each in placeholders:
        if each.numbered and isinstance(each.name, int) and each.name not in removed:
            lower = sum(1 for number in removed if number < each.name)
            if lower:
                cuts.append(Cut(each.start + 1, each.name_end, str(each.name - lower)))
    return cuts


def unescaping(text: str, doubled: Sequence[str]) -> list[Cut]:
    """The cuts that undo doubling (`%%`, `{{`) in a template that is filled no more."""
    pattern = "|".join(re.escape(each) for each in doubled)
    return [Cut(match.start(), match.start() + 1) for match in re.finditer(pattern, text)]


def spread(parts: Sequence[cst.SimpleString], cuts: Sequence[Cut]) -> Iterator[tuple[cst.SimpleString, Cut]]:
    """Cuts of a whole template as cuts of its literals."""
    offset = 0
    for part in parts:
        length = len(string_value(part))
        for cut in cuts:
            start, end = max(cut.start - offset, 0), min(cut.end - offset, length)
            if start < end:
                first = cut.start >= offset
                yield part, Cut(start, end, cut.replacement if first else "")
        offset += length
