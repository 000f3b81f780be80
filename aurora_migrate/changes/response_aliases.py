"""The old name kept beside the new one: where a field is looked at by computed names, models or tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.names import mentions
from aurora_migrate.changes.response_values import Levels, table_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Form, Read
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Part


def put_alias(
    context: Context, plan: Plan, levels: Levels | None, old: str, new: str, reads: Sequence[Read]
) -> None:
    """Below each assignment that takes the object out of the body, give it its field's old name again."""
    taken = any(read.form in (Form.FIELD, Form.ARGUMENT) for read in reads)
    holders = {read.part.key: read.part for read in reads}
    for part in holders.values():
        births = list(_births(context, part))
        if not births:
            raise Refused("the place where the object comes out of the body was not found")
        for birth in births:
            _put(plan, levels, old, new, birth, taken)


def _births(context: Context, part: Part) -> Iterator[Read]:
    """The looks that take the object out of the body."""
    seen: set[int] = set()
    for read in context.facts.reads.values():
        if read.found.key == part.key and id(read.node) not in seen:
            seen.add(id(read.node))
            yield read


def _put(plan: Plan, levels: Levels | None, old: str, new: str, birth: Read, taken: bool) -> None:
    module = birth.module
    node = birth.node
    assert isinstance(node, cst.BaseExpression) or birth.form is Form.CASE
    statement = module.parents.get(id(node))
    if isinstance(statement, cst.Await):
        statement = module.parents.get(id(statement))
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        if not isinstance(target, cst.Name):
            raise Refused("the object is stored where no statement can follow it")
        plan.insert_after(
            module, statement, _aliasing(plan, levels, old, new, module, target.value, birth, taken)
        )
    elif isinstance(statement, cst.Return) and statement.value is node:
        name = _free(module, birth.name)
        plan.insert_before(module, statement, f"{name} = {module.tree.code_for_node(node).strip()}")
        plan.insert_before(module, statement, _aliasing(plan, levels, old, new, module, name, birth, taken))
        plan.replace(module, node, name)
    else:
        raise Refused("the object is used where it comes out of the body, so no statement can come between")


def _aliasing(
    plan: Plan,
    levels: Levels | None,
    old: str,
    new: str,
    module: Module,
    name: str,
    birth: Read,
    taken: bool,
) -> str:
    if taken:
        value = f'{name}.pop("{new}", None)'
    elif birth.form is Form.GET:
        value = f'{name}.get("{new}")'
    else:
        value = f'{name}["{new}"]'
    if levels is not None:
        value = f"{table_of(plan, levels, old, module)}.get({value})"
    return f'{name}["{old}"] = {value}'


def _free(module: Module, wanted: str) -> str:
    name = wanted if wanted.isidentifier() else "found"
    while next(mentions(module, name), None) is not None:
        name += "_"
    return name
