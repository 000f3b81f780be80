"""Whose key signs: a program that signs for several accounts needs a token for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aurora_migrate.changes.signing import signatures
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.values import Entry, Unknown, Value


def refuse_several(requests: Sequence[Request], keys: Sequence[str]) -> None:
    """Refuse to send one token where settings of different names give the key: `KEY_NORTH`, `KEY_SOUTH`."""
    named: dict[int, list[frozenset[str]]] = {}
    for request in requests:
        settings = frozenset(_settings(request, keys))
        if settings and not request.explored:
            named.setdefault(id(request.node), []).append(settings)
    for several in named.values():
        for settings in several:
            if not settings & several[0]:
                spelled = " and ".join(f"`{min(each)}`" for each in (several[0], settings))
                raise Refused(f"{spelled} both sign there, and each account needs a token of its own")


def _settings(request: Request, keys: Sequence[str]) -> Iterator[str]:
    """The names of the settings that give a request its key."""
    for found in signatures.of_request(request, keys):
        for value in _values(found.parts, keys[0]):
            for option in options(value):
                if type(option) is Unknown and option.hints:
                    yield option.hints[0]


def _values(parts: Sequence[signatures.Part], key: str) -> Iterator[Value]:
    before = ""
    for part in parts:
        if isinstance(part, Entry):
            if part.name == key:
                yield part.value
        elif part.text is not None:
            before = part.text
        elif before.endswith(f"{key}=") and part.hole is not None:
            yield part.hole
