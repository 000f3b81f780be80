"""A model's field that answers fill and requests send: it holds new values, the program sees old ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.names import Renaming
from aurora_migrate.changes.fields.response_values import Levels, table_of
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Body, Facts
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field
from aurora_migrate.flow.reads import Form, Read

_SPREAD = (Form.FIELD, Form.COMPARED)
"""How a model is filled from an answer without its program spelling the field's name."""


def sent_fields(facts: Facts) -> set[tuple[int, str]]:
    """The fields of models that requests carry, by the declaring class's node and name."""
    found: set[tuple[int, str]] = set()
    for request in facts.requests.values():
        for body in request.bodies:
            for each in _every(body):
                found.update(
                    (id(entry.field.owner.node), entry.field.name)
                    for entry, _ in each.fields
                    if entry.field is not None
                )
    return found


def _every(body: Body) -> Iterator[Body]:
    yield body
    for _, held in body.fields:
        for inner in held:
            yield from _every(inner)
    for item in body.items:
        yield from _every(item)


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
        declared = declaration(self.found.owner, self.found.name)
        if declared is not None and declared.value is not None:
            self._write(self.found.owner.module, declared.value)
        key = (id(self.found.owner.node), self.found.name)
        for module, arg in self.context.facts.field_keywords.get(key, {}).values():
            self._write(module, arg.value)
        for module, attribute in self._members():
            target = module.parents.get(id(attribute))
            statement = module.parents.get(id(target)) if isinstance(target, cst.AssignTarget) else None
            if isinstance(statement, cst.Assign):
                self._write(module, statement.value)

    def _write(self, module: Module, value: cst.BaseExpression) -> None:
        if isinstance(value, cst.Name) and value.value == "None":
            return
        if isinstance(value, cst.SimpleString):
            text = string_value(value)
            self.plan.cut(module, value, 0, len(text), self.levels.new(text))
        elif any(value is attribute for _, attribute in self._members()):
            self.kept.add(id(value))
        else:
            line = module.location(value).start.line
            raise Refused(f"what `{self.found.name}` is given at {module.path.name}:{line} is no literal")
