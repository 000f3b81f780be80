"""Every other host: answers 200 and JSON, and keeps what it was sent."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from tests.fake_aurora.http import Recorded, Request, Response

Answers = Mapping[str, Mapping[str, Any]]


class Vendors:
    """A recorder; `answers` gives JSON bodies by host and by "METHOD /path", all else is answered with {}."""

    def __init__(self) -> None:
        self.log: list[Recorded] = []
        self._answers: Answers = {}
        self._lock = threading.Lock()

    def reset(self, answers: Answers | None = None) -> None:
        """Empty log, other answers."""
        with self._lock:
            self.log.clear()
            self._answers = answers or {}

    def respond(self, request: Request) -> Response:
        """Record and answer."""
        with self._lock:
            host = request.host.partition(":")[0].lower()
            body = self._answers.get(host, {}).get(f"{request.method} {request.path}", {})
            self.log.append(Recorded.of(request, 200))
            return Response(body=body)
