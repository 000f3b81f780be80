"""The `json` format is what docs/json.md says."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from aurora_migrate import __version__
from aurora_migrate.findings import Applicability, Edit, Fix, TraceStep
from aurora_migrate.report.json import document
from aurora_migrate.report.paths import Paths
from tests.report.sample import (
    CLIENT,
    MESSAGE,
    SETTINGS,
    Sample,
    error,
    finding,
    location,
    of_each_kind,
    write,
)

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "json.md"


def read(sample: Sample, root: Path) -> Any:
    return json.loads(document(sample, Paths(root)))


def place(line: int, column: int) -> dict[str, int]:
    return {"line": line, "column": column}


def test_a_finding_is_told_whole(tmp_path: Path) -> None:
    client = write(tmp_path / "app" / "client.py", CLIENT)
    step = TraceStep(location(tmp_path / "settings.py", SETTINGS, "BASE"), "BASE from")
    found = read(Sample([finding(client, CLIENT, trace=(step,), advice="Do it.")]), tmp_path)
    assert found["findings"] == [
        {
            "rule": "AUR102",
            "name": "v2-path-prefix",
            "message": MESSAGE,
            "certainty": "proven",
            "applicability": "safe",
            "path": "app/client.py",
            "start": place(3, 27),
            "end": place(3, 30),
            "subject": "/v2",
            "fix": {
                "summary": "remove `/v2` from the path",
                "edits": [
                    {"path": "app/client.py", "start": place(3, 27), "end": place(3, 30), "replacement": ""}
                ],
            },
            "advice": "Do it.",
            "trace": [{"text": "BASE from", "path": "settings.py", "start": place(2, 1), "end": place(2, 5)}],
        }
    ]


def test_the_head_names_format_and_tool(tmp_path: Path) -> None:
    found = read(Sample(), tmp_path)
    assert found["version"] == 1
    assert found["tool"] == {"name": "aurora-migrate", "version": __version__}


def test_the_summary_counts(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    seven = of_each_kind(client)
    sample = Sample(seven, seven[:2], [error(tmp_path / "a.py")], {client: ("", CLIENT)}, files_checked=9)
    assert read(sample, tmp_path)["summary"] == {
        "files_checked": 9,
        "files_changed": 1,
        "findings": 7,
        "fixed": 2,
        "errors": 1,
        "by_applicability": {"safe": 3, "unsafe": 2, "manual": 2},
        "by_rule": {"AUR102": 7},
    }


def test_a_manual_finding_has_a_null_fix(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    found = read(Sample([finding(client, CLIENT, applicability=Applicability.MANUAL)]), tmp_path)
    assert found["findings"][0]["fix"] is None


def test_errors_are_apart_from_findings(tmp_path: Path) -> None:
    found = read(Sample(errors=[error(tmp_path / "gone.py")]), tmp_path)
    assert found["findings"] == []
    assert found["errors"] == [
        {
            "rule": "AUR001",
            "name": "unreadable-file",
            "message": "cannot be read: permission denied",
            "path": "gone.py",
            "start": place(1, 1),
            "end": place(1, 2),
            "advice": "",
        }
    ]


def test_the_same_results_in_another_order_are_the_same_bytes(tmp_path: Path) -> None:
    found = [finding(write(tmp_path / name, CLIENT), CLIENT) for name in ("b.py", "a.py", "a b.py")]
    edits = (Edit(tmp_path / "b.py", 3, 4, "x"), Edit(tmp_path / "a.py", 1, 2, "y"))
    one = replace(found[0], fix=Fix("both", Applicability.SAFE, edits))
    other = replace(found[0], fix=Fix("both", Applicability.SAFE, edits[::-1]))
    paths = Paths(tmp_path)
    assert document(Sample([one, *found[1:]]), paths) == document(Sample([*found[:0:-1], other]), paths)


def test_columns_count_characters_whatever_their_width_and_the_line_ends(tmp_path: Path) -> None:
    text = "# größe 日本\r\n\tu = '🏠/v2'\r\n"
    client = write(tmp_path / "client.py", text)
    (edit,) = read(Sample([finding(client, text)]), tmp_path)["findings"][0]["fix"]["edits"]
    assert (edit["start"], edit["end"]) == (place(2, 8), place(2, 11))


def test_an_edit_in_a_file_that_is_gone_has_no_range(tmp_path: Path) -> None:
    found = read(Sample([finding(tmp_path / "gone.py", CLIENT)]), tmp_path)
    (edit,) = found["findings"][0]["fix"]["edits"]
    assert edit["start"] is None
    assert edit["end"] is None


def test_a_name_that_is_not_utf8_leads_back_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.py")
    text = document(Sample([finding(path, CLIENT)]), Paths(tmp_path))
    assert text.isascii()
    assert os.fsencode(json.loads(text)["findings"][0]["path"]) == b"caf\xe9.py"


def test_what_was_fixed_is_listed_without_edits(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    (fixed,) = read(Sample(fixed=[finding(client, CLIENT)]), tmp_path)["fixed"]
    assert fixed["fix"] == {"summary": "remove `/v2` from the path"}
    assert fixed["path"] == "client.py"


def test_the_documentation_names_every_key(tmp_path: Path) -> None:
    client = write(tmp_path / "client.py", CLIENT)
    step = TraceStep(location(client, CLIENT, "/v2"), "here")
    found = finding(client, CLIENT, trace=(step,))
    everything = read(Sample([found], [found], [error(client)]), tmp_path)
    documented = set(re.findall(r"`([a-z_]+)`", DOCUMENTATION.read_text("utf-8")))
    by_value = {"AUR102"}  # codes as keys of by_rule
    assert _keys(everything) - by_value <= documented


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    return set()
