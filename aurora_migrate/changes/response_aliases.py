"""The old name kept beside the new one: where a field is looked at by computed names, models or tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.response_values import Levels, table_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused, dotted, walk
from aurora_migrate.flow.facts import Form, Read
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Part


@dataclass(frozen=True, slots=True)
class Alias:
    """What the object is given below the place where it comes out of the body.

    `taken`: the new key must not stay in it, because it is spread over the fields of a model.
    """

    old: str
    new: str
    levels: Levels | None
    taken: bool

    def statement(self, plan: Plan, module: Module, name: str, birth: Read) -> str:
        """The statement for the object that goes by `name`."""
        if self.taken:
            value = f'{name}.pop("{self.new}", None)'
        elif birth.form is Form.GET:
            value = f'{name}.get("{self.new}")'
        else:
            value = f'{name}["{self.new}"]'
        if self.levels is not None:
            value = f"{table_of(plan, self.levels, self.old, module)}.get({value})"
        return f'{name}["{self.old}"] = {value}'


def put_alias(context: Context, plan: Plan, alias: Alias, holders: Sequence[Part]) -> None:
    """Where each of the objects comes out of the body, give it its field's old name again."""
    for part in holders:
        births = list(_births(context, part))
        if not births:
            raise Refused("the place where the object comes out of the body was not found")
        for birth in births:
            _put(plan, alias, birth)


def _births(context: Context, part: Part) -> Iterator[Read]:
    """The looks that take the object out of the body."""
    seen: set[int] = set()
    for read in context.facts.reads.values():
        if read.found.key == part.key and id(read.node) not in seen:
            seen.add(id(read.node))
            yield read


def _put(plan: Plan, alias: Alias, birth: Read) -> None:
    module, node = birth.module, birth.node
    if not isinstance(node, (cst.Subscript, cst.Call)):
        raise Refused("the object is bound in a way that leaves no place for a statement")
    statement = module.parents.get(id(node))
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        if not isinstance(target, cst.Name):
            raise Refused("the object is stored where no statement can follow it")
        plan.insert_after(module, statement, alias.statement(plan, module, target.value, birth))
        return
    hoisted = _statement_to_precede(module, node)
    name = _free(module, node, birth.name)
    plan.insert_before(module, hoisted, f"{name} = {module.tree.code_for_node(node).strip()}")
    plan.insert_before(module, hoisted, alias.statement(plan, module, name, birth))
    plan.replace(module, node, name)


def _statement_to_precede(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    """The simple statement that evaluates the node first of all: it may be evaluated above it, too."""
    inner, above = node, module.parents.get(id(node))
    while isinstance(above, (cst.Arg, cst.Call, cst.Await, cst.Return, cst.Expr, cst.Assign)):
        if isinstance(above, cst.Call) and not _is_first(above, inner):
            break
        if isinstance(above, cst.Assign) and above.value is not inner:
            break
        if isinstance(above, cst.BaseSmallStatement):
            return above
        inner, above = above, module.parents.get(id(above))
    raise Refused("the object is used where it comes out of the body, so no statement can come between")


def _is_first(call: cst.Call, inner: cst.CSTNode) -> bool:
    """Whether nothing but names is evaluated before this argument of a call."""
    if call.func is inner or dotted(call.func) is None:
        return False
    for arg in call.args:
        if arg is inner:
            return True
        if not isinstance(arg.value, (cst.Name, cst.Attribute, cst.SimpleString, cst.Integer)):
            return False
    return False


def _free(module: Module, node: cst.CSTNode, wanted: str) -> str:
    """A name that nothing around the node means anything by."""
    around: cst.CSTNode = node
    while not isinstance(around, (cst.FunctionDef, cst.Module)):
        around = module.parents[id(around)]
    taken = {each.value for each in walk(around) if isinstance(each, cst.Name) and _is_variable(module, each)}
    name = wanted if wanted.isidentifier() else "found"
    while name in taken:
        name += "_"
    return name


def _is_variable(module: Module, name: cst.Name) -> bool:
    parent = module.parents.get(id(name))
    if isinstance(parent, cst.Arg):
        return parent.keyword is not name
    return not isinstance(parent, cst.Attribute) or parent.attr is not name
