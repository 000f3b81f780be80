"""Kind fields-moved: fields of one object of a request body that are in several objects now."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, as_unsafe, carried_out, fixable, manual, source_of
from aurora_migrate.changes.fields.renamings import Cluster, clusters, place_of, renaming_of
from aurora_migrate.changes.moved import expected as moved_expected
from aurora_migrate.changes.moved import pieces as moved_pieces
from aurora_migrate.changes.moved import selection as moved_selection
from aurora_migrate.changes.moved.comments import refuse_lost
from aurora_migrate.changes.moved.sites import Site, Table, sites_of
from aurora_migrate.changes.moved.trials import add_tried
from aurora_migrate.changes.sent import Sent, is_guarded
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.ties import reason_guessed
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Edit, Finding, Location
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Text

Way = Callable[[Plan], bool]
"""Plans the change; whether it is safe."""


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that puts the old object into a request."""
    table = Table.of(rule, _renamed_by_others(context, rule))
    sent = Sent(context, rule)
    wrong = [old for old, (_, new) in table.places.items() if old != new]
    home: dict[Hashable, Cluster] = {}
    for cluster in clusters(sent.entries(*wrong), context.facts):
        for entry in cluster.entries.values():
            home[(entry.place, entry.name)] = cluster
    for site in sites_of(sent, table):
        if _is_settled(site):
            continue
        add_tried(context.facts, site)
        found = _Change(context, rule, sent, site, home).finding()
        # What takes another field's place comes into the old object before it is moved.
        names = {entry.name for entry in site.wrong()}
        yield replace(found, follows=bool(names) and names <= set(_successors(context, rule)))


def _successors(context: Context, rule: Rule) -> Iterator[str]:
    """The fields of the same requests that take the place of fields which are gone."""
    for other in context.catalogue.rules.values():
        if "successor" in other.parameters and set(other.endpoints) & set(rule.endpoints):
            yield other.parameters.text("successor")


def _renamed_by_others(context: Context, rule: Rule) -> Iterator[str]:
    for other in context.catalogue.rules.values():
        if other.kind == "field-renamed" and set(other.endpoints) & set(rule.endpoints):
            yield from other.parameters.text_map("fields")


def _is_settled(site: Site) -> bool:
    """Whether nothing is wrong there, or nobody can see what would be; the old version's stays as it is."""
    if is_guarded(site.entry):
        return True
    if site.wrong():
        return False
    return bool(site.siblings) or not site.open


