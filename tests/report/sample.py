"""Results made by hand: findings that point at a text in a file, and the reports that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aurora_migrate.findings import (
    Applicability,
    Certainty,
    Edit,
    Finding,
    Fix,
    Location,
    TraceStep,
)
from aurora_migrate.report.sources import Lines

CLIENT = """\
class Client:
    def projects(self):
        return self._get("/v2/tenants/%s/projects" % self.tenant)
"""
SETTINGS = 'TIMEOUT = 5\nBASE = "https://api.aurorasolar.com"\n'
MESSAGE = "`/v2` is no longer part of any resource path"


@dataclass(frozen=True)
class Sample:
    """Results of a run that never happened."""

    findings: Sequence[Finding] = ()
    fixed: Sequence[Finding] = ()
    errors: Sequence[Finding] = ()
    changes: Mapping[Path, tuple[str, str]] = field(default_factory=dict)
    files_checked: int = 1


def write(path: Path, text: str) -> Path:
    """The file with exactly this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def location(path: Path, text: str, part: str) -> Location:
    """Where `part` first stands in `text`, the content of `path`."""
    start = text.index(part)
    lines = Lines.of(text)
    return Location(path, lines.position(start), lines.position(start + len(part)))


def finding(
    path: Path,
    text: str,
    part: str = "/v2",
    *,
    rule: str = "AUR102",
    name: str = "v2-path-prefix",
    message: str = MESSAGE,
    applicability: Applicability = Applicability.SAFE,
    certainty: Certainty = Certainty.PROVEN,
    advice: str = "",
    trace: tuple[TraceStep, ...] = (),
) -> Finding:
    """A finding on `part`; unless it is manual its fix takes `part` away."""
    start = text.index(part)
    edit = Edit(path, start, start + len(part), "")
    fix = Fix(f"remove `{part}` from the path", applicability, (edit,))
    return Finding(
        rule=rule,
        name=name,
        location=location(path, text, part),
        message=message,
        certainty=certainty,
        applicability=applicability,
        fix=None if applicability is Applicability.MANUAL else fix,
        advice=advice,
        trace=trace,
        subject=part,
    )


def error(path: Path, message: str = "cannot be read: permission denied") -> Finding:
    """The error that stands for a file that was not checked."""
    return Finding(
        rule="AUR001",
        name="unreadable-file",
        location=location(path, "x", "x"),
        message=message,
        certainty=Certainty.PROVEN,
        applicability=Applicability.MANUAL,
    )


def steps(root: Path, count: int) -> tuple[TraceStep, ...]:
    """So many steps, all in settings.py."""
    place = location(root / "settings.py", SETTINGS, "BASE")
    return tuple(TraceStep(place, f"step {number} from") for number in range(1, count + 1))


def of_each_kind(path: Path, text: str = CLIENT) -> list[Finding]:
    """Three safe findings, two unsafe ones and two to be changed by hand, all in one file."""
    kinds = [Applicability.SAFE] * 3 + [Applicability.UNSAFE] * 2 + [Applicability.MANUAL] * 2
    return [finding(path, text, applicability=kind) for kind in kinds]
