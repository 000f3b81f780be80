"""The `concise` format and the statistics."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.report.concise import concise, errors
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.statistics import statistics
from aurora_migrate.report.styled import plain
from tests.report.sample import CLIENT, Sample, error, finding, of_each_kind


def test_one_line_a_finding_and_a_line_for_each_error(tmp_path: Path) -> None:
    sample = Sample([finding(tmp_path / "client.py", CLIENT)], errors=[error(tmp_path / "gone.py")])
    assert plain(concise(sample, Paths(tmp_path))).splitlines() == [
        "client.py:3:27: AUR102 [safe] `/v2` is no longer part of any resource path",
        "gone.py:1:1: AUR001 [error] cannot be read: permission denied",
    ]


def test_errors_alone(tmp_path: Path) -> None:
    sample = Sample([finding(tmp_path / "client.py", CLIENT)], errors=[error(tmp_path / "gone.py")])
    assert plain(errors(sample, Paths(tmp_path))).startswith("gone.py:1:1: AUR001")


def test_a_message_of_several_lines_stays_on_one(tmp_path: Path) -> None:
    sample = Sample([finding(tmp_path / "client.py", CLIENT, message="one\ntwo")])
    assert plain(concise(sample, Paths(tmp_path))).count("\n") == 1


def test_statistics_count_by_rule_the_most_frequent_first(tmp_path: Path) -> None:
    client = tmp_path / "client.py"
    rare = finding(client, CLIENT, rule="AUR101", name="root-endpoint")
    many = of_each_kind(client) * 2
    lines = plain(statistics(Sample([rare, *many], errors=[error(tmp_path / "gone.py")]))).splitlines()
    assert lines == [
        "14  AUR102  v2-path-prefix   6 safe  4 unsafe  4 manual",
        " 1  AUR001  unreadable-file  error",
        " 1  AUR101  root-endpoint    1 safe",
    ]


def test_statistics_of_nothing_are_empty() -> None:
    assert plain(statistics(Sample())) == ""
