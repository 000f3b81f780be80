"""From a rewritten tree to text edits: only the lines that differ, trimmed to the characters that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def edits_between(module: Module, rendering: str) -> list[Edit]:
    """The edits that bring the module's text to the new rendering of its tree.

    Raises `Refused` where LibCST does not print the changed lines back as they are.
    """
    old = _LINE.findall(module.tree.code)
    new = _LINE.findall(rendering)
    source = old if module.prints_back else _LINE.findall(module.text)
    if len(source) != len(old):
        raise Refused("the file has characters that cannot be printed back exactly")
    offsets = [0]
    for line in source:
        offsets.append(offsets[-1] + len(line))
    found: list[Edit] = []
    for start, end, low, high in _hunks(old, new):
        if old[start:end] != source[start:end]:
            raise Refused("the lines to change have characters that cannot be printed back exactly")
        edit = _trimmed("".join(source[start:end]), "".join(new[low:high]))
        found.append(Edit(module.path, offsets[start] + edit[0], offsets[start] + edit[1], edit[2]))
    return found


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for tag, start, end, low, high in matcher.get_opcodes():
        if tag != "equal":
            yield start + head, end + head, low + head, high + head


def _trimmed(before: str, after: str) -> tuple[int, int, str]:
    """Start and end in `before` of what differs, and what `after` has there."""
    shortest = min(len(before), len(after))
    head = 0
    while head < shortest and before[head] == after[head]:
        head += 1
    if head and before[head - 1] == "\r":
        head -= 1
    tail = 0
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    if tail and before[len(before) - tail] == "\n" and tail < len(before) and before[-1 - tail] == "\r":
        tail -= 1
    return head, len(before) - tail, after[head : len(after) - tail]
