"""The README's claims that can go stale: the rules it lists, the commands it shows, the files it links to."""

from __future__ import annotations

import re

import pytest

from aurora_migrate.catalogue import load_catalogue
from tests.packaging.commands import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_rules_table_is_the_catalogue() -> None:
    rows = re.findall(r"^\| `(AUR\d{3})` \| ([\w.-]+) \| (\w+) \|", README, flags=re.MULTILINE)
    known = [(rule.code, rule.name, rule.applicability.value) for rule in load_catalogue().rules.values()]
    assert sorted(rows) == sorted(known)


@pytest.mark.parametrize("page", ["README.md", "docs/README.md"])
def test_links_lead_to_files(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:^    |`)make ([a-z]+)", README, flags=re.MULTILINE))
    assert {"demo", "test"} <= shown
    assert [target for target in shown if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []
