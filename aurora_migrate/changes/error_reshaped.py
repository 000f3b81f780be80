"""Kind error-reshaped: what an answer said of a refusal under one key is a list of messages under another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes import message_matched
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.errors import models as error_models
from aurora_migrate.changes.errors import rewrite as error_rewrite
from aurora_migrate.changes.errors.beside import beside, searches
from aurora_migrate.changes.errors.lists import displays_of
from aurora_migrate.changes.errors.reads import Look, Migrated, looks
from aurora_migrate.changes.errors.reasons import reason_against, suggestion
from aurora_migrate.changes.errors.text import Shape
from aurora_migrate.changes.fates.governing import alternatives
from aurora_migrate.changes.fates.judge import Judge, Verdict
from aurora_migrate.changes.fates.program import Program
from aurora_migrate.changes.fates.trail import End, Fate
from aurora_migrate.changes.fields.names import refuse_rebound
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Edit, Finding
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk


@dataclass(slots=True)
class _Case:
    """A look with what is known of it: why it is not rewritten, or the edits that do it."""

    look: Look
    verdict: Verdict | None
    reason: str = ""
    edits: tuple[Edit, ...] = ()
    claimed: list[Fate] = field(default_factory=list)
    """The hindrances that another rule reports."""
    hindrances: list[Fate] = field(default_factory=list)
    displays: list[cst.List] = field(default_factory=list)
    """The lists of one text that become the list of messages."""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every look for an old error at the top of an answer, and what else hangs on its shape."""
    keys = rule.parameters.texts("old-keys")
    every = looks(context, rule, keys)
    migrated = Migrated(context.facts, rule.parameters.text("list-key"), keys, _versions(context, rule))
    found = [look for look in every if not migrated.covers(look)]
    yield from beside(context, rule, every)
    yield from searches(context, rule)
    if found:
        yield from _of_looks(context, rule, found, [look for look in every if look not in found])


def _versions(context: Context, rule: Rule) -> frozenset[str]:
    others = context.catalogue.rules.values()
    old = {each.parameters.text("old-version") for each in others if "old-version" in each.parameters}
    return frozenset({rule.version, *old})


def _of_looks(context: Context, rule: Rule, found: list[Look], covered: list[Look]) -> Iterator[Finding]:
    shape = Shape.of(rule)
    asked = {node for held in context.facts.looks.values() for node in held}
    verdicts = Judge(Program(context.modules, asked), context.facts, found, covered).verdicts()
    elsewhere = message_matched.claimed(context)
    cases = [_case(context, look, verdicts.get(id(look.node)), set(elsewhere)) for look in found]
    _settle(context, shape, cases)
    reported: set[tuple[Path, int]] = set()
    for case in cases:
        yield from _findings(context, rule, shape, case, reported)


def _case(context: Context, look: Look, verdict: Verdict | None, elsewhere: set[int]) -> _Case:
    case = _Case(look, verdict, displays=displays_of(look))
    for fate in verdict.hindrances if verdict is not None else ():
        if case.displays and is_test_module(fate.module):
            # The list that a test expects goes with the answers that it records.
            continue
        theirs = _is_claimed(fate, elsewhere)
        (case.claimed if theirs else case.hindrances).append(fate)
    if verdict is not None and verdict.one_of_several is not None and not case.displays:
        case.hindrances.append(verdict.one_of_several)
    case.reason = reason_against(context, look, [*case.hindrances, *case.claimed])
    return case


def _is_claimed(fate: Fate, elsewhere: set[int]) -> bool:
    match = fate.module.parents.get(id(fate.node))
    place = match if isinstance(match, cst.Match) else fate.node
    return any(id(each) in elsewhere for each in walk(place))


def _settle(context: Context, shape: Shape, cases: list[_Case]) -> None:
    """Plan what can be rewritten: a test for the key goes with all that it decides about, or not at all."""
    for group in _groups(cases):
        hindered = [case for case in group if case.reason]
        ready = [case for case in group if not case.reason and not (hindered and _only_tests(case))]
        for case in group:
            if not case.reason and hindered and _only_tests(case):
                line = case.look.module.location(hindered[0].look.node).start.line
                case.reason = f"it decides whether line {line} runs, which is not rewritten"
        bundles = [ready] if any(_only_tests(case) for case in ready) else _clusters(ready)
        for bundle in bundles:
            _plan(context, shape, bundle)


