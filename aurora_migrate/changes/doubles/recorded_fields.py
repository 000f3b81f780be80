"""Fields of recorded answers that are gone: taken out where the successor is recorded, too, else renamed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields import request_fields
from aurora_migrate.changes.fields.names import Renaming
from aurora_migrate.changes.fields.renamings import Cluster, clusters, place_of
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.values import Entry


def find(context: Context, rule: Rule, old: str, new: str) -> Iterator[Finding]:
    """Every recorded answer that has the old field; with no new name, all are left to the user."""
    sent = Sent(context, rule)
    for cluster in clusters(sent.entries(old), context.facts):
        beside = [any(entry.name == new for entry, _ in held.owner.fields) for held in cluster.held]
        if all(beside) or not new:
            yield _finding(context, rule, sent, cluster, new)
    if new:
        yield from _renamed(context, rule, sent, old, new)


def _renamed(context: Context, rule: Rule, sent: Sent, old: str, new: str) -> Iterator[Finding]:
    taken_out = {
        cluster_place
        for cluster in clusters(sent.entries(old), context.facts)
        if all(any(entry.name == new for entry, _ in held.owner.fields) for held in cluster.held)
        for module, node in [place_of(cluster)]
        for cluster_place in [module.location(node)]
    }
    for finding in request_fields.find(context, rule, {old: new}):
        if finding.location not in taken_out:
            yield finding


def _finding(context: Context, rule: Rule, sent: Sent, cluster: Cluster, new: str) -> Finding:
    module, node = place_of(cluster)
    location, subject = module.location(node), source_of(module, node)
    trace = trace_of(cluster.held[0].request, node)
    try:
        if not new:
            raise Refused("the settings do not say which field takes its place")
        plan = Plan(clean=False)
        renaming = Renaming(context.facts, context.modules, cluster.name, new)
        for entry in cluster.entries.values():
            if sent.elsewhere(entry):
                raise Refused(f"the same object also goes to {sent.elsewhere(entry)}")
            if context.facts.looks.get(entry.place):
                raise Refused("the program also reads it there")
            if not entry.uses:
                raise Refused("it is not written in a place of its own")
            if _is_beside(cluster, entry, new):
                _refuse_another(entry, cluster, new)
                plan.take_out(entry.uses[-1])
            else:
                renaming.at_entry(entry)
        renaming.carry_out(plan)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), trace, subject)
    return fixable(rule, location, Certainty.PROVEN, edits, trace, subject)


def _is_beside(cluster: Cluster, entry: Entry, new: str) -> bool:
    """Whether the successor stands in the same display: what is stored later takes that one's place."""
    use = entry.uses[-1]
    if isinstance(use.operand, cst.Assign):
        return False
    successors = (
        each.uses[-1]
        for held in cluster.held
        for found, _ in held.owner.fields
        if found.name == new
        for each in found.every()
        if each.uses
    )
    return any(each.container is use.container for each in successors)


def _refuse_another(entry: Entry, cluster: Cluster, new: str) -> None:
    """Refuse where the successor says something else: what the test expects would not follow."""
    said = _said(entry)
    for held in cluster.held:
        for found, _ in held.owner.fields:
            if found.name == new and _said(found) != said:
                raise Refused(
                    f"`{new}` stands beside it with another value; take this one out, and expect that value"
                )


def _said(entry: Entry) -> str:
    """The source of what an entry was given."""
    use = entry.uses[-1] if entry.uses else None
    operand = use.operand if use is not None else None
    if use is None or not isinstance(operand, (cst.DictElement, cst.Arg)):
        return ""
    return use.module.tree.code_for_node(operand.value).strip()
