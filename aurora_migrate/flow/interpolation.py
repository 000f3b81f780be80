"""Settings that refer to others by name: `%(host)s`, `${host}`, `${section:option}`, `${HOST:-default}`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from aurora_migrate.flow import containers, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.formatting import filled
from aurora_migrate.flow.values import Mapping, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

BASIC = re.compile(r"%\((?P<named>[^()]+)\)s|%%")
"""The placeholders of `configparser.BasicInterpolation`."""
EXTENDED = re.compile(r"\$\{(?P<named>[^{}]+)\}|\$\$")
"""Those of `configparser.ExtendedInterpolation`, with a section's name in front of a colon."""
_ENVIRONMENT = re.compile(r"\$\{(?P<named>[^{}:]+)(?::-(?P<default>[^{}]*))?\}")
_EXPANDED = re.compile(r"\$(?:(?P<named>\w+)|\{(?P<braced>[^{}]+)\})")
_MAX_DEPTH = 10
"""How often an option's placeholder may stand for a text with others, as in configparser."""

Held = Callable[[str], "Value | None"]
"""What stands under a name, with its own placeholders; None where nothing does."""


def of_names(value: Value, pattern: re.Pattern[str], held: Held, depth: int = 0) -> Value:
    """A setting with what its placeholders stand for; what nobody knows is unknown under its name."""

    def inner(name: str) -> Value:
        found = held(name)
        if found is None or depth >= _MAX_DEPTH:
            return Unknown((name.rpartition(":")[2],))
        return of_names(found, pattern, held, depth + 1)

    def meant(option: Value) -> Value:
        if isinstance(option, Text) and pattern.search(text.characters(option)):
            return filled(option, pattern, inner)
        if type(option) is Unknown and option.default is not None:
            default = next(iterate_texts(meant(option.default)), None)
            return Unknown(option.hints, option.roots, default=default)
        return option

    return choose([meant(option) for option in options(value)])


def in_environment_file(run: Interpreter, said: Value) -> None:
    """Fill what a `.env` file says: `${NAME}` stands for another of its settings."""
    if isinstance(said, Mapping):
        fill(run, said, _ENVIRONMENT, lambda name: containers.lookup(run, said, text.plain(name)))


def in_environment(run: Interpreter, value: Value) -> Value:
    """`$NAME` and `${NAME}` in a text of the program, from the environment."""
    from aurora_migrate.flow.libraries.stdlib_config import written

    return of_names(value, _EXPANDED, lambda name: written(run, text.plain(name)))


def in_tree(run: Interpreter, root: Value) -> None:
    """Fill what OmegaConf has read: `${section.key}` stands for a setting by its way from the root."""

    def held(path: str) -> Value | None:
        found: Value | None = root
        for key in path.split("."):
            found = containers.lookup(run, found, text.plain(key)) if isinstance(found, Mapping) else None
        return found

    def go(holder: Value, depth: int) -> None:
        if isinstance(holder, Mapping) and depth < _MAX_DEPTH:
            fill(run, holder, EXTENDED, held)
            for entry in run.entries(holder).items:
                go(entry.value, depth + 1)

    go(root, 0)


def fill(run: Interpreter, settings: Mapping, pattern: re.Pattern[str], held: Held) -> None:
    """Put what is meant in the place of every setting that refers to others."""
    entries = run.entries(settings)
    items = tuple(replace(entry, value=of_names(entry.value, pattern, held)) for entry in entries.items)
    run.heap.set(settings.cells, "entries", replace(entries, items=items))
