"""What is mutable: the cells of objects and scopes on the heap; and the keys that values are compared by."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aurora_migrate.flow.modules import Module
    from aurora_migrate.flow.values import ClassValue, Value


class Key:
    """What a value is compared by; its hash is worked out once, as that of nested tuples is not."""

    __slots__ = ("_hash", "_parts")

    def __init__(self, parts: Hashable) -> None:
        self._parts = parts
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Key) and self._hash == other._hash and self._parts == other._parts


class Cells(dict[Hashable, "Value"]):
    """The mutable slots of one heap object; every write to them goes through the heap's trail.

    `settled` are the keys that nobody has written since the program began to be explored.
    """

    __slots__ = ("birth", "settled")

    def __init__(self, birth: int) -> None:
        super().__init__()
        self.birth = birth
        self.settled: set[Hashable] = set()


class PartCells(Cells):
    """What the program wrote into a part of a response; it lasts no longer than the exploration."""

    __slots__ = ("place",)

    def __init__(self, birth: int, place: tuple[int, tuple[Hashable, ...]] | None = None) -> None:
        super().__init__(birth)
        self.place = place
        """The number of the response and the path of the part."""


@dataclass(slots=True, eq=False)
class Scope:
    """The variables of a module, class body or function activation."""

    cells: Cells
    module: Module
    parent: Scope | None
    names: frozenset[str] = frozenset()
    """Names that are local to this scope (empty for a module: all of them are)."""
    globals: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()
    owner: ClassValue | None = None
    """The class whose method this activation runs, for `super()`."""
    receiver: Value | None = None
