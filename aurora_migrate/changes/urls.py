"""Whose URL it is: Aurora's by proof or by likelihood, another vendor's, or nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType

from aurora_migrate.catalogue.model import Catalogue
from aurora_migrate.config import Settings
from aurora_migrate.findings import Certainty
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.text import HOLE
from aurora_migrate.flow.values import PARAMETER, Piece, Text, Unknown

Segments = list[str | None | EllipsisType]


class Owner(Enum):
    """Who answers at a URL."""

    AURORA = "aurora"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL's owner, and where its path begins in the text's characters (a hole counts as one)."""

    owner: Owner
    path_start: int
    host: str | None = None
    declared: str | None = None
    """The name from the user's `base-url-names` that reaches this URL."""


class Targets:
    """Tells whose URL a text is, from the hosts of the catalogue and the user's settings."""

    def __init__(
        self, catalogue: Catalogue, settings: Settings, prefix: str, signature: Sequence[str]
    ) -> None:
        self.catalogue = catalogue
        self.hosts = frozenset(host.lower() for host in (*catalogue.hosts, *settings.hosts))
        self.base_names = frozenset(settings.base_url_names)
        self.prefix = prefix
        self.signature = frozenset(signature)
        self._known: dict[int, tuple[Text, Target]] = {}

    def of(self, url: Text) -> Target:
        """Whose URL this is, and where its path starts; each text is looked at once."""
        known = self._known.get(id(url))
        if known is None:
            known = self._known[id(url)] = (url, self._of(url))
        return known[1]

    def _of(self, url: Text) -> Target:
        seen = text.characters(url)
        end = text.authority_end(seen)
        if end is not None:
            return self._by_authority(url, seen, end)
        leading = 0
        while leading < len(seen) and seen[leading] == HOLE:
            leading += 1
        if leading == 0:
            bare = self._bare_host(seen)
            return bare if bare is not None else Target(Owner.UNKNOWN, 0)
        declared = self._declared(url.pieces[:leading])
        if declared is not None:
            return Target(Owner.AURORA, leading, declared=declared)
        return Target(Owner.AURORA if self._is_aurora_unset(url.pieces[0]) else Owner.UNKNOWN, leading)

    def _by_authority(self, url: Text, seen: str, end: int) -> Target:
        scheme = seen.find("://")
        authority = seen[scheme + 3 : end]
        host = authority.rpartition("@")[2].partition(":")[0].lower()
        known, _, rest = host.partition(HOLE)
        if known in self.hosts:
            # A hole behind the whole host is a path that brings its own slash, or nothing.
            return Target(
                Owner.AURORA,
                scheme + 3 + authority.lower().find(known) + len(known) if rest or HOLE in host else end,
                host=known,
            )
        if HOLE in host:
            declared = self._declared(url.pieces)
            if declared is not None:
                return Target(Owner.AURORA, end, declared=declared)
            unset = host == HOLE and self._is_aurora_unset(_piece_at(url, scheme + 3))
            return Target(Owner.AURORA if unset else self._of_pattern(host), end)
        return Target(Owner.OTHER, end, host=host)

    def _of_pattern(self, host: str) -> Owner:
        """Whose a host is of which some part is unknown: `api{suffix}.aurorasolar.com` is Aurora's API.

        The domain must be spelled: of `{name}.aurorasolar.com` nobody knows whether it is the web app's.
        """
        if host == HOLE:
            return Owner.UNKNOWN
        label, dot, domain = host.partition(".")
        pattern = re.compile(".*".join(map(re.escape, label.split(HOLE))) + re.escape(dot + domain))
        if domain.count(".") < 1 or not any(map(pattern.fullmatch, self.hosts)):
            return Owner.OTHER
        return Owner.UNKNOWN if host.startswith(HOLE) else Owner.AURORA

    def _bare_host(self, seen: str) -> Target | None:
        """`api.aurorasolar.com/...` without a scheme, as proxies and config values have it."""
        host = seen.partition("/")[0].partition(":")[0].lower()
        if host in self.hosts:
            return Target(Owner.AURORA, len(host), host=host)
        return None

    def _declared(self, pieces: Sequence[Piece]) -> str | None:
        for hint in hints_of(pieces):
            if hint in self.base_names:
                return hint
        return None

    def _is_aurora_unset(self, piece: Piece) -> bool:
        """Whether a setting is Aurora's base URL as long as nobody sets it."""
        hole = piece.hole
        return isinstance(hole, Unknown) and PARAMETER not in hole.roots and self.is_default(hole)

    def is_default(self, hole: Unknown) -> bool:
        """Whether Aurora's base URL takes the place of something unknown when nobody gives it."""
        default = hole.default
        return default is not None and bool(default.pieces) and self.of(default).owner is Owner.AURORA

    def is_others_default(self, url: Text) -> bool:
        """Whether another vendor's base URL, or host, stands in the place of an unknown one."""
        seen = text.characters(url)
        start = seen.find("://") + 3 if text.authority_end(seen) is not None else 0
        hole = _piece_at(url, start).hole if seen[start : start + 1] == HOLE else None
        default = hole.default if isinstance(hole, Unknown) else None
        if default is None or not default.pieces:
            return False
        owner = self.of(default).owner
        is_name = bool(start) and default.literal is not None and owner is not Owner.AURORA
        return owner is Owner.OTHER or is_name or self.is_others_default(default)

    def path_of_default(self, url: Text) -> str:
        """The path of Aurora's base URL that stands in the place of an unknown one, if one does."""
        hole = url.pieces[0].hole if url.pieces else None
        if not isinstance(hole, Unknown) or hole.default is None or self.of(url).owner is not Owner.AURORA:
            return ""
        if self.of(url).path_start != 1 or not self.is_default(hole):
            return ""
        return text.characters_of_path(hole.default)[self.of(hole.default).path_start :]

    def path_seen(self, url: Text) -> str:
        """The characters of a URL's path; a setting that is the prefix when nobody sets it is spelled out."""
        path = text.cut(url, self.of(url).path_start, text.size(url))
        pieces = [self._unless_set(piece) if piece.text is None else piece for piece in path.pieces]
        return self.path_of_default(url) + text.characters_of_path(Text(tuple(pieces)))

    def _unless_set(self, piece: Piece) -> Piece:
        default = piece.hole.default if isinstance(piece.hole, Unknown) else None
        is_prefix = default is not None and (default.literal or "").strip("/") == self.prefix.strip("/")
        return Piece(default.literal) if default is not None and is_prefix else piece

    def certainty(self, request: Request) -> Certainty | None:
        """How well a request is tied to Aurora; None when it is another's or nobody can tell."""
        target = self.of(request.url)
        if target.owner is Owner.AURORA or (target.owner is Owner.UNKNOWN and self.is_signed(request)):
            return Certainty.PROVEN
        if target.owner is Owner.OTHER:
            return None
        return Certainty.LIKELY if self._is_likely(request, target) else None

    def is_signed(self, request: Request) -> bool:
        """Whether Aurora's signature parameters are in the request's query or parameters."""
        for role in (*request.roles.values(), *request.client_roles.values()):
            if role.entries is not None and any(entry.name in self.signature for entry in role.entries.items):
                return True
        return bool(set(query_names(request.url)) & self.signature)

    def _is_likely(self, request: Request, target: Target) -> bool:
        seen = text.characters(request.url)[target.path_start :]
        path = seen[len(self.prefix) :] if seen.startswith(self.prefix) else seen
        if not path.startswith("/") or not seen.startswith(self.prefix):
            return False
        if not self.catalogue.match(request.method, segments(path)):
            return False
        return any("aurora" in name.lower() for name in names_on_the_way(request))

    def could_be_endpoint(self, path: str) -> bool:
        """Whether a path (without the prefix) is one of Aurora's below a tenant; others may have it too."""
        parts = segments(path)
        return len(parts) > 2 and bool(self.catalogue.match(None, parts))

    def is_endpoint(self, method: str | None, path: str) -> bool:
        """Whether a path (without the prefix) is one that only Aurora has."""
        return bool(self.catalogue.only_aurora(method, segments(path)))


