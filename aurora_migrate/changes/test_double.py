"""Kind test-double: what other rules change in the code under test, changed in the tests' doubles, too.

It knows nothing of the API itself. Doubles are shown to the other rules' kinds as if they were requests and
answers of the program; what a kind finds in them, and not in the program alone, is reported under this rule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aurora_migrate.catalogue.model import Rule, Where
from aurora_migrate.changes import fields_moved, path_prefix_removed
from aurora_migrate.changes.context import Context, left_to_user, manual, source_of
from aurora_migrate.changes.doubles import (
    data_files,
    expected_empty,
    recorded_errors,
    recorded_fields,
    recorded_texts,
    recorded_words,
    sent_looks,
    sent_texts,
    stand_ins,
)
from aurora_migrate.changes.doubles import missing as missing_doubles
from aurora_migrate.changes.doubles.tied import Doubles, Tied
from aurora_migrate.changes.field_removed import successor_of
from aurora_migrate.changes.field_renamed import levels_of
from aurora_migrate.changes.fields import request_fields, request_removals, response_fields
from aurora_migrate.changes.fields.traces import trace_of_read
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.files.source import DATA
from aurora_migrate.findings import Applicability, Certainty, Finding, Location
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk

Finder = Callable[[Context, Rule], Iterable[Finding]]

UNCERTAIN = "the mock answers for several servers, and which of them is meant here cannot be told"
WAITING = "what it is handed to is left by hand, and this follows it"


@dataclass(slots=True)
class _Views:
    """What the kinds are shown."""

    context: Context
    answers: list[Tied]
    expected: list[Tied]
    foreign: list[Request]
    """The doubles of other servers."""
    looks: Context
    """Looks at what was sent, as if they were looks into answers."""
    files: data_files.DataFiles

    def with_bodies(self, rule: Rule, certain: bool) -> Context:
        """The program's requests, and beside them the doubles' bodies that the rule is about.

        Recorded answers count for rules of response bodies, expected bodies for those of request bodies.
        """
        recorded, _ = self._recorded(rule)
        told = [*recorded, *(self.expected if Where.REQUEST_BODY in rule.where else ())]
        return self._with(rule, [tied.request for tied in told if tied.certain is certain], certain)

    def with_waiting(self, rule: Rule) -> Context | None:
        """Likewise, with the objects that tests hand to code which the rule leaves by hand."""
        _, waiting = self._recorded(rule)
        return self._with(rule, [tied.request for tied in waiting], False) if waiting else None

    def _with(self, rule: Rule, requests: list[Request], certain: bool) -> Context:
        ours = [each for each in requests if self.context.ties.concerned(each, rule) is not None]
        every = [*ours, *([*self.foreign, *self._unchanged(rule)] if certain else ())]
        added: dict[Hashable, Request] = {("double", id(each)): each for each in every}
        context = stand_ins.without_lookers(self.context)
        facts = replace(context.facts, requests={**context.facts.requests, **added})
        return replace(context, facts=facts)

    def _unchanged(self, rule: Rule) -> Iterator[Request]:
        """The recorded answers of Aurora's that stay as they are under a rule."""
        for tied in self.answers if Where.RESPONSE_BODY in rule.where else ():
            if self.context.ties.concerned(tied.request, rule) is None:
                yield tied.request

    def _recorded(self, rule: Rule) -> tuple[list[Tied], list[Tied]]:
        """The answers, and apart from them what tests hand to code which the rule leaves by hand."""
        recorded: list[Tied] = []
        waiting: list[Tied] = []
        if Where.RESPONSE_BODY not in rule.where:
            return recorded, waiting
        left = stand_ins.left_lookers(self.context, rule)
        for tied in self.answers:
            if tied.double is None or tied.double.library != stand_ins.LIBRARY:
                recorded.append(tied)
            elif not stand_ins.is_stored(self.context, rule, tied.double):
                (waiting if tied.double.called_at & left else recorded).append(tied)
        return recorded, waiting


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every double and expectation that another rule's change concerns."""
    doubles = Doubles(context)
    looks = replace(context, facts=doubles.looks())
    expected = [*doubles.expected(), *doubles.compared()]
    views = _Views(
        context,
        list(doubles.answers()),
        expected,
        list(doubles.foreign()),
        looks,
        data_files.DataFiles(context),
    )
    shown: set[Location] = set()
    files = _files(context)
    for other in context.catalogue.rules.values():
        for finding in _found(views, other):
            finding = _in_file(other, finding, _file_of(finding, files, views.files))
            if finding.location not in shown:
                shown.add(finding.location)
                yield _as_own(rule, other, finding)


