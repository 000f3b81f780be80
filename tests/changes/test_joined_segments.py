"""A path that is a list of segments: no text is put behind it, the place is left with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

PROGRAM = """\
import os

import requests

BASE = "https://api.aurorasolar.com"
TENANT = os.environ["AURORA_TENANT_ID"]
WRITTEN = ["tenants", TENANT, "designs", "d1", "financings"]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["AURORA_API_TOKEN"]


class Paths:
    written = ["tenants", TENANT, "designs", "d1", "financings"]


def made(design, *more):
    return ["tenants", TENANT, "designs", design] + list(more)


def fetch(segments):
    return session.get(JOINED, timeout=9).json()


def spread(*segments):
    return fetch(segments)


def text(path):
    return session.get("/".join([BASE, path]), timeout=9).json()


def joined(segments):
    return "/".join([BASE, *segments])


def bills(design):
    path = ["tenants", TENANT, "designs", design]
    whole = path + ["financings"]
    return [row["annual_bill"] for row in CALL["financings"]]


print(bills("d1"))
"""
JOINS = [
    '"/".join([BASE] + segments)',
    '"/".join([BASE, *segments])',
    'BASE + "/" + "/".join(segments)',
    "joined(segments)",
]
LISTS = [
    '["tenants", TENANT, "designs", design, "financings"]',
    'path + ["financings"]',
    "whole",
    'made(design, "financings")',
    "WRITTEN",
    "Paths.written",
]
REWRITTEN = [
    pytest.param(
        'spread("tenants", TENANT, "designs", design, "financings")',
        'spread("tenants", TENANT, "designs", design, "financings", item["id"])["financing"]',
        id="each segment an argument",
    ),
    pytest.param(
        'text(f"tenants/{TENANT}/designs/{design}/financings")',
        """text(f"tenants/{TENANT}/designs/{design}/financings/{item['id']}")["financing"]""",
        id="a text that is joined to others",
    ),
    pytest.param(
        "session.get(joined(whole)).json()",
        'session.get(joined(whole) + "/" + item["id"]).json()["financing"]',
        id="a list that is joined before it is handed on",
    ),
]


def _fixed(call: str, joined: str) -> tuple[str, str, Report]:
    program = PROGRAM.replace("JOINED", joined).replace("CALL", call)
    settings = Settings(root=Path("/"))
    report = check_texts({"main.py": program}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    return program, next((new for _, new in report.changes.values()), program), report


@pytest.mark.parametrize("joined", JOINS)
@pytest.mark.parametrize("path", LISTS)
def test_no_text_is_put_behind_a_list(path: str, joined: str) -> None:
    program, result, report = _fixed(f"fetch({path})", joined)
    assert result == program
    found = [each for each in report.findings if each.rule == "AUR402"]
    assert [each.applicability for each in found] == [Applicability.MANUAL]
    assert "list of segments" in found[0].message


@pytest.mark.parametrize(("call", "repeated"), REWRITTEN)
def test_what_can_be_put_behind_still_is(call: str, repeated: str) -> None:
    _, result, report = _fixed(call, JOINS[1])
    assert repeated in result
    assert not [each for each in report.findings if each.rule == "AUR402"]
