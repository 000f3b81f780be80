"""Looks at an old field in code that knows both versions: it asks for the new one, or for the version."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.trees import walk

_CHOOSING = (cst.BooleanOperation, cst.IfExp, cst.Try)


def is_guarded(context: Context, read: Read, new: str) -> bool:
    """Whether a look at the old field happens only where the new one is not there."""
    if read.guarded or (read.piece is not None and read.piece.guards):
        return True
    news = [
        other
        for other in context.facts.reads.values()
        if other.name == new and other.part.path == read.part.path
    ]
    if read.written and any(_gives_back(other, read) for other in news):
        return True
    others = [other for other in news if other.module is read.module]
    if not others:
        return False
    olds = [
        other
        for other in context.facts.reads.values()
        if other.name == read.name and other.part.path == read.part.path
    ]
    same = [other for other in olds if other.form is Form.IN]
    asking = {id(other.node) for other in [*others, *olds]}
    return any(
        _alternatives(read.module, read.node, other.node, asking)
        or _asked_for(read, other)
        or any(_asked_for(read, asked) and _asked_for(other, asked) for asked in same)
        for other in others
    )


def _gives_back(asked: Read, read: Read) -> bool:
    """Whether the program, which writes the old field itself, asks first if the object has the new one."""
    return asked.form is Form.IN and asked.part.key == read.part.key


def _asked_for(read: Read, other: Read) -> bool:
    """Whether the function asks if the field of the other look is there (`"new" in answer`)."""
    if other.form is not Form.IN:
        return False
    function = enclosing(read.module, read.node, cst.FunctionDef)
    return function is not None and function is enclosing(other.module, other.node, cst.FunctionDef)


def _alternatives(module: Module, node: cst.CSTNode, other: cst.CSTNode, asking: set[int]) -> bool:
    """Whether two looks are sides of one `or` or `if` expression, what is tried and what is done when that
    fails, or a look and its default. The `if` is to ask for one of the fields: `asking` has such looks.
    """
    if node is not other and isinstance(node, cst.Call) and any(each is other for each in walk(node)):
        return True
    above = module.parents.get(id(node))
    while above is not None and not isinstance(above, (cst.FunctionDef, cst.Module)):
        if above is other:
            return True
        if isinstance(above, cst.IfExp) and not any(id(each) in asking for each in walk(above.test)):
            pass
        elif isinstance(above, _CHOOSING) and any(each is other for each in walk(above)):
            return True
        above = module.parents.get(id(above))
    return False
