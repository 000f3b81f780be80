"""The diff can be read, and applied by git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aurora_migrate.report.diff import diff
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.styled import plain
from tests.report.sample import CLIENT, write

MIGRATED = CLIENT.replace("/v2", "")


def shown(path: Path, old: str, new: str) -> str:
    return plain(diff({path: (old, new)}, Paths(path.parent)))


def test_a_change_reads_as_a_unified_diff(tmp_path: Path) -> None:
    assert shown(tmp_path / "client.py", CLIENT, MIGRATED).splitlines() == [
        "--- client.py",
        "+++ client.py",
        "@@ -1,3 +1,3 @@",
        " class Client:",
        "     def projects(self):",
        '-        return self._get("/v2/tenants/%s/projects" % self.tenant)',
        '+        return self._get("/tenants/%s/projects" % self.tenant)',
    ]


def test_files_come_in_order(tmp_path: Path) -> None:
    changes = {tmp_path / name: (CLIENT, MIGRATED) for name in ("b.py", "a.py")}
    lines = plain(diff(changes, Paths(tmp_path))).splitlines()
    assert [line for line in lines if line.startswith("---")] == ["--- a.py", "--- b.py"]


def test_no_change_is_no_diff(tmp_path: Path) -> None:
    assert shown(tmp_path / "client.py", CLIENT, CLIENT) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(CLIENT, MIGRATED, id="plain"),
        pytest.param(CLIENT.rstrip(), MIGRATED.rstrip(), id="no final newline"),
        pytest.param(CLIENT.rstrip(), MIGRATED, id="final newline added"),
        pytest.param(CLIENT.replace("\n", "\r\n"), MIGRATED.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\x0cu = '/v2'\u2028\n", "\x0cu = ''\u2028\n", id="form feed and line separator"),
        pytest.param("--x\n++y\n", "--x\n", id="lines that look like headers"),
    ],
)
@pytest.mark.parametrize("name", ["client.py", "my client.py"])
def test_git_applies_it(tmp_path: Path, old: str, new: str, name: str) -> None:
    path = write(tmp_path / name, old)
    patch = shown(path, old, new).encode()
    command = ["git", "apply", "-p0", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=patch, check=True)
    assert path.read_bytes().decode() == new
