"""Definitions: functions with their decorators and defaults, classes with their bodies and fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import libraries, objects, protocols, targets, testing
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries import commands
from aurora_migrate.flow.models import class_statements
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.values import (
    Bound,
    Builtin,
    ClassValue,
    External,
    Function,
    Instance,
    Piece,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_KINDS = {
    "builtins.property": "property",
    "functools.cached_property": "property",
    "django.utils.functional.cached_property": "property",
    "werkzeug.utils.cached_property": "property",
    "cached_property.cached_property": "property",
    "builtins.staticmethod": "staticmethod",
    "builtins.classmethod": "classmethod",
    "contextlib.contextmanager": "contextmanager",
    "contextlib.asynccontextmanager": "contextmanager",
    "pydantic.computed_field": "property",
}


def define_function(run: Interpreter, node: cst.FunctionDef, scope: Scope) -> None:
    """`def`: bind the function, decorated, to its name."""
    function = Function(node, scope.module, _closure(scope), _defaults(run, node, scope), scope.owner)
    if scope.owner is not None and scope.receiver is not None:
        function.owner = None
    run.note_function(function)
    value: Value = function
    for decorator in reversed(node.decorators):
        value = _decorated(run, decorator.decorator, function, value, scope)
    targets.store_name(run, node.name.value, value, scope)


def _closure(scope: Scope) -> Scope:
    """Methods do not see the names of their class's body."""
    if scope.owner is not None and scope.receiver is None and scope.parent is not None:
        return scope.parent
    return scope


def _defaults(run: Interpreter, node: cst.FunctionDef, scope: Scope) -> dict[str, Value]:
    return {
        param.name.value: run.evaluate(param.default, scope)
        for param in parameters(node.params)
        if param.default is not None
    }


def _decorated(
    run: Interpreter, decorator: cst.BaseExpression, function: Function, value: Value, scope: Scope
) -> Value:
    found = run.evaluate(decorator, scope)
    if testing.mark_function(run, function, found) or commands.declared(run, function, found):
        return value
    if isinstance(found, External) and found.name in _DISPATCHING:
        found = libraries.call(run, found.name, Args.of(value), None, scope)
        return found
    if isinstance(found, Builtin) and found.name in _REGISTERING:
        return found.call(Args.of(value), None, scope)
    if isinstance(found, External) and found.name in _KINDS:
        function.kind = _KINDS[found.name]
        return value
    if function.owner is None or not is_declared_only(function.node):
        _note_served(run, decorator, scope)
    if isinstance(decorator, cst.Attribute) and decorator.attr.value in ("setter", "deleter"):
        name = function.name
        if decorator.attr.value == "setter":
            run.heap.set(scope.cells, protocols.setter_cell(name), function)
        # The property goes by the name, as before.
        return run.heap.get(scope.cells, name) or Unknown()
    if any(isinstance(option, (Function, Bound, Instance, ClassValue)) for option in options(found)):
        wrapped = run.call(found, Args.of(value), None, scope)
        if isinstance(wrapped, (Function, Bound, Instance)):
            if wrapped is not function:
                function.kind = "wrapped"
                if isinstance(wrapped, (Function, Instance)):
                    run.note_wrapper(function, wrapped, scope.owner)
            return wrapped
    if isinstance(found, Builtin) and found.name == "functools.wraps":
        return value
    return value


_DISPATCHING = frozenset({"functools.singledispatch", objects.DISPATCHED_METHOD})
_REGISTERING = frozenset({"functools.register", "signal.connect", "field.default", "field.validator"})
"""What a decorator of a library does when it keeps the function and gives it back."""


def _note_served(run: Interpreter, decorator: cst.BaseExpression, scope: Scope) -> None:
    """Texts in a decorator's arguments (`@app.route("/v2/...")`) belong to what the program itself offers."""
    if not isinstance(decorator, cst.Call):
        return
    if isinstance(run.evaluate(decorator.func, scope), (Function, Bound, Instance, ClassValue)):
        return
    for arg in decorator.args:
        for option in options(run.evaluate(arg.value, scope)):
            for piece in option.pieces if isinstance(option, Text) else ():
                if piece.node is not None:
                    run.facts.cut_up[id(piece.node)] = "the program also serves it as a route of its own"


def is_declared_only(function: cst.CSTNode) -> bool:
    """Whether a function has nothing in it but a docstring, `...` or `pass`."""
    lines = function.body.body if isinstance(function, cst.FunctionDef) else ()
    if not lines or not all(
        isinstance(line, (cst.SimpleStatementLine, cst.BaseSmallStatement)) for line in lines
    ):
        return False
    smalls = [small for line in lines for small in getattr(line, "body", (line,))]
    return all(isinstance(small, cst.Pass) or _says_nothing(small) for small in smalls)


