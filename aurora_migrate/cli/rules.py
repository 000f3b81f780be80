"""`aurora-migrate rules`: all rules in one table."""

from __future__ import annotations

import sys

import click

from aurora_migrate.catalogue import load_catalogue
from aurora_migrate.cli.output import Output
from aurora_migrate.report.rules import document, table


@click.command()
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full", show_default=True)
def rules(output_format: str) -> None:
    """List the rules: code, name, how far the fix can be trusted, what is found."""
    every = load_catalogue().rules.values()
    output = Output(sys.stdout)
    if output_format == "json":
        output.text(document(every))
    else:
        output.lines(table(every))
