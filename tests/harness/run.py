"""Run a program in a child process against the fake servers and keep all that it did."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fake_aurora.constants import AURORA_HOSTS
from tests.fake_aurora.http import Recorded
from tests.fake_aurora.vendors import Answers
from tests.harness.world import Servers

CHILD = Path(__file__).parent / "child"
# A guard against programs that hang, not a limit on slow machines: importing pandas may take many seconds.
TIMEOUT_SECONDS = 240.0
TIMED_OUT = 124


class HarnessError(Exception):
    """The fake itself failed, so the run proves nothing."""


@dataclass(frozen=True)
class Outcome:
    """A finished run: what it printed and wrote, its traffic, and the tenant's data afterwards."""

    returncode: int
    stdout: str
    stderr: str
    requests: list[Recorded] = field(repr=False)
    vendor_requests: list[Recorded] = field(repr=False)
    state: dict[str, Any] = field(repr=False)
    written: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        return self.returncode == 0

    def explain(self) -> str:
        """What a failing test should show: exit code, refused requests, the end of both streams."""
        refused = [f"{r.status} {r.method} {r.path}" for r in self.requests if r.status >= 400]
        lines = [f"exit {self.returncode}", *refused, self.stdout[-2000:], self.stderr[-4000:]]
        return "\n".join(line for line in lines if line)


def run_program(
    directory: Path,
    command: Sequence[str],
    servers: Servers,
    env: Mapping[str, str],
    *,
    aurora_hosts: Iterable[str] = AURORA_HOSTS,
    answers: Answers | None = None,
    timeout: float = TIMEOUT_SECONDS,
) -> Outcome:
    """Run `command` in `directory` against fresh servers; `python` means this interpreter.

    `env` is the whole environment besides what leads the child to the servers. A run longer than `timeout`
    seconds is killed and returns 124.
    """
    servers.aurora.reset()
    servers.vendors.reset(answers)
    with tempfile.TemporaryDirectory(prefix="fake-home-") as home:
        child_env = _environment(servers, env, aurora_hosts, home)
        returncode, stdout, stderr = _run(_command(command), directory, child_env, timeout)
    if servers.failures():
        raise HarnessError(servers.failures()[0])
    return Outcome(
        returncode,
        stdout,
        stderr,
        list(servers.aurora.log),
        list(servers.vendors.log),
        servers.aurora.state.snapshot(),
    )


def _command(command: Sequence[str]) -> list[str]:
    program, *arguments = command
    return [sys.executable if program in ("python", "python3") else program, *arguments]


def _environment(
    servers: Servers, env: Mapping[str, str], aurora_hosts: Iterable[str], home: str
) -> dict[str, str]:
    network = {
        "aurora_hosts": sorted({host.lower() for host in aurora_hosts}),
        "aurora_port": servers.aurora_listener.port,
        "vendor_port": servers.vendor_listener.port,
    }
    ca_file = str(servers.ca_file)
    python_path = [str(CHILD), *filter(None, env.get("PYTHONPATH", "").split(os.pathsep))]
    search_path = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    return {
        "HOME": home,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PATH": os.pathsep.join(search_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        **env,
        "PYTHONPATH": os.pathsep.join(python_path),
        "FAKE_AURORA_NETWORK": json.dumps(network),
        "SSL_CERT_FILE": ca_file,
        "REQUESTS_CA_BUNDLE": ca_file,
        "CURL_CA_BUNDLE": ca_file,
    }


def _run(command: list[str], directory: Path, env: dict[str, str], timeout: float) -> tuple[int, str, str]:
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
        start_new_session=True,
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout)
        return process.returncode, stdout, stderr
    except subprocess.TimeoutExpired:
        # The group, since a program may have started others that hold the pipes open.
        os.killpg(process.pid, signal.SIGKILL)
        stdout, stderr = process.communicate()
        return TIMED_OUT, stdout, f"{stderr}\nkilled after {timeout:g} s"
