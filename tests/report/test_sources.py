"""Lines and positions of the texts that findings point into."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.findings import Position
from aurora_migrate.report.sources import Lines, Sources
from tests.report.sample import write


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", ("",), id="empty"),
        pytest.param("a\nb", ("a", "b"), id="no final newline"),
        pytest.param("a\nb\n", ("a", "b", ""), id="final newline"),
        pytest.param("a\r\nb\r\n", ("a", "b", ""), id="CRLF"),
        pytest.param("a\rb\nc\r\nd", ("a", "b", "c", "d"), id="mixed"),
        pytest.param("a\x0cb\u2028c\x1cd\n", ("a\x0cb\u2028c\x1cd", ""), id="what Python does not break at"),
    ],
)
def test_lines_break_where_python_breaks_them(text: str, lines: tuple[str, ...]) -> None:
    assert Lines.of(text).lines == lines


@given(st.text(alphabet="ab日\r\n\x0c"), st.data())
def test_a_position_leads_back_to_its_character(text: str, data: st.DataObject) -> None:
    lines = Lines.of(text)
    offset = data.draw(st.integers(0, len(text)))
    position = lines.position(offset)
    assert lines.starts[position.line - 1] + position.column - 1 == offset
    assert position.column <= len(lines.lines[position.line - 1]) + 2  # the two characters of CRLF


def test_a_changed_file_is_seen_as_the_run_leaves_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.py", "old\n")
    lines = Sources({path: ("old\n", "x\nnew\n")}).lines(path)
    assert lines is not None
    assert lines.lines == ("x", "new", "")


def test_other_files_come_from_the_disk_decoded_as_python_does(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes("# coding: latin-1\nname = 'größe'\n".encode("latin-1"))
    sources = Sources({})
    lines = sources.lines(path)
    assert lines is not None
    assert lines.lines[1] == "name = 'größe'"
    assert sources.position(path, 20) == Position(2, 3)


def test_a_file_that_is_gone_has_no_lines(tmp_path: Path) -> None:
    sources = Sources({})
    assert sources.lines(tmp_path / "gone.py") is None
    assert sources.position(tmp_path / "gone.py", 0) is None
