"""A field of responses under a new name: every look at it, and every test of what it says, together."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields import typed_dicts
from aurora_migrate.changes.fields.dumped_fields import refuse_shown
from aurora_migrate.changes.fields.guards import (
    is_guarded,
    refuse_level_given,
    refuse_merged,
    refuse_reworked,
)
from aurora_migrate.changes.fields.levels import Levels
from aurora_migrate.changes.fields.model_fields import BothWays, sent_fields
from aurora_migrate.changes.fields.names import Renaming
from aurora_migrate.changes.fields.own_values import places_sent
from aurora_migrate.changes.fields.response_aliases import Alias, put_alias
from aurora_migrate.changes.fields.response_spread import is_taken_away
from aurora_migrate.changes.fields.response_tables import Column, put_columns
from aurora_migrate.changes.fields.response_values import map_tests, translate
from aurora_migrate.changes.fields.sought_keys import is_sought
from aurora_migrate.changes.fields.strange import refuse_strangers
from aurora_migrate.changes.fields.traces import place_of_read, trace_of_read
from aurora_migrate.changes.fields.unspelled import means_field, refuse_rekeyed
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.findings import Certainty, Edit, Finding, Location
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.reads import Form, Match, Read
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Part

UNPROVEN = (
    "which endpoint, host or version answers is not in the code; name the variable of the base URL in "
    "`base-url-names` of [tool.aurora-migrate] if it is Aurora's"
)


_TOLERANT = frozenset({Form.GET, Form.POP, Form.SETDEFAULT, Form.IN, Form.COMPARED})
"""How a program looks at a field that it can do without."""


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one field: its names, and the map of its values if those changed, too.

    `undecided` says why the new name is not known (`new` is empty then).
    """

    old: str
    new: str
    levels: Levels | None = None
    undecided: str = ""

    @property
    def names(self) -> dict[str, str]:
        """Both names, for messages."""
        return {"old": self.old, "new": self.new}


_ANY_WRAPPER = (Marker.ITEM,)
"""What is taken out of a body by any key, where nobody knows which of several endpoints has answered."""

_Settled = Iterable[tuple[str, Location]]
"""Findings that are settled although what they point at stays: by rule and place."""

_Way = Callable[[Plan], _Settled]
"""Plans what is to be done for a group of looks, or raises Refused."""


@dataclass(frozen=True, slots=True)
class _Rewritten:
    """What becomes of a group of looks: edits, and looks of other groups that are settled by them."""

    edits: tuple[Edit, ...] = ()
    settled: tuple[tuple[str, Location], ...] = ()

    def found(self, finding: Finding) -> Finding:
        """The finding, whose fix knows what it settles."""
        fix = replace(finding.fix, settled=self.settled) if finding.fix is not None else None
        return replace(finding, fix=fix)


@dataclass(slots=True)
class Group:
    """Looks and tests that belong together: those of one value, on all its ways through the program."""

    reads: dict[Hashable, Read] = field(default_factory=dict)
    matches: dict[Hashable, Match] = field(default_factory=dict)
    holders: dict[Hashable, Part] = field(default_factory=dict)
    """The objects that are looked into, in all the answers that come by the same way."""
    proven: set[int] = field(default_factory=set)
    """The nodes of looks that are proven to be into Aurora's answers, whatever else was tried there."""

    @property
    def certainty(self) -> Certainty:
        every = {id(read.node) for read in self.reads.values()}
        return Certainty.PROVEN if every <= self.proven else Certainty.LIKELY


def find(context: Context, rule: Rule, change: Change) -> Iterator[Finding]:
    """Every look at the field in answers of the rule's endpoints."""
    for group in groups_of(context, rule, change):
        yield from _findings(context, rule, change, group)
    yield from typed_dicts.find(context, rule, change.old, change.new)


def groups_of(context: Context, rule: Rule, change: Change) -> list[Group]:
    """The looks at a field and the tests of its values, by what they share."""
    wrappers = {endpoint.response_wrapper for endpoint in context.catalogue.endpoints_of(rule)}
    joined = _Joined()
    found: list[tuple[Hashable, Read, Certainty]] = []
    for read, certainty in context.ties.reads(context.facts, rule):
        if (
            not (read.name == change.old or (read.field is None and means_field(read.name, change.old)))
            or not _is_wrapped(read, wrappers)
            or is_guarded(context, read, change.new)
        ):
            continue
        joined.join(("part", read.found.key), ("node", id(read.node)))
        if read.field is not None:
            joined.join(("part", read.found.key), ("field", id(read.field.owner.node), read.field.name))
        found.append((("part", read.found.key), read, certainty))
    known = {key for key, _, _ in found}
    for match in context.facts.matches.values():
        if ("part", match.part.key) in known:
            joined.join(("part", match.part.key), ("test", id(match.node)))
    return _collected(joined, found, context.facts)


