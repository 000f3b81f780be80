"""What functions leave behind each time they run, beside asking for an answer: files, others' requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.repeats.own_names import Functions, called
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.changes.urls import Owner
from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin
from aurora_migrate.flow.trees import walk

_WRITERS = frozenset({"write_text", "write_bytes"})
MAX_DEPTH = 4


def refuse_traces(context: Context, nodes: Sequence[cst.CSTNode], known: Functions, origin: Origin) -> None:
    """Refuse to run code again for each item that writes files, or sends something to others, each time."""
    functions = {id(function): (module, function) for module, function in _functions(nodes, known)}
    for module, function in functions.values():
        if any(_writes(each) and _always(module, each) for each in walk(function.body)):
            raise Refused(f"`{function.name.value}`, which would run again for each item, writes a file")
    asking = {id(request.node) for request in origin.requests}
    for request in context.facts.requests.values():
        steps = [step for step in request.stack if id(step.node) in functions]
        is_others = context.targets.of(request.url).owner is Owner.OTHER and id(request.node) not in asking
        if steps and is_others and _always(request.module, request.node):
            name = steps[-1].name
            raise Refused(f"`{name}`, which would run again for each item, also asks another service")


def _always(module: Module, node: cst.CSTNode) -> bool:
    """Whether a place is reached whenever its function runs, as what reports a failure is not."""
    for above in ancestors(module, node):
        if isinstance(above, (cst.FunctionDef, cst.Lambda)):
            return True
        if isinstance(above, (cst.If, cst.IfExp, cst.ExceptHandler, cst.ExceptStarHandler)):
            return False
    return True


def _functions(
    nodes: Sequence[cst.CSTNode], known: Functions, depth: int = 0
) -> Iterator[tuple[Module, cst.FunctionDef]]:
    """The functions of the project that code calls, those called by them too."""
    for node in nodes if depth < MAX_DEPTH else ():
        for each in walk(node):
            found = known.get(called(each)) if isinstance(each, cst.Call) else None
            if found is not None:
                yield found
                yield from _functions([found[1].body], known, depth + 1)


def _writes(node: cst.CSTNode) -> bool:
    """`open(name, "w")`, `path.write_text(text)`."""
    if not isinstance(node, cst.Call):
        return False
    if isinstance(node.func, cst.Attribute) and node.func.attr.value in _WRITERS:
        return True
    if (dotted(node.func) or "").rpartition(".")[2] != "open":
        return False
    modes = [string_value(arg.value) for arg in node.args if isinstance(arg.value, cst.SimpleString)]
    return any(set(mode) <= set("rwax+bt") and set(mode) & set("wax+") for mode in modes)
