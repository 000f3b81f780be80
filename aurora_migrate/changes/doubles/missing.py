"""Answers that a test has to give once the program asks more, or elsewhere: items of lists, successors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, as_unsafe, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.items import Names, answer_items, body_keyword, is_strict, url_argument
from aurora_migrate.changes.doubles.tied import Tied
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.doubles import Double, Doubles
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.places import Marker

REASON = "the migrated program also asks for each item alone, and this test answers that nowhere"


def find(context: Context, rule: Rule, told: Sequence[Tied]) -> Iterator[Finding]:
    """Recorded lists whose items the program then retrieves one by one, which no double answers."""
    doubles = context.facts.doubles
    if doubles is None:
        return
    successor = context.catalogue.endpoint(rule.parameters.text("retrieve"))
    retrieving, looking = _asking(context, rule, doubles)
    answering = [tied.double for tied in told if _answers(context, tied, successor)]
    answered = {test for double in answering if double is not None for test in double.tests}
    listed = context.catalogue.endpoints_of(rule)[0].response_wrapper
    names = Names(listed, successor.response_wrapper, rule.parameters.text("id"))
    shown: set[int] = set()
    for tied in told:
        double = tied.double
        if double is None or id(double.node) in shown or not _lists(context, rule, tied):
            continue
        if double.tests & (retrieving | looking) - answered:
            shown.add(id(double.node))
            ready = double.tests - answered <= retrieving or bool(
                double.tests & retrieving - answered and not is_strict(double)
            )
            yield _finding(context, rule, tied, double, names, ready)


def find_successor(context: Context, rule: Rule, told: Sequence[Tied]) -> Iterator[Finding]:
    """Recorded answers of a call that becomes one of another endpoint, which no double answers."""
    doubles = context.facts.doubles
    if doubles is None:
        return
    successor = context.catalogue.endpoint(rule.parameters.text("successor"))
    changing: set[int] = set()
    for test, sent in doubles.sent_in.items():
        for request in sent.values():
            tie = context.ties.of(request)
            follows = tie is not None and successor in tie.endpoints[:1]
            if follows or (_asks_with(request, rule) and context.ties.concerned(request, rule) is not None):
                changing.add(test)
    answering = [tied.double for tied in told if _answers(context, tied, successor)]
    answered = {test for double in answering if double is not None for test in double.tests}
    shown: set[int] = set()
    for tied in told:
        double = tied.double
        ours = context.ties.concerned(tied.request, rule) is Certainty.PROVEN
        if double is None or not ours or id(double.node) in shown:
            continue
        if double.tests & changing - answered:
            shown.add(id(double.node))
            yield _other_endpoint(rule, tied, double, successor)


def _asks_with(request: Request, rule: Rule) -> bool:
    role = request.roles.get("params")
    names = {entry.name for entry in role.entries.items} if role is not None and role.entries else set()
    return bool(names & set(rule.parameters.texts("query")))


def _other_endpoint(rule: Rule, tied: Tied, double: Double, successor: Endpoint) -> Finding:
    location, subject = double.module.location(double.node), source_of(double.module, double.node)
    certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
    reason = f"the migrated program calls {successor.title} instead, and this test answers that nowhere"
    found = manual(rule, location, certainty, reason, trace_of(tied.request, double.node), subject)
    advice = f"Answer {successor.method} {successor.path} where this answers now; the body can stay."
    return replace(found, advice=advice)


def _asking(context: Context, rule: Rule, doubles: Doubles) -> tuple[set[int], set[int]]:
    """The tests whose code retrieves items, and those whose code looks for what the list no longer has."""
    kept = rule.parameters.texts("kept")
    item = (context.catalogue.endpoints_of(rule)[0].response_wrapper, Marker.ITEM)
    looking = {
        id(request.node)
        for read, _ in context.ties.reads(context.facts, rule)
        if read.part.path == item and read.name not in kept
        for request in read.part.origin.requests
    }
    wanted = rule.parameters.text("retrieve")
    found: tuple[set[int], set[int]] = (set(), set())
    for test, sent in doubles.sent_in.items():
        for request in sent.values():
            tie = context.ties.of(request)
            if tie is not None and any(each.id == wanted for each in tie.endpoints[:1]):
                found[0].add(test)
            if id(request.node) in looking and context.ties.concerned(request, rule) is not None:
                found[1].add(test)
    return found


def _answers(context: Context, tied: Tied, endpoint: Endpoint) -> bool:
    """Whether it answers for one item, as far as its URL and what it says tell."""
    tie, double = context.ties.of(tied.request), tied.double
    if tie is None or double is None or endpoint not in tie.endpoints[:1]:
        return False
    return not double.bodies or any(
        True for body in double.bodies for _ in body.at(endpoint.response_wrapper)
    )


def _lists(context: Context, rule: Rule, tied: Tied) -> bool:
    """Whether it is an answer of the list that has items."""
    concerned = context.ties.concerned(tied.request, rule)
    if tied.double is None or concerned is None:
        return False
    if concerned is not Certainty.PROVEN and not tied.double.pattern:
        return False
    wrapper = context.catalogue.endpoints_of(rule)[0].response_wrapper
    held = [inner for body in tied.double.bodies for _, inner in body.at(wrapper)]
    return any(body.items or body.open for body in held)


def _finding(context: Context, rule: Rule, tied: Tied, double: Double, names: Names, ready: bool) -> Finding:
    location, subject = double.module.location(double.node), source_of(double.module, double.node)
    certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
    trace = trace_of(tied.request, double.node)
    try:
        if not tied.certain or not ready:
            raise Refused(REASON)
        plan = Plan(clean=False)
        answer_items(plan, double, names)
        edits = carried_out(plan, context.modules)
    except Refused:
        found = manual(rule, location, certainty, REASON, trace, subject)
        return _with_example(found, double, names)
    found = fixable(rule, location, certainty, edits, trace, subject)
    return as_unsafe(found, "answer for each item, too")


def _with_example(found: Finding, double: Double, names: Names) -> Finding:
    arg = url_argument(double)
    body = f'{{"{names.item}": item}}'
    if arg is not None and isinstance(double.node, cst.Call):
        url = " ".join(double.module.tree.code_for_node(arg.value).split())
        call = double.module.tree.code_for_node(double.node.func)
        example = f'{call}({url} + "/" + item["{names.key}"], {body_keyword(double.node)}={body})'
    else:
        example = body
    return replace(found, advice=f"Beside the list, answer for each of its items, too:\n\n    {example}")
