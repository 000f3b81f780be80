"""The analysis of a project: its modules are explored, then each rule's kind looks at the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from aurora_migrate.catalogue.model import Catalogue, Rule
from aurora_migrate.changes import (
    authentication_replaced,
    documents,
    endpoint_removed,
    endpoint_unknown,
    enum_closed,
    error_reshaped,
    field_removed,
    field_renamed,
    fields_moved,
    header_added,
    header_renamed,
    header_taken,
    header_value,
    list_fields_reduced,
    list_order,
    message_matched,
    model_strict,
    path_prefix_removed,
    query_removed,
    sdk_call_changed,
    test_double,
    text_opaque,
)
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.failing import failed, gathered, without_fix
from aurora_migrate.changes.ties import Ties
from aurora_migrate.changes.urls import Targets
from aurora_migrate.config import Settings
from aurora_migrate.files.project import Project
from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.findings import Applicability, Certainty, Finding, Location, Position
from aurora_migrate.flow.crashes import crashed_in
from aurora_migrate.flow.deep import rare_collections, with_deep_stack
from aurora_migrate.flow.explore import explore
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.modules import Module, Modules, Unparsable

_NAMED = 3
"""So many functions of a module that were not followed are named."""

Finder = Callable[[Context, Rule], Iterable[Finding]]

KINDS: dict[str, Finder] = {
    "endpoint-removed": endpoint_removed.find,
    "path-prefix-removed": path_prefix_removed.find,
    "authentication-replaced": authentication_replaced.find,
    "sdk-call-changed": sdk_call_changed.find,
    "field-renamed": field_renamed.find,
    "field-removed": field_removed.find,
    "fields-moved": fields_moved.find,
    "header-renamed": header_renamed.find,
    "test-double": test_double.find,
    "list-fields-reduced": list_fields_reduced.find,
    "query-removed": query_removed.find,
    "list-order": list_order.find,
    "enum-closed": enum_closed.find,
    "text-opaque": text_opaque.find,
    "model-strict": model_strict.find,
    "header-value": header_value.find,
    "header-added": header_added.find,
    "header-taken": header_taken.find,
    "endpoint-unknown": endpoint_unknown.find,
    "error-reshaped": error_reshaped.find,
    "message-matched": message_matched.find,
}
"""The finder of each kind, by the name that rules use."""


@dataclass(slots=True)
class Analysis:
    """The findings of a project, and the files that could not be read or followed."""

    findings: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


def analyse(project: Project, settings: Settings, catalogue: Catalogue) -> Analysis:
    """Everything that the catalogue's rules find in a project's modules.

    Files that cannot be read or parsed become errors (AUR001); the others are analysed without them.
    """
    with rare_collections():
        return with_deep_stack(lambda: _analyse(project, settings, catalogue))


def context_of(modules: Modules, project: Project, settings: Settings, catalogue: Catalogue) -> Context:
    """What the project's modules can do, before any rule looks at it."""
    relevant = [module for module in map(modules.load, sorted(project.modules)) if module is not None]
    targets = _targets(catalogue, settings)
    wrapper_of = Ties(catalogue, targets).wrapper
    facts = explore(modules, relevant, _versions(catalogue), _packages(catalogue), wrapper_of)
    documents.load_telling(modules, targets.hosts)
    loaded = modules.loaded()
    ties = Ties(catalogue, targets, facts.requests.values(), loaded)
    return Context(facts, loaded, catalogue, settings, targets, ties)


def _of_broken(
    project: Project,
    settings: Settings,
    catalogue: Catalogue,
    rule: Rule,
    error: Exception,
    findings: list[Finding],
) -> Iterator[Finding]:
    """The errors of a rule that failed; what it finds without the file that it failed on is added.

    That file is unknown then, so nothing of it is rewritten.
    """
    path = crashed_in(error)
    yield failed(rule, path or project.root, error)
    rest = tuple(each for each in project.modules if each != path)
    if path is None or len(rest) == len(project.modules):
        return
    known = {(found.rule, found.location) for found in findings}
    context = context_of(Modules(without := project.only(rest)), without, settings, catalogue)
    again = gathered(partial(_found_by, KINDS[rule.kind], context, rule))
    new = [found for found in again.findings if (found.rule, found.location) not in known]
    findings.extend(map(without_fix, _new_places(rule, new, findings)))
    if again.error is not None:
        yield failed(rule, crashed_in(again.error) or project.root, again.error)


