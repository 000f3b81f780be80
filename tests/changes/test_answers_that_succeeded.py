"""AUR301 leaves answers alone that are known to be no refusal: those have no error, and their words stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

HEAD = 'import requests\nfrom http import HTTPStatus\nURL = "https://api.aurorasolar.com/tenants/t"\n'

GOOD = [
    "r.raise_for_status()\n    print(r.json()['message'])",
    "if r.ok:\n        print(r.json()['message'])",
    "if not r.ok:\n        return None\n    print(r.json()['message'])",
    "if r.status_code < 400:\n        print(r.json()['message'])",
    "if r.status_code >= 400:\n        return\n    print(r.json()['message'])",
    "if r.status_code == 200:\n        print(r.json()['message'])",
    "if r.status_code in (200, 202):\n        print(r.json()['message'])",
    "if r.status_code // 100 == 2:\n        print(r.json()['message'])",
    "if 200 <= r.status_code < 300:\n        print(r.json()['message'])",
    "if r.status_code in range(200, 300):\n        print(r.json()['message'])",
    "if r.status_code == requests.codes.ok:\n        print(r.json()['message'])",
    "if r.status_code == HTTPStatus.ACCEPTED:\n        print(r.json()['message'])",
    "assert r.status_code == 200\n    print(r.json()['message'])",
    "match r.status_code:\n        case 200:\n            print(r.json()['message'])",
    "status = r.status_code\n    good = status == 200\n    if good:\n        print(r.json()['message'])",
    "if r.ok and i:\n        print(r.json()['message'])",
    "print(r.json()['message'] if r.ok else 'no')",
    "print('no' if not r.ok else r.json()['message'])",
    "r.ok and print(r.json()['message'])",
    "r.ok or print('no')\n    if not r.ok:\n        return\n    print(r.json()['message'])",
    "body = r.json()\n    if r.status_code != 200:\n        return\n    print(body['message'])",
    "match r.status_code, r.json():\n        case 200, body:\n            print(body['message'])",
    "match r.status_code:\n        case 200 | 202:\n            print(r.json()['message'])",
    "if not r.ok:\n        raise LookupError(i)\n    body = r.json()\n    return body.get('error', 'none')",
]
BAD = [
    "print('fine' if r.ok else r.json()['message'])",
    "print(r.json()['message'] if r.ok else 'no', r.json()['message'])",
    "r.ok or print(r.json()['message'])",
    "match r.status_code:\n        case 200 | 404:\n            print(r.json()['message'])",
    "r = r.json() if r.status_code == r.status_code else r\n    print(r['message'])",
    "body = r.json()\n    if r.status_code == 200:\n        return\n    print(body['message'])",
    "try:\n        body = r.json()\n        r.raise_for_status()\n        return body\n"
    "    except requests.HTTPError:\n        print(body['message'])",
    "if not r.ok:\n        print(r.json()['message'])",
    "if r.status_code == 422:\n        print(r.json()['message'])",
    "if r.ok:\n        return\n    print(r.json()['message'])",
    "if r.ok or i:\n        print(r.json()['message'])",
    "if r.status_code != 204:\n        print(r.json()['message'])",
    "try:\n        r.raise_for_status()\n    except requests.HTTPError:\n        print(r.json()['message'])",
    "try:\n        r.raise_for_status()\n    except requests.HTTPError as e:\n"
    "        print(e.response.json()['message'])",
    "for _ in range(3):\n        if r.ok:\n            break\n        r = requests.get(URL)\n"
    "    print(r.json()['message'])",
    "if i:\n        r.raise_for_status()\n    print(r.json()['message'])",
    "r.raise_for_status()\n    r = requests.get(URL + '/designs')\n    print(r.json()['message'])",
]


def fixed(body: str) -> tuple[bool, bool]:
    """Whether AUR301 changed the program, and whether it is found at all."""
    code = f"{HEAD}def f(i):\n    r = requests.get(f'{{URL}}/users/{{i}}')\n    {body}\nf(1)\n"
    report = check_texts({"a.py": code}, Settings(root=Path("/")), Applicability.UNSAFE)
    assert report.errors == []
    return bool(report.changes), any(each.rule == "AUR301" for each in [*report.fixed, *report.findings])


@pytest.mark.parametrize("body", GOOD)
def test_answer_that_succeeded_stays(body: str) -> None:
    assert fixed(body) == (False, False)


@pytest.mark.parametrize("body", BAD)
def test_answer_that_may_be_a_refusal_is_rewritten(body: str) -> None:
    assert fixed(body) == (True, True)


def test_responses_in_a_list_are_told_apart_one_by_one() -> None:
    code = (
        f"{HEAD}answers = [requests.get(f'{{URL}}/users/{{i}}') for i in 'ab']\n"
        "for r in answers:\n"
        "    if r.ok:\n        print(r.json()['message'])\n"
        "    else:\n        print('no', r.json()['message'])\n"
    )
    report = check_texts({"a.py": code}, Settings(root=Path("/")), Applicability.UNSAFE)
    ((_, after),) = report.changes.values()
    assert "    if r.ok:\n        print(r.json()['message'])\n" in after
    assert "print('no', r.json()['message'])" not in after


def test_helper_that_checks_lets_only_good_answers_through() -> None:
    code = (
        f"{HEAD}def fetch(path):\n    r = requests.get(URL + path)\n"
        "    if r.status_code >= 400:\n        raise RuntimeError(r.json()['error'])\n    return r.json()\n"
        "def main():\n    found = fetch('/designs')\n    print(found.get('message', 'fine'))\nmain()\n"
    )
    report = check_texts({"a.py": code}, Settings(root=Path("/")), Applicability.UNSAFE)
    ((_, after),) = report.changes.values()
    assert "print(found.get('message', 'fine'))" in after
    assert "r.json()['error']" not in after
