"""Where a list of items is born: the expression that first is the list, in the code that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.fields.strange import reason_of_strangers
from aurora_migrate.changes.repeats.frames import Frame
from aurora_migrate.changes.repeats.own_names import function_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import Ties
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Facts, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin
from aurora_migrate.flow.reads import Read
from aurora_migrate.flow.text import authority_end, characters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part


@dataclass(frozen=True, slots=True)
class Birth:
    """The expression that is the list, the look at the body that finds it there, and the call behind it."""

    frame: Frame
    node: cst.BaseExpression
    """The list itself, with the `await` of the call that gives it."""
    whole: cst.BaseExpression
    """The list, or what stands for one that is missing: `... or []`."""
    read: Read
    again: tuple[cst.BaseExpression, ...] = ()
    """The same look at the same variable further on."""


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
            if self._is_shared(node) or reason_of_strangers(self.facts, [node], self.wrapper):
                raise Refused("the same code reads other answers, too")
            read = self._read_in(node, origin)
            if read is not None and not _is_counted(frame.module, node):
                core = _awaited(frame.module, node)
                found.append(Birth(frame, core, _or_nothing(frame.module, core), read))
        return _joined(frame.module, found)

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
            if read.part.origin.number == origin.number and read.part.path == () and read.name == self.wrapper
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
    leading = request.url.pieces[0] if request.url.pieces else None
    return leading is None or leading.text is None or authority_end(characters(request.url)) is None


def _joined(module: Module, births: list[Birth]) -> list[Birth]:
    """Several looks at one variable as one birth: the first, with the others behind it."""
    if len(births) < 2:
        return births
    births = sorted(births, key=lambda birth: module.location(birth.node))
    first = births[0].node
    held = first.func if isinstance(first, cst.Call) else first
    texts = {module.tree.code_for_node(birth.node).strip() for birth in births}
    if len(texts) > 1 or not isinstance(held, (cst.Attribute, cst.Subscript)):
        return births
    behind = all(_is_behind(module, first, birth.node) for birth in births[1:])
    if not isinstance(held.value, cst.Name) or not behind:
        return births
    return [replace(births[0], again=tuple(birth.node for birth in births[1:]))]


def _is_behind(module: Module, first: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether a node runs only after the statement of another one has run."""
    block: cst.CSTNode | None = first
    while block is not None and not isinstance(block, (cst.IndentedBlock, cst.Module)):
        block = module.parents.get(id(block))
    current: cst.CSTNode | None = node
    while current is not None and current is not block:
        current = module.parents.get(id(current))
    return current is not None


def _is_counted(module: Module, node: cst.CSTNode) -> bool:
    """Whether the code only asks how many items there are, which the list still tells."""
    parent = module.parents.get(id(node))
    if isinstance(parent, (cst.If, cst.While, cst.IfExp)):
        return parent.test is node
    if isinstance(parent, cst.UnaryOperation):
        return isinstance(parent.operator, cst.Not)
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
    return (
        isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in ("len", "bool")
    )


def _awaited(module: Module, node: cst.BaseExpression) -> cst.BaseExpression:
    parent = module.parents.get(id(node))
    return parent if isinstance(parent, cst.Await) else node


def _or_nothing(module: Module, node: cst.BaseExpression) -> cst.BaseExpression:
    parent = module.parents.get(id(node))
    is_left = isinstance(parent, cst.BooleanOperation) and parent.left is node
    return parent if isinstance(parent, cst.BooleanOperation) and is_left else node
