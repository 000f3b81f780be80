"""Characters as a terminal shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from aurora_migrate.report.visible import layout, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("plain text", "plain text", id="plain text stays"),
        pytest.param("größe 日本 🏠", "größe 日本 🏠", id="letters of any script stay"),
        pytest.param("a\x1b[2Jb", "a␛[2Jb", id="an escape sequence is shown"),
        pytest.param("a\nb\r\tc\x00", "a␊b␍␉c␀", id="line breaks and tabs are shown"),
        pytest.param("\x7f\x9b31m", "␡\N{REPLACEMENT CHARACTER}31m", id="delete and C1 controls"),
        pytest.param("a\u202eb\u2028c", "a\ufffdb\ufffdc", id="reordering and line separators"),
        pytest.param("caf\udce9", "caf\udce9", id="a byte of a file name that is not UTF-8 stays"),
    ],
)
def test_control_characters_are_shown_not_obeyed(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("line", "shown", "cells"),
    [
        pytest.param("", "", [0], id="empty"),
        pytest.param("ab", "ab", [0, 1, 2], id="narrow"),
        pytest.param("\ta", "    a", [0, 4, 5], id="a tab at the start"),
        pytest.param("ab\tc", "ab  c", [0, 1, 2, 4, 5], id="a tab goes to the next stop"),
        pytest.param("日本x", "日本x", [0, 2, 4, 5], id="CJK takes two cells"),
        pytest.param("🏠x", "🏠x", [0, 2, 3], id="emoji take two cells"),
        pytest.param("e\u0301x", "e\u0301x", [0, 1, 1, 2], id="a combining accent takes none"),
        pytest.param("日\tx", "日  x", [0, 2, 4, 5], id="a tab after a wide character"),
    ],
)
def test_each_character_has_its_cell(line: str, shown: str, cells: list[int]) -> None:
    assert layout(line) == (shown, cells)


@given(st.text(alphabet="aé~ß\x00\t\x0c日本語한글カｶ（）🏠🚀"))
def test_cells_agree_with_rich(line: str) -> None:
    shown, cells = layout(line)
    assert cells[-1] == cell_len(shown)
    assert visible(shown) == shown


@given(st.text())
def test_nothing_shown_moves_the_cursor(text: str) -> None:
    assert not any(ord(character) < 0x20 or character in "\x7f\u2028\u2029" for character in visible(text))
