"""`aurora-migrate config`: every setting in force, and where it comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from aurora_migrate.cli.options import config_option, rule_options
from aurora_migrate.cli.output import Output
from aurora_migrate.config import Overrides, Settings, load_settings
from aurora_migrate.config.in_force import in_force
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.settings import document, listing


@click.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@rule_options
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The text is TOML that can be copied into a settings file; docs/json.md describes the json.",
)
@config_option
def config(path: Path, output_format: str, config: Path | None, **rules: Any) -> None:
    """Show the settings that `check` would use for PATH (by default: here), and where each comes from.

    That is a line of a file, the command line, or the default. Exit code 2: the settings cannot be used.
    """
    settings, overrides = load_settings(path, config), Overrides(**rules)
    _refuse_unknown_rules(overrides.applied(settings))
    found, output, paths = in_force(settings, overrides), Output(sys.stdout), Paths(Path.cwd())
    if output_format == "json":
        output.text(document(found, paths))
    else:
        output.lines(listing(found, path, paths))


def _refuse_unknown_rules(settings: Settings) -> None:
    """What `check` would refuse is not in force."""
    if settings.select or settings.ignore or settings.extend_select:
        # Imported late: without such lists neither engine nor rules are needed.
        from aurora_migrate.engine import enabled_rules

        enabled_rules(settings)
