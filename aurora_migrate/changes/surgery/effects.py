"""What code does beside computing its value: the reasons why it cannot be taken out unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.purity import Purity, is_log_call
from aurora_migrate.changes.surgery.tree import children, dotted, walk
from aurora_migrate.changes.surgery.uses import uses_of

_WORDS = {
    "print": "prints",
    "pprint": "prints",
    "time.sleep": "sleeps",
    "asyncio.sleep": "sleeps",
    "open": "opens a file",
    "input": "asks the user",
    "setattr": "sets an attribute",
    "delattr": "deletes an attribute",
    "next": "takes the next item of an iterator",
}
_TAKERS = frozenset("pop popitem popleft clear remove discard".split())
_SETTERS = frozenset("append extend update add insert setdefault sort reverse appendleft".split())
_ACTORS = re.compile(
    r"(write\w*|flush|save\w*|send\w*|post|put|patch|publish|emit|commit|execute\w*|increment|incr\w*|decr\w*|"
    r"inc|dec|acquire|wait\w*|sleep|throttle\w*|record\w*|audit\w*|track\w*|notify\w*|observe|labels|dump|print\w*|"
    r"register\w*|push|lpush|rpush|store|touch|unlink|mkdir|run|call|check_call|Popen|system|exit)\Z"
)
"""Methods of unknown objects whose names say that they act."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing done, in words that follow "also"; harmless when `state` is not read any more."""

    does: str
    state: str = ""


