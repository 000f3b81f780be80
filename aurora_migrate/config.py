"""Settings: what [tool.aurora-migrate] in pyproject.toml may say, read, checked and defaulted."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

SECTION = "tool.aurora-migrate"
AUTH_SECTION = f"{SECTION}.auth"
DEFAULT_TOKEN = 'os.environ["AURORA_API_TOKEN"]'
DEFAULT_IMPORT = "import os"

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class ConfigError(Exception):
    """Settings that cannot be used: one sentence with file, key, reason and the nearest valid name."""


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """What a rewritten call authenticates with: a Python expression, and the statement it needs imported."""

    token: str = DEFAULT_TOKEN
    import_: str = DEFAULT_IMPORT


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    `root` is the folder that `exclude` is relative to. `source` is the file the settings came from, None for
    the defaults. An empty `select` stands for the rules that are on by default. `hosts` and `base_url_names`
    come on top of what the catalogue knows.
    """

    root: Path
    source: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    base_url_names: tuple[str, ...] = ()
    auth: AuthSettings = field(default_factory=AuthSettings)


def load_settings(start: Path, explicit: Path | None = None) -> Settings:
    """The settings for `start` (a file or a folder).

    They come from `explicit` if given, else from the nearest pyproject.toml upwards that has a
    [tool.aurora-migrate] table, else they are the defaults. Raises ConfigError.
    """
    folder = _folder(start)
    if explicit is not None:
        return _settings(folder, explicit.absolute(), _read(explicit.absolute()))
    nearest: Path | None = None
    for candidate in (above / "pyproject.toml" for above in (folder, *folder.parents)):
        data = _bytes(candidate)
        if data is None:
            continue
        nearest = nearest or candidate
        # A pyproject.toml that never says our name cannot configure us: it need not even be valid.
        if b"aurora-migrate" in data and _section(table := _parse(candidate, data)) is not None:
            return _settings(candidate.parent, candidate, table)
    return Settings(root=nearest.parent if nearest else folder)


def nearest_name(name: str, valid: Iterable[str]) -> str:
    """` (did you mean X?)` for the end of an error message, empty when nothing valid is near `name`."""
    near = get_close_matches(name, list(valid), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _folder(start: Path) -> Path:
    absolute = start.absolute()
    return absolute if absolute.is_dir() else absolute.parent


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _read(path: Path) -> Mapping[str, Any]:
    data = _bytes(path)
    if data is None:
        raise ConfigError(f"{path}: there is no such file")
    return _parse(path, data)


def _parse(path: Path, data: bytes) -> Mapping[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        document: Mapping[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is no valid TOML: {error}") from error
    return document


def _section(document: Mapping[str, Any]) -> object | None:
    tool = document.get("tool")
    return tool.get("aurora-migrate") if isinstance(tool, dict) else None


def _settings(root: Path, source: Path, document: Mapping[str, Any]) -> Settings:
    section = _section(document)
    if section is None:
        raise ConfigError(f"{source}: has no [{SECTION}] table")
    reader = _Reader(source, SECTION, section)
    reader.only("select", "ignore", "extend-select", "exclude", "hosts", "base-url-names", "auth")
    select = reader.texts("select")
    if reader.has("select") and not select:
        raise reader.error("select", "is empty: leave it out for the default rules")
    return Settings(
        root=root,
        source=source,
        select=select,
        ignore=reader.texts("ignore"),
        extend_select=reader.texts("extend-select"),
        exclude=reader.texts("exclude"),
        hosts=_hosts(reader),
        base_url_names=_names(reader),
        auth=_auth(source, reader),
    )


def _hosts(reader: _Reader) -> tuple[str, ...]:
    hosts = reader.texts("hosts")
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise reader.error("hosts", f"{host!r} is no host name: write it without scheme and path")
    return tuple(host.lower() for host in hosts)


def _names(reader: _Reader) -> tuple[str, ...]:
    names = reader.texts("base-url-names")
    for name in names:
        if not _NAME.fullmatch(name):
            raise reader.error(
                "base-url-names", f"{name!r} is no name of a variable, setting or environment entry"
            )
    return names


def _auth(source: Path, parent: _Reader) -> AuthSettings:
    reader = _Reader(source, AUTH_SECTION, parent.value("auth", {}))
    reader.only("token", "import")
    token = reader.text("token", DEFAULT_TOKEN).strip()
    # A token of the user's own must not drag in the import that only the default token needs.
    import_ = reader.text("import", "" if reader.has("token") else DEFAULT_IMPORT).strip()
    if not _is_expression(token):
        raise reader.error("token", f"{token!r} is no Python expression")
    if not _is_imports(import_):
        raise reader.error("import", f"{import_!r} is no Python import statement")
    return AuthSettings(token=token, import_=import_)


def _is_expression(text: str) -> bool:
    import ast

    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    # A comment would swallow whatever the expression is written in front of.
    return "#" not in text or not _has_comment(text)


def _has_comment(text: str) -> bool:
    import io
    import tokenize

    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return any(token.type == tokenize.COMMENT for token in tokens)


def _is_imports(text: str) -> bool:
    import ast

    try:
        statements = ast.parse(text).body
    except (SyntaxError, ValueError):
        return False
    return all(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in statements)


class _Reader:
    """A TOML table whose keys are taken by type; whatever is wrong ends in a ConfigError."""

    def __init__(self, source: Path, section: str, table: object) -> None:
        self._source = source
        self._section = section
        if not isinstance(table, dict):
            raise ConfigError(f"{source}: [{section}] must be a table, not {_kind(table)}")
        self._table: dict[str, Any] = table

    def error(self, key: str, reason: str) -> ConfigError:
        return ConfigError(f"{self._source}: [{self._section}] {key}: {reason}")

    def only(self, *valid: str) -> None:
        """Raise for the first key that is none of `valid`."""
        for key in self._table:
            if key not in valid:
                near = nearest_name(key, valid) or f" (valid are {', '.join(valid)})"
                raise self.error(key, f"there is no such key{near}")

    def has(self, key: str) -> bool:
        return key in self._table

    def value(self, key: str, default: object) -> object:
        return self._table.get(key, default)

    def text(self, key: str, default: str) -> str:
        value = self._table.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, f"must be a string, not {_kind(value)}")
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
