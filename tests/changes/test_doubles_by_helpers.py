"""AUR601 where a helper of the tests registers the doubles, given the mock as an argument or by a closure."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

ROLES = {"Admin": "00000000-0000-4000-8000-0000000000a1"}
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=RoleSettings(ROLES))
CODE = """\
import requests
T = "https://api.aurorasolar.com/tenants/t"
def size(design):
    return requests.get(f"{T}/designs/{design}/summary").json()["design"]["system_size"]
def is_admin(i):
    return requests.get(f"{T}/users/{i}").json()["user"]["user_level"] == "Admin"
"""
TESTS = [
    pytest.param(
        """
        import code_
        T = "https://api.aurorasolar.com/tenants/t"
        def design(mocker, ident, watts):
            mocker.get(f"{T}/designs/{ident}/summary", json={"design": {"id": ident, "system_size": watts}})
        def test_size(requests_mock):
            design(requests_mock, "d1", 7200)
            assert code_.size("d1") == 7200
        """,
        [('"system_size"', '"system_size_stc"')],
        id="a function given the mock",
    ),
    pytest.param(
        """
        import pytest
        import code_
        @pytest.fixture
        def aurora(requests_mock):
            def design(ident, watts):
                url = "https://api.aurorasolar.com/tenants/t/designs/" + ident + "/summary"
                requests_mock.get(url, json={"design": {"system_size": watts}})
            return design
        def test_size(aurora):
            aurora("d1", 7200)
            assert code_.size("d1") == 7200
        """,
        [('"system_size"', '"system_size_stc"')],
        id="a fixture that gives a function",
    ),
    pytest.param(
        """
        import responses
        import code_
        def user(rsps, level):
            url = "https://api.aurorasolar.com/tenants/t/users/1"
            rsps.add("GET", url, json={"user": {"user_level": level}})
        def test_admin():
            with responses.RequestsMock() as rsps:
                user(rsps, "Admin")
                assert code_.is_admin("1")
        """,
        [('"user_level"', '"role_id"'), ('"Admin")', f'"{ROLES["Admin"]}")')],
        id="a level given to the helper",
    ),
]
OTHERS = [
    pytest.param(
        """
        import requests
        def design(mocker):
            mocker.get("https://crm.example/designs/1/summary", json={"design": {"system_size": 1}})
        def test_crm(requests_mock):
            design(requests_mock)
            assert requests.get("https://crm.example/designs/1/summary").json()["design"]["system_size"] == 1
        """,
        id="another vendor's",
    ),
]


def _fixed(test: str) -> tuple[str, list[str]]:
    texts = {"code_.py": CODE, "tests/test_code.py": dedent(test)}
    report = check_texts(texts, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    changed = {path.name: new for path, (_, new) in report.changes.items()}
    return changed.get("test_code.py", dedent(test)), [finding.message for finding in report.findings]


@pytest.mark.parametrize(("test", "changed"), TESTS)
def test_the_recorded_body_changes(test: str, changed: list[tuple[str, str]]) -> None:
    text, left = _fixed(test)
    expected = dedent(test)
    for old, new in changed:
        assert expected.count(old) == 1
        expected = expected.replace(old, new)
    assert left == []
    assert text == expected


@pytest.mark.parametrize("test", OTHERS)
def test_others_stay(test: str) -> None:
    text, left = _fixed(test)
    assert text == dedent(test)
    assert left == []
