"""Kind endpoint-removed: a call that has no successor is reported, never rewritten."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.around import definition_at
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every call of the endpoint that is gone."""
    seen: set[int] = set()
    others = {
        id(request.node) for request in context.facts.requests.values() if not _calls(context, rule, request)
    }
    for request in context.facts.requests.values():
        if not _calls(context, rule, request) or (_is_unfinished(request) and id(request.node) in others):
            continue
        module, node = _place(request)
        if id(node) in seen:
            continue
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


def _is_unfinished(request: Request) -> bool:
    """Whether nobody was seen to send it: a method tried on an object without a path, a mere `Request`."""
    spelled = text.characters(request.url).rstrip(text.HOLE)
    return request.preliminary or (
        request.explored and (len(request.stack) == 1 or not spelled.endswith("/"))
    )


def _calls(context: Context, rule: Rule, request: Request) -> bool:
    target = context.targets.of(request.url)
    if target.owner is not Owner.AURORA or request.method not in (rule.parameters.text("method"), None):
        return False
    seen = text.characters(request.url)
    if seen.startswith(text.HOLE * 2):
        # A base URL of the environment, and a path that nobody sees.
        return False
    path = seen[target.path_start :].partition("?")[0]
    if path.startswith(context.targets.prefix + "/") or path == context.targets.prefix:
        path = path[len(context.targets.prefix) :]
    return path in ("", rule.parameters.text("path"), rule.parameters.text("path") * 2)


def _place(request: Request) -> tuple[Module, cst.CSTNode]:
    """The call; for a path that a caller hands over, the caller's literal."""
    last = request.url.pieces[-1] if request.url.pieces else None
    if last is None or last.node is None or last.module is None or last.text != "/":
        return request.module, request.node
    if definition_at(last.module, last.node) is not definition_at(request.module, request.node):
        return last.module, last.node
    return request.module, request.node