def _collected(joined: _Joined, found: list[tuple[Hashable, Read, Certainty]], facts: Facts) -> list[Group]:
    groups: dict[Hashable, Group] = {}
    for key, read, certainty in found:
        group = groups.setdefault(joined.root(key), Group())
        known = group.reads.get((id(read.node), read.form))
        if known is None or (known.explored and not read.explored):
            group.reads[(id(read.node), read.form)] = read
        group.holders[read.part.key] = read.part
        group.proven |= {id(read.node)} if certainty is Certainty.PROVEN else set()
    for match in facts.matches.values():
        held = groups.get(joined.root(("part", match.part.key)))
        if held is not None:
            piece = match.value.pieces[0] if match.value.pieces else None
            held.matches.setdefault((id(match.node), id(piece.node) if piece else 0), match)
    return list(groups.values())


def _is_wrapped(read: Read, wrappers: set[str]) -> bool:
    """Whether the object that is looked into is the one inside the body's wrapper.

    What tests look into is a body that was sent: one without a wrapper may have its fields in any object.
    """
    if read.part.origin.sent is not None and "" in wrappers:
        return True
    return any(read.part.path in (((wrapper,), _ANY_WRAPPER) if wrapper else ((),)) for wrapper in wrappers)


class _Joined:
    """Which things belong together, by what joins them."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def root(self, key: Hashable) -> Hashable:
        while (above := self._above.get(key, key)) != key:
            key = above
        return key

    def join(self, one: Hashable, other: Hashable) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self._above[second] = first


def _findings(context: Context, rule: Rule, change: Change, group: Group) -> Iterator[Finding]:
    try:
        made, reason = _rewritten(context, rule, change, group), ""
    except Refused as refused:
        made, reason = _Rewritten(), refused.reason
    shown: set[tuple[object, int]] = set()
    for read in group.reads.values():
        module, node = place_of_read(read)
        location = module.location(node)
        shown.add((location.path, location.start.line))
        subject, trace = source_of(module, node), trace_of_read(read)
        if reason:
            yield manual(rule, location, group.certainty, reason, trace, subject, **change.names)
        else:
            yield made.found(
                fixable(rule, location, group.certainty, made.edits, trace, subject, **change.names)
            )
    for match in group.matches.values():
        yield from _tested(context, rule, change, group, match, made, reason, shown)


def _tested(
    context: Context,
    rule: Rule,
    change: Change,
    group: Group,
    match: Match,
    made: _Rewritten,
    reason: str,
    shown: set[tuple[object, int]],
) -> Iterator[Finding]:
    """A test on a line of its own; beside the look at the field it goes without saying."""
    location = match.module.location(match.node)
    place = (location.path, location.start.line)
    if place in shown or (not reason and not _touched(context, made.edits, location)):
        return
    shown.add(place)
    subject = source_of(match.module, match.node)
    trace = trace_of_read(next(iter(group.reads.values())))
    if reason:
        yield manual(rule, location, group.certainty, reason, trace, subject, **change.names)
    else:
        yield made.found(fixable(rule, location, group.certainty, made.edits, trace, subject, **change.names))


def _touched(context: Context, edits: tuple[Edit, ...], location: Location) -> bool:
    """Whether an edit changes the place (where values are translated at their source, tests stay)."""
    module = next(module for module in context.modules if module.path == location.path)
    lines = range(location.start.line, location.end.line + 1)
    return any(edit.path == location.path and module.position(edit.start).line in lines for edit in edits)


def unproven(parts: Iterable[Part]) -> str:
    """Why it is only likely that these are answers of Aurora's."""
    return reason_guessed(request for part in parts for request in part.origin.requests) or UNPROVEN


def is_left(context: Context, rule: Rule, change: Change, group: Group) -> bool:
    """Whether a group cannot be rewritten."""
    try:
        _rewritten(context, rule, change, group)
    except Refused:
        return True
    return False


def _rewritten(context: Context, rule: Rule, change: Change, group: Group) -> _Rewritten:
    """The first way that can be gone with certainty; Refused with the first way's reason."""
    if group.certainty is Certainty.LIKELY:
        raise Refused(unproven(group.holders.values()))
    if not change.new:
        raise Refused(change.undecided)
    refuse_rekeyed(group.reads.values(), change.old)
    _refuse_beginnings(group.reads.values())
    _refuse_foreign(context, group)
    _refuse_stored(context, change.old, group)
    first: Refused | None = None
    for way in _ways(context, rule, change, group):
        plan = Plan(clean=False)
        try:
            settled = tuple(way(plan))
            return _Rewritten(carried_out(plan, context.modules), settled)
        except Refused as refused:
            first = first or refused
    assert first is not None
    raise first


def _refuse_beginnings(reads: Iterable[Read]) -> None:
    """Refuse where the name is only looked for in the keys: other keys have it in them, too."""
    for read in reads:
        if read.form is Form.COMPARED and is_sought(read):
            line = read.module.location(read.node).start.line
            raise Refused(
                f"{read.module.path.name}:{line} looks for `{read.name}` in all keys and may mean others, too"
            )


