"""What following a program costs: steps grow with the code, and a budget that is spent is told."""

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.flow import explore
from aurora_migrate.flow.interpreter import (
    STEPS_OF_ALL_ROOTS,
    STEPS_PER_CHARACTER,
    STEPS_PER_ROOT,
    Interpreter,
)
from benchmarks.ladder import SHAPES, ladder

SETTINGS = Settings(Path("/in-memory"))
EXPLOSION = (
    "import requests\n\n\ndef f0(path, deep):\n"
    '    return requests.get("https://api.aurorasolar.com/v2" + path)\n'
    + "".join(
        f"\n\ndef f{number}(path, deep):\n"
        "    if deep:\n"
        f'        return f{number - 1}(path + "/a", deep)\n'
        f'    return f{max(number - 2, 0)}(path + "/b{number}", deep)\n'
        for number in range(1, 22)
    )
    + '\n\nf21("/tenants", True)\n'
)
"""Every function has two ways on, and each way makes another path: nothing can be recalled."""


def counted(texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, Report]:
    """The steps that all explorations of a program take together, and the report."""
    runs: list[Interpreter] = []

    class Counted(Interpreter):
        def settle(self) -> None:
            runs.append(self)
            super().settle()

    monkeypatch.setattr(explore, "Interpreter", Counted)
    report = check_texts(texts, SETTINGS)
    return runs[0].explored_steps, report


@pytest.mark.parametrize("shape", SHAPES)
def test_steps_grow_with_the_number_of_functions(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = [ladder(size, SHAPES[shape]) for size in (60, 240)]
    small, large = (counted({"ladder.py": program}, monkeypatch)[0] for program in programs)
    assert small > 60
    assert large <= small * 4.5


@pytest.mark.parametrize("shape", SHAPES)
def test_every_literal_of_a_ladder_is_followed_to_its_request(shape: str) -> None:
    report = check_texts({"ladder.py": ladder(60, SHAPES[shape])}, SETTINGS)
    assert [finding.rule for finding in report.findings] == ["AUR102"]
    assert not report.errors


@pytest.fixture(scope="module")
def explosion() -> tuple[int, Report]:
    """The steps that the explosion takes, beside a module that is followed easily, and its report."""
    other = 'import requests\nrequests.get("https://api.aurorasolar.com/v2/tenants/t1/users")\n'
    with pytest.MonkeyPatch.context() as patch:
        return counted({"ladder.py": EXPLOSION, "other.py": other}, patch)


def test_an_explosion_stays_within_the_budget_of_its_size(explosion: tuple[int, Report]) -> None:
    allowed = STEPS_OF_ALL_ROOTS + STEPS_PER_CHARACTER * (len(EXPLOSION) + 100)
    # The exploration that uses up the budget may go on to its own end, and each of the others a little.
    one_more = STEPS_PER_ROOT + len(EXPLOSION) + 100
    assert explosion[0] <= allowed + one_more + 2 * 22 * STEPS_PER_ROOT // 20


def test_functions_that_are_not_followed_are_told_in_one_warning(explosion: tuple[int, Report]) -> None:
    assert [error.rule for error in explosion[1].errors] == ["AUR002"]
    error = explosion[1].errors[0]
    assert error.location.path.name == "ladder.py"
    assert error.message.startswith("`f1")
    assert "more were not followed to the end: the calls inside each other are too many" in error.message


def test_what_is_found_beside_an_explosion_is_reported(explosion: tuple[int, Report]) -> None:
    found = {(finding.rule, finding.location.path.name) for finding in explosion[1].findings}
    assert {("AUR102", "ladder.py"), ("AUR102", "other.py")} <= found
