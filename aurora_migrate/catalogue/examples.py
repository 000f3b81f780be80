"""Reads a rule's examples: programs before and after, or programs that stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aurora_migrate.catalogue.model import Example
from aurora_migrate.catalogue.reading import Table

_PLACE = re.compile(r"(?P<file>.+):[1-9][0-9]*")


def read_examples(rule: Table) -> tuple[Example, ...]:
    """The examples of a rule's table, in the file's order."""
    examples = tuple(_read_example(entry) for entry in rule.tables("examples"))
    if not any(not example.unchanged for example in examples):
        rule.fail("examples", "none shows what the rule finds")
    ids = [example.id for example in examples]
    for place, example_id in enumerate(ids):
        if example_id in ids[:place]:
            rule.fail(f"examples[{place}].id", f"{example_id!r} is there twice")
    return examples


def _read_example(table: Table) -> Example:
    before = _read_files(table, "before")
    unchanged = table.flag("unchanged", False)
    after = _read_files(table, "after") if "after" in table else before
    by_hand = table.texts("by-hand", ())
    example_id, config = table.text("id"), table.text("config", "")
    table.finish()
    _refuse_contradictions(table, unchanged, by_hand, before, after)
    return Example(example_id, before, after, unchanged, by_hand, config)


def _read_files(table: Table, key: str) -> Mapping[str, str]:
    files = table.text_map(key)
    if not files:
        table.fail(key, "names no file")
    for name in files:
        if not name.endswith(".py") or name.startswith("/") or ".." in name:
            table.fail(f"{key}.{name}", "must be the relative name of a Python file")
    return files


def _refuse_contradictions(
    table: Table,
    unchanged: bool,
    by_hand: tuple[str, ...],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> None:
    if unchanged == ("after" in table or bool(by_hand)):
        table.fail("", "must have either `unchanged = true`, or `after`, `by-hand` or both")
    if "after" in table and after == before:
        table.fail("after", "is the same as before")
    if after.keys() != before.keys():
        table.fail("after", "must name the same files as before")
    for place in by_hand:
        found = _PLACE.fullmatch(place)
        if found is None or found["file"] not in before:
            table.fail("by-hand", f"{place!r} is no file:line of this example")