def _files(context: Context) -> dict[Location, str]:
    """Where tests read JSON files, with what those are called."""
    doubles = context.facts.doubles
    read = doubles.files if doubles is not None else {}
    return {
        module.location(node): _told(read[id(node)])
        for module in context.modules
        if read and is_test_module(module)
        for node in walk(module.tree)
        if id(node) in read
    }


def _told(paths: set[Path]) -> str:
    if len(paths) == 1:
        (path,) = paths
        return f"`{path.name}`, which is not rewritten: it is long, or spells characters as only JSON does"
    spelled = sorted(f"`{path.parent.name}/{path.name}`" for path in paths)
    return f"one of {', '.join(spelled)}, and the name does not tell which"


def _file_of(finding: Finding, read: dict[Location, str], files: data_files.DataFiles) -> str:
    """Why a finding about a recorded file is left to the user; empty where there is none, or no reason."""
    changed = {edit.path for edit in finding.fix.edits} if finding.fix is not None else set()
    for path in sorted(each for each in changed if each.suffix == DATA):
        reason = files.against(path)
        if reason:
            return reason
    return f"it is recorded in {read[finding.location]}" if finding.location in read else ""


def _in_file(other: Rule, finding: Finding, reason: str) -> Finding:
    """A finding about what a test reads from a file, which is named."""
    return left_to_user(other, finding, reason) if reason else finding


def _found(views: _Views, other: Rule) -> Iterator[Finding]:
    if other.kind == "path-prefix-removed":
        yield from path_prefix_removed.find_in_doubles(views.context, other)
    if other.kind == "error-reshaped":
        yield from recorded_errors.find(views.context, other, views.answers, views.foreign)
        yield from recorded_words.find(views.context, other, views.answers)
    if other.kind == "fields-moved":
        yield from expected_empty.find(views.context, other, views.expected)
    if other.kind == "list-fields-reduced":
        yield from missing_doubles.find(views.context, other, views.answers)
    if other.kind == "query-removed":
        yield from missing_doubles.find_successor(views.context, other, views.answers)
    if other.kind in _PARAMETERS:
        names = other.parameters.texts(_PARAMETERS[other.kind])
        yield from _expected_parameters(views, other, names)
        yield from _looked_for_in_query(views, other, names)
    if Where.RESPONSE_BODY in other.where:
        yield from data_files.find(views.files, other)
        yield from recorded_texts.find(views.context, other, views.answers, new="")
    for finder in _BODIES.get(other.kind, ()):
        known = {finding.location for finding in finder(views.context, other)}
        for found in finder(views.with_bodies(other, True), other):
            each = _in_test(views.context, found) if found.location in known else found
            if each.location not in known:
                known.add(each.location)
                yield each
        for each in finder(views.with_bodies(other, False), other):
            if each.location not in known:
                yield _left(other, each, UNCERTAIN)
        waiting = views.with_waiting(other)
        for each in finder(waiting, other) if waiting is not None else ():
            if each.location not in known:
                yield _left(other, each, WAITING)
    for finder in _LOOKS.get(other.kind, ()):
        yield from finder(views.looks, other)


def _in_test(context: Context, finding: Finding) -> Finding:
    """A finding that begins in the program, at the first place of a test that its fix changes with that."""
    for edit in sorted(finding.fix.edits) if finding.fix is not None else ():
        module = next((each for each in context.modules if each.path == edit.path), None)
        if module is not None and is_test_module(module):
            return replace(finding, location=module.location_of(edit.start, edit.end))
    return finding


def _expected_parameters(views: _Views, other: Rule, names: Sequence[str]) -> Iterator[Finding]:
    """Tests that want a query to have what it no longer has."""
    for tied in views.expected:
        role = tied.request.roles.get("params")
        for entry in role.entries.items if role is not None and role.entries is not None else ():
            if entry.name not in names or views.context.ties.concerned(tied.request, other) is None:
                continue
            module, node = tied.request.module, tied.request.node
            if entry.key_piece is not None and entry.key_piece.node is not None:
                module, node = entry.key_piece.module or module, entry.key_piece.node
            reason = "the test wants it in the query, which will be another one then"
            token = views.context.settings.auth.token
            location, subject = module.location(node), source_of(module, node)
            trace = trace_of(tied.request, node)
            certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
            yield manual(other, location, certainty, reason, trace, subject, token)


