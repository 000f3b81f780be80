"""What every kind of change works with: the facts, the rule, the settings, and how a finding is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from aurora_migrate.catalogue.model import Catalogue, Rule
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import Ties
from aurora_migrate.changes.urls import Targets
from aurora_migrate.config import Settings
from aurora_migrate.findings import Applicability, Certainty, Edit, Finding, Fix, Location, TraceStep
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.modules import Module


@dataclass(frozen=True, slots=True)
class Context:
    """One analysis as the kinds see it."""

    facts: Facts
    modules: Sequence[Module]
    catalogue: Catalogue
    settings: Settings
    targets: Targets
    ties: Ties


def carried_out(plan: Plan, modules: Sequence[Module]) -> tuple[Edit, ...]:
    """The plan's edits. Raises Refused when it cannot be carried out or would change nothing."""
    edits = plan.edits(modules, mentioned=_mentioned_elsewhere(modules))
    if not edits:
        raise Refused("the code there does not allow it")
    return edits


def _mentioned_elsewhere(modules: Sequence[Module]) -> Callable[[str], bool]:
    """Whether a name stands in files of the project that are not analysed: packaging, notebooks, scripts."""
    texts: list[str] = []

    def mentioned(name: str) -> bool:
        project = modules[0].project if modules else None
        if not texts and project is not None:
            texts.append(project.other_texts(frozenset(module.path for module in modules)))
        return bool(texts) and name in texts[0]

    return mentioned


def fixable(
    rule: Rule,
    location: Location,
    certainty: Certainty,
    edits: tuple[Edit, ...],
    trace: Sequence[TraceStep],
    subject: str,
    **values: str,
) -> Finding:
    """A finding whose fix is proven."""
    fix = Fix(rule.message("fix", **values), rule.applicability, edits)
    return Finding(
        rule=rule.code,
        name=rule.name,
        location=location,
        message=rule.message("finding", **values),
        certainty=certainty,
        applicability=rule.applicability,
        fix=fix,
        trace=tuple(trace),
        subject=subject,
        names=tuple(values.items()),
    )


def as_unsafe(finding: Finding, summary: str) -> Finding:
    """The same finding with a fix that waits for the user's word."""
    assert finding.fix is not None
    fix = replace(finding.fix, summary=summary, applicability=Applicability.UNSAFE)
    return replace(finding, fix=fix, applicability=Applicability.UNSAFE)


def manual(
    rule: Rule,
    location: Location,
    certainty: Certainty,
    reason: str,
    trace: Sequence[TraceStep],
    subject: str,
    token: str = "",
    **values: str,
) -> Finding:
    """A finding for the user's own hands, with the reason and what to write."""
    which = "manual" if "manual" in rule.messages else "finding"
    message = rule.message(which, reason=reason, **values)
    return Finding(
        rule=rule.code,
        name=rule.name,
        location=location,
        message=message,
        certainty=certainty,
        applicability=Applicability.MANUAL,
        advice=rule.advise(token=token, **values).strip(),
        trace=tuple(trace),
        subject=subject,
        names=tuple(values.items()),
    )


def left_to_user(rule: Rule, finding: Finding, reason: str) -> Finding:
    """A finding of the rule without its fix, and why."""
    values = {"old": "", "new": "", "objects": "", "key": "", **dict(finding.names)}
    return replace(
        finding,
        message=rule.message("manual", reason=reason, **values),
        applicability=Applicability.MANUAL,
        fix=None,
    )


def advised(rule: Rule, location: Location, trace: Sequence[TraceStep], subject: str, how: str) -> Finding:
    """A finding that gives advice: what the program does there (`how`) works today."""
    return manual(rule, location, Certainty.PROVEN, "", trace, subject, how=how)


def source_of(module: Module, node: cst.CSTNode) -> str:
    """The text of a node, shortened: what identifies a finding when lines move."""
    return " ".join(module.tree.code_for_node(node).split())[:120]
