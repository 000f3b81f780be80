"""Code that only removed code used: found and taken out until nothing more follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.definitions import Definitions, Named
from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.mentions import Mentions, fewer_uses
from aurora_migrate.changes.surgery.purity import Purity
from aurora_migrate.changes.surgery.rewrite import rewritten
from aurora_migrate.changes.surgery.scopes import dead_in, functions
from aurora_migrate.changes.surgery.uses import uses_of
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import parents_of

_ROUNDS = 40


def clean(
    trees: Mapping[Path, cst.Module], modules: Sequence[Module], mentioned: Named
) -> dict[Path, cst.Module]:
    """The rewritten trees without what became dead, and any other module's tree that lost something too.

    What was dead before the rewrite stays, and what is `mentioned` where nobody analyses it.
    `modules` are all modules of the project, as they were.
    """
    before = {module.path: module.tree for module in modules}
    now = {**before, **trees}
    originally = _mentions(tuple(before.items()))
    for _ in range(_ROUNDS):
        changed = False
        current, purity = Mentions(now), Purity(now)
        fewer: set[str] = set()
        for path, tree in now.items():
            if tree is not before[path]:
                fewer |= fewer_uses(before[path], tree)
        for path, tree in sorted(now.items()):
            gone = (
                _dead_locals(tree, before[path], purity, current, path, mentioned)
                if tree is not before[path]
                else set()
            )
            found = Definitions(path, (before[path], tree), (originally, current), fewer, purity, mentioned)
            marks = _marks(tree, gone | {id(node) for node in found.dead()})
            if marks is not None:
                now[path] = rewritten(tree, *marks)
                changed = True
        if not changed:
            break
    return {path: tree for path, tree in now.items() if tree is not before[path]}


@lru_cache(maxsize=4)
def _mentions(trees: tuple[tuple[Path, cst.Module], ...]) -> Mentions:
    return Mentions(dict(trees))


def _dead_locals(
    tree: cst.Module, before: cst.Module, purity: Purity, mentions: Mentions, path: Path, mentioned: Named
) -> set[int]:
    gone: set[int] = set()
    old, new = functions(before), functions(tree)
    then, now = Counter(name for name, _ in old), Counter(name for name, _ in new)
    for key, function in new.items():
        # Of several functions of one name, nobody knows which one has gone.
        if key in old and old[key] is not function and then[key[0]] == now[key[0]]:
            gone |= dead_in(function, old[key], purity, path)
    names = uses_of(tree).stores
    elsewhere = frozenset(
        name
        for name in names
        if mentions.of_definition(path, name, tree) > 0
        or mentioned(name)
        or mentions.looks_up(path, name, member=False)
    )
    return gone | dead_in(tree, before, purity, path, elsewhere)


def _marks(tree: cst.Module, gone: set[int]) -> tuple[Marks, dict[int, cst.CSTNode]] | None:
    """The marks for dead nodes; an import goes with its last alias, a line with its last statement."""
    if not gone:
        return None
    parents = parents_of(tree)
    marks = Marks(gone=set(gone))
    for key in gone:
        parent = parents.get(key)
        if not isinstance(parent, (cst.Import, cst.ImportFrom)) or isinstance(parent.names, cst.ImportStar):
            continue
        if all(id(alias) in gone for alias in parent.names):
            marks.gone.add(id(parent))
    return marks, parents