def _looked_for_in_query(views: _Views, other: Rule, names: Sequence[str]) -> Iterator[Finding]:
    """Tests that look for a parameter which is not in the query any more."""
    for read, certainty in views.context.ties.reads(views.looks.facts, other):
        if read.part.path == (Marker.PARAMS,) and read.name in names:
            location, subject = read.module.location(read.node), source_of(read.module, read.node)
            reason = "the test looks for it in the query"
            token = views.context.settings.auth.token
            yield manual(other, location, certainty, reason, trace_of_read(read), subject, token)


def _left(other: Rule, finding: Finding, reason: str) -> Finding:
    """A finding about which something is not certain: nothing is rewritten."""
    return replace(
        finding,
        message=other.message("manual", reason=reason, old="", new="", objects=""),
        certainty=Certainty.LIKELY,
        applicability=Applicability.MANUAL,
        fix=None,
        advice=other.advise(old="", new="").strip(),
    )


def _as_own(rule: Rule, other: Rule, finding: Finding) -> Finding:
    """The other rule's finding under this one's code and name."""
    values = {"code": other.code, "change": finding.message}
    if finding.applicability is Applicability.MANUAL:
        message = rule.message("manual", reason=finding.message, **values)
    else:
        message = rule.message("finding", **values)
    fix = finding.fix
    if fix is not None and (fix.settles or fix.settled):
        settled = tuple((rule.code, place) for _, place in fix.settled)
        fix = replace(fix, settles=(*fix.settles, rule.code), settled=(*fix.settled, *settled))
    return replace(finding, rule=rule.code, name=rule.name, message=message, fix=fix, of_test=True)


# -- what looks for each kind's changes in doubles


def _renamed(context: Context, rule: Rule) -> Iterator[Finding]:
    yield from request_fields.find(context, rule)


def _removed(context: Context, rule: Rule) -> Iterator[Finding]:
    if Where.REQUEST_BODY in rule.where:
        yield from request_removals.find(context, rule)
    if Where.RESPONSE_BODY in rule.where:
        yield from recorded_fields.find(
            context, rule, rule.parameters.text("field"), successor_of(context, rule)
        )


def _looked_at(context: Context, rule: Rule) -> Iterator[Finding]:
    """Looks of tests at a field of a body that was sent; one that also moves is left to that rule."""
    if Where.REQUEST_BODY in rule.where:
        moved = _moved_names(context, rule)
        for old, new in rule.parameters.text_map("fields").items():
            if old not in moved:
                change = response_fields.Change(old, new, levels_of(context, rule))
                yield from response_fields.find(context, rule, change)
        yield from sent_texts.find(context, rule, rule.parameters.text_map("fields"))


def _moved_names(context: Context, rule: Rule) -> set[str]:
    """The fields of the same requests that another rule moves."""
    return {
        name
        for other in context.catalogue.rules.values()
        if other.kind == "fields-moved" and set(other.endpoints) & set(rule.endpoints)
        for name in other.parameters.text_map("fields")
    }


def _gone(context: Context, rule: Rule) -> Iterator[Finding]:
    if Where.REQUEST_BODY in rule.where:
        yield from sent_looks.find_gone(context, rule, rule.parameters.text("field"))
        yield from sent_texts.find(context, rule, {rule.parameters.text("field"): ""})


_BODIES: dict[str, tuple[Finder, ...]] = {
    "field-renamed": (_renamed,),
    "field-removed": (_removed,),
    "fields-moved": (fields_moved.find,),
}
_LOOKS: dict[str, tuple[Finder, ...]] = {
    "field-renamed": (_looked_at,),
    "field-removed": (_gone,),
    "fields-moved": (sent_looks.find_moved,),
}
_PARAMETERS = {"query-removed": "query", "authentication-replaced": "query-keys"}
"""Kinds that take parameters out of queries, and the rule's parameter that lists them."""
