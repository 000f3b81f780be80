"""AUR908 and AUR909 in tests that expect all the headers of a call, and headers that were empty before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

CODE = """
import requests

BASE = "https://api-sandbox.aurorasolar.com/tenants/t"


def users(token):
    return requests.get(BASE + "/users", headers={"Authorization": token}, timeout=5).json()["users"]


def deals(token):
    return requests.get("https://crm.example/deals", headers={"Authorization": token}).json()
"""
VERSION = '"Aurora-API-Version": "2022.09"'


def run(texts: dict[str, str], option: str, tmp_path: Path) -> tuple[dict[str, str], Report]:
    settings = replace(Settings(root=tmp_path), switches=(option,))
    report = check_texts(texts, settings, fix=Applicability.UNSAFE)
    return {**texts, **{path.name: new for path, (_, new) in report.changes.items()}}, report


BOTH_WAYS = [
    pytest.param(
        """
from unittest.mock import patch
import users

@patch("users.requests.get")
def test_it(get):
    users.users("x")
    get.assert_called_once_with(users.BASE + "/users", headers={"Authorization": "x"}, timeout=5)
""",
        f'headers={{"Authorization": "x", {VERSION}}}, timeout=5)',
        id="a call of a mock",
    ),
    pytest.param(
        """
from unittest.mock import call, patch
import users

@patch("users.requests.get")
def test_it(get):
    users.users("x")
    assert get.call_args_list == [call(users.BASE + "/users", headers={"Authorization": "x"}, timeout=5)]
""",
        f'headers={{"Authorization": "x", {VERSION}}}, timeout=5)]',
        id="a list of calls",
    ),
]


@pytest.mark.parametrize(("test", "wanted"), BOTH_WAYS)
def test_expected_headers_get_the_header_and_lose_it_again(tmp_path: Path, test: str, wanted: str) -> None:
    texts = {"users.py": CODE, "test_users.py": test}
    added, report = run(texts, "add-version-header", tmp_path)
    assert wanted in added["test_users.py"]
    assert list(report.findings) == []
    assert list(run(added, "add-version-header", tmp_path)[1].findings) == []
    taken, report = run(added, "remove-version-header", tmp_path)
    assert taken == texts
    assert list(report.findings) == []


def test_headers_with_a_name_are_left_by_hand(tmp_path: Path) -> None:
    test = """
from unittest.mock import patch
import users

TOKEN = {"Authorization": "x"}

@patch("users.requests.get")
def test_it(get):
    users.users("x")
    get.assert_called_once_with(users.BASE + "/users", headers=TOKEN, timeout=5)
    assert users.deals.__name__ and TOKEN
"""
    added, report = run({"users.py": CODE, "test_users.py": test}, "add-version-header", tmp_path)
    assert added["test_users.py"] == test
    assert [(found.rule, found.location.start.line) for found in report.findings] == [("AUR908", 5)]


UNTOUCHED = [
    pytest.param(
        """
from unittest.mock import patch
import users

@patch("users.requests.get")
def test_it(get):
    users.deals("x")
    get.assert_called_once_with("https://crm.example/deals", headers={"Authorization": "x"})
""",
        id="another server's headers",
    ),
    pytest.param(
        """
from unittest.mock import ANY, patch
import users

@patch("users.requests.get")
def test_it(get):
    users.users("x")
    get.assert_called_once_with(users.BASE + "/users", headers=ANY, timeout=5)
    assert get.call_args.kwargs["headers"]["Authorization"] == "x"
""",
        id="headers of which the test wants one, or none",
    ),
]


@pytest.mark.parametrize("test", UNTOUCHED)
def test_other_expectations_stay(tmp_path: Path, test: str) -> None:
    added, report = run({"users.py": CODE, "test_users.py": test}, "add-version-header", tmp_path)
    assert added["test_users.py"] == test
    assert list(report.findings) == []


def test_a_session_whose_headers_are_compared(tmp_path: Path) -> None:
    code = """
import requests

BASE = "https://api-sandbox.aurorasolar.com/tenants/t"


class Aurora:
    def __init__(self, token):
        self.session = requests.Session()
        self.session.headers["Authorization"] = token

    def users(self):
        return self.session.get(BASE + "/users").json()["users"]


def main():
    print(Aurora("t").users())
"""
    test = """
import client

def test_it():
    aurora = client.Aurora("x")
    assert aurora.session.headers["Authorization"] == "x"
"""
    added, report = run({"client.py": code, "test_client.py": test}, "add-version-header", tmp_path)
    assert added["test_client.py"] == test
    assert list(report.findings) == []


EMPTY = [
    pytest.param('requests.get(BASE + "/users", headers={}, timeout=5)', id="in the middle of a call"),
    pytest.param('send("/users", headers={})', id="of a function that has headers of its own otherwise"),
    pytest.param('requests.get(BASE + "/users", timeout=5)', id="no headers at all"),
]


@pytest.mark.parametrize("call", EMPTY)
def test_empty_headers_are_there_again(tmp_path: Path, call: str) -> None:
    code = f"""
import requests

BASE = "https://api-sandbox.aurorasolar.com/tenants/t"


def send(path, headers={{"Accept": "application/json"}}):
    return requests.get(BASE + path, headers=headers)


def users():
    return {call}.json()["users"]
"""
    added, _ = run({"users.py": code}, "add-version-header", tmp_path)
    assert VERSION in added["users.py"]
    taken, report = run(added, "remove-version-header", tmp_path)
    assert taken["users.py"] == code
    assert list(report.findings) == []