def _analyse(project: Project, settings: Settings, catalogue: Catalogue) -> Analysis:
    modules = Modules(project)
    context = context_of(modules, project, settings, catalogue)
    facts = context.facts
    analysis = Analysis()
    broken: list[tuple[Rule, Exception]] = []
    for rule in catalogue.rules.values():
        finder = KINDS.get(rule.kind)
        if finder is not None:
            found = gathered(partial(_found_by, finder, context, rule))
            analysis.findings.extend(_new_places(rule, found.findings, analysis.findings))
            broken.extend([(rule, found.error)] if found.error is not None else [])
    for rule, error in broken:
        analysis.errors.extend(_of_broken(project, settings, catalogue, rule, error, analysis.findings))
    analysis.findings.sort(key=lambda found: (found.location, found.rule, found.message))
    analysis.errors += [
        *(_error(failure) for failure in modules.failures.values()),
        *_not_followed(facts),
    ]
    return analysis


def _found_by(finder: Finder, context: Context, rule: Rule) -> Iterator[Finding]:
    """What the kind of a rule finds, in documents beside the code, too."""
    found = chain(finder(context, rule), documents.unfollowed(context, rule))
    yield from documents.settled(context, rule, found)


def _new_places(rule: Rule, found: Iterable[Finding], known: Sequence[Finding]) -> list[Finding]:
    """What is found where no rule of those that the parameter `reported-by` names has found anything."""
    others = rule.parameters.texts("reported-by") if "reported-by" in rule.parameters else ()
    taken = [finding.location for finding in known if finding.rule in others]
    return [
        finding
        for finding in found
        if not any(
            finding.location.path == place.path
            and finding.location.start < place.end
            and place.start < finding.location.end
            for place in taken
        )
    ]


def _versions(catalogue: Catalogue) -> list[str]:
    named = {rule.version for rule in catalogue.rules.values()}
    for rule in catalogue.rules.values():
        if "old-version" in rule.parameters:
            named.add(rule.parameters.text("old-version"))
    return sorted(named)


def _packages(catalogue: Catalogue) -> list[str]:
    return [
        rule.parameters.text("module") for rule in catalogue.rules.values() if "module" in rule.parameters
    ]


def _targets(catalogue: Catalogue, settings: Settings) -> Targets:
    prefix = next(
        (r.parameters.text("prefix") for r in catalogue.rules.values() if "prefix" in r.parameters), ""
    )
    keys = next(
        (r.parameters.texts("query-keys") for r in catalogue.rules.values() if "query-keys" in r.parameters),
        (),
    )
    return Targets(catalogue, settings, prefix, keys)


def _error(failure: UnreadableFile | Unparsable) -> Finding:
    position = failure.position if isinstance(failure, Unparsable) else Position(1, 1)
    reason = f"cannot be parsed: {failure.reason}" if isinstance(failure, Unparsable) else failure.reason
    return Finding(
        rule="AUR001",
        name="unreadable-file",
        location=Location(failure.path, position, position),
        message=reason,
        certainty=Certainty.PROVEN,
        applicability=Applicability.MANUAL,
        advice="Mend the file, or leave it out with `exclude`; everything else was checked.",
    )


def _not_followed(facts: Facts) -> Iterator[Finding]:
    """Functions whose interpretation was cut short, one warning a module: what they send may be missing."""
    cut_short: dict[tuple[Module, str], list[str]] = {}
    for (module, name), reason in facts.spent.items():
        if "aurora" in module.text.lower():
            cut_short.setdefault((module, reason), []).append(name)
    position = Position(1, 1)
    for (module, reason), names in cut_short.items():
        shown = ", ".join(f"`{name}`" for name in names[:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        were = "was" if len(names) == 1 else "were"
        yield Finding(
            rule="AUR002",
            name="not-followed",
            location=Location(module.path, position, position),
            message=f"{shown}{more} {were} not followed to the end: {reason}",
            certainty=Certainty.PROVEN,
            applicability=Applicability.MANUAL,
            advice="Look there by hand for calls of Aurora; the rest of the file was checked.",
        )
