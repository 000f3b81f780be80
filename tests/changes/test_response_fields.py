"""Fields of answers that have another name: what is rewritten and how, and what is left by hand or stays."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

ADMIN = "00000000-0000-4000-8000-0000000000a1"
MEMBER = "00000000-0000-4000-8000-0000000000a2"
SETTINGS = Settings(
    root=Path("/"),
    system_size="stc",
    roles=RoleSettings(levels={"Admin": ADMIN, "Team Member": MEMBER}),
)
CODES = ("AUR202", "AUR401")

USER = """
import requests
def user(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").json()["user"]
"""
DESIGN = """
import requests
def design(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()["design"]
"""
TABLE = f"""
USER_LEVELS = {{
    "{ADMIN}": "Admin",
    "{MEMBER}": "Team Member",
}}
"""

REWRITTEN = {
    "a test becomes one of the role's id": (
        USER + 'def f(i):\n    return user(i)["user_level"] == "Admin"\n',
        USER + f'def f(i):\n    return user(i)["role_id"] == "{ADMIN}"\n',
    ),
    "so do several, the default among them": (
        USER + 'def f(i):\n    return user(i).get("user_level", "Admin") in ("Admin", "Team Member")\n',
        USER + f'def f(i):\n    return user(i).get("role_id", "{ADMIN}") in ("{ADMIN}", "{MEMBER}")\n',
    ),
    "a match statement's patterns": (
        USER + 'def f(i):\n    match user(i):\n        case {"user_level": "Admin"}:\n            return 1\n',
        USER
        + f'def f(i):\n    match user(i):\n        case {{"role_id": "{ADMIN}"}}:\n            return 1\n',
    ),
    "a constant that is only compared with the level": (
        USER + 'BOSS = "Admin"\ndef f(i):\n    return user(i)["user_level"] == BOSS\n',
        USER + f'BOSS = "{ADMIN}"\ndef f(i):\n    return user(i)["role_id"] == BOSS\n',
    ),
    "a constant with other uses stays": (
        USER + 'BOSS = "Admin"\nprint(BOSS)\ndef f(i):\n    return user(i)["user_level"] == BOSS\n',
        USER + f'BOSS = "Admin"\nprint(BOSS)\ndef f(i):\n    return user(i)["role_id"] == "{ADMIN}"\n',
    ),
    "a table that is only looked up by the level": (
        USER + 'RANK = {"Admin": 2, "Team Member": 1}\ndef f(i):\n    return RANK[user(i)["user_level"]]\n',
        USER + f'RANK = {{"{ADMIN}": 2, "{MEMBER}": 1}}\ndef f(i):\n    return RANK[user(i)["role_id"]]\n',
    ),
    "a key constant of its own": (
        DESIGN + 'SIZE = "system_size"\ndef f(i):\n    return design(i)[SIZE]\n',
        DESIGN + 'SIZE = "system_size_stc"\ndef f(i):\n    return design(i)[SIZE]\n',
    ),
    "a key that is handed to a helper": (
        DESIGN
        + 'def pick(d, key):\n    return d[key]\ndef f(i):\n    return pick(design(i), "system_size")\n',
        DESIGN
        + 'def pick(d, key):\n    return d[key]\ndef f(i):\n    return pick(design(i), "system_size_stc")\n',
    ),
    "a placeholder of a template": (
        DESIGN + 'def f(i):\n    return "%(system_size)d W" % design(i)\n',
        DESIGN + 'def f(i):\n    return "%(system_size_stc)d W" % design(i)\n',
    ),
    "a membership test": (
        DESIGN + 'def f(i):\n    return "system_size" in design(i)\n',
        DESIGN + 'def f(i):\n    return "system_size_stc" in design(i)\n',
    ),
    "a dataclass that is made of the answer alone": (
        "from dataclasses import dataclass\n"
        + DESIGN
        + "@dataclass\nclass Size:\n    system_size: float\ndef f(i):\n"
        + '    s = Size(**{"system_size": design(i)["system_size"]})\n    return s.system_size\n',
        "from dataclasses import dataclass\n"
        + DESIGN
        + "@dataclass\nclass Size:\n    system_size: float\ndef f(i):\n"
        + '    s = Size(**{"system_size": design(i)["system_size_stc"]})\n    return s.system_size\n',
    ),
}

TRANSLATED = {
    "the level is printed": 'def f(i):\n    print(user(i)["user_level"])\n',
    "the level is returned to nobody that is seen": 'def f(i):\n    return user(i)["user_level"]\n',
    "the level is compared with the program's own": 'def f(i, row):\n    return user(i)["user_level"] == row["level"]\n',
    "the level is searched": 'def f(i):\n    return user(i)["user_level"].startswith("Team")\n',
    "the level is counted": 'from collections import Counter\ndef f(ids):\n    return Counter(user(i)["user_level"] for i in ids)\n',
    "a level that has no role is tested": 'def f(i):\n    return user(i)["user_level"] == "Owner"\n',
}

BY_HAND = {
    "the settings name no role": (
        'def f(i):\n    return user(i)["user_level"] == "Admin"\n',
        Settings(root=Path("/"), system_size="stc"),
    ),
    "the host is not in the code": (
        'import os\nAURORA = os.environ["AURORA_URL"]\ndef g(i):\n    u = requests.get(f"{AURORA}/tenants/1/users/{i}")'
        '\n    return u.json()["user"]["user_level"] == "Admin"\n',
        SETTINGS,
    ),
    "the helper also reads another vendor's answer": (
        'def level(u):\n    return u["user_level"] == "Admin"\ndef f(i):\n    return level(user(i))\ndef g(i):\n'
        '    return level(requests.get("https://crm.example/users/" + i).json()["user"])\n',
        SETTINGS,
    ),
}

SILENT = {
    "another vendor's user": 'def f(i):\n    return requests.get("https://crm.example/u/" + i).json()["user"]["user_level"]\n',
    "a row of the program's own": 'def f(rows):\n    return [row["user_level"] for row in rows]\n',
    "the new field under an old variable's name": 'def f(i):\n    user_level = user(i)["role_id"]\n    return user_level\n',
    "a key that the program itself put there": 'def f(i):\n    u = user(i)\n    u["user_level"] = u["role_id"][:4]\n'
    '    return u["user_level"]\n',
    "an item of List Users, which never had it": "def f():\n    every = requests.get("
    '"https://api.aurorasolar.com/tenants/1/users").json()["users"]\n    return [u.get("user_level") for u in every]\n',
}


def _fixed(program: str, settings: Settings = SETTINGS) -> tuple[str, list[str]]:
    """The program after all fixes, and what is left to do by hand."""
    report = check_texts({"program.py": program}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    texts = [new for _, new in report.changes.values()]
    left = [f"{found.rule}: {found.message}" for found in report.findings if found.rule in CODES]
    return (texts[0] if texts else program), left


def _lines(program: str) -> list[str]:
    return [line for line in dedent(program).splitlines() if line.strip()]


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN.keys())
def test_names_and_values_change_together(before: str, after: str) -> None:
    compile(after, "after", "exec")
    fixed, left = _fixed(before)
    assert left == []
    assert _lines(fixed) == _lines(after)
    assert _fixed(fixed) == (fixed, [])


@pytest.mark.parametrize("body", TRANSLATED.values(), ids=TRANSLATED.keys())
def test_a_level_with_other_uses_is_looked_up(body: str) -> None:
    fixed, left = _fixed(USER + body)
    assert left == []
    assert _lines(TABLE)[0] in fixed
    assert 'USER_LEVELS.get(user(i)["role_id"])' in fixed
    assert _fixed(fixed) == (fixed, [])


def test_a_parameter_that_is_filled_by_the_answer_gets_the_old_value() -> None:
    show = "def show(user_level, **rest):\n    print(user_level)\ndef f(i):\n"
    given = 'requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").json()["user"]'
    fixed, left = _fixed(f"import requests\n{show}    show(**{given})\n")
    assert left == []
    assert _lines(fixed)[-4:] == [
        "def f(i):",
        f"    user = {given}",
        '    user["user_level"] = USER_LEVELS.get(user.pop("role_id", None))',
        "    show(**user)",
    ]


@pytest.mark.parametrize(("body", "settings"), BY_HAND.values(), ids=BY_HAND.keys())
def test_what_cannot_be_told_is_left_by_hand(body: str, settings: Settings) -> None:
    fixed, left = _fixed(USER + body, settings)
    assert fixed == USER + body
    assert left


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT.keys())
def test_lookalikes_stay(body: str) -> None:
    assert _fixed(USER + body) == (USER + body, [])


OWN_OBJECTS = {
    "a fallback of the program's own": "def f(i):\n    try:\n        s = design(i)\n    except KeyError:\n"
    '        s = {"system_size": 0}\n    return s["system_size"]\n',
    "defaults under the answer": 'BASE = {"system_size": 0}\ndef f(i):\n    return {**BASE, **design(i)}["system_size"]\n',
    "a cache that the program fills itself": "CACHE = {}\ndef summary(i):\n    if i not in CACHE:\n"
    '        CACHE[i] = design(i)\n    return CACHE[i]\ndef offline(i):\n    CACHE[i] = {"system_size": 0}\n'
    'def f(i):\n    return summary(i)["system_size"]\n',
    "a decorator that another vendor's function has, too": "def kw(fn):\n    def inner(*args):\n"
    '        return fn(*args)["system_size"] / 1000\n    return inner\n@kw\ndef ours(i):\n    return design(i)\n@kw\n'
    'def theirs(i):\n    return requests.get("https://enphase.example/systems/" + i).json()\n',
}

BOTH_VERSIONS = {
    "asked for": 'def f(i):\n    u = user(i)\n    return u["role_id"] if "role_id" in u else u["user_level"]\n',
    "the old one where the new one is empty": "def f(i):\n    u = user(i)\n"
    '    return u.get("role_id") or u.get("user_level")\n',
    "the old one where the new one fails": 'def f(i):\n    u = user(i)\n    try:\n        return u["role_id"]\n'
    '    except KeyError:\n        return u["user_level"]\n',
    "by the version": 'def f(i, version):\n    if version == "2018.01":\n        return user(i)["user_level"]\n'
    '    return user(i)["role_id"]\n',
}


@pytest.mark.parametrize("body", OWN_OBJECTS.values(), ids=OWN_OBJECTS.keys())
def test_a_look_that_may_find_another_object_is_left_by_hand(body: str) -> None:
    fixed, left = _fixed(DESIGN + body)
    assert fixed == DESIGN + body
    assert left


@pytest.mark.parametrize("body", BOTH_VERSIONS.values(), ids=BOTH_VERSIONS.keys())
def test_a_program_for_both_versions_stays(body: str) -> None:
    assert _fixed(USER + body) == (USER + body, [])


def test_a_client_that_nobody_knows_sends_requests_all_the_same() -> None:
    program = (
        "class Aurora:\n    def __init__(self, http):\n        self.http = http\n    def size(self, i):\n"
        '        url = f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary"\n'
        '        return self.http.get(url).json()["design"]["system_size"]\n'
    )
    assert _fixed(program) == (program.replace('"system_size"', '"system_size_stc"'), [])


def test_reading_changing_and_writing_back_change_together() -> None:
    program = (
        'def f(i):\n    u = user(i)\n    if u["user_level"] != "Admin":\n        u["user_level"] = "Admin"\n'
        '        requests.put(f"https://api.aurorasolar.com/tenants/1/users/{i}", json={"user": u})\n'
        '    return u["user_level"] == "Admin"\nprint(f("1"))\n'
    )
    after = program.replace("user_level", "role_id").replace("Admin", ADMIN)
    assert _fixed(USER + program) == (USER + after, [])
