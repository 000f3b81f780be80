"""Typed access to a TOML table: a wrong key or value ends in a RuleError that names file, key and reason."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from aurora_migrate.catalogue.errors import RuleError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EnumT = TypeVar("EnumT", bound=Enum)


class Table:
    """One table of a file, read key by key; `finish` then refuses the keys that nobody asked for."""

    def __init__(self, file: Path, values: Mapping[str, Any], key: str = "") -> None:
        self.file = file
        self.key = key
        self._values = values
        self._asked: set[str] = set()

    @classmethod
    def of_file(cls, file: Path) -> Table:
        """The whole of `file`; RuleError when it is not readable TOML."""
        try:
            return cls(file, tomllib.loads(file.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise RuleError(file, "", f"cannot be read: {error}") from error

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def keys(self) -> Collection[str]:
        """The table's keys, in the file's order."""
        return self._values.keys()

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank, or `default` when the key is absent."""
        value = self._value(key, default)
        if not isinstance(value, str):
            self.fail(key, f"must be a text, not {_shown(value)}")
        if key in self._values and not value.strip():
            self.fail(key, "must not be blank")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """True or false."""
        value = self._value(key, default)
        if not isinstance(value, bool):
            self.fail(key, f"must be true or false, not {_shown(value)}")
        return value

    def texts(self, key: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of texts without repetition."""
        value = self._value(key, None if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(key, f"must be a list of texts, not {_shown(value)}")
        if len(set(value)) < len(value):
            self.fail(key, "names something twice")
        return tuple(value)

    def choice(self, key: str, choices: type[EnumT]) -> EnumT:
        """A text that is one of the enum's values."""
        return self._chosen(key, self.text(key), choices)

    def choices(self, key: str, choices: type[EnumT]) -> tuple[EnumT, ...]:
        """A list of texts, each one of the enum's values."""
        return tuple(self._chosen(key, text, choices) for text in self.texts(key))

    def text_map(self, key: str) -> Mapping[str, str]:
        """A table whose values are texts, empty texts included."""
        value = self._value(key, None)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.fail(key, f"must be a table of texts, not {_shown(value)}")
        return value

    def table(self, key: str) -> Table:
        """The table below `key`."""
        value = self._value(key, None)
        if not isinstance(value, dict):
            self.fail(key, f"must be a table, not {_shown(value)}")
        return Table(self.file, value, self.path(key))

    def tables(self, key: str) -> list[Table]:
        """The tables of the list below `key`."""
        value = self._value(key, None)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(key, f"must be a list of tables, not {_shown(value)}")
        return [Table(self.file, item, f"{self.path(key)}[{place}]") for place, item in enumerate(value)]

    def finish(self) -> None:
        """Refuse every key that was not asked for."""
        for key in self._values:
            if key not in self._asked:
                self.fail(key, "unknown key" + nearest(key, self._asked))

    def path(self, key: str) -> str:
        """The dotted path of `key` in the file."""
        return f"{self.key}.{key}" if self.key else key

    def fail(self, key: str, reason: str) -> NoReturn:
        """Raise the RuleError for `key` (empty: the table itself)."""
        raise RuleError(self.file, self.path(key) if key else self.key, reason)

    def _value(self, key: str, default: object) -> Any:
        self._asked.add(key)
        if key in self._values:
            return self._values[key]
        if default is None:
            self.fail(key, "is missing")
        return default

    def _chosen(self, key: str, text: str, choices: type[EnumT]) -> EnumT:
        try:
            return choices(text)
        except ValueError:
            names = [str(member.value) for member in choices]
            self.fail(key, f"{text!r} is none of {', '.join(names)}" + nearest(text, names))


def nearest(word: str, words: Iterable[str]) -> str:
    """A clause with the word of `words` that `word` was meant to be, or nothing."""
    # Only errors need it, and its import costs as much as a rule file.
    from difflib import get_close_matches

    close = get_close_matches(word, list(words), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
