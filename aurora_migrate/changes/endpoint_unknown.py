"""Kind endpoint-unknown: a call of a path on Aurora's host that no known endpoint has; never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, advised, source_of
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.changes.urls import Segments, segments
from aurora_migrate.findings import Finding
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.test_modules import is_test_module

_ASKING = ("HEAD", "OPTIONS")
"""Methods that ask about an endpoint instead of calling it."""


_GUESSED = "urllib"
"""The library whose calls name no method: one is guessed from what is given by then."""


@dataclass(frozen=True, slots=True)
class _Called:
    """What a request calls on Aurora's own host: a method (None: unknown) and a path without old's prefix."""

    request: Request
    method: str | None
    parts: Segments

    @property
    def literals(self) -> tuple[str, ...]:
        return tuple(part for part in self.parts if isinstance(part, str))

    @property
    def way(self) -> tuple[int, ...]:
        """The calls that lead to the request, and the one that sends it."""
        return (*(id(node) for _, node in self.request.callers), id(self.request.node))

    def __str__(self) -> str:
        path = "/".join(part if isinstance(part, str) else "{...}" for part in self.parts)
        return f"{self.method} /{path}" if self.method else f"/{path}"


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every call whose path and method no endpoint of the table has."""
    called = [each for each in map(partial(_called, context), context.facts.requests.values()) if each]
    known = {(each.way, each.literals) for each in called if not _is_missing(context, each)}
    seen: set[tuple[int, str]] = set()
    for each in called:
        key = (id(each.request.node), str(each))
        # The same words of a path, with more between them, on the same way: here a part of it is empty.
        if key in seen or (each.way, each.literals) in known:
            continue
        seen.add(key)
        yield _finding(context, rule, each)


def _finding(context: Context, rule: Rule, called: _Called) -> Finding:
    request = called.request
    nearest = _nearest(context.catalogue.endpoints, called.method, called.parts)
    how = f"`{called}`" + (f" (the nearest is `{nearest.method} {nearest.path}`)" if nearest else "")
    subject = f"{called} {source_of(request.module, request.node)}"[:120]
    return advised(rule, request.module.location(request.node), trace_of(request), subject, how)


def _called(context: Context, request: Request) -> _Called | None:
    """None on hosts that may add to the path, and for what a test sends to its own double."""
    if any(map(is_test_module, [request.module, *(module for module, _ in request.callers)])):
        return None
    target = context.targets.of(request.url)
    if target.host is None or target.host not in context.catalogue.hosts or request.method in _ASKING:
        return None
    path = text.characters(request.url)[target.path_start :]
    prefix = context.targets.prefix
    if path == prefix or path.startswith(f"{prefix}/"):
        path = path[len(prefix) :]
    return _Called(request, None if request.library == _GUESSED else request.method, segments(path))


def _is_missing(context: Context, called: _Called) -> bool:
    """Whether what is called is known well enough to be missed in the table."""
    catalogue, parts = context.catalogue, called.parts
    if not called.literals or ... in parts or catalogue.match(called.method, parts):
        return False
    # With another method there is such a path: only one that is written out tells that the method is wrong.
    return not catalogue.match(None, parts) or bool(catalogue.spelled_out(None, parts))


def _nearest(endpoints: Sequence[Endpoint], method: str | None, parts: Segments) -> Endpoint | None:
    """The endpoint whose path is most like this one, of the same method if there are several."""
    wanted = _plain(part if isinstance(part, str) else None for part in parts)
    by_path: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        by_path.setdefault(_plain(endpoint.segments), []).append(endpoint)
    close = get_close_matches(wanted, by_path, n=1, cutoff=0.5)
    if not close:
        return None
    candidates = by_path[close[0]]
    return next((each for each in candidates if each.method == method), candidates[0])


def _plain(parts: Iterable[str | None]) -> str:
    return "/" + "/".join(part if part is not None else "{}" for part in parts)
