"""Which operands go when some pieces of texts or entries of mappings have to: never one that carries anything else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.values import Entry, Piece, Use


class Condemned:
    """Pieces and entries that have to go, and the operands (`Use`) that carry nothing else in any request.

    First everything is shown to it (`see`), then it says for each condemned part what to take out.
    """

    def __init__(self) -> None:
        self._carries_more: set[tuple[int, int]] = set()

    def see(self, parts: Sequence[Piece | Entry], condemned: Iterable[int]) -> None:
        """The parts of one text or mapping, and the indices of those that have to go."""
        doomed = set(condemned)
        for index, part in enumerate(parts):
            if index not in doomed:
                self._carries_more.update(use.key for use in part.uses)

    def operand(self, part: Piece | Entry) -> Use | None:
        """The outermost operand that carries condemned parts only, if there is one."""
        return next((use for use in part.uses if use.key not in self._carries_more), None)

    def keep_open(self, parts: Sequence[Piece | Entry]) -> None:
        """The outermost operands of these parts carry unknown entries, too: they have to stay."""
        for part in parts:
            if len(part.uses) > 1:
                self._carries_more.add(part.uses[0].key)

    def take_out(self, plan: Plan, parts: Sequence[Piece | Entry], gone: Container[int] = ()) -> None:
        """Plan the removal of condemned parts; those in statements that are `gone` need none.

        Raises Refused when one cannot be taken out.
        """
        done: set[tuple[int, int]] = set()
        for part in parts:
            if any(id(use.container) in gone for use in part.uses):
                continue
            use = self.operand(part)
            if use is not None:
                if use.key not in done:
                    done.add(use.key)
                    plan.take_out(use)
            elif isinstance(part, Piece) and part.text is not None and part.node is not None and part.module:
                plan.cut(part.module, part.node, part.start, part.start + len(part.text))
            elif isinstance(part, Entry) and part.uses:
                raise Refused(f"the place that sets {part.name} also sets other parameters")
            elif not (isinstance(part, Piece) and part.text is not None and part.node is None):
                raise Refused("it is made of parts that cannot be taken out one by one")
