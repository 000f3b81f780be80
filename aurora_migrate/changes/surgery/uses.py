"""What a tree reads, by name: the conservative counts that decide whether something is still used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import libcst as cst

from aurora_migrate.changes.surgery.imports import bound_name, module_of
from aurora_migrate.changes.surgery.lookups import Lookup, lookups_of
from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.flow.trees import children

_DOTTED = re.compile(r"[A-Za-z_][\w.]*(?::[\w.]+)?\Z")

_ENVIRONMENT = frozenset({"os.environ", "environ", "os.environ.get", "environ.get", "os.getenv", "getenv"})
"""What is asked for an environment entry by a name that is no name of the program."""

_OPAQUE = ("locals", "eval", "exec")
_LONGEST_CHAIN = 12
"""Segments of the longest dotted name that could be a module's or a definition's."""


@dataclass(slots=True)
class Uses:
    """Reads and writes under one node."""

    names: Counter[str] = field(default_factory=Counter)
    stores: Counter[str] = field(default_factory=Counter)
    attributes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Attributes read, each with the name that its chain begins with ("" for another expression)."""
    chains: Counter[str] = field(default_factory=Counter)
    """Dotted names that are read, with all their beginnings."""
    words: Counter[str] = field(default_factory=Counter)
    """Strings that look like a (dotted) name, whole."""
    keywords: Counter[str] = field(default_factory=Counter)
    imported: Counter[tuple[str, str]] = field(default_factory=Counter)
    """`(module, name)` of from-imports; the name of a star import is `*`."""
    bound: dict[str, str] = field(default_factory=dict)
    """Imported names and what they stand for."""
    shared: set[str] = field(default_factory=set)
    """Names declared `global` or `nonlocal`."""
    lookups: set[Lookup] = field(default_factory=set)
    """Look-ups by computed names."""
    keyed: set[int] = field(default_factory=set)
    """Calls like `globals()` of which only one entry is asked for."""


def _is_literal(part: cst.Arg | cst.SubscriptElement) -> bool:
    if isinstance(part, cst.Arg):
        return isinstance(part.value, cst.SimpleString)
    return isinstance(part.slice, cst.Index) and isinstance(part.slice.value, cst.SimpleString)


def _head(node: cst.Subscript | cst.Call) -> cst.BaseExpression:
    return node.value if isinstance(node, cst.Subscript) else node.func


@lru_cache(maxsize=4096)
def uses_of(node: cst.CSTNode) -> Uses:
    """The uses under a node."""
    uses = Uses()
    stack: list[tuple[cst.CSTNode, bool]] = [(node, False)]
    while stack:
        current, store = stack.pop()
        stack.extend(_visit(current, store, uses))
    return uses


def _visit(node: cst.CSTNode, store: bool, uses: Uses) -> Iterator[tuple[cst.CSTNode, bool]]:
    if isinstance(node, (cst.Call, cst.Subscript)):
        uses.lookups.update(lookups_of(node, uses.keyed))
    if isinstance(node, cst.Name):
        (uses.stores if store else uses.names)[node.value] += 1
    elif isinstance(node, cst.Attribute):
        yield _note_chain(node, store, uses), False
    elif isinstance(node, (cst.Import, cst.ImportFrom)):
        _note_import(node, uses)
    elif isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Param, cst.Arg)):
        yield from _without_name(node, uses)
    elif isinstance(node, (cst.Subscript, cst.Call)) and (dotted(_head(node)) or "") in _ENVIRONMENT:
        yield _head(node), False
        for part in node.args if isinstance(node, cst.Call) else node.slice:
            if not _is_literal(part):
                yield part, False
    elif isinstance(node, (cst.Global, cst.Nonlocal)):
        for item in node.names:
            uses.shared.add(item.name.value)
            uses.names[item.name.value] += 1
    elif isinstance(node, cst.SimpleString):
        _note_word(node, uses)
    elif isinstance(node, (cst.AssignTarget, cst.AsName)):
        yield (node.target if isinstance(node, cst.AssignTarget) else node.name), True
    elif isinstance(node, (cst.AugAssign, cst.AnnAssign, cst.For, cst.CompFor, cst.NamedExpr)):
        for child in children(node):
            yield child, child is node.target
    elif isinstance(node, (cst.Tuple, cst.List, cst.Element, cst.StarredElement)):
        for child in children(node):
            yield child, store
    else:
        for child in children(node):
            yield child, False


def _without_name(
    node: cst.FunctionDef | cst.ClassDef | cst.Param | cst.Arg, uses: Uses
) -> Iterator[tuple[cst.CSTNode, bool]]:
    name = node.keyword if isinstance(node, cst.Arg) else node.name
    if isinstance(node, cst.Arg) and name is not None:
        uses.keywords[name.value] += 1
    for child in children(node):
        if child is not name:
            yield child, False


def _note_chain(node: cst.Attribute, store: bool, uses: Uses) -> cst.BaseExpression:
    """Notes all attributes of a chain at once; returns what it begins with."""
    names: list[str] = []
    head: cst.BaseExpression = node
    while isinstance(head, cst.Attribute):
        names.append(head.attr.value)
        head = head.value
    root = chain = head.value if isinstance(head, cst.Name) else ""
    names.reverse()
    for depth, name in enumerate(names, start=1):
        if store and depth == len(names):
            break
        uses.attributes[(root, name)] += 1
        if root and depth < _LONGEST_CHAIN:
            chain += "." + name
            uses.chains[chain] += 1
    return head


def _note_import(node: cst.Import | cst.ImportFrom, uses: Uses) -> None:
    module = module_of(node) if isinstance(node, cst.ImportFrom) else ""
    if isinstance(node.names, cst.ImportStar):
        uses.imported[(module, "*")] += 1
        return
    for alias in node.names:
        name = dotted(alias.name) or ""
        if isinstance(node, cst.ImportFrom):
            uses.imported[(module, name)] += 1
            uses.bound[bound_name(alias)] = f"{module}.{name}"
        else:
            uses.bound[bound_name(alias)] = name if alias.asname is not None else name.split(".")[0]


def _note_word(node: cst.SimpleString, uses: Uses) -> None:
    body = node.value[len(node.prefix) + len(node.quote) : -len(node.quote)]
    if len(body) < 200 and _DOTTED.match(body):
        uses.words[body.replace(":", ".")] += 1


def is_opaque(uses: Uses) -> bool:
    """Whether variables may be used without their names (`locals()`, `eval`)."""
    if uses.names["vars"] and (uses.keyed or any(not lookup.owner for lookup in uses.lookups)):
        return True
    return any(uses.names[name] for name in _OPAQUE)
