"""One rule in words: what changed, why it matters, how far the fix can be trusted, what to write by hand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from itertools import islice

from aurora_migrate.catalogue import Example, Rule
from aurora_migrate.catalogue.templates import placeholders
from aurora_migrate.config import DEFAULT_TOKEN
from aurora_migrate.files.source import UNREADABLE_CODE, UNREADABLE_NAME
from aurora_migrate.findings import Applicability
from aurora_migrate.report.diff import unified
from aurora_migrate.report.full import ROLES
from aurora_migrate.report.styled import EMPTY, Line, Role, Span, words

WIDTH = 100
EXAMPLES = 2
_WHOLE_FILE = 10_000
_HOW = {
    Applicability.SAFE: "applied by `aurora-migrate check --fix`",
    Applicability.UNSAFE: "applied by `aurora-migrate check --fix --unsafe-fixes`, for you to review",
    Applicability.MANUAL: "nothing is rewritten, each place is reported",
}
_UNREADABLE = """\
A file that cannot be read or parsed.

What it holds is not known, so it may still call Aurora the old way. The other files are checked, and
the exit code is 2. Make the file readable, or correct its syntax; if it is no part of the program, name
it in `exclude`. Python 2 is not understood."""


def explained(rule: Rule) -> Iterator[Line]:
    """All that a user wants to know of `rule`."""
    yield (Span(rule.code, "rule"), Span(f" {rule.name}", "strong"), Span(f" (API version {rule.version})"))
    yield EMPTY
    yield from _wrapped(rule.summary)
    if rule.switch:
        yield from _wrapped(f"Turned on by `aurora-migrate check --{rule.switch}` alone.")
    elif not rule.default:
        yield from _wrapped(f"Off by default: turn it on with --extend-select {rule.code}.")
    yield from _section("Why")
    yield from _wrapped(f'"{rule.source}"', "  ")
    yield from _wrapped(f"({rule.reference})", "  ")
    role = ROLES[rule.applicability]
    yield from _section("Fix")
    yield (Span("  "), Span(rule.applicability.value, role), Span(f": {_HOW[rule.applicability]}"))
    yield from _wrapped(rule.why, "  ")
    yield from _section("By hand")
    yield from _indented(rule.advise(**_values(rule)))
    yield from _examples(rule)


def explained_error() -> Iterator[Line]:
    """What AUR001 means, which is no rule of the API and therefore in no rule file."""
    yield (Span(UNREADABLE_CODE, "rule"), Span(f" {UNREADABLE_NAME}", "strong"))
    yield EMPTY
    yield from (words(line) for line in _UNREADABLE.splitlines())


def _examples(rule: Rule) -> Iterator[Line]:
    shown = [example for example in rule.examples if not example.unchanged]
    for example in islice(shown, EXAMPLES):
        yield from _section(f"Example: {example.id}")
        yield from _example(example)
    kept = [example.id for example in rule.examples if example.unchanged]
    if kept:
        yield from _section("Left alone")
        for case in kept:
            yield from _wrapped(f"- {case}", "  ", "    ")


def _example(example: Example) -> Iterator[Line]:
    for name, before in example.before.items():
        yield words(f"  {name}", "note")
        after = example.after.get(name, before)
        if after == before:
            yield from _indented(before.strip("\n"), "    ")
            continue
        for line in islice(unified(before, after, name, _WHOLE_FILE), 3, None):
            yield (Span("  "), *line) if line[0].text.strip() else EMPTY
    for place in example.by_hand:
        yield words(f"  {place} is reported, to be changed by hand", "manual")


def _values(rule: Rule) -> Mapping[str, str]:
    """What the placeholders of the advice stand for, as far as the rule knows it without a call before it."""
    values = {name: f"<{name.replace('_', '-')}>" for name in placeholders(rule.advice)}
    for key, value in rule.parameters.items():
        if isinstance(value, str):
            values[key.replace("-", "_")] = value
    return values | {"token": DEFAULT_TOKEN}


def _section(title: str) -> Iterator[Line]:
    yield EMPTY
    yield words(title, "strong")


def _indented(text: str, margin: str = "  ", role: Role = "") -> Iterator[Line]:
    for line in text.splitlines():
        yield words(f"{margin}{line}".rstrip(), role)


def _wrapped(text: str, margin: str = "", hang: str | None = None) -> Iterator[Line]:
    hang = margin if hang is None else hang
    wrapper = textwrap.TextWrapper(WIDTH, margin, hang, break_long_words=False, break_on_hyphens=False)
    yield from (words(line) for line in wrapper.wrap(text))
