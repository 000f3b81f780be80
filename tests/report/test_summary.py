"""The summary counts three outcomes: fixed, needs your review, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.findings import Applicability
from aurora_migrate.report.results import Run
from aurora_migrate.report.styled import plain
from aurora_migrate.report.summary import summary
from tests.report.sample import CLIENT, Sample, error, finding, of_each_kind

CLIENT_PATH = Path("/srv/client.py")
SEVEN = of_each_kind(CLIENT_PATH)
SAFE, UNSAFE, MANUAL = SEVEN[:3], SEVEN[3:5], SEVEN[5:]
CHECK = Run()
FIX = Run(Applicability.SAFE)
FIX_ALL = Run(Applicability.UNSAFE, unsafe=True)
WOULD_FIX = Run(Applicability.SAFE, write=False)
CHANGED = {CLIENT_PATH: ("", CLIENT)}


def said(sample: Sample, run: Run) -> str:
    return plain(summary(sample, run)).removesuffix("\n")


@pytest.mark.parametrize(
    ("sample", "run", "sentence"),
    [
        (
            Sample(SEVEN),
            CHECK,
            "Found 7 problems: 3 fixable with --fix, 2 more with --unsafe-fixes, 2 by hand.",
        ),
        (
            Sample(SEVEN),
            Run(unsafe=True),
            "Found 7 problems: 5 fixable with --fix --unsafe-fixes (2 to review), 2 by hand.",
        ),
        (Sample(SAFE), Run(unsafe=True), "Found 3 problems: 3 fixable with --fix."),
        (Sample(UNSAFE), CHECK, "Found 2 problems: 2 fixable with --fix --unsafe-fixes."),
        (Sample(MANUAL[:1]), CHECK, "Found 1 problem: 1 by hand."),
        (Sample(files_checked=12), CHECK, "No problem found in 12 files."),
        (Sample(files_checked=1), FIX, "No problem found in 1 file."),
        (Sample(fixed=SAFE, changes=CHANGED), FIX, "Fixed 3 problems in 1 file; none remains."),
        (
            Sample([*UNSAFE[:1], *MANUAL[:1]], SAFE, changes=CHANGED),
            FIX,
            "Fixed 3 problems in 1 file; 2 remain: 1 needs your review (--unsafe-fixes), 1 by hand.",
        ),
        (
            Sample(MANUAL, [*SAFE, *UNSAFE], changes=CHANGED),
            FIX_ALL,
            "Fixed 5 problems in 1 file (2 by an unsafe fix: review them); 2 remain: 2 by hand.",
        ),
        (
            Sample(SAFE[:1], SAFE[1:], changes=CHANGED),
            FIX,
            "Fixed 2 problems in 1 file; 1 remains: 1 whose fix could not be applied.",
        ),
        (Sample(MANUAL), FIX, "Fixed 0 problems; 2 remain: 2 by hand."),
        (
            Sample(UNSAFE, SAFE, changes=CHANGED),
            WOULD_FIX,
            "Would fix 3 problems in 1 file; 2 would remain: 2 need your review (--unsafe-fixes).",
        ),
    ],
)
def test_the_outcomes_are_counted(sample: Sample, run: Run, sentence: str) -> None:
    assert said(sample, run) == sentence


def test_no_file_at_all_is_no_success() -> None:
    assert said(Sample(files_checked=0), CHECK).startswith("No Python file was checked: look at the paths")


def test_files_that_could_not_be_checked_are_counted_too() -> None:
    gone = [error(Path("/srv/a.py")), error(Path("/srv/b.py"))]
    lines = said(Sample([finding(CLIENT_PATH, CLIENT)], errors=gone), CHECK).splitlines()
    assert lines == [
        "Found 1 problem: 1 fixable with --fix.",
        "2 files could not be read or parsed and stayed unchecked; the rest was checked.",
    ]
