"""Which names have more than one binding: a constant that is rebound is not the text that it starts with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst

from aurora_migrate.flow.around import ancestors, enclosing, last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import names_of, parameters
from aurora_migrate.flow.trees import everything_in

_OWN = ("self", "cls")
_SETTERS = ("setattr", "__setattr__", "patch", "object", "multiple")
"""What binds an attribute that a text names: the builtin, `monkeypatch.setattr`, `patch`, `patch.object`."""
_COPIES = ("replace", "_replace", "evolve", "model_copy", "copy")
"""What makes another object of a model with other values in it."""
_MODELS = (
    "dataclass",
    "define",
    "frozen",
    "mutable",
    "s",
    "attrs",
    "NamedTuple",
    "BaseModel",
    "BaseSettings",
)

Scope = cst.FunctionDef | cst.Lambda | cst.ClassDef


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name, or an attribute of that name."""

    module: Module
    node: cst.CSTNode
    value: cst.BaseExpression | None
    """What is bound, None where that is not written there."""
    holder: cst.BaseExpression | None = None
    """Of which object it is an attribute; None for a variable."""

    @property
    def is_written(self) -> bool:
        """Whether the place spells what it binds."""
        node = self.value
        if isinstance(node, cst.Name):
            return node.value in ("True", "False", "None")
        return isinstance(node, (cst.SimpleString, cst.BaseNumber))


@dataclass(slots=True)
class _Found:
    """All bindings of one module, by name; under the empty name those whose name is not in the code."""

    module: Module
    by_name: dict[str, list[Binding]]
    imported: dict[str, list[Binding]]
    """Those by an import, which another module may have bound already."""

    def add(self, name: str, node: cst.CSTNode, value: cst.BaseExpression | None, holder: object) -> None:
        known = holder if isinstance(holder, cst.BaseExpression) else None
        self.by_name.setdefault(name, []).append(Binding(self.module, node, value, known))

    def all_of(self, name: str) -> list[Binding]:
        return [*self.by_name.get(name, ()), *self.imported.get(name, ())]

    def brought(self, node: cst.ImportAlias) -> None:
        name = node.asname.name if node.asname is not None else node.name
        if isinstance(name, cst.Name):
            self.imported.setdefault(name.value, []).append(Binding(self.module, name, None))

    def target(self, target: cst.CSTNode, value: cst.BaseExpression | None) -> None:
        if isinstance(target, cst.Name):
            self.add(target.value, target, value, None)
        elif isinstance(target, cst.Attribute):
            self.add(target.attr.value, target.attr, value, target.value)
        elif isinstance(target, cst.Subscript):
            self._namespace(target)
        elif isinstance(target, (cst.Tuple, cst.List)):
            given = value.elements if isinstance(value, (cst.Tuple, cst.List)) else ()
            for index, element in enumerate(target.elements):
                same = len(given) == len(target.elements)
                self.target(element.value, given[index].value if same else None)

    def call(self, node: cst.Call) -> None:
        name = last_name(node.func)
        texts = [string_value(a.value) for a in node.args if isinstance(a.value, cst.SimpleString)]
        if name in _SETTERS and node.args:
            first = node.args[0].value
            if texts and texts[0] is not None:
                holder = first if not isinstance(first, cst.SimpleString) else node
                self.add(texts[0].rpartition(".")[2], node, None, holder)
            elif name in ("setattr", "__setattr__") and len(node.args) > 1:
                own = isinstance(node.func, cst.Attribute) and len(node.args) == 2
                self.add(
                    "", node, None, node.func.value if own and isinstance(node.func, cst.Attribute) else first
                )
            for arg in node.args if name == "multiple" else ():
                if arg.keyword is not None:
                    self.add(arg.keyword.value, node, None, first)
        elif name == "update" and isinstance(node.func, cst.Attribute):
            space = _namespace_of(node.func.value)
            if space is not None:
                self.add("", node, None, space)

    def _namespace(self, target: cst.Subscript) -> None:
        """`globals()["NAME"] = ...`, `vars(conf)[name] = ...`, `self.__dict__[name] = ...`."""
        holder, part = _namespace_of(target.value), target.slice[0].slice
        if holder is not None and isinstance(part, cst.Index):
            spelled = isinstance(part.value, cst.SimpleString)
            self.add(string_value(part.value) or "" if spelled else "", target, None, holder)


