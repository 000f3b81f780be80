"""Kind endpoint-removed: a call that has no successor is reported, never rewritten."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every call of the endpoint that is gone."""
    seen: set[int] = set()
    for request in context.facts.requests.values():
        if id(request.node) in seen or not _calls(context, rule, request):
            continue
        module, node = request.module, request.node
        seen.add(id(node))
        reason = "it has no successor"
        yield manual(
            rule,
            module.location(node),
            Certainty.PROVEN,
            reason,
            trace_of(request, node),
            source_of(module, node),
        )


def _calls(context: Context, rule: Rule, request: Request) -> bool:
    target = context.targets.of(request.url)
    if target.owner is not Owner.AURORA or request.method not in (rule.parameters.text("method"), None):
        return False
    path = text.characters(request.url)[target.path_start :].partition("?")[0]
    if path.startswith(context.targets.prefix + "/") or path == context.targets.prefix:
        path = path[len(context.targets.prefix) :]
    return path in ("", rule.parameters.text("path"), rule.parameters.text("path") * 2)
