"""Places that hold what an answer says of a refusal against a text of the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fates.sinks import tests as looks_for_something
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Marker, Origin
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part


@dataclass(frozen=True, slots=True)
class Tested:
    """One such place: `said` is the program's text, `raw` whether the unparsed body is searched."""

    module: Module
    node: cst.CSTNode
    origin: Origin
    certainty: Certainty
    said: str
    raw: bool


def tested(context: Context, rule: Rule, keys: Sequence[str]) -> Iterator[Tested]:
    """The tests of what stands under one of the keys of an answer, and of its text."""
    seen: set[tuple[int, str]] = set()
    for found in _candidates(context, rule, keys):
        key = (id(found.node), found.said)
        if key not in seen:
            seen.add(key)
            yield found


def _candidates(context: Context, rule: Rule, keys: Sequence[str]) -> Iterator[Tested]:
    for match in context.facts.matches.values():
        certainty = _concern(context, rule, match.part, keys)
        said = match.value.literal
        if certainty is not None and said is not None and match.how != "enum":
            if is_test_module(match.module):
                # What a test expects goes with the answers that it records.
                continue
            raw = match.part.path in ((), (Marker.TEXT,))
            if match.part.path == () and match.how != "search":
                continue
            yield Tested(match.module, match.node, match.part.origin, certainty, in_words(said), raw)
    for part in _parts(context):
        certainty = _concern(context, rule, part, keys)
        taken = context.facts.part_takers.get(part.key, {}) if certainty is not None else {}
        for module, call, _ in taken.values():
            if looks_for_something(call) and certainty is not None:
                raw = part.path == (Marker.TEXT,)
                yield Tested(module, call, part.origin, certainty, in_words(_pattern(module, call)), raw)


def in_words(said: str) -> str:
    """What a regular expression looks for, with blanks in place of what matches them."""
    for blank in (r"\s+", r"\s*", r"\s", r"\b", ".*", ".+", "[ _]", "[_ ]"):
        said = said.replace(blank, " ")
    return " ".join(said.split()) or said


def _parts(context: Context) -> Iterator[Part]:
    """The bodies' texts and the parts that were read, as far as they went to unseen code."""
    for key in context.facts.part_takers:
        origin = context.facts.origins.get(key[0]) if isinstance(key, tuple) else None
        if origin is not None and isinstance(key, tuple):
            yield Part((), frozenset(), origin, key[1])


def _concern(context: Context, rule: Rule, part: Part, keys: Sequence[str]) -> Certainty | None:
    if not part.path or part.path[0] is Marker.TEXT or part.path[0] in keys:
        return context.ties.answered(part.origin, rule)
    return None


def _pattern(module: Module, call: cst.Call) -> str:
    """The text of a regular expression, as far as the call or the name of the pattern says it."""
    written = [each for each in walk(call) if isinstance(each, cst.SimpleString)]
    if not written and isinstance(call.func, cst.Attribute) and isinstance(call.func.value, cst.Name):
        name = call.func.value.value
        for each in walk(module.tree):
            if isinstance(each, cst.Assign) and any(_is_named(target, name) for target in each.targets):
                written = [inner for inner in walk(each.value) if isinstance(inner, cst.SimpleString)]
    return string_value(written[-1] if written else cst.SimpleString("''"))


def _is_named(target: cst.AssignTarget, name: str) -> bool:
    return isinstance(target.target, cst.Name) and target.target.value == name
