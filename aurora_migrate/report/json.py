"""The `json` format, version 1; docs/json.md is its contract with the programs that read it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from aurora_migrate import __version__
from aurora_migrate.findings import Applicability, Edit, Finding, Location, Position
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.results import Results, in_order
from aurora_migrate.report.sources import Sources

VERSION = 1
TOOL = {"name": "aurora-migrate", "version": __version__}

Value: TypeAlias = "None | bool | int | str | list[Value] | dict[str, Value]"
Object: TypeAlias = dict[str, Value]


def document(results: Results, paths: Paths) -> str:
    """The results as one JSON object. ASCII only, so that no terminal's or pipe's encoding can spoil it."""
    writer = _Writer(paths, Sources(results.changes))
    found = {
        "version": VERSION,
        "tool": TOOL,
        "findings": [writer.finding(finding) for finding in in_order(results.findings)],
        "fixed": [writer.fixed(finding) for finding in in_order(results.fixed)],
        "errors": [writer.error(error) for error in in_order(results.errors)],
        "summary": _summary(results),
    }
    return json.dumps(found, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns findings into JSON objects."""

    paths: Paths
    sources: Sources

    def finding(self, finding: Finding) -> Object:
        return {
            **self._what(finding),
            **self._where(finding.location),
            "subject": finding.subject,
            "fix": self._fix(finding),
            "advice": finding.advice,
            "trace": [{"text": step.text, **self._where(step.location)} for step in finding.trace],
        }

    def fixed(self, finding: Finding) -> Object:
        fix = finding.fix.summary if finding.fix is not None else ""
        return {**self._what(finding), **self._where(finding.location), "fix": {"summary": fix}}

    def error(self, error: Finding) -> Object:
        return {
            "rule": error.rule,
            "name": error.name,
            "message": error.message,
            **self._where(error.location),
            "advice": error.advice,
        }

    def _what(self, finding: Finding) -> Object:
        return {
            "rule": finding.rule,
            "name": finding.name,
            "message": finding.message,
            "certainty": finding.certainty.value,
            "applicability": finding.applicability.value,
        }

    def _where(self, location: Location) -> Object:
        return {
            "path": self.paths.posix(location.path),
            **self._range(location.path, location.start, location.end),
        }

    def _range(self, path: Path, start: Position | None, end: Position | None) -> Object:
        """A range; in a notebook its cell too, with the lines as they are counted there."""
        cell = self.sources.cell(path, start.line) if start is not None else None
        if cell is None or start is None or end is None:
            return {"start": _position(start), "end": _position(end)}
        number, line = cell
        last = Position(line + end.line - start.line, end.column)
        return {"cell": number, "start": _position(Position(line, start.column)), "end": _position(last)}

    def _fix(self, finding: Finding) -> Value:
        if finding.fix is None:
            return None
        edits = sorted(finding.fix.edits)
        return {"summary": finding.fix.summary, "edits": [self._edit(edit) for edit in edits]}

    def _edit(self, edit: Edit) -> Object:
        return {
            "path": self.paths.posix(edit.path),
            **self._range(
                edit.path,
                self.sources.position(edit.path, edit.start),
                self.sources.position(edit.path, edit.end),
            ),
            "replacement": edit.replacement,
        }


def _position(position: Position | None) -> Value:
    return None if position is None else {"line": position.line, "column": position.column}


def _summary(results: Results) -> Object:
    counts = Counter(finding.applicability for finding in results.findings)
    by_applicability = {applicability.value: counts[applicability] for applicability in Applicability}
    by_rule = Counter(finding.rule for finding in results.findings)
    return {
        "files_checked": results.files_checked,
        "files_changed": len(results.changes),
        "findings": len(results.findings),
        "fixed": len(results.fixed),
        "errors": len(results.errors),
        "by_applicability": dict(by_applicability),
        "by_rule": {rule: by_rule[rule] for rule in sorted(by_rule)},
    }
