"""Where an object whose fields move enters request bodies, with all that is put into it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.facts import Body, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry, Text
from aurora_migrate.flow.values import Mapping as MappingValue


@dataclass(frozen=True, slots=True)
class Table:
    """Which object and name each field of the old object has now."""

    old: str
    places: Mapping[str, tuple[str, str]]
    others: frozenset[str] = frozenset()
    """Names that another rule renames in the same requests."""

    @classmethod
    def of(cls, rule: Rule, others: Iterable[str]) -> Table:
        """The table of a rule, whose values are `object.name`."""
        pairs = rule.parameters.text_map("fields").items()
        places = {name: (new.partition(".")[0], new.partition(".")[2]) for name, new in pairs}
        return cls(rule.parameters.text("object"), places, frozenset(others))

    @property
    def objects(self) -> list[str]:
        """The objects in the table's order, the old one first."""
        return list(dict.fromkeys([self.old, *(place for place, _ in self.places.values())]))

    def target(self, entry: Entry) -> str:
        """The object that an entry belongs to; what the table does not know stays."""
        return self.places.get(entry.name or "", (self.old, ""))[0]

    def renamed(self, entry: Entry) -> str:
        """The new name of an entry, empty when it keeps its own."""
        new = self.places.get(entry.name or "", ("", ""))[1]
        return new if new != entry.name else ""


@dataclass(slots=True)
class Site:
    """One place that puts the object into bodies."""

    table: Table
    entry: Entry
    owner: Body
    request: Request
    certainty: Certainty = Certainty.LIKELY
    contents: dict[Hashable, Entry] = field(default_factory=dict)
    """What is put into the object, one entry for each place."""
    owners: list[Body] = field(default_factory=list)
    known: bool = False
    """Whether some request knows all of the content."""
    open: bool = False
    """Whether a request that is no trial does not know all of it."""

    @property
    def module(self) -> Module:
        return self.entry.uses[-1].module if self.entry.uses else self.request.module

    @property
    def siblings(self) -> set[str]:
        """The new objects that the same bodies hold already."""
        names = {entry.name for owner in self.owners for entry, _ in owner.fields}
        return {name for name in self.table.objects if name in names and name != self.table.old}

    def moving(self) -> list[Entry]:
        """The contents that belong to other objects."""
        return [entry for entry in self.contents.values() if self.table.target(entry) != self.table.old]

    def wrong(self) -> list[Entry]:
        """The contents that cannot stay as they are, but for what another rule sees to."""
        renamed = (e for e in self.contents.values() if self.table.renamed(e))
        return [*self.moving(), *(e for e in renamed if e.name not in self.table.others)]

    def unlisted(self) -> list[str]:
        """The names of contents that the table does not know."""
        return sorted({entry.name or "?" for entry in self.contents.values()} - set(self.table.places))

    def present(self) -> list[str]:
        """The objects that the contents belong to, in the table's order."""
        targets = {self.table.target(entry) for entry in self.contents.values()}
        return [name for name in self.table.objects if name in targets]


def sites_of(sent: Sent, table: Table) -> Iterable[Site]:
    """Every place that puts the object into a body of the rule's requests."""
    found: dict[Hashable, Site] = {}
    for request, certainty, top in sent.tops():
        for entry, bodies in top.fields:
            if entry.name != table.old or sent.is_known(request, entry):
                continue
            site = found.setdefault(_key(entry, top), Site(table, entry, top, request))
            site.owners.append(top)
            if certainty is Certainty.PROVEN:
                site.certainty = certainty
            for body in bodies:
                _note(site, body, sent.is_trial(request))
    return found.values()


def _key(entry: Entry, top: Body) -> Hashable:
    if entry.field is not None and top.mapping is not None:
        return ("dump", id(top.mapping.node))
    if entry.place is None and not entry.uses and isinstance(entry.value, MappingValue):
        # What a test holds against the object of a body, each by itself.
        return ("expected", id(entry.value.node))
    return (entry.place, id(entry.uses[-1].operand) if entry.uses else 0)


def _note(site: Site, body: Body, trial: bool) -> None:
    closed = isinstance(body.value, (MappingValue, Text)) and not body.open and not body.rest
    site.known = site.known or closed
    site.open = site.open or not (closed or trial)
    for entry, _ in body.fields:
        if entry.name is None:
            site.open = site.open or not trial
            continue
        for each in entry.every():
            key = (each.name, each.place, each.uses[-1].key if each.uses else 0)
            site.contents.setdefault(key, each)


def assignments(scope: cst.CSTNode, name: str) -> list[cst.Assign | cst.AnnAssign]:
    """The statements of a scope that give a value to a name."""
    found: list[cst.Assign | cst.AnnAssign] = []
    for node in walk(scope):
        targets: list[cst.BaseExpression] = []
        if isinstance(node, cst.Assign):
            targets = [target.target for target in node.targets]
        elif isinstance(node, cst.AnnAssign) and node.value is not None:
            targets = [node.target]
        if isinstance(node, (cst.Assign, cst.AnnAssign)) and name in map(dotted, targets):
            found.append(node)
    return found


def free_name(module: Module, node: cst.CSTNode, wanted: str) -> str:
    """A name that nothing in the function around a node uses."""
    scope: cst.CSTNode = function_of(module, node) or module.tree
    used = {each.value for each in walk(scope) if isinstance(each, cst.Name)}
    while wanted in used:
        wanted += "_"
    return wanted
