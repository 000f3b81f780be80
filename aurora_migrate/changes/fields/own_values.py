"""Values of a renamed field that the program itself has: given to a model, or tested beside answers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.levels import Levels
from aurora_migrate.changes.fields.strange import refuse_strangers_tested
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import Ties
from aurora_migrate.flow.alternatives import iterate_texts
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field
from aurora_migrate.flow.reads import Match, Read
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry, Text


def given_to(facts: Facts, field: Field) -> Iterator[tuple[Module, cst.BaseExpression]]:
    """The expressions that the program gives to a model's field: default, keywords, assignments."""
    declared = declaration(field.owner, field.name)
    if declared is not None and declared.value is not None:
        yield field.owner.module, declared.value
    key = (id(field.owner.node), field.name)
    for module, arg in facts.field_keywords.get(key, {}).values():
        yield module, arg.value
    for module, attribute in facts.members.get(key, {}).values():
        target = module.parents.get(id(attribute))
        statement = module.parents.get(id(target)) if isinstance(target, cst.AssignTarget) else None
        if isinstance(statement, cst.Assign):
            yield module, statement.value


def map_given(facts: Facts, plan: Plan, levels: Levels, reads: Sequence[Read]) -> set[int]:
    """Put new values where the program gives a level to a model's field that answers fill, too.

    The literals that were mapped; Refused where it gives what is not written there.
    """
    fields = {(id(read.field.owner.node), read.field.name): read.field for read in reads if read.field}
    looks = {id(read.node) for read in reads}
    mapped: set[int] = set()
    for field in fields.values():
        for module, value in given_to(facts, field):
            if id(value) in mapped or id(value) in looks or _is_none(value):
                continue
            put_literal(plan, levels, field, module, value)
            mapped.add(id(value))
    return mapped


def put_literal(plan: Plan, levels: Levels, field: Field, module: Module, value: cst.BaseExpression) -> None:
    """Put the new value into the place of a literal; Refused where it is none."""
    if not isinstance(value, cst.SimpleString):
        line = module.location(value).start.line
        raise Refused(f"what `{field.name}` is given at {module.path.name}:{line} is no literal")
    text = string_value(value)
    plan.cut(module, value, 0, len(text), levels.new(text))


def _is_none(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value == "None"


def sent_as(context: Context, names: Iterable[str]) -> set[int]:
    """The literals that requests to Aurora carry under these names: the rules for those change them."""
    known = _sent_literals(context.facts, context.ties)
    return {literal for name in names for literal in known.get(name, ())}


def places_sent(context: Context, name: str) -> set[Hashable]:
    """The places of entries that requests to Aurora carry under a name: those change with the name there."""
    return {entry.place for entry in _sent_entries(context.facts, context.ties).get(name, ())}


@lru_cache(maxsize=2)
def _sent_literals(facts: Facts, ties: Ties) -> dict[str, set[int]]:
    return {
        name: {id(p.node) for entry in entries for text in iterate_texts(entry.value) for p in text.pieces}
        for name, entries in _sent_entries(facts, ties).items()
    }


@lru_cache(maxsize=2)
def _sent_entries(facts: Facts, ties: Ties) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for request in facts.requests.values():
        for body in request.bodies if ties.of(request) is not None else ():
            for entry in (entry for each in body.every() for entry, _ in each.fields):
                if entry.name is not None:
                    found.setdefault(entry.name, []).append(entry)
    return found


def refuse_others_tested(facts: Facts, matches: Sequence[Match], mapped: set[int]) -> None:
    """Refuse where a test also gets a value that stays an old one: one of the program's own, or a stranger's.

    `mapped` are the literals that become new ones.
    """
    known = mapped | {id(piece.node) for match in matches for piece in match.value.pieces}
    sought: dict[int, set[str | None]] = {}
    for match in matches:
        sought.setdefault(id(match.looker or match.node), set()).add(match.value.literal)
    for match in matches:
        node = match.looker or match.node
        refuse_strangers_tested(facts, node)
        inside = {id(each) for each in walk(node)}
        for text in facts.tested.get(id(node), {}).values():
            nodes = {id(piece.node) for piece in text.pieces if piece.node is not None}
            is_old = text.literal is None or text.literal in sought[id(node)]
            if is_old and nodes and not nodes <= known | inside:
                raise Refused(f"the program's own {_shown(text)} is tested there, too")


def _shown(text: Text) -> str:
    said = repr(text.literal) if text.literal is not None else "text"
    for piece in text.pieces:
        if piece.node is not None and piece.module is not None:
            return f"{said} of {piece.module.path.name}:{piece.module.location(piece.node).start.line}"
    return said
