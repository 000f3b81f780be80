"""AUR301: code that reads other things than Aurora's answers, too, is left to the user."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed

SHARED = [
    pytest.param(
        """\
def describe(body): return body.get("error") or "?"
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise ValueError(describe(r.json()))
def offline(): print(describe({"error": "no network"}))
""",
        [("AUR301", 1)],
        id="a function gets a dict of the program's own, too",
    ),
    pytest.param(
        """\
cache = {}
def f(i):
    if i not in cache: cache[i] = requests.get(URL + "/users/" + i).json()
    return cache[i]
def fill(i, text): cache[i] = {"error": text}
def show(i): print(f(i)["error"])
""",
        [("AUR301", 6)],
        id="a cache that the program fills, too",
    ),
    pytest.param(
        """\
NOTHING = {"error": "nothing"}
def f(i):
    body = requests.get(URL + "/users/" + i).json() or NOTHING
    print(body["error"])
""",
        [("AUR301", 4)],
        id="or",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    body = r.json() if r.content else {"error": "empty"}
    if "error" in body:
        print(body["error"])
""",
        [("AUR301", 4), ("AUR301", 5)],
        id="a conditional expression",
    ),
    pytest.param(
        """\
def f(i):
    try:
        body = requests.get(URL + "/users/" + i).json()
    except ValueError as problem:
        body = {}
        body["error"] = str(problem)
    print(body.get("error"))
""",
        [("AUR301", 7)],
        id="made up in an except clause",
    ),
    pytest.param(
        """\
def get(i):
    data = requests.get(URL + "/users/" + i).json()
    if data.get("error"):
        return {"error": data["error"]}
    return data
def show(i):
    d = get(i)
    if "error" in d: return "failed: " + d["error"]
    return d["user"]["id"]
""",
        [("AUR301", 3), ("AUR301", 4), ("AUR301", 8)],
        id="made anew from the answer",
    ),
    pytest.param(
        """\
def logged(fn):
    def inner(*a, **k):
        r = fn(*a, **k)
        if not r.ok: print(r.json()["error"])
        return r
    return inner
@logged
def user(i): return requests.get(URL + "/users/" + i)
@logged
def lead(i): return requests.get("https://crm.example/leads/" + i)
""",
        [("AUR301", 4)],
        id="a decorator of another vendor's function that nothing calls",
    ),
    pytest.param(
        """\
class Logged:
    def __init__(self, fn): self.fn = fn
    def __call__(self, *a, **k):
        r = self.fn(*a, **k)
        if not r.ok: print(r.json()["error"])
        return r
@Logged
def user(i): return requests.get(URL + "/users/" + i)
@Logged
def lead(i): return requests.get("https://crm.example/leads/" + i)
""",
        [("AUR301", 5)],
        id="a class as such a decorator",
    ),
]


@pytest.mark.parametrize(("body", "left"), SHARED)
def test_shared_code_is_left_to_the_user(body: str, left: list[tuple[str, int]]) -> None:
    after, found = fixed(body)
    assert (after, sorted(set(found))) == (body, left)


def test_an_empty_dict_in_its_place_does_not_hinder() -> None:
    body = """\
def f(i):
    try:
        body = requests.get(URL + "/users/" + i).json()
    except ValueError:
        body = {}
    print(body.get("error"))
"""
    assert fixed(body)[1] == []


def test_a_decorator_of_auroras_functions_alone_is_rewritten() -> None:
    body = """\
def logged(fn):
    def inner(*a, **k):
        r = fn(*a, **k)
        if not r.ok: print(r.json()["error"])
        return r
    return inner
@logged
def user(i): return requests.get(URL + "/users/" + i)
@logged
def project(i): return requests.get(URL + "/projects/" + i)
"""
    after, left = fixed(body)
    assert left == []
    assert 'body.get("errors")' in after
