"""Values of which there are several: told apart, put together, and asked for what is among them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from aurora_migrate.flow.values import GAP, NUMBER, UNKNOWN, Choice, Part, Text, Unknown, Value, key_of

MAX_CHOICES = 12


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value; itself when there is one."""
    return value.options if isinstance(value, Choice) else (value,)


def choose(values: Iterable[Value]) -> Value:
    """One of the values: duplicates fall together, too many end in an unknown beside the first."""
    unique: dict[Hashable, Value] = {}
    for value in values:
        for option in options(value):
            unique.setdefault(key_of(option), option)
    found = list(unique.values())
    if not found:
        return UNKNOWN
    if len(found) == 1:
        return found[0]
    if len(found) > MAX_CHOICES:
        rest = found[MAX_CHOICES - 1 :]
        found = [*found[: MAX_CHOICES - 1], UNKNOWN if any(map(is_stranger, rest)) else gap()]
    return Choice(tuple(found))


def is_stranger(value: Value) -> bool:
    """Whether a value may come from anywhere: not from the program's own text, nor from an answer."""
    return type(value) is Unknown and GAP not in value.roots


def gap(*hints: str) -> Unknown:
    """What stands for a value that is not followed here, but where it is made."""
    return Unknown(hints, _GAP)


A_NUMBER = Unknown((), frozenset({NUMBER}))
"""A whole number of which no more is known."""
_GAP = frozenset({GAP})


def unless_set(option: Value, default: Value) -> Value:
    """Something unknown that has a text in its place when nobody sets it; anything else as it is."""
    found = next(iterate_texts(default), None)
    if type(option) is not Unknown or option.default is not None or found is None:
        return option
    return Unknown(option.hints, option.roots, default=found)


def iterate_texts(value: Value) -> Iterator[Text]:
    """The texts among the alternatives of a value."""
    for option in options(value):
        if isinstance(option, Text):
            yield option


def parts_of(value: Value) -> Iterator[Part]:
    """The parts of responses among the alternatives of a value."""
    for option in options(value):
        if isinstance(option, Part):
            yield option
