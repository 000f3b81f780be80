"""Talks to the fake API in process, for its own tests."""

from __future__ import annotations

import json
from typing import Any

from tests.fake_aurora.api import FakeAurora
from tests.fake_aurora.constants import BEARER_TOKEN, V2018
from tests.fake_aurora.http import Request, Response

BEARER = f"Bearer {BEARER_TOKEN}"


class Client:
    """Talks to one version in process, bearer token and `/v2` included where they belong."""

    def __init__(self, version: str) -> None:
        self.api = FakeAurora(version)
        self.prefix = "/v2" if version == V2018 else ""

    def call(self, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> Response:
        """A request with a good token."""
        return self.raw(method, self.prefix + path, body, query, authorization=BEARER, **headers)

    def raw(self, method: str, path: str, body: Any = None, query: str = "", **headers: str) -> Response:
        """A request as given; underscores in header names become hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        target = f"{path}?{query}" if query else path
        return self.api.respond(Request.from_target(method, "https", target, named, content))

    def body(self, method: str, path: str, body: Any = None, query: str = "") -> Any:
        """The body of a request that must succeed."""
        response = self.call(method, path, body, query)
        assert response.status == 200, response
        return response.body
