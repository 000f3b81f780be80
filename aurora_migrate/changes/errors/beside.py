"""What else hangs on the old shape of an error: keys beside it that are gone, searches of the raw answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes import message_matched
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.errors.failures import on_failure
from aurora_migrate.changes.errors.reads import Look
from aurora_migrate.changes.errors.tests import Tested, tested
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Finding
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.reads import Form


def beside(context: Context, rule: Rule, looks: Sequence[Look]) -> Iterator[Finding]:
    """Looks for keys that stood beside the error, in functions that look for the error itself."""
    keys = rule.parameters.texts("keys-beside")
    around = {
        (number, id(enclosing(look.module, look.node, cst.FunctionDef, cst.Module)))
        for look in looks
        for number in look.origins
    }
    seen: set[int] = set()
    for read, certainty in context.ties.reads(context.facts, rule):
        home = id(enclosing(read.module, read.node, cst.FunctionDef, cst.Module))
        known = (read.part.origin.number, home) in around or on_failure(read.module, read.node)
        at_top = read.part.path == () and read.name in keys and read.form not in (Form.STORE, Form.DELETE)
        if at_top and known and id(read.node) not in seen:
            seen.add(id(read.node))
            reason = f"nothing is known to stand beside the messages, and this reads `{read.name}`"
            place, subject = read.module.location(read.node), source_of(read.module, read.node)
            trace = trace_of(read.part.origin.requests[0])
            yield manual(rule, place, certainty, reason, trace, subject, key=read.name)


def searches(context: Context, rule: Rule) -> Iterator[Finding]:
    """Searches of the unparsed answer for what an error says."""
    elsewhere = message_matched.claimed(context)
    keys = rule.parameters.texts("old-keys")
    seen: set[int] = set()
    for each in tested(context, rule, keys):
        if (
            not each.raw
            or id(each.node) in elsewhere
            or id(each.node) in seen
            or not _is_of_error(each, keys)
        ):
            continue
        seen.add(id(each.node))
        reason = (
            f"it searches the raw answer; nothing promises the words of a message, and they now stand in "
            f'`[item["{rule.parameters.text("message-key")}"] for item in '
            f'{_response(each)}.json()["{rule.parameters.text("list-key")}"]]`'
        )
        place, subject = each.module.location(each.node), source_of(each.module, each.node)
        trace = trace_of(each.origin.requests[0])
        yield manual(rule, place, each.certainty, reason, trace, subject, key=keys[0])


def _response(each: Tested) -> str:
    return message_matched.response_name(each) or "response"


def _is_of_error(each: Tested, keys: Sequence[str]) -> bool:
    """Whether what is searched for can be the words or the key of an error, not other content."""
    said = each.said.strip()
    if not said or said[0] in "<{[":
        return False
    if any(f"{quote}{key}{quote}" in said for key in keys for quote in "\"'"):
        return True
    return " " in said or on_failure(each.module, each.node)
