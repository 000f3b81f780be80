"""A test certificate authority and, for any host name asked for, a certificate of its own."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

import trustme

FALLBACK_HOST = "fallback.invalid"


class Certificates:
    """Holds the authority; `ca_file` is what clients trust, `server_context` what servers present."""

    def __init__(self, directory: Path) -> None:
        self._authority = trustme.CA()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()
        self.ca_file = directory / "fake-ca.pem"
        self._authority.cert_pem.write_to_path(str(self.ca_file))
        self.server_context = self._context(FALLBACK_HOST)
        self.server_context.sni_callback = self._choose

    def _context(self, host: str) -> ssl.SSLContext:
        with self._lock:
            if host not in self._contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                # Only HTTP/1.1 is spoken here.
                context.set_alpn_protocols(["http/1.1"])
                self._authority.issue_cert(host).configure_cert(context)
                self._contexts[host] = context
            return self._contexts[host]

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        if host is not None:
            connection.context = self._context(host)
