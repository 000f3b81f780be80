"""Models with fields of one name: each is renamed by itself where it is known whose field is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.test_bodies_kept_and_spelled import checked

MODELS = (
    "from dataclasses import asdict, dataclass\n\n\n"
    "@dataclass\nclass New:\n    email: str\n    user_level: str\n\n\n"
    "@dataclass\nclass Badge:\n    user_level: str\n\n\n"
    'def invite(new: New):\n    requests.post(f"{T}/users/invite", json={"user": asdict(new)})\n\n\n'
)


def test_a_field_of_another_model_keeps_its_name(tmp_path: Path) -> None:
    text = MODELS + (
        'def main():\n    badge = Badge(user_level="gold")\n    print(badge.user_level)\n'
        '    invite(New("a@b.example", user_level="Admin"))\n'
    )
    report, after = checked(text, tmp_path)
    assert not report.findings
    assert "class New:\n    email: str\n    role_id: str\n" in after
    assert "class Badge:\n    user_level: str\n" in after
    assert 'badge = Badge(user_level="gold")\n    print(badge.user_level)\n' in after
    assert 'New("a@b.example", role_id="00000000-0000-4000-8000-0000000000a1")' in after


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("print(thing.user_level)", id="of something that nobody knows"),
        pytest.param(
            'for each in (Badge("gold"), New("a@b.example", "Admin")):\n        print(each.user_level)',
            id="of either model",
        ),
    ],
)
def test_a_field_that_may_be_either_stays_and_is_renamed_where_it_is_sent(use: str, tmp_path: Path) -> None:
    text = MODELS + (
        f'def main(thing):\n    print(Badge("gold").user_level)\n    {use}\n'
        '    invite(New("a@b.example", user_level="Admin"))\n'
    )
    report, after = checked(text, tmp_path)
    assert not report.findings
    sent = '    body = asdict(new)\n    body["role_id"] = ROLE_IDS[body.pop("user_level")]\n'
    sending = 'requests.post(f"{T}/users/invite", json={"user": asdict(new)})'
    assert f"{sent}    {sending.replace('asdict(new)', 'body')}" in after
    kept = text.replace(f"    {sending}\n", "").partition("@dataclass")[2]
    assert all(line in after for line in kept.splitlines())


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("record(asdict(New('a', thing)))", id="a level that is worked out"),
        pytest.param("requests.post('https://crm.example.com', json=send(thing))", id="another receiver"),
    ],
)
def test_a_field_that_may_be_either_is_by_hand(use: str, tmp_path: Path) -> None:
    text = MODELS.replace("asdict(new)", "send(new)").replace(
        "def invite", "def send(new: New):\n    return asdict(new)\n\n\ndef invite"
    ) + (
        f"def main(thing):\n    print(thing.user_level)\n    {use}\n"
        '    invite(New("a@b.example", user_level="Admin"))\n'
        '    invite(New("a@b.example", thing.user_level))\n'
    )
    report, after = checked(text, tmp_path)
    assert after == text
    assert [found.rule for found in report.findings] == ["AUR201"]
