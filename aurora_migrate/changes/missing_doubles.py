"""Answers that a test has to give once the program asks more, or elsewhere: items of lists, successors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.doubles import Tied
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.doubles import Double, Doubles
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.values import Marker

REASON = "the migrated program also asks for each item alone, and this test answers that nowhere"


def find(context: Context, rule: Rule, told: Sequence[Tied]) -> Iterator[Finding]:
    """Recorded lists whose items the program then retrieves one by one, which no double answers."""
    doubles = context.facts.doubles
    if doubles is None:
        return
    successor = context.catalogue.endpoint(rule.parameters.text("retrieve"))
    asking = _asking(context, rule, doubles)
    answering = [tied.double for tied in told if _answers(context, tied, successor)]
    answered = {test for double in answering if double is not None for test in double.tests}
    shown: set[int] = set()
    for tied in told:
        double = tied.double
        if double is None or id(double.node) in shown or not _lists(context, rule, tied):
            continue
        if double.tests & asking - answered:
            shown.add(id(double.node))
            yield _finding(rule, tied, double, successor.response_wrapper, rule.parameters.text("id"))


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


def _asking(context: Context, rule: Rule, doubles: Doubles) -> set[int]:
    """The tests whose code looks for what the list no longer has, or retrieves the items already."""
    kept = rule.parameters.texts("kept")
    item = (context.catalogue.endpoints_of(rule)[0].response_wrapper, Marker.ITEM)
    looking = {
        id(request.node)
        for read, _ in context.ties.reads(context.facts, rule)
        if read.part.path == item and read.name not in kept
        for request in read.part.origin.requests
    }
    wanted = rule.parameters.text("retrieve")
    found: set[int] = set()
    for test, sent in doubles.sent_in.items():
        for request in sent.values():
            tie = context.ties.of(request)
            retrieves = tie is not None and any(each.id == wanted for each in tie.endpoints[:1])
            lists = id(request.node) in looking and context.ties.concerned(request, rule) is not None
            if retrieves or lists:
                found.add(test)
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
    if context.ties.concerned(tied.request, rule) is not Certainty.PROVEN or tied.double is None:
        return False
    wrapper = context.catalogue.endpoints_of(rule)[0].response_wrapper
    held = [inner for body in tied.double.bodies for _, inner in body.at(wrapper)]
    return any(body.items or body.open for body in held)


def _finding(rule: Rule, tied: Tied, double: Double, wrapper: str, name: str) -> Finding:
    location, subject = double.module.location(double.node), source_of(double.module, double.node)
    certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
    found = manual(rule, location, certainty, REASON, trace_of(tied.request, double.node), subject)
    return _with_example(found, double, wrapper, name)


def _with_example(found: Finding, double: Double, wrapper: str, name: str) -> Finding:
    url = _url_source(double)
    body = f'{{"{wrapper}": item}}'
    if url and isinstance(double.node, cst.Call):
        call = double.module.tree.code_for_node(double.node.func)
        example = f'{call}({url} + "/" + item["{name}"], json={body})'
    else:
        example = body
    return replace(found, advice=f"Beside the list, answer for each of its items, too:\n\n    {example}")


def _url_source(double: Double) -> str:
    """The source of the argument that gives the URL of a registration."""
    nodes = {id(piece.node) for piece in double.url.pieces if piece.node} if double.url is not None else set()
    call = double.node
    for arg in call.args if isinstance(call, cst.Call) else ():
        stack: list[cst.CSTNode] = [arg.value]
        while stack:
            node = stack.pop()
            if id(node) in nodes or (isinstance(node, cst.Name) and node.value.isupper()):
                return " ".join(double.module.tree.code_for_node(arg.value).split())
            stack.extend(node.children)
    return ""