def _clusters(cases: Sequence[_Case]) -> list[list[_Case]]:
    """The looks that one rewrite serves: operands of one chain of `or`, the fields of one model."""
    found: dict[int, list[_Case]] = {}
    for case in cases:
        found.setdefault(error_rewrite.anchor_of(case.look), []).append(case)
    return list(found.values())


def _plan(context: Context, shape: Shape, bundle: Sequence[_Case]) -> None:
    plan = Plan(clean=False)
    beside: list[Edit] = []
    try:
        for cluster in _clusters(bundle):
            members = [(case.look, case.verdict) for case in cluster]
            for read in (read for look, _ in members for read in look.reads):
                refuse_rebound(context.modules, read)
            if cluster[0].look.form is Form.FIELD:
                error_models.reshape(context, plan, shape, cluster[0].look)
            elif any(case.verdict is not None and case.verdict.flat for case in cluster):
                beside.extend(error_rewrite.flattened(plan, shape, members))
            else:
                error_rewrite.rewrite(plan, shape, members, cluster[0].displays)
        edits = tuple(sorted((*carried_out(plan, context.modules), *beside)))
    except Refused as refused:
        for case in bundle:
            case.reason = str(refused)
        return
    for case in bundle:
        case.edits = edits


def _groups(cases: list[_Case]) -> list[list[_Case]]:
    """Cases that a test for the key ties together, and those that one expression holds."""
    group_of = {id(case): [case] for case in cases}
    for first in cases:
        for second in cases:
            ours, theirs = group_of[id(first)], group_of[id(second)]
            if ours is not theirs and _belong_together(first, second):
                ours.extend(theirs)
                for each in theirs:
                    group_of[id(each)] = ours
    unique = {id(group): group for group in group_of.values()}
    return list(unique.values())


def _belong_together(first: _Case, second: _Case) -> bool:
    if not first.look.origins & second.look.origins:
        return False
    same = error_rewrite.anchor_of(first.look) == error_rewrite.anchor_of(second.look)
    return same or (_only_tests(first) and _decides(first, second))


def _only_tests(case: _Case) -> bool:
    return error_rewrite.only_tests(case.look, case.verdict)


def _decides(test: _Case, case: _Case) -> bool:
    if test.look.module is not case.look.module:
        return False
    return any(
        each is test.look.node
        for place in alternatives(case.look.module, case.look.node)
        for each in walk(place)
    )


def _findings(
    context: Context, rule: Rule, shape: Shape, case: _Case, reported: set[tuple[Path, int]]
) -> Iterator[Finding]:
    look = case.look
    trace = trace_of(look.read.part.origin.requests[0])
    if not case.reason:
        location, subject = look.module.location(look.node), source_of(look.module, look.node)
        yield fixable(rule, location, look.certainty, case.edits, trace, subject, key=look.read.name)
        return
    for fate in case.hindrances:
        line = fate.module.location(fate.node).start.line
        place = (fate.module.path, line)
        if fate.end is not End.LOST and place not in reported and not _same_line(fate, look):
            reported.add(place)
            where = f"{look.module.path.name}:{look.module.location(look.node).start.line}"
            write = suggestion(context.facts, shape, look, _only_tests(case))
            reason = f"what {where} reads {fate.says} here: {write}"
            there, subject = fate.module.location(fate.node), source_of(fate.module, fate.node)
            yield manual(rule, there, look.certainty, reason, trace, subject, key=look.read.name)
    if case.claimed and not case.hindrances and all(_holds(fate, look) for fate in case.claimed):
        return
    location, subject = look.module.location(look.node), source_of(look.module, look.node)
    reason = f"{case.reason}; {suggestion(context.facts, shape, look, _only_tests(case))}"
    yield manual(rule, location, look.certainty, reason, trace, subject, key=look.read.name)


def _holds(fate: Fate, look: Look) -> bool:
    """Whether the other rule's finding already points at the look itself."""
    return fate.module is look.module and (
        _same_line(fate, look) or any(each is look.node for each in walk(fate.node))
    )


def _same_line(fate: Fate, look: Look) -> bool:
    if fate.module is not look.module:
        return False
    return fate.module.location(fate.node).start.line == look.module.location(look.node).start.line
