"""Texts that `rsplit` takes apart: the prefix goes where the parts that are taken off do not hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

HEAD = 'import requests\n\nHOST = "https://api.aurorasolar.com"\nPREFIX = "/v2"\nROOT = HOST + PREFIX\n\n\n'


def checked(text: str) -> tuple[Report, str]:
    report = check_texts({"a.py": HEAD + text}, Settings(root=Path()), fix=Applicability.UNSAFE)
    return report, next((new for _, new in report.changes.values()), HEAD + text)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param("url.rsplit('/', 1)[-1]", id="the last segment"),
        pytest.param("url.rsplit('/', 2)[1:]", id="the last two"),
        pytest.param("url.rsplit('/', 1)[0]", id="what stands before the last"),
    ],
)
def test_the_prefix_goes(look: str) -> None:
    report, after = checked(
        f"def get(*parts):\n    url = '/'.join((ROOT, 'tenants', 't1') + parts)\n    print({look})\n"
        "    return requests.get(url)\n\n\nget('projects')\n"
    )
    assert not report.findings
    assert 'PREFIX = ""' in after


@pytest.mark.parametrize(
    "look",
    [
        pytest.param("print(ROOT.rsplit('/', 1)[-1])", id="the prefix itself"),
        pytest.param("print(ROOT.rsplit('/', 1)[0])", id="what stands before the prefix"),
        pytest.param("print((ROOT + '/tenants').rsplit('/', 2))", id="parts of which one is the prefix"),
    ],
)
def test_the_prefix_that_is_taken_off_is_by_hand(look: str) -> None:
    text = f"def get():\n    {look}\n    return requests.get(ROOT + '/tenants/t1/projects')\n"
    report, after = checked(text)
    assert [found.rule for found in report.findings] == ["AUR102"]
    assert after == HEAD + text
