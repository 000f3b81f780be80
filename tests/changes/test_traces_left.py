"""AUR402: helpers that leave something behind each time are not run again for each item."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

HEAD = """\
import json, logging
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
COUNT = 0
"""
USE = "print([f['payback_period'] for f in get('/designs/d/financings')['financings']])\n"

LEFT = [
    "    requests.post('https://crm.example.com/usage', json={'path': path})\n"
    "    return requests.get(BASE + path).json()\n",
    "    body = requests.get(BASE + path).json()\n"
    "    with open('last.json', 'w') as file:\n        json.dump(body, file)\n    return body\n",
    "    body = requests.get(BASE + path)\n    Path('last').write_text(body.text)\n    return body.json()\n",
]
HARMLESS = [
    "    return requests.get(BASE + path).json()\n",
    "    logging.info('asking for %s', path)\n    return requests.get(BASE + path).json()\n",
    "    with open('token') as file:\n        token = file.read()\n"
    "    return requests.get(BASE + path, headers={'Authorization': token}).json()\n",
    "    r = requests.get(BASE + path)\n    if not r.ok:\n"
    "        requests.post('https://hooks.example.com/alert', json={'path': path})\n    return r.json()\n",
]


def fixed(helper: str) -> tuple[str, list[str]]:
    code = f"{HEAD}def get(path):\n{helper}{USE}"
    report = check_texts({"a.py": code}, Settings(root=Path("/")), Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", code)]
    return after, [each.message for each in report.findings]


@pytest.mark.parametrize("helper", LEFT)
def test_helper_that_leaves_something_behind_is_not_repeated(helper: str) -> None:
    after, messages = fixed(helper)
    assert USE in after
    assert any("which would run again for each item" in message for message in messages)


@pytest.mark.parametrize("helper", HARMLESS)
def test_helper_that_only_asks_is_repeated(helper: str) -> None:
    after, messages = fixed(helper)
    assert messages == []
    assert "['financing']" in after or '["financing"]' in after
