"""Texts built from texts: joining, cutting, trimming and formatting, with every character's origin kept."""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Callable, Iterable, Sequence
from itertools import islice, product

from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.values import NUMBER, UNKNOWN, Choice, Const, Instance, Piece, Text, Unknown, Value

HOLE = "\ufffc"
"""Stands for an unknown part where a text is looked at as characters."""

MAX_COMBINATIONS = 24


def plain(characters: str) -> Text:
    """A text that no literal spells: what a library adds on its own."""
    return Text((Piece(characters),)) if characters else Text(())


def characters(text: Text) -> str:
    """The text with one `HOLE` for each unknown piece."""
    return "".join(HOLE if piece.text is None else piece.text for piece in text.pieces)


def characters_of_path(text: Text) -> str:
    """The same with a digit for each unknown number: whatever it is, it has no slash."""
    return "".join(_shown(piece) if piece.text is None else piece.text for piece in text.pieces)


def _shown(piece: Piece) -> str:
    is_number = type(piece.hole) is Unknown and NUMBER in piece.hole.roots
    return "0" if is_number else HOLE


def as_text(value: Value) -> Text:
    """One alternative as a text; what is no text becomes a hole."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Const) and value.value is not None:
        return plain(str(value.value))
    spelled = spelled_by(value)
    return spelled if spelled is not None else Text((Piece(None, hole=value),))


def spelled_by(value: Value) -> Text | None:
    """The text that an object is, for members of enumerations of strings."""
    held = value.cells.get("<text>") if isinstance(value, Instance) else None
    return held if isinstance(held, Text) else None


def use_in(text: Text, use: Use | None) -> Text:
    if use is None:
        return text
    return Text(tuple(piece.used_in(use) for piece in text.pieces))


def concat(parts: Sequence[tuple[Value, Use | None]]) -> Value:
    """The parts one after the other, for every combination of their alternatives (up to a limit)."""
    alternatives = [options(value) for value, _ in parts]
    size = 1
    for found in alternatives:
        size *= len(found)
    if size > MAX_COMBINATIONS:
        alternatives = [found if len(found) <= 2 else _most_telling(found) for found in alternatives]
    results: list[Value] = []
    for combination in islice(product(*alternatives), MAX_COMBINATIONS):
        pieces: list[Piece] = []
        for option, (_, use) in zip(combination, parts, strict=True):
            pieces.extend(use_in(as_text(option), use).pieces)
        results.append(Text(tuple(pieces[:200])))
    return choose(results)


def _most_telling(found: tuple[Value, ...]) -> tuple[Value, ...]:
    texts = [value for value in found if isinstance(value, Text)]
    return (*texts[:2], UNKNOWN) if len(texts) < len(found) else tuple(texts[:3])


def cut(text: Text, start: int, end: int) -> Text:
    """The characters `start` to `end`, a hole counting as one."""
    pieces: list[Piece] = []
    offset = 0
    for piece in text.pieces:
        length = 1 if piece.text is None else len(piece.text)
        low, high = max(start - offset, 0), min(end - offset, length)
        if low < high:
            pieces.append(
                piece if piece.text is None or (low == 0 and high == length) else piece.cut(low, high)
            )
        offset += length
    return Text(tuple(pieces))


def size(text: Text) -> int:
    return sum(1 if piece.text is None else len(piece.text) for piece in text.pieces)


def strip(text: Text, stripped: str | None, left: bool, right: bool) -> Text:
    """`str.strip` and its kin; a hole at an end stops it there."""
    seen = characters(text)
    drop = stripped if stripped is not None else string.whitespace
    start, end = 0, len(seen)
    while left and start < end and seen[start] != HOLE and seen[start] in drop:
        start += 1
    while right and end > start and seen[end - 1] != HOLE and seen[end - 1] in drop:
        end -= 1
    return text if (start, end) == (0, len(seen)) else cut(text, start, end)


def recased(text: Text, change: Callable[[str], str]) -> Text:
    """`str.lower` and its kin, where they keep the number of characters."""
    pieces = []
    for piece in text.pieces:
        spelled = change(piece.text) if piece.text is not None else None
        same = spelled is None or piece.text is None or len(spelled) != len(piece.text)
        pieces.append(piece if same or spelled == piece.text else dataclasses.replace(piece, text=spelled))
    return Text(tuple(pieces))


def replace(text: Text, old: str, new: Text, limit: int = -1) -> Text:
    """`str.replace` on what is known of the text."""
    if not old:
        return text
    seen = characters(text)
    pieces: list[Piece] = []
    start = 0
    while limit != 0:
        found = seen.find(old, start)
        if found == -1:
            break
        pieces.extend(cut(text, start, found).pieces)
        pieces.extend(new.pieces)
        start = found + len(old)
        limit -= 1
    pieces.extend(cut(text, start, len(seen)).pieces)
    return Text(tuple(pieces))


def split(text: Text, separator: str, limit: int = -1) -> list[Text]:
    """`str.split` at what is known to be a separator."""
    seen = characters(text)
    parts: list[Text] = []
    start = 0
    while limit != 0:
        found = seen.find(separator, start)
        if found == -1:
            break
        parts.append(cut(text, start, found))
        start = found + len(separator)
        limit -= 1
    parts.append(cut(text, start, len(seen)))
    return parts


def split_right(text: Text, separator: str, limit: int) -> list[Text]:
    """`str.rsplit` at what is known to be a separator, `limit` times at most."""
    seen = characters(text)
    parts: list[Text] = []
    end = len(seen)
    while limit > 0 and (found := seen.rfind(separator, 0, end)) != -1:
        parts.append(cut(text, found + len(separator), end))
        end = found
        limit -= 1
    parts.append(cut(text, 0, end))
    return parts[::-1]


def words(text: Text, limit: int = -1) -> list[Text]:
    """`str.split()` at white space."""
    seen = characters(text)
    found: list[Text] = []
    index = 0
    while index < len(seen):
        if seen[index].isspace():
            index += 1
            continue
        end = index
        while end < len(seen) and not seen[end].isspace():
            end += 1
        if limit >= 0 and len(found) == limit:
            end = len(seen)
        found.append(cut(text, index, end))
        index = end
    return found


def starts_with(text: Text, prefix: str) -> bool | None:
    """Whether a text starts so; None when an unknown part decides."""
    seen = characters(text)[: len(prefix)]
    known = seen.split(HOLE)[0]
    if not prefix.startswith(known):
        return False
    return None if HOLE in seen or (len(seen) < len(prefix) and HOLE in characters(text)) else seen == prefix


def join_url(base: Text, path: Text) -> Text:
    """`urllib.parse.urljoin` where the scheme of the base is known to be there or unknown."""
    seen, target = characters(base), characters(path)
    if is_absolute(target):
        return path
    root = authority_end(seen)
    if target.startswith("/"):
        kept = cut(base, 0, root if root is not None else len(seen))
        return Text((*kept.pieces, *path.pieces))
    if root is None:
        return Text((*base.pieces, *path.pieces))
    last = seen.rfind("/", root)
    kept = cut(base, 0, last + 1 if last != -1 else root)
    joint = () if last != -1 else (Piece("/"),)
    return Text((*kept.pieces, *joint, *path.pieces))


def authority_end(seen: str) -> int | None:
    """Where `scheme://host[:port]` ends, or None when the text does not start with one.

    What is unknown in front of `://` is a scheme.
    """
    scheme = seen.find("://")
    if scheme == -1 or (HOLE in seen[:scheme] and seen[:scheme] != HOLE) or "/" in seen[:scheme]:
        return None
    for index in range(scheme + 3, len(seen)):
        if seen[index] in "/?#":
            return index
    return len(seen)


def is_absolute(seen: str) -> bool:
    """Whether a URL names its host, by the looks of it."""
    return seen.startswith(("http://", "https://", f"{HOLE}://"))


def merge_base(base: Text, path: Text) -> Text:
    """A client's base URL and a path, as httpx and BaseUrlSession-like clients join them."""
    target = characters(path)
    if is_absolute(target) or not base.pieces:
        return path
    trimmed = strip(base, "/", left=False, right=True)
    rest = strip(path, "/", left=True, right=False)
    lost = size(path) - size(rest)
    slash = cut(path, 0, 1).pieces if lost else (Piece("/"),)
    return Text((*trimmed.pieces, *slash, *rest.pieces)) if target else base


def hole(*values: Value, hints: tuple[str, ...] = ()) -> Unknown:
    """Something unknown that derives from these values."""
    names: list[str] = list(hints)
    roots: frozenset[int] = frozenset()
    for value in values:
        for option in options(value):
            for unknown in _unknowns(option):
                names.extend(hint for hint in unknown.hints if hint not in names)
                roots |= unknown.roots if len(values) == 1 else unknown.roots - {NUMBER}
    return Unknown(tuple(names[:8]), roots)


def _unknowns(value: Value) -> Iterable[Unknown]:
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Text):
        for piece in value.pieces:
            if isinstance(piece.hole, Unknown):
                yield piece.hole
    elif isinstance(value, Choice):
        for option in value.options:
            yield from _unknowns(option)
