"""Every setting in force, one by one, with its value and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from aurora_migrate.config.origins import Origin, written
from aurora_migrate.config.overrides import Overrides
from aurora_migrate.config.settings import (
    AUTH_SECTION,
    ENDPOINTS_SECTION,
    KEYS,
    RESOLVER,
    ROLES_SECTION,
    SECTION,
    Settings,
)

Value: TypeAlias = str | tuple[str, ...] | None
"""None: not set, and no value that TOML can write says the same."""

Written: TypeAlias = Mapping[tuple[str, ...], Origin]

TABLES = (SECTION, AUTH_SECTION, ROLES_SECTION, ENDPOINTS_SECTION)
_NOT_EMPTY = ("select", "system-size")
"""Settings that a file cannot set to nothing, so that nothing means not set."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of a table. `origins` is empty for a default; a list may come from several places."""

    table: str
    key: str
    value: Value
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings in force for one path: `root` is what `exclude` is relative to, `source` the file."""

    root: Path
    source: Path | None
    settings: tuple[Setting, ...]


def in_force(settings: Settings, overrides: Overrides) -> InForce:
    """`settings`, as the file has them, under `overrides`; raises ConfigError if the file has gone."""
    places = written(settings.source) if settings.source is not None else {}
    inner = (*_auth(settings, places), *_roles(settings, places), *_endpoints(settings, places))
    return InForce(settings.root, settings.source, (*_top(settings, overrides, places), *inner))


def _top(settings: Settings, overrides: Overrides, places: Written) -> Iterator[Setting]:
    effective = overrides.applied(settings)
    for key in KEYS:
        value = effective.value(key)
        if value is not None and not isinstance(value, (str, tuple)):
            continue  # a table
        shown = None if key in _NOT_EMPTY and not value else value
        yield Setting(SECTION, key, shown, overrides.origins(key, _origins(places, key)))


def _auth(settings: Settings, places: Written) -> Iterator[Setting]:
    auth = settings.auth
    yield Setting(AUTH_SECTION, "token", auth.token, _origins(places, "auth", "token"))
    yield Setting(AUTH_SECTION, "import", auth.import_, _origins(places, "auth", "import"))


def _roles(settings: Settings, places: Written) -> Iterator[Setting]:
    roles = settings.roles
    yield Setting(ROLES_SECTION, RESOLVER, roles.resolver or None, _origins(places, "roles", RESOLVER))
    for level, role in roles.levels.items():
        yield Setting(ROLES_SECTION, level, role, _origins(places, "roles", level))


def _endpoints(settings: Settings, places: Written) -> Iterator[Setting]:
    for endpoint, path in settings.endpoints.items():
        yield Setting(ENDPOINTS_SECTION, endpoint, path, _origins(places, "endpoints", endpoint))


def _origins(places: Written, *name: str) -> tuple[Origin, ...]:
    return (places[name],) if name in places else ()
