"""Texts with names to be filled in that get answers: SQL with parameters, templates of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aurora_migrate.flow import parts
from aurora_migrate.flow.alternatives import iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import UNKNOWN, Mapping, Part, Piece, Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_HOLE = re.compile(r"\{\{(.*?)\}\}")
_PARAMETER = re.compile(r"(?<![\w:])(?::|%\(|@|\$\{?)([A-Za-z_]\w*)")
"""`:name`, `%(name)s`, `@name`, `$name`, `${name}`."""


def note(run: Interpreter, args: Args, templates: Iterable[Value], scope: Scope) -> None:
    """Note what of the answers among the arguments the texts ask for."""
    given = [part for value in args.values() for part in _objects(run, value)]
    if not given and not any(any(parts_of(value)) for value, _ in args.keywords.values()):
        return
    for template in templates:
        for spelled in iterate_texts(template):
            for piece in _named(spelled, _PARAMETER):
                for part in given:
                    parts.look(run, part, Text((piece,)), None, scope, Form.TEMPLATE)
            for name, (value, _) in args.keywords.items():
                _note_members(run, spelled, name, value, scope)


def filled(spelled: Text, args: Args) -> Text:
    """The text that a template gives, with a hole for each `{{ ... }}`."""
    piece = spelled.pieces[0] if len(spelled.pieces) == 1 else None
    if piece is None or piece.text is None:
        return spelled
    found: list[Piece] = []
    done = 0
    for hole in _HOLE.finditer(piece.text):
        given = args.keywords.get(hole.group(1).strip())
        found.append(_run(piece, done, hole.start()))
        found.append(Piece(None, hole=given[0] if given is not None else UNKNOWN))
        done = hole.end()
    found.append(_run(piece, done, len(piece.text)))
    return Text(tuple(each for each in found if each.text != ""))


def _run(piece: Piece, start: int, end: int) -> Piece:
    return Piece((piece.text or "")[start:end], piece.module, piece.node, piece.start + start)


def _note_members(run: Interpreter, spelled: Text, name: str, value: Value, scope: Scope) -> None:
    """`{{ user.level }}` and `{{ user["level"] }}`, where `user` is an argument of that name."""
    found = list(parts_of(value))
    if not found or not name.isidentifier():
        return
    member = re.compile(rf"(?<![\w.]){name}(?:\.|\[[\'\"])([A-Za-z_]\w*)")
    for piece in _named(spelled, member):
        for part in found:
            if not parts.has_method(piece.text or ""):
                parts.look(run, part, Text((piece,)), None, scope, Form.TEMPLATE)


def _objects(run: Interpreter, value: Value) -> Iterator[Part]:
    """The answers that a value is, or that its elements are (`executemany`)."""
    yield from parts_of(value)
    for option in options(value):
        if isinstance(option, Sequence):
            for items in run.items(option):
                for item in items.values:
                    yield from parts_of(item)
        elif isinstance(option, Mapping):
            yield from run.entries(option).rest


def _named(spelled: Text, pattern: re.Pattern[str]) -> Iterator[Piece]:
    piece = spelled.pieces[0] if len(spelled.pieces) == 1 else None
    if piece is not None and piece.text is not None and piece.node is not None:
        for found in pattern.finditer(piece.text):
            yield _run(piece, *found.span(1))
