"""What string nodes spell: the evaluated value of plain strings and of the literal parts of f-strings."""

from __future__ import annotations

import ast
from functools import lru_cache

import libcst as cst


@lru_cache(maxsize=65536)
def string_value(node: cst.SimpleString) -> str:
    """The characters of a string (of bytes: decoded as Latin-1, so that offsets stay)."""
    try:
        value = ast.literal_eval(node.value)
    except (ValueError, SyntaxError, MemoryError):
        return ""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def part_value(node: cst.FormattedStringText, prefix: str) -> str:
    """The characters of the literal part of an f-string whose prefix is given."""
    text = node.value.replace("{{", "{").replace("}}", "}")
    if "\\" not in text or "r" in prefix.lower():
        return text
    quote = '"""' if '"""' not in text else "'''"
    try:
        return str(ast.literal_eval(quote + text.replace('"', '\\"').replace('\\\\"', '\\"') + quote))
    except (ValueError, SyntaxError):
        return text
