"""Decoding and encoding: bytes come back as they were, and what is no source says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.files.source import SourceFile, UnreadableFile, decode, encode, read_source

PATH = Path("/project/client.py")
NEWLINES = ("\n", "\r\n", "\r")
ENCODINGS = ("utf-8", "latin-1", "cp1252", "koi8-r", "shift_jis", "euc-jp", "gbk", "ascii")


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, str, bool]:
    """A text that its cookie's encoding can hold, that encoding, and whether a BOM comes first."""
    encoding = draw(st.sampled_from(ENCODINGS))
    bom = encoding == "utf-8" and draw(st.booleans())
    characters = st.characters(codec=encoding, exclude_characters="\0\r\n¥‾")
    lines = draw(st.lists(st.text(characters, max_size=12).filter(lambda line: round_trips(line, encoding))))
    cookie = "" if encoding == "utf-8" and draw(st.booleans()) else f"# -*- coding: {encoding} -*-\n"
    body = "".join(line + draw(st.sampled_from(NEWLINES)) for line in lines)
    return cookie + ("x = 1\n" if not cookie else "") + body, encoding, bom


def round_trips(text: str, encoding: str) -> bool:
    return text.encode(encoding).decode(encoding) == text


@given(sources())
def test_unchanged_text_gives_the_same_bytes(case: tuple[str, str, bool]) -> None:
    text, encoding, bom = case
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode(encoding)
    source = decode(PATH, data)
    assert source.text == text
    assert source.bom is bom
    assert encode(source, source.text) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_read_back_exactly_or_refused(data: bytes) -> None:
    try:
        source = decode(PATH, data)
    except UnreadableFile:
        return
    assert encode(source, source.text) == data


def test_newlines_stay_in_the_text() -> None:
    assert decode(PATH, b"a\r\nb\rc\n\x0cd").text == "a\r\nb\rc\n\x0cd"


def test_bom_is_no_part_of_the_text() -> None:
    source = decode(PATH, b"\xef\xbb\xbfx = 1\n")
    assert source == SourceFile(PATH, "x = 1\n", "utf-8", bom=True)


def test_cookie_in_the_second_line_counts() -> None:
    assert decode(PATH, b"#!/usr/bin/python\n# coding: latin-1\n# \xe9\n").text.endswith("# é\n")


def test_cookie_after_a_bare_carriage_return_counts() -> None:
    assert decode(PATH, b"#!/usr/bin/python\r# coding: latin-1\r# \xe9\r").text.endswith("# é\r")


def test_cookie_in_the_third_line_does_not() -> None:
    with pytest.raises(UnreadableFile, match="cannot be decoded as utf-8: bad byte in line 4"):
        decode(PATH, b"1\n2\n# coding: latin-1\n# \xe9\n")


def test_long_first_line_is_not_cut_inside_a_character() -> None:
    data = ("#" + "é" * 5000 + "\n").encode()
    assert encode(decode(PATH, data), decode(PATH, data).text) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"x = 1\0", "NUL bytes", id="nul"),
        pytest.param("x = 1".encode("utf-16"), "is encoded in UTF-16", id="utf-16"),
        pytest.param("x = 1".encode("utf-32"), "is encoded in UTF-32", id="utf-32"),
        pytest.param(b"# coding: nonsense\n", "cannot use: unknown encoding: nonsense", id="unknown"),
        pytest.param(b"# coding: rot13\n", "rot13", id="no-text-codec"),
        pytest.param(b"# \xe9\n", "declares no other encoding", id="latin-1-undeclared"),
        pytest.param(
            b"# coding: ascii\n\n# \xe9", "cannot be decoded as ascii: bad byte in line 3", id="ascii"
        ),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n", "declares an encoding", id="bom-and-cookie"),
        pytest.param(b"# coding: utf-7\n+AGE-", "cannot be written back", id="several-spellings"),
    ],
)
def test_refusal_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(PATH, data)
    assert reason in caught.value.reason
    assert caught.value.path == PATH


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read: no such file or directory"):
        read_source(tmp_path / "missing.py")


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="cannot be read"):
        read_source(tmp_path)


def test_new_text_that_does_not_fit_the_encoding_is_an_error() -> None:
    source = decode(PATH, b"# coding: latin-1\n")
    with pytest.raises(UnicodeEncodeError):
        encode(source, "→")


def test_error_as_a_finding_points_to_the_top_of_the_file() -> None:
    finding = UnreadableFile(PATH, "is gone").finding()
    assert (finding.rule, finding.location.path, finding.location.start.line) == ("AUR001", PATH, 1)
    assert finding.message == "is gone"
