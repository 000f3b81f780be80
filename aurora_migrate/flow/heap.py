"""The interpreted program's mutable state, with a trail so that paths can be tried, taken back and joined."""

from __future__ import annotations

from collections.abc import Container, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Cells, PartCells
from aurora_migrate.flow.values import Choice, Const, Entries, Entry, Text, Value, key_of

CellKey = tuple[int, Hashable]
_THERE = Const(True)


@dataclass(slots=True)
class Delta:
    """What one path changed: the cells that it wrote and what they held at its end."""

    changes: dict[CellKey, tuple[Cells, Hashable, Value | None]] = field(default_factory=dict)

    def after(self, earlier: Delta) -> Delta:
        """This delta, preceded by another one."""
        return Delta({**earlier.changes, **self.changes})


@dataclass(slots=True)
class ReadLog:
    """The cells older than a call that the call depends on, with the values they had when it began.

    Settled cells are not among them: they are as they were, unless the heap's `epoch` is another one now.
    """

    birth: int
    epoch: int
    reads: dict[CellKey, tuple[Cells, Hashable, Value | None]] = field(default_factory=dict)

    def note(self, cells: Cells, key: Hashable, value: Value | None) -> None:
        if cells.birth <= self.birth:
            self.reads.setdefault((id(cells), key), (cells, key, value))


class Heap:
    """Cells, the trail of writes to them, and the logs of what running calls read."""

    def __init__(self) -> None:
        self._trail: list[tuple[Cells, Hashable, Value | None]] = []
        self._logs: list[ReadLog] = []
        self.got: Cells = PartCells(0)
        """The parts of responses that the running path has looked up, by their places."""
        self.sent: Cells = PartCells(0)
        """The responses that the running path has got, by number."""
        self.serial = 0
        self.epoch = 0
        """How often something that was settled was written after all."""

    def new_cells(self) -> Cells:
        self.serial += 1
        return Cells(self.serial)

    def get(self, cells: Cells, key: Hashable) -> Value | None:
        value = cells.get(key)
        if self._logs and key not in cells.settled:
            self._logs[-1].note(cells, key, value)
        return value

    def set(self, cells: Cells, key: Hashable, value: Value) -> None:
        old = cells.get(key)
        if key in cells.settled:
            cells.settled.discard(key)
            self.epoch += 1
        if self._logs:
            self._logs[-1].note(cells, key, old)
        self._trail.append((cells, key, old))
        cells[key] = value

    def settle(self, cells: Cells, restless: Container[Hashable] = frozenset()) -> None:
        """Take what is in these cells for lasting, but for keys that the program is known to write.

        Whoever reads them depends on nothing then: most of what a function reads are other functions. Should
        one of them be written after all, whatever was remembered until then is forgotten.
        """
        cells.settled = {key for key in cells if key not in restless}

    def note_quietly(self, cells: Cells, key: Hashable, value: Value) -> None:
        """Set a cell that no call's result depends on."""
        self._trail.append((cells, key, cells.get(key)))
        cells[key] = value

    def note_got(self, place: Hashable) -> None:
        """Note that the running path has looked up a part of a response."""
        if place not in self.got:
            self.note_quietly(self.got, place, _THERE)

    def mark(self) -> int:
        return len(self._trail)

    def undo(self, mark: int) -> None:
        """Take back every write since the mark."""
        trail = self._trail
        while len(trail) > mark:
            cells, key, old = trail.pop()
            if old is None:
                cells.pop(key, None)
            else:
                cells[key] = old

    def delta(self, mark: int) -> Delta:
        """What has changed since the mark."""
        changes: dict[CellKey, tuple[Cells, Hashable, Value | None]] = {}
        for cells, key, _ in self._trail[mark:]:
            changes[(id(cells), key)] = (cells, key, cells.get(key))
        return Delta(changes)

    def apply(self, delta: Delta) -> None:
        for cells, key, value in delta.changes.values():
            if value is not None:
                self.set(cells, key, value)

    def join(self, deltas: Sequence[Delta]) -> None:
        """Continue with what any of several paths may have left."""
        if len(deltas) == 1:
            self.apply(deltas[0])
            return
        for cells, key, written in _written(deltas):
            held = _held_after(deltas, written, cells.get(key))
            if held:
                joined = join_values(held)
                # Of what is written into a part, a path that wrote nothing leaves what nobody knows.
                unwritten = len(written) < len(deltas) and cells.get(key) is None
                unwritten = unwritten and not self._is_missing(cells, deltas, written)
                if isinstance(joined, Entries) and isinstance(cells, PartCells) and unwritten:
                    joined = replace(joined, open=True)
                self.set(cells, key, joined)

    def _is_missing(self, cells: Cells, deltas: Sequence[Delta], written: Mapping[int, Value | None]) -> bool:
        """Whether the paths that wrote nothing into a part of a response have no such response at all."""
        if not isinstance(cells, PartCells) or cells.place is None or cells.place[0] in self.sent:
            return False
        sent = (id(self.sent), cells.place[0])
        return not any(sent in delta.changes for at, delta in enumerate(deltas) if at not in written)

    def join_rounds(self, gone_through: Delta) -> None:
        """Continue after a loop that may have had no round; what every round writes into a part is there.

        A program that goes through the same elements again finds it in each of them.
        """
        written = {
            cell: change for cell, change in gone_through.changes.items() if isinstance(change[0], PartCells)
        }
        self.apply(Delta(written))
        self.join([Delta(), gone_through])

    def start_log(self) -> ReadLog:
        log = ReadLog(self.serial, self.epoch)
        self._logs.append(log)
        return log

    def end_log(self, log: ReadLog) -> None:
        """Stop logging; what the call read, its caller read too."""
        self._logs.pop()
        self.read_again(log)

    def read_again(self, log: ReadLog) -> None:
        """Note for the running call what an inner one read, now or when it was remembered."""
        if self._logs:
            for cells, key, value in log.reads.values():
                self._logs[-1].note(cells, key, value)

    def still_holds(self, log: ReadLog) -> bool:
        """Whether a call that read this would read the same now."""
        if log.epoch != self.epoch:
            return False
        for cells, key, value in log.reads.values():
            now = cells.get(key)
            if now is value:
                continue
            if now is None or value is None or key_of(now) != key_of(value):
                return False
        return True


