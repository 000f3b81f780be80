"""Reads rules/ into a Catalogue: the endpoint table, then one rule a file, all validated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from aurora_migrate.catalogue.endpoints import Endpoint, Status
from aurora_migrate.catalogue.errors import RuleError
from aurora_migrate.catalogue.examples import read_examples
from aurora_migrate.catalogue.kinds import KINDS, Kind, Type
from aurora_migrate.catalogue.model import EVERY_ENDPOINT, Catalogue, Parameters, Rule, Value, Where
from aurora_migrate.catalogue.reading import Table, nearest
from aurora_migrate.catalogue.templates import placeholders
from aurora_migrate.findings import Applicability

ENDPOINT_TABLE = "endpoints.toml"

_CODE = re.compile(r"AUR[1-9][0-9]{2}")
_NAME = re.compile(r"[a-z0-9][a-z0-9.]*(-[a-z0-9.]+)*")


@cache
def load_catalogue() -> Catalogue:
    """The catalogue of the installed package or source checkout; RuleError when that is damaged."""
    return read_catalogue(rules_folder())


def rules_folder() -> Path:
    """Where the rules lie: inside the installed package, or beside it in a source checkout."""
    package = Path(__file__).parent.parent
    folders = (package / "_rules", package.parent / "rules")
    for folder in folders:
        if (folder / ENDPOINT_TABLE).is_file():
            return folder
    raise RuleError(folders[0] / ENDPOINT_TABLE, "", "not found: install aurora-migrate again")


def read_catalogue(folder: Path, kinds: Mapping[str, Kind] = KINDS) -> Catalogue:
    """All of `folder`: its endpoint table and the rules of every version folder in it."""
    hosts, endpoints = _read_endpoints(folder / ENDPOINT_TABLE)
    known = {endpoint.id for endpoint in endpoints}
    rules: dict[str, Rule] = {}
    files: dict[str, Path] = {}
    for file in sorted(folder.glob("*/*.toml"), key=lambda path: path.stem):
        rule = read_rule(file, known, kinds)
        for taken in (rule.code, rule.name):
            if taken in files:
                raise RuleError(file, "", f"{taken} is already the rule of {files[taken]}")
            files[taken] = file
        rules[rule.code] = rule
    return Catalogue(MappingProxyType(rules), endpoints, MappingProxyType(dict(hosts)))


def read_rule(file: Path, endpoints: Iterable[str], kinds: Mapping[str, Kind] = KINDS) -> Rule:
    """The rule of one file; `endpoints` are the ids that it may name."""
    table = Table.of_file(file)
    kind_name, parameters = _read_change(table.table("change"), kinds)
    applicability, why = _read_applicability(table.table("applicability"))
    allowed = kinds[kind_name].placeholders
    rule = Rule(
        code=_read_code(table),
        name=_read_name(table),
        version=file.parent.name,
        default=table.flag("default"),
        switch=table.text("switch", ""),
        summary=table.text("summary"),
        source=table.text("source").strip(),
        reference=table.text("reference"),
        endpoints=_read_endpoint_ids(table, set(endpoints)),
        where=table.choices("where", Where),
        kind=kind_name,
        parameters=parameters,
        applicability=applicability,
        why=why,
        messages=_read_messages(table.table("messages"), allowed, applicability),
        advice=_template(table, "advice", allowed),
        examples=read_examples(table),
    )
    table.finish()
    return rule


def _read_code(table: Table) -> str:
    code = table.text("code")
    if not _CODE.fullmatch(code):
        table.fail("code", f"{code!r} is no code such as AUR102")
    if table.file.stem != code:
        table.fail("code", f"{code} must stand in the file {code}.toml")
    return code


def _read_name(table: Table) -> str:
    name = table.text("name")
    if not _NAME.fullmatch(name):
        table.fail("name", f"{name!r} must be lower-case words joined by hyphens")
    return name


def _read_endpoint_ids(table: Table, known: set[str]) -> tuple[str, ...]:
    ids = table.texts("endpoints")
    for endpoint_id in ids:
        if endpoint_id not in known and endpoint_id != EVERY_ENDPOINT:
            reason = f"{endpoint_id!r} is no endpoint of {ENDPOINT_TABLE}" + nearest(endpoint_id, known)
            table.fail("endpoints", reason)
    if not ids or (EVERY_ENDPOINT in ids and len(ids) > 1):
        table.fail("endpoints", f'must name endpoints, or be ["{EVERY_ENDPOINT}"] for all')
    return ids


def _read_change(table: Table, kinds: Mapping[str, Kind]) -> tuple[str, Parameters]:
    name = table.text("kind")
    kind = kinds.get(name)
    if kind is None:
        table.fail("kind", f"{name!r} is no kind of change" + nearest(name, kinds))
    values = {
        key: _read_parameter(table, key, parameter.type)
        for key, parameter in kind.parameters.items()
        if parameter.required or key in table
    }
    table.finish()
    return name, Parameters(values)


def _read_parameter(table: Table, key: str, wanted: Type) -> Value:
    if wanted is Type.FLAG:
        return table.flag(key)
    if wanted is Type.TEXTS:
        return table.texts(key)
    if wanted is Type.TEXT_MAP:
        return table.text_map(key)
    return table.text(key)


def _read_applicability(table: Table) -> tuple[Applicability, str]:
    level, why = table.choice("level", Applicability), table.text("why")
    table.finish()
    return level, why


def _read_messages(table: Table, allowed: frozenset[str], level: Applicability) -> Mapping[str, str]:
    messages = {"finding": _template(table, "finding", allowed)}
    if level is not Applicability.MANUAL:
        messages["fix"] = _template(table, "fix", allowed)
        messages["manual"] = _template(table, "manual", allowed | {"reason"})
    table.finish()
    return MappingProxyType(messages)


def _template(table: Table, key: str, allowed: frozenset[str]) -> str:
    text = table.text(key).strip("\n")
    for name in sorted(placeholders(text) - allowed):
        table.fail(key, f"{{{name}}} is no placeholder of this kind" + nearest(name, allowed))
    return text


def _read_endpoints(file: Path) -> tuple[Mapping[str, str], tuple[Endpoint, ...]]:
    table = Table.of_file(file)
    hosts = table.text_map("hosts")
    endpoints = tuple(_read_endpoint(entry) for entry in table.tables("endpoints"))
    table.finish()
    _refuse_doubles(table, [endpoint.id for endpoint in endpoints])
    _refuse_doubles(table, [f"{endpoint.method} {endpoint.path}" for endpoint in endpoints])
    return hosts, endpoints


def _read_endpoint(table: Table) -> Endpoint:
    endpoint = Endpoint(
        id=table.text("id"),
        title=table.text("title"),
        method=table.text("method"),
        path=table.text("path"),
        status=table.choice("status", Status),
        source=table.text("source"),
        request_wrapper=table.text("request", ""),
        response_wrapper=table.text("response", ""),
        query=table.texts("query", ()),
        removed_query=table.texts("removed-query", ()),
        removed=table.flag("removed", False),
        added=table.flag("added", False),
        distinctive=table.flag("distinctive", False),
    )
    table.finish()
    if not endpoint.path.startswith("/"):
        table.fail("path", f"{endpoint.path!r} must begin with a slash")
    if endpoint.removed and endpoint.added:
        table.fail("added", "an endpoint cannot be both added and removed")
    return endpoint


def _refuse_doubles(table: Table, names: list[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            table.fail(f"endpoints[{place}]", f"{name} is in the table twice")
