"""Where settings come from: which keys a file has written, and on which lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aurora_migrate.config.settings import SECTION


@dataclass(frozen=True, slots=True)
class Origin:
    """A place that a value comes from: a file, and the line there unless it cannot be told."""

    path: Path | None = None
    line: int | None = None


COMMAND_LINE = Origin()
"""What is in no file."""


def written(source: Path) -> Mapping[tuple[str, ...], Origin]:
    """All that `source` says below [tool.aurora-migrate]: a key is one name, of a key in a table two.

    The table itself is (). Raises ConfigError when the file cannot be read any more.
    """
    # Imported late: `check` never asks where a setting stands.
    from aurora_migrate.config.lines import key_lines
    from aurora_migrate.config.source import read

    document = read(source)
    section = tuple(SECTION.split("."))
    depth = len(section)
    found = key_lines(document.text)
    lines = {keys[depth:]: line for keys, line in found.items() if keys[:depth] == section}
    names = set(_names(document.section))
    # Where scanner and parser disagree on what there is, the scanner's lines cannot be trusted.
    trusted = lines if lines.keys() == names else {}
    return {name: Origin(source, trusted.get(name)) for name in names}


def _names(value: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield above
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _names(inner, (*above, key))
