"""Looks that several fields share: a line that gets the key from its caller, or from an attribute."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.keys import is_bound_once, key_of_read
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.trees import walk


def refuse_shared(context: Context, read: Read) -> None:
    """Refuse to change what a line makes of the value it finds, where it finds other fields' values, too."""
    key = key_of_read(read)
    is_there = key is not None and any(each is key for each in walk(read.node))
    if key is None or read.form is Form.ATTRIBUTE or not is_there or isinstance(key, cst.SimpleString):
        return
    names = {each.name for each in context.facts.reads.values() if each.node is read.node}
    if names != {read.name} or not (is_bound_once(read.module, key) or _is_given(context, read, key)):
        raise Refused("other fields are read there, too: the line gets the key from elsewhere")


def _is_given(context: Context, read: Read, key: cst.CSTNode) -> bool:
    """Whether every call of the function that takes the key gives this one, or leaves it to the default."""
    function = enclosing(read.module, read.node, cst.FunctionDef)
    if function is None or not isinstance(key, cst.Name):
        return False
    taken = next((each for each in parameters(function.params) if each.name.value == key.value), None)
    given = taken.default if taken is not None else None
    default = string_value(given) if isinstance(given, cst.SimpleString) else ""
    return taken is not None and all(
        _gives(module, name, read.name, default)
        for module in context.modules
        for name in mentions(module, function.name.value)
        if name is not function.name
    )


def _gives(module: Module, name: cst.CSTNode, wanted: str, default: str) -> bool:
    """Whether this mention of a function is a call that gives it the key, and no other text."""
    above = module.parents.get(id(name))
    if isinstance(above, cst.Attribute):
        name, above = above, module.parents.get(id(above))
    if isinstance(above, (cst.ImportAlias, cst.ImportFrom)):
        return True
    if not isinstance(above, cst.Call) or above.func is not name:
        return False
    given = {string_value(arg.value) for arg in above.args if isinstance(arg.value, cst.SimpleString)}
    return wanted in given or (not given and default == wanted)
