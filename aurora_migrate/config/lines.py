"""The line of each key in a TOML text, which tomllib does not tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from aurora_migrate.config.source import loads

Keys: TypeAlias = tuple[str, ...]
"""The parts of a dotted key, tables first."""

_BASIC = r'"(?:\\.|[^"\\\n])*"'
_LITERAL = r"'[^'\n]*'"
# The last two of up to five closing quotes belong to the text.
_STRING = rf'"""(?:\\.|[^\\])*?"{{3,5}}|\'\'\'.*?\'{{3,5}}|{_BASIC}|{_LITERAL}'
_PART = rf"(?:[A-Za-z0-9_-]+|{_BASIC}|{_LITERAL})"
_KEY = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_BLANK = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR = re.compile(rf"{_STRING}|[^,\]}}#\n]+", re.DOTALL)
_PIECE = re.compile(rf"{_STRING}|#[^\n]*|[\[\]{{}}]", re.DOTALL)
_DEPTHS = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> Mapping[Keys, int]:
    """The lines (from 1) on which the keys and tables of a valid TOML text are first named.

    What lists hold is left out. Empty if the text has something in it that this scanner does not know.
    """
    scanner = _Scanner(text)
    try:
        scanner.document()
    except (_Lost, RecursionError):
        return {}
    return scanner.lines


class _Lost(Exception):
    """What should come next does not."""


class _Scanner:
    """Walks once over a TOML text that the parser has accepted: it looks no closer than it must."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Keys, int] = {}
        self._text = text
        self._at = 0

    def document(self) -> None:
        table: Keys = ()
        self._match(_GAP)
        while self._at < len(self._text):
            if self._take("["):
                table = self._header()
            else:
                self._pair(table)
            self._match(_GAP)

    def _header(self) -> Keys:
        brackets = "]]" if self._take("[") else "]"
        table = self._key(())
        self._expect(brackets)
        return table

    def _pair(self, table: Keys) -> None:
        path = self._key(table)
        self._expect("=")
        self._match(_BLANK)
        if self._take("{"):
            self._inline_table(path)
        elif self._text.startswith("[", self._at):
            self._list()
        else:
            self._match(_SCALAR)

    def _key(self, table: Keys) -> Keys:
        self._match(_BLANK)
        line = self._text.count("\n", 0, self._at) + 1
        parts = _parts(self._match(_KEY))
        for count in range(1, len(parts) + 1):
            self.lines.setdefault((*table, *parts[:count]), line)
        self._match(_BLANK)
        return (*table, *parts)

    def _inline_table(self, table: Keys) -> None:
        self._match(_GAP)
        while not self._take("}"):
            self._pair(table)
            self._match(_GAP)
            self._take(",")
            self._match(_GAP)

    def _list(self) -> None:
        depth = 0
        for piece in _PIECE.finditer(self._text, self._at):
            depth += _DEPTHS.get(piece[0], 0)
            if depth == 0:
                self._at = piece.end()
                return
        raise _Lost

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            raise _Lost
        self._at = found.end()
        return found[0]

    def _take(self, text: str) -> bool:
        if not self._text.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise _Lost


def _parts(key: str) -> Keys:
    """The parts of a dotted key as the parser understands them, escapes and all."""
    try:
        value: object = loads(f"{key} = 0")
    except ValueError:
        raise _Lost from None
    parts: list[str] = []
    while isinstance(value, dict):
        ((part, value),) = value.items()
        parts.append(part)
    return tuple(parts)
