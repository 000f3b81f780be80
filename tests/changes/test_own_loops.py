"""Loops over a request's own body: keys that the loop itself gives follow, those that it asks for do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.test_bodies_kept_and_spelled import checked

SEND = '    requests.post(f"{T}/users/invite", json={"user": user})\n'
USER = '    user = {"email": mail, "user_level": "Admin"}\n'
NEW = '    user = {"email": mail, "role_id": "00000000-0000-4000-8000-0000000000a1"}\n'


@pytest.mark.parametrize(
    "loop",
    [
        pytest.param("    for name in user:\n        print(name, user[name])\n", id="each key and its value"),
        pytest.param("    print([user[name] for name in sorted(user)])\n", id="the values in order"),
        pytest.param("    for name, value in user.items():\n        print(name, value)\n", id="the pairs"),
        pytest.param(
            '    for name in user:\n        if name == "email":\n            print(user[name])\n',
            id="a test for a field that stays",
        ),
    ],
)
def test_a_loop_over_the_body_follows(loop: str, tmp_path: Path) -> None:
    report, after = checked(f"def invite(mail):\n{USER}{loop}{SEND}", tmp_path)
    assert not report.findings
    assert after == f"def invite(mail):\n{NEW}{loop}{SEND}"


@pytest.mark.parametrize(
    "loop",
    [
        pytest.param(
            '    for name, value in user.items():\n        if name == "user_level" and value == "Admin":\n'
            '            print("an admin")\n',
            id="pairs of which one is asked for",
        ),
        pytest.param(
            '    for name in user:\n        if name != "user_level":\n            print(user[name])\n',
            id="all keys but one",
        ),
        pytest.param('    print([v for k, v in user.items() if "user_level" == k])\n', id="a comprehension"),
        pytest.param('    print(user["user_level"])\n', id="a look at the value"),
    ],
)
def test_a_loop_that_asks_for_the_field_is_by_hand(loop: str, tmp_path: Path) -> None:
    text = f"def invite(mail):\n{USER}{loop}{SEND}"
    report, after = checked(text, tmp_path)
    assert after == text
    assert [found.rule for found in report.findings] == ["AUR201"]


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        pytest.param('name == "row_spacing_meters"', 'name == "row_spacing"', id="the name first"),
        pytest.param('"row_spacing_meters" != name', '"row_spacing" != name', id="the literal first"),
    ],
)
def test_a_field_whose_value_stays_is_renamed_in_the_loop(asked: str, then: str, tmp_path: Path) -> None:
    text = (
        'def run(d):\n    body = {"placement_options": {"row_spacing_meters": 1}}\n'
        '    for name in body["placement_options"]:\n        if ASKED:\n            print(name)\n'
        '    requests.post(f"{T}/designs/{d}/auto_designer/run", json=body)\n'
    )
    report, after = checked(text.replace("ASKED", asked), tmp_path)
    assert not report.findings
    assert after == text.replace("ASKED", then).replace("_meters", "")
