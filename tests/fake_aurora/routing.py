"""Routes: a method and a 2022.09 path template to the function that answers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fake_aurora.constants import V2018, VERSIONS
from tests.fake_aurora.errors import ApiError, invalid, not_found
from tests.fake_aurora.http import Response
from tests.fake_aurora.state import Record, State

MAX_PER_PAGE = 250
DEFAULT_PER_PAGE = 100


@dataclass(frozen=True)
class Call:
    """A routed request: version, state, the path's ids, the query and the JSON body."""

    version: str
    state: State
    ids: dict[str, str]
    query: dict[str, str]
    body: Any

    @property
    def is_2018(self) -> bool:
        return self.version == V2018

    def record(self, collection: str, key: str, resource: str) -> Record:
        """The record that the path names, or 404."""
        return self.find(collection, self.ids[key], resource)

    def find(self, collection: str, identifier: str, resource: str) -> Record:
        """The record of that id, or 404."""
        found = self.state[collection].get(identifier)
        if found is None:
            raise not_found(resource, identifier, self.version)
        return found

    def wrapped(self, wrapper: str) -> Record:
        """The object inside the request's wrapper; 422 when it is missing or has a neighbour."""
        if not isinstance(self.body, dict) or not isinstance(self.body.get(wrapper), dict):
            raise invalid(**{wrapper: "is missing"})
        refuse_unknown(self.body, {wrapper})
        content: Record = self.body[wrapper]
        return content

    def page(self, records: list[Record]) -> list[Record]:
        """The page of `records` that `page` and `per_page` ask for."""
        per_page = self._number("per_page", DEFAULT_PER_PAGE)
        page = self._number("page", 1)
        if per_page > MAX_PER_PAGE:
            raise invalid(per_page=f"must not exceed {MAX_PER_PAGE}")
        return records[(page - 1) * per_page : page * per_page]

    def _number(self, name: str, default: int) -> int:
        text = self.query.get(name, str(default))
        if not text.isdecimal() or int(text) < 1:
            raise invalid(**{name: "must be a positive integer"})
        return int(text)


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Route:
    """An endpoint of one or both versions."""

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    versions: tuple[str, ...]


ROUTES: list[Route] = []


def route(method: str, template: str, versions: tuple[str, ...] = VERSIONS) -> Callable[[Handler], Handler]:
    """Register the decorated function for a method and a path without `/v2`."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, pattern, handler, versions))
        return handler

    return register


def resolve(method: str, path: str, version: str) -> tuple[Handler, dict[str, str]]:
    """The handler and the path's ids; 404 for an unknown path, 405 for a known one with another method."""
    matches = [
        (entry, match)
        for entry in ROUTES
        if version in entry.versions and (match := entry.pattern.fullmatch(path))
    ]
    if not matches:
        raise ApiError(404, "Not Found" if version == V2018 else f"The resource {path} could not be found")
    for entry, match in matches:
        if entry.method == method:
            return entry.handler, match.groupdict()
    raise ApiError(405, "Method Not Allowed")


def refuse_unknown(record: Record, known: set[str] | frozenset[str]) -> None:
    """422 naming the keys that the endpoint does not have."""
    unknown = [name for name in record if name not in known]
    if unknown:
        raise invalid(**dict.fromkeys(unknown, "is not a known field"))


def only(record: Record, *names: str) -> Record:
    """The named fields of a record, in that order."""
    return {name: record[name] for name in names}
