"""Settings from a TOML file: each key read, checked and defaulted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from aurora_migrate.config.errors import nearest_name
from aurora_migrate.config.python import is_dotted_name, is_expression, is_function, is_imports
from aurora_migrate.config.reading import Reader
from aurora_migrate.config.settings import (
    AUTH_SECTION,
    DEFAULT_IMPORT,
    DEFAULT_TOKEN,
    ENDPOINTS_SECTION,
    KEYS,
    RESOLVER,
    ROLES_SECTION,
    SECTION,
    SYSTEM_SIZES,
    AuthSettings,
    RoleSettings,
    Settings,
)
from aurora_migrate.config.source import Document, locate

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_ENDPOINT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PATH = re.compile(r"(?:/(?:[^\s/{}?#]|\{[A-Za-z_][A-Za-z0-9_]*\})+)+")


def load_settings(start: Path, explicit: Path | None = None) -> Settings:
    """The settings for `start` (a file or a folder).

    They come from `explicit` if given, else from the nearest pyproject.toml upwards that has a
    [tool.aurora-migrate] table, else they are the defaults. Raises ConfigError.
    """
    root, document = locate(start, explicit)
    return Settings(root=root) if document is None else _settings(root, document)


def _settings(root: Path, document: Document) -> Settings:
    reader = Reader(document.path, SECTION, document.section)
    reader.only(KEYS)
    select = reader.texts("select")
    if reader.has("select") and not select:
        raise reader.error("select", "is empty: leave it out for the default rules")
    return Settings(
        root=root,
        source=document.path,
        select=select,
        ignore=reader.texts("ignore"),
        extend_select=reader.texts("extend-select"),
        exclude=reader.texts("exclude"),
        hosts=_hosts(reader),
        base_url_names=_names(reader),
        auth=_auth(reader),
        system_size=reader.choice("system-size", SYSTEM_SIZES),
        filler_row_locations=_filler_row_locations(reader),
        roles=_roles(reader),
        endpoints=_endpoints(reader),
    )


def _hosts(reader: Reader) -> tuple[str, ...]:
    hosts = reader.texts("hosts")
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise reader.error("hosts", f"{host!r} is no host name: write it without scheme and path")
    return tuple(host.lower() for host in hosts)


def _names(reader: Reader) -> tuple[str, ...]:
    names = reader.texts("base-url-names")
    for name in names:
        if not is_dotted_name(name):
            raise reader.error(
                "base-url-names", f"{name!r} is no name of a variable, setting or environment entry"
            )
    return names


def _filler_row_locations(reader: Reader) -> tuple[str, ...] | None:
    return reader.texts("filler-row-locations") if reader.has("filler-row-locations") else None


def _auth(parent: Reader) -> AuthSettings:
    reader = Reader(parent.source, AUTH_SECTION, parent.value("auth", {}))
    reader.only(("token", "import"))
    token = reader.text("token", DEFAULT_TOKEN).strip()
    # A token of the user's own must not drag in the import that only the default token needs.
    import_ = reader.text("import", "" if reader.has("token") else DEFAULT_IMPORT).strip()
    if not is_expression(token):
        raise reader.error("token", f"{token!r} is no Python expression")
    if not is_imports(import_):
        raise reader.error("import", f"{import_!r} is no Python import statement")
    return AuthSettings(token=token, import_=import_)


def _roles(parent: Reader) -> RoleSettings:
    reader = Reader(parent.source, ROLES_SECTION, parent.value("roles", {}))
    levels = dict(reader.every_text())
    resolver = levels.pop(RESOLVER, "")
    if reader.has(RESOLVER) and not is_function(resolver):
        raise reader.error(
            RESOLVER, f"{resolver!r} names no function: write module:function, such as app.roles:role_id"
        )
    for level, role in levels.items():
        _check_level(reader, level, role)
    return RoleSettings(levels=levels, resolver=resolver)


def _check_level(reader: Reader, level: str, role: str) -> None:
    if not level.strip():
        raise reader.error(level, "is no user level: write the level that the role takes the place of")
    if not _UUID.fullmatch(role):
        no_id = f"{role!r} is no role id: write the UUID that Aurora's List Roles gives for this level"
        raise reader.error(level, reader.misplaced(level) or no_id + nearest_name(level, (RESOLVER,)))


def _endpoints(parent: Reader) -> Mapping[str, str]:
    reader = Reader(parent.source, ENDPOINTS_SECTION, parent.value("endpoints", {}))
    paths = reader.every_text()
    for endpoint, path in paths.items():
        if misplaced := reader.misplaced(endpoint):
            raise reader.error(endpoint, misplaced)
        if not _ENDPOINT.fullmatch(endpoint):
            raise reader.error(endpoint, f"is no endpoint id{_as_id(endpoint)}")
        if not _PATH.fullmatch(path):
            raise reader.error(endpoint, f"{path!r} is no path: {_what_is_wrong(path)}")
    return paths


def _as_id(endpoint: str) -> str:
    meant = "-".join(re.findall("[a-z0-9]+", endpoint.lower()))
    return f" (did you mean {meant}?)" if meant else ": write one such as duplicate-design"


def _what_is_wrong(path: str) -> str:
    if "://" in path:
        return "write it without scheme and host"
    if not path.startswith("/"):
        return "it must start with /"
    if "?" in path or "#" in path:
        return "write it without query and fragment"
    if "//" in path or path.endswith("/"):
        return "there must be something behind each /"
    return "write it without blanks, and each variable as {name}, such as /tenants/{tenant_id}/designs"
