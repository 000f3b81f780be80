"""Files that are filled with answers: templates of pages and mails, by what they show of an object."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import parts
from aurora_migrate.flow.alternatives import iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import Mapping, Part, Piece, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_SUFFIXES = (".html", ".htm", ".txt", ".md", ".xml", ".j2", ".jinja", ".jinja2", ".mako", ".tpl", ".csv")
_MEMBER = re.compile(r"[\w\])](?:\.|\[['\"])([A-Za-z_]\w*)")
"""`user.level`, `user["level"]`, `users[0].level`."""

MAX_FILES = 2_000
MAX_BYTES = 500_000


def note(run: Interpreter, args: Args, node: cst.Call, scope: Scope) -> None:
    """Note what a file that the call names shows of the answers that it gets."""
    names = [text.literal for value in args.values() for text in iterate_texts(value) if text.literal]
    wanted = [name for name in names if name.lower().endswith(_SUFFIXES)]
    given = list(_objects(run, args)) if wanted else []
    for name in wanted if given else ():
        for member in sorted(_members(run.modules.project.root, name)):
            for part in given:
                if not parts.has_method(member):
                    parts.look(run, part, Text((Piece(member),)), node, scope, Form.TEMPLATE)


def _objects(run: Interpreter, args: Args) -> Iterator[Part]:
    """The answers that a page gets, alone, in lists, or as values of what it is given by name."""
    for value in args.every():
        yield from _of(run, value)
        for option in options(value):
            for entry in run.entries(option).items if isinstance(option, Mapping) else ():
                yield from _of(run, entry.value)


def _of(run: Interpreter, value: Value) -> Iterator[Part]:
    for part in parts_of(value):
        yield from (part, part.step(Marker.ITEM))
    for option in options(value):
        for items in run.items(option) if isinstance(option, Sequence) else ():
            for item in items.values:
                yield from parts_of(item)


@lru_cache(maxsize=64)
def _members(root: Path, name: str) -> frozenset[str]:
    """What the project's files of that name show of objects."""
    found: set[str] = set()
    for path in _files(root):
        if path.as_posix().endswith(f"/{name}"):
            try:
                found.update(_MEMBER.findall(path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                continue
    return frozenset(found)


@lru_cache(maxsize=8)
def _files(root: Path) -> tuple[Path, ...]:
    found: list[Path] = []
    for path in root.rglob("*") if root.is_dir() else ():
        if path.suffix.lower() in _SUFFIXES and path.is_file() and path.stat().st_size <= MAX_BYTES:
            found.append(path)
        if len(found) >= MAX_FILES:
            break
    return tuple(sorted(found))
