"""docs/rules.md says what rules/ says."""

from __future__ import annotations

from pathlib import Path

from aurora_migrate.catalogue import load_catalogue
from aurora_migrate.catalogue.document import document

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_bytes().decode("utf-8").replace("\r\n", "\n") == document(load_catalogue()), (
        "run: python -m aurora_migrate.catalogue.document > docs/rules.md"
    )


def test_every_rule_has_its_sentence_its_reason_and_its_examples_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for rule in load_catalogue().rules.values():
        assert f"## {rule.code} {rule.name}\n" in page
        assert f"> {rule.source}\n" in page
        assert rule.why in page
        assert all(example.id in page for example in rule.examples)
