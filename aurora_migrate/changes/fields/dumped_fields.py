"""Fields of models whose names others see: models that become mappings, or are made under the same name."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.model_fields import fields_in
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import MADE, Field
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.trees import walk


def refuse_shown(context: Context, reads: Sequence[Read], old: str, new: str) -> None:
    """Refuse to rename a field whose name leaves the program, or an alias that is not only the answer's."""
    carried: dict[bool, list[Request]] = {True: [], False: []}
    for request in context.facts.requests.values():
        carried[context.ties.of(request) is not None].append(request)
    sent = fields_in(carried[True]) - fields_in(carried[False])
    for read in reads:
        found = read.field
        if read.form is not Form.FIELD or found is None:
            continue
        made = context.facts.dumped.get((id(found.owner.node), found.name, MADE))
        if made is not None:
            line = made[0].location(made[1]).start.line
            raise Refused(f"{made[0].path.name}:{line} makes `{found.owner.name}` of a mapping with this key")
        if (id(found.owner.node), found.name) in sent:
            continue
        dump = context.facts.dumped.get((id(found.owner.node), found.name, old))
        if dump is not None:
            module, node = dump
            line = module.location(node).start.line
            raise Refused(f"{module.path.name}:{line} hands `{found.owner.name}` on with this name")
        if read.piece is not None and read.piece.node is not None:
            _refuse_alias(context, found, old, new)


def _refuse_alias(context: Context, found: Field, old: str, new: str) -> None:
    """Refuse where another field has the alias already, or the program makes the model by the old one."""
    for read in context.facts.reads.values():
        other = read.field
        if other is not None and other.owner.node is found.owner.node and read.name == new:
            raise Refused(f"`{found.owner.name}` has a field for `{new}`, too")
    for module in context.modules:
        for mention in module.identifiers.get(found.owner.name, ()):
            call = _call_around(module, mention)
            if call is not None and _spells(call, old):
                line = module.location(call).start.line
                raise Refused(
                    f"{module.path.name}:{line} makes `{found.owner.name}` with the name `{old}` itself"
                )


def _call_around(module: Module, mention: cst.Name) -> cst.Call | None:
    """The call `Model(...)` or `Model.make(...)` that a mention of the model is in the function of."""
    node: cst.CSTNode | None = mention
    while isinstance(node, (cst.Name, cst.Attribute)):
        node = module.parents.get(id(node))
    called = isinstance(node, cst.Call) and mention.value in dotted_name(node.func).split(".")
    return node if isinstance(node, cst.Call) and called else None


def _spells(call: cst.Call, name: str) -> bool:
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            return True
        if any(isinstance(each, cst.SimpleString) and string_value(each) == name for each in walk(arg.value)):
            return True
    return False
