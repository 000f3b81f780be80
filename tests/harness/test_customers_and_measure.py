"""The customers' layout and the measuring of migrations, on small customers made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_aurora import constants as c
from tests.fake_aurora.constants import V2018, V2022
from tests.harness import measure, tool
from tests.harness.compare import differences
from tests.harness.customers import ByHand, CustomerError, find_customers, load_customer, read_tree
from tests.harness.edits import unnamed
from tests.harness.world import shared_world

TOML = f"""\
title = "Project names"
proves = "the prefix goes, the vendor's stays"
command = ["python", "main.py"]
expected = "complete"

[env]
TENANT = "{c.TENANT_ID}"
AURORA_API_TOKEN = "{c.BEARER_TOKEN}"

[vendors."crm.example.com"]
"POST /v2/names" = {{ saved = 3 }}
"""
BEFORE = """\
import os
import requests

URL = "https://api.aurorasolar.com/v2/tenants/" + os.environ["TENANT"] + "/projects"
response = requests.get(URL, headers={"Authorization": "Bearer " + os.environ["AURORA_API_TOKEN"]})
response.raise_for_status()
names = [project["name"] for project in response.json()["projects"]]
print(names, requests.post("https://crm.example.com/v2/names", json=names).json())
open("names.txt", "w").write(",".join(names))
"""
AFTER = BEFORE.replace(".com/v2/tenants", ".com/tenants")
LEFT = ByHand("AUR102", "main.py", 4)


def make_customer(directory: Path, toml: str = TOML, before: str = BEFORE, after: str = AFTER) -> Path:
    """A customer whose after/ is written by hand."""
    for tree, text in (("before", before), ("after", after)):
        (directory / tree).mkdir(parents=True)
        (directory / tree / "main.py").write_text(text, encoding="utf-8")
    (directory / "customer.toml").write_text(toml, encoding="utf-8")
    return directory


def test_hand_made_migration_keeps_the_behaviour(tmp_path: Path) -> None:
    customer, world = load_customer(make_customer(tmp_path / "names")), shared_world()
    before = customer.run(customer.before, V2018, world)
    assert before.stdout == "['Project 1', 'Project 2', 'Project 3'] {'saved': 3}\n"
    assert before.written == {"names.txt": b"Project 1,Project 2,Project 3"}
    assert not customer.run(customer.before, V2022, world).ok
    assert differences(before, customer.run(customer.after, V2022, world)) == []
    assert not customer.run(customer.after, V2018, world).ok
    assert set(customer.tree(customer.before)) == {"main.py"}


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        pytest.param(AFTER + "print('more')\n", "stdout", id="stdout"),
        pytest.param(AFTER.replace('"names.txt"', '"other.txt"'), "files written", id="files"),
        pytest.param(
            AFTER.replace("example.com/v2", "example.com"), "stdout; other vendors' traffic", id="vendor"
        ),
        pytest.param(AFTER + "requests.get(URL)\n", "refused GET /tenants/", id="refused"),
        pytest.param(
            AFTER + 'requests.post(URL, json={"project": {}}, headers=response.request.headers)\n',
            "tenant data (projects, consumption_profiles)",
            id="state",
        ),
        pytest.param(AFTER + "raise SystemExit(3)\n", "exit code 3", id="exit code"),
    ],
)
def test_every_change_of_behaviour_shows(tmp_path: Path, changed: str, text: str) -> None:
    customer, world = load_customer(make_customer(tmp_path / "names", after=changed)), shared_world()
    before, after = customer.run(customer.before, V2018, world), customer.run(customer.after, V2022, world)
    assert "; ".join(differences(before, after)).startswith(text)


@pytest.mark.parametrize(
    ("toml", "text"),
    [
        ("title = 1", "title must be a string"),
        (TOML.replace("title", "name"), "unknown key name"),
        (TOML.replace('["python", "main.py"]', '"main.py"'), "command must be a list of strings"),
        (TOML.replace('command = ["python", "main.py"]', ""), "command is missing"),
        (TOML.replace('"complete"', '"mostly"'), "expected must be"),
        (TOML.replace('"complete"', "[]"), "expected is an empty list"),
        (TOML.replace(f'"{c.TENANT_ID}"', "1"), "values of [env] must be strings"),
        ("title = ", "customer.toml: "),
    ],
)
def test_wrong_customer_is_named(tmp_path: Path, toml: str, text: str) -> None:
    with pytest.raises(CustomerError, match=r"customer\.toml") as caught:
        load_customer(make_customer(tmp_path / "names", toml))
    assert text in str(caught.value)


def test_config_becomes_the_pyproject_of_the_copy(tmp_path: Path) -> None:
    config = '[config]\nhosts = ["aurora.example"]\n[config.auth]\ntoken = "TOKEN"\n'
    customer = load_customer(make_customer(tmp_path / "names", TOML + config))
    copy = customer.copy_to(tmp_path / "copy")
    text = (copy / "pyproject.toml").read_text(encoding="utf-8")
    assert text == (
        '[tool.aurora-migrate]\nhosts = ["aurora.example"]\n[tool.aurora-migrate.auth]\n"token" = "TOKEN"\n'
    )
    assert customer.tree(copy) == customer.tree(customer.before)
    assert "aurora.example" in customer.aurora_hosts


def test_config_beside_a_pyproject_is_refused(tmp_path: Path) -> None:
    path = make_customer(tmp_path / "names", TOML + '[config]\nhosts = ["aurora.example"]\n')
    (path / "before" / "pyproject.toml").write_text(
        '[tool.aurora-migrate]\nhosts = ["other.example"]\n', encoding="utf-8"
    )
    with pytest.raises(CustomerError, match=r"belongs into before/pyproject\.toml"):
        load_customer(path)
    (path / "customer.toml").write_text(TOML, encoding="utf-8")
    assert "other.example" in load_customer(path).aurora_hosts


def test_findings_left_by_hand_are_read(tmp_path: Path) -> None:
    listed = ", ".join(f'{{ code = "{code}", path = "main.py", line = 4 }}' for code in ("AUR102", "AUR201"))
    toml = TOML.replace('"complete"', f"[{listed}]")
    by_hand = load_customer(make_customer(tmp_path / "names", toml)).by_hand
    assert by_hand == (LEFT, ByHand("AUR201", "main.py", 4))


def with_hand(directory: Path, hand: str, unnamed: str = "") -> Path:
    """A customer that is left `LEFT`, line 4, by hand, and what its owner made of main.py."""
    expected = '[{ code = "AUR102", path = "main.py", line = 4 }]'
    path = make_customer(
        directory, TOML.replace('"complete"', expected + unnamed), after=BEFORE + "# end\n" * 8
    )
    (path / "hand").mkdir()
    (path / "hand" / "main.py").write_text(hand, encoding="utf-8")
    return path


def test_hand_is_laid_over_after(tmp_path: Path) -> None:
    path = with_hand(tmp_path / "names", AFTER)
    (path / "after" / "other.py").write_text("pass\n", encoding="utf-8")
    customer = load_customer(path)
    assert customer.finished
    assert read_tree(customer.finish(tmp_path / "finished")) == {
        "main.py": AFTER.encode(),
        "other.py": b"pass\n",
    }


@pytest.mark.parametrize(
    ("hand", "places"),
    [
        pytest.param(AFTER + "# end\n" * 8, [], id="the line of the finding"),
        pytest.param(BEFORE.replace("import os\n", "import os #\n") + "# end\n" * 8, [], id="near to it"),
        pytest.param(BEFORE + "# end\n" * 7 + "# fin\n", [("main.py", 17)], id="far from it"),
        pytest.param(BEFORE + "# end\n" * 9, [("main.py", 18)], id="a line added far from it"),
        pytest.param(AFTER + "# end\n" * 7 + "# fin\n", [("main.py", 17)], id="both"),
        pytest.param("", [], id="everything"),
    ],
)
def test_edits_that_no_finding_names_are_listed(
    tmp_path: Path, hand: str, places: list[tuple[str, int]]
) -> None:
    assert unnamed(load_customer(with_hand(tmp_path / "names", hand))) == places


def test_file_of_hand_that_no_finding_names_is_listed(tmp_path: Path) -> None:
    path = with_hand(tmp_path / "names", AFTER + "# end\n" * 8)
    (path / "hand" / "new.py").write_text("pass\n", encoding="utf-8")
    assert unnamed(load_customer(path)) == [("new.py", 1)]


def test_file_that_a_finding_names_is_not_listed(tmp_path: Path) -> None:
    path = with_hand(tmp_path / "names", AFTER + "# end\n" * 8)
    (path / "hand" / "user.json").write_text("{}\n", encoding="utf-8")
    toml = (path / "customer.toml").read_text(encoding="utf-8")
    (path / "customer.toml").write_text(
        toml.replace("line = 4 }", 'line = 4, files = ["user.json"] }'), encoding="utf-8"
    )
    assert unnamed(load_customer(path)) == []


def test_unnamed_places_have_a_reason(tmp_path: Path) -> None:
    place = '\nunnamed = [{ path = "main.py", line = 17, why = "a comment" }]'
    assert load_customer(with_hand(tmp_path / "names", AFTER, place)).unnamed == (("main.py", 17),)
    without = place.replace(', why = "a comment"', "")
    with pytest.raises(CustomerError, match="unnamed must be a list"):
        load_customer(with_hand(tmp_path / "others", AFTER, without))


def test_customers_are_found_singly_and_in_a_directory(tmp_path: Path) -> None:
    paths = [make_customer(tmp_path / name) for name in ("a", "b")]
    assert find_customers(tmp_path) == paths
    assert find_customers(paths[0]) == paths[:1]


class StandIn:
    """Stands in for the tool: writes a given text, reports given findings afterwards."""

    def __init__(self, text: str, left: list[ByHand]) -> None:
        self.text, self.left = text, left

    def findings(self, directory: Path) -> list[ByHand]:
        return [LEFT] if (directory / "main.py").read_text(encoding="utf-8") == BEFORE else self.left

    def fix(self, directory: Path) -> None:
        (directory / "main.py").write_text(self.text, encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "left", "cells"),
    [
        pytest.param(AFTER, [], ("yes", "1", "0", "yes", "-", "", ""), id="complete"),
        pytest.param(AFTER + "#", [LEFT], ("yes", "1", "1", "yes", "-", "", ""), id="false alarm"),
        pytest.param(BEFORE + "#", [LEFT], ("yes", "1", "1", "no", "-", "", ""), id="left by hand"),
        pytest.param(BEFORE + "#", [], ("yes", "1", "0", "no", "-", "SILENT", ""), id="silent miss"),
        pytest.param(
            AFTER.replace("example.com/v2", "example.com"),
            [],
            ("yes", "1", "0", "no", "-", "SILENT", "WRONG"),
            id="vendor's path changed",
        ),
        pytest.param(
            AFTER.replace("import os\n", ""),
            [LEFT],
            ("yes", "1", "1", "no", "-", "", "WRONG"),
            id="NameError",
        ),
    ],
)
def test_measure_tells_outcomes_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, left: list[ByHand], cells: tuple[str, ...]
) -> None:
    stand_in = StandIn(text, left)
    monkeypatch.setattr(tool, "fix", stand_in.fix)
    monkeypatch.setattr(tool, "findings", stand_in.findings)
    row = measure.measure(load_customer(make_customer(tmp_path / "names")), shared_world())
    assert row.cells() == ("names", *cells), row.notes


def test_measure_reports_failures_of_tool_and_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(directory: Path) -> list[ByHand]:
        raise tool.ToolError("exit 2")

    monkeypatch.setattr(tool, "findings", fail)
    paths = [
        make_customer(tmp_path / "a"),
        make_customer(tmp_path / "b", before="raise SystemExit(1)"),
        make_customer(tmp_path / "c", toml="title = 1"),
    ]
    rows = measure.measure_all(paths, jobs=2)
    assert [(row.name, row.before_ok, row.by_hand) for row in rows] == [
        ("a", True, None),
        ("b", False, None),
        ("c", False, None),
    ]
    assert "the tool failed: exit 2" in rows[0].notes
    assert "tool failures   1" in measure.table(rows)


REPORT = '{"findings": [{"rule": "AUR102", "path": "PATH", "start": {"line": 4, "column": 7}}]}'


@pytest.mark.parametrize("absolute", [True, False])
def test_json_report_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absolute: bool) -> None:
    text = REPORT.replace("PATH", str(tmp_path / "main.py") if absolute else "main.py")
    monkeypatch.setattr(tool, "run_tool", lambda arguments, cwd: tool.Checked(1, text, ""))
    assert tool.findings(tmp_path) == [LEFT]


@pytest.mark.parametrize(
    ("returncode", "report"),
    [
        (1, '{"findings": []}'),
        (0, REPORT),
        (1, REPORT.replace("rule", "code")),
        (0, "{}"),
        (0, "[]"),
        (0, "all well"),
    ],
    ids=["exit 1, nothing", "exit 0, finding", "other key", "no findings", "list", "no JSON"],
)
def test_unreadable_report_is_no_clean_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, returncode: int, report: str
) -> None:
    monkeypatch.setattr(tool, "run_tool", lambda arguments, cwd: tool.Checked(returncode, report, ""))
    with pytest.raises(tool.ToolError):
        tool.findings(tmp_path)
