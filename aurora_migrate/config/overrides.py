"""Settings given on the command line, and what becomes of those in the file."""

from __future__ import annotations

from dataclasses import dataclass, replace

from aurora_migrate.config.origins import COMMAND_LINE, Origin
from aurora_migrate.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Overrides:
    """The rules that the command line names, and the options that turn on rules of their own."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()

    def applied(self, settings: Settings) -> Settings:
        """The settings that are in force."""
        if self.select:
            # As in ruff, rules named on the command line are not taken back by the settings file.
            settings = replace(settings, select=self.select, extend_select=(), ignore=())
        return replace(
            settings,
            ignore=(*settings.ignore, *self.ignore),
            extend_select=(*settings.extend_select, *self.extend_select),
            switches=self.switches,
        )

    def origins(self, key: str, written: tuple[Origin, ...]) -> tuple[Origin, ...]:
        """Where the setting `key` comes from, if those in `written` is where the file has it."""
        given = {"select": self.select, "ignore": self.ignore, "extend-select": self.extend_select}
        if key not in given:
            return written
        if self.select:
            # What the file says is not in force; that it is not is the command line's doing.
            return (COMMAND_LINE,) if given[key] or written else ()
        return (*written, COMMAND_LINE) if given[key] else written
