"""Runs aurora-migrate as a user would, in a process of its own, and reads its JSON report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.harness.customers import ByHand

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 300
CLEAN, FINDINGS = 0, 1


class ToolError(Exception):
    """The tool did not do its work: exit code beyond 1, a traceback, or a report that cannot be read."""


@dataclass(frozen=True)
class Checked:
    """One call of the tool."""

    returncode: int
    stdout: str
    stderr: str


def run_tool(arguments: list[str], cwd: Path) -> Checked:
    """`python -m aurora_migrate check ARGUMENTS` in `cwd`; raises ToolError unless it exits 0 or 1."""
    command = [sys.executable, "-m", "aurora_migrate", "check", *arguments]
    cache = str(cwd.parent / "cache")
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": cache, "NO_COLOR": "1"}
    try:
        result = subprocess.run(
            command,
            check=False,
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"no answer within {TIMEOUT_SECONDS} s") from None
    if result.returncode not in (CLEAN, FINDINGS) or "Traceback (most recent call last)" in result.stderr:
        raise ToolError(f"exit {result.returncode}\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}")
    return Checked(result.returncode, result.stdout, result.stderr)


def fix(directory: Path) -> list[ByHand]:
    """Apply safe and unsafe fixes to a project; what the report says is left, sorted by rule and place."""
    return _reported(directory, "--fix", "--unsafe-fixes")


def findings(directory: Path) -> list[ByHand]:
    """What the tool reports for a project now, sorted by rule and place."""
    return _reported(directory)


def _reported(directory: Path, *options: str) -> list[ByHand]:
    checked = run_tool([*options, "--output-format", "json", str(directory)], directory)
    found = sorted(_finding(entry, directory) for entry in _entries(checked.stdout))
    if bool(found) != (checked.returncode == FINDINGS):
        raise ToolError(f"exit {checked.returncode} with {len(found)} findings")
    return found


def _entries(text: str) -> list[Any]:
    try:
        entries = json.loads(text)["findings"]
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(f"no JSON report with findings: {text[:500]}") from error
    return list(entries)


def _finding(entry: Any, directory: Path) -> ByHand:
    try:
        code, path, line = str(entry["rule"]), directory / entry["path"], int(entry["start"]["line"])
        message = str(entry.get("message", ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ToolError(f"a finding of the JSON report cannot be read: {entry!r}") from error
    inside = path.resolve().relative_to(directory.resolve()).as_posix()
    return ByHand(code, inside, line, message=message)
