"""The version header: in and out again on every fixture, and a test of a migrated program on an old key."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.findings import Applicability
from tests.fake_aurora.constants import V2018, V2022
from tests.harness.compare import differences
from tests.harness.customers import Customer, find_customers, load_customer
from tests.harness.world import shared_world

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
CUSTOMERS = [load_customer(path) for path in find_customers(FIXTURES / "customers")]
PINNED = "juniper-ledger"
"""The customer whose every call sends a version already."""
LARGE = "brightroof"
"""The customer of 70 modules: three runs on it take minutes."""
BY_HAND = "tilt-lab"
"""The customer whose client gets other transports in its tests: where the header goes is left to it."""
LEFT_OUT = (PINNED, LARGE, BY_HAND)
TREES = [
    *(pytest.param(each.before, id=each.name) for each in CUSTOMERS if each.name not in LEFT_OUT),
    pytest.param(FIXTURES / "lookalikes", id="lookalikes"),
]
RUN = ("aiohttp-session", "second-vendor", "urllib-stdlib")
HEADER = "aurora-api-version"


def switched(folder: Path, switch: str) -> engine.Report:
    """`check --fix` with this option, and of the other rules with one that finds nothing."""
    settings = replace(load_settings(folder), select=("AUR906",), switches=(switch,))
    return engine.check([folder], settings, fix=Applicability.SAFE, write=True)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


@pytest.mark.parametrize("folder", TREES)
def test_what_is_added_comes_out_again_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "pyproject.toml").write_text("[tool.aurora-migrate]\n", encoding="utf-8")
    before = tree(copy)
    added = switched(copy, "add-version-header")
    assert {found.rule for found in added.fixed} == {"AUR908"}
    with_header = tree(copy)
    assert with_header != before
    assert not switched(copy, "add-version-header").changes
    removed = switched(copy, "remove-version-header")
    assert removed.findings == []
    assert tree(copy) == before


def test_a_program_that_sends_a_version_gets_no_other(tmp_path: Path) -> None:
    customer = next(each for each in CUSTOMERS if each.name == PINNED)
    copy = tmp_path / "copy"
    shutil.copytree(customer.before, copy)
    assert HEADER in b"".join(tree(copy).values()).decode().lower()
    added = switched(copy, "add-version-header")
    assert tree(copy) == tree(customer.before)
    assert [found.rule for found in added.findings] == ["AUR906"]


def test_a_header_that_cannot_be_added_is_reported_call_by_call(tmp_path: Path) -> None:
    customer = next(each for each in CUSTOMERS if each.name == BY_HAND)
    copy = tmp_path / "copy"
    shutil.copytree(customer.before, copy)
    left = switched(copy, "add-version-header")
    assert tree(copy) == tree(customer.before)
    assert {(found.rule, found.applicability) for found in left.findings} == {
        ("AUR908", Applicability.MANUAL)
    }
    assert len(left.findings) == 3


@pytest.mark.parametrize("name", RUN)
def test_a_migrated_program_can_be_tried_before_its_key_is_upgraded(name: str, tmp_path: Path) -> None:
    customer = next(each for each in CUSTOMERS if each.name == name)
    before = customer.run(customer.before, V2018, shared_world())
    copy = with_header(customer, tmp_path / "copy")
    for version in (V2018, V2022):
        outcome = customer.run(copy, version, shared_world())
        assert differences(before, outcome) == [], outcome.explain()
        assert {request.headers.get(HEADER) for request in outcome.requests} == {V2022}
        assert not any(HEADER in request.headers for request in outcome.vendor_requests)
    assert switched(copy, "remove-version-header").findings == []
    assert tree(copy) == tree(customer.after)


def with_header(customer: Customer, target: Path) -> Path:
    """A copy of the migrated tree, with the header added."""
    shutil.copytree(customer.after, target)
    report = switched(target, "add-version-header")
    assert report.changes
    assert not report.findings
    return target
