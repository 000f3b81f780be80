"""Columns of answers that are named beside a frame's subscripts."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import SETTINGS

HEAD = """import csv, requests
import pandas as pd
import polars as pl
URL = "https://api.aurorasolar.com/tenants/1"
def design(i):
    return requests.get(URL + f"/designs/{i}/summary").json()["design"]
"""
REWRITTEN = {
    "a Series": 'def f(i):\n    return pd.Series(design(i))["system_size"]\n',
    "an attribute of a Series": "def f(i):\n    row = pd.Series(design(i))\n    return row.system_size\n",
    "a column of polars": (
        "def f(ids):\n    frame = pl.DataFrame([design(i) for i in ids])\n"
        '    return frame["system_size"].sum()\n'
    ),
    "what polars filters by": (
        "def f(ids):\n    frame = pl.DataFrame([design(i) for i in ids])\n"
        '    return frame.filter(pl.col("system_size") > 1000)\n'
    ),
    "the values of a pivot": (
        "def f(ids):\n    frame = pd.DataFrame([design(i) for i in ids])\n"
        '    return pd.pivot_table(frame, index="id", values="system_size")\n'
    ),
}


@pytest.mark.parametrize("body", REWRITTEN.values(), ids=REWRITTEN)
def test_the_name_is_rewritten(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [found.message for found in [*report.findings, *report.errors]] == []
    after = body.replace("system_size", "system_size_stc")
    assert [new for _, new in report.changes.values()] == [HEAD + after]


def test_a_row_of_a_file_has_its_old_name_again() -> None:
    body = """\
def f(i, file):
    row = design(i)
    writer = csv.DictWriter(file, fieldnames=["id", "system_size"], extrasaction="ignore")
    writer.writerow({**row, "own": 1})
"""
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    (after,) = [new for _, new in report.changes.values()]
    assert '    design_["system_size"] = design_["system_size_stc"]\n' in after
    assert after.endswith(body)


BY_HAND = {
    "columns that polars shows": (
        "def f(ids):\n    frame = pl.DataFrame([design(i) for i in ids])\n"
        '    return frame.select("id", pl.col("system_size") / 1000)\n'
    ),
    "a named aggregation": (
        "def f(ids):\n    frame = pd.DataFrame([design(i) for i in ids])\n"
        '    return frame.groupby("id").agg(total=("system_size", "sum"))\n'
    ),
    "objects inside objects, made flat": (
        "def f(ids):\n    answers = [requests.get(URL + f'/designs/{i}/summary') for i in ids]\n"
        "    bodies = [{'kept': 1, **answer.json()} for answer in answers]\n"
        "    return pd.json_normalize(bodies)['design.system_size']\n"
    ),
}


@pytest.mark.parametrize("body", BY_HAND.values(), ids=BY_HAND)
def test_what_cannot_be_renamed_there_is_reported_or_given_back(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    text = next((new for _, new in report.changes.values()), HEAD + body)
    rules = {found.rule for found in report.findings}
    assert rules == {"AUR401"} or '["system_size"] = ' in text


LEFT = {
    "a Series of the program's own": (
        "def f(i):\n    design(i)\n    return pd.Series({'system_size': 1})['system_size']\n"
    ),
    "a column that an aggregation makes": (
        "def f(ids):\n    frame = pd.DataFrame([design(i) for i in ids])\n"
        "    return frame.groupby('id').agg(system_size=('energy', 'sum'))\n"
    ),
    "a column under another object": (
        "def f(ids):\n    frame = pd.json_normalize([design(i) for i in ids])\n"
        "    return frame['arrays.system_size']\n"
    ),
    "a key that the program writes over": (
        "def f(i, file):\n    writer = csv.DictWriter(file, ['id', 'system_size'], extrasaction='ignore')\n"
        "    writer.writerow({**design(i), 'system_size': 5})\n"
    ),
    "another frame of polars": (
        "def f(i, rows):\n    design(i)\n    return pl.DataFrame(rows).select('system_size')\n"
    ),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_other_columns_stay(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    assert report.changes == {}
