"""Tests that expect all the headers of a call, to which one is added or from which one is taken."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.denials import is_denied
from aurora_migrate.changes.doubles.tied import Doubles
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Entry, Mapping

HOW = "a call of Aurora's that this test expects"


@dataclass(frozen=True, slots=True)
class _Expected:
    """Headers that a test writes out, and the place that holds them against those of a call."""

    module: Module
    node: cst.CSTNode
    mapping: Mapping
    entries: tuple[Entry, ...]


def lacking(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every expectation of all headers that has not got the header."""
    name, value = rule.parameters.text("header"), rule.parameters.text("value")
    for expected in _expectations(context):
        if not any((entry.name or "").lower() == name.lower() for entry in expected.entries):
            plan = Plan(clean=False)
            yield _finding(context, rule, expected, plan, f'"{value}"')


def having(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every expectation of all headers that has got the header."""
    name = rule.parameters.text("header").lower()
    for expected in _expectations(context):
        for entry in expected.entries:
            if (entry.name or "").lower() == name:
                yield _finding(context, rule, expected, Plan(clean=False), "", entry)


def _expectations(context: Context) -> Iterator[_Expected]:
    doubles = Doubles(context)
    shown: set[int] = set()
    for each in [*_of_calls(doubles), *_of_objects(context, doubles)]:
        if id(each.mapping.node) not in shown and each.mapping.module is not None:
            shown.add(id(each.mapping.node))
            if is_test_module(each.mapping.module):
                yield each


def _of_calls(doubles: Doubles) -> Iterator[_Expected]:
    """`get.assert_called_once_with(url, headers={...})`."""
    for tied in doubles.expected():
        request, role = tied.request, tied.request.roles.get("headers")
        if not tied.certain or role is None or role.mapping is None or role.entries is None:
            continue
        if role.entries.items and not role.entries.open and not role.entries.rest:
            yield _Expected(request.module, request.node, role.mapping, role.entries.items)


def _of_objects(context: Context, doubles: Doubles) -> Iterator[_Expected]:
    """`assert session.headers == {...}`."""
    places: set[Hashable] = {
        entry.place
        for request in context.facts.requests.values()
        if context.targets.certainty(request) is Certainty.PROVEN
        for role in request.header_roles()
        for entry in (role.entries.items if role.entries is not None else ())
    }
    for compared in doubles.facts.compared.values():
        if not compared.places & places or is_denied(compared.module, compared.node):
            continue
        for body in compared.bodies:
            if body.mapping is not None and not body.open:
                entries = tuple(entry for entry, _ in body.fields)
                yield _Expected(compared.module, compared.node, body.mapping, entries)


def _finding(
    context: Context, rule: Rule, expected: _Expected, plan: Plan, value: str, entry: Entry | None = None
) -> Finding:
    module, node = expected.mapping.module, expected.mapping.node
    if module is None or node is None:
        module, node = expected.module, expected.node
    location, subject = module.location(node), source_of(module, node)
    try:
        _change(plan, rule, expected, module, node, value, entry)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), (), subject, how=HOW)
    return fixable(rule, location, Certainty.PROVEN, edits, (), subject, how=HOW)


def _change(
    plan: Plan,
    rule: Rule,
    expected: _Expected,
    module: Module,
    node: cst.CSTNode,
    value: str,
    entry: Entry | None,
) -> None:
    """Plan the header into the expected headers, or out of them."""
    if module is not expected.module or not _is_own(module, node, expected.node):
        raise Refused("the headers that the test expects are used elsewhere, too: change what it expects")
    if entry is None:
        plan.add_entry(module, node, rule.parameters.text("header"), value)
    elif entry.uses and isinstance(entry.uses[-1].operand, (cst.DictElement, cst.Arg)):
        plan.take_out(entry.uses[-1])
    else:
        raise Refused("the headers that the test expects are put together elsewhere")


def _is_own(module: Module, node: cst.CSTNode, place: cst.CSTNode) -> bool:
    """Whether the display stands where it is held against the headers."""
    current: cst.CSTNode | None = node
    while current is not None and current is not place:
        current = module.parents.get(id(current))
    return current is place
