"""Objects of fields and messages of which code makes nothing but texts for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.fates.worded import Wording, worded
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.trees import walk


@dataclass(frozen=True, slots=True)
class Flattening:
    """A comprehension or loop over the fields of an object that makes a text of each message.

    `around` is the comprehension or the loop, `source` the object, `text` the expression that is each text.
    """

    module: Module
    around: cst.BaseComp | cst.For
    source: cst.BaseExpression
    text: cst.BaseExpression
    wording: Wording
    inner: cst.For | None = None
    """The loop over the messages of a field, inside that over the fields."""


def flattening_at(module: Module, call: cst.CSTNode) -> Flattening | None:
    """What is made of an object by going through `object.items()` or `.values()`; None for anything else."""
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute) or call.args:
        return None
    fields = call.func.attr.value
    if fields not in ("items", "values"):
        return None
    parent = module.parents.get(id(call))
    if isinstance(parent, cst.CompFor) and parent.iter is call:
        return _comprehension(module, parent, fields == "items", call.func.value)
    if isinstance(parent, cst.For) and parent.iter is call:
        return _loop(module, parent, fields == "items", call.func.value)
    return None


def _variables(target: cst.BaseExpression, pairs: bool) -> tuple[str, str] | None:
    """The names of the field and of its messages."""
    if not pairs:
        return ("", target.value) if isinstance(target, cst.Name) else None
    if isinstance(target, cst.Tuple) and len(target.elements) == 2:
        names = [element.value for element in target.elements]
        first, second = names
        if isinstance(first, cst.Name) and isinstance(second, cst.Name):
            return first.value, second.value
    return None


def _comprehension(
    module: Module, loop: cst.CompFor, pairs: bool, source: cst.BaseExpression
) -> Flattening | None:
    around, names = module.parents.get(id(loop)), _variables(loop.target, pairs)
    if not isinstance(around, (cst.ListComp, cst.GeneratorExp)) or names is None or not _is_bare(loop):
        return None
    field, messages = names
    inner = loop.inner_for_in
    if inner is None:
        wording = worded(module, around.elt, field, messages, several=True)
    elif _is_bare(inner) and inner.inner_for_in is None and _goes_through(inner, messages):
        assert isinstance(inner.target, cst.Name)
        wording = worded(module, around.elt, field, inner.target.value, several=False)
        if _mentions(around.elt, {messages}):
            return None
    else:
        return None
    return Flattening(module, around, source, around.elt, wording) if wording is not None else None


def _is_bare(loop: cst.CompFor) -> bool:
    return not loop.ifs and loop.asynchronous is None


def _goes_through(loop: cst.CompFor | cst.For, messages: str) -> bool:
    """`for text in texts`."""
    over = isinstance(loop.iter, cst.Name) and loop.iter.value == messages
    return over and isinstance(loop.target, cst.Name)


def _loop(module: Module, loop: cst.For, pairs: bool, source: cst.BaseExpression) -> Flattening | None:
    names = _variables(loop.target, pairs)
    statement = _only(loop)
    if names is None or statement is None:
        return None
    field, message = names
    inner, several = None, True
    if isinstance(statement, cst.For) and _goes_through(statement, message):
        assert isinstance(statement.target, cst.Name)
        inner, several, message = statement, False, statement.target.value
        statement = _only(inner)
    used = {field, names[1], message} - {""}
    if statement is None or _used_outside(module, loop, used):
        return None
    for text in _texts(statement):
        wording = worded(module, text, field, message, several=several)
        if several and _is_counted(module, loop, statement):
            return None
        if wording is not None and _mentions_only(statement, text, used):
            return Flattening(module, loop, source, text, wording, inner)
    return None


def _only(loop: cst.For) -> cst.CSTNode | None:
    """The one statement of a loop."""
    if loop.orelse is not None or loop.asynchronous is not None or len(loop.body.body) != 1:
        return None
    statement = loop.body.body[0]
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        return statement.body[0]
    return statement if isinstance(statement, cst.For) else None


def _texts(statement: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The expressions of a statement that it hands on: arguments of its call, what is added."""
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
        for arg in statement.value.args:
            if not arg.star:
                yield arg.value
    elif isinstance(statement, cst.AugAssign) and isinstance(statement.operator, cst.AddAssign):
        value = statement.value
        if isinstance(value, cst.List) and len(value.elements) == 1:
            yield value.elements[0].value
        else:
            yield value


def _is_counted(module: Module, loop: cst.For, statement: cst.CSTNode) -> bool:
    """Whether the texts go into a list of which more than its words is used: there may be more messages."""
    kept = _list_of(statement)
    if kept is None:
        return False
    function = enclosing(module, loop, cst.FunctionDef)
    if isinstance(function, cst.FunctionDef) and kept in {p.name.value for p in parameters(function.params)}:
        return True
    return any(
        isinstance(each, cst.Name) and each.value == kept and _counts(module, each)
        for each in walk(function or module.tree)
    )


def _list_of(statement: cst.CSTNode) -> str | None:
    """The name of the list that a statement puts a text into."""
    if isinstance(statement, cst.AugAssign):
        is_list = isinstance(statement.value, cst.List) and isinstance(statement.target, cst.Name)
        return statement.target.value if is_list and isinstance(statement.target, cst.Name) else None
    call = statement.value if isinstance(statement, cst.Expr) else None
    func = call.func if isinstance(call, cst.Call) else None
    named = isinstance(func, cst.Attribute) and func.attr.value in ("append", "add", "insert")
    held = func.value if named and isinstance(func, cst.Attribute) else None
    return held.value if isinstance(held, cst.Name) else None


def _counts(module: Module, name: cst.Name) -> bool:
    """Whether a use of a list asks how many elements it has, takes one out, or gives the list away."""
    parent = module.parents.get(id(name))
    if isinstance(parent, cst.Subscript):
        return parent.value is name
    if isinstance(parent, cst.Arg):
        call = module.parents.get(id(parent))
        return isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value == "len"
    return isinstance(parent, (cst.Return, cst.Yield, cst.ComparisonTarget, cst.Comparison))


def _mentions(node: cst.CSTNode, names: set[str]) -> bool:
    return any(isinstance(each, cst.Name) and each.value in names for each in walk(node))


def _mentions_only(statement: cst.CSTNode, text: cst.CSTNode, names: set[str]) -> bool:
    """Whether nothing of a statement but that text looks at the variables."""
    inside = {id(each) for each in walk(text)}
    return not any(
        isinstance(each, cst.Name) and each.value in names and id(each) not in inside
        for each in walk(statement)
    )


def _used_outside(module: Module, loop: cst.For, names: set[str]) -> bool:
    """Whether the variables of a loop are used elsewhere in its function, where they would be missed."""
    scope = enclosing(module, loop, cst.FunctionDef) or module.tree
    inside = {id(each) for each in walk(loop)}
    return any(
        isinstance(each, cst.Name) and each.value in names and id(each) not in inside for each in walk(scope)
    )
