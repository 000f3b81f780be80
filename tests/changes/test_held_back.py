"""Programs that do more with a field than a fix sees: it is held back, or made where the answer comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

ROLES = RoleSettings(
    {
        "Admin": "00000000-0000-4000-8000-0000000000a1",
        "Team Member": "00000000-0000-4000-8000-0000000000a2",
    }
)
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=ROLES)
HEAD = """\
from operator import itemgetter
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
def summary(i): return requests.get(f"{BASE}/designs/{i}/summary").json()["design"]
def user(i): return requests.get(f"{BASE}/users/{i}").json()["user"]
"""
RUN = """\
def run(i, options):
    requests.post(f"{BASE}/designs/{i}/auto_designer/run", json={"placement_options": options})
"""

COMPUTED = [
    pytest.param(
        "class Options:\n    def __init__(self): self.held = {}\n"
        "    def set(self, name, value):\n        self.held[name] = value\n        return self\n"
        "run(1, Options().set('row_spacing', 1).set('allow_filler_row', False).held)\n",
        "self.held[name] = value",
        id="a builder",
    ),
    pytest.param(
        "opts = {}\ndef tune(key, value): opts[key] = value\n"
        "tune('row_spacing', 1)\ntune('allow_filler_row', False)\nrun(1, opts)\n",
        "opts[key] = value",
        id="a function",
    ),
    pytest.param(
        "opts = {}\nfor key, value in (('row_spacing', 1), ('allow_filler_row', False)):\n"
        "    opts.update({key: value})\nrun(1, opts)\n",
        "opts.update({key: value})",
        id="a loop",
    ),
    pytest.param(
        "def option(key, value): return {key: value}\n"
        "run(1, {**option('row_spacing', 1), **option('allow_filler_row', False)})\n",
        "return {key: value}",
        id="a display that is returned",
    ),
]


def fixed(code: str, head: str = HEAD) -> tuple[Report, str]:
    report = check_texts({"a.py": head + code}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    after = next((new for _, new in report.changes.values()), head + code)
    return report, after.removeprefix(head)


@pytest.mark.parametrize(("code", "kept"), COMPUTED)
def test_key_that_is_computed_where_it_is_put_takes_nothing_out(code: str, kept: str) -> None:
    report, after = fixed(code, HEAD + RUN)
    assert kept in after
    assert "AUR502" in {found.rule for found in report.findings}


def test_key_that_is_written_out_goes() -> None:
    report, after = fixed("run(1, {'row_spacing': 1, 'allow_filler_row': False})\n", HEAD + RUN)
    assert (report.findings, after) == ([], "run(1, {'row_spacing': 1})\n")


def test_constant_key_goes() -> None:
    report, after = fixed(
        "ROW = 'allow_filler_row'\nopts = {'row_spacing': 1}\nopts[ROW] = False\nrun(1, opts)\n", HEAD + RUN
    )
    assert report.findings == []
    assert "opts[ROW]" not in after


BESIDE = [
    pytest.param("s = summary(1)\ndel s['system_size']\nprint(s['system_size_stc'])\n", id="deleted"),
    pytest.param("s = summary(1)\nprint(s.pop('system_size'), s['system_size_stc'])\n", id="taken out"),
    pytest.param(
        "s = summary(1)\ns['kw'] = s.pop('system_size')\nrequests.post('https://crm.example', json=s)\n",
        id="taken out of what is sent on",
    ),
    pytest.param(
        "s = summary(1)\ns['system_size_stc'] = s['system_size_stc'] / 1000\nprint(s['system_size'])\n",
        id="the successor stored",
    ),
    pytest.param(
        "s = summary(1)\nfor k in ('system_size_stc', 'x'):\n    s.pop(k, None)\nprint(s['system_size'])\n",
        id="the successor taken out",
    ),
    pytest.param(
        "for k, v in summary(1).items():\n    if k == 'system_size':\n        print('size', v)\n"
        "    elif k == 'system_size_stc':\n        print('stc', v)\n",
        id="told apart in a loop",
    ),
]


@pytest.mark.parametrize("code", BESIDE)
def test_two_fields_do_not_become_one(code: str) -> None:
    report, after = fixed(code)
    restored = "['system_size_stc']" in after.replace(code, "").replace('"', "'")
    assert restored or after == code
    assert restored or report.findings


STORED = [
    "s = summary(1)\nif s['system_size'] is None:\n    s['system_size'] = 5\nprint(s['system_size'])\n",
    "s = summary(1)\nif not s.get('system_size'):\n    s.update(system_size=5)\nprint(s['system_size'])\n",
    "x = user(1)\nif not x.get('user_level'):\n    x['user_level'] = 'Admin'\nprint(x['user_level'])\n",
]


@pytest.mark.parametrize("code", STORED)
def test_conditional_store_under_the_old_name_is_no_other_field(code: str) -> None:
    report, after = fixed(code)
    assert after == code
    assert report.findings


def test_default_that_is_written_stays_a_level() -> None:
    _, after = fixed("x = user(1)\nx.setdefault('user_level', 'Admin')\nprint(x['user_level'] == 'Admin')\n")
    assert "x.setdefault('user_level', 'Admin')" in after
    assert 'setdefault("role_id"' not in after.replace("'", '"')


def test_key_of_itemgetter_is_no_place_for_a_table() -> None:
    _, after = fixed("first = itemgetter('email', 'user_level')\nprint(first(user(1)))\n")
    assert "itemgetter('email', 'user_level')" in after


def test_itemgetter_on_own_objects_holds_back() -> None:
    code = "size = itemgetter('system_size')\nprint(size(summary(1)), size({'system_size': 3}))\n"
    report, after = fixed(code)
    assert after == code
    assert [found.rule for found in report.findings] == ["AUR401"]


def test_key_in_two_parts_is_given_back() -> None:
    """The answer gets its old field again where it comes in, in whatever function that is."""
    code = "s = summary(1)\nprint(s['system' '_size'])\n"
    report = check_texts({"a.py": HEAD + code}, SETTINGS, Applicability.UNSAFE)
    assert (report.errors, report.findings) == ([], [])
    ((_, after),) = report.changes.values()
    assert after.endswith(code)
    assert '["system_size"] = design["system_size_stc"]' in after


def test_text_default_stays_a_text() -> None:
    code = (
        "def reason(r):\n    err = r.json().get('error', '')\n"
        "    if isinstance(err, dict):\n        return 'several'\n    return err\n"
        "r = requests.get(BASE + '/projects')\nif not r.ok:\n    print(reason(r))\n"
    )
    _, after = fixed(code)
    assert "or None" not in after
