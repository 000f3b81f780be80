"""What a rename or a reshaped body would make say nothing, or something else: it is left by hand."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), system_size="stc")
CLIENT = """\
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
def summary(d):
    return requests.get(f"{BASE}/designs/{d}/summary").json()["design"]
def kw(d):
    return summary(d)["system_size_stc"] / 1000
def invite(email):
    answer = requests.post(f"{BASE}/users/invite", json={"user": {"email": email}})
    if answer.status_code == 422:
        raise RuntimeError("; ".join(item["message"] for item in answer.json()["errors"]))
"""
POST = """\
import requests
def post(body):
    return requests.post("https://api.aurorasolar.com/tenants/t/users", json=body)
"""
SUMMARY = """
    from unittest.mock import patch
    import client
    def test_kw():
        with patch.object(client, "summary", return_value=%s):
            assert client.kw(1) == 5.0
"""
REFUSED = """
    import pytest, responses
    from client import invite
    URL = "https://api.aurorasolar.com/tenants/t/users/invite"
    ERRORS = {"email": ["is taken"]}
"""


def _run(texts: dict[str, str], rule: str) -> tuple[dict[str, str], list[str]]:
    result = check_texts(texts, SETTINGS, fix=Applicability.UNSAFE)
    after = {**texts, **{path.name: new for path, (_, new) in result.changes.items()}}
    return after, [finding.message for finding in result.findings if finding.rule == rule]


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        pytest.param(
            SUMMARY % '{"system_size": 5000, "system_size_stc": 5100}',
            "`system_size_stc` stands beside it with another value",
            id="an object of a test whose two sizes differ",
        ),
        pytest.param(
            SUMMARY % "dict(system_size=5000, system_size_stc=5100.5)",
            "`system_size_stc` stands beside it with another value",
            id="the same as a call of dict",
        ),
        pytest.param(
            """
    import client
    def test_path(requests_mock):
        requests_mock.get("https://api.aurorasolar.com/tenants/t/designs/x/summary", json={"design": {}})
        client.summary("x")
        assert requests_mock.last_request.path.startswith("/v2")
""",
            "nothing of it would be left to look for",
            id="a path that has to begin with the prefix alone",
        ),
        pytest.param(
            REFUSED
            + """
    @responses.activate
    def test_fields():
        responses.post(URL, json={"error": ERRORS}, status=422)
        with pytest.raises(RuntimeError) as caught:
            invite("x")
        for field in ERRORS:
            assert field in str(caught.value)
""",
            "`ERRORS` is also used elsewhere",
            id="a refusal's fields that the test goes through by key",
        ),
        pytest.param(
            REFUSED
            + """
    @responses.activate
    def test_told():
        responses.post(URL, json={"error": {}}, status=422)
        with pytest.raises(RuntimeError):
            invite("x")
    @responses.activate
    @pytest.mark.parametrize("errors", [{"email": ["x"]}, {}])
    def test_each(errors):
        responses.post(URL, json={"error": errors}, status=422)
        with pytest.raises(RuntimeError):
            invite("x")
""",
            "no message is no refusal",
            id="a refusal that says nothing",
        ),
    ],
)
def test_of_tests_by_hand(test: str, reason: str) -> None:
    after, messages = _run({"client.py": CLIENT, "test_client.py": dedent(test)}, "AUR601")
    assert after["test_client.py"] == dedent(test)
    assert any(reason in message for message in messages)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            '{"system_size": 5000, "system_size_stc": 5000}',
            '{"system_size_stc": 5000}',
            id="two sizes that say the same",
        ),
        pytest.param('{"system_size": 5000}', '{"system_size_stc": 5000}', id="one size alone"),
    ],
)
def test_of_tests_rewritten(before: str, after: str) -> None:
    texts, messages = _run({"client.py": CLIENT, "test_client.py": dedent(SUMMARY % before)}, "AUR601")
    assert (texts["test_client.py"], messages) == (dedent(SUMMARY % after), [])


LOOP = """\
    answer = post({})
    if not answer.ok:
        for key, texts in answer.json()["error"].items():
            lines.append(key + ": " + ", ".join(texts))
"""


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            "def f():\n    answer = post({})\n    if not answer.ok:\n"
            '        raise RuntimeError(*answer.json()["error"])\n',
            id="a text whose letters are arguments",
        ),
        pytest.param(
            f"def f():\n    lines = []\n{LOOP}        if len(lines) > 1:\n"
            '            raise RuntimeError("several: " + "; ".join(lines))\n',
            id="a list of a line for each field that is counted",
        ),
        pytest.param(
            f"def f():\n    lines = []\n{LOOP}    return lines\n",
            id="one that is given to the caller",
        ),
        pytest.param(f"def f(lines):\n{LOOP}", id="one that is the caller's"),
        pytest.param(
            f"def f():\n    lines = []\n{LOOP}    print(lines[0])\n", id="one of which an element is taken"
        ),
    ],
)
def test_of_programs_by_hand(program: str) -> None:
    after, messages = _run({"m.py": POST + program}, "AUR301")
    assert after["m.py"] == POST + program
    assert messages


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            f'def f():\n    lines = []\n{LOOP}        raise RuntimeError("; ".join(lines))\n',
            id="lines that are only joined",
        ),
        pytest.param(
            "def f():\n    answer = post({})\n    if not answer.ok:\n"
            '        raise RuntimeError(answer.json()["error"])\n',
            id="a text that is shown as a whole",
        ),
    ],
)
def test_of_programs_rewritten(program: str) -> None:
    after, messages = _run({"m.py": POST + program}, "AUR301")
    assert '["message"]' in after["m.py"]
    assert messages == []
