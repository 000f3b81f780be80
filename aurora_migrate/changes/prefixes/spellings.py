"""Where the source spells the prefix that left every path, and which of its characters may be cut out."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.templates import Placeholder, format_placeholders, percent_placeholders
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.urls import Target
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Piece, Text


@dataclass(slots=True)
class Spelling:
    """One place in the source that spells the prefix, and every request that it reaches."""

    module: Module
    node: cst.CSTNode
    requests: list[tuple[Request, Target]] = field(default_factory=list)
    certainty: Certainty = Certainty.LIKELY


class Spellings:
    """All spellings by their place, and the literals that requests use."""

    def __init__(self, prefix: str, cut_up: Mapping[int, str]) -> None:
        self.prefix = prefix
        self.cut_up = cut_up
        """Literals that the program takes apart, with the reason why they are left."""
        self.by_place: dict[Hashable, Spelling] = {}
        self.sunk: set[int] = set()
        """Literals that reach some request."""
        self.foreign: set[tuple[int, int]] = set()
        """Characters (literal, offset) of URLs that are not proven to be Aurora's."""

    def offset(self, piece: Piece) -> int:
        return (piece.text or "").find(self.prefix)

    def note_foreign(self, request: Request) -> None:
        for piece in request.url.pieces:
            if piece.node is not None and piece.text:
                self.foreign.update((id(piece.node), piece.start + index) for index in range(len(piece.text)))
        self.note_sunk(request)

    def note_sunk(self, request: Request) -> None:
        self.sunk.update(id(piece.node) for piece in request.url.pieces if piece.node is not None)

    def has_touched(self, subject: Text) -> bool:
        return any(
            (id(piece.node), piece.start + self.offset(piece)) in self.by_place for piece in subject.pieces
        )

    def cut(self, plan: Plan, piece: Piece, start: int, end: int) -> None:
        assert piece.module is not None
        assert piece.node is not None
        if any((id(piece.node), offset) in self.foreign for offset in range(start, end)):
            raise Refused("the same text is part of another URL, which is not proven to be Aurora's")
        if id(piece.node) in self.cut_up:
            raise Refused(self.cut_up[id(piece.node)])
        if _is_whole(piece, start, end) and _is_sought(piece.module, piece.node):
            raise Refused("the program looks for it in a text, and nothing of it would be left to look for")
        if _is_key(piece.module, piece.node) and not is_test_module(piece.module):
            raise Refused("the text is a key that other code looks up")
        plan.cut(piece.module, piece.node, start, end, "/" if _begins_path(piece, start, end) else "")


def _begins_path(piece: Piece, start: int, end: int) -> bool:
    """Whether nothing is left of the first part of a joined path, `posixpath.join("/v2", ...)`."""
    assert piece.module is not None
    assert piece.node is not None
    if not _is_whole(piece, start, end):
        return False
    argument = piece.module.parents.get(id(piece.node))
    call = piece.module.parents.get(id(argument)) if isinstance(argument, cst.Arg) else None
    if not isinstance(call, cst.Call) or call.args[0] is not argument:
        return False
    return dotted_name(call.func) in (
        "posixpath.join",
        "os.path.join",
        "join",
        "PurePosixPath",
        "pathlib.PurePosixPath",
    )


def filled_by_mapping(module: Module, template: cst.SimpleString) -> Iterator[Placeholder]:
    """The placeholders of a template that a whole mapping fills: `.format(**settings)`, `% settings`."""
    above = module.parents.get(id(template))
    if isinstance(above, cst.Attribute) and above.attr.value == "format":
        call = module.parents.get(id(above))
        filled = isinstance(call, cst.Call) and any(arg.star == "**" for arg in call.args)
        found = format_placeholders(string_value(template)) if filled else iter(())
    elif isinstance(above, cst.BinaryOperation) and isinstance(above.operator, cst.Modulo):
        named = isinstance(above.right, (cst.Name, cst.Attribute, cst.Subscript, cst.Call))
        found = percent_placeholders(string_value(template)) if named else iter(())
    else:
        return
    yield from (each for each in found if isinstance(each.name, str))


def touched(url: Text, start: int, end: int) -> list[Piece]:
    """The pieces that have characters between start and end."""
    found: list[Piece] = []
    offset = 0
    for piece in url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if offset < end and offset + length > start:
            found.append(piece)
        offset += length
    return found


def within(url: Text, start: int, end: int) -> list[int]:
    """The indices of the pieces that lie between start and end, whole."""
    found: list[int] = []
    offset = 0
    for index, piece in enumerate(url.pieces):
        length = 1 if piece.text is None else len(piece.text)
        if length and start <= offset and offset + length <= end:
            found.append(index)
        offset += length
    return found


def offset_of(url: Text, wanted: Piece) -> int:
    offset = 0
    for piece in url.pieces:
        if piece is wanted:
            return offset
        offset += 1 if piece.text is None else len(piece.text)
    return offset


def _is_whole(piece: Piece, start: int, end: int) -> bool:
    """Whether these characters are all of a literal."""
    length = len(string_value(piece.node)) if isinstance(piece.node, cst.SimpleString) else -1
    return (start, end) == (0, length)


_SEEKING = frozenset(
    "startswith endswith find rfind index rindex count replace split rsplit partition rpartition".split()
)


def _is_sought(module: Module, node: cst.CSTNode) -> bool:
    """Whether a literal is looked for in another text: `text.startswith("...")`, `"..." in text`."""
    above = module.parents.get(id(node))
    while isinstance(above, (cst.Element, cst.Tuple)):
        above = module.parents.get(id(above))
    if isinstance(above, cst.Comparison):
        return above.left is node and isinstance(above.comparisons[0].operator, (cst.In, cst.NotIn))
    call = module.parents.get(id(above)) if isinstance(above, cst.Arg) else None
    called = call.func if isinstance(call, cst.Call) else None
    return isinstance(called, cst.Attribute) and called.attr.value in _SEEKING


def _is_key(module: Module, node: cst.CSTNode) -> bool:
    parent = module.parents.get(id(node))
    return isinstance(parent, cst.DictElement) and parent.key is node
