"""Moved fields piece by piece: each goes into its new object, which is made beside the old one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.keys import key_of_entry
from aurora_migrate.changes.fields.mapped_values import value_node
from aurora_migrate.changes.moved.comments import refuse_leading_commas
from aurora_migrate.changes.moved.displays import Display, Item, display_of, items_of, taken
from aurora_migrate.changes.moved.evaluation import refuse_reordered
from aurora_migrate.changes.moved.holders import Holder, holder_of
from aurora_migrate.changes.moved.selection import receiver_of
from aurora_migrate.changes.moved.sites import Site
from aurora_migrate.changes.moved.unseen import looked_into
from aurora_migrate.changes.sent import Sent
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Look
from aurora_migrate.flow.values import Entry


def move(context: Context, sent: Sent, plan: Plan, site: Site) -> bool:
    """Plan the moves; whether nothing but the one display changes, so that they are safe."""
    for entry in site.contents.values():
        whom = sent.elsewhere(entry)
        if whom:
            raise Refused(f"the same object also goes to {whom}")
    return _Moves(context, plan, site).carry_out()


@dataclass(slots=True)
class _Moves:
    context: Context
    plan: Plan
    site: Site
    holder: Holder = field(init=False)
    display: Display = field(init=False)
    written: dict[str, list[Item]] = field(default_factory=dict)
    """The entries of the display, by the object that they belong to."""

    def carry_out(self) -> bool:
        value = value_node(self.site.entry)
        if self.site.entry.field is not None or value is None:
            raise Refused("the object enters the body in a way that leaves no place to take it apart")
        self.holder = holder_of(self.context, self.plan, self.site, value)
        self.display = self.holder.display
        pieces = list(self._pieces())
        self._refuse_shared(pieces)
        for entry, _ in pieces:
            self.holder.claim(*self._receiver(entry))
        looks = list(self._looks())
        for look, _ in looks:
            self.holder.claim(look.module, _looked_at(look))
        self.holder.check()
        self._split_display()
        for entry, target in pieces:
            if target != self.site.table.old:
                self._move(entry, target)
        for look, target in looks:
            if target != self.site.table.old:
                self.holder.turn(look.module, _looked_at(look), target)
        return not pieces and not looks and self.holder.is_plain

    def _pieces(self) -> Iterator[tuple[Entry, str]]:
        """The contents that are not in the display, with their objects; those in it are noted."""
        listed = {id(item): item for item in items_of(self.display)}
        for entry in self.site.contents.values():
            target = self.site.table.target(entry)
            if entry.field is not None or not entry.uses:
                raise Refused("some of it is put there in a way that leaves nothing to move")
            item = listed.get(id(entry.uses[-1].operand))
            if item is not None and len(entry.uses) == 1:
                if item not in self.written.setdefault(target, []):
                    self.written[target].append(item)
            else:
                yield entry, target

    def _refuse_shared(self, pieces: list[tuple[Entry, str]]) -> None:
        """Refuse where one line puts fields of several objects: `for name in names: options[name] = 1`."""
        targets: dict[int, set[str]] = {}
        held = [(entry, self.site.table.target(entry)) for entry in self.site.contents.values()]
        for entry, target in held:
            targets.setdefault(id(entry.uses[-1].operand), set()).add(target)
        for entry, _ in held:
            several = isinstance(entry.uses[-1].operand, (cst.Tuple, cst.List))
            if len(targets[id(entry.uses[-1].operand)]) > 1 and not several:
                line = entry.uses[-1].module.location(entry.uses[-1].operand).start.line
                raise Refused(f"line {line} puts fields of several objects there")

    def _receiver(self, entry: Entry) -> tuple[Module, cst.BaseExpression]:
        use = entry.uses[-1]
        if isinstance(use.operand, (cst.Tuple, cst.List)):
            key = key_of_entry(entry)
            for element in use.operand.elements:
                target = element.value
                if isinstance(target, cst.Subscript) and any(
                    isinstance(part.slice, cst.Index) and part.slice.value is key for part in target.slice
                ):
                    return use.module, target.value
            raise Refused("some of it is stored with others in a way that cannot be told apart")
        direct = len(entry.uses) == 1 or (len(entry.uses) == 2 and _is_within(entry))
        receiver = receiver_of(use.operand, use.module) if direct else None
        if receiver is None:
            raise Refused("some of it comes out of another mapping")
        return use.module, receiver

    def _looks(self) -> Iterator[tuple[Look, str]]:
        for entry in self.site.contents.values():
            stores = {id(use.operand) for use in entry.uses}
            for look in self.context.facts.looks.get(entry.place, {}).values():
                if id(look.node) not in stores:
                    yield look, self.site.table.target(entry)

    def _split_display(self) -> None:
        """The display's entries go where they belong."""
        use = self.site.entry.uses[-1]
        old, first = self.site.table.old, self.site.present()[0]
        if set(self.written) - {old}:
            refuse_leading_commas(self.display)
            order = [old, *(name for name in self.site.present() if name != old)]
            listed = [item for name in order for item in self.written.get(name, ())]
            refuse_reordered(self.context, self.holder.module, items_of(self.display), listed)
        targets = [name for name in self.site.present() if name != old and name in self.written]
        alone = first != old and self.holder.may_go(use, bool(targets))
        if alone and self.holder.in_place:
            targets = [name for name in targets if name != first]
        made = {
            name: taken(self.plan, self.holder.module, self.display, self.written[name]) for name in targets
        }
        for name in targets if self.holder.in_place or not alone else ():
            for item in self.written[name]:
                self.plan.take_away(self.holder.module, item)
        self.holder.enter(use, made, alone=alone)

    def _move(self, entry: Entry, target: str) -> None:
        """One piece to its object; of an `update` with several objects' fields, each gets its own."""
        use = entry.uses[-1]
        if isinstance(use.operand, (cst.DictElement, cst.Arg)) and isinstance(
            use.container, (cst.Dict, cst.Call)
        ):
            self.holder.move_update(
                use, {id(e.uses[-1].operand): self.site.table.target(e) for e in self._all()}
            )
            return
        module, receiver = self._receiver(entry)
        self.holder.turn(module, receiver, target)

    def _all(self) -> list[Entry]:
        return [entry for entry in self.site.contents.values() if entry.uses]


def _is_within(entry: Entry) -> bool:
    """Whether the entry stands in a display that is handed to `update` or `|=` right there."""
    outer, inner = entry.uses
    if outer.module is not inner.module or not isinstance(inner.container, (cst.Dict, cst.Call)):
        return False
    handed = outer.operand.value if isinstance(outer.operand, cst.Arg) else outer.operand
    return handed is inner.container and display_of(handed) is not None


def _looked_at(look: Look) -> cst.BaseExpression:
    """The expression of the mapping that is looked into."""
    found = looked_into(look.node)
    if found is not None:
        return found
    line = look.module.location(look.node).start.line
    raise Refused(f"the program also looks into it at {look.module.path.name}:{line}")
