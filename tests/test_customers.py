"""Each customer in fixtures/customers runs before, is migrated as after/ shows, and runs the same after."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.fake_aurora.constants import V2018, V2022
from tests.harness import tool
from tests.harness.compare import differences
from tests.harness.customers import ByHand, Customer, find_customers, load_customer, read_tree
from tests.harness.edits import unnamed
from tests.harness.run import Outcome
from tests.harness.world import shared_world

DIRECTORY = Path(__file__).resolve().parents[1] / "fixtures" / "customers"
CUSTOMERS = [load_customer(path) for path in find_customers(DIRECTORY)]
FINISHED = [customer for customer in CUSTOMERS if customer.finished]
WITH_HAND = [customer for customer in CUSTOMERS if customer.hand.is_dir()]


def _param(customer: Customer, *values: object, id: str | None = None) -> ParameterSet:
    """A parameter set whose tests run in one process: they share what the tool made of the customer."""
    marks = pytest.mark.xdist_group(customer.name)
    return pytest.param(customer, *values, id=id or customer.name, marks=marks)


def _each(customers: list[Customer]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("customer", [_param(customer) for customer in customers])


each = _each(CUSTOMERS)
each_tested = pytest.mark.parametrize(
    ("customer", "tree", "version"),
    [
        _param(customer, tree, version, id=f"{customer.name}-{tree}")
        for customer in FINISHED
        if customer.tests
        for tree, version in (("before", V2018), ("after", V2022))
    ],
)
each_finished = _each(FINISHED)
each_with_hand = _each(WITH_HAND)


@dataclass(frozen=True)
class Migrated:
    """What two runs of the tool made of a copy of before/, in turn, and what each said is left."""

    tree: dict[str, bytes]
    left: list[ByHand]
    second_tree: dict[str, bytes]
    second_left: list[ByHand]


@cache
def _migrated(path: Path) -> Migrated:
    """What the tool makes of a customer, which takes long: once for all tests."""
    customer = load_customer(path)
    with tempfile.TemporaryDirectory(prefix="migrated-") as temporary:
        copy = customer.copy_to(Path(temporary) / customer.name)
        left = tool.fix(copy)
        tree = customer.tree(copy)
        second_left = tool.fix(copy)
        return Migrated(tree, left, customer.tree(copy), second_left)


@cache
def _run(path: Path, tree: str, version: str) -> Outcome:
    customer = load_customer(path)
    with _laid_out(customer, tree) as directory:
        return customer.run(directory, version, shared_world())


@contextmanager
def _laid_out(customer: Customer, tree: str) -> Iterator[Path]:
    """before/ as it is; after/ with what its owner edited by hand laid over it."""
    if tree == "before":
        yield customer.before
        return
    with tempfile.TemporaryDirectory(prefix="finished-") as temporary:
        yield customer.finish(Path(temporary) / customer.name)


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


@each_finished
def test_after_does_on_2022_what_before_did_on_2018(customer: Customer) -> None:
    before, after = _run(customer.path, "before", V2018), _run(customer.path, "after", V2022)
    assert differences(before, after) == [], after.explain()


@each_tested
def test_the_customers_own_tests_pass(customer: Customer, tree: str, version: str) -> None:
    with _laid_out(customer, tree) as directory:
        outcome = customer.run_tests(directory, version, shared_world())
    assert outcome.ok, outcome.explain()
    assert outcome.requests == [], "a test's doubles answer, no server does"


@each_finished
def test_after_fails_on_2018(customer: Customer) -> None:
    outcome = _run(customer.path, "after", V2018)
    assert not outcome.ok, outcome.explain()


@each_with_hand
def test_hand_has_only_files_that_differ_from_after(customer: Customer) -> None:
    after, hand = read_tree(customer.after), read_tree(customer.hand)
    assert [path for path, text in hand.items() if after.get(path) == text] == []


@each_with_hand
def test_report_names_what_was_edited_by_hand(customer: Customer) -> None:
    assert tuple(sorted(unnamed(customer))) == customer.unnamed


@each
class TestTool:
    """What the tool makes of before/."""

    def test_fix_makes_after_byte_for_byte(self, customer: Customer) -> None:
        assert _migrated(customer.path).tree == customer.tree(customer.after)

    def test_report_names_exactly_what_is_left_by_hand(self, customer: Customer) -> None:
        left = _migrated(customer.path).left
        assert tuple(left) == customer.by_hand
        for found, expected in zip(left, customer.by_hand, strict=True):
            assert [file for file in expected.files if Path(file).name not in found.message] == []

    def test_second_fix_changes_nothing(self, customer: Customer) -> None:
        migrated = _migrated(customer.path)
        assert migrated.second_tree == migrated.tree

    def test_what_is_left_is_still_found_the_second_time(self, customer: Customer) -> None:
        migrated = _migrated(customer.path)
        assert migrated.second_left == migrated.left
