"""The texts that findings point into: lines for code frames, offsets turned into lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from aurora_migrate.files.source import NOTEBOOK, UnreadableFile, read_source
from aurora_migrate.findings import Location, Position

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

    def cell(self, path: Path, line: int) -> tuple[int, int] | None:
        """The cell of a notebook that a line of its program is in, and its line there; else None."""
        lines = self.lines(path) if path.suffix == NOTEBOOK else None
        if lines is None:
            return None
        from aurora_migrate.files.notebook import cell_of

        return cell_of(lines.lines, line)

    def line(self, location: Location) -> str:
        """Where a range begins, for a person: `12`, in a notebook `cell 3:2`."""
        cell = self.cell(location.path, location.start.line)
        return f"cell {cell[0]}:{cell[1]}" if cell is not None else str(location.start.line)

    def excerpt(self, location: Location) -> tuple[tuple[str, ...], Location]:
        """The lines around a range and the range in them: of a notebook, those of its cell alone.

        No lines when the file cannot be read (any more).
        """
        found = self.lines(location.path)
        cell = self.cell(location.path, location.start.line)
        if found is None or cell is None:
            return (found.lines if found is not None else ()), location
        from aurora_migrate.files.notebook import MARK

        above = location.start.line - cell[1]
        own = list(takewhile(lambda line: not line.startswith(MARK), found.lines[above:]))
        start = Position(cell[1], location.start.column)
        end = Position(location.end.line - above, location.end.column)
        return tuple(own), Location(location.path, start, end)

    def _load(self, path: Path) -> Lines | None:
        if path in self._changes:
            return Lines.of(self._changes[path][1])
        try:
            return Lines.of(read_source(path).text)
        except UnreadableFile:
            return None
