"""Objects that tests hand straight to the program, where it gets a part of an answer otherwise."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.field_removed import successor_of
from aurora_migrate.changes.field_renamed import levels_of
from aurora_migrate.changes.fields import response_fields
from aurora_migrate.changes.fields.response_fields import Change
from aurora_migrate.flow.doubles import Double
from aurora_migrate.flow.test_modules import is_test_module

LIBRARY = "stand-in"
"""What stands in the place of a library's name."""


def found(context: Context) -> Iterator[Double]:
    """Each object for each part of an answer that it stands in for: the same expression looks into both."""
    doubles = context.facts.doubles
    known: dict[Hashable, Double] = {}
    for read in context.facts.reads.values():
        for key, made in doubles.stand_ins.get(id(read.node), {}).items() if doubles is not None else ():
            place = (key, read.part.key)
            if place not in known:
                known[place] = Double(
                    made.module, made.node, LIBRARY, None, None, bodies=made.bodies, part=read.part
                )
            known[place].called_at.add(id(read.node))
    yield from known.values()


def changes_of(context: Context, rule: Rule) -> list[Change]:
    """What a rule does to fields of answers."""
    if Where.RESPONSE_BODY not in rule.where:
        return []
    if rule.kind == "field-renamed":
        levels = levels_of(context, rule)
        return [Change(old, new, levels) for old, new in rule.parameters.text_map("fields").items()]
    if rule.kind == "field-removed":
        return [Change(rule.parameters.text("field"), successor_of(context, rule))]
    return []


def is_stored(context: Context, rule: Rule, double: Double) -> bool:
    """Whether the program finds a field of the old name there that it has stored itself."""
    part = double.part
    if part is None or double.library != LIBRARY:
        return False
    stored = context.facts.stored_looks
    return any(part.step(change.old).key in stored for change in changes_of(context, rule))


def left_lookers(context: Context, rule: Rule) -> set[int]:
    """What looks into stand-ins, and cannot be rewritten: the tests must not be ahead of it."""
    doubles = context.facts.doubles
    standing = set(doubles.stand_ins) if doubles is not None else set()
    nodes: set[int] = set()
    for change in changes_of(context, rule):
        for group in response_fields.groups_of(context, rule, change):
            mine = {id(read.node) for read in group.reads.values()}
            if mine & standing and response_fields.is_left(context, rule, change, group):
                nodes |= mine
    return nodes


def without_lookers(context: Context) -> Context:
    """The facts without the looks of code that looks into answers, too: those change with the answers."""
    facts = context.facts
    lookers = {id(read.node) for read in facts.reads.values() if not is_test_module(read.module)}
    looks = {
        place: {node: look for node, look in held.items() if node not in lookers}
        for place, held in facts.looks.items()
    }
    return replace(context, facts=replace(facts, looks=looks))
