"""Fields of request bodies that get another name: entries that must change together, as one renaming."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.keys import key_of_entry, key_of_look
from aurora_migrate.changes.fields.names import Renaming
from aurora_migrate.changes.sent import Held, Sent
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Look
from aurora_migrate.flow.values import Entry, Unknown, Value, key_of


@dataclass(slots=True)
class Cluster:
    """Entries of one name whose keys share what spells them, or that take each other's place."""

    name: str
    held: list[Held] = field(default_factory=list)
    entries: dict[Hashable, Entry] = field(default_factory=dict)
    """One entry for each place."""
    values: dict[Hashable, dict[Hashable, Value]] = field(default_factory=dict)
    """All that was seen there, by the same keys."""

    def add(self, entry: Entry, trial: bool) -> None:
        """Add an entry as it was in one request; what a trial does not know, the callers do."""
        key = (entry.place, tuple(use.key for use in entry.uses[-1:]))
        self.entries.setdefault(key, entry)
        seen = self.values.setdefault(key, {})
        for option in options(entry.value):
            if trial and isinstance(option, Unknown):
                continue
            seen.setdefault(key_of(option), option)

    def take_over(self, other: Cluster) -> None:
        """Add all that another cluster holds."""
        self.held.extend(other.held)
        for key, entry in other.entries.items():
            self.entries.setdefault(key, entry)
            self.values.setdefault(key, {}).update(other.values[key])


def clusters(found: Iterable[Held], facts: Facts) -> list[Cluster]:
    """The entries, those in one cluster that share what spells them or what looks for them."""
    home: dict[Hashable, Cluster] = {}
    for held in found:
        entries = held.entry.every()
        keys: list[Hashable] = [(entry.place, held.entry.name) for entry in entries]
        keys.extend((id(look.node), held.entry.name) for look in _looks_at(facts, entries))
        met = {id(home[key]): home[key] for key in keys if key in home}
        cluster = next(iter(met.values()), None) or Cluster(held.entry.name or "")
        for other in met.values():
            if other is not cluster:
                cluster.take_over(other)
        cluster.held.append(held)
        for entry in entries:
            cluster.add(entry, held.trial)
        for key in [*keys, *((entry.place, cluster.name) for entry in cluster.entries.values())]:
            home[key] = cluster
    return list({id(cluster): cluster for cluster in home.values()}.values())


def _looks_at(facts: Facts, entries: Iterable[Entry]) -> Iterator[Look]:
    """What looks for the entries by a key of its own."""
    for entry in entries:
        for look in facts.looks.get(entry.place, {}).values():
            if not is_by_own_key(entry, look):
                yield look


def renaming_of(context: Context, sent: Sent, cluster: Cluster, new: str) -> Renaming:
    """The renaming of a cluster, own looks included. Raises Refused where its keys mean other things, too."""
    others = {old: to.rpartition(".")[2] for old, to in _names_of(sent.rule).items()}
    renaming = Renaming(context.facts, context.modules, cluster.name, new, others)
    for held in cluster.held:
        whom = sent.elsewhere(held.entry)
        if whom:
            raise Refused(f"the same object also goes to {whom}")
        if held.owner.open and not held.owner.rest and not held.trial:
            raise Refused(f"what else the object holds is not known: it may hold `{cluster.name}`, too")
        if any(entry.name == new for entry, _ in held.owner.fields):
            raise Refused(f"the same object also holds `{new}`")
    places = {entry.place for entry in cluster.entries.values()}
    for entry in cluster.entries.values():
        renaming.at_entry(entry)
        _refuse_responses(context, entry)
        for look in _looks_at(context.facts, [entry]):
            elsewhere = sent.looked_at[id(look.node)] - places
            if any(_goes_by(context.facts.looks[place][id(look.node)], look) for place in elsewhere):
                where = f"{look.module.path.name}:{look.module.location(look.node).start.line}"
                raise Refused(f"another object that has `{cluster.name}` is looked into at {where}, too")
            if _is_key_elsewhere(look):
                where = f"{look.module.path.name}:{look.module.location(look.node).start.line}"
                raise Refused(f"its name is looked up in another mapping at {where}")
            renaming.at_look(look)
    return renaming


def _names_of(rule: Rule) -> Mapping[str, str]:
    return rule.parameters.text_map("fields") if "fields" in rule.parameters else {}


def _refuse_responses(context: Context, entry: Entry) -> None:
    """A model that is also made of responses changes with those or not at all."""
    if entry.field is None:
        return
    for read in context.facts.reads.values():
        known = read.field
        if known is None or known.owner.node is not entry.field.owner.node:
            continue
        if known.name == entry.field.name:
            raise Refused(f"`{known.owner.name}.{known.name}` is also filled from a response")


def _goes_by(other: Look, look: Look) -> bool:
    """Whether two looks of one place go by the same literal: lists of names are looked at for each."""
    literals = [each.piece.node if each.piece is not None else None for each in (other, look)]
    return None in literals or literals[0] is literals[1]


def _is_key_elsewhere(look: Look) -> bool:
    """Whether the literal that the look goes by is itself the key of what is looked into: `LIMITS[name]`."""
    piece = look.piece
    if piece is None or piece.node is None or piece.module is None:
        return False
    element = piece.module.parents.get(id(piece.node))
    is_key = isinstance(element, cst.DictElement) and element.key is piece.node
    return is_key and isinstance(look.node, (cst.Subscript, cst.Call)) and key_of_look(look) is not piece.node


def is_by_own_key(entry: Entry, look: Look) -> bool:
    """Whether a look has its key from the entry itself, as a loop over the mapping has: it follows."""
    piece = entry.key_piece
    if piece is None or piece.node is None or look.piece is None or look.piece.node is not piece.node:
        return False
    return key_of_entry(entry) is piece.node and isinstance(key_of_look(look), (cst.Name, cst.Attribute))


def place_of(cluster: Cluster) -> tuple[Module, cst.CSTNode]:
    """The first place that spells the name: a literal, a keyword or a field's declaration."""
    places = [place for entry in cluster.entries.values() for place in _places(entry)]
    if not places:
        held = cluster.held[0]
        return held.request.module, held.request.node
    return min(places, key=lambda place: (place[0].path, place[0].location(place[1]).start))


def _places(entry: Entry) -> Iterator[tuple[Module, cst.CSTNode]]:
    if entry.field is not None:
        found = declaration(entry.field.owner, entry.field.name)
        if found is not None:
            yield entry.field.owner.module, found.target
            return
    piece = entry.key_piece
    if piece is not None and piece.node is not None and piece.module is not None:
        yield piece.module, piece.node
    elif entry.uses:
        operand = entry.uses[-1].operand
        keyword = operand.keyword if isinstance(operand, cst.Arg) else None
        yield entry.uses[-1].module, keyword if keyword is not None else operand
