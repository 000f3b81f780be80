"""AUR601 on the words that tests expect of a refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

JOINING = """
import requests

URL = "https://api.aurorasolar.com/v2/tenants/t/users/invite"


def invite(email):
    answer = requests.post(URL, json={"user": {"email": email}})
    if answer.status_code >= 400:
        reason = answer.json()["error"]
        if not isinstance(reason, str):
            reason = "; ".join(f"{k}: {', '.join(v)}" for k, v in reason.items())
        raise ValueError(reason)
"""
KEEPING = """
import requests

URL = "https://api.aurorasolar.com/v2/tenants/t/users/invite"


def invite(email):
    answer = requests.post(URL, json={"user": {"email": email}})
    if answer.status_code >= 400:
        error = answer.json().get("error") or "(nothing)"
        if isinstance(error, dict):
            words = ["%s %s" % (field, message) for field in error for message in error[field]]
        else:
            words = [error]
        raise ValueError(", ".join(words))
"""


def migrated(tmp_path: Path, code: str, test: str) -> tuple[str, Report]:
    texts = {"people.py": code, "test_people.py": test}
    report = check_texts(texts, Settings(root=tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    return after["test_people.py"], report


def program(error: str, expected: str) -> str:
    return f"""
import pytest
import responses
import people

@pytest.mark.parametrize("body, words", [({{"error": {error}}}, {expected})])
@responses.activate
def test_refused(body, words):
    responses.post("https://api.aurorasolar.com/v2/tenants/t/users/invite", json=body, status=422)
    with pytest.raises(ValueError) as caught:
        people.invite("")
    assert str(caught.value) == words
"""


REWORDED = [
    pytest.param('{"email": ["is taken"]}', '"email: is taken"', '"email is taken")', id="one message"),
    pytest.param(
        '{"email": ["is taken", "is odd"], "phone": ["can\'t be blank"]}',
        "'email: is taken, is odd; phone: can\\'t be blank'",
        '"email is taken; email is odd; phone can\'t be blank")',
        id="several messages, in the order in which they are recorded",
    ),
]


@pytest.mark.parametrize(("error", "expected", "wanted"), REWORDED)
def test_the_words_of_the_messages_are_expected(
    tmp_path: Path, error: str, expected: str, wanted: str
) -> None:
    after, report = migrated(tmp_path, JOINING, program(error, expected))
    assert wanted in after
    assert list(report.findings) == []


LEFT = [
    pytest.param('{"email": ["is taken"]}', '"refused (email: is taken)!"', id="a text that says more"),
    pytest.param(
        '{"email": ["is taken"]}',
        '"email: " + "is taken"[:8] + "is taken email"',
        id="a text that is put together",
    ),
]


@pytest.mark.parametrize(("error", "expected"), LEFT)
def test_other_words_are_left_by_hand(tmp_path: Path, error: str, expected: str) -> None:
    after, report = migrated(tmp_path, JOINING, program(error, expected))
    assert expected in after
    assert [(found.rule, found.location.path.name) for found in report.findings] == [
        ("AUR601", "test_people.py")
    ]
    assert "email is taken" in report.findings[0].message


SAME = [
    pytest.param(JOINING, '"Bad"', '"Bad"', id="a sentence"),
    pytest.param(KEEPING, '{"email": ["is taken"]}', '"email is taken"', id="a message as it is"),
    pytest.param(
        KEEPING,
        '{"email": ["is taken"], "phone": ["is odd"]}',
        '"email is taken, phone is odd"',
        id="messages that the program itself puts together",
    ),
]


@pytest.mark.parametrize(("code", "error", "expected"), SAME)
def test_words_that_stay_the_same_are_not_touched(
    tmp_path: Path, code: str, error: str, expected: str
) -> None:
    after, report = migrated(tmp_path, code, program(error, expected))
    assert expected in after
    assert [found for found in report.findings if found.location.path.name == "test_people.py"] == []
