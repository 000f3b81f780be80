"""AUR201 where the program lists the levels that a value can be: they are looked up in a table of ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

ROLES = {
    "Admin": "00000000-0000-4000-8000-0000000000a1",
    "Team Member": "00000000-0000-4000-8000-0000000000a2",
}
HEAD = """\
import argparse, csv
import click
import requests
URL = "https://api.aurorasolar.com/tenants/t/users"
def create(email, level):
    requests.post(URL, json={"user": {"email": email, "user_level": level}}).raise_for_status()
"""
TABLE = "ROLE_IDS = {\n" + "".join(f'    "{level}": "{role}",\n' for level, role in ROLES.items()) + "}\n"


def fixed(body: str) -> tuple[str, Report]:
    settings = Settings(root=Path("/"), roles=RoleSettings(ROLES))
    report = check_texts({"job.py": HEAD + body}, settings, fix=Applicability.UNSAFE)
    assert report.errors == []
    return next((new for _, new in report.changes.values()), HEAD + body), report


CHOSEN = [
    pytest.param(
        "p = argparse.ArgumentParser()\n"
        'p.add_argument("--level", choices=["Admin", "Team Member"], default="Team Member")\n'
        'create("a@b", p.parse_args().level)\n',
        id="argparse, with a default",
    ),
    pytest.param(
        "p = argparse.ArgumentParser()\n"
        'p.add_argument("level", choices=("Admin", "Team Member"))\n'
        "args = p.parse_args()\n"
        'create("a@b", args.level)\n',
        id="argparse, a positional argument",
    ),
    pytest.param(
        "LEVELS = ['Admin', 'Team Member']\n"
        "@click.command()\n"
        "@click.option('--level', type=click.Choice(LEVELS), required=True)\n"
        "def add(level):\n    create('a@b', level)\nadd()\n",
        id="click",
    ),
    pytest.param(
        "LEVELS = {'Admin', 'Team Member'}\n"
        "for row in csv.DictReader(open('people.csv')):\n    make(row)\n"
        "def make(row):\n"
        "    level = row['level']\n"
        "    if level not in LEVELS:\n        raise ValueError(level)\n"
        "    create(row['email'], level)\n",
        id="a check before",
    ),
    pytest.param(
        "def make(row):\n"
        "    level = row['level'].strip()\n"
        "    if level in ('Admin', 'Team Member') and row['email']:\n"
        "        create(row['email'], level)\n"
        "for row in csv.DictReader(open('people.csv')):\n    make(row)\n",
        id="a check around",
    ),
]


@pytest.mark.parametrize("body", CHOSEN)
def test_listed_levels_are_looked_up(body: str) -> None:
    after, report = fixed(body)
    assert report.findings == []
    assert '"role_id": ROLE_IDS[level]' in after
    assert after.endswith(body)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            "p = argparse.ArgumentParser()\n"
            'p.add_argument("level", choices=["Admin", "Team Member", "Guest"])\n'
            'create("a@b", p.parse_args().level)\n',
            id="a level of which no id is known",
        ),
        pytest.param(
            "p = argparse.ArgumentParser()\n"
            'p.add_argument("level", choices=["Admin", "Team Member"], nargs="+")\n'
            'create("a@b", p.parse_args().level[0])\n',
            id="several of them",
        ),
        pytest.param(
            "def make(row):\n"
            "    level = row['level']\n"
            "    if level not in ('Admin', 'Team Member'):\n        print('odd', level)\n"
            "    create(row['email'], level)\n"
            "for row in csv.DictReader(open('people.csv')):\n    make(row)\n",
            id="a check that lets others through",
        ),
        pytest.param(
            "def make(row):\n"
            "    level = row['level']\n"
            "    if level in ('Admin', 'Team Member') or row['sure']:\n        create(row['email'], level)\n"
            "for row in csv.DictReader(open('people.csv')):\n    make(row)\n",
            id="a check beside another",
        ),
        pytest.param(
            "for row in csv.DictReader(open('people.csv')):\n    create(row['email'], row['level'])\n",
            id="no check",
        ),
    ],
)
def test_other_levels_are_left_to_the_user(body: str) -> None:
    after, report = fixed(body)
    assert after == HEAD + body
    assert [found.rule for found in report.findings] == ["AUR201"]


def test_the_table_stands_above_what_runs_between_imports() -> None:
    body = (
        "p = argparse.ArgumentParser()\n"
        'p.add_argument("level", choices=["Admin", "Team Member"])\n'
        'create("a@b", p.parse_args().level)\n'
        "import sys\nprint(sys.argv)\n"
    )
    after, _ = fixed(body)
    assert after.index(TABLE) < after.index("create(")


def test_a_level_is_either_changed_where_it_is_written_or_looked_up() -> None:
    body = (
        'def invite(email, level="Team Member"):\n'
        '    requests.post(URL + "/invite", json={"user": {"email": email, "user_level": level}})\n'
        'BOSS = "Admin"\nprint(BOSS)\n'
        'invite("a@b")\ninvite("b@b", "Admin")\ninvite("c@b", BOSS)\n'
    )
    after, report = fixed('create("z@b", "Admin")\n' + body)
    assert report.findings == []
    assert after.endswith(body.replace('"user_level": level', '"role_id": ROLE_IDS[level]'))
