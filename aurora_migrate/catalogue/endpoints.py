"""Endpoints of Aurora's API, and which of them a method and the segments of a path can mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from types import EllipsisType
from typing import NamedTuple, TypeAlias

OLD_VERSION = "2018.01"
NEW_VERSION = "2022.09"

Segment: TypeAlias = str | EllipsisType | None
"""What stands between slashes: its text, None for one unknown segment, `...` for any number of them."""


class Status(str, Enum):
    """How well a fact about the API is known."""

    CONFIRMED = "confirmed"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on one path template.

    `path` is the 2022.09 template. `request_wrapper` and `response_wrapper` name the key that wraps the body
    (empty: none known). `removed_query` are query parameters that 2018.01 alone takes. `distinctive` means
    that no other vendor is likely to have this path. `segments` are the template's, None for a variable.
    """

    id: str
    title: str
    method: str
    path: str
    status: Status
    source: str
    request_wrapper: str = ""
    response_wrapper: str = ""
    query: tuple[str, ...] = ()
    removed_query: tuple[str, ...] = ()
    removed: bool = False
    added: bool = False
    distinctive: bool = False
    segments: tuple[str | None, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        pieces = (None if piece.startswith("{") else piece for piece in split_path(self.path))
        object.__setattr__(self, "segments", tuple(pieces))

    @property
    def versions(self) -> tuple[str, ...]:
        """The API versions that have this endpoint, oldest first."""
        return (*(() if self.added else (OLD_VERSION,)), *(() if self.removed else (NEW_VERSION,)))


TENANT = ("tenants", None)
"""What every path begins with, as segments."""


class Fit(NamedTuple):
    """How a path meets a template, best first when sorted.

    `absorbed` counts texts of the path that fall on a variable, so that `users/invite` is rather Invite User
    than a user called invite; `unspelled` the fixed segments that the path does not spell out; `loose` the
    template's variables.
    """

    absorbed: int
    unspelled: int
    loose: int


def split_path(path: str) -> tuple[str, ...]:
    """The segments of `path`, without the empty ones that leading, trailing and doubled slashes make."""
    return tuple(piece for piece in path.split("/") if piece)


def match_endpoints(
    endpoints: Iterable[Endpoint], method: str | None, segments: Sequence[Segment]
) -> list[Endpoint]:
    """What `method` (None: unknown) on `segments` (without `/v2`) can mean, most specific first."""
    return [endpoint for _, endpoint in _fits(endpoints, method, segments)]


def spelled_out(
    endpoints: Iterable[Endpoint], method: str | None, segments: Sequence[Segment]
) -> list[Endpoint]:
    """As `match_endpoints`, but only those whose every fixed segment stands in `segments` as text."""
    return [endpoint for fit, endpoint in _fits(endpoints, method, segments) if not fit.unspelled]


def below_tenants(
    endpoints: Iterable[Endpoint], method: str | None, segments: Sequence[Segment]
) -> list[Endpoint]:
    """As `spelled_out`, of a path that begins behind the tenant's id."""
    longer = (endpoint for endpoint in endpoints if len(endpoint.segments) > len(TENANT))
    found = _fits(longer, method, segments, skipped=len(TENANT))
    return [endpoint for fit, endpoint in found if not fit.unspelled]


def _fits(
    endpoints: Iterable[Endpoint], method: str | None, segments: Sequence[Segment], skipped: int = 0
) -> list[tuple[Fit, Endpoint]]:
    """The endpoints with how the path meets theirs, of which the first segments are `skipped`."""
    wanted = method.upper() if method is not None else None
    path = tuple(segments)
    found = [
        (fit, endpoint)
        for endpoint in endpoints
        if wanted in (None, endpoint.method) and (fit := _fit(endpoint.segments[skipped:], path)) is not None
    ]
    return sorted(found, key=lambda pair: pair[0])


@lru_cache(maxsize=1 << 16)
def _fit(template: tuple[str | None, ...], path: tuple[Segment, ...]) -> Fit | None:
    """The best way to lay `path` on `template`, None when there is none."""
    if not path:
        return None if template else Fit(0, 0, 0)
    head, rest = path[0], path[1:]
    if head is ...:
        tails = ((count, _fit(template[count:], rest)) for count in range(len(template) + 1))
        return min((_swallow(template[:count], tail) for count, tail in tails if tail), default=None)
    if not template or (head is not None and template[0] not in (None, head)):
        return None
    tail = _fit(template[1:], rest)
    if tail is None:
        return None
    if template[0] is None:
        return Fit(tail.absorbed + (head is not None), tail.unspelled, tail.loose + 1)
    return tail if head is not None else tail._replace(unspelled=tail.unspelled + 1)


def _swallow(skipped: tuple[str | None, ...], tail: Fit) -> Fit:
    fixed = sum(piece is not None for piece in skipped)
    return Fit(tail.absorbed, tail.unspelled + fixed, tail.loose + len(skipped) - fixed)
