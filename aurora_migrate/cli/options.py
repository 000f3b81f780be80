"""Options that commands share: which rules, checked against the catalogue, and which settings file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aurora_migrate.config import nearest_name

if TYPE_CHECKING:
    from aurora_migrate.catalogue import Rule

ALL = "ALL"
Command = TypeVar("Command", bound=Callable[..., Any])

_RULE_OPTIONS = (
    ("--select", "Use these rules only."),
    ("--ignore", "Do not use these rules."),
    ("--extend-select", "Use these rules too."),
)

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="Take the settings from this TOML file, not from the nearest pyproject.toml.",
)


def selectors(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """What an option's lists, separated by commas, select: codes, beginnings of codes (`AUR1`), or ALL.

    Names of rules become codes. The rest is left as it is, because a longer selector outweighs a shorter one.
    """
    items = tuple(item.strip() for group in value for item in group.split(",") if item.strip())
    if value and not items:
        raise click.BadParameter("names no rule; leave the option out instead.", context, parameter)
    return tuple(_selector(item, context, parameter) for item in items)


def _rules() -> Mapping[str, Rule]:
    # Imported late: a run that names no rules and finds no call of Aurora never needs them.
    from aurora_migrate.catalogue import load_catalogue

    return load_catalogue().rules


def unknown_rule(name: str) -> str:
    """Says that no rule has that code or name, which is near, and where they are listed."""
    rules = _rules()
    names = [rule.name for rule in rules.values()]
    near = nearest_name(name.upper(), rules) or nearest_name(name.lower(), names)
    return f"there is no rule {name!r}{near}; `aurora-migrate rules` lists them all."


def _selector(item: str, context: click.Context, parameter: click.Parameter) -> str:
    rules = _rules()
    wanted = item.upper()
    if wanted == ALL or any(code.startswith(wanted) for code in rules):
        return wanted
    for rule in rules.values():
        if rule.name == item.lower():
            return rule.code
    raise click.BadParameter(unknown_rule(item), context, parameter)


def rule_options(command: Command) -> Command:
    """Give `command` the options that choose rules; what they say makes an `Overrides`."""
    for name, text in reversed(_RULE_OPTIONS):
        option = click.option(name, multiple=True, metavar="RULES", callback=selectors, help=text)
        command = option(command)
    return command
