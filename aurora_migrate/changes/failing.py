"""Rules that fail: what one could not check is said; other rules and files are not concerned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.findings import Applicability, Certainty, Finding, Location, Position


@dataclass(slots=True)
class Found:
    """What a rule found before it failed, if it did, and the error."""

    findings: list[Finding] = field(default_factory=list)
    error: Exception | None = None


def gathered(found: Callable[[], Iterable[Finding]]) -> Found:
    """What a rule finds; an exception ends it."""
    result = Found()
    try:
        result.findings.extend(found())
    except Exception as error:
        result.error = error
    return result


def without_fix(finding: Finding) -> Finding:
    """A finding of an analysis that did not see every file: what a fix would break is unknown."""
    return replace(finding, fix=None, applicability=Applicability.MANUAL)


def failed(rule: Rule, path: Path, error: Exception) -> Finding:
    """The error that names the rule and the file."""
    position = Position(1, 1)
    what = f"{type(error).__name__}: {error}".strip(": ")
    message = f"could not be checked for {rule.code} ({what})"
    return Finding(
        rule="AUR003",
        name="rule-failed",
        location=Location(path, position, position),
        message=f"{message}; this is a bug in aurora-migrate, please report it with this file",
        certainty=Certainty.PROVEN,
        applicability=Applicability.MANUAL,
        advice=f"Look by hand for what `aurora-migrate explain {rule.code}` tells of; the rest was checked.",
        subject=rule.code,
    )
