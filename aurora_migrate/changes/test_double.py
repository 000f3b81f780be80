"""Kind test-double: what other rules change in the code under test, changed in the tests' doubles, too.

It knows nothing of the API itself. Doubles are shown to the other rules' kinds as if they were requests and
answers of the program; what a kind finds in them, and not in the program alone, is reported under this rule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes import (
    missing_doubles,
    path_prefix_removed,
    recorded_errors,
    recorded_fields,
    request_fields,
    response_fields,
)
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
    """What the kinds are shown."""

    context: Context
    answers: list[Tied]
    expected: list[Tied]
    foreign: list[Request]
    """The doubles of other servers."""
    looks: Context
    """Looks at what was sent, as if they were looks into answers."""

    def with_bodies(self, rule: Rule, certain: bool) -> Context:
        """The program's requests, and beside them the doubles' bodies that the rule is about.

        Recorded answers count for rules of response bodies, expected bodies for those of request bodies.
        """
        told = [
            *(self.answers if Where.RESPONSE_BODY in rule.where else ()),
            *(self.expected if Where.REQUEST_BODY in rule.where else ()),
        ]
        requests = [tied.request for tied in told if tied.certain is certain]
        ours = [each for each in requests if self.context.ties.concerned(each, rule) is not None]
        every = [*ours, *(self.foreign if certain else ())]
        added: dict[Hashable, Request] = {("double", id(each)): each for each in every}
        facts = replace(self.context.facts, requests={**self.context.facts.requests, **added})
        return replace(self.context, facts=facts)


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every double and expectation that another rule's change concerns."""
    doubles = Doubles(context)
    looks = replace(context, facts=doubles.looks())
    views = _Views(context, list(doubles.answers()), list(doubles.expected()), list(doubles.foreign()), looks)
    shown: set[Location] = set()
    for other in context.catalogue.rules.values():
        for finding in _found(views, other):
            if finding.location not in shown:
                shown.add(finding.location)
                yield _as_own(rule, other, finding)


def _found(views: _Views, other: Rule) -> Iterator[Finding]:
    if other.kind == "path-prefix-removed":
        yield from path_prefix_removed.find_in_doubles(views.context, other)
    if other.kind == "error-reshaped":
        yield from recorded_errors.find(views.context, other, views.answers, views.foreign)
    if other.kind == "list-fields-reduced":
        yield from missing_doubles.find(views.context, other, views.answers)
    for finder in _BODIES.get(other.kind, ()):
        known = {finding.location for finding in finder(views.context, other)}
        for each in finder(views.with_bodies(other, True), other):
            if each.location not in known:
                known.add(each.location)
                yield each
        for each in finder(views.with_bodies(other, False), other):
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
