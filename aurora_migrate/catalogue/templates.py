"""Messages and advice with `{placeholders}`; other braces (dicts, JSON) stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def placeholders(template: str) -> set[str]:
    """The names that `template` wants filled."""
    return set(_PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with every placeholder replaced; KeyError names one that `values` lacks."""
    return _PLACEHOLDER.sub(lambda found: values[found.group(1)], template)
