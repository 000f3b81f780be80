"""What is to happen to the nodes of one tree, by the nodes' identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.surgery.brackets import Item
from aurora_migrate.changes.surgery.strings import Cut

INNER = "__inner__"


@dataclass(slots=True)
class Marks:
    """Collected first, carried out in one pass over the tree."""

    gone: set[int] = field(default_factory=set)
    """Operands, items and statements to take out."""
    cuts: dict[int, list[Cut]] = field(default_factory=dict)
    replaced: dict[int, cst.BaseExpression] = field(default_factory=dict)
    reworded: set[int] = field(default_factory=set)
    """Replaced expressions whose replacement does all that they did."""
    wrapped: dict[int, cst.BaseExpression] = field(default_factory=dict)
    """Expressions that are put into a larger one, in the place of the name `INNER` there."""
    moved: set[int] = field(default_factory=set)
    """Code that is put somewhere else: it goes where it was, and is not lost."""
    collapsed: set[int] = field(default_factory=set)
    """Compositions that are left with one operand and give way to it."""
    added: dict[int, list[Item]] = field(default_factory=dict)
    """New items of a call or display: last, but before `**` in a call."""
    beside: dict[int, list[Item]] = field(default_factory=dict)
    """New items of a call or display, right behind an item of it."""
    before: dict[int, list[str]] = field(default_factory=dict)
    after: dict[int, list[str]] = field(default_factory=dict)
    """Sources of simple statements to stand beside a statement."""
    meant: set[int] = field(default_factory=set)
    """Of what goes: that which the plan knows to do nothing that is missed."""
    spaced: set[int] = field(default_factory=set)
    """Statements that a blank line is to part from what is put above them."""

    def forget(self, key: int) -> None:
        """Take back what was to happen to one node itself."""
        self.gone.discard(key)
        self.collapsed.discard(key)
        for marked in (self.cuts, self.replaced, self.wrapped, self.added, self.beside):
            marked.pop(key, None)

    def ids(self) -> Iterator[int]:
        yield from self.gone
        yield from self.collapsed
        for marked in (
            self.cuts,
            self.replaced,
            self.wrapped,
            self.added,
            self.beside,
            self.before,
            self.after,
        ):
            yield from marked

    @property
    def only_cuts(self) -> bool:
        return bool(self.cuts) and not (
            self.gone
            or self.replaced
            or self.wrapped
            or self.collapsed
            or self.added
            or self.beside
            or self.before
            or self.after
        )
