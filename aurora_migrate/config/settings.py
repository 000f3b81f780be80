"""The settings of a run: their types, their defaults, and the TOML keys that they are known by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SECTION = "tool.aurora-migrate"
AUTH_SECTION = f"{SECTION}.auth"
ROLES_SECTION = f"{SECTION}.roles"
ENDPOINTS_SECTION = f"{SECTION}.endpoints"

DEFAULT_TOKEN = 'os.environ["AURORA_API_TOKEN"]'
DEFAULT_IMPORT = "import os"
SYSTEM_SIZES = ("stc", "ac", "ptc")
"""The ratings that 2022.09 has in place of a design's one `system_size` (versioning page)."""

RESOLVER = "resolver"
"""The one key among the roles that is no user level."""

KEYS = (
    "select",
    "ignore",
    "extend-select",
    "exclude",
    "hosts",
    "base-url-names",
    "system-size",
    "filler-row-locations",
    "auth",
    "roles",
    "endpoints",
)
"""What [tool.aurora-migrate] may hold; the field of `Settings` is called the same, with underscores."""

HOMES: Mapping[str, str] = {
    **dict.fromkeys(KEYS, SECTION),
    "token": AUTH_SECTION,
    "import": AUTH_SECTION,
    RESOLVER: ROLES_SECTION,
}
"""The table that each key belongs to."""


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """What a rewritten call authenticates with: a Python expression, and the statement it needs imported."""

    token: str = DEFAULT_TOKEN
    import_: str = DEFAULT_IMPORT


@dataclass(frozen=True, slots=True)
class RoleSettings:
    """What takes the place of user levels.

    `levels` maps a level, as the program spells it, to the id of the tenant's role. `resolver` is a function
    of the program's own that does so at run time, `package.module:function`; empty: there is none.
    """

    # Without a hash of its own, as a dict has none.
    levels: Mapping[str, str] = field(default_factory=dict, hash=False)
    resolver: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run.

    `root` is the folder that `exclude` is relative to. `source` is the file the settings came from, None for
    the defaults. An empty `select` stands for the rules that are on by default. `hosts` and `base_url_names`
    come on top of what the catalogue knows. `system_size` is one of SYSTEM_SIZES, empty when not set.
    `filler_row_locations` is None when not set, which is not the same as no locations. `endpoints` maps an
    endpoint's id to its path template; whether there is such an endpoint only the catalogue knows.
    `switches` are the options of the command line that turn rules on; no file holds them.
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
    system_size: str = ""
    filler_row_locations: tuple[str, ...] | None = None
    roles: RoleSettings = field(default_factory=RoleSettings)
    endpoints: Mapping[str, str] = field(default_factory=dict, hash=False)
    switches: tuple[str, ...] = ()

    def value(self, key: str) -> object:
        """The setting under the TOML key `key`, such as `system-size`; KeyError if there is no such key."""
        if key not in KEYS:
            raise KeyError(key)
        value: object = getattr(self, key.replace("-", "_"))
        return value
