"""Two vendors' URLs travel the same idioms in one program: Aurora's is always found, the other's never."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_migrate.config import Settings
from aurora_migrate.engine import MEMORY_ROOT, check_texts
from aurora_migrate.findings import Applicability, Certainty
from tests.flow.conformance.two_vendors import CARRIERS, CLIENTS, TEXTS, Part, Way, program, ways

EXAMPLES = max(20, settings.default.max_examples // 5)
"""A program is analysed five times, so that there are fewer of them than of other examples."""


def _check(aurora: Part, vendor: Part, parts: list[Part]) -> None:
    before = program(parts)
    options = Settings(root=Path("/"))
    report = check_texts(before, options, fix=Applicability.UNSAFE)
    assert report.errors == []
    assert [finding.message for finding in report.findings] == []
    assert {finding.rule for finding in report.fixed} == {"AUR102"}
    assert {finding.certainty for finding in report.fixed} == {Certainty.PROVEN}
    changed = {str(path.relative_to(MEMORY_ROOT)): new for path, (_, new) in report.changes.items()}
    after = before | changed
    for name, text in after.items():
        compile(text, name, "exec")
    for file, lines in vendor.lines.items():
        assert "".join(f"{line}\n" for line in lines) in after[file]
    for file, lines in aurora.lines.items():
        kept = [line for line in lines if "v2" not in line]
        assert all(line in after[file] for line in kept)
    assert check_texts(after, options).findings == []


@settings(max_examples=EXAMPLES)
@given(way=ways(), aurora_first=st.booleans())
def test_both_go_the_same_way(way: Way, aurora_first: bool) -> None:
    ours, theirs = way.share("design", "api.aurorasolar.com"), way.share("crm", "api.vendor.example")
    _check(ours, theirs, [ours, theirs] if aurora_first else [theirs, ours])


@settings(max_examples=EXAMPLES)
@given(way=ways(), other=ways())
def test_each_goes_its_own_way(way: Way, other: Way) -> None:
    ours, theirs = way.share("design", "api.aurorasolar.com"), other.share("crm", "api.vendor.example")
    _check(ours, theirs, [theirs, ours])


@pytest.mark.parametrize("name", sorted(CARRIERS))
def test_every_carrier_alone(name: str) -> None:
    way = Way((name,), "plus", "requests")
    ours, theirs = way.share("design", "api.aurorasolar.com"), way.share("crm", "api.vendor.example")
    _check(ours, theirs, [ours, theirs])


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_text_alone(name: str) -> None:
    way = Way(("a constant",), name, "a session")
    ours, theirs = way.share("design", "api.aurorasolar.com"), way.share("crm", "api.vendor.example")
    _check(ours, theirs, [theirs, ours])


@pytest.mark.parametrize("name", sorted(CLIENTS))
def test_every_client_alone(name: str) -> None:
    way = Way(("an entry",), "an f-string", name)
    ours, theirs = way.share("design", "api.aurorasolar.com"), way.share("crm", "api.vendor.example")
    _check(ours, theirs, [theirs, ours])


@settings(max_examples=EXAMPLES)
@given(way=ways())
def test_alone_the_other_vendor_is_never_found(way: Way) -> None:
    part = way.share("crm", "api.vendor.example")
    report = check_texts(program([part]), Settings(root=Path("/")), fix=Applicability.UNSAFE)
    assert report.findings == report.fixed == report.errors == []
