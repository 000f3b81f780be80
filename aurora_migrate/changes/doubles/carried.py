"""What requests carry in their bodies, held against the keys that tests look for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from aurora_migrate.flow.facts import Body, Request


def carries(request: Request, names: list[str]) -> bool:
    """Whether a request can hold something under these keys, from the outermost on."""
    if not request.bodies:
        return any(name in request.roles for name in ("json", "data", "content")) or request.open_keywords
    return any(_holds(body, names) for body in request.bodies)


def _holds(body: Body, names: list[str]) -> bool:
    if not names or body.open:
        return True
    return any(_holds(inner, names[1:]) for _, inner in body.at(names[0]))


def carried_objects(requests: Iterable[Request]) -> dict[Hashable, tuple[int, Request, tuple[str, ...]]]:
    """By the places that make their entries, the objects in these requests' bodies: the keys that lead there.

    Of several objects the first, outer ones before inner ones, which the number tells.
    """
    found: dict[Hashable, tuple[int, Request, tuple[str, ...]]] = {}
    count = 0

    def note(request: Request, body: Body, path: tuple[str, ...]) -> None:
        nonlocal count
        count += 1
        for entry, _ in body.fields:
            found.setdefault(entry.place, (count, request, path))
        for entry, held in body.fields:
            for inner in held if entry.name is not None else ():
                note(request, inner, (*path, entry.name or ""))

    for request in requests:
        for body in request.bodies:
            note(request, body, ())
    return found


def fits(request: Request, bodies: tuple[Body, ...]) -> bool:
    """Whether a request can carry an object with these keys."""
    names = {entry.name for body in bodies for entry, _ in body.fields}
    if not names:
        return True
    if not request.bodies:
        return any(name in request.roles for name in ("json", "data", "content")) or request.open_keywords
    return any(body.open or names <= {entry.name for entry, _ in body.fields} for body in request.bodies)
