"""A model's field that answers fill and requests send: it holds new values, the program sees old ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.levels import Levels, table_of
from aurora_migrate.changes.fields.names import Renaming
from aurora_migrate.changes.fields.own_values import given_to, put_literal
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Facts, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field
from aurora_migrate.flow.reads import Form, Read

_SPREAD = (Form.FIELD, Form.COMPARED)
"""How a model is filled from an answer without its program spelling the field's name."""


@lru_cache(maxsize=2)
def sent_fields(facts: Facts) -> set[tuple[int, str]]:
    """The fields of models that requests carry, by the declaring class's node and name."""
    return fields_in(facts.requests.values())


def fields_in(requests: Iterable[Request]) -> set[tuple[int, str]]:
    """The same of some requests."""
    found: set[tuple[int, str]] = set()
    for request in requests:
        for body in request.bodies:
            for each in body.every():
                found.update(
                    (id(entry.field.owner.node), entry.field.name)
                    for entry, _ in each.fields
                    if entry.field is not None
                )
    return found


@dataclass(slots=True)
class BothWays:
    """Renames a field and keeps new values in it.

    What the program gives it is mapped where it is given, what the program reads of it is translated back
    where it is read. Raises Refused where one of these places cannot be rewritten.
    """

    context: Context
    plan: Plan
    levels: Levels
    found: Field
    new: str
    reads: Sequence[Read]
    kept: set[int] = field(default_factory=set)
    """Reads that only move a value from one object of the model to another."""

    def carry_out(self) -> None:
        """Plan all of it."""
        renaming = Renaming(self.context.facts, self.context.modules, self.found.name, self.new)
        renaming.at_field(self.found)
        for read in self.reads:
            if read.form not in _SPREAD:
                raise Refused(f"`{self.found.owner.name}` is sent, too, and made in other ways than by `**`")
        renaming.carry_out(self.plan)
        self._writes()
        for module, attribute in self._members():
            parent = module.parents.get(id(attribute))
            if id(attribute) in self.kept or isinstance(parent, (cst.AssignTarget, cst.Del)):
                continue
            table = table_of(self.plan, self.levels, self.found.name, module)
            self.plan.wrap(module, attribute, f"{table}.get({INNER})")

    def _members(self) -> list[tuple[Module, cst.Attribute]]:
        key = (id(self.found.owner.node), self.found.name)
        return list(self.context.facts.members.get(key, {}).values())

    def _writes(self) -> None:
        for module, value in given_to(self.context.facts, self.found):
            self._write(module, value)

    def _write(self, module: Module, value: cst.BaseExpression) -> None:
        if isinstance(value, cst.Name) and value.value == "None":
            return
        if any(value is attribute for _, attribute in self._members()):
            self.kept.add(id(value))
        else:
            put_literal(self.plan, self.levels, self.found, module, value)