def _refuse_foreign(context: Context, group: Group) -> None:
    """Refuse where the same expression also looks into answers of other vendors or endpoints."""
    nodes = {id(read.node) for read in group.reads.values()}
    if nodes & context.facts.own_lookers:
        raise Refused("an object of the program's own is looked into there, too")
    numbers = {holder.origin.number for holder in group.holders.values()}
    for read in context.facts.reads.values():
        if id(read.node) not in nodes or read.part.origin.number in numbers:
            continue
        if any(not request.is_unsettled for request in read.part.origin.requests):
            request = read.part.origin.requests[0]
            line = request.module.location(request.node).start.line
            raise Refused(f"other answers are read there, too: that of {request.module.path.name}:{line}")


def _refuse_stored(context: Context, name: str, group: Group) -> None:
    """Refuse where the program also looks at what it stored under the old name itself."""
    for holder in group.holders.values():
        look = context.facts.about(holder).stored_looks.get(holder.step(name).key)
        if look is not None:
            module, node = look
            line = module.location(node).start.line
            raise Refused(f"{module.path.name}:{line} also finds there what the program itself has stored")
        maybe = context.facts.about(holder).maybe_stored.get(holder.step(name).key)
        if maybe is not None and not {entry.place for entry in maybe[2]} <= places_sent(context, name):
            line = maybe[0].location(maybe[1]).start.line
            raise Refused(f"{maybe[0].path.name}:{line} may find there what the program itself has stored")


def _ways(context: Context, rule: Rule, change: Change, group: Group) -> Iterable[_Way]:
    reads, matches = list(group.reads.values()), list(group.matches.values())
    holders = list(group.holders.values())
    found = [holder.step(change.old) for holder in holders]

    def rename(plan: Plan) -> _Settled:
        refuse_strangers(context.facts, reads, change.old, change.new)
        refuse_shown(context, reads, change.old, change.new)
        refuse_merged(context, change.new, reads, stood_beside=rule.kind == "field-removed")
        refuse_level_given(reads if change.levels is not None else ())
        refuse_reworked(reads if change.levels is not None else ())
        renaming = Renaming(context.facts, context.modules, change.old, change.new)
        for read in reads:
            renaming.at_read(read)
        renaming.carry_out(plan)
        if change.levels is not None:
            map_tests(context, plan, change.levels, reads, matches, found)
        return ()

    def translated(plan: Plan) -> _Settled:
        assert change.levels is not None
        refuse_strangers(context.facts, reads, change.old, change.new)
        refuse_reworked(reads)
        translate(context, plan, change.levels, change.old, change.new, reads)
        return ()

    def both_ways(plan: Plan) -> _Settled:
        assert change.levels is not None
        refuse_strangers(context.facts, reads, change.old, change.new)
        for field_sent in sent:
            BothWays(context, plan, change.levels, field_sent, change.new, reads).carry_out()
        return ()

    def aliased(plan: Plan) -> _Settled:
        _refuse_tests(reads)
        _refuse_stand_ins(context, change, reads)
        like = _like(context, rule, holders)
        taken = is_taken_away(context, rule, change.new, reads, {holder.key for holder in holders})
        missed = any(read.form in _TOLERANT for read in reads)
        alias = Alias(change.old, change.new, change.levels, taken, missed)
        return _looks_at(context, rule, change, put_alias(context, plan, alias, holders, like))

    def retabled(plan: Plan) -> _Settled:
        _refuse_tests(reads)
        refuse_strangers(context.facts, reads, change.old, change.new)
        put_columns(context, plan, Column(change.old, change.new, change.levels), holders, reads)
        return ()

    known = sent_fields(context.facts) if change.levels is not None else set()
    fields = {id(read.field.owner.node): read.field for read in reads if read.field is not None}
    sent = [each for each in fields.values() if (id(each.owner.node), each.name) in known]
    if sent:
        return (both_ways,)
    return (rename, translated, aliased, retabled) if change.levels is not None else (rename, aliased)


def _refuse_tests(reads: Iterable[Read]) -> None:
    """Refuse to change the program for the sake of what nothing but its tests look for."""
    if all(is_test_module(read.module) for read in reads):
        raise Refused("only tests look for it there")


def _refuse_stand_ins(context: Context, change: Change, reads: Iterable[Read]) -> None:
    """Refuse to give answers their old field back where tests hand in objects that have not got it there."""
    doubles = context.facts.doubles
    for read in reads:
        for made in doubles.stand_ins.get(id(read.node), {}).values() if doubles is not None else ():
            line = made.module.location(made.node).start.line
            raise Refused(
                f"the test at {made.module.path.name}:{line} has an object with `{change.old}`, too"
            )


def _like(context: Context, rule: Rule, holders: Iterable[Part]) -> list[Part]:
    """The same objects in all answers of the rule's endpoints."""
    paths = {holder.path for holder in holders}
    found = {
        read.found.key: read.found
        for read in context.facts.reads.values()
        if read.found.path in paths and context.ties.answered(read.part.origin, rule) is not None
    }
    return list(found.values())


def _looks_at(context: Context, rule: Rule, change: Change, parts: Iterable[Part]) -> _Settled:
    """Where the old name is looked at in these objects."""
    keys = {part.key for part in parts}
    for read in context.facts.reads.values():
        if read.name == change.old and read.part.key in keys:
            module, node = place_of_read(read)
            yield rule.code, module.location(node)
