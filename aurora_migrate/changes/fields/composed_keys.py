"""Keys that are put together (`f"{axis}_spacing_meters"`): renamed in the literal that ends them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

import libcst as cst

from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.literals import part_value, string_value
from aurora_migrate.flow.modules import Module

UNCLEAR = "the key is put together from several parts"
ATTRIBUTE = "no literal spells it: it is an attribute"


@dataclass(frozen=True, slots=True)
class Ending:
    """The change of a literal: its characters `start` to `end` become `text`."""

    node: cst.CSTNode
    start: int
    end: int
    text: str


def ending_of(
    module: Module, key: cst.CSTNode | None, names: Iterable[str], new_of: Mapping[str, str]
) -> Ending:
    """The one change of a key's last literal that renames each of the names that the key can be.

    Raises Refused when the key does not end with a literal, or one of its names would need another change.
    """
    literal = _last_literal(key)
    if literal is None:
        raise Refused(UNCLEAR)
    found = {_ending(module, literal, name, new_of.get(name, "")) for name in names}
    ending = found.pop() if len(found) == 1 else None
    if ending is None:
        raise Refused(UNCLEAR)
    return ending


def _last_literal(key: cst.CSTNode | None) -> cst.SimpleString | cst.FormattedStringText | None:
    if isinstance(key, cst.BinaryOperation) and isinstance(key.operator, cst.Add):
        return _last_literal(key.right)
    if isinstance(key, cst.FormattedString) and key.parts:
        last = key.parts[-1]
        return last if isinstance(last, cst.FormattedStringText) else None
    return key if isinstance(key, cst.SimpleString) else None


def _ending(
    module: Module, literal: cst.SimpleString | cst.FormattedStringText, old: str, new: str
) -> Ending | None:
    """The change that renames one name, where all of it is within the literal."""
    spelled = _characters(module, literal)
    if not new or not spelled or not old.endswith(spelled):
        return None
    same = _in_common(old, new)
    behind = _in_common(old[same:][::-1], new[same:][::-1])
    start = same - (len(old) - len(spelled))
    if start < 0:
        return None
    return Ending(literal, start, len(spelled) - behind, new[same : len(new) - behind])


def _characters(module: Module, literal: cst.SimpleString | cst.FormattedStringText) -> str:
    if isinstance(literal, cst.SimpleString):
        return string_value(literal)
    host = module.parents.get(id(literal))
    return part_value(literal, host.prefix) if isinstance(host, cst.FormattedString) else ""


def _in_common(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