def _says_nothing(small: cst.CSTNode) -> bool:
    texts = (cst.Ellipsis, cst.SimpleString, cst.ConcatenatedString)
    return isinstance(small, cst.Expr) and isinstance(small.value, texts)


def define_class(run: Interpreter, node: cst.ClassDef, scope: Scope) -> None:
    """`class`: run the body in a scope of its own, then bind the class to its name."""
    from aurora_migrate.flow.statements import Runner

    bases = tuple(run.evaluate(arg.value, scope) for arg in node.bases if not arg.star)
    kind = ClassValue(node, scope.module, run.heap.new_cells(), bases, scope)
    body = Scope(kind.cells, scope.module, scope, _body_names(node), owner=kind)
    Runner(run, body).top(tuple(node.body.body))
    kind.fields = _fields(run, kind, scope)
    run.classes.append(kind)
    hook = objects.find_in_class(run, kind, "__init_subclass__", after=kind)
    if isinstance(hook, Function):
        keywords = {
            arg.keyword.value: (run.evaluate(arg.value, scope), arg) for arg in node.keywords if arg.keyword
        }
        run.call(Bound(hook, (kind,)), Args(keywords=dict(keywords)), None, scope)
    _name_descriptors(run, kind)
    targets.store_name(run, node.name.value, kind, scope)


def _name_descriptors(run: Interpreter, kind: ClassValue) -> None:
    """`__set_name__`: objects that are class attributes learn what they are called."""
    for name, value in list(kind.cells.items()):
        if isinstance(name, str) and isinstance(value, Instance) and isinstance(value.kind, ClassValue):
            hook = objects.find_in_class(run, value.kind, "__set_name__")
            if isinstance(hook, Function):
                run.call(Bound(hook, (value,)), Args.of(kind, Text((Piece(name),))), None, kind.scope)


def _body_names(node: cst.ClassDef) -> frozenset[str]:
    names: set[str] = set()
    for statement in node.body.body:
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            names.add(statement.name.value)
        elif isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                if isinstance(small, cst.Assign):
                    names.update(t.target.value for t in small.targets if isinstance(t.target, cst.Name))
                elif isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                    names.update([small.target.value] if small.value is not None else ())
    return frozenset(names)


def _fields(run: Interpreter, kind: ClassValue, scope: Scope) -> tuple[str, ...] | None:
    """The constructor's fields of a dataclass-like class, inherited ones first; None for ordinary classes."""
    inherited: tuple[str, ...] = ()
    is_model = any(_is_model_decorator(run, decorator, scope) for decorator in kind.node.decorators)
    for base in kind.bases:
        for option in options(base):
            if isinstance(option, ClassValue) and option.fields is not None:
                inherited, is_model = (*inherited, *option.fields), True
            elif isinstance(option, External) and option.name in _MODEL_BASES:
                is_model = True
            elif isinstance(option, Builtin) and option.fields is not None:
                inherited, is_model = (*inherited, *option.fields), True
    if not is_model:
        return None
    if any(base == "pydantic.RootModel" for base in objects.external_bases(kind)):
        return ("root",)
    own = [name for small in class_statements(kind.node) for name in _declared(kind, small)]
    return tuple(dict.fromkeys((*inherited, *own)))


def _declared(kind: ClassValue, small: cst.CSTNode) -> Iterator[str]:
    """The field that a statement of a class's body declares: `name: Type`, or `name = attr.ib()`."""
    if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
        if "ClassVar" not in kind.module.tree.code_for_node(small.annotation.annotation):
            yield small.target.value
    elif isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
        name = small.targets[0].target.value
        held = kind.cells.get(name)
        if isinstance(held, Instance) and held.kind == "dataclasses.field":
            yield name


_MODEL_BASES = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.RootModel",
        "pydantic.generics.GenericModel",
        "pydantic.v1.BaseModel",
        "pydantic.BaseSettings",
        "pydantic_settings.BaseSettings",
        "typing.NamedTuple",
        "msgspec.Struct",
        "sqlmodel.SQLModel",
    }
)
_MODEL_DECORATORS = (
    "dataclasses.dataclass",
    "attr.s",
    "attr.attrs",
    "attr.define",
    "attr.frozen",
    "attr.dataclass",
    "attrs.define",
    "attrs.frozen",
    "attrs.mutable",
    "pydantic.dataclasses.dataclass",
)


def _is_model_decorator(run: Interpreter, decorator: cst.Decorator, scope: Scope) -> bool:
    node = decorator.decorator
    found = run.evaluate(node.func if isinstance(node, cst.Call) else node, scope)
    return isinstance(found, External) and found.name in _MODEL_DECORATORS
