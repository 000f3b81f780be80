"""The TOML file that settings come from: found, read, parsed, and refused when its table is misspelt."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurora_migrate.config.errors import ConfigError, nearest_name
from aurora_migrate.config.settings import SECTION

NAME = SECTION.partition(".")[2]
# Nearer than most names of other tools that have to do with Aurora, `aurora-migrations` for one.
_SAME = 0.93


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: its text without byte order mark, and what that says."""

    path: Path
    text: str
    content: Mapping[str, Any]

    @property
    def section(self) -> object | None:
        """What stands under `tool.aurora-migrate`, of whatever type; None when nothing does."""
        tool = self.content.get("tool")
        return tool.get(NAME) if isinstance(tool, dict) else None


def locate(start: Path, explicit: Path | None) -> tuple[Path, Document | None]:
    """The folder that settings are relative to, and the file that has them, None when there is none.

    That is `explicit`, else the nearest pyproject.toml from `start` (a file or a folder) upwards with our
    table. Raises ConfigError.
    """
    folder = _folder(start)
    if explicit is not None:
        return folder, _with_section(read(_absolute(explicit)))
    nearest: Path | None = None
    for candidate in (above / "pyproject.toml" for above in (folder, *folder.parents)):
        data = _bytes(candidate)
        if data is None:
            continue
        nearest = nearest or candidate
        document = _mentioned(candidate, data)
        if document is not None and document.section is not None:
            return candidate.parent, document
    return nearest.parent if nearest else folder, None


def read(path: Path) -> Document:
    """The TOML file `path`; raises ConfigError when it is none, or cannot be read."""
    data = _bytes(path)
    if data is None:
        raise ConfigError(f"{path}: there is no such file")
    return _parse(path, data)


def loads(text: str) -> Mapping[str, Any]:
    """What a TOML text says; raises ValueError when it is none."""
    # Imported late: most runs find no settings.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    document: Mapping[str, Any] = tomllib.loads(text)
    return document


def _absolute(path: Path) -> Path:
    # `Path.absolute` would keep `..`, and the folders above the path would not be those above the file.
    return Path(os.path.abspath(path))


def _folder(start: Path) -> Path:
    absolute = _absolute(start)
    return absolute if absolute.is_dir() else absolute.parent


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _mentioned(path: Path, data: bytes) -> Document | None:
    """The file, if our table or a misspelling of its name may be in it."""
    if b"aurora" not in data.lower():
        return None
    try:
        document = _parse(path, data)
    except ConfigError:
        # A pyproject.toml that never says our name cannot configure us: it need not even be valid.
        if NAME.encode() in data:
            raise
        return None
    _refuse_misspelt(document)
    return document


def _parse(path: Path, data: bytes) -> Document:
    try:
        text = data.decode("utf-8-sig")
        return Document(path, text, loads(text))
    except ValueError as error:  # of TOML, or of UTF-8
        raise ConfigError(f"{path}: is no valid TOML: {error}{_remedy(str(error))}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: is nested too deeply to be read") from error


def _remedy(error: str) -> str:
    if "Expected '=' after a key" in error:
        return '; a key that is more than letters, digits, "-" and "_" needs quotes, such as "Team Member"'
    return ""


def _with_section(document: Document) -> Document:
    _refuse_misspelt(document)
    if document.section is None:
        raise ConfigError(f"{document.path}: has no [{SECTION}] table: write the settings under that heading")
    return document


def _refuse_misspelt(document: Document) -> None:
    for name, last in _tables(document.content):
        if name != SECTION and nearest_name(last, (NAME,), _SAME):
            raise ConfigError(
                f"{document.path}: [{name}]: nothing reads a table of that name (did you mean [{SECTION}]?)"
            )


def _tables(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and last part of the name of each table of the first two levels: deeper, ours is a package."""
    for outer, table in content.items():
        if isinstance(table, dict):
            yield outer, outer
            inner = (name for name, value in table.items() if isinstance(value, dict))
            yield from ((f"{outer}.{name}", name) for name in inner)
