"""The looks into answers for what was refused and why, and which of them know the new shape already."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fates.governing import alternatives, governors
from aurora_migrate.changes.fates.program import Place
from aurora_migrate.changes.fields.keys import key_of_read
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.strangers import is_of_caller
from aurora_migrate.flow.trees import walk


@dataclass(slots=True)
class Look:
    """One place that looks for an old key at the top of an answer, whatever requests it may answer."""

    module: Module
    node: cst.CSTNode
    reads: list[Read]
    certainty: Certainty
    foreign: bool = False
    """Whether answers of others are looked into there, too."""
    names: set[str] = field(default_factory=set)
    """Every key that is looked for there."""

    @property
    def read(self) -> Read:
        return self.reads[0]

    @property
    def form(self) -> Form:
        return self.reads[0].form

    @property
    def keys(self) -> set[Hashable]:
        """The parts of responses that it finds."""
        return {read.found.key for read in self.reads}

    @property
    def origins(self) -> set[int]:
        return {read.part.origin.number for read in self.reads}

    @property
    def key_node(self) -> cst.CSTNode | None:
        """The expression that gives the key."""
        return key_of_read(self.read)

    @property
    def receiver(self) -> cst.BaseExpression | None:
        """The expression that is looked into."""
        node = self.node
        if isinstance(node, cst.Subscript):
            return node.value
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return node.func.value
        if isinstance(node, cst.Comparison) and self.form is Form.IN:
            return node.comparisons[0].comparator
        return None


def looks(context: Context, rule: Rule, keys: Sequence[str]) -> list[Look]:
    """The places that look for one of the keys at the top of an answer of the rule's endpoints."""
    every: dict[int, list[Read]] = {}
    for read in context.facts.reads.values():
        every.setdefault(id(read.node), []).append(read)
    certainties = {
        id(read): certainty
        for read, certainty in context.ties.reads(context.facts, rule)
        if certainty is Certainty.PROVEN or not _may_be_of_others(context, read)
    }
    found: list[Look] = []
    for all_reads in every.values():
        reads = [read for read in all_reads if not (read.part.origin.succeeded and read.part.path == ())]
        # What only unseen callers could bring says nothing where callers are seen.
        seen = [read for read in reads if not is_of_caller(read.part)] or reads
        ours = [
            read for read in seen if id(read) in certainties and _is_look(read, keys) and not read.written
        ]
        if ours:
            # Where the program is seen to come by, what a trial could not tell says nothing.
            telling = [read for read in ours if not read.explored] or ours
            likely = any(certainties[id(read)] is Certainty.LIKELY for read in telling)
            others = [read for read in reads if read not in ours and _is_look(read, keys)]
            certainty = Certainty.LIKELY if likely else Certainty.PROVEN
            look = Look(ours[0].module, ours[0].node, [*ours, *others], certainty)
            look.foreign = len(ours) < len([read for read in seen if read.name in keys])
            look.names = {read.name for read in seen}
            found.append(look)
    return sorted(found, key=lambda look: (look.module.path, look.module.location(look.node)))


def _may_be_of_others(context: Context, read: Read) -> bool:
    """Whether the answer can come from a host that is known to be another's."""
    return any(context.targets.of(request.url).owner is Owner.OTHER for request in read.part.origin.requests)


def _is_look(read: Read, keys: Sequence[str]) -> bool:
    return read.part.path == () and read.name in keys and read.form not in (Form.STORE, Form.DELETE)


