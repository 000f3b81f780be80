"""JSON that a program writes out as a text (a literal, an f-string, `%`): the objects that it spells."""

from __future__ import annotations

from dataclasses import dataclass, field

from aurora_migrate.flow.facts import Body
from aurora_migrate.flow.values import UNKNOWN, Const, Entry, Piece, Text, Value

MAX_CHARACTERS = 20_000
_SPACE = " \t\r\n"
_ENDS = ",]}"
_WORDS = {"true": True, "false": False, "null": None}


def body_of_text(text: Text) -> Body:
    """What a JSON text holds as far as it is spelled; any other text is a body without fields.

    Holes are values, or parts of strings. What is no JSON (a stray hole, a template's own marks) leaves the
    object open.
    """
    scan = _Scan(text)
    return scan.value() if scan.starts_object() else Body(text)


@dataclass(slots=True)
class _Scan:
    text: Text
    places: list[tuple[Piece, int]] = field(default_factory=list)
    """Each character as the piece that holds it and its place in there; holes count as one."""
    at: int = 0

    def __post_init__(self) -> None:
        for piece in self.text.pieces:
            if len(self.places) > MAX_CHARACTERS:
                break
            self.places.extend(
                (piece, index) for index in range(1 if piece.text is None else len(piece.text))
            )

    def starts_object(self) -> bool:
        """Whether the text begins as an object or a list does."""
        return self._next() in ("{", "[")

    def value(self) -> Body:
        """The value that begins here; stands behind it afterwards."""
        begins = self._next()
        if begins == "{":
            return self._object()
        if begins == "[":
            return self._list()
        if begins == '"':
            return Body(Text(self._string()))
        return Body(self._bare())

    def _object(self) -> Body:
        self.at += 1
        fields: list[tuple[Entry, tuple[Body, ...]]] = []
        is_open = False
        while (found := self._next()) not in ("}", "", "]"):
            if found == ",":
                self.at += 1
            elif found != '"' or not (entry := self._entry()):
                is_open = True
                self._skip()
            else:
                fields.append(entry)
        is_open = is_open or found != "}"
        self.at += 1
        return Body(self.text, fields=tuple(fields), open=is_open)

    def _entry(self) -> tuple[Entry, tuple[Body, ...]] | None:
        key = self._string()
        if self._next() != ":":
            return None
        self.at += 1
        held = self.value()
        piece = key[0] if len(key) == 1 and key[0].text is not None else None
        name = piece.text if piece is not None else None
        return Entry(name, held.value, piece), (held,)

    def _list(self) -> Body:
        self.at += 1
        items: list[Body] = []
        while (found := self._next()) not in ("]", "", "}"):
            if found == ",":
                self.at += 1
            else:
                items.append(self.value())
        self.at += 1
        return Body(self.text, items=tuple(items), open=found != "]")

    def _string(self) -> tuple[Piece, ...]:
        """The pieces of a string without its quotes."""
        self.at += 1
        begin = self.at
        while self._character() not in ('"', ""):
            self.at += 2 if self._character() == "\\" else 1
        pieces = self._pieces(begin, min(self.at, len(self.places)))
        self.at += 1
        return pieces

    def _bare(self) -> Value:
        """A number, `true`, `false` or `null`; anything else is unknown."""
        begin = self.at
        self._skip()
        pieces = self._pieces(begin, min(self.at, len(self.places)))
        if begin == self.at:
            self.at += 1
        spelled = "".join(piece.text or "\0" for piece in pieces).strip()
        if spelled in _WORDS:
            return Const(_WORDS[spelled])
        return Const(spelled) if spelled.lstrip("-").replace(".", "", 1).isdigit() else UNKNOWN

    def _skip(self) -> None:
        while self._character() not in (*_ENDS, ""):
            self.at += 1

    def _next(self) -> str:
        """The next character that is no space; empty at the end."""
        while self._character() and self._character() in _SPACE:
            self.at += 1
        return self._character()

    def _character(self) -> str:
        """The character here; a hole is none that JSON knows, the end is empty."""
        if self.at >= len(self.places):
            return ""
        piece, index = self.places[self.at]
        return "\0" if piece.text is None else piece.text[index]

    def _pieces(self, begin: int, end: int) -> tuple[Piece, ...]:
        found: list[Piece] = []
        while begin < end:
            piece, index = self.places[begin]
            length = 1
            while begin + length < end and self.places[begin + length][0] is piece:
                length += 1
            found.append(piece.cut(index, index + length) if piece.text is not None else piece)
            begin += length
        return tuple(found)
