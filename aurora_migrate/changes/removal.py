"""Which operands go when pieces of texts or entries of mappings have to: never one that carries more."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.values import Entry, Piece


class Condemned:
    """Pieces and entries that have to go, and the operands (`Use`) that carry nothing else in any request.

    First everything is shown to it (`see`), then it says for each condemned part what to take out.
    """

    def __init__(self) -> None:
        self._carries_more: set[tuple[int, int]] = set()
        self._kept: set[tuple[int, int]] = set()
        """Characters of literals, by node and offset, that some request needs."""

    def see(
        self, parts: Sequence[Piece | Entry], condemned: Iterable[int], changed: Iterable[int] = ()
    ) -> None:
        """The parts of one text or mapping, and the indices of those that have to go or become others."""
        doomed, other = set(condemned), set(changed)
        for index, part in enumerate(parts):
            if index not in doomed:
                self._carries_more.update(use.key for use in part.uses)
                if index in other:
                    continue
                if isinstance(part, Piece) and part.text is not None and part.node is not None:
                    self._kept.update((id(part.node), part.start + at) for at in range(len(part.text)))

    def operand(self, part: Piece | Entry) -> Use | None:
        """The outermost operand that carries condemned parts only, if there is one."""
        return next((use for use in part.uses if use.key not in self._carries_more), None)

    def keep_open(self, parts: Sequence[Piece | Entry]) -> None:
        """The outermost operands of these parts carry unknown entries, too: they have to stay."""
        for part in parts:
            if len(part.uses) > 1:
                self._carries_more.add(part.uses[0].key)

    def promote(self, plan: Plan, separators: Iterable[Piece]) -> None:
        """Plan `?` in place of each `&` that becomes the first separator of its query."""
        for piece in separators:
            if self._is_kept(piece):
                raise Refused("the parameters behind the signature are joined in more than one way")
            assert piece.module is not None
            assert piece.node is not None
            plan.cut(piece.module, piece.node, piece.start, piece.start + 1, "?")

    def _is_kept(self, part: Piece) -> bool:
        assert part.text is not None
        return any((id(part.node), part.start + at) in self._kept for at in range(len(part.text)))

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
                    if use.fixed:
                        plan.replace(use.module, use.operand, '""')
                    else:
                        plan.take_out(use)
            elif isinstance(part, Piece) and part.text is not None and part.node is not None and part.module:
                if not self._is_kept(part):
                    plan.cut(part.module, part.node, part.start, part.start + len(part.text))
                elif part.text.strip("?&"):
                    raise Refused(f"`{part.text}` is also part of requests that need it")
            elif isinstance(part, Entry) and part.uses:
                raise Refused(f"the place that sets {part.name} also sets other parameters")
            elif not (isinstance(part, Piece) and part.text is not None and part.node is None):
                raise Refused("it is made of parts that cannot be taken out one by one")
