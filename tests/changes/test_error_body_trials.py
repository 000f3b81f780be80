"""AUR301: what trying a function cannot tell says nothing where the program is seen to come by."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

PROGRAM = """import os

import requests

DEFAULT = "https://api.aurorasolar.com"


class Settings:
    def __init__(self, base_url):
        self.base_url = base_url

    @classmethod
    def read(cls, env=None):
        env = os.environ if env is None else env
        return cls(base_url=env.get("AURORA_BASE_URL", DEFAULT).rstrip("/"))


def run(settings: Settings):
    r = requests.get(settings.base_url + "/tenants/t/designs/d/summary")
    if not r.ok:
        print("refused: %s" % r.json()["error"])


def app(env):
    run(Settings.read(env))
"""


def checked(text: str) -> tuple[Report, str]:
    report = check_texts({"a.py": text}, Settings(root=Path()), fix=Applicability.UNSAFE)
    return report, next((new for _, new in report.changes.values()), text)


def test_a_seen_call_tells_more_than_an_unseen_environment() -> None:
    report, after = checked(PROGRAM + "\n\nrun(Settings.read())\n")
    assert not report.findings
    assert '"; ".join(item["message"]' in after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROGRAM, id="no call is seen"),
        pytest.param(
            PROGRAM + '\n\nrun(Settings("https://racks.example"))\nrun(Settings.read())\n',
            id="another vendor's call is seen, too",
        ),
    ],
)
def test_what_may_be_another_host_is_left_by_hand(text: str) -> None:
    report, after = checked(text)
    assert [found.rule for found in report.findings] == ["AUR301"]
    assert after == text
