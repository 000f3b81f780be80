"""How paths through a block end, what each of them changed, and how many are kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aurora_migrate.flow.heap import Delta
from aurora_migrate.flow.values import Value

MAX_PATHS = 6
"""Paths kept apart in one activation."""

MAX_WIDTH = 24
"""Paths and loop rounds kept apart over all running activations together: this bounds nested calls' work."""


class End(Enum):
    """How a path through a block ends."""

    NORMAL = 0
    RETURN = 1
    RAISE = 2
    BREAK = 3
    CONTINUE = 4


@dataclass(slots=True)
class Outcome:
    """One way through a block: how it ends, what it returns, and what it changed."""

    end: End
    delta: Delta
    value: Value | None = None
    apart: bool = False
    """Whether this path is to stay apart from its siblings: it took one of several objects."""

    def after(self, earlier: Delta) -> Outcome:
        return Outcome(self.end, self.delta.after(earlier), self.value, self.apart)


@dataclass(slots=True)
class Activation:
    """The running of one body: how many paths it may keep apart."""

    paths: int = 1


Outcomes = list[Outcome] | None
"""None: the block ran through, in place. Otherwise the ways it can end, with the state as it was before."""