class Migrated:
    """Where the program reads the new shape, and so which looks for the old one are a fallback."""

    def __init__(self, facts: Facts, new_key: str, old_keys: Sequence[str], versions: frozenset[str]) -> None:
        self._versions = versions
        self._nodes: dict[int, set[int]] = {}
        """Nodes that look for the new key or hold what is there, by the number of the answer."""
        old: set[int] = set()
        for read in facts.reads.values():
            if read.part.path == () and read.name == new_key:
                self._note(read.part.origin.number, read.node, key_of_read(read))
            elif read.part.path == () and read.name in old_keys:
                old.add(id(read.node))
        for (number, path), places in _parts(facts):
            if path == (new_key,):
                self._nodes.setdefault(number, set()).update(places)
            elif path in [(key,) for key in old_keys]:
                old.update(places)
        self._tolerant = {
            id(read.node)
            for read in facts.reads.values()
            if read.name == new_key and old & {id(each) for each in _beside(read.module, read.node)}
        }
        """Looks for the new key that stand beside one for the old one: they say nothing of other places."""
        self._tolerant |= old
        for read in facts.reads.values():
            key = key_of_read(read) if id(read.node) in self._tolerant else None
            self._tolerant.update([id(key)] if key is not None else [])

    def _note(self, number: int, *nodes: cst.CSTNode | None) -> None:
        self._nodes.setdefault(number, set()).update(id(node) for node in nodes if node is not None)

    def covers(self, look: Look) -> bool:
        """Whether the program already reads the new shape, and this is what it does with the old one."""
        if self._is_fallback(look) or self._asks_for_version(look):
            return True
        known = {node for origin in look.origins for node in self._nodes.get(origin, ())} - self._tolerant
        return bool(known) and any(
            id(each) in known for place in alternatives(look.module, look.node) for each in walk(place)
        )

    def _is_fallback(self, look: Look) -> bool:
        """`body.get("new") or body["old"]`, `body.get("new", body["old"])`; `not in` with `and`."""
        known = {node for origin in look.origins for node in self._nodes.get(origin, ())}
        return any(id(each) in known for each in _beside(look.module, look.node))

    def _asks_for_version(self, look: Look) -> bool:
        return all(read.guarded for read in look.reads) or any(
            isinstance(each, cst.SimpleString) and string_value(each) in self._versions
            for governor in governors(look.module, look.node)
            for each in walk(governor.test)
        )


def _parts(facts: Facts) -> Iterator[tuple[tuple[int, tuple[object, ...]], dict[int, Place]]]:
    for key, places in facts.part_nodes.items():
        if isinstance(key, tuple) and len(key) == 2:
            yield (key[0], key[1]), dict(places)


def _beside(module: Module, node: cst.CSTNode) -> list[cst.BaseExpression]:
    """The operands of the chain of `or`; what a default is for; the `and` around `not in`."""
    parent = module.parents.get(id(node))
    negative = isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, cst.NotIn)
    if negative and isinstance(parent, cst.BooleanOperation) and isinstance(parent.operator, cst.And):
        return [parent.left, parent.right]
    top = or_chain(module, node)
    arg = module.parents.get(id(top))
    call = module.parents.get(id(arg)) if isinstance(arg, cst.Arg) else None
    # `body.get("new", body["old"])` looks for the old one whatever there is.
    eager = isinstance(node, cst.Subscript) and top is node
    default = isinstance(call, cst.Call) and len(call.args) == 2 and call.args[1] is arg
    if isinstance(call, cst.Call) and default and _is_getter(call) and not eager:
        return [*or_operands(module, node), *_beside(module, call)]
    return or_operands(module, node)


def _is_getter(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in ("get", "pop")


def or_operands(module: Module, node: cst.CSTNode) -> list[cst.BaseExpression]:
    """The operands of the chain of `or` that a node is one of; itself when there is none."""
    top = or_chain(module, node)
    return list(_operands(top)) if isinstance(top, cst.BaseExpression) else []


def or_chain(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    """The whole chain of `or` that a node is an operand of."""
    while True:
        parent = module.parents.get(id(node))
        if not isinstance(parent, cst.BooleanOperation) or not isinstance(parent.operator, cst.Or):
            return node
        node = parent


def _operands(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        yield from _operands(node.left)
        yield from _operands(node.right)
    else:
        yield node
