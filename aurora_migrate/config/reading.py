"""Typed access to a TOML table: a wrong key or value ends in a ConfigError with file, key and reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from aurora_migrate.config.errors import ConfigError, form, nearest_name
from aurora_migrate.config.settings import HOMES


class Reader:
    """The table `section` of the file `source`, whose keys are taken by type."""

    def __init__(self, source: Path, section: str, table: object) -> None:
        self.source = source
        self._section = section
        if not isinstance(table, dict):
            raise ConfigError(f"{source}: [{section}] must be a table, not {_kind(table)}")
        self._table: dict[str, Any] = table

    def error(self, key: str, reason: str) -> ConfigError:
        shown = key if key.strip() and key.isprintable() else repr(key)
        return ConfigError(f"{self.source}: [{self._section}] {shown}: {reason}")

    def only(self, valid: Collection[str]) -> None:
        """Raise for the first key that is none of `valid`."""
        for key, value in self._table.items():
            if key not in valid:
                noun = "table" if isinstance(value, dict) else "key"
                near = nearest_name(key, valid) or f" (valid are {', '.join(valid)})"
                raise self.error(key, self.misplaced(key) or f"there is no such {noun}{near}")

    def misplaced(self, key: str) -> str:
        """Says which other table `key` belongs to; empty when there is none.

        In TOML a key that is written below the heading of another table belongs to that one.
        """
        home = HOMES.get(form(key), self._section)
        if home == self._section:
            return ""
        return f"belongs to [{home}]: move it under that heading, which ends where the next one begins"

    def has(self, key: str) -> bool:
        return key in self._table

    def value(self, key: str, default: object) -> object:
        return self._table.get(key, default)

    def text(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be a string, not {_kind(value)}")
        return value

    def choice(self, key: str, choices: Collection[str]) -> str:
        """One of `choices`, empty when the key is absent."""
        value = self.text(key, "")
        if self.has(key) and value not in choices:
            near = nearest_name(value, choices)
            raise self.error(key, f"{value!r} is none of {', '.join(choices)}{near}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._table.get(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"must be a list of strings, not {_kind(value)}")
        for item in value:
            if not isinstance(item, str):
                raise self.error(key, f"must hold strings only, not {_kind(item)}")
            if not item.strip():
                raise self.error(key, "holds an empty string")
        return tuple(value)

    def every_text(self) -> Mapping[str, str]:
        """The whole table, in the file's order, whose values must be strings."""
        for key, value in self._table.items():
            if not isinstance(value, str):
                raise self.error(key, self.misplaced(key) or f"must be a string, not {_kind(value)}")
        return dict(self._table)


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        str: "a string",
        list: "a list",
        dict: "a table",
    }
    return names.get(type(value), "a date or time")
