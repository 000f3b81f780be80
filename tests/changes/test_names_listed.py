"""Keys that a program also holds against lists of its own: they are renamed together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), roles=RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"}))
HEAD = """\
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
WRITABLE = {"title", "user_level"}
RANKS = {"title": 1, "user_level": 2}
"""
SEND = "    requests.put(f'{BASE}/users/{i}', json={'user': changes})\nupdate(1, title='a')\n"


def checked(check: str, calls: str) -> tuple[Report, str, str]:
    code = f"{HEAD}def update(i, **changes):\n    {check}\n{SEND}{calls}"
    report = check_texts({"a.py": code}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", code)]
    return report, code, after


@pytest.mark.parametrize(
    "check",
    [
        "if set(changes) - WRITABLE: raise SystemExit(1)",
        "if not changes.keys() <= WRITABLE: raise SystemExit(1)",
        "if not set(changes).issubset(WRITABLE): raise SystemExit(1)",
        "if set(changes).difference(WRITABLE): raise SystemExit(1)",
        "print([RANKS[name] for name in changes])",
        "print(any(name == 'user_level' for name in changes))",
        "for name, value in changes.items():\n"
        "        if name == 'user_level' and value == 'Admin': print('boss')",
    ],
)
def test_name_that_is_listed_does_not_change_alone(check: str) -> None:
    report, code, after = checked(check, "update(2, user_level='Admin')\n")
    named = [each.rule for each in [*report.fixed, *report.findings]]
    assert "AUR201" in named
    renamed = after.count("role_id")
    assert after == code or "user_level" not in after.replace("USER_LEVELS", "")
    assert renamed == 0 or renamed >= 2


@pytest.mark.parametrize(
    "check", ["if set(changes) - {'title'}: print('more')", "print(len(changes))", "print(WRITABLE, RANKS)"]
)
def test_name_that_nobody_lists_changes(check: str) -> None:
    report, _, after = checked(check, "update(2, user_level='Admin')\n")
    assert report.findings == []
    assert "role_id='00000000-0000-4000-8000-0000000000a1'" in after or "role_id=" in after
    assert '"title", "user_level"' in after


@pytest.mark.parametrize(
    "check", ["if set(changes) - WRITABLE: raise SystemExit(1)", "print(sorted(changes))"]
)
def test_other_names_stay(check: str) -> None:
    report, code, after = checked(check, "update(2, title='b')\n")
    assert (report.findings, after) == ([], code)


@pytest.mark.parametrize(
    "look",
    [
        "WRITABLE <= set(u)",
        "WRITABLE <= u.keys()",
        "WRITABLE - u.keys()",
        "WRITABLE.issubset(u)",
        "set(u).difference(WRITABLE)",
    ],
)
def test_names_that_an_answer_has_to_have_are_found(look: str) -> None:
    code = f"{HEAD}u = requests.get(f'{{BASE}}/users/1').json()['user']\nprint({look})\n"
    report = check_texts({"a.py": code}, SETTINGS)
    assert {each.rule for each in report.findings} == {"AUR202"}


@pytest.mark.parametrize("look", ["WRITABLE <= set(u)", "WRITABLE - u.keys()", "u['crm_user_level']"])
def test_names_that_anothers_answer_has_to_have_stay(look: str) -> None:
    code = f"{HEAD}u = requests.get('https://crm.example.com/users/1').json()['user']\nprint({look})\n"
    assert check_texts({"a.py": code}, SETTINGS).findings == []


def test_key_with_a_word_before_it_is_by_hand() -> None:
    code = (
        f"{HEAD}u = requests.get(f'{{BASE}}/users/1').json()['user']\n"
        "row = {f'aurora_{k}': v for k, v in u.items()}\nprint(row['aurora_user_level'])\n"
    )
    (found,) = check_texts({"a.py": code}, SETTINGS).findings
    assert found.rule == "AUR202"
    assert "is made of `user_level` on the way" in found.message


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ('{"/v2/tenants/t/users": 20}', False),
        ('{"users": 20}', True),
    ],
)
def test_path_that_is_looked_up_among_paths_stays(table: str, changes: bool) -> None:
    code = (
        f"import requests\nTIMES = {table}\ndef get(path):\n"
        "    return requests.get('https://api.aurorasolar.com' + path, timeout=TIMES.get(path, 5))\n"
        "get('/v2/tenants/t/projects')\n"
    )
    report = check_texts({"a.py": code}, SETTINGS, Applicability.UNSAFE)
    assert bool(report.changes) is changes
    assert bool(report.findings) is not changes
