"""Answers that exceptions, caches and files of the program's own keep."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import ADMIN, SETTINGS

HEAD = """import json, pickle, requests, shelve
from cachetools import TTLCache
from pathlib import Path
URL = "https://api.aurorasolar.com/tenants/1"
cache = TTLCache(10, 60)
def user(i):
    return requests.get(URL + f"/users/{i}")
"""
REWRITTEN = {
    "an exception's arguments": (
        """\
class Found(Exception):
    pass
def seek(i):
    raise Found(i, user(i).json()["user"])
def f(i):
    try:
        seek(i)
    except Found as found:
        number, person = found.args
        return person["user_level"] == "Admin"
"""
    ),
    "one of Python's exceptions": (
        """\
def seek(i):
    raise LookupError(user(i).json()["user"])
def f(i):
    try:
        seek(i)
    except LookupError as found:
        return found.args[0]["user_level"] == "Admin"
"""
    ),
    "a cache": (
        """\
def load(i):
    cache[i] = user(i).json()["user"]
def f(i):
    return cache[i]["user_level"] == "Admin"
"""
    ),
    "a list that one method fills": (
        """\
class Users:
    def __init__(self):
        self.rows = []
    def load(self, i):
        self.rows.append(user(i).json()["user"])
    def admins(self):
        return [row for row in self.rows if row["user_level"] == "Admin"]
"""
    ),
    "what a generator returns": (
        """\
def seek(i):
    yield i
    return user(i).json()["user"]
def f(i):
    found = yield from seek(i)
    print(found["user_level"] == "Admin")
"""
    ),
}


@pytest.mark.parametrize("body", REWRITTEN.values(), ids=REWRITTEN)
def test_what_they_keep_is_rewritten(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [found.message for found in [*report.findings, *report.errors]] == []
    after = body.replace("user_level", "role_id").replace('"Admin"', f'"{ADMIN}"')
    assert [new for _, new in report.changes.values()] == [HEAD + after]


LEFT = {
    "another exception's arguments": (
        """\
def seek(i):
    if i:
        raise LookupError(user(i).json()["user"])
    raise ValueError({"user_level": 1})
def f(i):
    try:
        seek(i)
    except ValueError as found:
        return found.args[0]["user_level"]
"""
    ),
    "another argument": (
        """\
class Found(Exception):
    pass
def f(i):
    try:
        raise Found({"user_level": 1}, user(i).json()["user"])
    except Found as found:
        return found.args[0]["user_level"]
"""
    ),
    "another cache": (
        """\
levels = TTLCache(10, 60)
def load(i):
    cache[i] = user(i).json()["user"]
def f(i):
    return levels[i]["user_level"]
"""
    ),
    "another file": (
        """\
def load(i):
    Path("user.json").write_text(user(i).text)
def f(i):
    return json.loads(Path("levels.json").read_text())["user_level"]
"""
    ),
    "another shelf": (
        """\
def load(i):
    with shelve.open("users") as kept:
        kept["one"] = user(i).json()["user"]
def f(i):
    with shelve.open("levels") as kept:
        return kept["one"]["user_level"]
"""
    ),
    "another class's list": (
        """\
class Users:
    def __init__(self):
        self.rows = []
    def load(self, i):
        self.rows.append(user(i).json()["user"])
class Levels:
    def __init__(self):
        self.rows = []
    def load(self, text):
        self.rows.append(json.loads(text))
    def names(self):
        return [row["user_level"] for row in self.rows]
"""
    ),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_what_others_keep_stays(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    assert report.changes == {}
