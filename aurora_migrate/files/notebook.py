"""Jupyter notebooks as programs: the code cells one after the other, and back into the same JSON.

The program of a notebook has a line `# %% cell N` above each code cell (N counts all cells, from 1). What
IPython alone understands stands in it as `pass  # magic: ...`, so that everything else parses.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MARK = "# %% cell "
"""What a line begins with that stands above a cell in the program."""
_MAGIC = "pass  # magic: "
_STRINGS = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null|NaN|-?Infinity")
_LINE_MAGIC = re.compile(
    r"(?P<indent>[ \t]*)(?P<rest>[%!?].*|[\w.]+\?\??[ \t]*|[\w., \t]+=[ \t]*[%!].*)\Z", re.ASCII
)
"""`%magic`, `!command`, `?object`, `object?`, and variables set by one of them."""
_PLACED_MAGIC = re.compile(r"(?P<indent>[ \t]*)pass  # magic: (?P<rest>.*)\Z")
_PYTHON_MAGICS = frozenset("%%time %%timeit %%capture %%prun %%memit %%mprun %%debug".split())
"""Cell magics behind which the cell is Python; with any other one it is something else."""


class NotANotebook(Exception):
    """Why a file is no notebook that can be worked on: a clause that completes "this file ..."."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A JSON value: where it stands in the text, and what is in it."""

    start: int
    end: int
    items: tuple[tuple[str, _Node], ...] = ()
    """The members of an object, or the elements of a list under empty names."""
    text: str | None = None
    """What a string says."""

    def at(self, name: str) -> _Node | None:
        return next((node for key, node in self.items if key == name), None)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A code cell that is Python: its number, and the JSON value that spells its source."""

    number: int
    source: _Node

    @property
    def lines(self) -> list[str]:
        parts = [self.source] if self.source.text is not None else [node for _, node in self.source.items]
        return [node.text or "" for node in parts]


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook's JSON text and its code cells."""

    raw: str
    cells: tuple[_Cell, ...]

    @property
    def program(self) -> str:
        """The code cells as one program."""
        return "".join(
            f"{MARK}{cell.number}\n{_without_magics(''.join(cell.lines))}\n" for cell in self.cells
        )

    def with_program(self, program: str) -> str:
        """The JSON text with the cells of a changed program. Raises NotANotebook if its cells are others."""
        sources = _split(program, [cell.number for cell in self.cells])
        found, done = [], 0
        for cell, source in zip(self.cells, sources, strict=True):
            new = _with_magics(source)
            if new != "".join(cell.lines):
                found += [self.raw[done : cell.source.start], self._spelled(cell, new)]
                done = cell.source.end
        return "".join([*found, self.raw[done:]])

    def _spelled(self, cell: _Cell, source: str) -> str:
        """A cell's new source as JSON, in the manner of the old one; lines that stay keep their spelling."""
        old = self.raw[cell.source.start : cell.source.end]
        ascii_only = old.isascii() and (self.raw.isascii() or "\\u" in old)
        if cell.source.text is not None:
            return json.dumps(source, ensure_ascii=ascii_only)
        literals = [self.raw[node.start : node.end] for _, node in cell.source.items]
        lines = source.splitlines(keepends=True)
        spelled: list[str] = []
        for kind, first, last, start, end in SequenceMatcher(
            None, cell.lines, lines, autojunk=False
        ).get_opcodes():
            kept = literals[first:last] if kind == "equal" else None
            spelled += kept or [json.dumps(line, ensure_ascii=ascii_only) for line in lines[start:end]]
        opening, between, closing = self._layout(cell.source)
        return f"{opening}{between.join(spelled)}{closing}" if spelled else "[]"

    def _layout(self, source: _Node) -> tuple[str, str, str]:
        """What stands before, between and behind the lines of a list."""
        nodes = [node for _, node in source.items]
        if not nodes:
            return "[", ", ", "]"
        opening = self.raw[source.start : nodes[0].start]
        closing = self.raw[nodes[-1].end : source.end]
        between = self.raw[nodes[0].end : nodes[1].start] if len(nodes) > 1 else f",{opening[1:] or ' '}"
        return opening, between, closing


def read(raw: str) -> Notebook:
    """The notebook that a JSON text is. Raises NotANotebook when it is none."""
    try:
        top, end = _value(raw, _skip(raw, 0))
    except (ValueError, IndexError, RecursionError) as error:
        raise NotANotebook(f"is no notebook: its JSON cannot be read ({error})") from error
    cells = top.at("cells")
    if cells is None or raw[end:].strip():
        raise NotANotebook("is no notebook of format 4: it has no list of cells")
    notebook = Notebook(raw, tuple(_code_cells(cells)) if _is_python(top) else ())
    for line in (line for cell in notebook.cells for line in "".join(cell.lines).splitlines()):
        if line.startswith(MARK) or _PLACED_MAGIC.match(line):
            raise NotANotebook("holds a line that cannot be told from a mark between its cells")
    return notebook


