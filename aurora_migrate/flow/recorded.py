"""JSON files beside tests: what `json.load` reads there, where the call tells which file it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, options, parts_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MAX_FILES = 200
MAX_BYTES = 500_000


def of_file(run: Interpreter, node: cst.CSTNode | None, scope: Scope) -> Value | None:
    """What a test's call of `json.load` gives, when the names at hand mean one JSON file below its folder."""
    from aurora_migrate.flow.testing import is_test_module

    if node is None or not is_test_module(scope.module):
        return None
    files = _files(scope.module.path.parent)
    for names in (set(_names(node, scope)), set(_around(node, scope))) if files else ():
        found = [path for path in files if names & {path.name, path.stem}]
        if len(found) == 1:
            return _read(run, found[0], node, scope)
    return None


def note_written(run: Interpreter, value: Value, node: cst.CSTNode | None, scope: Scope) -> None:
    """Note the answers that `json.dump` writes, by the names of files in the function around the call."""
    found = list(parts_of(value))
    for name in set(_around(node, scope)) if found and node is not None else ():
        known = run.written.get(name)
        run.written[name] = choose([*([known] if known is not None else []), *found])


def written_before(run: Interpreter, node: cst.CSTNode | None, scope: Scope) -> list[Part]:
    """The answers that the program itself wrote to the file which a call reads, as far as its name tells."""
    names = sorted(set(_around(node, scope))) if node is not None else []
    held = [run.heap.get(run.written, name) for name in names]
    return [part for value in held if value is not None for part in parts_of(value)]


def _read(run: Interpreter, path: Path, node: cst.CSTNode, scope: Scope) -> Value | None:
    from aurora_migrate.flow import models

    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    run.doubles.files.setdefault(id(node), set()).add(path)
    return models.as_value(run, said, node, scope)


def _names(node: cst.CSTNode, scope: Scope) -> Iterator[str]:
    """The texts in the call, and those that the function around it was given."""
    yield from _spelled(node)
    for value in scope.cells.values() if scope.parent is not None else ():
        for option in options(value):
            if isinstance(option, Text) and option.literal:
                yield Path(option.literal).name


def _around(node: cst.CSTNode, scope: Scope) -> Iterator[str]:
    """The names of JSON files in the function around a call (`with open("user.json") as file:`)."""
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda)):
        current = scope.module.parents.get(id(current))
    if current is not None:
        yield from (name for name in _spelled(current) if name.endswith(".json"))


def _spelled(node: cst.CSTNode) -> Iterator[str]:
    for inner in walk(node):
        if isinstance(inner, cst.SimpleString) and "b" not in inner.prefix.lower():
            yield Path(string_value(inner)).name


@lru_cache(maxsize=64)
def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        return ()
    found: list[Path] = []
    for path in folder.rglob("*.json"):
        if len(found) >= MAX_FILES:
            return ()
        if path.is_file() and path.stat().st_size <= MAX_BYTES:
            found.append(path)
    return tuple(sorted(found))