def others(modules: Sequence[Module], home: Module, target: cst.Name) -> list[Binding]:
    """What else binds the name that `target` binds: in its scope, in heirs, by attribute, by `setattr`."""
    scope = scope_of(home, target)
    found = [
        each
        for module in modules
        for name in (target.value, "")
        for each in _bindings(module).all_of(name)
        if each.node is not target and _reaches(modules, home, scope, each, is_named=bool(name))
    ]
    if isinstance(scope, cst.ClassDef) and _is_model(scope):
        found += _made(modules, scope, target.value)
    return found


def bindings_of(modules: Sequence[Module], name: str) -> Iterator[Binding]:
    """Every binding of a name in the project but those by imports."""
    for module in modules:
        yield from _bindings(module).by_name.get(name, ())


def declared_global(module: Module, name: str) -> set[int]:
    """The nodes of `global` statements that name a variable."""
    nodes = module.identifiers.get(name, ())
    return {id(node) for node in nodes if isinstance(module.parents.get(id(node)), cst.NameItem)}


def scope_of(module: Module, node: cst.CSTNode) -> Scope | None:
    """The function or class around a node, None in the module's own body."""
    found = (each for each in ancestors(module, node) if isinstance(each, Scope))
    return next(found, None)


def is_of_family(modules: Sequence[Module], module: Module, node: cst.CSTNode, name: str) -> bool:
    """Whether a node stands in a class that is the one of that name, inherits from it or is its ancestor."""
    around = enclosing(module, node, cst.ClassDef)
    return around is not None and around.name.value in _family(modules, name)


@lru_cache(maxsize=1024)
def _bindings(module: Module) -> _Found:
    found = _Found(module, {}, {})
    for node in everything_in(module.tree):
        if isinstance(node, cst.Assign):
            for target in node.targets:
                found.target(target.target, node.value)
        elif isinstance(node, (cst.AnnAssign, cst.NamedExpr)):
            if node.value is not None:
                found.target(node.target, node.value)
        elif isinstance(node, (cst.AugAssign, cst.For)):
            found.target(node.target, None)
        elif isinstance(node, cst.AsName) and isinstance(module.parents.get(id(node)), cst.WithItem):
            found.target(node.name, None)
        elif isinstance(node, cst.ImportAlias):
            found.brought(node)
        elif isinstance(node, cst.Call):
            found.call(node)
    return found


def _reaches(
    modules: Sequence[Module], home: Module, scope: Scope | None, other: Binding, *, is_named: bool
) -> bool:
    """Whether a binding may be one of the variable that `scope` has."""
    holder = other.holder
    if holder is None:
        if isinstance(scope, cst.ClassDef):
            around = scope_of(other.module, other.node)
            return isinstance(around, cst.ClassDef) and around.name.value in _family(
                modules, scope.name.value
            )
        return other.module is home and _is_variable_of(home, scope, other.node)
    if isinstance(scope, (cst.FunctionDef, cst.Lambda)):
        return False
    is_own = isinstance(holder, cst.Name) and holder.value in _OWN
    if scope is None:
        return not is_own and (is_named or _is_module(home, other))
    family = _family(modules, scope.name.value)
    around = enclosing(other.module, other.node, cst.ClassDef) if is_own else None
    if is_own:
        return around is not None and around.name.value in family
    made = _made_of(modules, other.module, holder)
    return made is None or made in family


def _is_variable_of(home: Module, scope: Scope | None, node: cst.CSTNode) -> bool:
    around = scope_of(home, node)
    if around is scope:
        return True
    if scope is not None or not isinstance(around, cst.FunctionDef) or not isinstance(node, cst.Name):
        return isinstance(around, cst.FunctionDef) and last_name(node) in names_of(around).nonlocals
    return node.value in names_of(around).globals


