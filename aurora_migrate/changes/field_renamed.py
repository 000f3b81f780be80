"""Kind field-renamed: fields of bodies that have another name now, perhaps with other values."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields import request_fields, response_fields
from aurora_migrate.changes.fields.levels import Levels
from aurora_migrate.config import RoleSettings
from aurora_migrate.findings import Finding


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that depends on an old name, in the bodies that the rule speaks of."""
    if Where.REQUEST_BODY in rule.where:
        yield from request_fields.find(context, rule)
    for old, new in rule.parameters.text_map("fields").items():
        if Where.RESPONSE_BODY in rule.where:
            change = response_fields.Change(old, new, levels_of(context, rule))
            yield from response_fields.find(context, rule, change)


def levels_of(context: Context, rule: Rule) -> Levels | None:
    """The user's map of old values to new ones, where the rule says that there is one."""
    if "values" not in rule.parameters:
        return None
    setting = rule.parameters.text("values")
    value = context.settings.value(setting)
    return Levels(value.levels if isinstance(value, RoleSettings) else {}, setting)
