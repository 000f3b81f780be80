"""Files of settings: YAML, TOML, `.env`, and `configparser`, whose sections the program may also fill."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.files.documents import is_environment
from aurora_migrate.flow import containers, interpolation, objects, settings_files, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, unless_set
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.stdlib_config import ENVIRONMENT
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.recorded import written_before
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
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


_RAW = "configparser.RawConfigParser"
_EXTENDED = "configparser.ExtendedInterpolation"


def _member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for name in ("defaults", "interpolation"):
            given = args.get(0 if name == "defaults" else None, name)
            if given is not None:
                run.heap.set(instance.cells, f"<{name}>", given)
        return NONE

    def read_dict(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        containers.merge(run, _sections(run, instance), args.get(0) or UNKNOWN, None)
        return NONE

    def read_string(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for found in iterate_texts(args.get(0, "string") or UNKNOWN):
            _read(run, _sections(run, instance), found)
        return NONE

    def read_file(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for module in settings_files.modules_read(run, node, scope) if node is not None else ():
            said = settings_files.said(run, module)
            _ignore_case(run, said)
            containers.merge(run, _sections(run, instance), said, None)
        return UNKNOWN

    def get(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        key, fallback = args.get(1, "option") or UNKNOWN, args.get(None, "fallback")
        raw, more = args.get(None, "raw"), args.get(None, "vars")
        pattern = None if isinstance(raw, Const) and raw.value else _pattern(run, instance, dotted)
        section = _section(run, instance, args.get(0, "section") or UNKNOWN, pattern, more)
        found = containers.lookup(run, section, key) or Unknown(_names(key))
        return choose([fallback, unless_set(found, fallback)]) if fallback is not None else found

    def item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return _section(run, instance, args.get(0) or UNKNOWN, _pattern(run, instance, dotted))

    def items(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        if not args.positional:
            return UNKNOWN
        return run.call(run.attribute(item(args, node, scope), "items", scope), Args(), node, scope)

    methods = {
        "__init__": construct,
        "read": read_file,
        "read_file": read_file,
        "read_dict": read_dict,
        "read_string": read_string,
        "get": get,
        "items": items,
        "__getitem__": item,
    }
    return Builtin(attr, methods[attr]) if attr in methods else None


def _ignore_case(run: Interpreter, said: Value) -> None:
    """Options are looked up in any case: each is there as it is spelled, in small letters and in capitals."""
    for entry in run.entries(said).items if isinstance(said, Mapping) else ():
        section = entry.value
        for option in run.entries(section).items if isinstance(section, Mapping) else ():
            if isinstance(section, Mapping) and option.name is not None:
                for name in {option.name.lower(), option.name.upper()} - {option.name}:
                    containers.put(run, section, replace(option, name=name))


def _sections(run: Interpreter, instance: Instance) -> Mapping:
    held = run.heap.get(instance.cells, "<sections>")
    if isinstance(held, Mapping):
        return held
    made = run.new_mapping(Entries(open=True), None, None)
    run.heap.set(instance.cells, "<sections>", made)
    return made


def _section(
    run: Interpreter,
    instance: Instance,
    name: Value,
    pattern: re.Pattern[str] | None,
    more: Value | None = None,
) -> Mapping:
    """What a section may hold: the defaults, what the program put there, and what a file says."""
    made = run.new_mapping(Entries(), None, None)
    found = containers.lookup(run, _sections(run, instance), name)
    common = containers.lookup(run, _sections(run, instance), text.plain("DEFAULT"))
    for holder in (run.heap.get(instance.cells, "<defaults>"), common, found, more):
        if isinstance(holder, Mapping):
            containers.merge(run, made, holder, None)
    if pattern is not None:
        plain = containers.copy_mapping(run, made, None)
        interpolation.fill(run, made, pattern, lambda option: _option(run, instance, plain, option))
    run.heap.set(made.cells, "entries", replace(run.entries(made), open=True))
    return made


def _option(run: Interpreter, instance: Instance, section: Mapping, name: str) -> Value | None:
    """An option as it is spelled, by its name in this section or with another's in front of a colon."""
    other, _, option = name.rpartition(":")
    holder = _section(run, instance, text.plain(other), None) if other else section
    known = {entry.name for entry in run.entries(holder).items}
    spelled = option if option in known else option.lower()
    return containers.lookup(run, holder, text.plain(spelled)) if spelled in known else None


