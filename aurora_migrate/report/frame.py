"""The code frame: the source lines around a range, with carets under it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aurora_migrate.findings import Location, Position
from aurora_migrate.report.styled import Line, Role, Span
from aurora_migrate.report.visible import layout

CONTEXT = 1
LONGEST_RANGE = 8
WIDEST_LINE = 160
_LEAD = 40
_CUT = "…"


def frame(lines: Sequence[str], location: Location, context: int = CONTEXT) -> list[Line]:
    """The frame of `location` in `lines`, and `context` lines around it; empty when there is no such line."""
    if location.start.line > len(lines):
        return []
    start, end = _within(lines, location)
    drawing = _Drawing(lines, margin(location.end.line), context)
    if start.line == end.line:
        return drawing.one_line(start, end.column)
    return drawing.many_lines(start, end)


def margin(line: int) -> int:
    """How wide line numbers are around a range that ends at `line`, so how far its `-->` is indented."""
    return len(str(line + CONTEXT))


def _within(lines: Sequence[str], location: Location) -> tuple[Position, Position]:
    """The range cut to the text; one that ends before a line's first character ends with the line before."""
    start = Position(location.start.line, min(location.start.column, len(lines[location.start.line - 1]) + 1))
    end = location.end
    if end.line > len(lines):
        end = Position(len(lines), len(lines[-1]) + 1)
    if end.column == 1 and end.line > start.line:
        end = Position(end.line - 1, len(lines[end.line - 2]) + 1)
    end = Position(end.line, min(end.column, len(lines[end.line - 1]) + 1))
    return start, max(start, end)


class _Drawing:
    """Frames on `lines`, with line numbers `width` digits wide, and `context` lines around."""

    def __init__(self, lines: Sequence[str], width: int, context: int) -> None:
        self._lines = lines
        self._width = width
        self._context_lines = context

    def one_line(self, start: Position, end: int) -> list[Line]:
        text, first = _window(self._lines[start.line - 1], start.column - 1)
        shown, cells = layout(text)
        begin = min(start.column - 1 - first, len(text))
        stop = min(max(end - 1 - first, begin), len(text))
        carets = "^" * max(1, cells[stop] - cells[begin])
        return [
            self._gutter(),
            *self._above(start.line, ""),
            self._source(start.line, shown),
            self._gutter(Span(" " * cells[begin]), Span(carets, "mark")),
            *self._below(start.line, ""),
            self._gutter(),
        ]

    def many_lines(self, start: Position, end: Position) -> list[Line]:
        drawn = [self._gutter(), *self._above(start.line, "  ")]
        for number in _shortened(start.line, end.line):
            if number is None:
                drawn.append((Span("...", "gutter"), Span(" " * self._width), Span("|", "mark")))
            else:
                bar = "/ " if number == start.line else "| "
                drawn.append(self._source(number, self._shown(number), bar))
        text, _ = _window(self._lines[end.line - 1], 0)
        _, cells = layout(text)
        last = cells[max(0, min(end.column - 2, len(text)))]
        return [
            *drawn,
            self._gutter(Span("|" + "_" * (last + 1) + "^", "mark")),
            *self._below(end.line, "  "),
            self._gutter(),
        ]

    def _above(self, line: int, bar: str) -> list[Line]:
        return self._context(range(line - self._context_lines, line), bar)

    def _below(self, line: int, bar: str) -> list[Line]:
        return self._context(range(line + 1, line + 1 + self._context_lines), bar)

    def _context(self, numbers: Iterable[int], bar: str) -> list[Line]:
        """The lines of those numbers that the text has and that are not blank."""
        there = (number for number in numbers if 1 <= number <= len(self._lines))
        return [self._source(n, self._shown(n), bar) for n in there if self._lines[n - 1].strip()]

    def _shown(self, number: int) -> str:
        text, _ = _window(self._lines[number - 1], 0)
        return layout(text)[0]

    def _source(self, number: int, shown: str, bar: str = "") -> Line:
        role: Role = "mark" if bar.strip() else ""
        code = (Span(" "), Span(bar, role), Span(shown)) if (bar + shown).strip() else ()
        return (Span(f"{number:>{self._width}} |", "gutter"), *code)

    def _gutter(self, *after: Span) -> Line:
        return (Span(" " * self._width + " |", "gutter"), *((Span(" "), *after) if after else ()))


def _window(line: str, column: int) -> tuple[str, int]:
    """The part of a very long line that shows the character `column`, and at which character it begins.

    Both count from 0. What is left out is marked, and the mark counts as a character of the part.
    """
    if len(line) <= WIDEST_LINE:
        return line, 0
    first = max(0, column - _LEAD)
    part = line[first : first + WIDEST_LINE]
    tail = _CUT if first + WIDEST_LINE < len(line) else ""
    return (_CUT + part + tail, first - 1) if first else (part + tail, 0)


def _shortened(first: int, last: int) -> list[int | None]:
    """The lines of a range, None for those that are left out of its middle."""
    if last - first < LONGEST_RANGE:
        return list(range(first, last + 1))
    return [*range(first, first + LONGEST_RANGE - 3), None, last - 1, last]
