"""Which files of a project import which, told from their import statements alone."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

_WORD = re.compile(rb"[\w\x80-\xff]+")
_TAIL = re.compile(
    rb"import\b[ \t]*(?:\\\n[ \t]*)?(?:\((?:[^()#]|#[^\n]*)*\)|(?:[^\n#;\\]|\\\n)*)",
)
_HEAD = re.compile(rb"(?:^|[;:\n])[ \t\f]*(from[ \t.\\\n][.\w\x80-\xff \t\\\n]*)?$")
_DYNAMIC = re.compile(rb"(?:import_module|__import__)\(\s*[\"']([.\w]+)[\"']")

_RELATIVE_TO_PACKAGE = b"."
"""Stands among a file's words for `from . import x`, which names its package by no word."""


class Reference(NamedTuple):
    """One thing that an import statement asks for: `names` are what it takes out of `module`."""

    level: int
    module: str
    names: tuple[str, ...] = ()


class Imports:
    """The import graph over `files`, worked out only where it is asked about."""

    def __init__(self, files: Iterable[str], root: str, read: Callable[[str], bytes | None]) -> None:
        self._files = frozenset(files)
        self._root = root
        self._read = read
        self._statements: dict[str, list[bytes]] = {}
        self._words: dict[str, frozenset[bytes]] = {}
        self._edges: dict[str, frozenset[str]] = {}

    def importers(self, targets: set[str], candidates: Iterable[str]) -> set[str]:
        """Those of `candidates` that import one of `targets`."""
        stems = {_stem(target) for target in targets}
        if any(os.path.basename(target) == "__init__.py" for target in targets):
            stems.add(_RELATIVE_TO_PACKAGE)
        return {
            candidate
            for candidate in candidates
            if not stems.isdisjoint(self._words_of(candidate))
            and not targets.isdisjoint(self.imported(candidate))
        }

    def imported(self, path: str) -> frozenset[str]:
        """The files of the project that the file at `path` imports."""
        if path not in self._edges:
            references = (
                found for statement in self._statements_of(path) for found in _references(statement)
            )
            targets = {target for reference in references for target in self._resolve(path, reference)}
            self._edges[path] = frozenset(targets - {path})
        return self._edges[path]

    def _statements_of(self, path: str) -> list[bytes]:
        if path not in self._statements:
            self._statements[path] = list(import_statements(self._read(path) or b""))
        return self._statements[path]

    def _words_of(self, path: str) -> frozenset[bytes]:
        if path not in self._words:
            statements = self._statements_of(path)
            words = {word for statement in statements for word in _WORD.findall(statement)}
            if any(re.match(rb"from[ \t]*\.+[ \t]*import", statement) for statement in statements):
                words.add(_RELATIVE_TO_PACKAGE)
            self._words[path] = frozenset(words)
        return self._words[path]

    def _resolve(self, path: str, reference: Reference) -> Iterator[str]:
        find = self._find_relative if reference.level else self._find_absolute
        for name in reference.names:
            dotted = f"{reference.module}.{name}".lstrip(".")
            yield from find(path, reference.level, dotted) or find(path, reference.level, reference.module)
        if not reference.names:
            yield from find(path, reference.level, reference.module)

    def _find_relative(self, path: str, level: int, module: str) -> list[str]:
        folder = os.path.dirname(path)
        for _ in range(level - 1):
            folder = os.path.dirname(folder)
        return self._at(folder, module)

    def _find_absolute(self, path: str, _level: int, module: str) -> list[str]:
        """The module as Python would find it from the importer's folder upwards, `src/` folders included."""
        if not module:
            return []
        found = (self._at(base, module) for base in _bases(os.path.dirname(path), self._root))
        return next(filter(None, found), [])

    def _at(self, folder: str, module: str) -> list[str]:
        stem = os.path.join(folder, *module.split(".")) if module else folder
        candidates = (f"{stem}.py", os.path.join(stem, "__init__.py"))
        return [candidate for candidate in candidates if candidate in self._files][:1]


def import_statements(data: bytes) -> Iterator[bytes]:
    """What looks like an import statement in a file's bytes: all that are, and some lines of prose."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    at = data.find(b"import")
    while at != -1:
        tail = _TAIL.match(data, at)
        if tail is not None:
            head = _HEAD.search(data[_statement_start(data, at) : at])
            if head is not None:
                yield (head.group(1) or b"") + tail.group()
        at = data.find(b"import", tail.end() if tail is not None else at + 1)
    if b"import_module" in data or b"__import__" in data:
        yield from (b"import_module " + name for name in _DYNAMIC.findall(data))


def _statement_start(data: bytes, at: int) -> int:
    start = data.rfind(b"\n", 0, at) + 1
    while start >= 2 and data[start - 2 : start] == b"\\\n":
        start = data.rfind(b"\n", 0, start - 1) + 1
    return start


def _references(statement: bytes) -> list[Reference]:
    text = statement.decode("utf-8", "replace")
    if text.startswith("import_module "):
        dotted = text.removeprefix("import_module ")
        module = dotted.lstrip(".")
        return [Reference(len(dotted) - len(module), module)]
    try:
        parsed = ast.parse(text).body[0]
    except (SyntaxError, ValueError):
        return []
    if isinstance(parsed, ast.Import):
        return [Reference(0, alias.name) for alias in parsed.names]
    if isinstance(parsed, ast.ImportFrom):
        return [Reference(parsed.level, parsed.module or "", tuple(alias.name for alias in parsed.names))]
    return []


def _stem(path: str) -> bytes:
    folder, file = os.path.split(path)
    name = os.path.basename(folder) if file == "__init__.py" else file.removesuffix(".py")
    return os.fsencode(name)


@cache
def _bases(folder: str, root: str) -> tuple[str, ...]:
    folders = [folder]
    while folder != root and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        folders.append(folder)
    return (*folders, *(os.path.join(folder, "src") for folder in folders))
