"""Colour changes no character."""

from __future__ import annotations

import re

import pytest

from aurora_migrate.report.paint import painted
from aurora_migrate.report.styled import EMPTY, Line, Span, plain

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    "line",
    [
        EMPTY,
        (
            Span("AUR102", "rule"),
            Span(" ["),
            Span("safe", "safe"),
            Span("] `/v2` [bold]is[/bold] :warning: gone"),
        ),
        (Span("x" * 500, "mark"),),
        (Span("日本 🏠  ", "gutter"),),
    ],
    ids=["empty", "what looks like markup", "longer than the terminal", "wide and trailing blanks"],
)
def test_without_its_escape_sequences_it_is_the_plain_text(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    text = painted([line])
    assert ESCAPES.sub("", text) == plain([line])
    assert bool(ESCAPES.search(text)) == bool(line)


def test_a_source_line_cannot_steer_the_terminal() -> None:
    text = painted([(Span("+\tx = '\x1b[2J'\r", "added"),)])
    assert "␛[2J'␍" in text
    assert "\x1b[2J" not in text
    assert "\r" not in text
