"""What may not differ between a program before on 2018.01 and after on 2022.09."""

from __future__ import annotations

import json
import re
from collections import Counter

from tests.fake_aurora.http import Recorded
from tests.harness.run import Outcome

# What the client library decides by itself from one connection to the next.
VOLATILE_HEADERS = frozenset(("connection", "date", "host"))
# A rewrite that broke the code itself ends in one of these.
BROKEN_CODE = re.compile(
    r"^(?:NameError|UnboundLocalError|SyntaxError|IndentationError|TypeError|ImportError|ModuleNotFoundError)\b",
    re.MULTILINE,
)


def differences(before: Outcome, after: Outcome) -> list[str]:
    """What differs, in words; empty when the migration kept the program's behaviour."""
    found = []
    if after.returncode != before.returncode:
        found.append(f"exit code {after.returncode}")
    if after.stdout != before.stdout:
        found.append("stdout")
    if after.state != before.state:
        found.append(f"tenant data ({', '.join(_changed_collections(before, after))})")
    if traffic(before) != traffic(after):
        found.append("other vendors' traffic")
    if after.written != before.written:
        found.append("files written")
    if new := refused(after) - refused(before):
        found.append("refused " + ", ".join(sorted(new)))
    return found


def traffic(outcome: Outcome) -> Counter[str]:
    """Requests to other vendors as comparable text, in any order: programs may send them at once."""
    return Counter(_text(entry) for entry in outcome.vendor_requests)


def refused(outcome: Outcome) -> set[str]:
    """Aurora requests answered with an error, `/v2` apart, so that a swallowed error shows."""
    entries = (entry for entry in outcome.requests if entry.status >= 400)
    return {f"{entry.method} {entry.path.removeprefix('/v2')}" for entry in entries}


def broke_vendor(before: Outcome, after: Outcome) -> bool:
    """Whether another vendor got a request it never got, or a run that ended well left one out."""
    then, now = traffic(before), traffic(after)
    return bool(now - then) or (after.ok and now != then)


def broke_code(outcome: Outcome) -> bool:
    """Whether the run ended in the kind of exception that a wrong rewrite causes."""
    return not outcome.ok and BROKEN_CODE.search(outcome.stderr) is not None


def _text(entry: Recorded) -> str:
    headers = {name: value for name, value in entry.headers.items() if name not in VOLATILE_HEADERS}
    parts = [entry.method, entry.host, entry.path, entry.query, sorted(headers.items()), entry.body]
    return json.dumps(parts)


def _changed_collections(before: Outcome, after: Outcome) -> list[str]:
    return [name for name in before.state if before.state[name] != after.state.get(name)]
