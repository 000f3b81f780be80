"""PyPI's AuroraSolarClient, downloaded when the tests run: the one public Python client of 2018.01."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

import pytest

from tests.fake_aurora.constants import (
    API_KEY,
    API_SECRET,
    BEARER_TOKEN,
    DESIGN_ID,
    PROJECT_ID,
    TENANT_ID,
    V2018,
    V2022,
)
from tests.harness.run import Outcome, run_program
from tests.harness.world import shared_world
from tests.packaging.commands import Run, report, succeed, tool

# Stands outside the copy, so it is no part of what is rewritten: whoever uses the client goes on as before.
CALLER = f"""
import os
from AuroraSolarClient import AuroraSolarClient

client = AuroraSolarClient("{TENANT_ID}", os.environ["AURORA_API_KEY"], os.environ["AURORA_API_SECRET"])
answers = [
    client.create_project({{"project": {{"name": "Roof, south (east)", "customer_first_name": "Ada"}}}}),
    client.get_project("{PROJECT_ID}"),
    client.get_designs("{PROJECT_ID}"),
    client.get_design_summary("{DESIGN_ID}"),
    client.get_design_assets("{DESIGN_ID}"),
]
for answer in answers:
    print(answer.status_code, *answer.json())
raise SystemExit(not all(answer.ok for answer in answers))
"""
METHODS = ("create_project", "get_project", "get_designs", "get_design_summary", "get_design_assets")


def download(version: str, directory: Path) -> Path:
    """The directory of an unpacked wheel of the client."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    succeed([*pip, "--dest", directory, f"AuroraSolarClient=={version}"], cwd=directory)
    (wheel,) = directory.glob("*.whl")
    tree = directory / "copy"
    zipfile.ZipFile(wheel).extractall(tree)
    return tree


def texts(tree: Path) -> dict[str, bytes]:
    return {
        path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*") if path.is_file()
    }


def use(tree: Path, version: str) -> Outcome:
    """Call the client's five methods on the fake Aurora of `version`."""
    caller = tree.parent / "caller.py"
    caller.write_text(CALLER, encoding="utf-8")
    env = {
        "PYTHONPATH": os.fspath(tree),
        "AURORA_API_KEY": API_KEY,
        "AURORA_API_SECRET": API_SECRET,
        "AURORA_API_TOKEN": BEARER_TOKEN,
    }
    return run_program(tree.parent, ["python", os.fspath(caller)], shared_world()[version], env)


def migrate(tree: Path) -> Run:
    return tool("check", "--fix", "--unsafe-fixes", tree, cwd=tree.parent)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return download("1.0.4", tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = download("1.0.4", tmp_path_factory.mktemp("migrated"))
    done = migrate(tree)
    assert done.code == 0, done.said
    return tree


def test_client_1_works_on_2018_01_and_fails_on_2022_09(original: Path) -> None:
    old = use(original, V2018)
    assert old.ok, old.explain()
    assert len(old.requests) == len(METHODS)
    new = use(original, V2022)
    assert not new.ok
    assert {request.status for request in new.requests} == {404}


def test_client_1_is_told_what_breaks_it(original: Path) -> None:
    done = tool("check", original, "--output-format", "json", cwd=original.parent)
    assert done.code == 1, done.said
    rules = [finding["rule"] for finding in report(done)["findings"]]
    assert sorted(rules) == ["AUR102"] * len(METHODS) + ["AUR103"]


def test_client_1_migrated_does_on_2022_09_what_it_did_on_2018_01(original: Path, migrated: Path) -> None:
    old = use(original, V2018)
    new = use(migrated, V2022)
    assert new.ok, new.explain()
    assert len(new.requests) == len(METHODS)
    assert new.stdout == old.stdout
    assert new.state == old.state
    assert not use(migrated, V2018).ok


def test_client_1_migrated_has_nothing_left_to_find_or_to_change(migrated: Path) -> None:
    before = texts(migrated)
    done = tool("check", migrated, "--output-format", "json", cwd=migrated.parent)
    assert done.code == 0, done.said
    assert report(done)["findings"] == []
    again = migrate(migrated)
    assert again.code == 0, again.said
    assert texts(migrated) == before


def test_client_1_keeps_its_tabs_its_ending_and_its_other_files(original: Path, migrated: Path) -> None:
    before, after = texts(original), texts(migrated)
    assert [name for name in before if before[name] != after.pop(name)] == ["AuroraSolarClient/client.py"]
    assert after == {}

    old = before["AuroraSolarClient/client.py"]
    new = texts(migrated)["AuroraSolarClient/client.py"]
    assert b"\n\t\t" in old
    assert not old.endswith(b"\n")
    assert not new.endswith(b"\n")
    assert b"\r" not in new
    assert [line for line in new.split(b"\n") if line.startswith(b" ") or line != line.rstrip()] == []


def test_client_1_migrated_keeps_every_method_and_no_trace_of_the_signature(migrated: Path) -> None:
    source = (migrated / "AuroraSolarClient" / "client.py").read_text(encoding="utf-8")
    assert [name for name in METHODS if f"\tdef {name}(" not in source] == []
    left = [
        word for word in ("/v2", "AuroraKey", "Signature", "Timestamp", "hmac", "hashlib") if word in source
    ]
    assert left == []


def test_client_2_adds_the_prefix_on_purpose_and_is_left_as_it_is(tmp_path: Path) -> None:
    tree = download("2.0.1", tmp_path)
    before = texts(tree)
    assert b'"/v2"' in before["AuroraSolarClient/client.py"]
    done = migrate(tree)
    assert done.code in (0, 1), done.said
    assert texts(tree) == before
