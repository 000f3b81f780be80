"""docs/conformance.md says what the table says."""

from __future__ import annotations

from pathlib import Path

from tests.flow.conformance.document import document
from tests.flow.conformance.idioms import load

PAGE = Path(__file__).parents[3] / "docs" / "conformance.md"


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_bytes().decode("utf-8").replace("\r\n", "\n") == document(), (
        "run: python -m tests.flow.conformance.document > docs/conformance.md"
    )


def test_every_idiom_is_on_the_page_and_every_limit_has_its_reason() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for idiom in load():
        assert idiom.name.replace("|", "\\|") in page
        assert idiom.why in page or idiom.rule != "AUR102"
