"""Recorded bodies that are written as JSON texts: named where they hold what a rule changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.doubles.tied import Tied
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding

REASON = "the recorded body is a text"


def find(context: Context, rule: Rule, told: Iterable[Tied], **values: str) -> Iterator[Finding]:
    """Recorded JSON texts that hold a name which the rule changes."""
    for tied in told:
        double = tied.double
        names = _names(rule, double.status if double is not None else None)
        if double is None or not names or context.ties.concerned(tied.request, rule) is None:
            continue
        for text in double.texts:
            piece = next((each for each in text.pieces if each.node is not None), None)
            if piece is None or piece.node is None or piece.module is None:
                continue
            held = _keys(text.literal or "") & names
            if held:
                location, subject = piece.module.location(piece.node), source_of(piece.module, piece.node)
                certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
                name = sorted(held)[0]
                trace = trace_of(tied.request, piece.node)
                yield manual(rule, location, certainty, REASON, trace, subject, old=name, key=name, **values)


def _names(rule: Rule, status: int | None) -> set[str]:
    """The names that the rule changes in an answer of this status."""
    refused = status is not None and 400 <= status < 500
    if rule.kind == "error-reshaped":
        return set(rule.parameters.texts("old-keys")) if refused else set()
    if refused:
        return set()
    if rule.kind == "field-renamed":
        return set(rule.parameters.text_map("fields"))
    return {rule.parameters.text("field")} if rule.kind == "field-removed" else set()


def _keys(text: str) -> set[str]:
    """The keys of all objects in a JSON text; none when it is something else."""
    try:
        stack = [json.loads(text)]
    except ValueError:
        return set()
    found: set[str] = set()
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            found.update(value)
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return found
