"""What the rules that ship promise beyond being valid: enough examples, silent ones, sound Python."""

from __future__ import annotations

import ast

import pytest

from aurora_migrate.catalogue import Example, Rule, load_catalogue
from aurora_migrate.catalogue.kinds import KINDS
from aurora_migrate.findings import Applicability

RULES = tuple(load_catalogue().rules.values())
EXAMPLES = [
    pytest.param(example, id=f"{rule.code} {example.id}") for rule in RULES for example in rule.examples
]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@each_rule
def test_a_rule_has_examples_and_two_in_five_of_them_stay_silent(rule: Rule) -> None:
    silent = sum(example.unchanged for example in rule.examples)
    assert len(rule.examples) >= 4
    assert silent * 5 >= len(rule.examples) * 2


@each_rule
def test_a_rule_with_a_fix_shows_a_rewrite_and_one_without_shows_what_is_left(rule: Rule) -> None:
    if rule.applicability is Applicability.MANUAL:
        assert any(example.by_hand for example in rule.examples)
    else:
        assert any(example.rewritten for example in rule.examples)


@each_rule
def test_a_rule_says_everything_in_whole_texts(rule: Rule) -> None:
    token = 'os.environ["AURORA_API_TOKEN"]'
    own = dict.fromkeys(KINDS[rule.kind].own_placeholders, "a_name")
    texts = [rule.message(which, token=token, reason="it is odd", **own) for which in rule.messages]
    assert all("{" not in text for text in texts)
    assert rule.advise(token=token, **own)
    assert rule.summary.endswith(".")
    assert rule.why.endswith(".")


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_python_before_and_after(example: Example) -> None:
    for text in (*example.before.values(), *example.after.values()):
        assert ast.parse(text).body
        assert text.endswith("\n")


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_place_left_by_hand_is_a_line_of_the_example(example: Example) -> None:
    for place in example.by_hand:
        name, _, line = place.rpartition(":")
        assert example.after[name].splitlines()[int(line) - 1].strip()
