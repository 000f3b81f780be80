"""The name of the mapping that entries are put into, and whether anything but one call looks at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from aurora_migrate.changes.repeats.frames import Frame
from aurora_migrate.changes.repeats.own_names import FunctionNode, own, variables
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.trees import walk


def has_other_uses(modules: Sequence[Module], frame: Frame, uses: Iterable[Use], arg: cst.Arg | None) -> bool:
    """Whether the mappings of uses are, or may be, looked at elsewhere than in the call's argument."""
    for use in uses:
        name = _name_of(_statement_of(frame.module, use.operand), use)
        if name is None or _is_public(modules, frame, name):
            return True
        if _count(frame.function, name) != _count_of_ours(frame.function, name, arg):
            return True
    return False


def _is_public(modules: Sequence[Module], frame: Frame, name: str) -> bool:
    """Whether another module may look at a variable of this one."""
    if not isinstance(frame.function, cst.Module):
        return False
    for module in modules:
        for each in walk(module.tree) if module is not frame.module else ():
            if isinstance(each, cst.ImportStar) or (isinstance(each, cst.Name) and each.value == name):
                return True
    return False


def _statement_of(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, cst.BaseSmallStatement):
        current = module.parents.get(id(current))
    return current


def _name_of(statement: cst.CSTNode | None, use: Use) -> str | None:
    """The variable that holds the mapping; None when it is not one alone."""
    written = _written(statement)
    if written is not None:
        return written.value
    target: cst.CSTNode | None = None
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
    elif isinstance(statement, cst.AnnAssign):
        target = statement.target
    held = getattr(statement, "value", None)
    is_whole = held is use.container and isinstance(held, (cst.Dict, cst.Call))
    return target.value if isinstance(target, cst.Name) and is_whole else None


def _written(statement: cst.CSTNode | None) -> cst.Name | None:
    """The variable that a statement only writes entries into."""
    holder: cst.CSTNode | None = None
    if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.Call):
        func = statement.value.func
        if isinstance(func, cst.Attribute) and func.attr.value in ("update", "setdefault"):
            holder = func.value
    elif isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        holder = target.value if isinstance(target, cst.Subscript) else None
    return holder if isinstance(holder, cst.Name) else None


def _count(function: FunctionNode, name: str) -> int:
    return sum(each.value == name for each in variables(function))


def _count_of_ours(function: FunctionNode, name: str, arg: cst.Arg | None) -> int:
    """The mentions of the variable that make it, write entries into it or hand it to the call."""
    found: set[int] = set()
    for node in own(function):
        if isinstance(node, (cst.Assign, cst.AnnAssign)):
            targets = (
                [each.target for each in node.targets] if isinstance(node, cst.Assign) else [node.target]
            )
            found |= {id(each) for each in targets if isinstance(each, cst.Name) and each.value == name}
        written = _written(node)
        if written is not None and written.value == name:
            found.add(id(written))
    if arg is not None:
        found |= {id(each) for each in variables(arg) if each.value == name}
    return len(found)
