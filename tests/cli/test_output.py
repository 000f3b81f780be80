"""Standard output as it really is: terminals, closed pipes, odd encodings."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from aurora_migrate.cli.output import Output, encoded, wants_colour
from aurora_migrate.report.styled import Span

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "aurora_migrate"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", **more}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["rules"], 0),
        (["config"], 0),
        (["explain", "AUR102"], 0),
        (["check", "gone.py"], 2),
    ],
    ids=str,
)
def test_a_reader_that_went_away_changes_nothing(tmp_path: Path, arguments: list[str], code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            check=False,
            cwd=tmp_path,
            env=environment(),
            stdout=writer,
            stderr=subprocess.PIPE,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (code, b"")


def in_terminal(arguments: list[str], env: dict[str, str]) -> str:
    """What a terminal shows."""
    terminal, end = pty.openpty()
    with subprocess.Popen([*PROGRAM, *arguments], env=env, stdout=end) as process:
        os.close(end)
        shown = b""
        # Linux ends a terminal that nobody writes to with an error, not with an empty read.
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:
            pass
        assert process.wait() == 0
    os.close(terminal)
    return shown.decode()


def test_a_terminal_gets_colour() -> None:
    assert "\x1b[1;31mAUR101" in in_terminal(["rules"], environment())


@pytest.mark.parametrize("setting", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_a_terminal_that_wants_none_gets_none(setting: dict[str, str]) -> None:
    assert "\x1b" not in in_terminal(["rules"], environment(**setting))


def test_a_pipe_gets_colour_only_by_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert not wants_colour(StringIO())
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert wants_colour(StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(StringIO())


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("größe", "utf-8", "größe".encode()),
        ("größe 日本", "ascii", b"gr\\xf6\\xdfe \\u65e5\\u672c"),
        ("caf\udce9.py", "utf-8", b"caf\xe9.py"),
        ("\ud800", "utf-8", b"\\ud800"),
    ],
    ids=["as it is", "what the encoding lacks", "a byte of a file name", "a lone surrogate of no file name"],
)
def test_nothing_is_unwritable(text: str, encoding: str, written: bytes) -> None:
    assert encoded(text, encoding) == written


def test_a_stream_without_bytes_is_written_to_as_text() -> None:
    stream = StringIO()
    Output(stream).lines([(Span("größe"),)])
    assert stream.getvalue() == "größe\n"


def test_a_missing_file_whose_name_is_not_utf8_is_reported(tmp_path: Path) -> None:
    name = b"caf\xe9.py"
    done = subprocess.run(
        [*PROGRAM, "check", "--output-format", "concise", os.fsdecode(name)],
        check=False,
        cwd=tmp_path,
        env=environment(PYTHONUTF8="1"),
        stdout=subprocess.PIPE,
    )
    assert done.returncode == 2
    assert done.stdout.startswith(name + b":1:1: AUR001 [error] ")
