"""The fake servers of a test session: one API a version and one recorder for all other vendors."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.fake_aurora.api import FakeAurora
from tests.fake_aurora.certificates import Certificates
from tests.fake_aurora.constants import VERSIONS
from tests.fake_aurora.server import Listener
from tests.fake_aurora.vendors import Vendors


@dataclass(frozen=True)
class Servers:
    """What one run talks to; a program must have them to itself while it runs."""

    aurora: FakeAurora
    vendors: Vendors
    aurora_listener: Listener
    vendor_listener: Listener
    ca_file: Path

    def failures(self) -> list[str]:
        """Tracebacks of faults in the fake itself."""
        return [*self.aurora_listener.failures, *self.vendor_listener.failures]


World = dict[str, Servers]


def start_world() -> World:
    """Start the servers of both versions; they live until the process ends."""
    directory = tempfile.TemporaryDirectory(prefix="fake-aurora-")
    atexit.register(directory.cleanup)
    certificates = Certificates(Path(directory.name))
    vendors = Vendors()
    vendor_listener = Listener(vendors, certificates)
    world = {}
    for version in VERSIONS:
        aurora = FakeAurora(version)
        listener = Listener(aurora, certificates)
        world[version] = Servers(aurora, vendors, listener, vendor_listener, certificates.ca_file)
    return world


@lru_cache(maxsize=1)
def shared_world() -> World:
    """The session's servers, started when first asked for."""
    return start_world()
