"""Lines of text with roles: what every text format is made of, before colours are put on or left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

_Word: TypeAlias = Literal["", "strong", "rule", "note", "mark", "gutter"]
_Outcome: TypeAlias = Literal["safe", "unsafe", "manual", "error"]
_Diff: TypeAlias = Literal["hunk", "added", "removed"]
Role: TypeAlias = _Word | _Outcome | _Diff


class Span(NamedTuple):
    """A piece of one line, and what it is."""

    text: str
    role: Role = ""


Line: TypeAlias = tuple[Span, ...]
EMPTY: Line = ()


def plain(lines: Iterable[Line]) -> str:
    """The lines without their roles, each ended by a newline."""
    return "".join("".join(span.text for span in line) + "\n" for line in lines)


def words(text: str, role: Role = "") -> Line:
    """A line of one role."""
    return (Span(text, role),)
