"""AUR201 in calls of the program's own functions that tests expect of mocks, and in what fakes have kept."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

LIMITED = "00000000-0000-4000-8000-0000000000a3"
ADMIN = "00000000-0000-4000-8000-0000000000a1"
SETTINGS = Settings(root=Path("/"), roles=RoleSettings({"Limited": LIMITED, "Admin": ADMIN}))
CODE = """\
import requests
LIMITED = "Limited"
class Client:
    def update(self, i, **fields):
        requests.put(f"https://api.aurorasolar.com/tenants/t/users/{i}", json={"user": fields})
class Seats:
    def __init__(self, client):
        self.client = client
    def lower(self, i):
        self.client.update(i, email="e", user_level=LIMITED)
    def log(self, crm, i):
        crm.note(i, user_level=LIMITED)
def main():
    Seats(Client()).lower("1")
main()
"""
HEAD = """\
import unittest
from unittest.mock import MagicMock, call, create_autospec
import pytest
from seats import LIMITED, Client, Seats
"""
CHANGED = [
    pytest.param(
        """
        def test_it():
            client = create_autospec(Client, instance=True)
            Seats(client).lower("1")
            client.update.assert_called_once_with("1", email="e", user_level="Limited")
        """,
        ('user_level="Limited"', f'role_id="{LIMITED}"'),
        id="an autospec",
    ),
    pytest.param(
        """
        def test_it():
            client = MagicMock()
            Seats(client).lower("1")
            assert client.update.call_args_list == [call("1", email="e", user_level="Limited")]
        """,
        ('user_level="Limited"', f'role_id="{LIMITED}"'),
        id="a list of calls",
    ),
    pytest.param(
        """
        def test_it():
            client = MagicMock()
            Seats(client).lower("1")
            client.update.assert_called_with("1", email="e", user_level=LIMITED)
        """,
        ("user_level=LIMITED", f'role_id="{LIMITED}"'),
        id="the program's constant",
    ),
    pytest.param(
        """
        class Fake:
            def __init__(self): self.kept = {}
            def update(self, i, **fields): self.kept[i] = fields
        def test_it():
            fake = Fake()
            Seats(fake).lower("1")
            assert fake.kept["1"]["user_level"] == "Limited"
        """,
        ('["user_level"] == "Limited"', f'["role_id"] == "{LIMITED}"'),
        id="what a fake has kept",
    ),
    pytest.param(
        """
        class Fake:
            def __init__(self): self.kept = {}
            def update(self, i, **fields): self.kept[i] = fields
        class T(unittest.TestCase):
            def test_it(self):
                fake = Fake()
                Seats(fake).lower("1")
                self.assertEqual(fake.kept["1"]["user_level"], "Limited")
        """,
        ('["user_level"], "Limited"', f'["role_id"], "{LIMITED}"'),
        id="what a fake has kept, asserted by a method",
    ),
]
SAME = [
    pytest.param(
        """
        def test_it():
            crm = MagicMock()
            Seats(None).log(crm, "1")
            crm.note.assert_called_once_with("1", user_level="Limited")
        """,
        id="another mock's call",
    ),
    pytest.param(
        """
        def test_it():
            kept = {"user_level": "Limited"}
            assert kept["user_level"] == "Limited"
        """,
        id="an object of the test's own",
    ),
]


def _fixed(test: str) -> tuple[str, str, list[str]]:
    texts = {"seats.py": CODE, "tests/test_seats.py": HEAD + dedent(test)}
    report = check_texts(texts, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    changed = {path.name: new for path, (_, new) in report.changes.items()}
    left = [finding.message for finding in report.findings]
    return changed.get("seats.py", CODE), changed.get("test_seats.py", HEAD + dedent(test)), left


@pytest.mark.parametrize(("test", "change"), CHANGED)
def test_the_expectation_changes_with_the_call(test: str, change: tuple[str, str]) -> None:
    code, text, left = _fixed(test)
    assert left == []
    assert f'self.client.update(i, email="e", role_id="{LIMITED}")' in code
    before = HEAD + dedent(test)
    assert before.count(change[0]) == 1
    assert text == before.replace(*change)


@pytest.mark.parametrize("test", SAME)
def test_other_expectations_stay(test: str) -> None:
    code, text, left = _fixed(test)
    assert left == []
    assert "crm.note(i, user_level=LIMITED)" in code
    assert text == HEAD + dedent(test)
