"""Properties that are set: what the setter does is done, and what the property gives stays known."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(
    root=Path("/"),
    system_size="stc",
    roles=RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"}),
)
HEAD = """\
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
def summary(i): return requests.get(f"{BASE}/designs/{i}/summary").json()["design"]
class Design:
    def __init__(self, raw): self.raw = raw
    @property
    def size(self): return self.raw["system_size"]
"""
SETTER = """\
    @size.setter
    def size(self, value): self.raw["system_size"] = value
"""
CACHED = """\
class Cached:
    def __init__(self, raw): self.held = raw
    @property
    def held(self): return self._held
    @held.setter
    def held(self, value): self._held = value
"""


def checked(body: str) -> tuple[Report, str]:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", HEAD + body)]
    return report, after


@pytest.mark.parametrize(
    "use",
    [
        "d = Design(summary(1))\nd.size = d.size / 1000\nprint(d.size)\n",
        "d = Design({})\nd.size = 1\nprint(d.size)\n",
    ],
)
def test_property_that_the_program_sets_under_the_old_name_is_not_renamed(use: str) -> None:
    _, after = checked(SETTER + use)
    assert after == HEAD + SETTER + use


def test_property_that_answers_fill_is_by_hand_where_the_program_sets_it() -> None:
    report, _ = checked(SETTER + "d = Design(summary(1))\nd.size = d.size / 1000\nprint(d.size)\n")
    (found,) = report.findings
    assert found.rule == "AUR401"
    assert "what the program itself has stored" in found.message


def test_property_that_is_never_set_is_renamed() -> None:
    report, after = checked("print(Design(summary(1)).size)\n")
    assert report.findings == []
    assert 'return self.raw["system_size_stc"]' in after


def test_what_a_setter_keeps_is_what_the_property_gives() -> None:
    report, after = checked(CACHED + "print(Cached(summary(1)).held['system_size'])\n")
    assert [each.rule for each in report.fixed] == ["AUR401"]
    assert "held['system_size_stc']" in after


def test_what_a_setter_is_given_in_another_place_stays() -> None:
    _, after = checked(
        CACHED + "c = Cached(summary(1))\nc.held = {'system_size': 1}\nprint(c.held['system_size'])\n"
    )
    assert (
        after
        == HEAD
        + CACHED
        + "c = Cached(summary(1))\nc.held = {'system_size': 1}\nprint(c.held['system_size'])\n"
    )