def _pattern(run: Interpreter, instance: Instance, dotted: str) -> re.Pattern[str] | None:
    """How the options of a parser refer to each other; None where they do not."""
    given = run.heap.get(instance.cells, "<interpolation>")
    if given is None:
        return interpolation.BASIC if dotted != _RAW else None
    if isinstance(given, Instance):
        kinds = [given.kind] if isinstance(given.kind, str) else objects.external_bases(given.kind)
        return interpolation.EXTENDED if _EXTENDED in kinds else interpolation.BASIC
    return None


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


def set_environment(run: Interpreter) -> None:
    """Put what `.env` files say of addresses into the environment, as what is there when nobody sets it."""
    found: dict[str, list[Value]] = {}
    for path in run.modules.project.documents:
        module = run.modules.load_data(path) if is_environment(path) else None
        held = settings_files.said(run, module) if module is not None else None
        for entry in run.entries(held).items if isinstance(held, Mapping) else ():
            if entry.name is not None and any(isinstance(each, Text) for each in options(entry.value)):
                found.setdefault(entry.name, []).append(entry.value)
                assert module is not None
                module.read_by_code = True
    shared = containers.contents(run, run.shared(ENVIRONMENT)) if found else None
    for name, values in found.items():
        if shared is not None:
            containers.put(run, shared, Entry(name, choose(values)))


def of_settings_class(run: Interpreter, kind: ClassValue, field: str) -> list[Value]:
    """What `.env` files say of a field of pydantic's settings, under its name with the class's prefix."""
    wanted = {f"{prefix}{field}".lower() for prefix in _prefixes(run, kind)}
    shared = containers.contents(run, run.shared(ENVIRONMENT))
    entries = run.entries(shared).items if shared is not None else ()
    return [entry.value for entry in entries if entry.name is not None and entry.name.lower() in wanted]


def _prefixes(run: Interpreter, kind: ClassValue) -> list[str]:
    """The `env_prefix` of `model_config` or of the older `class Config`; none is empty."""
    found: list[str] = []
    configured = objects.find_in_class(run, kind, "model_config")
    if isinstance(configured, Mapping):
        value = containers.lookup(run, configured, text.plain("env_prefix"))
        found += [each.literal or "" for each in iterate_texts(value or UNKNOWN)]
    inner = objects.find_in_class(run, kind, "Config")
    if isinstance(inner, ClassValue):
        value = objects.find_in_class(run, inner, "env_prefix")
        found += [each.literal or "" for each in iterate_texts(value or UNKNOWN)]
    return found or [""]


def _nothing(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


def _load(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found = settings_files.read_by(run, node, scope)
    return choose([*([found] if found is not None else []), *written_before(run, node, scope)])


def _load_tree(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found = _load(run, args, node, scope)
    interpolation.in_tree(run, found)
    return found


FUNCTIONS: dict[str, Function] = {
    "omegaconf.OmegaConf.load": _load_tree,
    **dict.fromkeys(
        (
            "yaml.safe_load",
            "yaml.load",
            "yaml.full_load",
            "yaml.unsafe_load",
            "tomllib.load",
            "tomllib.loads",
            "tomli.load",
            "tomli.loads",
            "toml.load",
            "toml.loads",
            "dotenv.dotenv_values",
        ),
        _load,
    ),
}
MEMBERS: dict[str, Member] = {
    "configparser.ConfigParser": _member,
    _RAW: _member,
    _EXTENDED: _nothing,
    "configparser.BasicInterpolation": _nothing,
}
ALIASES: dict[str, str] = {
    "pydantic_settings.SettingsConfigDict": "builtins.dict",
    "configparser.SafeConfigParser": "configparser.ConfigParser",
}
