"""The events of webhooks: those that a program registers itself, and its code that knows no other.

A webhook comes to the program as a request of its own, so that nothing ties what a listener reads to a call.
What ties it is the list of events: a test on several of those that the program registers is a test on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice import surroundings
from aurora_migrate.changes.advice.chains import Chain, chain_around
from aurora_migrate.changes.context import Context
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.alternatives import iterate_texts
from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.facts import Body, Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Piece

Found = tuple[Module, cst.CSTNode, Request, str]
_OF_ENUM = ("ValueError", "KeyError", "LookupError")
_OF_LOOKUP = ("KeyError", "LookupError")


@dataclass(slots=True)
class _Tested:
    """A chain of tests, what it tests, and against what."""

    module: Module
    chain: Chain
    subjects: set[str] = field(default_factory=set)
    values: list[str | None] = field(default_factory=list)


class Events:
    """The events that a program registers at Aurora, by the literals that spell them."""

    def __init__(self, context: Context, rule: Rule) -> None:
        self.modules = context.modules
        self.known: dict[str, Request] = {}
        self.pieces: list[Piece] = []
        self.registering: set[int] = set()
        """The functions that register: what they go through is the program's own."""
        wrapper, _, name = rule.parameters.text("event").partition(".")
        for request, certainty in context.ties.requests(context.facts, rule):
            if certainty is Certainty.PROVEN:
                for body in request.bodies:
                    self._note(request, body, wrapper, name)

    def _note(self, request: Request, body: Body, wrapper: str, name: str) -> None:
        for _, inner in body.at(wrapper):
            for entry, _ in inner.at(name):
                for found in iterate_texts(entry.value):
                    if found.literal and len(found.pieces) == 1:
                        self.known.setdefault(found.literal, request)
                        self.pieces.append(found.pieces[0])
                        self.registering.update(id(step.node) for step in request.stack)

    def places(self) -> Iterator[Found]:
        """Every place that has nothing for an event which is not registered yet."""
        if len(self.known) > 1:
            for module in self.modules:
                if not is_test_module(module):
                    yield from self._chains(module)
                    yield from self._lookups(module)
            yield from self._enumerations()

    def _is_own(self, module: Module, node: cst.CSTNode) -> bool:
        return id(surroundings.function_of(module, node)) in self.registering

    def _request(self) -> Request:
        return next(iter(self.known.values()))

    # -- chains

    def _chains(self, module: Module) -> Iterator[Found]:
        found: dict[int, _Tested] = {}
        for node in walk(module.tree):
            if isinstance(node, (cst.Comparison, cst.MatchValue)) and not self._is_own(module, node):
                chain = chain_around(module, node.value if isinstance(node, cst.MatchValue) else node)
                if chain is not None:
                    tested = found.setdefault(id(chain.head), _Tested(module, chain))
                    self._note_test(tested, node)
        for tested in found.values():
            values = [value for value in tested.values if value is not None]
            ours = len(values) > 1 and len(values) == len(tested.values) and len(tested.subjects) == 1
            if ours and set(values) <= set(self.known) and tested.chain.shortcoming:
                told = ", ".join(f"`{value}`" for value in dict.fromkeys(values))
                how = f"{tested.chain.shortcoming} (it knows {told})"
                yield module, tested.chain.head, self._request(), how

    def _note_test(self, tested: _Tested, node: cst.Comparison | cst.MatchValue) -> None:
        if isinstance(node, cst.MatchValue):
            tested.values.append(_text(node.value))
            tested.subjects.add("match")
            return
        target = node.comparisons[0]
        tested.subjects.add(cst.Module([]).code_for_node(node.left).strip())
        if isinstance(target.operator, cst.Equal):
            tested.values.append(_text(target.comparator))
        elif isinstance(target.operator, cst.In) and isinstance(
            target.comparator, (cst.Tuple, cst.List, cst.Set)
        ):
            tested.values.extend(_text(each.value) for each in target.comparator.elements)
        else:
            tested.values.append(None)

    # -- look-ups

    def _lookups(self, module: Module) -> Iterator[Found]:
        """`HANDLERS[event]` of a dict whose keys are events."""
        for node in walk(module.tree):
            keys = [_text(each.key) for each in _elements(node)]
            if len(keys) < 2 or None in keys or not {str(key) for key in keys} <= set(self.known):
                continue
            name = _name_of(module, node)
            for place in walk(module.tree) if name else ():
                if not isinstance(place, cst.Subscript) or dotted_name(place.value) != name:
                    continue
                if self._is_open(module, place):
                    code = module.tree.code_for_node(place).strip()
                    yield module, place, self._request(), f"`{code}` has nothing for a new one"

    def _is_open(self, module: Module, place: cst.Subscript) -> bool:
        index = place.slice[0].slice
        given = not (isinstance(index, cst.Index) and _text(index.value) is not None)
        stored = surroundings.is_stored_to(module, place)
        handled = surroundings.is_handled(module, place, _OF_LOOKUP)
        return given and not stored and not handled and not self._is_own(module, place)

    # -- enumerations

    def _enumerations(self) -> Iterator[Found]:
        """`Event(...)` of an enumeration whose members are registered."""
        kinds = {id(kind): kind for kind in map(_class_of, self.pieces) if kind is not None}
        names = {kind.name.value for kind in kinds.values() if not _has_missing(kind)}
        for module in self.modules if names else ():
            if is_test_module(module):
                continue
            for node in walk(module.tree):
                if not isinstance(node, cst.Call) or len(node.args) != 1 or node.args[0].keyword is not None:
                    continue
                name = dotted_name(node.func).rpartition(".")[2]
                if name not in names or _text(node.args[0].value) is not None:
                    continue
                if not surroundings.is_handled(module, node, _OF_ENUM) and not self._is_own(module, node):
                    yield module, node, self._request(), f"`{name}` refuses a new one"


def _text(node: cst.BaseExpression) -> str | None:
    return string_value(node) if isinstance(node, cst.SimpleString) else None


def _elements(node: cst.CSTNode) -> list[cst.DictElement]:
    """The entries of a dict display that has nothing else in it."""
    if not isinstance(node, cst.Dict):
        return []
    found = [each for each in node.elements if isinstance(each, cst.DictElement)]
    return found if len(found) == len(node.elements) else []


def _name_of(module: Module, node: cst.CSTNode) -> str:
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        return dotted_name(parent.targets[0].target)
    return dotted_name(parent.target) if isinstance(parent, cst.AnnAssign) else ""


def _class_of(piece: Piece) -> cst.ClassDef | None:
    """The class whose body holds a literal as a member's value."""
    if piece.module is None or piece.node is None:
        return None
    for around in ancestors(piece.module, piece.node):
        if isinstance(around, cst.ClassDef):
            return around
        if isinstance(around, cst.FunctionDef):
            return None
    return None


def _has_missing(kind: cst.ClassDef) -> bool:
    return any(
        isinstance(each, cst.FunctionDef) and each.name.value == "_missing_" for each in kind.body.body
    )
