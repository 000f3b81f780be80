"""Objects that the program gives to code which nobody can see, or stores where nobody can see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import Kept
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import Mapping, Sequence, Unknown, Value, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aurora_migrate.flow.interpreter import Interpreter


def note_given(run: Interpreter, values: Iterable[Value], node: cst.Call, scope: Scope) -> None:
    """Note the objects among the arguments of a call, with all that they hold now."""
    for value in values:
        _note(run, value, dotted_name(node.func), node, scope)


def note_stored(run: Interpreter, holder: Value, value: Value, target: cst.CSTNode, scope: Scope) -> None:
    """Note an object that is stored into something unknown: a database, a row of somebody else."""
    if isinstance(target, (cst.Subscript, cst.Attribute)) and type(holder) is Unknown:
        _note(run, value, scope.module.tree.code_for_node(target.value), target, scope)


def _note(run: Interpreter, value: Value, name: str, node: cst.CSTNode, scope: Scope) -> None:
    for option in options(value):
        if isinstance(option, (Mapping, Sequence)):
            bodies = bodies_of(run, option)
            key = (id(node), key_of(option), tuple(entry.key for body in bodies for entry, _ in body.fields))
            if key not in run.facts.kept:
                kept = Kept(scope.module, node, name, bodies, tuple(run.stack), run.explored)
                run.facts.kept[key] = kept
