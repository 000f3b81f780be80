"""Looks of tests at bodies that were sent: at fields that moved, at those that are gone, at all names."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.traces import trace_of_read
from aurora_migrate.changes.moved.sites import Table
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.reads import Form, Read

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
        if above is None or string_value(above) != table.old:
            raise Refused("the object was taken out of the body before")
        plan.cut(read.module, above, 0, len(table.old), holder)
    if name != read.name:
        plan.cut(read.module, key, 0, len(read.name), name)


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
