"""The old name kept beside the new one: where a field is looked at by computed names, models or tables."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.levels import Levels, table_of
from aurora_migrate.changes.fields.strange import reason_of_strangers
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.trees import walk
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
    missed: bool
    """Whether the program goes on where the object has no such field."""

    def statement(self, plan: Plan, module: Module, name: str, is_there: bool) -> str:
        """The statement for the object that goes by `name`; without `is_there` it may be None or empty."""
        asked = self.missed or not is_there
        if not self.taken:
            value = f'{name}["{self.new}"]'
        elif asked:
            value = f'{name}.pop("{self.new}")'
        else:
            value = f'{name}.pop("{self.new}", None)'
        if self.levels is not None:
            value = f"{table_of(plan, self.levels, self.old, module)}.get({value})"
        given = f'{name}["{self.old}"] = {value}'
        if not asked:
            return given
        found = "" if is_there else f"{name} and "
        return f'if {found}"{self.new}" in {name}:\n{module.tree.default_indent}{given}'


class _Given(Protocol):
    """What an object is given where it comes to be."""

    def statement(self, plan: Plan, module: Module, name: str, is_there: bool) -> str: ...


def put_alias(
    context: Context, plan: Plan, alias: Alias, holders: Sequence[Part], like: Sequence[Part]
) -> list[Part]:
    """Where each of the objects comes out of the body, give it its field's old name again.

    `like` are parts that are such objects, too, whether the field is looked at in them or not; those of them
    that come out of their bodies at the same places, and so have the old name again, are returned.
    """
    keys = {part.key for part in like}
    for holder in holders:
        # `body.get("design", body)` is the whole body only where that is the object itself.
        keys |= {holder.key, *_outer_keys(holder)}
    places: set[int] = set()
    for part in holders:
        if all(request.is_unsettled for request in part.origin.requests):
            continue
        births = list(_births(context, part))
        if not births:
            raise Refused("the place where the object comes out of the body was not found")
        for birth in births:
            place = _own_place(context, birth, part, keys)
            places.add(id(place.node))
            put_below(plan, alias, place)
    return [part for part in like if _comes_by(context, part, keys, places)]


def _comes_by(context: Context, part: Part, keys: set[Hashable], places: set[int]) -> bool:
    """Whether all places where an object comes out of the body are among some."""
    births = list(_births(context, part))
    try:
        return bool(births) and all(
            id(_own_place(context, birth, part, keys).node) in places for birth in births
        )
    except Refused:
        return False


def _outer_keys(part: Part) -> Iterator[Hashable]:
    """The keys of all that it stands in, the whole body first."""
    return (replace(part, path=part.path[:depth]).key for depth in range(len(part.path)))


@dataclass(frozen=True, slots=True)
class Place:
    """An expression that gives the object and nothing else."""

    module: Module
    node: cst.Subscript | cst.Call
    name: str
    may_fail: bool
    """Whether the expression raises when the object is not there."""


def _births(context: Context, part: Part) -> Iterator[Read]:
    """The looks that take the object out of the body."""
    seen: set[int] = set()
    for read in context.facts.reads.values():
        if read.found.key == part.key and id(read.node) not in seen:
            seen.add(id(read.node))
            yield read


def _own_place(context: Context, birth: Read, part: Part, holders: set[Hashable]) -> Place:
    """Where the object comes out; where other objects do so, too, the call that gets only this one."""
    node = birth.node
    if birth.form is Form.ATTRIBUTE:
        raise Refused("the object has its keys as attributes, and takes no others by key")
    if isinstance(node, (cst.Subscript, cst.Call)) and not _is_shared(context, node, holders, birth.name):
        return Place(birth.module, node, birth.name, birth.form is not Form.GET)
    for request in part.origin.requests:
        for module, call in reversed(request.callers):
            known = context.facts.part_nodes.get(part.key, {})
            if call is not None and id(call) in known and not _is_shared(context, call, holders, birth.name):
                return Place(module, call, birth.name, True)
    line = birth.module.location(node).start.line
    raise Refused(f"other objects come out of answers at {birth.module.path.name}:{line}, too")


def _is_shared(context: Context, node: cst.CSTNode, holders: set[Hashable], name: str) -> bool:
    """Whether an expression also gives parts of other answers, or what may come from anywhere."""
    if reason_of_strangers(context.facts, [node], name):
        return True
    return any(id(node) in nodes for key, nodes in _other_parts(context, holders) if key not in holders)


def _other_parts(
    context: Context, holders: set[Hashable]
) -> Iterator[tuple[Hashable, Mapping[int, tuple[Module, cst.CSTNode]]]]:
    """The expressions of parts that are not only those which an unseen caller would give."""
    unseen = {
        read.found.key
        for read in context.facts.reads.values()
        if all(request.is_unsettled for request in read.part.origin.requests)
    }
    for key, nodes in context.facts.part_nodes.items():
        if key not in unseen and key not in holders:
            yield key, nodes


def put_below(plan: Plan, alias: _Given, place: Place) -> None:
    """Put a statement below the one in which the object comes to be; a name for it where it has none."""
    module, node = place.module, place.node
    statement = module.parents.get(id(node))
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        if not isinstance(target, (cst.Name, cst.Attribute, cst.Subscript)) or not _is_still(target):
            raise Refused("the object is stored where no statement can follow it")
        name = module.tree.code_for_node(target).strip()
        plan.insert_after(module, statement, alias.statement(plan, module, name, place.may_fail))
        return
    hoisted = _statement_to_precede(module, node)
    name = _free(module, node, place.name)
    plan.insert_before(module, hoisted, f"{name} = {module.tree.code_for_node(node).strip()}")
    plan.insert_before(module, hoisted, alias.statement(plan, module, name, place.may_fail))
    plan.replace(module, node, name)


def _is_still(target: cst.BaseExpression) -> bool:
    """Whether an expression only names a place: it means the same object when it is evaluated again."""
    named = (cst.Name, cst.Attribute, cst.Subscript, cst.SimpleString)
    return all(isinstance(each, named) for each in walk(target) if isinstance(each, cst.BaseExpression))


def _statement_to_precede(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    """The simple statement that evaluates the node first of all: it may be evaluated above it, too."""
    inner, above = node, module.parents.get(id(node))
    while isinstance(above, _EVALUATING):
        if isinstance(above, cst.Call) and not _is_first(above, inner):
            break
        if isinstance(above, cst.Dict) and not _is_first_in(above, inner):
            break
        if isinstance(above, cst.Assign) and above.value is not inner:
            break
        if isinstance(above, cst.BaseSmallStatement):
            return above
        inner, above = above, module.parents.get(id(above))
    raise Refused("the object is used where it comes out of the body, so no statement can come between")


_EVALUATING = (
    cst.Arg,
    cst.Call,
    cst.Await,
    cst.Yield,
    cst.Return,
    cst.Expr,
    cst.Assign,
    cst.DictElement,
    cst.Dict,
)
"""What evaluates an expression when it is run itself."""
_STILL = (cst.Name, cst.Attribute, cst.SimpleString, cst.Integer)


def _is_first_in(display: cst.Dict, inner: cst.CSTNode) -> bool:
    """Whether nothing but names is evaluated before this element of a display."""
    for element in display.elements:
        if not isinstance(element, cst.DictElement) or not isinstance(element.key, _STILL):
            return False
        if element is inner:
            return True
        if not isinstance(element.value, _STILL):
            return False
    return False


def _is_first(call: cst.Call, inner: cst.CSTNode) -> bool:
    """Whether nothing but names is evaluated before this argument of a call."""
    if call.func is inner or dotted(call.func) is None:
        return False
    for arg in call.args:
        if arg is inner:
            return True
        if not _only_names(arg.value):
            return False
    return False


def _only_names(node: cst.BaseExpression) -> bool:
    """Whether an expression only puts names and texts together."""
    if isinstance(node, cst.FormattedString):
        held = [part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression)]
        return all(map(_only_names, held))
    if isinstance(node, cst.BinaryOperation):
        return _only_names(node.left) and _only_names(node.right)
    return isinstance(node, _STILL)


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
