"""`configparser`: sections that the program fills itself or reads from a text; files are not seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, unless_set
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    Entries,
    Entry,
    Instance,
    Mapping,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        defaults = args.get(0, "defaults")
        if isinstance(defaults, Mapping):
            run.heap.set(instance.cells, "<defaults>", defaults)
        return NONE

    def read_dict(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        containers.merge(run, _sections(run, instance), args.get(0) or UNKNOWN, None)
        return NONE

    def read_string(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for found in iterate_texts(args.get(0, "string") or UNKNOWN):
            _read(run, _sections(run, instance), found)
        return NONE

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        key, fallback = args.get(1, "option") or UNKNOWN, args.get(None, "fallback")
        section = _section(run, instance, args.get(0, "section") or UNKNOWN)
        found = containers.lookup(run, section, key) or Unknown(_names(key))
        return choose([fallback, unless_set(found, fallback)]) if fallback is not None else found

    def item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return _section(run, instance, args.get(0) or UNKNOWN)

    methods = {
        "__init__": construct,
        "read_dict": read_dict,
        "read_string": read_string,
        "get": get,
        "__getitem__": item,
    }
    return Builtin(attr, methods[attr]) if attr in methods else None


def _sections(run: Interpreter, instance: Instance) -> Mapping:
    held = run.heap.get(instance.cells, "<sections>")
    if isinstance(held, Mapping):
        return held
    made = run.new_mapping(Entries(open=True), None, None)
    run.heap.set(instance.cells, "<sections>", made)
    return made


def _section(run: Interpreter, instance: Instance, name: Value) -> Mapping:
    """What a section may hold: the defaults, what the program put there, and what a file says."""
    made = run.new_mapping(Entries(), None, None)
    found = containers.lookup(run, _sections(run, instance), name)
    for holder in (run.heap.get(instance.cells, "<defaults>"), found):
        if isinstance(holder, Mapping):
            containers.merge(run, made, holder, None)
    run.heap.set(made.cells, "entries", replace(run.entries(made), open=True))
    return made


def _read(run: Interpreter, sections: Mapping, source: Text) -> None:
    """The `[section]` and `key = value` lines of a text that the program spells."""
    section = run.new_mapping(Entries(), None, None)
    for line in text.split(source, "\n"):
        seen = text.characters(line)
        if seen.strip().startswith("[") and seen.strip().endswith("]"):
            section = run.new_mapping(Entries(), None, None)
            containers.put(run, sections, Entry(seen.strip()[1:-1], section))
        elif "=" in seen and not seen.lstrip().startswith(("#", ";")):
            at = seen.index("=")
            value = text.strip(text.cut(line, at + 1, len(seen)), None, left=True, right=True)
            containers.put(run, section, Entry(seen[:at].strip().lower(), value))


def _names(key: Value) -> tuple[str, ...]:
    return tuple(found.literal for found in iterate_texts(key) if found.literal)


FUNCTIONS: dict[str, Function] = {}
MEMBERS: dict[str, Member] = {"configparser.ConfigParser": _member}
ALIASES: dict[str, str] = {
    "configparser.RawConfigParser": "configparser.ConfigParser",
    "configparser.SafeConfigParser": "configparser.ConfigParser",
}
