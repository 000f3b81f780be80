"""The `full` format: each finding with its code frame, its trace, its fix and what to write by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aurora_migrate.files.documents import is_document
from aurora_migrate.findings import Applicability, Certainty, Finding, Location, TraceStep
from aurora_migrate.report.frame import CONTEXT, frame, margin
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.results import TRACE_STEPS, Results, Run, in_order
from aurora_migrate.report.sources import Sources
from aurora_migrate.report.styled import EMPTY, Line, Role, Span
from aurora_migrate.report.visible import visible

ROLES: dict[Applicability, Role] = {
    Applicability.SAFE: "safe",
    Applicability.UNSAFE: "unsafe",
    Applicability.MANUAL: "manual",
}
_LIKELY = (
    "nothing in the code proves that it is Aurora that is talked to;\n"
    "if the host is what is not known, name the variable that holds it in `base-url-names`"
)


@dataclass(frozen=True, slots=True)
class Full:
    """Writes results out in full; `steps` limits the trace (0: no trace, None: all of it)."""

    paths: Paths
    run: Run
    steps: int | None = TRACE_STEPS

    def lines(self, results: Results) -> Iterator[Line]:
        """One block a finding, errors last, each followed by an empty line."""
        sources = Sources(results.changes)
        for finding in in_order(results.findings):
            yield self._head(finding, finding.applicability.value, ROLES[finding.applicability])
            lines, shown = sources.excerpt(finding.location)
            yield self._place(finding.location, shown, sources)
            yield from frame(lines, shown, _context_of(finding.location))
            yield from self._notes(finding, shown, sources)
            yield EMPTY
        for error in in_order(results.errors):
            yield self._head(error, "error", "error")
            lines, shown = sources.excerpt(error.location)
            yield self._place(error.location, shown, sources)
            yield from frame(lines, shown, _context_of(error.location))
            yield from self._note(shown, "by hand", error.advice, "manual")
            yield EMPTY

    def _head(self, finding: Finding, word: str, role: Role) -> Line:
        return (
            Span(finding.rule, "rule"),
            Span(" ["),
            Span(word, role),
            Span("] "),
            Span(visible(finding.message), "strong"),
            Span("" if role == "error" else f" ({finding.certainty.value})"),
        )

    def _place(self, location: Location, shown: Location, sources: Sources) -> Line:
        return (
            Span(" " * margin(shown.end.line) + "--> ", "gutter"),
            Span(f"{self._file(location)}:{sources.line(location)}:{location.start.column}"),
        )

    def _notes(self, finding: Finding, location: Location, sources: Sources) -> Iterator[Line]:
        if finding.certainty is Certainty.LIKELY:
            yield from self._note(location, "likely", _LIKELY)
        for text in self._trace(finding.trace, sources):
            yield from self._note(location, "trace", text)
        if finding.fix is not None:
            role = ROLES[finding.fix.applicability]
            yield from self._note(location, "fix", f"{finding.fix.summary}   ({self._how(finding)})", role)
        yield from self._note(location, "by hand", finding.advice, "manual")

    def _trace(self, trace: tuple[TraceStep, ...], sources: Sources) -> Iterator[str]:
        shown = trace if self.steps is None else trace[: self.steps]
        for step in shown:
            place = f"{self._file(step.location)}:{sources.line(step.location)}"
            yield f"{step.text} {place}".lstrip()
        left = len(trace) - len(shown)
        if left and self.steps:
            yield f"... {left} more step{'s'[: left != 1]} (all with --show-trace)"

    def _how(self, finding: Finding) -> str:
        """What the reader does to get the fix, or what to do when the run could not apply it."""
        assert finding.fix is not None
        others = {edit.path for edit in finding.fix.edits} - {finding.location.path}
        names = ", ".join(visible(self.paths.native(path)) for path in sorted(others))
        also = f"also edits {names}; " if names else ""
        unsafe = finding.fix.applicability is Applicability.UNSAFE
        if self.run.fix is Applicability.UNSAFE or (self.run.fix is not None and not unsafe):
            return also + "could not be applied by this run: see the errors, or do it by hand"
        if unsafe:
            return also + "apply with --fix --unsafe-fixes, then review"
        return also + "apply with --fix"

    def _note(self, location: Location, label: str, text: str, role: Role = "note") -> Iterator[Line]:
        lead = " " * margin(location.end.line) + " = "
        hang = " " * len(f"{lead}{label}: ")
        for number, line in enumerate(text.splitlines()):
            if number == 0:
                yield (Span(lead, "gutter"), Span(label, role), Span(": " + visible(line)))
            else:
                yield (Span((hang + visible(line)).rstrip()),)

    def _file(self, location: Location) -> str:
        return visible(self.paths.native(location.path))


def _context_of(location: Location) -> int:
    """How many lines are shown around: none of files of settings, whose next line may be a secret."""
    return 0 if is_document(location.path) else CONTEXT
