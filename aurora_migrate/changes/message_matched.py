"""Kind message-matched: the program decides by the words of a refusal that come out differently now."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.errors.failures import status_test
from aurora_migrate.changes.errors.tests import Tested, tested
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Finding
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.scopes import target_names
from aurora_migrate.flow.trees import walk

KIND = "message-matched"
_STATUS_ATTRIBUTES = {"requests": "status_code", "httpx": "status_code", "urllib": "code"}
"""What each library calls a response's status; `status` for the others."""

_BODIES = ("text", "content", "json", "data", "read")
"""What libraries call a response's body."""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that holds the message of that status against a text."""
    seen: set[int] = set()
    for each in tested(context, rule, rule.parameters.texts("keys")):
        if claims(rule, each) and id(each.node) not in seen:
            seen.add(id(each.node))
            yield manual(
                rule,
                each.module.location(each.node),
                each.certainty,
                "",
                trace_of(each.origin.requests[0]),
                source_of(each.module, each.node),
                said=_shortened(each.said),
                write=_status_expression(rule, each),
            )


def claimed(context: Context) -> dict[int, Tested]:
    """The places that rules of this kind report, by node: no other rule speaks of them."""
    return {
        id(each.node): each
        for rule in context.catalogue.rules.values()
        if rule.kind == KIND
        for each in tested(context, rule, rule.parameters.texts("keys"))
        if claims(rule, each)
    }


def claims(rule: Rule, each: Tested) -> bool:
    """Whether a test is about that status: by what it looks for, or by the tests around it."""
    said = each.said.lower()
    if any(word in said for word in rule.parameters.texts("words")):
        return True
    return (
        bool(said.strip()) and status_test(each.module, each.node, rule.parameters.text("status")) is not None
    )


def _status_expression(rule: Rule, each: Tested) -> str:
    status = rule.parameters.text("status")
    known = status_test(each.module, each.node, status)
    if known is not None:
        return each.module.tree.code_for_node(known).strip()
    held = _held_status(each)
    if held and not response_name(each):
        return f"{held} == {status}"
    attribute = _STATUS_ATTRIBUTES.get(each.origin.requests[0].library, "status")
    return f"{response_name(each) or 'response'}.{attribute} == {status}"


def _held_status(each: Tested) -> str:
    """What the code calls the status that it keeps apart: a variable of the function, or of the object."""
    function = enclosing(each.module, each.node, cst.FunctionDef)
    for node in walk(function) if function is not None else ():
        if isinstance(node, (cst.Assign, cst.Param)):
            names = _targets(node) if isinstance(node, cst.Assign) else {node.name.value}
            for name in sorted(names & _STATUSES):
                return name
    kind = enclosing(each.module, each.node, cst.ClassDef)
    for node in walk(kind) if kind is not None else ():
        target = node.target if isinstance(node, cst.AssignTarget) else None
        if not isinstance(target, cst.Attribute) or target.attr.value not in _STATUSES:
            continue
        if isinstance(target.value, cst.Name) and target.value.value == "self":
            return f"self.{target.attr.value}"
    return ""


_STATUSES = frozenset({"status_code", "status", "code"})


def response_name(each: Tested) -> str:
    """What the program calls the response there: `r` of `r.text`, `r.json()["error"]`."""
    scope = enclosing(each.module, each.node, cst.FunctionDef, cst.Module) or each.module.tree
    names = {node.value for node in walk(each.node) if isinstance(node, cst.Name)}
    made = [node.value for node in walk(scope) if isinstance(node, cst.Assign) and _targets(node) & names]
    for place in (each.node, *made):
        for node in walk(place):
            is_body = isinstance(node, cst.Attribute) and node.attr.value in _BODIES
            if is_body and isinstance(node, cst.Attribute) and (each.raw or _is_parsed(each, node, place)):
                return each.module.tree.code_for_node(node.value).strip()
    return ""


def _is_parsed(each: Tested, body: cst.Attribute, place: cst.CSTNode) -> bool:
    """Whether a body is called or handed to a call: else it is an attribute with the message itself."""
    node: cst.CSTNode = body
    while node is not place:
        parent = each.module.parents.get(id(node))
        if parent is None or isinstance(parent, cst.Call):
            return parent is not None
        node = parent
    return False


def _targets(node: cst.Assign) -> set[str]:
    return {name for target in node.targets for name in target_names(target.target)}


def _shortened(said: str) -> str:
    line = " ".join(said.split())
    return line if len(line) <= 60 else line[:57] + "..."
