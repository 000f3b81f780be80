"""The unified diff of what a run changes, or would change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from aurora_migrate.files.documents import is_document
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.styled import Line, Role, words
from aurora_migrate.report.visible import visible

CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file"


def diff(changes: Mapping[Path, tuple[str, str]], paths: Paths) -> Iterator[Line]:
    """The changes by file, as `patch -p0` and `git apply -p0 --unidiff-zero` take them.

    Of files of settings no line is shown but those that change: the next one may be a secret.
    """
    for path in sorted(changes):
        old, new = changes[path]
        name = visible(paths.posix(path))
        # patch reads a name up to the first tab; without one it would stop at a space.
        context = 0 if is_document(path) else CONTEXT
        yield from unified(old, new, name + "\t" if " " in name else name, context)


def unified(old: str, new: str, name: str, context: int = CONTEXT) -> Iterator[Line]:
    """The diff of two texts. Carriage returns stay, so that CRLF files can be patched."""
    for number, text in enumerate(unified_diff(_lines(old), _lines(new), n=context)):
        if number < 2:
            yield words(f"{'+++' if number else '---'} {name}", "strong")
            continue
        yield words(text.removesuffix("\n"), _role(text))
        if not text.endswith("\n"):
            yield words(_NO_NEWLINE)


def _lines(text: str) -> list[str]:
    # Only \n ends a line: patch knows no other end, `str.splitlines` knows ten.
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines


def _role(text: str) -> Role:
    if text.startswith("@@"):
        return "hunk"
    if text.startswith("+"):
        return "added"
    return "removed" if text.startswith("-") else ""