class _Change:
    """One site and what becomes of it."""

    def __init__(
        self, context: Context, rule: Rule, sent: Sent, site: Site, home: dict[Hashable, Cluster]
    ) -> None:
        self.context = context
        self.rule = rule
        self.sent = sent
        self.site = site
        self.home = home
        self.late: frozenset[str] = frozenset()
        """The names that the fix does not change at their sources."""

    def finding(self) -> Finding:
        module, node = self._place()
        location, subject = module.location(node), source_of(module, node)
        trace = trace_of(self.site.request, node)
        certainty = self.site.certainty
        names = {"objects": _listed(self.site.present())}
        try:
            edits, safe = self._edits()
        except Refused as refused:
            return manual(self.rule, location, certainty, str(refused), trace, subject, **names)
        found = fixable(self.rule, location, certainty, edits, trace, subject, **names)
        assert found.fix is not None
        fix = replace(found.fix, settles=self._settled(), settled=tuple(self._places_settled()))
        found = replace(found, fix=fix)
        return found if safe else as_unsafe(found, self.rule.message("fix", **names))

    def _settled(self) -> tuple[str, ...]:
        """The rules about the same requests, whose names and values this change may carry out, too."""
        others = self.context.catalogue.rules.values()
        return tuple(other.code for other in others if set(other.endpoints) & set(self.rule.endpoints))

    def _places_settled(self) -> Iterator[tuple[str, Location]]:
        """Where the old names stay, since the selection renames them."""
        for entry in self.site.contents.values():
            if entry.name in self.late:
                module, node = place_of(self.home[(entry.place, entry.name)])
                yield from ((code, module.location(node)) for code in self._settled())

    def _place(self) -> tuple[Module, cst.CSTNode]:
        entry, owner = self.site.entry, self.site.owner
        if entry.field is not None and owner.mapping is not None and owner.mapping.node is not None:
            return owner.mapping.module or self.site.module, owner.mapping.node
        piece = entry.key_piece
        if piece is not None and piece.node is not None and piece.module is not None:
            use = entry.uses[-1] if entry.uses else None
            if use is not None and not isinstance(use.operand, (cst.DictElement, cst.Assign)):
                return use.module, use.operand
            return (use.module, use.operand) if use is not None else (piece.module, piece.node)
        if entry.uses:
            return entry.uses[-1].module, entry.uses[-1].operand
        return self.site.request.module, self.site.request.node

    def _edits(self) -> tuple[tuple[Edit, ...], bool]:
        """The edits of the first way that can be gone with certainty; Refused with the last way's reason."""
        self._check()
        last: Refused | None = None
        for way in self._ways():
            plan = Plan(clean=False)
            try:
                safe = way(plan)
                edits = carried_out(plan, self.context.modules)
                refuse_lost(self.context.modules, edits)
                return edits, safe
            except Refused as refused:
                last = refused
        assert last is not None
        raise last

    def _check(self) -> None:
        site = self.site
        if site.certainty is not Certainty.PROVEN:
            guessed = reason_guessed([site.request])
            raise Refused(guessed or "whether the request is Aurora's cannot be told from the code")
        if isinstance(site.owner.value, Text):
            raise Refused("the body is written out as a text")
        if site.open or not site.known:
            raise Refused("what the object holds is not all in the code")
        if site.unlisted():
            names = _listed(site.unlisted())
            raise Refused(f"it also holds {names}, which has no place in the new objects: settle that first")
        if site.siblings & set(site.present()):
            raise Refused("the body holds some of the new objects already")
        whom = self.sent.elsewhere(site.entry)
        if whom:
            raise Refused(f"the same body also goes to {whom}")

    def _ways(self) -> Iterator[Way]:
        context, sent, site = self.context, self.sent, self.site

        def in_pieces(plan: Plan) -> bool:
            self._rename(plan)
            return moved_pieces.move(context, sent, plan, site)

        def selected(plan: Plan) -> bool:
            self.late = self._rename(plan, may_wait=True)
            moved_selection.select(context, plan, site, self.late)
            return False

        def renamed(plan: Plan) -> bool:
            self._rename(plan)
            return True

        def expected(plan: Plan) -> bool:
            self._rename(plan)
            return moved_expected.split(plan, site)

        if not site.moving():
            yield renamed
        if moved_expected.is_expected(site):
            yield expected
            return
        yield in_pieces
        yield selected

    def _rename(self, plan: Plan, *, may_wait: bool = False) -> frozenset[str]:
        """The new names at their sources; the names of which not all can change there, if that may wait."""
        done: set[int] = set()
        late: set[str] = set()
        for entry in self.site.contents.values():
            new = self.site.table.renamed(entry)
            if not new:
                continue
            cluster = self.home.get((entry.place, entry.name))
            if cluster is None:
                raise Refused(f"a test for the API's version puts `{entry.name}` there")
            if id(cluster) not in done:
                done.add(id(cluster))
                try:
                    renaming_of(self.context, self.sent, cluster, new).carry_out(Plan(clean=False))
                except Refused:
                    if not may_wait:
                        raise
                    late.add(cluster.name)
                else:
                    renaming_of(self.context, self.sent, cluster, new).carry_out(plan)
        return frozenset(late)


def _listed(names: list[str]) -> str:
    spelled = [f"`{name}`" for name in names]
    return " and ".join([", ".join(spelled[:-1]), spelled[-1]]) if len(spelled) > 1 else "".join(spelled)
