"""Kind header-added: a header that every call of Aurora's is to send, once per shared headers or session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.headers import expected as header_expected
from aurora_migrate.changes.headers.additions import Header, HeaderPlacer, Places
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Edit, Finding
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.values import Unknown


@dataclass(slots=True)
class _Place:
    """One place where the header goes in, and the requests that get it there."""

    places: Places
    edits: tuple[Edit, ...]
    requests: list[Request] = field(default_factory=list)


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that lacks the header, and every call that cannot get it."""
    proven = _ours(context)
    likely = {
        id(request.node): request
        for request in context.facts.requests.values()
        if context.targets.certainty(request) is Certainty.LIKELY
    }
    yield from _missing(context, rule, list(proven.values()))
    for key, request in likely.items():
        if key not in proven:
            reason = "its host is not in the code; name what holds it in `base-url-names`"
            yield _by_hand(rule, request, reason, Certainty.LIKELY)
    yield from _of_packages(context, rule)
    yield from header_expected.lacking(context, rule)


def _ours(context: Context) -> dict[int, list[Request]]:
    """The requests to Aurora by the call that sends them.

    Beside those that are proven there are those to what an unseen caller may give in place of Aurora's host.
    """
    found: dict[int, list[Request]] = {}
    for request in context.facts.requests.values():
        hole = request.url.pieces[0].hole if request.url.pieces else None
        given = request.explored and isinstance(hole, Unknown) and context.targets.is_default(hole)
        if given or context.targets.certainty(request) is Certainty.PROVEN:
            found.setdefault(id(request.node), []).append(request)
    return found


def _missing(context: Context, rule: Rule, calls: Sequence[list[Request]]) -> Iterator[Finding]:
    header = Header(rule.parameters.text("header"), f'"{rule.parameters.text("value")}"')
    ours = [request for requests in calls for request in requests]
    placer = HeaderPlacer(context.facts, ours, header, context.modules)
    found: dict[tuple[Edit, ...], _Place] = {}
    for every in calls:
        requests = _telling(every, placer)
        plan = Plan(clean=False)
        try:
            places = placer.place(plan, requests)
            if not places:
                continue
            edits = carried_out(plan, context.modules)
        except Refused as refused:
            yield _by_hand(rule, requests[0], str(refused), Certainty.PROVEN)
            continue
        found.setdefault(edits, _Place(places, edits)).requests.extend(requests)
    for place in found.values():
        yield _finding(rule, place)


def _telling(requests: Sequence[Request], placer: HeaderPlacer) -> Sequence[Request]:
    """The requests of a call that tell which headers it sends.

    A function that was only tried may have been tried with a client that was not made to its end.
    """
    real = [request for request in requests if not request.explored]
    if real:
        return real
    made = {_client(request) for request in requests if placer.has_header(request)} - {None}
    return [request for request in requests if placer.has_header(request) or _client(request) not in made]


def _client(request: Request) -> int | None:
    return id(request.client.node) if request.client is not None else None


def _finding(rule: Rule, place: _Place) -> Finding:
    module, node = place.places[0]
    count = len({id(request.node) for request in place.requests})
    how = "a call of Aurora's" if count == 1 else f"{count} calls of Aurora's"
    trace, subject = trace_of(place.requests[0], node), source_of(module, node)
    location = module.location(node)
    return fixable(rule, location, Certainty.PROVEN, place.edits, trace, subject, how=how)


def _by_hand(rule: Rule, request: Request, reason: str, certainty: Certainty) -> Finding:
    module, node = request.module, request.node
    subject = source_of(module, node)
    return manual(rule, module.location(node), certainty, reason, trace_of(request), subject, how="a call")


def _of_packages(context: Context, rule: Rule) -> Iterator[Finding]:
    """Clients of a published package send headers of their own."""
    package, name = rule.parameters.text("module"), rule.parameters.text("class")
    for call in context.facts.sdk_calls.values():
        if call.name.split(".")[0] == package and call.name.rpartition(".")[2] == name:
            module, subject = call.module, source_of(call.module, call.node)
            reason = f"the package `{package}` sends headers of its own"
            location = module.location(call.node)
            yield manual(rule, location, Certainty.PROVEN, reason, (), subject, how="a call")
