"""Fields of answers whose wrapper is taken off without its key: rewritten as those under the key are."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import ADMIN, SETTINGS

HEAD = """import requests
URL = "https://api.aurorasolar.com/tenants/1"
def answer(path):
    return requests.get(URL + path).json()
"""
REWRITTEN = {
    "the first value": (
        'def f(i):\n    return next(iter(answer(f"/users/{i}").values()))["user_level"] == "Admin"\n',
        'def f(i):\n    return next(iter(answer(f"/users/{i}").values()))["role_id"] == "' + ADMIN + '"\n',
    ),
    "the only value": (
        'def f(i):\n    (design,) = answer(f"/designs/{i}/summary").values()\n'
        '    return design["system_size"] / 1000\n',
        'def f(i):\n    (design,) = answer(f"/designs/{i}/summary").values()\n'
        '    return design["system_size_stc"] / 1000\n',
    ),
    "each of the keys": (
        'def f(i):\n    body = answer(f"/users/{i}")\n    for key in body:\n'
        '        if body[key]["user_level"] == "Admin":\n            return key\n',
        'def f(i):\n    body = answer(f"/users/{i}")\n    for key in body:\n'
        f'        if body[key]["role_id"] == "{ADMIN}":\n            return key\n',
    ),
    "an item that is popped": (
        'def f(i):\n    return answer(f"/designs/{i}/summary").popitem()[1].get("system_size")\n',
        'def f(i):\n    return answer(f"/designs/{i}/summary").popitem()[1].get("system_size_stc")\n',
    ),
    "whatever a copy holds under the key": (
        "def copied(body):\n    return {key: held for key, held in body.items()}\n"
        'def f(i):\n    return copied(answer(f"/designs/{i}/summary"))["design"]["system_size"]\n',
        "def copied(body):\n    return {key: held for key, held in body.items()}\n"
        'def f(i):\n    return copied(answer(f"/designs/{i}/summary"))["design"]["system_size_stc"]\n',
    ),
}
LEFT = {
    "what is further in": (
        'def f(i):\n    (design,) = answer(f"/designs/{i}/summary").values()\n'
        '    return [each["system_size"] for each in design["arrays"].values()]\n'
    ),
    "another endpoint's": 'def f(i):\n    return list(answer(f"/projects/{i}").values())[0]["system_size"]\n',
    "the key itself": 'def f(i):\n    return [key["user_level"] for key in answer(f"/users/{i}")]\n',
    "a mapping of the program's own": (
        'def f(i):\n    body = {"design": {"system_size": 5}}\n'
        '    return next(iter(body.values()))["system_size"], answer(f"/designs/{i}/summary")\n'
    ),
    "another vendor's": (
        "def f(i):\n"
        '    body = requests.get(f"https://api.vendor.example/tenants/1/designs/{i}/summary").json()\n'
        '    return next(iter(body.values()))["system_size"]\n'
    ),
}


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN)
def test_looks_below_the_wrapper_are_rewritten(before: str, after: str) -> None:
    report = check_texts({"a.py": HEAD + before}, SETTINGS, Applicability.UNSAFE)
    assert [found.message for found in [*report.findings, *report.errors]] == []
    assert [new for _, new in report.changes.values()] == [HEAD + after]


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_other_looks_are_not(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    assert report.changes == {}


def test_what_either_of_two_endpoints_answers_is_reported() -> None:
    body = """\
def f(i, brief):
    (held,) = answer(f"/designs/{i}/summary" if brief else f"/projects/{i}").values()
    return held["system_size"]
"""
    report = check_texts({"a.py": HEAD + body}, SETTINGS)
    assert [(found.rule, found.location.start.line - 4) for found in report.findings] == [("AUR401", 3)]
