"""Files of settings and data that the program itself reads: what they say in the project.

Elsewhere the same file may say something else. So what it says is unknown, but for addresses, paths and
hosts: those are taken as they stand, since a program has its file for their sake.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.files.documents import is_document, is_environment
from aurora_migrate.flow import interpolation
from aurora_migrate.flow.alternatives import choose
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.file_names import names_read
from aurora_migrate.flow.values import UNKNOWN, Items, Mapping, Sequence, Text, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

MAX_MEANT = 4
"""Of files of one name, as many are taken for those that code may read."""
MAX_ROWS = 40
"""Longer lists are data and not settings: what is in them is unknown."""
_ADDRESS = re.compile(r".*/.*|[\w-]+(\.[\w-]*[a-zA-Z][\w-]*)+(:\d+)?", re.DOTALL)
_VERSION = re.compile(r"v?\d+(\.\d+)*")


def read_by(run: Interpreter, node: cst.CSTNode | None, scope: Scope) -> Value | None:
    """What a call reads, when the names at hand mean a document of the project; None when they mean none."""
    if node is None:
        return None
    found = [said(run, module) for module in modules_read(run, node, scope)]
    return choose(found) if found else None


def modules_read(run: Interpreter, node: cst.CSTNode, scope: Scope) -> list[Module]:
    """The documents that a call reads by names which the code spells."""
    project = run.modules.project
    names = names_read(run, node, scope, is_name=lambda name: is_document(Path(name)))
    if not names:
        return []
    meant = [path for path in project.documents if path.name in names]
    near = [path for path in meant if path.parent == scope.module.path.parent] or meant
    found: list[Module] = []
    for path in near if len(near) <= MAX_MEANT else ():
        module = run.modules.load_data(path)
        if module is not None:
            module.read_by_code = True
            project.note_reader(path, scope.module.path)
            run.doubles.spelled_files.update(names[path.name])
            found.append(module)
    return found


def said(run: Interpreter, module: Module) -> Value:
    """What a document says, with its texts and objects in their places."""
    display = display_of(module)
    if display is None:
        return UNKNOWN
    found = _loosened(run, run.evaluate(display, Scope(run.heap.new_cells(), module, None)), "")
    if is_environment(module.path):
        interpolation.in_environment_file(run, found)
    return found


def display_of(module: Module) -> cst.BaseExpression | None:
    """The one expression that a document is as a module; None where it is none."""
    match module.tree.body:
        case [cst.SimpleStatementLine(body=[cst.Expr(value=expression)])]:
            return expression
    return None


def _loosened(run: Interpreter, value: Value, name: str) -> Value:
    """A value of a document as one of many that may stand there."""
    if isinstance(value, Mapping):
        entries = run.entries(value)
        items = tuple(
            replace(entry, value=_loosened(run, entry.value, entry.name or "")) for entry in entries.items
        )
        value.partial = True
        run.heap.set(value.cells, "entries", replace(entries, items=items))
        return value
    if isinstance(value, Sequence):
        values = [each for items in run.items(value) for each in items.values][:MAX_ROWS]
        held = Items(tuple(_loosened(run, each, name) for each in values), open=True)
        run.heap.set(value.cells, "items", held)
        return value
    hints = (name,) if name else ()
    if isinstance(value, Text) and _ADDRESS.fullmatch(value.literal or ""):
        return value
    if isinstance(value, Text) and _VERSION.fullmatch(value.literal or ""):
        return choose([value, Unknown(hints, default=value)])
    return Unknown(hints)
