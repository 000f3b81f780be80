"""What goes wrong with settings: ConfigError, and the nearest valid name that its sentence offers."""

from __future__ import annotations

from collections.abc import Iterable


class ConfigError(Exception):
    """Settings that cannot be used: one sentence with file, key, reason and the nearest valid name."""


def nearest_name(name: str, valid: Iterable[str], cutoff: float = 0.6) -> str:
    """` (did you mean X?)` for the end of an error message, empty when nothing valid is near `name`.

    Case does not count, nor whether words are joined by `-` or `_`. `cutoff` is difflib's, 1 for the same.
    """
    # Only errors need it.
    from difflib import get_close_matches

    by_form = {form(word): word for word in valid}
    near = get_close_matches(form(name), by_form, n=1, cutoff=cutoff)
    return f" (did you mean {by_form[near[0]]}?)" if near else ""


def form(name: str) -> str:
    """`name` in the one spelling that all of its spellings share."""
    return name.strip().casefold().replace("_", "-")
