"""Looks of tests at bodies that were sent: at fields that moved, at those that are gone, at all names."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.traces import trace_of_read
from aurora_migrate.changes.moved.sites import Table
from aurora_migrate.changes.repeats.own_names import (
    FunctionNode,
    assigned,
    bindings,
    function_of,
    is_stable,
    names_in,
)
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.trees import walk

_READERS = frozenset({"loads", "json", "decode"})
"""Functions and methods that read a body, as often as they are asked."""
_BLOCKS = (cst.IndentedBlock, cst.Module)
_TAKERS = frozenset({"set", "sorted", "list", "tuple", "frozenset", "dict", "len", "iter"})


def find_moved(context: Context, rule: Rule) -> Iterator[Finding]:
    """Looks at fields that are in another object now, or have another name there."""
    table = Table.of(rule, ())
    for read, certainty in context.ties.reads(context.facts, rule):
        place = table.places.get(read.name)
        if place is not None and read.part.path[-1:] == (table.old,) and place != (table.old, read.name):
            yield _moved(context, rule, table, read, certainty, place)
        elif read.name == table.old and read.form is Form.SUBSCRIPT:
            yield from _taken(context, rule, read, certainty)


def _moved(
    context: Context, rule: Rule, table: Table, read: Read, certainty: Certainty, place: tuple[str, str]
) -> Finding:
    holder, name = place
    location, subject = read.module.location(read.node), source_of(read.module, read.node)
    trace, names = trace_of_read(read), {"objects": f"`{holder}`"}
    try:
        if certainty is not Certainty.PROVEN:
            raise Refused("which server it was sent to cannot be told")
        plan = Plan(clean=False)
        _put(plan, table, read, holder, name)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        reason = f'{refused}; what it looks for is `["{holder}"]["{name}"]` of the body'
        return manual(rule, location, certainty, reason, trace, subject, **names)
    return fixable(rule, location, certainty, edits, trace, subject, **names)


def _put(plan: Plan, table: Table, read: Read, holder: str, name: str) -> None:
    """Write the new object and name where both keys are written out."""
    key = _literal_key(read.node)
    if key is None:
        raise Refused("the key is not written where it is looked for")
    if holder != table.old:
        outer = read.node.value if isinstance(read.node, cst.Subscript) else None
        if isinstance(read.node, cst.Call) and isinstance(read.node.func, cst.Attribute):
            outer = read.node.func.value
        above = _literal_key(outer) if outer is not None else None
        tolerant = read.form is Form.GET
        if above is not None and string_value(above) == table.old:
            if tolerant and isinstance(outer, cst.Subscript):
                plan.replace(read.module, outer, _asked_of(read.module, outer, above, holder, tolerant))
            else:
                plan.cut(read.module, above, 0, len(table.old), holder)
        elif isinstance(outer, cst.Name):
            plan.replace(read.module, outer, _asked_again(read.module, outer, table.old, holder, tolerant))
        else:
            raise Refused("the object was taken out of the body before")
    if name != read.name:
        plan.cut(read.module, key, 0, len(read.name), name)


def _asked_of(
    module: Module, value: cst.BaseExpression, key: cst.SimpleString, holder: str, tolerant: bool
) -> str:
    """A look at a body as one for another object; `tolerant`: which not every body has."""
    new = cst.SimpleString(f"{key.quote}{holder}{key.quote}")
    if tolerant and isinstance(value, cst.Subscript):
        return f"{module.tree.code_for_node(value.value).strip()}.get({new.value}, {{}})"
    changed = value.deep_replace(key, new)
    return module.tree.code_for_node(changed) if isinstance(changed, cst.BaseExpression) else ""


def _asked_again(module: Module, name: cst.Name, old: str, holder: str, tolerant: bool) -> str:
    """What gave a variable the object, asked for another object of the same body."""
    function = function_of(module, name)
    value = assigned(function, name.value)
    key = _literal_key(value)
    same = value is not None and _is_repeatable(function, value) and _only_checks(module, value, name)
    if value is None or key is None or string_value(key) != old or not same:
        raise Refused("the object was taken out of the body before")
    return _asked_of(module, value, key, holder, tolerant)


def _is_repeatable(function: FunctionNode, value: cst.BaseExpression) -> bool:
    """Whether an expression gives the same later on: nothing in it is bound twice, or does anything."""
    calls = [each for each in walk(value) if isinstance(each, cst.Call)]
    return all(last_name(call.func) in _READERS for call in calls) and all(
        is_stable(function, name) or not list(bindings(function, name)) for name in names_in(value)
    )


def _only_checks(module: Module, first: cst.CSTNode, last: cst.CSTNode) -> bool:
    """Whether nothing is sent between two places of a block: there are only assertions."""
    top, begin = _statement(module, first)
    while top is not module.parents.get(id(last)):
        parent = module.parents.get(id(last))
        if parent is None:
            return False
        last = parent
    between = top.body[top.body.index(begin) + 1 : top.body.index(last)] if isinstance(top, _BLOCKS) else ()
    return isinstance(top, _BLOCKS) and all(_is_check(statement) for statement in between)


def _statement(module: Module, node: cst.CSTNode) -> tuple[cst.CSTNode | None, cst.CSTNode]:
    """The statement that a node is part of, and the block that holds it."""
    block = module.parents.get(id(node))
    while block is not None and not isinstance(block, _BLOCKS):
        node, block = block, module.parents.get(id(block))
    return block, node


def _is_check(statement: cst.CSTNode) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    if isinstance(small, cst.Expr) and isinstance(small.value, cst.Call):
        return last_name(small.value.func).startswith("assert")
    return isinstance(small, cst.Assert)


def _literal_key(node: cst.CSTNode | None) -> cst.SimpleString | None:
    """The literal that a subscript, or a call of `get`, looks for."""
    key: cst.CSTNode | None = None
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        part = node.slice[0].slice
        key = part.value if isinstance(part, cst.Index) else None
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.args:
        key = node.args[0].value if node.func.attr.value in ("get", "pop") else None
    return key if isinstance(key, cst.SimpleString) else None


def _taken(context: Context, rule: Rule, read: Read, certainty: Certainty) -> Iterator[Finding]:
    """The object taken as a whole, for all the names in it."""
    for module, node in context.facts.part_nodes.get(read.found.key, {}).values():
        parent = module.parents.get(id(node))
        call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
        named = call.func.value if isinstance(call, cst.Call) and isinstance(call.func, cst.Name) else ""
        if named in _TAKERS:
            reason = "the test looks at all the names in it"
            location, subject = module.location(node), source_of(module, node)
            yield manual(
                rule, location, certainty, reason, trace_of_read(read), subject, objects=f"`{read.name}`"
            )


def find_gone(context: Context, rule: Rule, name: str) -> Iterator[Finding]:
    """Looks at a field that is no longer sent."""
    for read, certainty in context.ties.reads(context.facts, rule):
        if read.name == name:
            location, subject = read.module.location(read.node), source_of(read.module, read.node)
            yield manual(
                rule,
                location,
                certainty,
                "the test looks whether and how it was sent",
                trace_of_read(read),
                subject,
            )
