"""Module-level definitions, imports, methods and attributes that only removed code used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.imports import bound_name
from aurora_migrate.changes.surgery.mentions import Mentions
from aurora_migrate.changes.surgery.purity import Purity
from aurora_migrate.changes.surgery.tree import dotted, smalls_of
from aurora_migrate.changes.surgery.uses import uses_of
from aurora_migrate.flow.trees import walk

_DECORATORS = frozenset(
    "property staticmethod classmethod lru_cache functools.lru_cache cache functools.cache cached_property "
    "functools.cached_property contextmanager contextlib.contextmanager".split()
)
_BASES: dict[str, frozenset[str]] = {
    "object": frozenset(),
    "ABC": frozenset(),
    "AuthBase": frozenset(),
    "Auth": frozenset({"auth_flow", "sync_auth_flow", "async_auth_flow"}),
}
"""Foreign bases whose overridable methods (beside dunder ones) are known: requests' and httpx's auth."""


Named = Callable[[str], bool]
"""Whether something that is no module of the analysis mentions a name."""


class Definitions:
    """What can go from one tree, by counts before and after.

    `fewer` are the names that lost a use; what is `mentioned` elsewhere stays.
    """

    def __init__(
        self,
        path: Path,
        trees: tuple[cst.Module, cst.Module],
        mentions: tuple[Mentions, Mentions],
        fewer: set[str],
        purity: Purity,
        mentioned: Named,
    ) -> None:
        self.path = path
        self.mentioned = mentioned
        self.fewer = fewer
        earlier, self.tree = trees
        self.before, self.now = mentions
        self.earlier = _definitions(earlier)
        tree = self.tree
        self.purity = purity
        self.classes = {each.name.value for each in tree.body if isinstance(each, cst.ClassDef)}

    def dead(self) -> Iterator[cst.CSTNode]:
        """The nodes to take out: statements and import aliases."""
        stores = uses_of(self.tree).stores
        for statement in self.tree.body:
            if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
                if self._is_dead_definition(statement):
                    yield statement
                elif isinstance(statement, cst.ClassDef):
                    yield from self._dead_members(statement)
            elif isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    if isinstance(small, (cst.Import, cst.ImportFrom)):
                        yield from self._dead_aliases(statement, small)
                    elif self._is_dead_constant(small, stores):
                        yield small

    def _died(self, name: str, definition: cst.CSTNode | None) -> bool:
        if name not in self.fewer or _dunder(name):
            return False
        if self.now.of_definition(self.path, name, definition) > 0:
            return False
        if self.before.of_definition(self.path, name, self.earlier.get(name)) <= 0:
            return False
        return not self.mentioned(name) and not self.now.looks_up(self.path, name, member=False)

    def _is_dead_definition(self, node: cst.FunctionDef | cst.ClassDef) -> bool:
        return _plainly_decorated(node) and self._died(node.name.value, node)

    def _is_dead_constant(self, small: cst.BaseSmallStatement, stores: Counter[str]) -> bool:
        name, value = assigned(small)
        if name is None or value is None or stores[name] != 1:
            return False
        return self._died(name, small) and self.purity.pure(value, self.path)

    def _dead_aliases(
        self, line: cst.SimpleStatementLine, small: cst.Import | cst.ImportFrom
    ) -> Iterator[cst.ImportAlias]:
        comment = line.trailing_whitespace.comment
        if isinstance(small.names, cst.ImportStar) or (comment is not None and "noqa" in comment.value):
            return
        exported = self.path.name == "__init__.py"
        if isinstance(small, cst.ImportFrom) and (exported or dotted(small.module) == "__future__"):
            return
        for alias in small.names:
            bound, name = bound_name(alias), dotted(alias.name) or ""
            if bound not in self.fewer or (alias.asname is not None and bound == name):
                continue
            rivals = self._rivals(bound) if isinstance(small, cst.Import) and alias.asname is None else 0
            asked = (self.path, bound, name, rivals)
            if self.now.of_import(*asked) == 0 < self.before.of_import(*asked):
                yield alias

    def _rivals(self, bound: str) -> int:
        found = 0
        for node in walk(self.tree):
            if isinstance(node, cst.Import):
                found += sum(1 for alias in node.names if alias.asname is None and bound_name(alias) == bound)
        return found - 1

    def _dead_members(self, owner: cst.ClassDef) -> Iterator[cst.CSTNode]:
        inherited = self._inherited(owner)
        for statement in owner.body.body:
            if isinstance(statement, cst.FunctionDef):
                if self._is_dead_method(statement, owner, inherited):
                    yield statement
                else:
                    yield from self._dead_attributes(statement, inherited)
            elif (
                isinstance(statement, cst.SimpleStatementLine)
                and inherited is not None
                and not owner.decorators
            ):
                for small in statement.body:
                    name, value = assigned(small)
                    if name is not None and value is not None and self._is_dead_field(name, value, owner):
                        yield small

    def _inherited(self, owner: cst.ClassDef) -> frozenset[str] | None:
        """Names that foreign bases may call; None when nobody knows."""
        found: frozenset[str] = frozenset()
        for base in owner.bases:
            name = (dotted(base.value) or "?").split(".")[-1]
            if name in self.classes:
                continue
            if name not in _BASES:
                return None
            found |= _BASES[name]
        return found if not owner.keywords else None

    def _is_dead_method(
        self, node: cst.FunctionDef, owner: cst.ClassDef, inherited: frozenset[str] | None
    ) -> bool:
        name = node.name.value
        if name not in self.fewer or _dunder(name) or not _plainly_decorated(node):
            return False
        if name in (inherited or ()):
            return False
        if inherited is None and not name.startswith("_"):
            return False
        earlier = self.earlier.get(f"{owner.name.value}.{name}")
        if not self.now.of_attribute(name, node) <= 0 < self.before.of_attribute(name, earlier):
            return False
        return not self.mentioned(name) and not self.now.looks_up(self.path, name, member=True)

    def _is_dead_field(self, name: str, value: cst.BaseExpression, owner: cst.ClassDef) -> bool:
        if name not in self.fewer:
            return False
        earlier = self.earlier.get(owner.name.value)
        known = earlier if isinstance(earlier, cst.ClassDef) else owner
        if _dunder(name) or self.now.of_field(name, owner) > 0 or self.before.of_field(name, known) == 0:
            return False
        if self.mentioned(name) or self.now.looks_up(self.path, name, member=True):
            return False
        return self.purity.pure(value, self.path)

    def _dead_attributes(
        self, method: cst.FunctionDef, inherited: frozenset[str] | None
    ) -> Iterator[cst.BaseSmallStatement]:
        for small in smalls_of(method):
            if isinstance(small, cst.Assign) and len(small.targets) == 1:
                target: cst.BaseExpression = small.targets[0].target
                value: cst.BaseExpression | None = small.value
            elif isinstance(small, cst.AnnAssign):
                target, value = small.target, small.value
            else:
                continue
            if not isinstance(target, cst.Attribute) or dotted(target.value) not in ("self", "cls"):
                continue
            name = target.attr.value
            if (
                value is None
                or name not in self.fewer
                or isinstance(value, cst.Name)
                or (inherited is None and not name.startswith("_"))
            ):
                continue
            died = self.now.of_attribute(name, None) == 0 < self.before.of_attribute(name, None)
            if died and self.purity.pure(value, self.path):
                yield small


def assigned(small: cst.BaseSmallStatement) -> tuple[str | None, cst.BaseExpression | None]:
    """Name and value of a simple assignment to one name."""
    if isinstance(small, cst.Assign) and len(small.targets) == 1:
        target = small.targets[0].target
        return (target.value, small.value) if isinstance(target, cst.Name) else (None, None)
    if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
        return small.target.value, small.value
    return None, None


def _definitions(tree: cst.Module) -> dict[str, cst.CSTNode]:
    """The first definition of each module-level name, and of each method as `Class.method`."""
    found: dict[str, cst.CSTNode] = {}
    for statement in tree.body:
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            found.setdefault(statement.name.value, statement)
        if isinstance(statement, cst.ClassDef):
            for each in statement.body.body:
                if isinstance(each, cst.FunctionDef):
                    found.setdefault(f"{statement.name.value}.{each.name.value}", each)
        elif isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                name, _ = assigned(small)
                if name is not None:
                    found.setdefault(name, small)
    return found


def _dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _plainly_decorated(node: cst.FunctionDef | cst.ClassDef) -> bool:
    for each in node.decorators:
        target = each.decorator.func if isinstance(each.decorator, cst.Call) else each.decorator
        if (dotted(target) or "") not in _DECORATORS:
            return False
    return True
