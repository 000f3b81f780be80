"""Programs of which no request shows that it is Aurora's: likely, where path and names are its alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability, Certainty

ROLES = RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"})
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=ROLES)
LOST = """\
\"\"\"Pull the sizes of designs from Aurora.\"\"\"
import os
import requests
BASE = os.environ["DESIGN_API"]
"""

FOUND = [
    pytest.param(
        "def f(t, i):\n    found = requests.get(f'{BASE}/tenants/{t}/designs/{i}/summary').json()\n"
        "    return found['design']['system_size']\n",
        {"AUR401"},
        id="the whole path",
    ),
    pytest.param(
        "def f(i): return requests.get(f'{BASE}/users/{i}').json()['user']['user_level']\n",
        {"AUR202"},
        id="behind the tenant",
    ),
    pytest.param(
        "def f(i):\n    o = {'row_spacing_meters': 0.1}\n"
        "    requests.post(f'{BASE}/designs/{i}/auto_designer/run', json={'placement_options': o})\n",
        {"AUR501"},
        id="options",
    ),
    pytest.param(
        "def f(i):\n    r = requests.get(f'{BASE}/designs/{i}/summary')\n"
        "    if not r.ok:\n        raise ValueError(r.json()['error'])\n",
        {"AUR301"},
        id="an error of an endpoint that is Aurora's alone",
    ),
    pytest.param(
        "def f(i):\n    found = requests.get(f'{BASE}/designs/{i}/financings').json()['financings']\n"
        "    return [each['financing_type'] for each in found]\n",
        {"AUR402"},
        id="financings",
    ),
]
SILENT = [
    pytest.param(
        "def f(i): return requests.get(f'{BASE}/people/{i}').json()['user']['user_level']\n",
        id="another path",
    ),
    pytest.param(
        "def f(i):\n    r = requests.get(f'{BASE}/users/{i}')\n"
        "    if not r.ok:\n        raise ValueError(r.json()['error'])\n",
        id="an error of users, whom everybody has",
    ),
    pytest.param(
        "def f(i): return requests.get(f'https://hr.example/users/{i}').json()['user']['user_level']\n",
        id="a host that is known",
    ),
    pytest.param(
        "def f(i): return requests.get(os.environ.get('HR', 'https://hr.example') + f'/users/{i}')"
        ".json()['user']['user_level']\n",
        id="a default that is another's",
    ),
    pytest.param(
        "requests.get('https://api.aurorasolar.com/tenants/t/designs')\n"
        "def f(i): return requests.get(f'{BASE}/users/{i}').json()['user']['user_level']\n",
        id="Aurora is seen elsewhere",
    ),
]


def checked(code: str, fix: Applicability | None = None) -> Report:
    report = check_texts({"sizes.py": LOST + code}, SETTINGS, fix)
    assert report.errors == []
    return report


@pytest.mark.parametrize(("code", "rules"), FOUND)
def test_what_ends_like_aurora_is_likely(code: str, rules: set[str]) -> None:
    report = checked(code, Applicability.UNSAFE)
    assert {found.rule for found in report.findings} == rules
    assert {found.certainty for found in report.findings} == {Certainty.LIKELY}
    assert report.changes == {}


@pytest.mark.parametrize("code", SILENT)
def test_what_may_be_anyones_is_silent(code: str) -> None:
    assert checked(code).findings == []


@pytest.mark.parametrize(("code", "rules"), FOUND)
def test_program_that_never_says_aurora_is_silent(code: str, rules: set[str]) -> None:
    report = check_texts({"sizes.py": LOST.replace("Aurora", "our tool") + code}, SETTINGS)
    assert report.findings == []
