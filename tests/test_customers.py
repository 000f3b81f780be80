"""Each customer in fixtures/customers runs before, is migrated as after/ shows, and runs the same after."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.fake_aurora.constants import V2018, V2022
from tests.harness import tool
from tests.harness.compare import differences
from tests.harness.customers import Customer, find_customers, load_customer
from tests.harness.run import Outcome
from tests.harness.world import shared_world

DIRECTORY = Path(__file__).resolve().parents[1] / "fixtures" / "customers"
CUSTOMERS = [load_customer(path) for path in find_customers(DIRECTORY)]
COMPLETE = [customer for customer in CUSTOMERS if not customer.by_hand]

each = pytest.mark.parametrize("customer", CUSTOMERS, ids=lambda customer: customer.name)
each_tested = pytest.mark.parametrize(
    ("customer", "tree", "version"),
    [
        pytest.param(customer, tree, version, id=f"{customer.name}-{tree}")
        for customer in COMPLETE
        if customer.tests
        for tree, version in (("before", V2018), ("after", V2022))
    ],
)
each_complete = pytest.mark.parametrize("customer", COMPLETE, ids=lambda customer: customer.name)


@dataclass(frozen=True)
class Migrated:
    """A copy of before/ that the tool has been run on, and its tree after the first fix."""

    copy: Path
    tree: dict[str, bytes]


@pytest.fixture(scope="module")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """Parametrised through `customer`, so that the tool fixes each customer once."""
    customer: Customer = request.param
    copy = customer.copy_to(tmp_path_factory.mktemp("migrated") / customer.name)
    tool.fix(copy)
    return Migrated(copy, customer.tree(copy))


@cache
def _run(path: Path, tree: str, version: str) -> Outcome:
    return load_customer(path).run(path / tree, version, shared_world())


def test_there_are_customers() -> None:
    assert CUSTOMERS


@each
def test_before_runs_on_2018(customer: Customer) -> None:
    outcome = _run(customer.path, "before", V2018)
    assert outcome.ok, outcome.explain()
    assert outcome.stdout, "a customer's program tells what it did"
    assert outcome.requests, "a customer's program talks to Aurora"


@each
def test_before_fails_on_2022(customer: Customer) -> None:
    outcome = _run(customer.path, "before", V2022)
    assert not outcome.ok, outcome.explain()


@each_complete
def test_after_does_on_2022_what_before_did_on_2018(customer: Customer) -> None:
    before, after = _run(customer.path, "before", V2018), _run(customer.path, "after", V2022)
    assert differences(before, after) == [], after.explain()


@each_tested
def test_the_customers_own_tests_pass(customer: Customer, tree: str, version: str) -> None:
    outcome = customer.run_tests(customer.path / tree, version, shared_world())
    assert outcome.ok, outcome.explain()
    assert outcome.requests == [], "a test's doubles answer, no server does"


@each_complete
def test_after_fails_on_2018(customer: Customer) -> None:
    outcome = _run(customer.path, "after", V2018)
    assert not outcome.ok, outcome.explain()


@pytest.mark.parametrize(
    ("customer", "migrated"),
    [(customer, customer) for customer in CUSTOMERS],
    ids=[customer.name for customer in CUSTOMERS],
    indirect=["migrated"],
)
class TestTool:
    """What the tool makes of before/."""

    def test_fix_makes_after_byte_for_byte(self, customer: Customer, migrated: Migrated) -> None:
        assert migrated.tree == customer.tree(customer.after)

    def test_check_names_exactly_what_is_left_by_hand(self, customer: Customer, migrated: Migrated) -> None:
        assert tuple(tool.findings(migrated.copy)) == customer.by_hand

    def test_second_fix_changes_nothing(self, customer: Customer, migrated: Migrated) -> None:
        tool.fix(migrated.copy)
        assert customer.tree(migrated.copy) == migrated.tree
