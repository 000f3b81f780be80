"""Fields of answers that come by named tuples, patterns and containers of the program's own."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import ADMIN, SETTINGS

HEAD = """import requests
from collections import namedtuple
from collections.abc import Mapping
from typing import NamedTuple
URL = "https://api.aurorasolar.com/tenants/1"
def answer(path):
    return requests.get(URL + path)
"""
REWRITTEN = {
    "a named tuple that is unpacked": (
        """\
Result = namedtuple("Result", "status body")
def fetch(i):
    got = answer(f"/users/{i}")
    return Result(got.status_code, got.json())
def f(i):
    status, body = fetch(i)
    return body["user"]["user_level"] == "Admin"
""",
        [('body["user"]["user_level"] == "Admin"', f'body["user"]["role_id"] == "{ADMIN}"')],
    ),
    "a field of a named tuple, by name and by number": (
        """\
class User(NamedTuple):
    id: str
    user_level: str
def f(i):
    user = User(**answer(f"/users/{i}").json()["user"])
    id, level = user
    return user.user_level == "Admin" or level == "Admin" or user[1] == "Admin"
""",
        [("    user_level: str", "    role_id: str"), ("user.user_level", "user.role_id"), ("Admin", ADMIN)],
    ),
    "what an object's own generator yields": (
        """\
class Pair:
    def __init__(self, got):
        self.status, self.body = got.status_code, got.json()
    def __iter__(self):
        yield self.status
        yield self.body
def f(i):
    status, body = Pair(answer(f"/designs/{i}/summary"))
    return body["design"]["system_size"]
""",
        [('["system_size"]', '["system_size_stc"]')],
    ),
    "a tuple's pattern": (
        """\
def f(i):
    got = answer(f"/users/{i}")
    match got.status_code, got.json():
        case 200, {"user": {"user_level": "Admin"}}:
            return 1
""",
        [('"user_level": "Admin"', f'"role_id": "{ADMIN}"')],
    ),
    "a list of one's own": (
        """\
class Users(list):
    def admins(self):
        return [user for user in self if user["user_level"] == "Admin"]
def f(ids):
    return Users(answer(f"/users/{i}").json()["user"] for i in ids).admins()
""",
        [('user["user_level"] == "Admin"', f'user["role_id"] == "{ADMIN}"')],
    ),
    "a dict whose keys are attributes": (
        """\
class User(dict):
    __getattr__ = dict.get
def f(i):
    return User(answer(f"/users/{i}").json()["user"]).user_level == "Admin"
""",
        [('user_level == "Admin"', f'role_id == "{ADMIN}"')],
    ),
    "a dict that is asked for the key": (
        """\
class User(dict):
    pass
def f(i):
    user = User(answer(f"/users/{i}").json()["user"])
    return "user_level" in user and user["user_level"] == "Admin"
""",
        [('"user_level"', '"role_id"'), ('"Admin"', f'"{ADMIN}"')],
    ),
}


@pytest.mark.parametrize(("before", "changes"), REWRITTEN.values(), ids=REWRITTEN)
def test_what_comes_by_them_is_rewritten(before: str, changes: list[tuple[str, str]]) -> None:
    after = before
    for old, new in changes:
        after = after.replace(old, new)
    report = check_texts({"a.py": HEAD + before}, SETTINGS, Applicability.UNSAFE)
    assert [found.message for found in [*report.findings, *report.errors]] == []
    assert [new for _, new in report.changes.values()] == [HEAD + after]


OWN = """\
class User(Mapping):
    def __init__(self, data): self.data = data
    def __getitem__(self, key): return self.data[key]
    def __iter__(self): return iter(self.data)
    def __len__(self): return len(self.data)
"""
SHARED = {
    "a mapping's own getter": OWN + "def f(i):\n    user = User(answer(f'/users/{i}').json()['user'])\n",
    "a class with a getter": (
        "class User:\n    def __init__(self, data): self.data = data\n"
        "    def __getitem__(self, key): return self.data[key]\n    get = __getitem__\n"
        "def f(i):\n    user = User(answer(f'/users/{i}').json()['user'])\n"
    ),
}


@pytest.mark.parametrize("body", SHARED.values(), ids=SHARED)
def test_no_value_is_translated_where_other_keys_are_looked_for(body: str) -> None:
    """The look inside the getter is for all keys; what it finds under another one is no level."""
    body += "    return user.get('user_level'), user.get('email')\n"
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    text = next((new for _, new in report.changes.values()), HEAD + body)
    assert "return self.data[key]" in text
    assert report.findings or "user_['user_level'] = " in text or 'user_["user_level"] = ' in text


LEFT = {
    "another item of a tuple": (
        "Result = namedtuple('Result', 'own body')\ndef f(i):\n"
        "    own, body = Result({'user_level': 1}, answer(f'/users/{i}').json())\n"
        "    return own['user_level']\n"
    ),
    "another place of a pattern": (
        "def f(i, own):\n    match {'user_level': 1}, answer(f'/users/{i}').json():\n"
        "        case {'user_level': level}, _:\n            return level\n"
    ),
    "an item of a list of one's own": (
        "class Rows(list): pass\ndef f(i):\n    rows = Rows([{'system_size': 1}])\n"
        "    return rows[0]['system_size'], answer(f'/designs/{i}/summary')\n"
    ),
    "a key of a dict of one's own": (
        "class Kept(dict): pass\ndef f(i):\n    kept = Kept(design=answer(f'/designs/{i}/summary').json())\n"
        "    kept['system_size'] = 1\n    return kept['system_size']\n"
    ),
    "an attribute that the class has": (
        "class User(dict):\n    user_level = 'own'\n    __getattr__ = dict.get\n"
        "def f(i):\n    return User(answer(f'/users/{i}').json()['user']).user_level\n"
    ),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_what_is_the_programs_own_stays(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    assert report.changes == {}
