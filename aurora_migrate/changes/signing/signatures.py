"""Where signature parameters are in a request: the parts of its URL, parameters and body that carry them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request, RequestChange, Role
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import Entry, Piece, Text

Part = Piece | Entry
CARRIERS = ("params", "data", "json", "fields", "body", "query")


@dataclass(frozen=True, slots=True)
class Carried:
    """The parts of one text or mapping, and which of them (by index) belong to the signature."""

    parts: tuple[Part, ...]
    doomed: tuple[int, ...]
    names: frozenset[str]
    open: bool = False
    promoted: tuple[int, ...] = ()
    """Separators `&` (by index) that become `?`, because what stood before them goes with its `?`."""

    @property
    def condemned(self) -> list[Part]:
        return [self.parts[index] for index in self.doomed]

    @property
    def separators(self) -> list[Piece]:
        return [part for part in (self.parts[index] for index in self.promoted) if isinstance(part, Piece)]


def of_request(request: Request, keys: Sequence[str]) -> list[Carried]:
    """What a request carries in its URL, its parameters and its body."""
    found = [of_text(request.url, keys)]
    for name in CARRIERS:
        role = request.roles.get(name)
        if role is not None:
            use = (Use(request.module, request.node, role.argument),) if role.argument is not None else ()
            found.extend(_of_role(role, keys, use))
    held = request.client_roles.get("params")
    if held is not None:
        found.extend(_of_role(held, keys, ()))
    return found


def of_change(change: RequestChange, keys: Sequence[str]) -> list[Carried]:
    """What a change to an existing request adds."""
    found: list[Carried] = []
    if change.url is not None:
        found.append(of_text(change.url, keys))
    if change.params is not None:
        found.extend(_of_role(change.params, keys, ()))
    return found


def _of_role(role: Role, keys: Sequence[str], uses: tuple[Use, ...]) -> Iterator[Carried]:
    if role.entries is not None:
        parts = tuple(_inside(entry, uses) for entry in role.entries.items)
        doomed = tuple(index for index, entry in enumerate(parts) if entry.name in keys)
        names = frozenset(entry.name for entry in parts if entry.name in keys and entry.name is not None)
        yield Carried(parts, doomed, names, role.entries.open)
    elif isinstance(role.value, Text):
        yield of_text(Text(tuple(_piece_inside(piece, uses) for piece in role.value.pieces)), keys)


def _inside(entry: Entry, uses: tuple[Use, ...]) -> Entry:
    return Entry(entry.name, entry.value, entry.key_piece, (*uses, *entry.uses))


def _piece_inside(piece: Piece, uses: tuple[Use, ...]) -> Piece:
    for use in reversed(uses):
        piece = piece.used_in(use)
    return piece


def of_text(url: Text, keys: Sequence[str]) -> Carried:
    """The signature's segments in a text that is or holds a query string."""
    seen = text.characters(url)
    doomed_ranges, names, promoted_at = _doomed_ranges(url, seen, keys)
    parts: list[Part] = []
    doomed: list[int] = []
    promoted: list[int] = []
    marks = {edge for found in doomed_ranges for edge in found} | {
        e for at in promoted_at for e in (at, at + 1)
    }
    offset = 0
    for piece in url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if piece.entries is not None:
            for entry in piece.entries:
                if entry.name in keys:
                    doomed.append(len(parts))
                parts.append(Entry(entry.name, entry.value, entry.key_piece, (*piece.uses, *entry.uses)))
        else:
            for part, start in _split(piece, offset, length, marks):
                if any(low <= start < high for low, high in doomed_ranges):
                    doomed.append(len(parts))
                elif start in promoted_at:
                    promoted.append(len(parts))
                parts.append(part)
        offset += length
    entries = [entry.name for piece in url.pieces for entry in piece.entries or ()]
    names |= {name for name in entries if name is not None and name in keys}
    return Carried(tuple(parts), tuple(doomed), names, promoted=tuple(promoted))


def _split(piece: Piece, offset: int, length: int, marks: set[int]) -> Iterator[tuple[Piece, int]]:
    """A piece in runs between the marks, each with where it starts in the whole text."""
    if piece.text is None:
        yield piece, offset
        return
    edges = sorted({0, length, *(mark - offset for mark in marks if offset < mark < offset + length)})
    for low, high in pairwise(edges):
        yield (piece if (low, high) == (0, length) else piece.cut(low, high)), offset + low


def _doomed_ranges(
    url: Text, seen: str, keys: Sequence[str]
) -> tuple[list[tuple[int, int]], frozenset[str], set[int]]:
    """The ranges that go, the parameters in them, and the `&` that become `?`."""
    literal = _literal_offsets(url)
    promoted: set[int] = set()
    segments = list(_segments(url, seen, keys))
    names = frozenset(name for _, _, found in segments for name in found)
    ranges: list[tuple[int, int]] = []
    index = 0
    while index < len(segments):
        last = index
        while last + 1 < len(segments) and segments[last + 1][0] == segments[last][1] + 1:
            last += 1
        start, end = segments[index][0], segments[last][1]
        if seen[start - 1 : start] == "?" and seen[end : end + 1] == "&" and end in literal:
            ranges.append((start - 1, end))
            promoted.add(end)
        else:
            ranges.append(_with_separator(seen, start, end))
        index = last + 1
    return ranges, names, promoted


def _literal_offsets(url: Text) -> set[int]:
    """Where in the text a literal of the program spells the character."""
    found: set[int] = set()
    offset = 0
    for piece in url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if piece.text is not None and piece.node is not None:
            found.update(range(offset, offset + length))
        offset += length
    return found


def _segments(url: Text, seen: str, keys: Sequence[str]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Start, end and names of each stretch of the query that belongs to the signature."""
    query_at = _query_pieces(url)
    at = 0
    for part_start, part_end in _between_separators(seen):
        at = part_start
        if at in query_at and part_end == at + 1:
            names = {entry.name for entry in query_at[at]}
            if names and names <= set(keys):
                yield at, part_end, frozenset(name for name in names if name)
            continue
        name, equals, _ = seen[part_start:part_end].partition("=")
        bare = name.lstrip(HOLE)
        if equals and bare in keys:
            yield part_start + len(name) - len(bare), part_end, frozenset({bare})


def _query_pieces(url: Text) -> dict[int, tuple[Entry, ...]]:
    found: dict[int, tuple[Entry, ...]] = {}
    offset = 0
    for piece in url.pieces:
        if piece.entries is not None:
            found[offset] = piece.entries
        offset += 1 if piece.text is None else len(piece.text)
    return found


def _between_separators(seen: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, character in enumerate(seen):
        if character in "?&":
            if index > start:
                yield start, index
            start = index + 1
    if start < len(seen):
        yield start, len(seen)


def _with_separator(seen: str, start: int, end: int) -> tuple[int, int]:
    """The range with the separator that nothing needs any more."""
    if start == end:
        return start, end
    before = seen[start - 1 : start]
    after = seen[end : end + 1]
    if before == "&" or (before == "?" and after != "&"):
        return start - 1, end
    return (start, end + 1) if after == "&" else (start, end)
