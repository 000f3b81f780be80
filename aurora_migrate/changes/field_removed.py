"""Kind field-removed: a field that is gone, with successors of which the user's settings choose one."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields import request_removals, response_fields
from aurora_migrate.findings import Finding


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that depends on the field, in the bodies that the rule speaks of."""
    if Where.REQUEST_BODY in rule.where:
        yield from request_removals.find(context, rule)
    if Where.RESPONSE_BODY in rule.where:
        field, setting = rule.parameters.text("field"), rule.parameters.text("setting")
        new = successor_of(context, rule)
        undecided = f"`{setting}` of [tool.aurora-migrate] does not say which field takes its place"
        yield from response_fields.find(context, rule, response_fields.Change(field, new, None, undecided))


def successor_of(context: Context, rule: Rule) -> str:
    """The field that the user's settings choose, empty when they say nothing."""
    choice = context.settings.value(rule.parameters.text("setting"))
    successors = rule.parameters.text_map("successors") if "successors" in rule.parameters else {}
    return successors.get(choice, "") if isinstance(choice, str) else ""
