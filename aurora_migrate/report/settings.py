"""The settings in force, each with where it comes from: TOML for people, an object for programs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurora_migrate.config.in_force import TABLES, InForce, Setting
from aurora_migrate.config.origins import Origin
from aurora_migrate.config.settings import SECTION
from aurora_migrate.report.json import TOOL, VERSION, Object
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.styled import EMPTY, Line, Role, Span, words
from aurora_migrate.report.visible import layout, visible

WIDTH = 76
"""How far to the right the origins may stand; what is longer pushes its own aside, or is broken up."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def listing(found: InForce, asked: Path, paths: Paths) -> Iterator[Line]:
    """The settings as TOML that means the same when it is read again, table by table, origins as comments."""
    yield from _head(found, asked, paths)
    tables = {table: [_row(one, paths) for one in found.settings if one.table == table] for table in TABLES}
    names = {table: max((_cells(row.name) for row in rows), default=0) for table, rows in tables.items()}
    ends = (row.end(names[table]) for table, rows in tables.items() for row in rows)
    column = max((end for end in ends if end <= WIDTH), default=0)
    for table, rows in tables.items():
        yield EMPTY
        yield words(f"[{table}]", "strong")
        for row in rows:
            yield from row.lines(names[table], column)
        if not rows:
            yield words("# (none)")


def document(found: InForce, paths: Paths) -> str:
    """The settings as one JSON object; docs/json.md describes it."""
    shown: Object = {
        "version": VERSION,
        "tool": dict(TOOL),
        "root": paths.posix(found.root),
        "source": None if found.source is None else paths.posix(found.source),
        "settings": [_object(setting, paths) for setting in found.settings],
    }
    return json.dumps(shown, indent=2) + "\n"


def _head(found: InForce, asked: Path, paths: Paths) -> Iterator[Line]:
    name = visible(paths.native(Path(os.path.abspath(asked))))
    yield words(f"# What is in force for {'this folder' if name == '.' else name}, and where it comes from.")
    if found.source is None:
        yield words(f"# No pyproject.toml there or above has a [{SECTION}] table; write one to change this.")
    else:
        yield words(f"# `exclude` is relative to {visible(str(found.root))}.")


@dataclass(frozen=True, slots=True)
class _Row:
    """One key, ready to be aligned: `values` are the lines that its value takes."""

    name: str
    values: Sequence[str]
    origin: str
    role: Role

    def end(self, names: int) -> int:
        """Where the value ends on the first line, if all names are padded to `names` cells."""
        return names + len(" = ") + _cells(self.values[0])

    def lines(self, names: int, column: int) -> Iterator[Line]:
        padded = self.name + " " * (names - _cells(self.name))
        blanks = " " * (column - self.end(names))
        yield (
            Span(padded, self.role),
            Span(f" = {self.values[0]}{blanks}"),
            Span(f"  # {self.origin}", "gutter" if self.role else ""),
        )
        yield from (words(value) for value in self.values[1:])


def _row(setting: Setting, paths: Paths) -> _Row:
    name, origin = _key(setting.key), _origin_text(setting.origins, paths)
    role: Role = "note" if setting.origins else ""
    if setting.value is None:
        # TOML has no word for it.
        return _Row(f"# {name}", ["(not set)"], origin, role)
    return _Row(name, _value(setting.value, WIDTH - _cells(name) - len(" = ")), origin, role)


def _origin_text(origins: Sequence[Origin], paths: Paths) -> str:
    return ", ".join(_place(origin, paths) for origin in origins) or "default"


def _place(origin: Origin, paths: Paths) -> str:
    if origin.path is None:
        return "command line"
    name = visible(paths.native(origin.path))
    return name if origin.line is None else f"{name}:{origin.line}"


def _value(value: str | tuple[str, ...], room: int) -> list[str]:
    if isinstance(value, str):
        return [_string(value)]
    items = [_string(item) for item in value]
    line = f"[{', '.join(items)}]"
    if len(items) < 2 or _cells(line) <= room:
        return [line]
    return ["[", *(f"    {item}," for item in items), "]"]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _string(name)


def _string(text: str) -> str:
    if ('"' in text or "\\" in text) and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    # What cannot be printed could steer the terminal, and a replacement would not be the value any more.
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _cells(text: str) -> int:
    return layout(text)[1][-1]


def _object(setting: Setting, paths: Paths) -> Object:
    value = setting.value
    return {
        "table": setting.table,
        "key": setting.key,
        "value": [*value] if isinstance(value, tuple) else value,
        "origins": [_origin(origin, paths) for origin in setting.origins] or [{"from": "default"}],
    }


def _origin(origin: Origin, paths: Paths) -> Object:
    if origin.path is None:
        return {"from": "command line"}
    return {"from": "file", "path": paths.posix(origin.path), "line": origin.line}
