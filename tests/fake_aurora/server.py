"""HTTP over loopback, with or without TLS on the same port, in front of the fake API or the recorder."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from tests.fake_aurora.certificates import Certificates
from tests.fake_aurora.http import Request, Response

TLS_HANDSHAKE = b"\x16"
IDLE_SECONDS = 30


class Application(Protocol):
    """What stands behind a listener."""

    def respond(self, request: Request) -> Response: ...


class Listener(ThreadingHTTPServer):
    """Serves one application on a free loopback port until closed."""

    daemon_threads = True
    # server_close() would otherwise wait for connections that clients keep alive.
    block_on_close = False
    request_queue_size = 128

    def __init__(self, application: Application, certificates: Certificates) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.application = application
        self.certificates = certificates
        self.failures: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def close(self) -> None:
        """Stop and free the port."""
        self.shutdown()
        self.server_close()

    def server_bind(self) -> None:
        # HTTPServer would look up the machine's own name, which can take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "localhost", self.port

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Runs in the connection's own thread, so a slow handshake holds up nobody else."""
        request.settimeout(IDLE_SECONDS)
        try:
            if request.recv(1, socket.MSG_PEEK) != TLS_HANDSHAKE:
                _Handler(request, client_address, self)
                return
            with self.certificates.server_context.wrap_socket(request, server_side=True) as secure:
                _Handler(secure, client_address, self)
        except (ssl.SSLError, OSError):
            # The client left or refused the certificate; it knows, and its own exit tells.
            pass

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A fault of the fake itself; kept for the test to show."""
        import traceback

        self.failures.append(traceback.format_exc())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Buffered, so that head and body leave in one packet.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Listener

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        request = Request.from_target(self.command, scheme, self.path, headers, self._body())
        self._send(self.server.application.respond(request))

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def _send(self, response: Response) -> None:
        body = b"" if response.body is None else json.dumps(response.body).encode()
        self.send_response(response.status)
        if response.body is not None:
            self.send_header("Content-Type", "application/json; charset=utf-8")
        if response.status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _serve

    def log_message(self, format: str, *args: Any) -> None:
        """Silent; the applications keep their own logs."""
