"""Where a request gets a query parameter from: an entry of its parameters, or the text of its URL."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.facts import Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.text import HOLE, characters
from aurora_migrate.flow.values import Const, Entry, Piece, Text, Value

_ROLES = ("params", "fields", "query")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query parameter of a request."""

    name: str
    module: Module
    node: cst.CSTNode
    """What names it: a literal, a keyword argument, the text of the URL."""
    value: Value
    entry: Entry | None
    """The entry of the request's parameters; None in a text."""
    expression: cst.BaseExpression | None
    """The code that gives the value."""
    in_url: bool = False

    @property
    def literal(self) -> str | None:
        """What it says, when that is known: a text, or a truth value in words."""
        if isinstance(self.value, Const):
            return str(self.value.value)
        return self.value.literal if isinstance(self.value, Text) else None


def parameters_of(request: Request, names: Collection[str]) -> Iterator[Parameter]:
    """The query parameters of those names, with what they are given."""
    for role in roles_of(request):
        for entry in role.entries.items if role.entries is not None else ():
            if entry.name in names and not _is_left_out(entry.value):
                yield _of_entry(request, entry, entry.name or "")
        for text in iterate_texts(role.value):
            yield from _in_text(request, text, names)
    yield from _in_text(request, request.url, names, in_url=True)


def roles_of(request: Request) -> Iterator[Role]:
    """What a request is given as its query parameters."""
    for name in _ROLES:
        if name in request.roles:
            yield request.roles[name]
    if "params" in request.client_roles:
        yield request.client_roles["params"]


def _is_left_out(value: Value) -> bool:
    """Whether libraries send no such parameter: it is None."""
    return all(isinstance(option, Const) and option.value is None for option in options(value))


def _of_entry(request: Request, entry: Entry, name: str) -> Parameter:
    piece, use = entry.key_piece, entry.uses[-1] if entry.uses else None
    module, node = request.module, request.node
    if piece is not None and piece.node is not None and piece.module is not None:
        module, node = piece.module, piece.node
    elif use is not None:
        module, node = use.module, use.operand
    return Parameter(name, module, node, entry.value, entry, given_by(entry))


def given_by(entry: Entry) -> cst.BaseExpression | None:
    """The expression that an entry's value is written as, where it was put into its mapping."""
    operand = entry.uses[-1].operand if entry.uses else None
    if isinstance(operand, (cst.DictElement, cst.Arg)):
        return operand.value
    if isinstance(operand, (cst.Assign, cst.AnnAssign)):
        return operand.value
    return None


def _in_text(
    request: Request, text: Text, names: Collection[str], in_url: bool = False
) -> Iterator[Parameter]:
    for piece in text.pieces:
        for entry in piece.entries or ():
            if entry.name in names:
                yield _of_entry(request, entry, entry.name or "")
    seen = characters(text)
    start = seen.find("?") + 1 if in_url else 0
    if in_url and not start:
        return
    for part in seen[start:].split("&"):
        name, equals, value = part.partition("=")
        if equals and name in names:
            yield _of_text(request, text, name, start, value, in_url)
        start += len(part) + 1


def _of_text(request: Request, text: Text, name: str, start: int, value: str, in_url: bool) -> Parameter:
    spelled = piece_at(text, start)
    module = spelled.module if spelled is not None and spelled.module is not None else request.module
    node = spelled.node if spelled is not None and spelled.node is not None else request.node
    hole = piece_at(text, start + len(name) + 1) if value == HOLE else None
    given: Value = Text((Piece(value),)) if HOLE not in value else Text(())
    if hole is not None:
        given = hole.hole if hole.hole is not None else given
    return Parameter(name, module, node, given, None, _filled_by(hole), in_url)


def piece_at(text: Text, at: int) -> Piece | None:
    """The piece of a text that a character belongs to."""
    for piece in text.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if at < length:
            return piece
        at -= length
    return None


def _filled_by(hole: Piece | None) -> cst.BaseExpression | None:
    """The expression in the template that a hole stands for."""
    operand = hole.uses[-1].operand if hole is not None and hole.uses else None
    if isinstance(operand, cst.FormattedStringExpression):
        return operand.expression
    if isinstance(operand, (cst.Arg, cst.Element)):
        return operand.value
    return operand if isinstance(operand, cst.BaseExpression) else None
