"""Styled lines in colour, by rich; imported only when a terminal is there to show it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from aurora_migrate.report.styled import Line, Role
from aurora_migrate.report.visible import visible

_STYLES: dict[Role, str] = {
    "": "",
    "strong": "bold",
    "rule": "bold red",
    "safe": "green",
    "unsafe": "yellow",
    "manual": "magenta",
    "error": "bold red",
    "mark": "bold red",
    "gutter": "bold blue",
    "note": "bold cyan",
    "hunk": "cyan",
    "added": "green",
    "removed": "red",
}


def painted(lines: Iterable[Line]) -> str:
    """The lines with the escape sequences of their roles, each ended by a newline, never wrapped."""
    console = Console(force_terminal=True, legacy_windows=False, highlight=False, markup=False, emoji=False)
    with console.capture() as capture:
        for line in lines:
            text = Text.assemble(*((_harmless(span.text), _STYLES[span.role]) for span in line))
            console.print(text, soft_wrap=True)
    return capture.get()


def _harmless(text: str) -> str:
    """A diff holds its lines as they are, with tabs; a terminal must still not obey what else they hold."""
    return "\t".join(map(visible, text.split("\t")))
