"""The `full` format, read as a user reads it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.findings import Applicability, Certainty, Edit, Fix, TraceStep
from aurora_migrate.report.full import Full
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.results import Run
from aurora_migrate.report.styled import plain
from tests.report.sample import CLIENT, SETTINGS, Sample, error, finding, location, steps, write


def shown(sample: Sample, root: Path, run: Run | None = None, steps: int | None = 8) -> str:
    return plain(Full(Paths(root), run or Run(), steps).lines(sample))


def test_a_finding_says_what_where_why_and_what_to_do(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    write(tmp_path / "settings.py", SETTINGS)
    trace = (
        TraceStep(location(tmp_path / "settings.py", SETTINGS, "BASE"), "BASE from"),
        TraceStep(location(client, CLIENT, "self._get"), "joined at"),
    )
    sample = Sample([finding(client, CLIENT, trace=trace, advice="Take it out\nof the path.")])
    assert shown(sample, tmp_path) == dedent("""\
        AUR102 [safe] `/v2` is no longer part of any resource path (proven)
         --> client.py:3:27
          |
        2 |     def projects(self):
        3 |         return self._get("/v2/tenants/%s/projects" % self.tenant)
          |                           ^^^
          |
          = trace: BASE from settings.py:2
          = trace: joined at client.py:3
          = fix: remove `/v2` from the path   (apply with --fix)
          = by hand: Take it out
                     of the path.

        """)


def test_a_likely_finding_says_how_to_settle_it(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    text = shown(Sample([finding(client, CLIENT, certainty=Certainty.LIKELY)]), tmp_path)
    assert "resource path (likely)\n" in text
    assert "  = likely: nothing in the code proves that it is Aurora that is talked to" in text
    assert "`base-url-names`" in text


@pytest.mark.parametrize(
    ("applicability", "run", "how"),
    [
        (Applicability.SAFE, Run(), "(apply with --fix)"),
        (Applicability.UNSAFE, Run(), "(apply with --fix --unsafe-fixes, then review)"),
        (Applicability.UNSAFE, Run(Applicability.SAFE), "(apply with --fix --unsafe-fixes, then review)"),
        (Applicability.SAFE, Run(Applicability.SAFE), "(could not be applied by this run: see"),
        (Applicability.UNSAFE, Run(Applicability.UNSAFE), "(could not be applied by this run: see"),
    ],
)
def test_a_fix_says_how_to_get_it_or_that_it_could_not_be_applied(
    tmp_path: Path, applicability: Applicability, run: Run, how: str
) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    text = shown(Sample([finding(client, CLIENT, applicability=applicability)]), tmp_path, run)
    assert f"= fix: remove `/v2` from the path   {how}" in text


def test_notes_line_up_with_the_frame_at_the_end_of_a_file(tmp_path: Path) -> None:
    source = "\n" * 8 + "url = '/v2'"
    client = write(tmp_path / "client.py", source)
    _, *block = shown(Sample([finding(client, source)]), tmp_path).splitlines()
    assert {line.index(mark) for line in block for mark in ("|", "= fix") if mark in line} == {3}
    assert block[0].index("-->") == 2


def test_a_manual_finding_has_no_fix(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    manual = finding(client, CLIENT, applicability=Applicability.MANUAL, advice="Ask for /versions.")
    text = shown(Sample([manual]), tmp_path)
    assert "AUR102 [manual]" in text
    assert "= fix" not in text
    assert "= by hand: Ask for /versions." in text


def test_a_fix_in_another_file_says_which(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    found = finding(client, CLIENT)
    edits = (Edit(client, 0, 0, ""), Edit(tmp_path / "settings.py", 0, 0, ""))
    shared = replace(found, fix=Fix("take it out", Applicability.SAFE, edits))
    assert "(also edits settings.py; apply with --fix)" in shown(Sample([shared]), tmp_path)


def test_a_long_trace_is_cut_unless_asked_for(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    sample = Sample([finding(client, CLIENT, trace=steps(tmp_path, 11))])
    cut = shown(sample, tmp_path)
    assert "step 8 from settings.py:2\n" in cut
    assert "step 9" not in cut
    assert "= trace: ... 3 more steps (all with --show-trace)" in cut
    assert "step 11 from" in shown(sample, tmp_path, steps=None)
    assert "trace" not in shown(sample, tmp_path, steps=0)


def test_remaining_findings_are_framed_in_the_text_that_the_run_leaves(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", "import os\n")
    sample = Sample([finding(client, CLIENT)], changes={client: ("import os\n", CLIENT)})
    assert 'return self._get("/v2/tenants' in shown(sample, tmp_path)


def test_findings_come_by_file_and_place_then_the_errors(tmp_path: Path) -> None:
    first, second = write(tmp_path / "a.py", CLIENT), write(tmp_path / "b.py", CLIENT)
    late = finding(first, CLIENT, "projects")
    late_in_line = finding(first, CLIENT, "tenant)", message="late")
    sample = Sample([finding(second, CLIENT), late_in_line, late], errors=[error(tmp_path / "a_gone.py")])
    places = [line.split("--> ")[1] for line in shown(sample, tmp_path).splitlines() if "-->" in line]
    assert places == ["a.py:2:9", "a.py:3:59", "b.py:3:27", "a_gone.py:1:1"]


def test_an_unreadable_file_is_reported_without_a_frame(tmp_path: Path) -> None:
    text = shown(Sample(errors=[error(tmp_path / "gone.py")]), tmp_path)
    assert text == "AUR001 [error] cannot be read: permission denied\n --> gone.py:1:1\n\n"


def test_an_unparsable_file_is_framed(tmp_path: Path) -> None:
    broken = write(tmp_path / "broken.py", "def f(:\n")
    text = shown(Sample(errors=[error(broken, "cannot be parsed")]), tmp_path)
    assert "1 | def f(:\n" in text


def test_text_from_the_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    source = 'x = "\x1b[2J/v2"\n'
    client = write(tmp_path / "cli\x1bent.py", source)
    text = shown(Sample([finding(client, source, message="bad \x1b[31m", advice="a\x07b")]), tmp_path)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert '1 | x = "␛[2J/v2"' in text