def cell_of(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """The cell that a line (from 1) of a notebook's program is in, and its line there; None between cells."""
    for above in range(min(line, len(lines)), 0, -1):
        number = lines[above - 1].removeprefix(MARK)
        if number != lines[above - 1] and number.isdigit():
            return int(number), max(line - above, 1)
    return None


def _is_python(top: _Node) -> bool:
    metadata = top.at("metadata")
    told = [
        found
        for table, name in (("language_info", "name"), ("kernelspec", "language"))
        if metadata is not None and (held := metadata.at(table)) and (found := held.at(name))
    ]
    return not told or (told[0].text or "").lower() in ("python", "ipython")


def _code_cells(cells: _Node) -> Iterator[_Cell]:
    for number, (_, node) in enumerate(cells.items, start=1):
        kind, source = node.at("cell_type"), node.at("source")
        if kind is None or kind.text != "code" or source is None:
            continue
        cell = _Cell(number, source)
        first = "".join(cell.lines).lstrip().split(maxsplit=1)[:1]
        if first and first[0].startswith("%%") and first[0] not in _PYTHON_MAGICS:
            continue
        yield cell


def _split(program: str, numbers: Sequence[int]) -> list[str]:
    """The cells' sources in a program whose cells must have these numbers, in this order."""
    sources: list[list[str]] = []
    found: list[int] = []
    for line in program.splitlines(keepends=True):
        if line.startswith(MARK) and line[len(MARK) :].strip().isdigit():
            found.append(int(line[len(MARK) :]))
            sources.append([])
        elif not sources:
            raise NotANotebook("would have code above its first cell")
        else:
            sources[-1].append(line)
    if found != list(numbers):
        raise NotANotebook("would have its cells joined or torn apart")
    return [_less_newline("".join(lines)) for lines in sources]


def _less_newline(source: str) -> str:
    if source and not source.endswith("\n"):
        return source
    return source[:-1]


def _without_magics(source: str) -> str:
    """A cell's source in which each line that IPython alone understands is a `pass` of the same line."""
    done: list[str] = []
    for line in source.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        magic = _LINE_MAGIC.match(body)
        if magic is not None and not _is_open("".join(done)):
            done.append(f"{magic['indent']}{_MAGIC}{magic['rest']}{line[len(body) :]}")
        else:
            done.append(line)
    return "".join(done)


def _with_magics(source: str) -> str:
    """The source with its magics as they were."""
    found: list[str] = []
    for line in source.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        magic = _PLACED_MAGIC.match(body)
        found.append(f"{magic['indent']}{magic['rest']}{line[len(body) :]}" if magic is not None else line)
    return "".join(found)


def _is_open(source: str) -> bool:
    """Whether code ends inside of brackets or a string, where a line is no statement of its own."""
    try:
        list(tokenize.generate_tokens(io.StringIO(source).readline))
    except tokenize.TokenError:
        return True
    except (SyntaxError, IndentationError):
        return False
    return source.rstrip(" \t\n").endswith("\\")


# -- JSON with places


def _value(raw: str, at: int) -> tuple[_Node, int]:
    if raw[at] == '"':
        text, end = _STRINGS.raw_decode(raw, at)
        return _Node(at, end, text=text), end
    if raw[at] in "[{":
        return _composite(raw, at)
    scalar = _SCALAR.match(raw, at)
    if scalar is None:
        raise ValueError(f"nothing that JSON knows at character {at}")
    return _Node(at, scalar.end()), scalar.end()


def _composite(raw: str, start: int) -> tuple[_Node, int]:
    closing = "]" if raw[start] == "[" else "}"
    items: list[tuple[str, _Node]] = []
    at = _skip(raw, start + 1)
    while raw[at] != closing:
        if items:
            at = _skip(raw, _expect(raw, at, ","))
        name = ""
        if closing == "}":
            name, at = _STRINGS.raw_decode(raw, at)
            at = _skip(raw, _expect(raw, _skip(raw, at), ":"))
        node, at = _value(raw, at)
        items.append((name, node))
        at = _skip(raw, at)
    return _Node(start, at + 1, tuple(items)), at + 1


def _skip(raw: str, at: int) -> int:
    space = _SPACE.match(raw, at)
    return space.end() if space is not None else at


def _expect(raw: str, at: int, character: str) -> int:
    if raw[at] != character:
        raise ValueError(f"{character!r} is missing at character {at}")
    return at + 1
