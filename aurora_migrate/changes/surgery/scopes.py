"""Variables of one scope that only removed code read, and the statements that do nothing but keep them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.imports import bound_name
from aurora_migrate.changes.surgery.purity import Purity
from aurora_migrate.changes.surgery.tree import smalls_of
from aurora_migrate.changes.surgery.uses import Uses, is_opaque, uses_of
from aurora_migrate.flow.trees import children, walk

Scope = cst.FunctionDef | cst.Module
_MUTATORS = frozenset({"append", "extend", "update", "add", "insert", "setdefault", "sort", "reverse"})


@dataclass(slots=True)
class Upkeep:
    """The simple statements of a scope that only set or change one variable, and the reads beside them."""

    reads: Counter[str]
    setting: dict[str, list[tuple[cst.BaseSmallStatement, cst.BaseExpression]]] = field(default_factory=dict)
    changing: dict[str, list[tuple[cst.BaseSmallStatement, list[cst.BaseExpression]]]] = field(
        default_factory=dict
    )
    unpacking: list[tuple[cst.Assign, list[str]]] = field(default_factory=list)
    imports: dict[str, list[cst.ImportAlias]] = field(default_factory=dict)


@lru_cache(maxsize=1024)
def functions(tree: cst.Module) -> Mapping[tuple[str, int], cst.FunctionDef]:
    """Every function of a tree by its dotted path and which of that path it is."""
    found: dict[tuple[str, int], cst.FunctionDef] = {}
    stack: list[tuple[cst.CSTNode, str]] = [(tree, "")]
    seen: Counter[str] = Counter()
    while stack:
        node, prefix = stack.pop()
        for child in children(node):
            path = prefix
            if isinstance(child, (cst.FunctionDef, cst.ClassDef)):
                path = f"{prefix}.{child.name.value}"
            if isinstance(child, cst.FunctionDef):
                found[(path, seen[path])] = child
                seen[path] += 1
            if not isinstance(child, cst.BaseExpression):
                stack.append((child, path))
    return found


def upkeep_of(scope: Scope) -> Upkeep:
    """The upkeep statements of a scope by form alone; whether they are pure is asked later."""
    upkeep = Upkeep(Counter(uses_of(scope).names))
    for small in smalls_of(scope):
        if isinstance(small, (cst.Import, cst.ImportFrom)) and not isinstance(small.names, cst.ImportStar):
            if isinstance(scope, cst.FunctionDef):
                for alias in small.names:
                    upkeep.imports.setdefault(bound_name(alias), []).append(alias)
            continue
        if isinstance(small, cst.Assign) and (names := _unpacked(small)):
            upkeep.unpacking.append((small, names))
            continue
        name = _set_name(small)
        if name is not None and isinstance(small, (cst.Assign, cst.AnnAssign)) and small.value is not None:
            upkeep.setting.setdefault(name, []).append((small, small.value))
        elif (changed := _changed(small)) is not None:
            name, parts = changed
            upkeep.changing.setdefault(name, []).append((small, parts))
        else:
            continue
        upkeep.reads[name] -= uses_of(small).names[name]
    return upkeep


def dead_in(
    scope: Scope, earlier: Scope, purity: Purity, path: Path, keep: frozenset[str] = frozenset()
) -> set[int]:
    """The statements and import aliases of `scope` that nothing needs now, but did in `earlier`."""
    now, before = upkeep_of(scope), upkeep_of(earlier)
    uses = uses_of(scope)
    if is_opaque(uses):
        return set()
    gone: set[int] = set()
    given = _parameters(scope)
    for name in {*now.setting, *now.imports}:
        if now.reads[name] > 0 or before.reads[name] <= 0 or name in uses.shared or name in keep:
            continue
        if name in given and name in now.changing:
            continue
        if name in now.imports and name not in now.setting and not uses.stores[name]:
            gone.update(id(alias) for alias in now.imports[name])
        elif name not in now.imports and _removable(name, now, uses.stores[name], purity, path):
            gone.update(id(small) for small, _ in now.setting[name])
            gone.update(id(small) for small, _ in now.changing.get(name, ()))
    gone.update(_dead_unpackings(now, before, uses, keep | frozenset(given), purity, path))
    return gone | _emptied(scope, gone, purity, path)


def _dead_unpackings(
    now: Upkeep, before: Upkeep, uses: Uses, keep: frozenset[str], purity: Purity, path: Path
) -> Iterator[int]:
    """`a, b = ...` of which nothing is read any more."""
    for small, names in now.unpacking:
        if any(now.reads[name] > 0 or uses.stores[name] != 1 for name in names):
            continue
        if any(name in keep or name in uses.shared for name in names):
            continue
        value = small.value
        # An iterator that somebody else reads, too, would give them other items.
        shared = isinstance(value, cst.Name) and uses.names[value.value] > 1
        given = isinstance(value, cst.Name) and (uses.stores[value.value] > 0 or value.value in keep)
        died = any(before.reads[name] > 0 for name in names)
        if died and not (shared and given) and purity.pure(value, path):
            yield id(small)


def _parameters(scope: Scope) -> set[str]:
    if not isinstance(scope, cst.FunctionDef):
        return set()
    return {each.name.value for each in walk(scope.params) if isinstance(each, cst.Param)}


def _removable(name: str, upkeep: Upkeep, stores: int, purity: Purity, path: Path) -> bool:
    setting, changing = upkeep.setting[name], upkeep.changing.get(name, [])
    augmented = sum(1 for small, _ in changing if isinstance(small, cst.AugAssign))
    if stores != len(setting) + augmented:
        return False
    if not all(purity.pure(value, path) for _, value in setting):
        return False
    if changing and not all(purity.fresh(value, path) for _, value in setting):
        return False
    return all(purity.pure(part, path) for _, parts in changing for part in parts)


def _unpacked(small: cst.Assign) -> list[str]:
    """The variables that `a, b = ...` sets, if it sets nothing else."""
    target = small.targets[0].target
    if len(small.targets) != 1 or not isinstance(target, (cst.Tuple, cst.List)):
        return []
    names = [each.value.value for each in target.elements if isinstance(each.value, cst.Name)]
    return names if len(names) == len(target.elements) else []


def _set_name(small: cst.BaseSmallStatement) -> str | None:
    if isinstance(small, cst.Assign) and len(small.targets) == 1:
        target: cst.BaseExpression = small.targets[0].target
    elif isinstance(small, cst.AnnAssign):
        target = small.target
    else:
        return None
    return target.value if isinstance(target, cst.Name) else None


def _changed(small: cst.BaseSmallStatement) -> tuple[str, list[cst.BaseExpression]] | None:
    """The variable that a statement changes in place, and the expressions that it evaluates for that."""
    if isinstance(small, cst.AugAssign) and isinstance(small.target, cst.Name):
        return small.target.value, [small.value]
    if isinstance(small, cst.Assign) and len(small.targets) == 1:
        target = small.targets[0].target
        if isinstance(target, cst.Subscript) and isinstance(target.value, cst.Name):
            keys = [each.slice.value for each in target.slice if isinstance(each.slice, cst.Index)]
            return target.value.value, [small.value, *keys]
    if isinstance(small, cst.Expr) and isinstance(call := small.value, cst.Call):
        func = call.func
        if (
            isinstance(func, cst.Attribute)
            and isinstance(func.value, cst.Name)
            and func.attr.value in _MUTATORS
        ):
            return func.value.value, [arg.value for arg in call.args]
    return None


def _emptied(scope: Scope, gone: set[int], purity: Purity, path: Path) -> set[int]:
    """Loops and branches in which nothing remains and whose heads only compute."""
    found: set[int] = set()
    if not gone:
        return found
    total = uses_of(scope).names
    for node in walk(scope):
        if not isinstance(node, (cst.If, cst.For)) or (isinstance(node, cst.For) and node.asynchronous):
            continue
        if not all(id(each) in gone or isinstance(each, cst.Pass) for each in smalls_of(node)):
            continue
        if all(isinstance(each, cst.Pass) for each in smalls_of(node)) or _defines(node):
            continue
        if isinstance(node, cst.For):
            inside = uses_of(node).names
            if any(total[name] > inside[name] for name in uses_of(node).stores):
                continue
        if all(purity.pure(head, path) for head in _heads(node)):
            found.add(id(node))
    return found


def _defines(node: cst.CSTNode) -> bool:
    return any(
        isinstance(each, (cst.FunctionDef, cst.ClassDef, cst.While, cst.Try, cst.With)) for each in walk(node)
    )


def _heads(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    for each in walk(node):
        if isinstance(each, cst.If):
            yield each.test
        elif isinstance(each, cst.For):
            yield each.iter
