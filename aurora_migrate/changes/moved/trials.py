"""Fields that the program puts into an object in branches that no seen request has come by."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import libcst as cst

from aurora_migrate.changes.moved.selection import receiver_of
from aurora_migrate.changes.moved.sites import Site
from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.flow.around import ancestors, function_of
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Entry

Home = tuple[str, int]
"""A variable: its name, and the function (the class, for an attribute) that has it."""


def add_tried(facts: Facts, site: Site) -> None:
    """Add to a site what was stored into the same variable, and an object made at the same place, elsewhere.

    Names that change with the move are not added: what renames them has not seen them either.
    """
    homes = {home for entry in site.contents.values() for home in _homes(entry)}
    places = {(entry.place, entry.name) for entry in site.contents.values()}
    for stored in list(facts.stored.values()):
        if not places & stored.keys():
            continue
        for entry in stored.values():
            if _may_come(site, entry) and any(home in homes for home in _homes(entry)):
                key: Hashable = (entry.name, entry.place, entry.uses[-1].key)
                site.contents.setdefault(key, entry)


def _may_come(site: Site, entry: Entry) -> bool:
    return entry.name in site.table.places and not site.table.renamed(entry) and len(entry.uses) == 1


def _homes(entry: Entry) -> Iterator[Home]:
    for use in entry.uses[-1:]:
        receiver = receiver_of(use.operand, use.module)
        name = dotted(receiver) if receiver is not None else None
        if name is not None and receiver is not None:
            yield name, id(_owner(use.module, receiver, name))


def _owner(module: Module, node: cst.CSTNode, name: str) -> cst.CSTNode | None:
    if "." not in name:
        return function_of(module, node)
    return next((each for each in ancestors(module, node) if isinstance(each, cst.ClassDef)), None)
