"""Names inside of texts that some library takes apart: paths of keys, expressions over columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aurora_migrate.flow.values import Piece, Text

_NAME = re.compile(r"[A-Za-z_]\w*")
_GROUP = re.compile(r"\[[^\]]*\]|\{[^}]*\}|[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class KeyStep:
    """One step of a path: to a key, or to each element (`[*]`); `beside` are keys that it looks for there."""

    key: Piece | None
    each: bool = False
    beside: tuple[Piece, ...] = ()


def names_in(spelled: Text) -> Iterator[Piece]:
    """The runs of characters that spell a name in a literal."""
    piece = spelled.pieces[0] if len(spelled.pieces) == 1 else None
    if piece is not None and piece.text is not None:
        yield from _names(piece, 0, len(piece.text))


def steps_in(spelled: Text) -> Iterator[KeyStep]:
    """The steps of a path such as `users[*].level`, `users[?level=='x'].id` or `user.{a: level}`."""
    piece = spelled.pieces[0] if len(spelled.pieces) == 1 else None
    if piece is None or piece.text is None:
        return
    for found in _GROUP.finditer(piece.text):
        start, end = found.span()
        if piece.text[start] == "[":
            yield KeyStep(None, each=True, beside=tuple(_names(piece, start, end)))
        elif piece.text[start] == "{":
            yield KeyStep(None, beside=tuple(_names(piece, start, end)))
        else:
            yield KeyStep(_run(piece, start, end))


def _names(piece: Piece, start: int, end: int) -> Iterator[Piece]:
    for found in _NAME.finditer(piece.text or "", start, end):
        yield _run(piece, *found.span())


def _run(piece: Piece, start: int, end: int) -> Piece:
    return Piece((piece.text or "")[start:end], piece.module, piece.node, piece.start + start)
