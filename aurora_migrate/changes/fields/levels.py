"""The user's map of a field's old values to new ones, and the tables of it that fixes put into modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


@dataclass(frozen=True, slots=True)
class Levels:
    """The user's map of old values to new ones, and what the setting is called."""

    new_of: Mapping[str, str]
    setting: str

    def new(self, old: str | None) -> str:
        """The new value; Refused when the map does not have the old one."""
        if old is None or old not in self.new_of:
            raise Refused(f"`{self.setting}` of [tool.aurora-migrate] does not say what {old!r} is now")
        return self.new_of[old]


def table_of(plan: Plan, levels: Levels, old: str, module: Module) -> str:
    """The module's table of new values to old ones, which is put below its imports; its name."""
    if not levels.new_of:
        raise Refused(f"`{levels.setting}` of [tool.aurora-migrate] says nothing")
    return put_table(
        plan, module, f"{old.upper()}S", [(value, level) for level, value in levels.new_of.items()]
    )


def put_table(plan: Plan, module: Module, name: str, entries: Sequence[tuple[str, str]]) -> str:
    """A constant of the module that maps texts, put below its imports unless it is there; its name."""
    lines = "".join(f'    "{key}": "{value}",\n' for key, value in entries)
    source = f"{name} = {{\n{lines}}}"
    for node in mentions(module, name):
        assignment = module.parents.get(id(module.parents.get(id(node), node)))
        if not isinstance(assignment, cst.Assign) or not _is_same(module, assignment, source):
            continue
        return name
    if next(mentions(module, name), None) is not None:
        raise Refused(f"`{name}` means something else in {module.path.name}")
    plan.insert_apart(module, _below_imports(module), source)
    return name


def _is_same(module: Module, assignment: cst.Assign, source: str) -> bool:
    there = cst.parse_module(source).body[0]
    assert isinstance(there, cst.SimpleStatementLine)
    wanted = there.body[0]
    return isinstance(wanted, cst.Assign) and _entries(wanted.value) == _entries(assignment.value)


def _entries(node: cst.BaseExpression) -> list[tuple[object, object]]:
    if not isinstance(node, cst.Dict):
        return []
    return [
        (element.key.evaluated_value, element.value.evaluated_value)
        for element in node.elements
        if isinstance(element, cst.DictElement)
        and isinstance(element.key, cst.SimpleString)
        and isinstance(element.value, cst.SimpleString)
    ]


def _below_imports(module: Module) -> cst.CSTNode:
    """The first statement of a module that is neither its docstring nor one of the imports at its top.

    What stands between later imports may already run functions that need the table.
    """
    below = 0
    for statement in module.tree.body:
        if not _is_import(statement) and (below > 0 or not _is_docstring(statement)):
            break
        below += 1
    if below == len(module.tree.body):
        raise Refused(f"{module.path.name} has no place for a table of the values")
    return module.tree.body[below]


def _is_docstring(statement: cst.CSTNode) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Expr) and isinstance(small.value, (cst.SimpleString, cst.ConcatenatedString))


def _is_import(statement: cst.CSTNode) -> bool:
    """`import a`, also where it is tried or depends on something and nothing else is run there."""
    if isinstance(statement, (cst.If, cst.Try)):
        inside = list(walk(statement))
        runs = any(isinstance(each, cst.Call) for each in inside)
        return not runs and any(isinstance(each, (cst.Import, cst.ImportFrom)) for each in inside)
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(
        statement.body[0], (cst.Import, cst.ImportFrom)
    )
