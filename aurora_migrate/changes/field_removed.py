"""Kind field-removed: a field that is gone, with successors of which the user's settings choose one."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes import response_fields
from aurora_migrate.changes.context import Context
from aurora_migrate.findings import Finding


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that depends on the field, in the bodies that the rule speaks of."""
    if Where.RESPONSE_BODY in rule.where:
        field, setting = rule.parameters.text("field"), rule.parameters.text("setting")
        choice = context.settings.value(setting)
        successors = rule.parameters.text_map("successors")
        new = successors.get(choice, "") if isinstance(choice, str) else ""
        undecided = f"`{setting}` of [tool.aurora-migrate] does not say which field takes its place"
        yield from response_fields.find(context, rule, response_fields.Change(field, new, None, undecided))
