"""Run one customer's program against one version and show what happened: python -m tests.harness.once DIR."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from tests.fake_aurora.constants import V2018, VERSIONS
from tests.fake_aurora.http import Recorded
from tests.harness.customers import load_customer
from tests.harness.world import shared_world


def main() -> int:
    """Print the program's output, then its traffic; exits as the program did."""
    parser = argparse.ArgumentParser(prog="python -m tests.harness.once", description=__doc__)
    parser.add_argument("customer", type=Path, help="directory with customer.toml")
    parser.add_argument("--version", choices=VERSIONS, default=V2018)
    parser.add_argument("--tree", default="before", help="before (default), after, or hand")
    parser.add_argument("--state", action="store_true", help="print the tenant's data afterwards")
    options = parser.parse_args()
    customer = load_customer(options.customer.resolve())
    with tempfile.TemporaryDirectory(prefix="finished-") as temporary:
        hand = options.tree == "hand"
        tree = customer.finish(Path(temporary) / customer.name) if hand else customer.path / options.tree
        outcome = customer.run(tree, options.version, shared_world())
    print(outcome.stdout, end="")
    print("--- stderr", outcome.stderr, sep="\n", end="")
    for name, log in (("aurora", outcome.requests), ("other vendors", outcome.vendor_requests)):
        print(f"--- {name}", *map(_line, log), sep="\n")
    if options.state:
        print("--- state", json.dumps(outcome.state, indent=2), sep="\n")
    print(f"--- exit {outcome.returncode}")
    return outcome.returncode


def _line(entry: Recorded) -> str:
    query = "?" + "&".join(f"{name}={value}" for name, value in entry.query) if entry.query else ""
    body = f"  {json.dumps(entry.body)}" if entry.body is not None else ""
    return f"{entry.status} {entry.method} {entry.host}{entry.path}{query}{body}"


if __name__ == "__main__":
    raise SystemExit(main())