def _is_module(home: Module, other: Binding) -> bool:
    """Whether an object of which any attribute is set may be the module."""
    holder = other.holder
    if isinstance(holder, (cst.Call, cst.Subscript)):
        return (
            last_name(holder.func) != "globals" or other.module is home
            if isinstance(holder, cst.Call)
            else True
        )
    name = last_name(holder)
    renamed = (
        isinstance(other.module.parents.get(id(node)), cst.AsName)
        for node in other.module.identifiers.get(name, ())
    )
    return name == home.name.rpartition(".")[2] or any(renamed)


def _made_of(modules: Sequence[Module], module: Module, holder: cst.BaseExpression) -> str | None:
    """The class of the project that a variable is an object of, or is itself, if that is written."""
    name = last_name(holder)
    classes = _classes(tuple(modules))
    if name in classes:
        return name
    made = [
        last_name(each.value.func) if isinstance(each.value, cst.Call) else ""
        for each in bindings_of(modules, name)
    ]
    return made[0] if made and len(set(made)) == 1 and made[0] in classes else None


def _made(modules: Sequence[Module], owner: cst.ClassDef, name: str) -> list[Binding]:
    """Where objects of a model get a value for a field: by its name, by `**`, or by position."""
    found: list[Binding] = []
    for module in modules:
        for maker in (owner.name.value, *_COPIES):
            for node in module.identifiers.get(maker, ()):
                above = module.parents.get(id(node))
                call = above if isinstance(above, cst.Call) else module.parents.get(id(above))
                if not isinstance(call, cst.Call) or last_name(call.func) != maker:
                    continue
                own = maker == owner.name.value
                for arg in call.args:
                    if arg.keyword is not None and arg.keyword.value == name:
                        found.append(Binding(module, arg.keyword, arg.value, call))
                    elif arg.star or (own and arg.keyword is None):
                        found.append(Binding(module, call, None, call))
    return found


def _is_model(owner: cst.ClassDef) -> bool:
    marks = [each.decorator for each in owner.decorators] + [base.value for base in owner.bases]
    return any(last_name(mark.func if isinstance(mark, cst.Call) else mark) in _MODELS for mark in marks)


def _namespace_of(node: cst.BaseExpression) -> cst.BaseExpression | None:
    if isinstance(node, cst.Attribute) and node.attr.value == "__dict__":
        return node.value
    if isinstance(node, cst.Call) and last_name(node.func) == "vars" and node.args:
        return node.args[0].value
    return node if isinstance(node, cst.Call) and last_name(node.func) == "globals" else None


@lru_cache(maxsize=64)
def _classes(modules: tuple[Module, ...]) -> dict[str, frozenset[str]]:
    """The classes of the project with the names of their bases."""
    found: dict[str, frozenset[str]] = {}
    for module in modules:
        for node in everything_in(module.tree):
            if isinstance(node, cst.ClassDef):
                bases = frozenset(last_name(base.value) for base in node.bases)
                found[node.name.value] = found.get(node.name.value, frozenset()) | bases
    return found


def _family(modules: Sequence[Module], name: str) -> set[str]:
    """A class, its ancestors in the project, and all that inherit from one of them."""
    classes = _classes(tuple(modules))
    family, before = {name}, 0
    while len(family) != before:
        before = len(family)
        family |= {base for each in family for base in classes.get(each, ()) if base in classes}
        family |= {each for each, bases in classes.items() if bases & family}
    return family


def parameter_of(module: Module, name: cst.Name) -> tuple[cst.FunctionDef, cst.Param] | None:
    """The function and parameter that a name in its body means."""
    current = scope_of(module, name)
    while current is not None:
        if isinstance(current, cst.FunctionDef):
            for param in parameters(current.params):
                if param.name.value == name.value:
                    return current, param
            if name.value in names_of(current).local:
                return None
        current = scope_of(module, current)
    return None
