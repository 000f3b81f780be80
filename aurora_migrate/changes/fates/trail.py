"""The way of one value through the program: where it has been, where it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from aurora_migrate.changes.fates.program import Place, Program
from aurora_migrate.flow.modules import Module


class End(Enum):
    """How a value is used up."""

    SHOWN = "shown"
    """It becomes text for a person, or part of a larger text."""
    TRUTH = "truth"
    """Only whether there is something is asked."""
    NONE = "none"
    """It is compared with None."""
    TESTED = "tested"
    """It is held against a text, or decides what happens next."""
    APART = "apart"
    """Its keys or elements are used."""
    TYPED = "typed"
    """It is asked whether it is a text or an object."""
    LOST = "lost"
    """It goes where nobody can see what becomes of it."""


@dataclass(frozen=True, slots=True)
class Fate:
    """One end of a value's way: where, and what happens there in words that follow "it"."""

    end: End
    module: Module
    node: cst.CSTNode
    says: str = ""


@dataclass(slots=True)
class Trail:
    """The way of one value: `nodes` are the expressions that can be it by the flow (None: not asked)."""

    program: Program
    nodes: Mapping[int, Place] | None = None
    fates: list[Fate] = field(default_factory=list)
    reached: set[int] = field(default_factory=set)
    raised: set[str] = field(default_factory=set)
    """The exception classes whose text holds it."""
    kept: list[Fate] = field(default_factory=list)
    """Where it was put into a container: those who take it out again are not linked to it by name."""
    alone: list[Fate] = field(default_factory=list)
    """Where it is the only element of a list."""
    to_do: list[tuple[Module, cst.CSTNode, bool]] = field(default_factory=list)

    def ahead(self, module: Module, node: cst.CSTNode, inside: bool = False) -> None:
        """Go on with an expression, once: it is the value, or (`inside`) something that holds it."""
        if id(node) not in self.reached:
            self.reached.add(id(node))
            self.to_do.append((module, node, inside))

    def end(self, end: End, module: Module, node: cst.CSTNode, says: str = "") -> None:
        """Note that the way ends here."""
        self.fates.append(Fate(end, module, node, says))

    def keep(self, module: Module, node: cst.CSTNode, says: str) -> None:
        """Note that the value was put into a container, or is somewhere in one."""
        self.kept.append(Fate(End.LOST, module, node, says))

    def linked(self, places: Sequence[Place]) -> list[Place]:
        """Those of some expressions that can be the value."""
        return [place for place in places if self.nodes is None or id(place[1]) in self.nodes]
