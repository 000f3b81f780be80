"""Writes docs/conformance.md: `python -m tests.flow.conformance.document > docs/conformance.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from tests.flow.conformance.idioms import Idiom, load

_HEAD = """\
# What is followed

Written by `python -m tests.flow.conformance.document` from the files in `tests/flow/conformance/`: change
those, not this page. Each line is a small program that runs as a test, twice: with Aurora's host the place is
found as it says here; with another vendor's host nothing is said and nothing is changed.

| Concluded | Means |
| --- | --- |
| fixed | Aurora's by proof; the literal named here is rewritten, and nothing is left to find |
| found | the read of Aurora's answer that is named here is reported (for URLs: see the reason below) |
| by hand | Aurora's by proof, but not rewritten; the reason is below |
| likely | perhaps Aurora's: reported, never rewritten; the reason is below |
| silent | nothing is said |

*Where* is the file and line of what the finding points at, and its text; *steps* is the length of the trace,
which is never more than eight. What becomes of a read, [rules.md](rules.md) says.
"""

_LEFT = """\
## Where it ends

What is not followed, or not rewritten, and what is said then. `HOST` stands for Aurora's host, `brand` for
its name.
"""


def document() -> str:
    """The whole page, in Markdown."""
    idioms = load()
    groups = {group: list(found) for group, found in groupby(idioms, lambda idiom: idiom.group)}
    parts = [_HEAD, "\n".join(_overview(groups))]
    parts += ["\n".join(_section(group, found)) for group, found in groups.items()]
    parts += [_LEFT, *(_left(idiom) for idiom in idioms if _is_left(idiom))]
    return "\n".join(parts)


def _is_left(idiom: Idiom) -> bool:
    return bool(idiom.why) and idiom.rule == "AUR102"


def _overview(groups: dict[str, list[Idiom]]) -> Iterator[str]:
    total = sum(len(found) for found in groups.values())
    yield f"{total} idioms:\n"
    for group, found in groups.items():
        yield f"- [{group}](#{_anchor(group)}) ({len(found)})"
    yield ""


def _anchor(group: str) -> str:
    kept = "".join(letter for letter in group.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def _section(group: str, idioms: list[Idiom]) -> Iterator[str]:
    yield f"## {group}\n"
    yield "| Idiom | Endpoint | Concluded | Where | Steps |"
    yield "| --- | --- | --- | --- | --- |"
    for idiom in idioms:
        endpoints = ", ".join(f"`{name}`" for name in idiom.endpoints)
        where = "<br>".join(_place(found) for found in idiom.found)
        steps = idiom.steps or ""
        yield f"| {_cell(idiom.name)} | {endpoints} | {idiom.concluded} | {where} | {steps} |"
    yield ""


def _place(found: str) -> str:
    place, _, text = found.partition(" ")
    ticks = "``" if "`" in text else "`"
    return f"{place} {ticks}{_cell(text)}{ticks}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _left(idiom: Idiom) -> str:
    programs = "\n\n".join(f"```python\n{text.strip()}\n```" for text in idiom.files.values() if text.strip())
    return f"**{idiom.name}**: {idiom.concluded}; {idiom.why}.\n\n{programs}\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(document().encode())
