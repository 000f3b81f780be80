"""`aurora-migrate explain CODE`: one rule in words."""

from __future__ import annotations

import sys

import click

from aurora_migrate.catalogue import load_catalogue
from aurora_migrate.cli.options import unknown_rule
from aurora_migrate.cli.output import Output
from aurora_migrate.files.source import UNREADABLE_CODE
from aurora_migrate.report.explain import explained, explained_error


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Explain the rule CODE (or its name): what changed, why, how it is fixed, what to write by hand."""
    output = Output(sys.stdout)
    if code.upper() == UNREADABLE_CODE:
        output.lines(explained_error())
        return
    for rule in load_catalogue().rules.values():
        if code.upper() == rule.code or code.lower() == rule.name:
            output.lines(explained(rule))
            return
    raise click.BadParameter(unknown_rule(code), param_hint="CODE")
