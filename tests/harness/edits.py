"""What a person edited in hand/, and whether the report had sent them there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tests.harness.customers import ByHand, Customer, read_tree

NEAR = 5
"""An edit this many lines from a finding is at the place that the finding names."""


@dataclass(frozen=True, order=True)
class Edit:
    """Lines of after/ that hand/ has otherwise; `last` is before `first` where lines were only added."""

    path: str
    first: int
    last: int


def edits(customer: Customer) -> list[Edit]:
    """All places where hand/ differs from after/."""
    after, hand = read_tree(customer.after), read_tree(customer.hand)
    return [edit for path in hand for edit in _edits(path, after.get(path, b""), hand[path])]


def unnamed(customer: Customer) -> list[tuple[str, int]]:
    """Path and first line of edits that no finding left by hand is near to."""
    return [
        (edit.path, edit.first)
        for edit in edits(customer)
        if not any(_names(finding, edit) for finding in customer.by_hand)
    ]


def _names(finding: ByHand, edit: Edit) -> bool:
    named = [(finding.path, str(finding.line)), *(file.partition(":")[::2] for file in finding.files)]
    return any(
        path == edit.path and (not line or edit.first - NEAR <= int(line) <= edit.last + NEAR)
        for path, line in named
    )


def _edits(path: str, after: bytes, hand: bytes) -> Iterator[Edit]:
    old, new = (text.decode("utf-8").splitlines() for text in (after, hand))
    for tag, start, end, _, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(path, start + 1, end)
