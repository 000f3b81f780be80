"""Running the tool and its surroundings in child processes, and reading what they say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 600

# A child that inherits these, or git's own, may work on the wrong checkout or repository.
FOREIGN = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


@dataclass(frozen=True)
class Run:
    """How a command ended and what it printed."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """Both streams, for the message of a failing assertion."""
        return f"exit code {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run `command` in `cwd`; `env` is added to the environment, less what would lead it astray."""
    inherited = {k: v for k, v in os.environ.items() if k not in FOREIGN and not k.startswith("GIT_")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**inherited, **(env or {})},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def succeed(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Run a command that has to exit 0; its standard output."""
    done = run(command, cwd, env)
    assert done.code == 0, f"{command}: {done.said}"
    return done.stdout


def tool(*arguments: str | Path, cwd: Path) -> Run:
    """Run this checkout's `aurora-migrate`."""
    return run([sys.executable, "-m", "aurora_migrate", *arguments], cwd, {"PYTHONPATH": str(ROOT)})


def report(done: Run) -> dict[str, Any]:
    """The JSON report that a run printed."""
    try:
        parsed = json.loads(done.stdout)
    except ValueError as error:
        raise AssertionError(f"no JSON report ({error}): {done.said}") from error
    assert isinstance(parsed, dict), done.said
    return parsed
