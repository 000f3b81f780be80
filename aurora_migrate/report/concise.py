"""The `concise` format: one line a finding, in the form that editors and CI logs recognise."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_migrate.findings import Finding
from aurora_migrate.report.full import ROLES
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.results import Results, in_order
from aurora_migrate.report.sources import Sources
from aurora_migrate.report.styled import Line, Role, Span
from aurora_migrate.report.visible import visible


def concise(results: Results, paths: Paths) -> Iterator[Line]:
    """`path:line:column: RULE [applicability] message`, errors last."""
    sources = Sources(results.changes)
    for finding in in_order(results.findings):
        yield _line(finding, paths, sources, finding.applicability.value, ROLES[finding.applicability])
    yield from errors(results, paths)


def errors(results: Results, paths: Paths) -> Iterator[Line]:
    """Only the files that could not be read or parsed."""
    sources = Sources(results.changes)
    for error in in_order(results.errors):
        yield _line(error, paths, sources, "error", "error")


def _line(finding: Finding, paths: Paths, sources: Sources, word: str, role: Role) -> Line:
    return (
        Span(visible(paths.native(finding.location.path)), "strong"),
        Span(f":{sources.line(finding.location)}:{finding.location.start.column}: "),
        Span(finding.rule, "rule"),
        Span(" ["),
        Span(word, role),
        Span("] " + visible(finding.message)),
    )
