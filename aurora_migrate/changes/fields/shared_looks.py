"""Looks that several fields share: a line that gets the key from its caller, or from an attribute."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.every_call import every_call
from aurora_migrate.changes.fields.keys import is_bound_once, key_of_read
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.literals import string_value
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
    calls = every_call(context, read.module, function)
    if taken is None or calls is None:
        return False
    given = [each.get(key.value, taken.default) for _, each in calls]
    return all(isinstance(each, cst.SimpleString) and string_value(each) == read.name for each in given)
