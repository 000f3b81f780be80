# ruff: noqa: E501
"""AUR601 on recorded lists whose items the migrated code retrieves one by one."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from aurora_migrate.changes.doubles.items import body_keyword
from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

CODE = """
import requests

BASE = "https://api.aurorasolar.com/v2/tenants/t"


def prices(design):
    found = requests.get(f"{BASE}/designs/{design}/financings").json()["financings"]
    return [f["system_price"] for f in found]


def names(design):
    return [f["name"] for f in requests.get(f"{BASE}/designs/{design}/financings").json()["financings"]]
"""

HEAD = """
import money

ROOT = "https://api.aurorasolar.com/v2/tenants/t"
CASH = {"id": "f-1", "name": "Cash", "system_price": 1.0}
BODY = {"financings": [CASH]}
"""


def migrated(tmp_path: Path, test: str) -> tuple[str, Report]:
    texts = {"money.py": CODE, "test_money.py": HEAD + test}
    report = check_texts(texts, Settings(root=tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    return after["test_money.py"], report


ANSWERED = [
    pytest.param(
        """
import responses

def add(*financings):
    responses.add(responses.GET, ROOT + "/designs/d/financings", json={"financings": list(financings)})

@responses.activate
def test_it():
    add(CASH)
    assert money.prices("d") == [1.0]
""",
        """
def add(*financings):
    for item in financings:
        responses.add(responses.GET, ROOT + "/designs/d/financings/" + item["id"], json={"financing": item})
    responses.add(responses.GET, ROOT + "/designs/d/financings", json={"financings": list(financings)})
""",
        id="a helper of the tests",
    ),
    pytest.param(
        """
import pytest

@pytest.fixture
def listing(requests_mock):
    return requests_mock.get(f"{ROOT}/designs/d/financings", json={"financings": [CASH]}, status_code=200)

def test_it(listing):
    assert money.prices("d") == [1.0]
""",
        """
def listing(requests_mock):
    for item in [CASH]:
        requests_mock.get(f"{ROOT}/designs/d/financings/{item['id']}", json={"financing": item}, status_code=200)
    return requests_mock.get(f"{ROOT}/designs/d/financings", json={"financings": [CASH]}, status_code=200)
""",
        id="a fixture that returns what registers",
    ),
    pytest.param(
        """
def test_it(requests_mock):
    requests_mock.get("https://api.aurorasolar.com/v2/tenants/t/designs/d/financings", json=BODY)
    assert money.prices("d") == [1.0]
""",
        """
    for item in BODY["financings"]:
        requests_mock.get(f"https://api.aurorasolar.com/tenants/t/designs/d/financings/{item['id']}", json={"financing": item})
    requests_mock.get("https://api.aurorasolar.com/tenants/t/designs/d/financings", json=BODY)
""",
        id="a body with a name",
    ),
    pytest.param(
        """
def made():
    return [CASH]

def test_it(requests_mock):
    requests_mock.get(ROOT + "/designs/d/financings", json={"financings": made()})
    assert money.prices("d") == [1.0]
""",
        """
    financings = made()
    for item in financings:
        requests_mock.get(ROOT + "/designs/d/financings/" + item["id"], json={"financing": item})
    requests_mock.get(ROOT + "/designs/d/financings", json={"financings": financings})
""",
        id="items that are made where they are registered",
    ),
    pytest.param(
        """
def test_it(requests_mock):
    financings = 1
    requests_mock.get(ROOT + "/designs/d/financings", json={"financings": [{"id": "a", "system_price": 1.0}]})
    assert money.prices("d") == [financings]
""",
        """
    financings_ = [{"id": "a", "system_price": 1.0}]
    for item in financings_:
        requests_mock.get(ROOT + "/designs/d/financings/" + item["id"], json={"financing": item})
    requests_mock.get(ROOT + "/designs/d/financings", json={"financings": financings_})
""",
        id="items that are written out there, a name that is taken",
    ),
]


@pytest.mark.parametrize(("test", "wanted"), ANSWERED)
def test_each_item_is_answered(tmp_path: Path, test: str, wanted: str) -> None:
    after, report = migrated(tmp_path, test)
    assert wanted in after
    assert list(report.findings) == []


LEFT = [
    pytest.param(
        """
import re

def test_it(requests_mock):
    requests_mock.get(re.compile("https://api.aurorasolar.com/v2/tenants/t/designs/.*/financings"), json=BODY)
    assert money.prices("d") == [1.0]
""",
        id="a pattern for URLs",
    ),
    pytest.param(
        """
from unittest.mock import patch

@patch("money.requests.get")
def test_it(get):
    get.return_value.json.return_value = {"financings": [CASH]}
    assert money.prices("d") == [1.0]
""",
        id="one answer for all requests",
    ),
]


@pytest.mark.parametrize("test", LEFT)
def test_lists_that_are_not_registered_by_themselves_are_left(tmp_path: Path, test: str) -> None:
    _, report = migrated(tmp_path, test)
    assert [(found.rule, found.location.path.name) for found in report.findings] == [
        ("AUR601", "test_money.py")
    ]


UNTOUCHED = [
    pytest.param(
        """
def test_it(requests_mock):
    requests_mock.get(ROOT + "/designs/d/financings", json={"financings": []})
    assert money.prices("d") == []
""",
        id="an empty list",
    ),
    pytest.param(
        """
def test_it(requests_mock):
    requests_mock.get(ROOT + "/designs/d/financings", json=BODY)
    assert money.names("d") == ["Cash"]
""",
        id="code that needs no more than the list has",
    ),
    pytest.param(
        """
def test_it(requests_mock):
    requests_mock.get(ROOT + "/designs/d/financings", json=BODY)
    requests_mock.get(ROOT + "/designs/d/financings/f-1", json={"financing": CASH})
    assert money.prices("d") == [1.0]
""",
        id="items that are answered already",
    ),
]


@pytest.mark.parametrize("test", UNTOUCHED)
def test_nothing_is_added_where_nothing_is_missing(tmp_path: Path, test: str) -> None:
    after, report = migrated(tmp_path, test)
    assert after == (HEAD + test).replace("/v2/", "/")
    assert list(report.findings) == []


@pytest.mark.parametrize(
    ("call", "keyword"),
    [
        ('m.get(URL, payload={"financings": []})', "payload"),
        ('m.get(URL, json={"financings": []})', "json"),
        ("m.get(URL, status=204)", "json"),
    ],
)
def test_the_advice_gives_the_body_as_the_list_is_given(call: str, keyword: str) -> None:
    parsed = cst.parse_expression(call)
    assert isinstance(parsed, cst.Call)
    assert body_keyword(parsed) == keyword
