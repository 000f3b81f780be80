"""Code frames: carets stand under what they point at."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.findings import Location, Position
from aurora_migrate.report.frame import WIDEST_LINE, frame
from aurora_migrate.report.sources import Lines
from aurora_migrate.report.styled import plain
from aurora_migrate.report.visible import layout
from tests.report.sample import location

PATH = Path("/srv/client.py")


def drawn(text: str, part: str) -> str:
    """The frame of the first `part` in `text`."""
    return plain(frame(Lines.of(text).lines, location(PATH, text, part)))


def between(text: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    return plain(frame(Lines.of(text).lines, Location(PATH, Position(*start), Position(*end))))


def test_one_line_with_the_lines_around_it() -> None:
    text = 'a = 1\nb = 2\nurl = base + "/v2/tenants"\nc = 3\nd = 4\n'
    assert drawn(text, "/v2") == dedent("""\
          |
        2 | b = 2
        3 | url = base + "/v2/tenants"
          |               ^^^
        4 | c = 3
          |
        """)


def test_blank_lines_around_it_are_left_out() -> None:
    assert drawn('\nurl = "/v2"\n   \n', "/v2") == dedent("""\
          |
        2 | url = "/v2"
          |        ^^^
          |
        """)


def test_the_gutter_fits_the_largest_number() -> None:
    text = "\n" * 8 + 'url = "/v2"\nnext = 1\n'
    assert drawn(text, "/v2") == dedent("""\
           |
         9 | url = "/v2"
           |        ^^^
        10 | next = 1
           |
        """)


@pytest.mark.parametrize(
    ("line", "shown", "carets"),
    [
        pytest.param('\t\turl = "/v2"', '        url = "/v2"', "               ^^^", id="tabs"),
        pytest.param('x = "日本", "/v2"', 'x = "日本", "/v2"', "             ^^^", id="CJK before"),
        pytest.param('x = "🏠", "/v2"', 'x = "🏠", "/v2"', "           ^^^", id="emoji before"),
        pytest.param('x = "e\u0301/v2"', 'x = "e\u0301/v2"', "      ^^^", id="combining accent before"),
        pytest.param('\x0curl = "/v2"', '␌url = "/v2"', "        ^^^", id="form feed before"),
    ],
)
def test_carets_stay_under_the_text(line: str, shown: str, carets: str) -> None:
    assert drawn(line + "\n", "/v2").splitlines()[1:3] == [f"1 | {shown}", f"  | {carets}"]


def test_carets_are_as_wide_as_wide_text() -> None:
    assert drawn("x = '日本'\n", "日本").splitlines()[2] == "  |      ^^^^"


def test_an_empty_range_has_one_caret() -> None:
    assert between("abc\n", (1, 3), (1, 3)).splitlines()[2] == "  |   ^"


def test_crlf_leaves_no_trace() -> None:
    assert drawn('a = 1\r\nurl = "/v2"\r\n', "/v2") == dedent("""\
          |
        1 | a = 1
        2 | url = "/v2"
          |        ^^^
          |
        """)


def test_a_range_over_several_lines() -> None:
    text = "x = 1\nget(\n    a,\n    b,\n)\ny = 2\n"
    assert drawn(text, "get(\n    a,\n    b,\n)") == dedent("""\
          |
        1 |   x = 1
        2 | / get(
        3 | |     a,
        4 | |     b,
        5 | | )
          | |_^
        6 |   y = 2
          |
        """)


def test_the_closing_caret_stands_under_the_last_character() -> None:
    text = "get(a,\n\t日本)\n"
    assert drawn(text, "get(a,\n\t日本)").splitlines()[2:4] == ["2 | |     日本)", "  | |_________^"]


def test_the_middle_of_a_long_range_is_left_out() -> None:
    text = "".join(f"line{number}\n" for number in range(1, 21))
    assert drawn(text, text.strip()) == dedent("""\
           |
         1 | / line1
         2 | | line2
         3 | | line3
         4 | | line4
         5 | | line5
        ...  |
        19 | | line19
        20 | | line20
           | |______^
           |
        """)


def test_a_range_that_ends_at_the_start_of_a_line_ends_with_the_line_before() -> None:
    assert between("abc\ndef\n", (1, 1), (2, 1)).splitlines()[1:3] == ["1 | abc", "  | ^^^"]


def test_a_long_line_is_cut_around_the_range() -> None:
    text = "x = '" + "a" * 5000 + "/v2" + "b" * 5000 + "'\n"
    _, source, carets, *_ = drawn(text, "/v2").splitlines()
    assert len(source) < WIDEST_LINE + 10
    at = carets.index("^^^")
    assert source[at : at + 3] == "/v2"
    assert source.startswith("1 | …a")
    assert source.endswith("b…")


def test_a_place_that_the_text_no_longer_has_has_no_frame() -> None:
    assert between("abc\n", (7, 1), (7, 2)) == ""


@given(
    st.text(alphabet='ab"/日🏠\t\r\n\x0c', max_size=400),
    st.tuples(st.integers(1, 12), st.integers(1, 300)),
    st.tuples(st.integers(1, 12), st.integers(1, 300)),
)
def test_no_range_is_too_odd(text: str, one: tuple[int, int], other: tuple[int, int]) -> None:
    start, end = sorted((one, other))
    shown = between(text, start, end)
    assert shown == "" or shown.count("^") >= 1


@given(st.text(alphabet="ab日🏠\t\x0c", max_size=60), st.text(alphabet="xy本", min_size=1, max_size=200))
def test_carets_cover_the_range_cell_by_cell(before: str, part: str) -> None:
    _, source, carets, *_ = plain(
        frame(
            (before + part,),
            Location(PATH, Position(1, len(before) + 1), Position(1, len(before + part) + 1)),
        )
    ).splitlines()
    begin = layout(source.split(part[0])[0])[1][-1]
    assert carets.index("^") == begin
