"""Settings: what [tool.aurora-migrate] in pyproject.toml may say, read, checked, defaulted, accounted for."""

from aurora_migrate.config.errors import ConfigError, nearest_name
from aurora_migrate.config.load import load_settings
from aurora_migrate.config.overrides import Overrides
from aurora_migrate.config.settings import (
    AUTH_SECTION,
    DEFAULT_IMPORT,
    DEFAULT_TOKEN,
    ENDPOINTS_SECTION,
    KEYS,
    ROLES_SECTION,
    SECTION,
    SYSTEM_SIZES,
    AuthSettings,
    RoleSettings,
    Settings,
)

__all__ = [
    "AUTH_SECTION",
    "DEFAULT_IMPORT",
    "DEFAULT_TOKEN",
    "ENDPOINTS_SECTION",
    "KEYS",
    "ROLES_SECTION",
    "SECTION",
    "SYSTEM_SIZES",
    "AuthSettings",
    "ConfigError",
    "Overrides",
    "RoleSettings",
    "Settings",
    "load_settings",
    "nearest_name",
]
