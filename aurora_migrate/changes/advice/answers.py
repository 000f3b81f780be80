"""Parts of Aurora's answers by where they stand in them, and the expressions that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, TraceStep
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import Part

Place = tuple[Module, cst.CSTNode]
Steps = tuple[str | Marker, ...]


class Answers:
    """The parts of answers that are proven to be those of a rule's endpoints."""

    def __init__(self, context: Context, rule: Rule) -> None:
        self._context = context
        self._rule = rule
        self._proven: dict[int, bool] = {}

    def are_ours(self, part: Part) -> bool:
        """Whether a part is of an answer of the rule's endpoints, and of nobody else's."""
        number = part.origin.number
        if number not in self._proven:
            certainty = self._context.ties.answered(part.origin, self._rule)
            self._proven[number] = certainty is Certainty.PROVEN
        return self._proven[number]

    def parts(self) -> Iterator[Part]:
        """Every such part that an expression of the program can be."""
        for part in self._context.facts.parts.values():
            if self.are_ours(part):
                yield part

    def nodes(self, part: Part, *, copies: bool = False) -> Iterator[Place]:
        """The expressions that can be the part; with `copies` also the program's own lists in its order."""
        facts = self._context.facts
        yield from facts.part_nodes.get(part.key, {}).values()
        if copies:
            yield from facts.part_copies.get(part.key, {}).values()


def trace_to(part: Part) -> tuple[TraceStep, ...]:
    """The way of the request that a part answers."""
    return trace_of(part.origin.requests[0]) if part.origin.requests else ()


def ends_with(path: Steps, patterns: Sequence[str]) -> bool:
    """Whether a place in an answer ends as one of the patterns: keys (`*_id`) and `[]` for an element."""
    return any(_fits(path, _steps(pattern)) for pattern in patterns)


def _fits(path: Steps, wanted: Steps) -> bool:
    if len(path) < len(wanted):
        return False
    return all(map(_same, path[len(path) - len(wanted) :], wanted))


def _same(step: str | Marker, wanted: str | Marker) -> bool:
    if isinstance(step, Marker) or isinstance(wanted, Marker):
        return step is wanted
    return fnmatchcase(step, wanted)


def _steps(pattern: str) -> Steps:
    found: list[str | Marker] = []
    for name in pattern.split("."):
        bare = name.removesuffix("[]")
        found.append(bare)
        if bare != name:
            found.append(Marker.ITEM)
    return tuple(found)
