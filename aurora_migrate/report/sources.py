"""The texts that findings point into: lines for code frames, offsets turned into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_migrate.files.source import UnreadableFile, read_source
from aurora_migrate.findings import Position

# Python's line breaks; `str.splitlines` would also break at form feeds and U+2028, which are part of a line.
_NEWLINE = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Lines:
    """A text cut into lines without their ends; `starts` are the offsets at which they begin."""

    lines: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        lines: list[str] = []
        starts = [0]
        for newline in _NEWLINE.finditer(text):
            lines.append(text[starts[-1] : newline.start()])
            starts.append(newline.end())
        lines.append(text[starts[-1] :])
        return cls(tuple(lines), tuple(starts))

    def position(self, offset: int) -> Position:
        """The place of the character at `offset`, which is 0-based."""
        line = bisect_right(self.starts, offset)
        return Position(line, offset - self.starts[line - 1] + 1)


class Sources:
    """The texts as the run leaves them: the changed ones from `changes`, the others from the disk."""

    def __init__(self, changes: Mapping[Path, tuple[str, str]]) -> None:
        self._changes = changes
        self._read: dict[Path, Lines | None] = {}

    def lines(self, path: Path) -> Lines | None:
        """The file's lines, or None when it cannot be read (any more)."""
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def position(self, path: Path, offset: int) -> Position | None:
        """The place of the character at `offset`, or None when the file cannot be read (any more)."""
        lines = self.lines(path)
        return None if lines is None else lines.position(offset)

    def _load(self, path: Path) -> Lines | None:
        if path in self._changes:
            return Lines.of(self._changes[path][1])
        try:
            return Lines.of(read_source(path).text)
        except UnreadableFile:
            return None
