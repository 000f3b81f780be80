"""Looks at an old field in code that knows both versions: it asks for the new one, or for the version."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import ancestors, enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk

_TELLING_APART = frozenset({Form.STORE, Form.DELETE, Form.POP, Form.SETDEFAULT, Form.COMPARED})
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
        (_alternatives(read.module, read.node, other.node, asking) and not _is_eager(read, other))
        or _asked_for(read, other)
        or any(_asked_for(read, asked) and _asked_for(other, asked) for asked in same)
        for other in others
    )


def refuse_merged(context: Context, new: str, reads: Iterable[Read], *, stood_beside: bool) -> None:
    """Refuse to make one key of two that the program tells apart in the same answer.

    `stood_beside`: the new field was there before, so that taking the old one out took nothing of it.
    """
    parts = {read.part.key: read.part for read in reads}
    for part in parts.values() if stood_beside else ():
        if part.step(new).key in context.facts.about(part.step(new)).own_stores:
            raise Refused(f"the program stores something else as `{new}` of the same answer")
    if stood_beside and any(read.form in (Form.POP, Form.DELETE) for read in reads):
        raise Refused(f"the program takes it out, and `{new}` has to stay")
    through = [read for read in reads if read.form is Form.COMPARED and not is_test_module(read.module)]
    if stood_beside and any(_does_more(read.module, read.node) for read in through):
        raise Refused(f"the program goes through all fields, and `{new}` is one of them already")
    for other in context.facts.reads.values():
        if other.name == new and other.part.key in parts and other.form in _TELLING_APART:
            line = other.module.location(other.node).start.line
            raise Refused(
                f"{other.module.path.name}:{line} does something else with `{new}` of the same answer"
            )


def _does_more(module: Module, node: cst.CSTNode) -> bool:
    """Whether a test of a key, on the way through all of them, decides more than what is left out."""
    inner = node
    for above in ancestors(module, node):
        if isinstance(above, (cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.FunctionDef, cst.Lambda)):
            return False
        if isinstance(above, cst.DictComp):
            return inner is not above.for_in
        if isinstance(above, cst.For):
            return isinstance(node, cst.Comparison)
        inner = above
    return False


def refuse_level_given(reads: Iterable[Read]) -> None:
    """Refuse where a look writes an old value itself if there is none: `setdefault("level", "Admin")`."""
    for read in reads:
        if read.form is Form.SETDEFAULT:
            line = read.module.location(read.node).start.line
            raise Refused(f"{read.module.path.name}:{line} writes a value of its own there if there is none")


def _is_eager(read: Read, other: Read) -> bool:
    """Whether the old field is looked up whatever the other look finds: `d.get("new", d["old"])`."""
    inside = isinstance(other.node, cst.Call) and any(each is read.node for each in walk(other.node))
    return inside and read.form is Form.SUBSCRIPT


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


def refuse_reworked(reads: Iterable[Read]) -> None:
    """Refuse to change values that the program has made of those in the answer."""
    for read in reads:
        if read.part.origin.reworked:
            line = read.module.location(read.node).start.line
            raise Refused(f"{read.module.path.name}:{line} reads what the program has made of the value")
