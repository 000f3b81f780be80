"""Tests that expect a whole body, of which the program sends more objects now, some of them empty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.tied import Tied
from aurora_migrate.changes.moved.sites import Table
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.facts import Body


def find(context: Context, rule: Rule, expected: Iterable[Tied]) -> Iterator[Finding]:
    """Every written body that lacks an object which the program's body has in any case.

    All that the test expected to be sent has been given its place: what is not there is empty.
    """
    table = Table.of(rule, ())
    shown: set[int] = set()
    for tied in expected:
        if context.ties.concerned(tied.request, rule) is not Certainty.PROVEN:
            continue
        for body in tied.request.bodies:
            if not set(table.objects[1:]) & tied.always:
                continue  # the program is not that far
            missing = [name for name in table.objects if name in tied.always and not any(body.at(name))]
            if body.mapping is None or body.open or not missing or id(body.mapping.node) in shown:
                continue
            if _is_migrated(table, body):
                shown.add(id(body.mapping.node))
                yield replace(_finding(context, rule, tied, body, missing), follows=True)


def _is_migrated(table: Table, body: Body) -> bool:
    """Whether every field of the old object is where it belongs now."""
    for entry, held in body.fields:
        for inner in held if entry.name == table.old else ():
            if any(table.target(each) != table.old or table.renamed(each) for each, _ in inner.fields):
                return False
    return True


def _finding(context: Context, rule: Rule, tied: Tied, body: Body, missing: list[str]) -> Finding:
    assert body.mapping is not None
    node = body.mapping.node if body.mapping.node is not None else tied.request.node
    module = body.mapping.module or tied.request.module
    location, subject, trace = module.location(node), source_of(module, node), trace_of(tied.request, node)
    names = {"objects": ", ".join(f"`{name}`" for name in missing)}
    certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
    try:
        if not tied.certain or not isinstance(node, (cst.Dict, cst.Call)):
            raise Refused(f"the body has {names['objects']} now, with nothing in it; the test does not")
        plan = Plan(clean=False)
        for name in missing:
            plan.add_entry(module, node, name, "{}")
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, certainty, str(refused), trace, subject, **names)
    return fixable(rule, location, certainty, edits, trace, subject, **names)
