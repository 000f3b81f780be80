"""Kind test-double: what other rules change in the code under test, changed in the tests' doubles, too.

It knows nothing of the API itself. Doubles are shown to the other rules' kinds as if they were requests and
answers of the program; what a kind finds in them, and not in the program alone, is reported under this rule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes import path_prefix_removed, recorded_fields, request_fields, response_fields
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.doubles import Doubles, Tied
from aurora_migrate.changes.field_removed import successor_of
from aurora_migrate.changes.field_renamed import levels_of
from aurora_migrate.findings import Applicability, Certainty, Finding, Location
from aurora_migrate.flow.facts import Request

Finder = Callable[[Context, Rule], Iterable[Finding]]

UNCERTAIN = "the mock answers for several servers, and which of them is meant here cannot be told"


@dataclass(slots=True)
class _Views:
    """The facts as the kinds are shown them: with doubles as requests, or with looks at what was sent."""

    plain: Context
    bodies: Context
    """Recorded answers and expected bodies beside the program's own requests."""
    uncertain: Context
    """The same of those that may be for other servers."""
    looks: Context


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every double and expectation that another rule's change concerns."""
    views = _views(context)
    shown: set[Location] = set()
    for other in context.catalogue.rules.values():
        for finding in _found(views, other):
            if finding.location not in shown:
                shown.add(finding.location)
                yield _as_own(rule, other, finding)


def _views(context: Context) -> _Views:
    doubles = Doubles(context)
    told = [*doubles.answers(), *doubles.expected()]
    foreign = list(doubles.foreign())
    certain = [tied for tied in told if tied.certain]
    return _Views(
        context,
        _with(context, certain, foreign),
        _with(context, [tied for tied in told if not tied.certain], []),
        replace(context, facts=doubles.looks()),
    )


def _with(context: Context, told: list[Tied], foreign: list[Request]) -> Context:
    every = [*(tied.request for tied in told), *foreign]
    added: dict[Hashable, Request] = {("double", id(each)): each for each in every}
    facts = replace(context.facts, requests={**context.facts.requests, **added})
    return replace(context, facts=facts)


def _found(views: _Views, other: Rule) -> Iterator[Finding]:
    if other.kind == "path-prefix-removed":
        yield from path_prefix_removed.find_in_doubles(views.plain, other)
    for finder in _BODIES.get(other.kind, ()):
        known = {finding.location for finding in finder(views.plain, other)}
        yield from (each for each in finder(views.bodies, other) if each.location not in known)
        for each in finder(views.uncertain, other):
            if each.location not in known:
                yield _left(other, each)
    for finder in _LOOKS.get(other.kind, ()):
        yield from finder(views.looks, other)


def _left(other: Rule, finding: Finding) -> Finding:
    """A finding whose tie to Aurora is not certain: nothing is rewritten."""
    return replace(
        finding,
        message=other.message("manual", reason=UNCERTAIN, old="", new="") if other.messages else "",
        certainty=Certainty.LIKELY,
        applicability=Applicability.MANUAL,
        fix=None,
        advice=other.advise(old="", new="").strip(),
    )


def _as_own(rule: Rule, other: Rule, finding: Finding) -> Finding:
    """The other rule's finding under this one's code and name."""
    values = {"code": other.code, "change": finding.message}
    if finding.applicability is Applicability.MANUAL:
        message = rule.message("manual", reason=finding.message, **values)
    else:
        message = rule.message("finding", **values)
    return replace(finding, rule=rule.code, name=rule.name, message=message)


# -- what looks for each kind's changes in doubles


def _renamed(context: Context, rule: Rule) -> Iterator[Finding]:
    yield from request_fields.find(context, rule)


def _removed(context: Context, rule: Rule) -> Iterator[Finding]:
    yield from recorded_fields.find(context, rule, rule.parameters.text("field"), successor_of(context, rule))


def _looked_at(context: Context, rule: Rule) -> Iterator[Finding]:
    """Looks of tests at a field of a body that was sent."""
    if Where.REQUEST_BODY in rule.where:
        for old, new in rule.parameters.text_map("fields").items():
            change = response_fields.Change(old, new, levels_of(context, rule))
            yield from response_fields.find(context, rule, change)


_BODIES: dict[str, tuple[Finder, ...]] = {"field-renamed": (_renamed,), "field-removed": (_removed,)}
_LOOKS: dict[str, tuple[Finder, ...]] = {"field-renamed": (_looked_at,)}