def _written(deltas: Sequence[Delta]) -> list[tuple[Cells, Hashable, dict[int, Value | None]]]:
    """The cells that any of the paths wrote, each with what it holds at their ends, by the paths' numbers."""
    found: dict[CellKey, tuple[Cells, Hashable, dict[int, Value | None]]] = {}
    for number, delta in enumerate(deltas):
        for cell, (cells, key, value) in delta.changes.items():
            known = found.get(cell)
            if known is None:
                known = found[cell] = (cells, key, {})
            known[2][number] = value
    return list(found.values())


def _held_after(
    deltas: Sequence[Delta], written: dict[int, Value | None], before: Value | None
) -> list[Value]:
    """What a cell can hold after any of the paths, in their order; what was there before counts once."""
    held = list(written.values())
    if len(written) < len(deltas):
        first = next(number for number, at in enumerate([*written, len(deltas)]) if number != at)
        held.insert(first, before)
    return [value for value in held if value is not None]


def join_values(values: Sequence[Value]) -> Value:
    """One value that stands for any of these; the contents of mappings are merged."""
    if all(isinstance(value, Entries) for value in values):
        return merge_entries([value for value in values if isinstance(value, Entries)])
    return choose(values)


def merge_entries(several: Sequence[Entries]) -> Entries:
    unique: dict[Hashable, Entry] = {}
    for entries in several:
        for entry in entries.items:
            unique.setdefault(entry.key, entry)
    rest = {key_of(part): part for entries in several for part in entries.rest}
    under = frozenset[str]().union(*(entries.under for entries in several))
    is_open = any(entries.open for entries in several)
    return Entries(tuple(unique.values()), is_open, tuple(rest.values()), under)


def correlated(deltas: Sequence[Delta], base_birth: int) -> bool:
    """Whether two paths differ in two or more texts, so that joining them would mix what belongs together."""
    differing = 0
    for cells, key, written in _written(deltas):
        if cells.birth > base_birth:
            continue
        seen = {_text_key(value) for value in written.values()}
        if len(written) < len(deltas):
            seen.add(_text_key(cells.get(key)))
        if len(seen) > 1 and seen != {None}:
            differing += 1
            if differing > 1:
                return True
    return False


def _text_key(value: Value | None) -> Hashable:
    return key_of(value) if value is not None and _holds_text(value) else None


def _holds_text(value: Value) -> bool:
    return any(
        isinstance(option, Text) and any(piece.text and len(piece.text) > 1 for piece in option.pieces)
        for option in options(value)
    ) and not (isinstance(value, Choice) and len(value.options) > 6)
