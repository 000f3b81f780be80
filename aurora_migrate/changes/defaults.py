"""Defaults: whether an unknown host is what a setting holds whose default is a host that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.surgery.tree import walk
from aurora_migrate.changes.surroundings import ancestors
from aurora_migrate.changes.urls import hints_of
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import Text

_MAX_NAMES = 12
_CHOOSING = (cst.BooleanOperation, cst.IfExp)


class Defaults:
    """Knows what (environment entries, fields, parameters) each host's literal is the default of."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self._modules = modules
        self._uses: dict[str, list[tuple[Module, cst.CSTNode]]] | None = None
        self._known: dict[int, frozenset[str]] = {}

    def same_setting(self, known: Request, unknown: Request) -> bool:
        """Whether one URL begins with what a setting holds, and the other with that setting's default."""
        hints = set(map(_plain, _leading_hints(unknown.url)))
        literal = _leading_literal(known.url)
        if not hints or literal is None:
            return False
        return bool(hints & self._settings(*literal))

    def _settings(self, module: Module, node: cst.CSTNode) -> frozenset[str]:
        if id(node) not in self._known:
            self._known[id(node)] = frozenset(map(_plain, self._names(module, node)))
        return self._known[id(node)]

    def _names(self, module: Module, node: cst.CSTNode) -> Iterator[str]:
        """What names the settings around a literal, and around the constants that hold it."""
        waiting, constants = [(module, node)], set[str]()
        while waiting:
            home, place = waiting.pop()
            for name, is_constant in _named(home, place):
                yield name
                if is_constant and name not in constants and len(constants) < _MAX_NAMES:
                    constants.add(name)
                    waiting.extend(self._all_uses().get(name, ()))

    def _all_uses(self) -> dict[str, list[tuple[Module, cst.CSTNode]]]:
        if self._uses is None:
            self._uses = {}
            for module in self._modules:
                for node in walk(module.tree):
                    if isinstance(node, (cst.Name, cst.Attribute)):
                        name = dotted_name(node).rpartition(".")[2]
                        self._uses.setdefault(name, []).append((module, node))
        return self._uses


def _plain(name: str) -> str:
    """A name as the option `--aurora-url`, the attribute `aurora_url` and the entry AURORA_URL share it."""
    return name.lstrip("-").replace("-", "_").lower()


def _named(module: Module, node: cst.CSTNode) -> Iterator[tuple[str, bool]]:
    """The names of what a value is a default of; True for one that other code may hand on."""
    inner = node
    for around in ancestors(module, node):
        if isinstance(around, _CHOOSING) or (isinstance(around, cst.Call) and inner is not around.func):
            yield from ((text, False) for text in _strings(around, inner))
        elif isinstance(around, cst.Param):
            yield around.name.value, False
            return
        elif isinstance(around, (cst.Assign, cst.AnnAssign)):
            targets = [each.target for each in around.targets] if isinstance(around, cst.Assign) else []
            for target in targets or ([around.target] if isinstance(around, cst.AnnAssign) else []):
                if around.value is inner:
                    yield dotted_name(target).rpartition(".")[2], True
            return
        elif isinstance(around, (cst.BaseStatement, cst.BaseSmallStatement)):
            return
        inner = around


def _strings(around: cst.CSTNode, but: cst.CSTNode) -> Iterator[str]:
    """The texts beside an operand or argument."""
    for child in around.children:
        if child is not but:
            for node in walk(child):
                if isinstance(node, cst.SimpleString):
                    yield string_value(node)


def _leading_hints(url: Text) -> Iterator[str]:
    for piece in url.pieces:
        if piece.text is not None:
            return
        yield from hints_of([piece])


def _leading_literal(url: Text) -> tuple[Module, cst.CSTNode] | None:
    piece = url.pieces[0] if url.pieces else None
    if piece is None or piece.module is None or piece.node is None:
        return None
    return piece.module, piece.node
