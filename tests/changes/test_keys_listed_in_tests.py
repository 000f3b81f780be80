"""AUR601 where tests hold all keys of what was sent against a list, or look for them in its text."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

ADMIN = "00000000-0000-4000-8000-0000000000a1"
SETTINGS = Settings(root=Path("/"), roles=RoleSettings({"Admin": ADMIN}))
CODE = """\
import requests
def invite(email):
    user = {"email": email, "user_level": "Admin"}
    return requests.post("https://api.aurorasolar.com/tenants/t/users", json={"user": user}).json()
def crm(email):
    return requests.post("https://crm.example/users", json={"email": email, "user_level": "Admin"}).json()
"""
HEAD = """\
import json
import responses
import svc
@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/tenants/t/users", json={})
    svc.invite("x")
    sent = json.loads(responses.calls[0].request.body)["user"]
"""
CRM = """\
import json
import responses
import svc
@responses.activate
def test_it():
    responses.post("https://crm.example/users", json={})
    svc.crm("x")
    sent = json.loads(responses.calls[0].request.body)
"""
LISTED = [
    'assert set(sent) == {"email", "user_level"}',
    'assert sorted(sent) == ["email", "user_level"]',
    'assert list(sent) == ["email", "user_level"]',
    'assert sent.keys() == {"email", "user_level"}',
    'assert set(sent.keys()) == set(["email", "user_level"])',
    'assert {"email", "user_level"} == set(sent)',
]
LEFT = [
    pytest.param(
        'assert sorted(sent) == ["first", "sort", "user_level"]', "comes elsewhere", id="another order"
    ),
    pytest.param(
        """assert '"user_level": "Admin"' in responses.calls[0].request.body.decode()""",
        "in the text of a body",
        id="a text",
    ),
]


def _fixed(test: str) -> tuple[str, list[str]]:
    report = check_texts({"svc.py": CODE, "tests/test_svc.py": test}, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    changed = {path.name: new for path, (_, new) in report.changes.items()}
    return changed.get("test_svc.py", test), [finding.message for finding in report.findings]


@pytest.mark.parametrize("line", LISTED)
def test_the_listed_key_changes(line: str) -> None:
    text, left = _fixed(HEAD + f"    {line}\n")
    assert left == []
    assert text == HEAD + f"    {line}\n".replace("user_level", "role_id")


@pytest.mark.parametrize(("line", "reason"), LEFT)
def test_it_is_left_with_its_reason(line: str, reason: str) -> None:
    text, left = _fixed(HEAD + f"    {line}\n")
    assert text == HEAD + f"    {line}\n"
    assert any(reason in message for message in left)


@pytest.mark.parametrize(
    "line", [*LISTED, """assert '"user_level"' in responses.calls[0].request.body.decode()"""]
)
def test_what_goes_to_another_vendor_stays(line: str) -> None:
    text, left = _fixed(CRM + dedent(f"    {line}\n").replace("assert", "    assert"))
    assert text == CRM + f"    {line}\n"
    assert left == []
