"""A table's column under its old name again: where a program asks a frame of answers for a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.levels import Levels, table_of
from aurora_migrate.changes.fields.response_aliases import Place, put_below
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.values import Part


@dataclass(frozen=True, slots=True)
class Column:
    """What a table is given below the call that makes it: a column under its old name, of old values."""

    old: str
    new: str
    levels: Levels | None

    def statement(self, plan: Plan, module: Module, name: str, is_there: bool) -> str:
        """The statement for the table that goes by `name`; without `is_there` it may have no rows."""
        values = f'{name}.pop("{self.new}")'
        if self.levels is not None:
            values = f"{values}.map({table_of(plan, self.levels, self.old, module)})"
        given = f'{name}["{self.old}"] = {values}'
        return given if is_there else f'if "{self.new}" in {name}:\n{module.tree.default_indent}{given}'


def put_columns(
    context: Context, plan: Plan, column: Column, holders: Sequence[Part], reads: Sequence[Read]
) -> None:
    """Give each table of these objects its old column again; Refused where they are more than its rows."""
    if any(read.form is not Form.COLUMN for read in reads):
        raise Refused("the field is looked at outside of tables, too")
    keys = {holder.key for holder in holders}
    tables = [table for table in context.facts.tables.values() if keys & table.rows.keys()]
    if keys - {key for table in tables for key in table.rows}:
        raise Refused("the call that makes the table was not found")
    for table in tables:
        if table.mixed or table.rows.keys() - keys or {column.old, column.new} & table.own:
            line = table.module.location(table.node).start.line
            raise Refused(f"the table of {table.module.path.name}:{line} has other rows, too")
        put_below(plan, column, Place(table.module, table.node, "table", not table.may_be_empty))
