"""Put on PYTHONPATH of a child process: leads every host name to the fake servers and refuses the rest.

Names resolve to two loopback addresses that nobody listens on; connecting to one of them reaches the
server's real port. So libraries that keep only the address of what they resolved (anyio) get there as well.
"""

import json
import os
import socket
from typing import Any

_CONFIG = json.loads(os.environ["FAKE_AURORA_NETWORK"])
_AURORA_ADDRESS, _VENDOR_ADDRESS = "127.77.0.1", "127.77.0.2"
_PORTS = {_AURORA_ADDRESS: _CONFIG["aurora_port"], _VENDOR_ADDRESS: _CONFIG["vendor_port"]}
_HOSTS = frozenset(_CONFIG["aurora_hosts"])

_getaddrinfo = socket.getaddrinfo
_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def _is_numeric(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host.partition("%")[0])
        except OSError:
            continue
        return True
    return False


def _address(host: str) -> str:
    if _is_numeric(host):
        return host
    return _AURORA_ADDRESS if host.lower().rstrip(".") in _HOSTS else _VENDOR_ADDRESS


def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:
    """As socket.getaddrinfo, with names that only exist here."""
    if not host:
        return _getaddrinfo(host, port, family, type, proto, flags)
    name = host.decode("idna") if isinstance(host, (bytes, bytearray)) else str(host)
    address = _address(name)
    if address in _PORTS and family == socket.AF_INET6:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return _getaddrinfo(address, port, family, type, proto, flags)


def _led(sock: socket.socket, address: Any) -> Any:
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return address
    host = _address(str(address[0]))
    if host in _PORTS:
        return ("127.0.0.1", _PORTS[host])
    if host.startswith("127.") or host == "::1":
        return address
    raise ConnectionRefusedError(f"no network in this test: {host} port {address[1]}")


def connect(self: socket.socket, address: Any) -> None:
    """As socket.connect, to the fake server."""
    return _connect(self, _led(self, address))


def connect_ex(self: socket.socket, address: Any) -> int:
    """As socket.connect_ex, to the fake server."""
    return _connect_ex(self, _led(self, address))


def gethostbyname(host: str) -> str:
    """As socket.gethostbyname, with names that only exist here."""
    return _address(host)


def gethostbyname_ex(host: str) -> Any:
    """As socket.gethostbyname_ex, with names that only exist here."""
    return host, [], [_address(host)]


for _owner, _function in (
    (socket, getaddrinfo),
    (socket, gethostbyname),
    (socket, gethostbyname_ex),
    (socket.socket, connect),
    (socket.socket, connect_ex),
):
    setattr(_owner, _function.__name__, _function)
