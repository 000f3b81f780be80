"""A toy analysis for tests of the fixer and the engine: rules are expressions, findings their matches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from aurora_migrate.files.project import Project
from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.findings import Applicability, Certainty, Edit, Finding, Fix, Location, Position


@dataclass(frozen=True)
class ToyRule:
    """Finds `pattern`; its fix puts `replacement` there, and does `also`: (file name, old text, new text)."""

    code: str
    pattern: str
    replacement: str | None = None
    applicability: Applicability = Applicability.SAFE
    also: tuple[tuple[str, str, str], ...] = ()


@dataclass
class ToyAnalysis:
    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


@dataclass
class Toy:
    """An analysis by these rules; `passes` counts how often it was asked."""

    rules: Iterable[ToyRule]
    passes: int = 0

    def __call__(self, project: Project) -> ToyAnalysis:
        self.passes += 1
        result = ToyAnalysis()
        for path in project.modules:
            try:
                text = project.text(path)
            except UnreadableFile as unreadable:
                result.errors.append(unreadable.finding())
                continue
            for rule in self.rules:
                matches = re.finditer(rule.pattern, text)
                result.findings += [toy_finding(rule, path, text, match, project) for match in matches]
        return result


def toy_finding(rule: ToyRule, path: Path, text: str, match: re.Match[str], project: Project) -> Finding:
    fix = None
    if rule.replacement is not None:
        own = Edit(path, match.start(), match.end(), match.expand(rule.replacement))
        fix = Fix("Rewrite", rule.applicability, (own, *_others(rule, project)))
    return Finding(
        rule=rule.code,
        name="toy",
        location=Location(path, position(text, match.start()), position(text, match.end())),
        message=f"{match.group()} is old",
        certainty=Certainty.PROVEN,
        applicability=rule.applicability if fix else Applicability.MANUAL,
        fix=fix,
        advice="write it anew",
        subject=match.group(),
    )


def position(text: str, offset: int) -> Position:
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _others(rule: ToyRule, project: Project) -> Iterable[Edit]:
    for name, old, new in rule.also:
        at = project.text(project.root / name).find(old)
        if at != -1:
            yield Edit(project.root / name, at, at + len(old), new)
