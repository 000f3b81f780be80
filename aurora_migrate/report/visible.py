"""Text made fit for a terminal: control characters shown instead of obeyed, widths counted in cells."""

from __future__ import annotations

import unicodedata

TAB = 4

# Characters that move the cursor or reorder what follows: a file could rewrite the report about it with them.
_HARMFUL = frozenset(("Cc", "Zl", "Zp"))
_REORDERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    """`text` with each control character replaced by one that can be seen; other characters stay."""
    # Printable characters include no control character, no line break and no reordering mark.
    return text if text.isprintable() else "".join(map(_visible, text))


def layout(line: str) -> tuple[str, list[int]]:
    """One line as it is shown, and the cells (0-based) where its characters begin and the last one ends."""
    shown: list[str] = []
    cells = [0]
    for character in line:
        at = cells[-1]
        piece = " " * (TAB - at % TAB) if character == "\t" else _visible(character)
        shown.append(piece)
        cells.append(at + sum(map(_width, piece)))
    return "".join(shown), cells


def _visible(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if character in _REORDERING or unicodedata.category(character) in _HARMFUL:
        return _REPLACEMENT
    return character


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
