"""What the fake servers receive, answer and keep in their logs."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fake_aurora.errors import ApiError


@dataclass(frozen=True)
class Request:
    """One request off the wire; header names in lower case, `path` and `raw_query` still escaped."""

    method: str
    scheme: str
    host: str
    path: str
    raw_query: str
    headers: dict[str, str]
    body: bytes

    @classmethod
    def from_target(
        cls, method: str, scheme: str, target: str, headers: dict[str, str], body: bytes
    ) -> Request:
        """Split the request line's target into path and query."""
        # A target that begins with two slashes is a path here, not a host.
        parts = urlsplit("http://target" + target if target.startswith("/") else target)
        host = headers.get("host", parts.hostname or "")
        return cls(method, scheme, host, parts.path or "/", parts.query, headers, body)

    @property
    def query(self) -> list[tuple[str, str]]:
        """Decoded query parameters in the order sent."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    def raw_parameter(self, name: str) -> str | None:
        """The still escaped value of a query parameter: `+` in a signature must not become a space."""
        for pair in self.raw_query.split("&"):
            key, _, value = pair.partition("=")
            if unquote(key) == name:
                return value
        return None

    def json(self) -> Any:
        """The body as JSON, None when there is none; 400 when it is something else."""
        if not self.body.strip():
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            raise ApiError(400, "The request body is not valid JSON") from None


@dataclass(frozen=True)
class Response:
    """A status and a JSON body; None sends no body at all."""

    status: int = 200
    body: Any = None


@dataclass(frozen=True)
class Recorded:
    """A log entry; `body` is parsed JSON where it is JSON, else text."""

    method: str
    host: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str] = field(compare=False)
    body: Any
    status: int

    @classmethod
    def of(cls, request: Request, status: int) -> Recorded:
        """The entry for an answered request."""
        body: Any = request.body.decode("utf-8", "backslashreplace")
        with contextlib.suppress(ValueError):
            body = json.loads(body) if body.strip() else None
        host = request.host
        return cls(request.method, host, request.path, request.query, request.headers, body, status)
