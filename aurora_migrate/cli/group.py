"""The command group; a command's module is imported when the command is named."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from aurora_migrate import __version__
from aurora_migrate.cli import PROGRAM
from aurora_migrate.config import ConfigError

# Each is the function of that name in the module of that name.
COMMANDS: Mapping[str, str] = {
    "check": "aurora_migrate.cli.check",
    "explain": "aurora_migrate.cli.explain",
    "rules": "aurora_migrate.cli.rules",
    "config": "aurora_migrate.cli.config",
}

INTERRUPTED = 130
"""The exit code that shells give to a program ended by Ctrl-C."""


class Unusable(click.ClickException):
    """Settings or rules that no run can start from."""

    exit_code = 2


class LazyGroup(click.Group):
    """A group that knows its commands by name only, until one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if _is_for_the_user(error):
                raise Unusable(str(error)) from error
            raise
        except KeyboardInterrupt:
            # click would exit 1, which says that there are findings.
            ctx.exit(INTERRUPTED)


def _is_for_the_user(error: Exception) -> bool:
    # Imported late: most runs of `check` never need the rules.
    from aurora_migrate.catalogue import RuleError

    return isinstance(error, (ConfigError, RuleError))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message=f"{PROGRAM} %(version)s")
def commands() -> None:
    """Find and rewrite what Aurora Solar's API version 2022.09 breaks in Python code."""
