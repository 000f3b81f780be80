"""Writes docs/rules.md from the catalogue: `python -m aurora_migrate.catalogue.document > docs/rules.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff

from aurora_migrate.catalogue.kinds import KINDS
from aurora_migrate.catalogue.load import load_catalogue
from aurora_migrate.catalogue.model import EVERY_ENDPOINT, Catalogue, Example, Rule
from aurora_migrate.config import DEFAULT_TOKEN

_HEAD = """\
# Rules

Written by `python -m aurora_migrate.catalogue.document` from the files under `rules/`: change those, not this
page.

*safe* is rewritten by `--fix`, *unsafe* by `--fix --unsafe-fixes` and wants a review, *manual* is reported
with what to write. The examples show what all rules together make of a program; each of them runs as a test.

Every copy of Aurora's versioning page that could be read breaks off in its last bullet ("Removed ..."), so
one removal of 2022.09 may be missing here.
"""


def document(catalogue: Catalogue) -> str:
    """The whole page, in Markdown."""
    parts = [_HEAD, "\n".join(_overview(catalogue))]
    parts += ["\n".join(_section(rule, catalogue)) for rule in catalogue.rules.values()]
    return "\n".join(parts)


def _overview(catalogue: Catalogue) -> Iterator[str]:
    yield "| Code | Name | Applicability | What it finds |"
    yield "| --- | --- | --- | --- |"
    for rule in catalogue.rules.values():
        anchor = f"#{rule.code} {rule.name}".lower().replace(" ", "-").replace(".", "")
        level = rule.applicability.value + _when(rule)
        yield f"| [{rule.code}]({anchor}) | {rule.name} | {level} | {rule.summary} |"
    yield ""


def _when(rule: Rule) -> str:
    if rule.switch:
        return f", with `--{rule.switch}` only"
    return "" if rule.default else ", off by default"


def _section(rule: Rule, catalogue: Catalogue) -> Iterator[str]:
    yield f"## {rule.code} {rule.name}"
    yield f"\n{rule.summary}\n"
    yield f"> {rule.source}\n>\n> ({rule.reference})\n"
    where = " and the ".join(part.value for part in rule.where)
    yield f"- Concerns {_concern(rule, catalogue)}; looks at the {where}."
    yield f"- Kind: `{rule.kind}`."
    yield f"- Applicability: {rule.applicability.value}. {rule.why}"
    yield f"\n### {rule.code} by hand\n\n{rule.advise(token=DEFAULT_TOKEN, **_own(rule))}\n"
    yield f"### {rule.code} examples\n"
    for example in rule.examples:
        if not example.unchanged:
            yield from _example(example)
    silent = [example for example in rule.examples if example.unchanged]
    if silent:
        yield f"Left alone (the programs are in `rules/{rule.version}/{rule.code}.toml`):\n"
        yield from (f"- {example.id}" for example in silent)
        yield ""


def _own(rule: Rule) -> dict[str, str]:
    """What stands for the names that only a finding fills in."""
    return {name: f"<{name.replace('_', '-')}>" for name in KINDS[rule.kind].own_placeholders}


def _concern(rule: Rule, catalogue: Catalogue) -> str:
    if EVERY_ENDPOINT in rule.endpoints:
        return "every endpoint"
    return ", ".join(f"`{found.method} {found.path}`" for found in catalogue.endpoints_of(rule))


def _example(example: Example) -> Iterator[str]:
    yield f"**{example.id}**\n"
    if example.config:
        yield f"```toml\n{example.config.strip()}\n```\n"
    for name, old in example.before.items():
        new = example.after[name]
        if new != old:
            lines = unified_diff(old.splitlines(True), new.splitlines(True), name, name, n=2)
            yield f"```diff\n{''.join(lines)}```\n"
        elif not example.rewritten:
            yield f"```python\n{old}```\n"
    if example.by_hand:
        yield f"By hand: {', '.join(f'`{place}`' for place in example.by_hand)}\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(document(load_catalogue()).encode())
