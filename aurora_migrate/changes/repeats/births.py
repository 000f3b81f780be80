"""Where a list of items is born: the expression that first is the list, in the code that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.repeats.frames import Frame
from aurora_migrate.changes.repeats.own_names import function_of
from aurora_migrate.changes.surgery.tree import Refused, walk
from aurora_migrate.changes.ties import Ties
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Facts, Read, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.text import authority_end, characters
from aurora_migrate.flow.values import PARAMETER, Origin, Part, Unknown


@dataclass(frozen=True, slots=True)
class Birth:
    """The expression that is the list, the look at the body that finds it there, and the call behind it."""

    frame: Frame
    node: cst.BaseExpression
    """The list itself, with the `await` of the call that gives it."""
    whole: cst.BaseExpression
    """The list, or what stands for one that is missing: `... or []`."""
    read: Read


@dataclass(slots=True)
class Lists:
    """The lists that a rule's endpoints answer with, as the facts know them."""

    facts: Facts
    ties: Ties
    rule: Rule
    wrapper: str

    def births(self, frame: Frame, origin: Origin) -> list[Birth]:
        """The births of an origin's list in the code of a frame. Raises Refused where one is unclear."""
        found: list[Birth] = []
        for node in self._first(frame, origin):
            if self._is_shared(node):
                raise Refused("the same code reads other answers, too")
            read = self._read_in(node, origin)
            if read is not None:
                core = _awaited(frame.module, node)
                found.append(Birth(frame, core, _or_nothing(frame.module, core), read))
        return found

    def _first(self, frame: Frame, origin: Origin) -> Iterator[cst.BaseExpression]:
        """The innermost expressions of the frame's code that are the list."""
        known = self.facts.part_nodes.get((origin.number, (self.wrapper,)), {})
        ids = set(known)
        for module, node in known.values():
            if module is not frame.module or not isinstance(node, (cst.Call, cst.Subscript)):
                continue
            if function_of(module, node) is not frame.function:
                continue
            if not any(id(each) in ids for each in walk(node) if each is not node):
                yield node

    def _is_shared(self, node: cst.CSTNode) -> bool:
        for key, nodes in self.facts.part_nodes.items():
            if id(node) in nodes and not self._is_ours(self.facts.parts[key]):
                return True
        return False

    def _is_ours(self, part: Part) -> bool:
        """Whether a part is such a list, or comes of trying a function without its callers."""
        origin = part.origin
        if part.path == (self.wrapper,) and self.ties.answered(origin, self.rule) is Certainty.PROVEN:
            return True
        return all(request.explored and _is_given(request) for request in origin.requests)

    def _read_in(self, node: cst.CSTNode, origin: Origin) -> Read | None:
        """The look that finds the list in the body: at this very place, or in what is called here."""
        reads = [
            read
            for read in self.facts.reads.values()
            if read.part.origin is origin and read.part.path == () and read.name == self.wrapper
        ]
        here = {id(each) for each in walk(node)}
        for read in reads:
            if read.node is node:
                return read
        for read in reads:
            if read.piece is not None and id(read.piece.node) in here:
                return read
        return reads[0] if reads else None


def _is_given(request: Request) -> bool:
    """Whether the request's URL begins with what an unseen caller would give, or is a path only."""
    leading = request.url.pieces[0].hole if request.url.pieces else None
    if leading is None and authority_end(characters(request.url)) is None:
        return True
    return isinstance(leading, Unknown) and PARAMETER in leading.roots


def _awaited(module: Module, node: cst.BaseExpression) -> cst.BaseExpression:
    parent = module.parents.get(id(node))
    return parent if isinstance(parent, cst.Await) else node


def _or_nothing(module: Module, node: cst.BaseExpression) -> cst.BaseExpression:
    parent = module.parents.get(id(node))
    is_left = isinstance(parent, cst.BooleanOperation) and parent.left is node
    return parent if isinstance(parent, cst.BooleanOperation) and is_left else node
