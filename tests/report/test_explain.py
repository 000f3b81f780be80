"""`explain` and `rules` tell what the rule files say."""

from __future__ import annotations

import json

import pytest

from aurora_migrate.catalogue import Rule, load_catalogue
from aurora_migrate.catalogue.templates import placeholders
from aurora_migrate.report.explain import explained, explained_error
from aurora_migrate.report.rules import document, table
from aurora_migrate.report.styled import plain

RULES = list(load_catalogue().rules.values())


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_explained_from_its_file(rule: Rule) -> None:
    text = squeezed(plain(explained(rule)))
    for part in (rule.code, rule.name, rule.summary, rule.source, rule.reference, rule.why):
        assert squeezed(part) in text
    assert f"{rule.applicability.value}: " in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_shows_an_example_and_what_is_left_alone(rule: Rule) -> None:
    text = squeezed(plain(explained(rule)))
    told = next(example for example in rule.examples if not example.unchanged)
    assert squeezed(f"Example: {told.id}") in text
    for example in rule.examples:
        assert not example.unchanged or squeezed(f"- {example.id}") in text


def test_an_example_is_shown_before_and_after() -> None:
    lines = plain(explained(load_catalogue().rules["AUR102"])).splitlines()
    removed = next(line for line in lines if line.startswith("  -") and "/v2" in line)
    assert removed.replace("  -", "  +", 1).replace("/v2", "") in lines


def test_the_placeholders_of_the_advice_are_filled() -> None:
    for rule in RULES:
        advice = plain(explained(rule)).partition("\nBy hand\n")[2].partition("\nExample: ")[0]
        assert advice.strip()
        assert placeholders(advice).isdisjoint(placeholders(rule.advice))
    assert 'os.environ["AURORA_API_TOKEN"]' in plain(explained(load_catalogue().rules["AUR104"]))


def test_no_line_ends_in_a_blank() -> None:
    for rule in RULES:
        assert [line for line in plain(explained(rule)).splitlines() if line != line.rstrip()] == []


def test_the_error_is_explained_too() -> None:
    text = plain(explained_error())
    assert text.startswith("AUR001 unreadable-file\n")
    assert "exit code is 2" in text


def test_the_table_has_a_line_for_each_rule_in_columns() -> None:
    lines = plain(table(RULES)).splitlines()
    assert [line.split()[:3] for line in lines] == [
        [rule.code, rule.name, rule.applicability.value] for rule in RULES
    ]
    assert len({line.index(rule.summary) for line, rule in zip(lines, RULES, strict=True)}) == 1


def test_the_rules_as_json() -> None:
    found = json.loads(document(RULES))
    assert found["version"] == 1
    assert [rule["code"] for rule in found["rules"]] == [rule.code for rule in RULES]
    assert found["rules"][1]["applicability"] == "safe"
