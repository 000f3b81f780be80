"""Kind list-fields-reduced: a list's items keep a few fields; the others come with each item alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, fixable, manual, source_of
from aurora_migrate.changes.repeats.births import Lists
from aurora_migrate.changes.repeats.retrievals import Outcome, Retrievals
from aurora_migrate.changes.repeats.whole_items import whole_items
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.changes.traces import distinct, steps_of
from aurora_migrate.findings import Certainty, Finding, TraceStep
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import Part


@dataclass(slots=True)
class _Place:
    """One place that needs what the list no longer has; no `name`: whatever its items have."""

    module: Module
    node: cst.CSTNode
    name: str
    parts: list[Part] = field(default_factory=list)
    certainty: Certainty = Certainty.LIKELY


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every look into a list's item for a field that the list no longer has."""
    endpoint = context.catalogue.endpoints_of(rule)[0]
    successor = context.catalogue.endpoint(rule.parameters.text("retrieve"))
    lists = Lists(context.facts, context.ties, rule, endpoint.response_wrapper)
    places = _places(context, rule, endpoint.response_wrapper)
    retrievals = Retrievals(context, lists, successor, rule.parameters.text("id"), _readers(places))
    for place in places:
        yield _finding(context, rule, place, retrievals)


def _places(context: Context, rule: Rule, wrapper: str) -> list[_Place]:
    kept = rule.parameters.texts("kept")
    found: dict[tuple[int, str], _Place] = {}
    for read, certainty in context.ties.reads(context.facts, rule):
        wanted = read.part.path == (wrapper, Marker.ITEM) and read.name not in kept
        if wanted and read.form is not Form.STORE:
            _note(found, read.module, read.node, read.name, read.part, certainty)
    for whole in whole_items(context.facts, wrapper):
        certainty_of_list = context.ties.answered(whole.part.origin, rule)
        if certainty_of_list is not None:
            _note(found, whole.module, whole.node, "", whole.part, certainty_of_list)
    return list(found.values())


def _readers(places: Sequence[_Place]) -> dict[int, list[tuple[Module, cst.CSTNode]]]:
    """The places by the numbers of the answers that they look into."""
    found: dict[int, list[tuple[Module, cst.CSTNode]]] = {}
    for place in places:
        for number in {part.origin.number for part in place.parts}:
            found.setdefault(number, []).append((place.module, place.node))
    return found


def _note(
    found: dict[tuple[int, str], _Place],
    module: Module,
    node: cst.CSTNode,
    name: str,
    part: Part,
    certainty: Certainty,
) -> None:
    place = found.setdefault((id(node), name), _Place(module, node, name))
    place.parts.append(part)
    if certainty is Certainty.PROVEN:
        place.certainty = certainty


def _finding(context: Context, rule: Rule, place: _Place, retrievals: Retrievals) -> Finding:
    location = place.module.location(place.node)
    subject = f"{place.name} in {source_of(place.module, place.node)}"
    outcomes = _outcomes(context, rule, place, retrievals)
    reason = next((outcome.reason for outcome in outcomes if outcome.reason), "")
    if place.certainty is not Certainty.PROVEN:
        guessed = reason_guessed(request for part in place.parts for request in part.origin.requests)
        reason = guessed or "it is only likely that the list is Aurora's"
    edits = tuple(sorted({edit for outcome in outcomes for edit in outcome.edits}))
    trace = _trace(place)
    if reason or not edits:
        example = next((outcome.example for outcome in outcomes if outcome.example), "")
        found = manual(rule, location, place.certainty, reason or "the list is not seen", trace, subject)
        found = replace(found, advice=f"{found.advice}\n\n    {example or retrievals.sketch}")
    else:
        found = fixable(rule, location, place.certainty, edits, trace, subject)
    subject_of_message = (
        f"`{place.name}`" if place.name else "the items go on whole, with fields that are gone"
    )
    return replace(found, message=f"{subject_of_message}: {found.message}")


def _outcomes(context: Context, rule: Rule, place: _Place, retrievals: Retrievals) -> list[Outcome]:
    origins = {part.origin.number: part.origin for part in place.parts}
    return [
        retrievals.of(origin)
        for _, origin in sorted(origins.items())
        if context.ties.answered(origin, rule) is Certainty.PROVEN
    ]


def _trace(place: _Place) -> tuple[TraceStep, ...]:
    steps: list[TraceStep] = []
    for request in place.parts[0].origin.requests[:1]:
        steps.extend(steps_of(request))
    return distinct(steps)
