"""Each idiom of the table at Aurora, and the same program at another vendor."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import MEMORY_ROOT, Report, check_texts
from aurora_migrate.findings import Applicability, Certainty, Finding
from tests.flow.conformance.conclusions import endpoints_of
from tests.flow.conformance.idioms import AURORA, FILES, FOLDER, VENDOR, Idiom, load

IDIOMS = load()
MAX_STEPS = 8
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")


def _settings() -> Settings:
    return Settings(root=Path("/"))


def _programs(*concluded: str) -> list[object]:
    chosen = [idiom for idiom in IDIOMS if not concluded or idiom.concluded in concluded]
    return [pytest.param(idiom, id=f"{idiom.group}: {idiom.name}") for idiom in chosen]


def _after(program: dict[str, str], report: Report) -> dict[str, str]:
    changed = {str(path.relative_to(MEMORY_ROOT)): new for path, (_, new) in report.changes.items()}
    return program | changed


def _place(finding: Finding) -> str:
    where = finding.location.path.relative_to(MEMORY_ROOT).as_posix()
    return f"{where}:{finding.location.start.line} {finding.subject.splitlines()[0].strip()}"


@pytest.mark.parametrize("idiom", _programs("fixed"))
def test_found_at_aurora_rewritten_and_clean_again(idiom: Idiom) -> None:
    program = idiom.at(*AURORA)
    report = check_texts(program, _settings(), fix=Applicability.UNSAFE)
    assert [finding.message for finding in [*report.errors, *report.findings]] == []
    assert {finding.rule for finding in report.fixed} == {idiom.rule}
    assert sorted({_place(finding) for finding in report.fixed}) == idiom.found
    assert {finding.certainty for finding in report.fixed} == {Certainty.PROVEN}
    assert max(len(finding.trace) for finding in report.fixed) == idiom.steps <= MAX_STEPS
    after = _after(program, report)
    assert check_texts(after, _settings()).findings == []
    for name, text in after.items():
        compile(text, name, "exec")


@pytest.mark.parametrize("idiom", _programs("found", "by hand", "likely", "silent"))
def test_reported_at_aurora_where_the_table_says(idiom: Idiom) -> None:
    report = check_texts(idiom.at(*AURORA), _settings())
    assert report.errors == []
    assert sorted({_place(found) for found in report.findings if found.rule == idiom.rule}) == idiom.found
    assert max((len(finding.trace) for finding in report.findings), default=0) == idiom.steps <= MAX_STEPS
    if idiom.concluded != "found":
        assert all(finding.applicability is Applicability.MANUAL for finding in report.findings)
        assert idiom.why
    expected = Certainty.LIKELY if idiom.concluded == "likely" else Certainty.PROVEN
    assert {finding.certainty for finding in report.findings} <= {expected}


@pytest.mark.parametrize("idiom", _programs())
def test_the_endpoints_are_told_by_the_requests(idiom: Idiom) -> None:
    assert endpoints_of(idiom.at(*AURORA)) == idiom.endpoints


@pytest.mark.parametrize("idiom", _programs())
def test_the_same_program_for_another_vendor_is_silent(idiom: Idiom) -> None:
    report = check_texts(idiom.at(*VENDOR), _settings(), fix=Applicability.UNSAFE)
    assert report.findings == report.fixed == report.errors == []
    assert report.changes == {}


def test_the_table_is_complete_and_without_doubles() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(FILES)
    names = [(idiom.group, idiom.name) for idiom in IDIOMS]
    assert len(names) == len(set(names)) >= 150
