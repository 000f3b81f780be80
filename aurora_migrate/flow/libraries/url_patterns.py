"""Regular expressions for URLs: the literal characters that a pattern begins with."""

from __future__ import annotations

from aurora_migrate.flow.alternatives import iterate_texts
from aurora_migrate.flow.values import UNKNOWN, Piece, Text, Value

_SPECIAL = frozenset(".^$*+?{}[]\\|()")
_REPEATED = frozenset("*+?{")


def beginning(pattern: Value) -> Text | None:
    """What every match begins with, as pieces of the pattern's literals; a hole stands for the rest.

    An unescaped dot counts as the dot that it is meant for, as in most people's `api.example.com`.
    """
    for found in iterate_texts(pattern):
        return _beginning(found)
    return None


def _beginning(pattern: Text) -> Text | None:
    pieces: list[Piece] = []
    for number, piece in enumerate(pattern.pieces):
        if piece.text is None:
            pieces.append(piece)
            continue
        end = _literal_runs(piece, pieces, at_start=number == 0)
        if end < len(piece.text):
            return Text((*pieces, Piece(None, hole=UNKNOWN)))
    return Text(tuple(pieces))


def _literal_runs(piece: Piece, pieces: list[Piece], at_start: bool) -> int:
    """Add the literal runs of a piece, escapes taken out; returns where the literal part ends."""
    text = piece.text or ""
    index = start = 1 if at_start and text.startswith("^") else 0
    while index < len(text):
        character = text[index]
        if text[index + 1 : index + 2] and text[index + 1] in _REPEATED and character != "\\":
            break
        if character == "\\" and text[index + 1 : index + 2] in (".", "-"):
            if index > start:
                pieces.append(piece.cut(start, index))
            start = index + 1
            index += 2
        elif character == ".":
            index += 1
        elif character in _SPECIAL:
            break
        else:
            index += 1
    if index > start:
        pieces.append(piece.cut(start, index))
    return index
