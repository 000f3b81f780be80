"""The summary under a report: what was fixed, what needs a review, what is left to do by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from aurora_migrate.findings import Applicability
from aurora_migrate.report.results import Results, Run
from aurora_migrate.report.styled import Line, words


def summary(results: Results, run: Run) -> Iterator[Line]:
    """One sentence on the findings, one on the files that could not be checked."""
    if run.fix is None:
        yield words(_found(results, run))
    else:
        yield words(_fixed(results, run))
    if results.errors:
        files = _count(len({error.location.path for error in results.errors}), "file")
        yield words(f"{files} could not be read or parsed and stayed unchecked; the rest was checked.")


def _found(results: Results, run: Run) -> str:
    if not results.findings:
        return _nothing(results)
    counts = Counter(finding.applicability for finding in results.findings)
    safe, unsafe, manual = (counts[applicability] for applicability in Applicability)
    parts = []
    if run.unsafe and unsafe:
        parts.append(f"{safe + unsafe} fixable with --fix --unsafe-fixes ({unsafe} to review)")
    else:
        parts += [f"{safe} fixable with --fix"] if safe else []
        parts += (
            [f"{unsafe} {'more with' if safe else 'fixable with --fix'} --unsafe-fixes"] if unsafe else []
        )
    parts += [f"{manual} by hand"] if manual else []
    return f"Found {_count(len(results.findings), 'problem')}: {', '.join(parts)}."


def _nothing(results: Results) -> str:
    if not results.files_checked:
        return "No Python file was checked: look at the paths given, and at `exclude` and .gitignore."
    return f"No problem found in {_count(results.files_checked, 'file')}."


def _fixed(results: Results, run: Run) -> str:
    if not results.fixed and not results.findings:
        return _nothing(results)
    done = f"{'Fixed' if run.write else 'Would fix'} {_count(len(results.fixed), 'problem')}"
    if results.fixed:
        done += f" in {_count(len(results.changes), 'file')}"
    to_review = sum(finding.applicability is Applicability.UNSAFE for finding in results.fixed)
    if to_review:
        done += f" ({to_review} by an unsafe fix: review {'it' if to_review == 1 else 'them'})"
    if not results.findings:
        return f"{done}; none {'remains' if run.write else 'would remain'}."
    left = len(results.findings)
    verb = ("remains" if left == 1 else "remain") if run.write else "would remain"
    return f"{done}; {left} {verb}: {', '.join(_remaining(results, run))}."


def _remaining(results: Results, run: Run) -> Iterator[str]:
    """What is left, by what the reader does about it."""
    counts = Counter(finding.applicability for finding in results.findings)
    safe, unsafe, manual = (counts[applicability] for applicability in Applicability)
    refused = safe + (unsafe if run.fix is Applicability.UNSAFE else 0)
    if refused:
        yield f"{refused} whose fix could not be applied"
    if unsafe and run.fix is Applicability.SAFE:
        yield f"{unsafe} {'needs' if unsafe == 1 else 'need'} your review (--unsafe-fixes)"
    if manual:
        yield f"{manual} by hand"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
