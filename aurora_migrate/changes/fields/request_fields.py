"""Fields of request bodies under another name, their values mapped where the rule says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.expected_calls import map_compared, rename_expected
from aurora_migrate.changes.fields.mapped_values import Values
from aurora_migrate.changes.fields.renamings import Cluster, clusters, is_by_own_key, place_of, renaming_of
from aurora_migrate.changes.fields.request_dumps import rename_at_dumps
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.config.settings import RoleSettings
from aurora_migrate.findings import Certainty, Edit, Finding
from aurora_migrate.flow.container_methods import SET_METHODS
from aurora_migrate.flow.text import spelled_by
from aurora_migrate.flow.values import Text


def find(context: Context, rule: Rule, fields: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Every place that gives an old name to a field of the rule's requests.

    `fields` maps old names to new ones, where the rule does not say that itself.
    """
    fields = fields if fields is not None else rule.parameters.text_map("fields")
    sent = Sent(context, rule)
    for cluster in clusters(sent.entries(*fields), context.facts):
        yield _finding(context, rule, sent, cluster, fields[cluster.name])


def _finding(context: Context, rule: Rule, sent: Sent, cluster: Cluster, new: str) -> Finding:
    module, node = place_of(cluster)
    certainty = (
        Certainty.PROVEN
        if any(held.certainty is Certainty.PROVEN for held in cluster.held)
        else Certainty.LIKELY
    )
    trace = trace_of(cluster.held[0].request, node)
    names = {"old": cluster.name, "new": new}
    location, subject = module.location(node), source_of(module, node)
    try:
        if certainty is Certainty.LIKELY:
            guessed = reason_guessed(held.request for held in cluster.held)
            raise Refused(guessed or "whether the request is Aurora's cannot be told from the code")
        edits = _any_edits(context, rule, sent, cluster, new)
    except Refused as refused:
        reason = f"{refused}{_seen(rule, cluster)}"
        return manual(rule, location, certainty, reason, trace, subject, **names)
    return fixable(rule, location, certainty, edits, trace, subject, **names)


def _any_edits(context: Context, rule: Rule, sent: Sent, cluster: Cluster, new: str) -> tuple[Edit, ...]:
    """The edits of the first way that can be gone with certainty; Refused with the first way's reason."""
    try:
        return _edits(context, rule, sent, cluster, new)
    except Refused as refused:
        if "values" not in rule.parameters:
            raise
        plan = Plan(clean=False)
        try:
            rename_at_dumps(context, plan, sent, cluster, new, _values(context, rule, plan, new))
            return carried_out(plan, context.modules)
        except Refused:
            raise refused from None


def _values(context: Context, rule: Rule, plan: Plan, new: str) -> Values:
    roles = context.settings.value(rule.parameters.text("values"))
    assert isinstance(roles, RoleSettings)
    return Values(context, plan, roles, new, rule.parameters.text("values-source"))


def _edits(context: Context, rule: Rule, sent: Sent, cluster: Cluster, new: str) -> tuple[Edit, ...]:
    plan = Plan(clean=False)
    renaming_of(context, sent, cluster, new).carry_out(plan)
    for entry in cluster.entries.values():
        rename_expected(context, plan, entry, cluster.name, new)
    if "values" in rule.parameters:
        values = _values(context, rule, plan, new)
        for key, entry in cluster.entries.items():
            every = context.facts.looks.get(entry.place, {}).values()
            looks = [look for look in every if not is_by_own_key(entry, look)]
            for look in looks:
                if not _asks_for_name(look.node) and not map_compared(plan, values.roles.levels, look):
                    raise Refused("the program also reads the value there")
            values.map(entry, list(cluster.values[key].values()))
    return carried_out(plan, context.modules)


def _seen(rule: Rule, cluster: Cluster) -> str:
    """The old values that are seen, for the user who has to find the new ones."""
    if "values" not in rule.parameters:
        return ""
    given = [option for values in cluster.values.values() for option in values.values()]
    texts = [option if isinstance(option, Text) else spelled_by(option) for option in given]
    seen = {text.literal for text in texts if text is not None and text.literal}
    return f" (values seen: {', '.join(f'`{value}`' for value in sorted(seen))})" if seen else ""


def _asks_for_name(node: cst.CSTNode) -> bool:
    """Whether a look only asks if the key is there, or is one of a list."""
    if isinstance(node, cst.BinaryOperation):
        return True
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Attribute) and node.func.attr.value in SET_METHODS
    return isinstance(node, cst.Comparison) and not any(
        isinstance(target.operator, (cst.Equal, cst.NotEqual, cst.Is, cst.IsNot))
        for target in node.comparisons
    )
