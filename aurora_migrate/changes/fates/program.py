"""The project by names: functions, classes, calls and handlers, for following a value across them."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.fates.sinks import is_exception
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name, parameters
from aurora_migrate.flow.trees import walk

Place = tuple[Module, cst.CSTNode]


class Program:
    """Definitions and uses of all modules, by the last part of their names."""

    def __init__(self, modules: Sequence[Module], asked: Container[int] = frozenset()) -> None:
        self.modules = modules
        self.asked = asked
        """The expressions, by identity, that ask for a key in an object of the program's own."""
        self.functions: dict[str, list[tuple[Module, cst.FunctionDef]]] = {}
        self.classes: dict[str, list[tuple[Module, cst.ClassDef]]] = {}
        self.calls: dict[str, list[tuple[Module, cst.Call]]] = {}
        self.attributes: dict[str, list[tuple[Module, cst.Attribute]]] = {}
        self.handlers: list[tuple[Module, cst.ExceptHandler]] = []
        for module in modules:
            for node in walk(module.tree):
                self._note(module, node)

    def _note(self, module: Module, node: cst.CSTNode) -> None:
        if isinstance(node, cst.FunctionDef):
            self.functions.setdefault(node.name.value, []).append((module, node))
        elif isinstance(node, cst.ClassDef):
            self.classes.setdefault(node.name.value, []).append((module, node))
        elif isinstance(node, cst.Call):
            self.calls.setdefault(last_name(node.func), []).append((module, node))
        elif isinstance(node, cst.Attribute):
            self.attributes.setdefault(node.attr.value, []).append((module, node))
        elif isinstance(node, cst.ExceptHandler):
            self.handlers.append((module, node))

    def constructor(self, kind: cst.ClassDef) -> tuple[Module, cst.FunctionDef] | None:
        """The `__init__` of a class, its own or that of a base in the project."""
        for module, each in self.lineage(kind):
            for statement in each.body.body:
                if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
                    return module, statement
        return None

    def base_constructor(self, kind: cst.ClassDef) -> tuple[Module, cst.FunctionDef] | None:
        """What `super().__init__` is in a class, where the project has it."""
        for base in _bases(kind):
            for _, each in self.classes.get(base.rpartition(".")[2], ()):
                if each is not kind:
                    return self.constructor(each)
        return None

    def lineage(self, kind: cst.ClassDef) -> Iterator[tuple[Module, cst.ClassDef]]:
        """A class and its bases in the project, nearest first."""
        stack, seen = [kind], set[int]()
        while stack:
            current = stack.pop(0)
            if id(current) in seen:
                continue
            seen.add(id(current))
            for module, each in self.classes.get(current.name.value, ()):
                if each is current:
                    yield module, each
            for base in _bases(current):
                stack.extend(each for _, each in self.classes.get(base.rpartition(".")[2], ()))

    def is_exception(self, kind: cst.ClassDef) -> bool:
        """Whether a class descends from an exception outside the project."""
        return any(is_exception(base) for _, each in self.lineage(kind) for base in _bases(each))

    def names_caught(self, name: str) -> set[str]:
        """The names under which an exception of that class can be caught."""
        names = {name, "Exception", "BaseException"}
        for _, kind in self.classes.get(name, ()):
            for _, each in self.lineage(kind):
                names.add(each.name.value)
                names.update(base.rpartition(".")[2] for base in _bases(each))
        return names

    def caught(self, name: str) -> Iterator[tuple[Module, cst.Name]]:
        """The uses of what `except CLASS as name` binds, for handlers that an exception may reach."""
        names = self.names_caught(name)
        for module, handler in self.handlers:
            bound = handler.name.name if handler.name is not None else None
            caught = _names_in(handler.type)
            if not isinstance(bound, cst.Name) or not caught & names:
                continue
            if not caught & (names - _BROAD) and name not in module.text:
                continue
            for node in walk(handler.body):
                if isinstance(node, cst.Name) and node.value == bound.value:
                    yield module, node


_BROAD = frozenset({"Exception", "BaseException"})


def _bases(kind: cst.ClassDef) -> list[str]:
    return [name for name in (dotted_name(arg.value) for arg in kind.bases) if name]


def _names_in(caught: cst.BaseExpression | None) -> set[str]:
    if isinstance(caught, cst.Tuple):
        return {last_name(element.value) for element in caught.elements}
    return {last_name(caught)} if caught is not None else set()


def parameter_for(function: cst.FunctionDef, call: cst.Call, arg: cst.Arg, skip: int) -> cst.Param | None:
    """The parameter that takes an argument; `skip` parameters come from elsewhere (`self`)."""
    declared = function.params
    names = {param.name.value: param for param in parameters(declared)}
    if arg.keyword is not None:
        found = names.get(arg.keyword.value)
        return found if found is not None else declared.star_kwarg
    if arg.star:
        return None
    positional = [*declared.posonly_params, *declared.params][skip:]
    index = 0
    for each in call.args:
        if each is arg:
            break
        if each.star:
            return None
        index += each.keyword is None
    if index < len(positional):
        return positional[index]
    return declared.star_arg if isinstance(declared.star_arg, cst.Param) else None
