"""Every example of every rule, through the whole engine: what docs/rules.md shows is what happens."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.catalogue import Example, Rule, load_catalogue
from aurora_migrate.config import Settings, load_settings
from aurora_migrate.findings import Applicability, Finding

PAIRS = [(rule, example) for rule in load_catalogue().rules.values() for example in rule.examples]


def cases(*, unchanged: bool) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code} {example.id}")
        for rule, example in PAIRS
        if example.unchanged is unchanged
    ]


@pytest.mark.parametrize(("rule", "example"), cases(unchanged=False))
def test_rule_finds_and_rewrites(rule: Rule, example: Example, tmp_path: Path) -> None:
    report = engine.check_texts(example.before, settings(rule, example, tmp_path), fix=Applicability.UNSAFE)
    assert not report.errors
    result = texts_after(example.before, report.changes)
    for text in result.values():
        ast.parse(text)
    assert result == dict(example.after)
    assert places(report.findings, example) == sorted(example.by_hand)
    assert rule.code in {finding.rule for finding in (*report.fixed, *report.findings)}


@pytest.mark.parametrize(("rule", "example"), cases(unchanged=False))
def test_rewritten_example_stays_as_it_is(rule: Rule, example: Example, tmp_path: Path) -> None:
    report = engine.check_texts(example.after, settings(rule, example, tmp_path), fix=Applicability.UNSAFE)
    assert not report.changes
    assert places(report.findings, example) == sorted(example.by_hand)


@pytest.mark.parametrize(("rule", "example"), cases(unchanged=True))
def test_rule_leaves_alone(rule: Rule, example: Example, tmp_path: Path) -> None:
    report = engine.check_texts(example.before, settings(rule, example, tmp_path), fix=Applicability.UNSAFE)
    assert not report.errors
    assert not report.findings
    assert not report.fixed
    assert not report.changes


def settings(rule: Rule, example: Example, folder: Path) -> Settings:
    """The example's settings, with all default rules and, where it is off by default, its own."""
    project = folder / "pyproject.toml"
    project.write_text(example.config or "[tool.aurora-migrate]\n", encoding="utf-8")
    loaded = load_settings(folder)
    if rule.switch:
        return replace(loaded, switches=(rule.switch,))
    return loaded if rule.default else replace(loaded, extend_select=(*loaded.extend_select, rule.code))


def texts_after(before: Mapping[str, str], changes: Mapping[Path, tuple[str, str]]) -> dict[str, str]:
    """The files by the names the example gives them, with what the report changed."""
    result = dict(before)
    for path, (old, new) in changes.items():
        name = name_of(path, before)
        assert old == before[name]
        result[name] = new
    return result


def places(findings: Iterable[Finding], example: Example) -> list[str]:
    """The findings as an example's `by-hand` lists them."""
    locations = (finding.location for finding in findings)
    return sorted(f"{name_of(found.path, example.before)}:{found.start.line}" for found in locations)


def name_of(path: Path, names: Iterable[str]) -> str:
    return max((name for name in names if path.as_posix().endswith("/" + name)), key=len)
