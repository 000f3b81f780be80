"""Settings and data that a program keeps beside its code: YAML, TOML, INI and `.env` files, with places.

JSON needs none of this: it is read as the Python that it also is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from aurora_migrate.config.source import loads
from aurora_migrate.files.source import DATA

MAX_CHARACTERS = 50_000
"""Longer documents are data, not settings, and are not read; the same in bytes, on disk."""
_MERGE = "tag:yaml.org,2002:merge"
_YAML = frozenset({".yaml", ".yml"})
_TOML = frozenset({".toml"})
_INI = frozenset({".ini", ".cfg", ".conf"})
_SUFFIXES = frozenset({DATA, *_YAML, *_TOML, *_INI})
_ENVIRONMENT = re.compile(r"env|\.env(\.\w+)?|.+\.env")
_NOT_OURS = frozenset(
    "pyproject.toml setup.cfg tox.ini mypy.ini pytest.ini poetry.lock uv.lock package.json package-lock.json "
    "tsconfig.json .pre-commit-config.yaml".split()
)
"""Files of other tools, which no program of the customer's reads."""
_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_TOML_ENTRY = re.compile(r"""\s*([\w.\-"']+)\s*=\s*(?:(["'])([^"'\\]*)\2\s*(?:#.*)?$)?""")
_ASSIGNED = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.\-]*)\s*=\s*(.*?)\s*$")
_OPTION = re.compile(r"([^\s=:#;\[][^=:]*?)\s*[=:]\s*(.*?)\s*$")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text, number or nothing; `start` and `end` are the offsets of its characters, without quotes.

    Where the characters do not spell the value as it is, or are not found, both are -1.
    """

    value: object
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with what is under them, in order."""

    items: list[tuple[Leaf, Node]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    items: list[Node] = field(default_factory=list)


Node: TypeAlias = Leaf | Table | Row


def is_document(path: Path) -> bool:
    """Whether a file may hold settings or data of a program, by its name."""
    return has_documents_name(path.name)


def has_documents_name(name: str) -> bool:
    """The same for a bare name: this is asked of every file of a tree."""
    if name in _NOT_OURS:
        return False
    return os.path.splitext(name)[1] in _SUFFIXES or _ENVIRONMENT.fullmatch(name) is not None


def is_environment(path: Path) -> bool:
    """Whether a file sets the environment: `.env`, `.env.production`, `local.env`."""
    return _ENVIRONMENT.fullmatch(path.name) is not None


def read_document(path: Path, text: str) -> Node | None:
    """What a YAML, TOML, INI or `.env` file says; None when it is none, or says nothing that is followed."""
    if len(text) > MAX_CHARACTERS:
        return None
    if path.suffix in _YAML:
        return _yaml(text)
    if path.suffix in _TOML:
        return _toml(text)
    if is_environment(path):
        return _environment(text)
    return _ini(text) if path.suffix in _INI else None


def _leaf(text: str, value: object, start: int, end: int) -> Leaf:
    found = isinstance(value, str) and start >= 0 and text[start:end] == value
    return Leaf(value, start, end) if found else Leaf(value)


# -- YAML


def _yaml(text: str) -> Node | None:
    import yaml

    try:
        found = [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node is not None]
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    read = [_of_yaml(text, node, frozenset()) for node in found]
    return read[0] if len(read) == 1 else Row(read) if read else None


def _of_yaml(text: str, node: Any, above: frozenset[int]) -> Node:
    import yaml

    if id(node) in above:
        return Leaf(None)  # an anchor that holds itself
    above |= {id(node)}
    if isinstance(node, yaml.MappingNode):
        pairs = [pair for pair in _merged(node) if isinstance(pair[0], yaml.ScalarNode)]
        return Table([(_of_scalar(text, key), _of_yaml(text, value, above)) for key, value in pairs])
    if isinstance(node, yaml.SequenceNode):
        return Row([_of_yaml(text, each, above) for each in node.value])
    return _of_scalar(text, node)


def _merged(node: Any) -> list[Any]:
    """The keys and values of a mapping, what `<<` takes from others in front of its own."""
    own = [pair for pair in node.value if pair[0].tag != _MERGE]
    names = {pair[0].value for pair in own if isinstance(pair[0].value, str)}
    found: list[Any] = []
    for key, value in node.value:
        others = value.value if key.tag == _MERGE and value.id == "sequence" else [value]
        for other in others if key.tag == _MERGE else ():
            inherited = _merged(other) if other.id == "mapping" and other is not node else []
            found += [pair for pair in inherited if pair[0].value not in names]
            names.update(pair[0].value for pair in inherited if isinstance(pair[0].value, str))
    return [*found, *own]


def _of_scalar(text: str, node: Any) -> Leaf:
    if node.tag != "tag:yaml.org,2002:str":
        return Leaf(None)
    quoted = 1 if node.style in ("'", '"') else 0
    return _leaf(text, node.value, node.start_mark.index + quoted, node.end_mark.index - quoted)


# -- TOML


def _toml(text: str) -> Node | None:
    try:
        return _of_toml(text, loads(text), (), dict(_toml_places(text)))
    except (RecursionError, ValueError):
        return None


_Path: TypeAlias = tuple[str | int, ...]
_Span: TypeAlias = tuple[int, int]
_NOWHERE: _Span = (-1, -1)


def _of_toml(text: str, held: object, path: _Path, places: Mapping[_Path, tuple[_Span, _Span]]) -> Node:
    if isinstance(held, dict):
        keys = {key: places.get((*path, key), (_NOWHERE, _NOWHERE))[0] for key in held}
        return Table(
            [
                (_leaf(text, key, *keys[key]), _of_toml(text, value, (*path, key), places))
                for key, value in held.items()
            ]
        )
    if isinstance(held, list):
        return Row([_of_toml(text, each, (*path, index), places) for index, each in enumerate(held)])
    return _leaf(text, held, *places.get(path, (_NOWHERE, _NOWHERE))[1])


def _toml_places(text: str) -> Iterator[tuple[_Path, tuple[_Span, _Span]]]:
    """Where keys stand, and texts on one line behind them; whether they are meant, the values tell."""
    table: _Path = ()
    count: dict[_Path, int] = {}
    for offset, line in _lines(text):
        if header := _TABLE.match(line):
            table = tuple(_toml_keys(header[2]))
            if header[1] == "[[":
                count[table] = count.get(table, -1) + 1
                table = (*table, count[table])
        elif found := _TOML_ENTRY.match(line):
            keys = _toml_keys(found[1])
            end = offset + found.end(1) - (found[1][-1] in "\"'")
            value = (offset + found.start(3), offset + found.end(3)) if found[3] is not None else _NOWHERE
            yield (*table, *keys), ((end - len(keys[-1]), end), value)


def _toml_keys(spelled: str) -> list[str]:
    return [part.strip().strip("\"'") for part in spelled.split(".")]


# -- lines


def _lines(text: str) -> Iterator[tuple[int, str]]:
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line.rstrip("\r\n")
        offset += len(line)


def _environment(text: str) -> Node:
    held = Table()
    for offset, line in _lines(text):
        found = _ASSIGNED.match(line) if not line.lstrip().startswith("#") else None
        if found is None:
            continue
        start, end = found.span(2)
        if end - start >= 2 and line[start] == line[end - 1] and line[start] in "\"'":
            start, end = start + 1, end - 1
        elif " #" in line[start:end]:
            end = start + len(line[start:end].split(" #")[0].rstrip())
        name = Leaf(found[1], offset + found.start(1), offset + found.end(1))
        held.items.append((name, _leaf(text, line[start:end], offset + start, offset + end)))
    return held


def _ini(text: str) -> Node:
    """Sections with their options; an option's further lines are not read."""
    file = Table()
    section = Table()
    for offset, line in _lines(text):
        if not line.strip() or line.lstrip()[0] in "#;":
            continue
        if line.startswith("[") and "]" in line:
            end = line.index("]")
            section = Table()
            file.items.append((Leaf(line[1:end], offset + 1, offset + end), section))
        elif found := _OPTION.match(line):
            key = Leaf(found[1], offset + found.start(1), offset + found.end(1))
            value = _leaf(text, found[2], offset + found.start(2), offset + found.end(2))
            section.items.append((key, value))
    return file
