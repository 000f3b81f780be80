"""Rules that meet: what one run of the fixer makes of places where several rules have something to do."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import SETTINGS

HEAD = """import asyncio, httpx, requests
T = "https://api.aurorasolar.com/tenants/t1"
"""

CHECKED_LISTS = [
    pytest.param(
        """\
async def prices(client, d):
    r = await client.get(T + "/designs/" + d + "/financings")
    body = r.json()
    if "error" in body:
        raise RuntimeError(body["error"])
    return [f["system_price"] for f in body["financings"]]
async def main():
    async with httpx.AsyncClient() as client: print(await prices(client, "d"))
asyncio.run(main())
""",
        id="in an async function, by the key",
    ),
    pytest.param(
        """\
async def prices(client, d):
    r = await client.get(T + "/designs/" + d + "/financings")
    if r.is_error:
        raise RuntimeError(r.json()["error"])
    for f in r.json()["financings"]:
        print(f["system_price"])
async def main():
    async with httpx.AsyncClient() as client: await prices(client, "d")
asyncio.run(main())
""",
        id="in an async function, by the status",
    ),
    pytest.param(
        """\
def prices(d):
    r = requests.get(T + "/designs/" + d + "/financings")
    body = r.json()
    if body.get("error"):
        raise RuntimeError(body["error"])
    return [f["system_price"] for f in body["financings"]]
print(prices("d"))
""",
        id="with requests",
    ),
]


@pytest.mark.parametrize("body", CHECKED_LISTS)
def test_a_check_for_errors_and_the_list_behind_it_change_in_one_run(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.findings == []
    (_, after), *_ = report.changes.values()
    assert '["error"])\n' not in after.replace('or body["error"])', "")
    assert 'financings/" + ' in after
    again = check_texts({"a.py": after}, SETTINGS, Applicability.UNSAFE)
    assert (again.findings, again.changes) == ([], {})


def test_a_check_that_needs_the_words_of_the_error_stays_with_its_list() -> None:
    body = """\
def prices(d):
    body = requests.get(T + "/designs/" + d + "/financings").json()
    if body.get("error") == "Forbidden":
        raise RuntimeError("not ours")
    return [f["system_price"] for f in body["financings"]]
print(prices("d"))
"""
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert "AUR301" in {found.rule for found in report.findings}
    again = check_texts({"a.py": next((new for _, new in report.changes.values()), HEAD + body)}, SETTINGS)
    assert len(again.findings) == len(report.findings)
