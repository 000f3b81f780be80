"""The list of rules: a table for people, an object for programs."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from aurora_migrate.catalogue import Rule
from aurora_migrate.report.full import ROLES
from aurora_migrate.report.json import TOOL, VERSION
from aurora_migrate.report.styled import Line, Span


def table(rules: Collection[Rule]) -> Iterator[Line]:
    """One line a rule: code, name, applicability, summary."""
    names = max((len(rule.name) for rule in rules), default=0)
    words = max((len(rule.applicability.value) for rule in rules), default=0)
    for rule in rules:
        yield (
            Span(rule.code, "rule"),
            Span(f"  {rule.name:<{names}}  "),
            Span(f"{rule.applicability.value:<{words}}", ROLES[rule.applicability]),
            Span(f"  {rule.summary}{_when(rule)}"),
        )


def _when(rule: Rule) -> str:
    if rule.switch:
        return f" (with --{rule.switch})"
    return "" if rule.default else " (off by default)"


def document(rules: Collection[Rule]) -> str:
    """The rules as one JSON object; docs/json.md describes it."""
    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "version": rule.version,
            "default": rule.default,
            "switch": rule.switch,
            "applicability": rule.applicability.value,
            "summary": rule.summary,
            "source": rule.source,
            "reference": rule.reference,
        }
        for rule in rules
    ]
    return json.dumps({"version": VERSION, "tool": TOOL, "rules": listed}, indent=2) + "\n"