def names_on_the_way(request: Request) -> Iterator[str]:
    """Names of variables, functions, classes and files that the URL came by, and of its host."""
    yield from hints_of(request.url.pieces)
    seen = text.characters(request.url)
    yield seen[: text.authority_end(seen) or 0]
    for step in request.stack:
        yield step.name
        yield step.module.path.stem
    yield request.module.path.stem
    for piece in request.url.pieces:
        if piece.module is not None:
            yield piece.module.path.stem
    if request.client is not None and not isinstance(request.client.kind, str):
        yield request.client.kind.name


def _piece_at(url: Text, index: int) -> Piece:
    """The piece that a character of a URL is of."""
    return text.cut(url, index, index + 1).pieces[0]


def hints_of(pieces: Sequence[Piece]) -> Iterator[str]:
    """The names of the unknown parts of a text."""
    for piece in pieces:
        if isinstance(piece.hole, Unknown):
            yield from piece.hole.hints


def segments(path: str) -> Segments:
    """A path's segments: None for one that is unknown, `...` for an unknown rest."""
    path = path.partition("?")[0].partition("#")[0]
    found: Segments = []
    parts = path.strip("/").split("/") if path.strip("/") else []
    for index, part in enumerate(parts):
        if HOLE not in part:
            found.append(part)
        elif part == HOLE:
            found.append(None)
        elif part.endswith(HOLE) and index == len(parts) - 1 and not part.startswith(HOLE):
            found.extend((part.rstrip(HOLE), ...))
        else:
            found.append(...)
    return found


def query_names(url: Text) -> Iterator[str]:
    """The names of the query parameters in a URL's text."""
    for piece in url.pieces:
        for entry in piece.entries or ():
            if entry.name is not None:
                yield entry.name
    seen = text.characters(url)
    query = seen.partition("?")[2] or seen
    for part in query.split("&"):
        name, equals, _ = part.partition("=")
        if equals:
            yield name.rpartition("?")[2].lstrip(HOLE)
