"""What a plan would lose unseen: effects of code that it takes out, beside those of making a signature."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.effects import Effect, Effects
from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.mentions import Mentions
from aurora_migrate.changes.surgery.purity import is_log_call
from aurora_migrate.changes.surgery.scopes import functions
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.trees import children

_CODE = cst.Module([])
_SHOWN = 60


def refuse_losses(
    before: Mapping[Path, cst.Module], after: Mapping[Path, cst.Module], marks: Mapping[Path, Marks]
) -> None:
    """Raise Refused when something that ran before and is gone did more than compute.

    `after` are the trees that changed. A change of a variable or attribute that nobody reads any more
    is no loss, and neither are messages to a log and checks.
    """
    effects = Effects(before)
    left: Mentions | None = None
    for reason, effect in _found(before, after, marks, effects):
        left = left or Mentions({**before, **after})
        if not effect.state or left.reads(effect.state):
            raise Refused(f"`{effect.by or reason}` also {effect.does}")


def _found(
    before: Mapping[Path, cst.Module],
    after: Mapping[Path, cst.Module],
    marks: Mapping[Path, Marks],
    effects: Effects,
) -> Iterator[tuple[str, Effect]]:
    for path, own in marks.items():
        for node in _taken(before[path], own):
            for operand in _evaluated(node):
                for effect in effects.of_operand(operand, path, strict=not _is_given(node, own)):
                    yield " ".join(_CODE.code_for_node(operand).split())[:_SHOWN], effect
    for path, tree in after.items():
        if tree is before[path]:
            continue
        old, new = functions(before[path]), functions(tree)
        for key, function in old.items():
            if key not in new:
                for effect in effects.of_definition(function, path):
                    yield function.name.value, effect


def _taken(tree: cst.Module, marks: Marks) -> Iterator[cst.CSTNode]:
    """The outermost nodes that go, or that other code replaces without them in it."""
    stack: list[cst.CSTNode] = [tree]
    while stack:
        node = stack.pop()
        new = marks.replaced.get(id(node))
        if id(node) in marks.meant or id(node) in marks.moved:
            continue
        if id(node) in marks.gone:
            yield node
        elif id(node) in marks.reworded:
            continue
        elif new is None:
            stack.extend(children(node))
        elif not _is_kept(_CODE.code_for_node(node).strip(), new, marks):
            yield node


def _is_kept(code: str, new: cst.CSTNode, marks: Marks) -> bool:
    """Whether replaced code is in what replaces it, or in a statement that is put beside."""
    beside = (
        source for place in (marks.before, marks.after) for sources in place.values() for source in sources
    )
    return code in _CODE.code_for_node(new) or any(code in source for source in beside)


def _is_given(node: cst.CSTNode, marks: Marks) -> bool:
    """Whether the plan puts other code there, which is its own affair."""
    new = marks.replaced.get(id(node))
    return new is not None and not isinstance(new, (cst.SimpleString, cst.Dict))


def _evaluated(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The expressions that a node evaluates; what a removed statement does itself is meant to go."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
            if current.value is not None:
                yield current.value
        elif isinstance(current, cst.Expr) and isinstance(current.value, cst.Call):
            if not is_log_call(current.value):
                yield from (arg.value for arg in current.value.args)
        elif isinstance(current, cst.BaseExpression):
            yield current
        elif not isinstance(current, (cst.FunctionDef, cst.ClassDef, cst.Import, cst.ImportFrom, cst.Del)):
            stack.extend(children(current))
