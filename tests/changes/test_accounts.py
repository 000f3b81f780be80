"""AUR103 where a program signs for several accounts: one token cannot stand for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

PROGRAM = """\
import base64, hashlib, hmac, os, time
import requests
class Aurora:
    def __init__(self, tenant, key, secret):
        self.tenant, self.key, self.secret = tenant, key, secret
    def get(self, tail):
        path = f"/tenants/{self.tenant}{tail}"
        stamp = str(int(time.time()))
        text = f"GET\\n{path}\\nAuroraKey={self.key}\\nTimestamp={stamp}\\n"
        sign = base64.b64encode(hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).digest())
        query = {"AuroraKey": self.key, "Timestamp": stamp, "Signature": sign}
        return requests.get("https://api.aurorasolar.com" + path, params=query).json()
NORTH = Aurora(os.environ["NORTH"], os.environ["NORTH_KEY"], os.environ["NORTH_SECRET"])
print(NORTH.get("/users"))
"""
SAME = (
    'print(Aurora(os.environ["SOUTH"], os.environ["NORTH_KEY"], os.environ["NORTH_SECRET"]).get("/users"))\n'
)
OTHER = SAME.replace("NORTH", "SOUTH")


def fixed(code: str) -> tuple[str, list[str]]:
    report = check_texts({"a.py": code}, Settings(root=Path("/")), Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", code)]
    return after, [each.message for each in report.findings]


@pytest.mark.parametrize("more", ["", SAME])
def test_one_key_becomes_one_token(more: str) -> None:
    after, messages = fixed(PROGRAM + more)
    assert messages == []
    assert "Signature" not in after
    assert '"Authorization"' in after


def test_two_keys_are_left_by_hand() -> None:
    after, messages = fixed(PROGRAM + OTHER)
    assert '"Signature": sign' in after
    (message,) = messages
    assert "`NORTH_KEY`" in message
    assert "`SOUTH_KEY`" in message
    assert "each account needs a token of its own" in message
