"""The statistics: how often each rule was found, and how far its findings can be fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from aurora_migrate.findings import Applicability, Finding
from aurora_migrate.report.full import ROLES
from aurora_migrate.report.results import Results
from aurora_migrate.report.styled import Line, Span


def statistics(results: Results) -> Iterator[Line]:
    """One line a rule, the most frequent first: count, code, name, and the count of each applicability."""
    found = [*results.findings, *results.errors]
    errors = {error.rule for error in results.errors}
    counts = Counter((finding.rule, finding.name) for finding in found)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    digits = max((len(str(count)) for count in counts.values()), default=0)
    width = max((len(name) for _, name in counts), default=0)
    for (rule, name), count in ranked:
        of_rule = [finding for finding in found if finding.rule == rule]
        parts = (Span("  error", "error"),) if rule in errors else tuple(_parts(of_rule))
        name_cell = Span(f"  {name:<{width}}")
        yield (Span(f"{count:>{digits}}  ", "strong"), Span(rule, "rule"), name_cell, *parts)


def _parts(findings: Sequence[Finding]) -> Iterator[Span]:
    counts = Counter(finding.applicability for finding in findings)
    for applicability in Applicability:
        if counts[applicability]:
            yield Span(f"  {counts[applicability]} {applicability.value}", ROLES[applicability])
