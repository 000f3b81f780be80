"""Answers whose values are made anew, key by key, and stores by the names of the special methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(
    root=Path("/"),
    system_size="stc",
    roles=RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"}),
)
HEAD = """\
import functools, operator
import requests
BASE = "https://api.aurorasolar.com/tenants/t"
def summary(i): return requests.get(f"{BASE}/designs/{i}/summary").json()["design"]
def user(i): return requests.get(f"{BASE}/users/{i}").json()["user"]
"""


def checked(body: str, head: str = HEAD) -> tuple[Report, str]:
    report = check_texts({"a.py": head + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    ((_, after),) = report.changes.values() or [("", head + body)]
    return report, after.removeprefix(head)


@pytest.mark.parametrize("value", ["v * 2", "str(v)", "v or 0", "len(v) if v else 0", "None"])
def test_field_keeps_its_key_where_values_are_made_anew(value: str) -> None:
    report, after = checked(f"d = {{k: {value} for k, v in summary(1).items()}}\nprint(d['system_size'])\n")
    assert [each.rule for each in report.fixed] == ["AUR401"]
    assert "print(d['system_size_stc'])" in after


@pytest.mark.parametrize("value", ["v.lower()", "f'<{v}>'"])
def test_level_that_was_made_anew_is_not_looked_up(value: str) -> None:
    report, after = checked(f"d = {{k: {value} for k, v in user(1).items() if v}}\nprint(d['user_level'])\n")
    assert any(each.rule == "AUR202" for each in [*report.fixed, *report.findings])
    assert "USER_LEVELS.get(d[" not in after


@pytest.mark.parametrize(
    "body",
    [
        "d = {k: 1 for k in ('system_size', 'name')}\nprint(d['system_size'])\n",
        "d = {f'{k}s': v for k, v in {'system_size': 1}.items()}\nprint(d['system_sizes'])\n",
        "d = {k: v for k, v in requests.get('https://crm.example.com/a').json().items()}\n"
        "print(d['system_size'])\n",
        "d = {k: v + 1 for k, v in requests.get('https://crm.example.com/a').json().items()}\n"
        "print(d['system_size'])\n",
    ],
)
def test_own_and_foreign_mappings_stay(body: str) -> None:
    report, after = checked(body)
    assert (report.findings, after) == ([], body)


@pytest.mark.parametrize(
    "store",
    [
        "d.__setitem__('system_size', 5)",
        "dict.__setitem__(d, 'system_size', 5)",
        "operator.setitem(d, 'system_size', 5)",
        "functools.partial(dict.__setitem__, d)('system_size', 5)",
        "list(map(lambda kv: d.__setitem__(*kv), {'system_size': 5}.items()))",
    ],
)
def test_what_the_program_stores_is_its_own(store: str) -> None:
    body = f"d = summary(1)\n{store}\nprint(d['system_size'])\n"
    report, after = checked(body)
    assert (report.findings, after) == ([], body)


def test_body_that_another_vendor_gets_too_is_not_added_to() -> None:
    report, after = checked(
        "src = requests.get(f'{BASE}/designs/d').json()['design']\n"
        "body = {'design': {'project_id': src['project_id'], 'name': 'Copy'}}\n"
        "query = {'site_model_design_id': src['id'], 'include_design': 'true'}\n"
        "requests.post(f'{BASE}/designs', params=query, json=body)\n"
        "requests.post('https://crm.example.com/copies', json=body)\n"
    )
    assert "external_provider_id" not in after
    assert {each.rule for each in report.findings} == {"AUR403"}
    assert "its body is also that of a.py:" in report.findings[0].message


@pytest.mark.parametrize(
    ("use", "kept"),
    [
        ("requests.put(f'{BASE}/projects/p', json={'project': {k: v for k, v in body.items()}})\n", True),
        ("print(body)\n", True),
        ("print(body['name'])\n", False),
        ("", False),
    ],
)
def test_body_that_goes_on_is_not_added_to(use: str, kept: bool) -> None:
    report, after = checked(
        "src = requests.get(f'{BASE}/designs/d').json()['design']\n"
        "body = {'project_id': src['project_id'], 'name': 'Copy'}\n"
        "query = {'site_model_design_id': src['id'], 'include_design': 'true'}\n"
        "requests.post(f'{BASE}/designs', params=query, json={'design': body})\n" + use
    )
    assert ("external_provider_id" not in after) is kept
    assert ({each.rule for each in report.findings} == {"AUR403"}) is kept


MERGED = """\
d = summary(1)
d.update(summary(2))
print([d[name] for name in ('id', 'system_size')])
"""


def test_answer_that_is_put_into_another_is_read_there() -> None:
    report, after = checked("d = user(1)\nd |= user(2)\nprint(d['user_level'])\n")
    assert any(each.rule == "AUR202" for each in [*report.fixed, *report.findings])
    assert "['user_level'])" not in after or report.findings
    report, _ = checked(MERGED)
    assert any(each.rule == "AUR401" for each in [*report.fixed, *report.findings])


def test_foreign_answer_that_is_put_into_an_own_mapping_stays() -> None:
    body = "d = {}\nd |= requests.get('https://crm.example.com/a').json()\nprint(d['user_level'])\n"
    report, after = checked(body)
    assert (report.findings, after) == ([], body)


@pytest.mark.parametrize(
    ("look", "changed"),
    [
        ("d.get('system_size_stc', d['system_size'])", True),
        ("d.get('system_size_stc', d.get('system_size'))", False),
        ("d.get('system_size_stc') or d['system_size']", False),
        ("d['system_size_stc'] if 'system_size_stc' in d else d['system_size']", False),
    ],
)
def test_old_field_that_is_looked_up_whatever_there_is_has_to_change(look: str, changed: bool) -> None:
    _, after = checked(f"d = summary(1)\nprint({look})\n")
    assert (after != f"d = summary(1)\nprint({look})\n") is changed


@pytest.mark.parametrize(
    "through",
    [
        "d = {k: (v / 1000 if k == 'system_size' else v) for k, v in d.items()}",
        "d = {('size_w' if k == 'system_size' else k): v for k, v in d.items()}",
        "for k, v in list(d.items()):\n    if k == 'system_size': d[k] = v / 1000",
    ],
)
def test_field_that_is_told_from_all_others_has_its_old_name_again(through: str) -> None:
    taken = "d = requests.get(f'{BASE}/designs/1/summary').json()['design']\n"
    report, after = checked(f"{taken}{through}\nprint(d)\n")
    assert [each.rule for each in report.fixed] == ["AUR401"]
    assert "k == 'system_size'" in after
    assert 'd["system_size"] = d["system_size_stc"]' in after


@pytest.mark.parametrize(
    "through",
    ["[v for k, v in d.items() if k == 'system_size']", "{k: v for k, v in d.items() if k == 'system_size'}"],
)
def test_field_that_alone_is_taken_is_renamed(through: str) -> None:
    _, after = checked(f"d = summary(1)\nprint({through})\n")
    assert "k == 'system_size_stc'" in after