class Effects:
    """What removed code did, over the trees as they were."""

    def __init__(self, trees: Mapping[Path, cst.Module]) -> None:
        self._trees = trees
        self._purity = Purity(trees)
        self._named: dict[str, list[tuple[Path, cst.FunctionDef | cst.ClassDef]]] = {}
        self._known: dict[int, list[Effect]] = {}
        for path, tree in trees.items():
            for node in walk(tree):
                if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
                    self._named.setdefault(node.name.value, []).append((path, node))

    def of_expression(self, node: cst.CSTNode, path: Path, local: frozenset[str] = frozenset()) -> Iterator[Effect]:
        """Effects of evaluating an expression; `local` are variables that nobody else holds."""
        stack = [node]
        while stack:
            current = stack.pop()
            if isinstance(current, cst.NamedExpr) and isinstance(current.target, cst.Name):
                yield Effect(f"sets {current.target.value}", current.target.value)
            elif isinstance(current, cst.Call):
                yield from self._of_call(current, path, local)
            elif isinstance(current, cst.Await) and not isinstance(current.expression, cst.Call):
                yield Effect("waits for something")
            if isinstance(current, cst.Attribute):
                stack.append(current.value)
            else:
                stack.extend(children(current))

    def of_definition(self, node: cst.FunctionDef | cst.ClassDef, path: Path) -> list[Effect]:
        """Effects of calling a function or making an object."""
        if id(node) not in self._known:
            self._known[id(node)] = []
            if isinstance(node, cst.FunctionDef):
                self._known[id(node)] = list(self._of_function(node, path))
            else:
                made = [each for each in node.body.body if isinstance(each, cst.FunctionDef)]
                built = [each for each in made if each.name.value in ("__init__", "__new__", "__post_init__")]
                self._known[id(node)] = [found for each in built for found in self.of_definition(each, path)]
        return self._known[id(node)]

    def _of_function(self, node: cst.FunctionDef, path: Path) -> Iterator[Effect]:
        params = {each.name.value for each in walk(node.params) if isinstance(each, cst.Param)}
        shared = {name for each in walk(node) for name in _declared(each)}
        local = frozenset(uses_of(node).stores) - params - shared
        constructs = node.name.value in ("__init__", "__new__", "__post_init__")
        for statement in node.body.body:
            yield from self.of_statement(statement, path, local, frozenset(params | shared), constructs)

    def of_statement(
        self,
        statement: cst.CSTNode,
        path: Path,
        local: frozenset[str] = frozenset(),
        outer: frozenset[str] = frozenset(),
        constructs: bool = False,
    ) -> Iterator[Effect]:
        """Effects of a statement in a function with these own variables, and others that it declares or is given."""
        stack = [statement]
        while stack:
            node = stack.pop()
            if isinstance(node, (cst.Raise, cst.Assert)) or _is_log_line(node):
                continue
            if isinstance(node, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
                for target in _targets(node):
                    yield from _of_store(target, local, outer, constructs)
                if node.value is not None:
                    yield from self.of_expression(node.value, path, local)
            elif isinstance(node, cst.Del):
                yield from _of_store(node.target, local, outer, constructs)
            elif isinstance(node, cst.BaseExpression):
                yield from self.of_expression(node, path, local)
            else:
                stack.extend(children(node))

    # -- calls

    def _of_call(self, call: cst.Call, path: Path, local: frozenset[str]) -> Iterator[Effect]:
        name = dotted(call.func)
        if is_log_call(call) or self._purity.harmless_callee(call, path):
            return
        resolved = self._purity.resolved(name, path) if name is not None else ""
        word = _WORDS.get(resolved) or (_WORDS.get(name or "") if "." not in (name or ".") else None)
        own = self._definitions(call, path)
        if own:
            for where, node in own:
                yield from self.of_definition(node, where)
        elif word is not None and not (resolved == "next" and _is_fresh(call)):
            yield Effect(word)
        elif isinstance(call.func, cst.Attribute):
            yield from _of_method(call.func, local)
        elif isinstance(call.func, cst.Name) and call.func.value not in local and name in self._imported(path):
            yield Effect(f"calls {name}")

    def _imported(self, path: Path) -> Mapping[str, str]:
        return uses_of(self._trees[path]).bound

    def _definitions(self, call: cst.Call, path: Path) -> list[tuple[Path, cst.FunctionDef | cst.ClassDef]]:
        """The project's functions that a call may run, by the last name of what is called."""
        if isinstance(call.func, cst.Name):
            origin = self._imported(path).get(call.func.value)
            found = self._named.get(origin.split(".")[-1] if origin else call.func.value, [])
            return found if origin else [each for each in found if each[0] == path] or found
        if not isinstance(call.func, cst.Attribute):
            return []
        return self._named.get(call.func.attr.value, [])


def _of_method(func: cst.Attribute, local: frozenset[str]) -> Iterator[Effect]:
    method, owner = func.attr.value, dotted(func.value)
    root = (owner or "").split(".")[0]
    if method in _TAKERS and root not in local:
        yield Effect(f"takes something out of {owner or 'an object'}", _state(func.value))
    elif method in _SETTERS and root not in local and (root in ("self", "cls") or root.isupper()):
        yield Effect(f"changes {owner}", _state(func.value))
    elif _ACTORS.match(method) and root not in local:
        yield Effect(f"calls {owner + '.' if owner else ''}{method}")


def _of_store(
    target: cst.CSTNode, local: frozenset[str], outer: frozenset[str], constructs: bool
) -> Iterator[Effect]:
    if isinstance(target, cst.Name):
        if outer and target.value not in local and target.value in outer:
            yield from _shared_store(target.value, outer)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _of_store(element.value, local, outer, constructs)
    elif isinstance(target, (cst.Attribute, cst.Subscript)):
        holder: cst.BaseExpression = target
        while isinstance(holder, (cst.Attribute, cst.Subscript)):
            holder = holder.value
        root = holder.value if isinstance(holder, cst.Name) else ""
        if root in local or (constructs and root in ("self", "cls")):
            return
        if root in ("self", "cls"):
            yield Effect(f"changes {_written(target)}", _state(target))
        elif root not in outer:
            yield Effect(f"changes {root or 'an object'}", root)


def _shared_store(name: str, outer: frozenset[str]) -> Iterator[Effect]:
    yield Effect(f"changes {name}", name)


def _written(target: cst.BaseExpression) -> str:
    while isinstance(target, cst.Subscript):
        target = target.value
    return dotted(target) or "an object"


def _state(node: cst.BaseExpression) -> str:
    """The attribute or variable that holds what is changed."""
    while isinstance(node, cst.Subscript):
        node = node.value
    while isinstance(node, cst.Attribute) and dotted(node.value) not in ("self", "cls", None):
        node = node.value
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _declared(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.Global, cst.Nonlocal)):
        for item in node.names:
            yield item.name.value


def _targets(node: cst.Assign | cst.AnnAssign | cst.AugAssign) -> list[cst.BaseExpression]:
    return [each.target for each in node.targets] if isinstance(node, cst.Assign) else [node.target]


def _is_fresh(call: cst.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0].value, cst.GeneratorExp)


def _is_log_line(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.Call) and is_log_call(node.value)
