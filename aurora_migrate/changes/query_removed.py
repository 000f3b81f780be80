"""Kind query-removed: query parameters are gone; what they did is the work of another endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, fixable, manual, source_of
from aurora_migrate.changes.queries.left_out import say_outright
from aurora_migrate.changes.queries.places import Parameter, parameters_of
from aurora_migrate.changes.queries.same_owner import Owner, refuse_unless_same
from aurora_migrate.changes.queries.taken_over import TakingOver
from aurora_migrate.changes.repeats.own_names import function_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Edit, Finding
from aurora_migrate.flow.facts import Request


@dataclass(slots=True)
class _Place:
    """One place that gives a request a parameter which is gone, with all such requests."""

    parameter: Parameter
    requests: list[tuple[Request, Certainty]] = field(default_factory=list)

    def seen(self) -> list[tuple[Request, Certainty]]:
        """The requests of code that was seen to run, if there are any; else those of code that was tried."""
        return [pair for pair in self.requests if not pair[0].explored] or self.requests


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that gives a call of the endpoint one of the parameters."""
    places: dict[tuple[int, str], _Place] = {}
    for request, certainty in context.ties.requests(context.facts, rule):
        for parameter in parameters_of(request, rule.parameters.texts("query")):
            key = (id(parameter.node), parameter.name)
            places.setdefault(key, _Place(parameter)).requests.append((request, certainty))
    for request in context.ties.guessed(context.facts, rule):
        for parameter in parameters_of(request, rule.parameters.texts("query")):
            key = (id(parameter.node), parameter.name)
            places.setdefault(key, _Place(parameter, [(request, Certainty.LIKELY)]))
    outcomes: dict[int, tuple[Edit, ...] | str] = {}
    for place in places.values():
        yield _finding(context, rule, place, outcomes)


def _finding(
    context: Context, rule: Rule, place: _Place, outcomes: dict[int, tuple[Edit, ...] | str]
) -> Finding:
    parameter, certainty = place.parameter, Certainty.LIKELY
    edits: set[Edit] = set()
    reason = ""
    for request, known in place.seen():
        if known is Certainty.PROVEN:
            certainty = known
        if id(request) not in outcomes:
            outcomes[id(request)] = _outcome(context, rule, request)
        outcome = outcomes[id(request)]
        if isinstance(outcome, str):
            reason = reason or outcome
        else:
            edits.update(outcome)
    if certainty is not Certainty.PROVEN:
        reason = reason_guessed(request for request, _ in place.requests)
        reason = reason or "it is only likely that the request is Aurora's"
    location = parameter.module.location(parameter.node)
    subject = f"{parameter.name} in {source_of(parameter.module, parameter.node)}"
    trace = trace_of(place.requests[0][0], parameter.node)
    if reason:
        reason += _call_elsewhere(parameter, place.requests[0][0])
        found = manual(rule, location, certainty, reason, trace, subject)
        shown = _new_request(context, rule, place.requests[0][0])
        found = replace(found, advice=f"{found.advice}\n\n    {shown}")
    else:
        found = fixable(rule, location, certainty, tuple(sorted(edits)), trace, subject)
    return replace(found, message=f"`{parameter.name}`: {found.message}")


def _call_elsewhere(parameter: Parameter, request: Request) -> str:
    """Where the call is that hands on a parameter which is written in another line."""
    line = parameter.module.location(parameter.node).start.line
    for module, call in [(request.module, request.node), *reversed(request.callers)]:
        if module is not parameter.module or call is None:
            continue
        if function_of(module, call) is function_of(module, parameter.node):
            location = module.location(call)
            if location.start.line <= line <= location.end.line:
                return ""
            return f"; the call is at {module.path.name}:{location.start.line}"
    return ""


def _outcome(context: Context, rule: Rule, request: Request) -> tuple[Edit, ...] | str:
    """The edits for one request, or the reason why there are none."""
    found = tuple(parameters_of(request, rule.parameters.texts("query")))
    try:
        source = _sole(found, rule.parameters.text("source"))
        everything = _sole(found, rule.parameters.text("everything"))
        if everything.literal not in ("true", "True"):
            raise Refused(f"`{everything.name}` is not written as true")
        refuse_unless_same(context, _owner(context, rule), request, source)
        plan, known = Plan(), rule.parameters
        wrapper = context.catalogue.endpoints_of(rule)[0].request_wrapper
        say_outright(context, plan, request, wrapper, known.texts("named"), known.texts("emptied"))
        return TakingOver(context, request, source, found, _suffix(context, rule)).edits(plan)
    except Refused as refused:
        return refused.reason


def _sole(found: tuple[Parameter, ...], name: str) -> Parameter:
    named = [parameter for parameter in found if parameter.name == name]
    if not named:
        raise Refused(f"without `{name}` the old request means something else than a whole copy")
    if len(named) > 1:
        raise Refused(f"`{name}` is given twice")
    return named[0]


def _owner(context: Context, rule: Rule) -> Owner:
    endpoint = context.catalogue.endpoints_of(rule)[0]
    return Owner(
        endpoint.request_wrapper,
        rule.parameters.text("owner"),
        rule.parameters.texts("answers"),
        rule.parameters.texts("ids"),
    )


def _suffix(context: Context, rule: Rule) -> str:
    """What the successor's path has behind the id: the settings' template, else the catalogue's."""
    path = _successor(context, rule)
    own = context.catalogue.endpoints_of(rule)[0].path
    head, brace, rest = path.removeprefix(own).partition("}")
    if not path.startswith(own) or not brace or not head.startswith("/{") or "{" in rest:
        raise Refused(f"the path {path} does not go on from {own}")
    return rest


def _successor(context: Context, rule: Rule) -> str:
    successor = context.catalogue.endpoint(rule.parameters.text("successor"))
    return context.settings.endpoints.get(successor.id, successor.path)


def _new_request(context: Context, rule: Rule, request: Request) -> str:
    """The request to write, with the code that names what is copied."""
    successor = context.catalogue.endpoint(rule.parameters.text("successor"))
    path = _successor(context, rule)
    for parameter in parameters_of(request, (rule.parameters.text("source"),)):
        if parameter.expression is not None:
            code = parameter.module.tree.code_for_node(parameter.expression).strip()
            head, _, last = path.rpartition("{")
            path = f"{head}{{{code}}}{last.partition('}')[2]}"
    return f"{successor.method} {path}"
