"""The fake API itself: from a request to a response, by version, with state and log."""

from __future__ import annotations

import threading

from tests.fake_aurora import endpoints
from tests.fake_aurora.auth import authenticate, unsigned_body, without_signing
from tests.fake_aurora.constants import TENANT_ID, V2018, V2022
from tests.fake_aurora.errors import ApiError
from tests.fake_aurora.http import Recorded, Request, Response
from tests.fake_aurora.routing import Call, resolve
from tests.fake_aurora.state import State

assert endpoints.__all__, "importing the package registers the routes"
PREFIX = "/v2"
VERSION_HEADER = "aurora-api-version"


class FakeAurora:
    """One version of the API over one tenant's data; requests are answered one at a time."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.state = State()
        self.log: list[Recorded] = []
        self._lock = threading.Lock()

    def reset(self) -> None:
        """Seed data, empty log."""
        with self._lock:
            self.state.reset()
            self.log.clear()

    def respond(self, request: Request) -> Response:
        """Answer and record a request; refusals come in the version's own shape."""
        with self._lock:
            version = self.version
            try:
                version = _effective_version(request, self.version)
                response = self._answer(request, version)
            except ApiError as error:
                response = Response(error.status, error.body(version))
            self.log.append(Recorded.of(request, response.status))
            return response

    def _answer(self, request: Request, version: str) -> Response:
        if request.scheme != "https":
            raise ApiError(403, "HTTPS is required")
        path = _resource_path(request.path, version)
        authenticate(request, version)
        handler, ids = resolve(request.method, path, version)
        if ids.get("tenant_id", TENANT_ID) != TENANT_ID:
            raise ApiError(403, "Not allowed")
        query = dict(without_signing(request))
        # Only 2018.01 knows credentials in the body; 2022.09 sees them as unknown fields.
        body = unsigned_body(request.json()) if version == V2018 else request.json()
        return handler(Call(version, self.state, ids, query, body))


def _effective_version(request: Request, version: str) -> str:
    """The key's version, or the current one if the header asks for that; it may ask for no other."""
    asked = request.headers.get(VERSION_HEADER)
    if asked is None:
        return version
    if asked != V2022:
        raise ApiError(400, f"The version {asked} cannot be requested")
    return asked


def _resource_path(path: str, version: str) -> str:
    """The path as 2022.09 writes it; 404 when the prefix is missing in 2018.01 or left over in 2022.09."""
    prefixed = path == PREFIX or path.startswith(PREFIX + "/")
    if version == V2018 and path != "/":
        if not prefixed:
            raise ApiError(404, "Not Found")
        path = path.removeprefix(PREFIX)
        if path in ("", "/"):
            raise ApiError(404, "Not Found")
    elif version == V2022 and (prefixed or path == "/"):
        raise ApiError(404, f"The resource {path} could not be found")
    return path
