"""What code does beside computing its value: the reasons why it cannot be taken out unseen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import libcst as cst

from aurora_migrate.changes.surgery.purity import Purity, is_log_call
from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.changes.surgery.uses import uses_of
from aurora_migrate.flow.trees import children, everything_in, walk

_WORDS = {
    "print": "prints",
    "pprint": "prints",
    "time.sleep": "sleeps",
    "asyncio.sleep": "sleeps",
    "open": "opens a file",
    "input": "asks the user",
    "setattr": "sets an attribute",
    "delattr": "deletes an attribute",
}
_TAKERS = frozenset("pop popitem popleft clear remove discard".split())
_SETTERS = frozenset("append extend update add insert setdefault sort reverse appendleft".split())
_ACTORS = re.compile(
    r"(write\w*|flush|save\w*|send\w*|post|put|patch|publish|emit|commit|execute\w*|increment|incr\w*|decr\w*|"
    r"inc|dec|acquire|wait\w*|sleep|throttle\w*|record\w*|audit\w*|track\w*|notify\w*|observe|labels|dump|print\w*|"
    r"register\w*|push|lpush|rpush|store|touch|unlink|mkdir|run|call|check_call|Popen|system|exit)\Z"
)
"""Methods of unknown objects whose names say that they act."""


_REMOTE = re.compile(
    r"(requests|httpx|aiohttp|urllib3|urllib\.request|subprocess|shutil|os)\."
    r"(get|post|put|patch|delete|head|request|urlopen|run|call|check_\w+|Popen|system|remove|rename|rm\w+|copy\w*|move)\Z"
)
_DEFINING = frozenset({cst.FunctionDef, cst.ClassDef})
_CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__"})


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing done `by` a function, in words that follow "also"; harmless once nobody reads `state`."""

    does: str
    state: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Frame:
    """The variables of a function: its own, those that it is given, and those that it shares."""

    local: frozenset[str] = frozenset()
    params: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    constructs: bool = False
    strict: bool = False
    """Whether a call of which nothing is known counts as an effect."""


@dataclass(frozen=True, slots=True)
class _Made:
    """The functions and classes in a module, those inside others too, and the variables that are lambdas."""

    definitions: tuple[cst.FunctionDef | cst.ClassDef, ...]
    lambdas: Mapping[str, cst.Lambda]


@lru_cache(maxsize=1024)
def _made_in(tree: cst.Module) -> _Made:
    definitions: list[cst.FunctionDef | cst.ClassDef] = []
    lambdas: dict[str, cst.Lambda] = {}
    for node in everything_in(tree):
        kind = type(node)
        if kind is cst.Assign and isinstance(node, cst.Assign) and isinstance(node.value, cst.Lambda):
            lambdas.update(dict.fromkeys(uses_of(node).stores, node.value))
        elif kind in _DEFINING and isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            definitions.append(node)
    return _Made(tuple(definitions), lambdas)


class Effects:
    """What removed code did, over the trees as they were."""

    def __init__(self, trees: Mapping[Path, cst.Module]) -> None:
        self._trees = trees
        self._purity = Purity(trees)
        self._named: dict[str, list[tuple[Path, cst.FunctionDef | cst.ClassDef]]] = {}
        self._lambdas: dict[tuple[Path, str], cst.Lambda] = {}
        self._known: dict[int, list[Effect]] = {}
        for path, tree in trees.items():
            made = _made_in(tree)
            self._lambdas.update({(path, name): function for name, function in made.lambdas.items()})
            for node in made.definitions:
                self._named.setdefault(node.name.value, []).append((path, node))

    def of_operand(self, node: cst.CSTNode, path: Path, strict: bool) -> Iterator[Effect]:
        """Effects of evaluating what is taken out; if `strict`, calls of unknown functions count."""
        return self._of_expression(node, path, _Frame(strict=strict))

    def of_definition(self, node: cst.FunctionDef | cst.ClassDef, path: Path) -> list[Effect]:
        """Effects of calling a function or making an object; changes of its arguments are none."""
        if id(node) not in self._known:
            self._known[id(node)] = []
            if isinstance(node, cst.FunctionDef):
                self._known[id(node)] = list(self._of_function(node, path))
            else:
                made = [each for each in node.body.body if isinstance(each, cst.FunctionDef)]
                built = [each for each in made if each.name.value in _CONSTRUCTORS]
                self._known[id(node)] = [found for each in built for found in self.of_definition(each, path)]
        return self._known[id(node)]

    def _of_function(self, node: cst.FunctionDef, path: Path) -> Iterator[Effect]:
        params = frozenset(each.name.value for each in walk(node.params) if isinstance(each, cst.Param))
        uses = uses_of(node)
        local = frozenset(uses.stores) - params - uses.shared
        constructs = node.name.value in _CONSTRUCTORS
        frame = _Frame(local, params, frozenset(uses.shared), constructs)
        for statement in node.body.body:
            for effect in self._of_statement(statement, path, frame):
                yield replace(effect, by=effect.by or node.name.value)

    def _of_statement(self, statement: cst.CSTNode, path: Path, frame: _Frame) -> Iterator[Effect]:
        stack = [statement]
        while stack:
            node = stack.pop()
            if isinstance(node, (cst.Raise, cst.Assert)) or _is_log_line(node):
                continue
            if isinstance(node, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
                for target in _targets(node):
                    yield from _of_store(target, frame)
                if node.value is not None:
                    yield from self._of_expression(node.value, path, frame)
            elif isinstance(node, cst.Del):
                yield from _of_store(node.target, frame)
            elif isinstance(node, cst.If) and dotted(node.test) == "False":
                stack.extend([node.orelse] if node.orelse is not None else [])
            elif isinstance(node, cst.BaseExpression):
                yield from self._of_expression(node, path, frame)
            else:
                stack.extend(children(node))

    def _of_expression(self, node: cst.CSTNode, path: Path, frame: _Frame) -> Iterator[Effect]:
        stack = [node]
        while stack:
            current = stack.pop()
            if isinstance(current, cst.NamedExpr) and isinstance(current.target, cst.Name):
                if current.target.value not in frame.local:
                    yield Effect(f"sets {current.target.value}", current.target.value)
            elif isinstance(current, cst.Call):
                yield from self._of_call(current, path, frame)
            elif isinstance(current, cst.Await) and not isinstance(current.expression, cst.Call):
                yield Effect("waits for something")
            if isinstance(current, cst.Attribute):
                stack.append(current.value)
            else:
                stack.extend(children(current))

    # -- calls

    def _of_call(self, call: cst.Call, path: Path, frame: _Frame) -> Iterator[Effect]:
        if is_log_call(call) or self._purity.harmless_callee(call, path):
            return
        name = dotted(call.func) or ""
        resolved = self._purity.resolved(name, path)
        own = self._definitions(call, path)
        word = _WORDS.get(resolved)
        if own:
            for where, node in own:
                yield from self.of_definition(node, where)
        elif (function := self._lambdas.get((path, name))) is not None:
            if id(function) not in self._known:
                self._known[id(function)] = []
                self._known[id(function)] = list(self._of_expression(function.body, path, _Frame()))
            yield from self._known[id(function)]
        elif resolved == "next":
            first = call.args[0].value if call.args else None
            if not isinstance(first, (cst.GeneratorExp, cst.Call)):
                yield Effect("takes the next item of an iterator", _state(first) if first is not None else "")
        elif word is not None:
            yield Effect(word)
        elif _REMOTE.match(resolved):
            yield Effect(f"calls {resolved}")
        elif isinstance(call.func, cst.Attribute) and (found := list(_of_method(call.func, frame))):
            yield from found
        elif frame.strict and isinstance(call.func, cst.Name):
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


def _of_method(func: cst.Attribute, frame: _Frame) -> Iterator[Effect]:
    method, owner = func.attr.value, dotted(func.value)
    root = (owner or "").split(".")[0]
    if root in frame.local:
        return
    if method in _TAKERS:
        # Whoever passed the object in sees it, too.
        own = _state(func.value) if root in ("self", "cls") else ""
        yield Effect(f"takes something out of {owner or 'an object'}", own)
    elif method in _SETTERS and owner is not None and root not in frame.params - {"self", "cls"}:
        if not (frame.constructs and root == "self"):
            yield Effect(f"changes {owner}", _state(func.value))
    elif _ACTORS.match(method):
        yield Effect(f"calls {owner + '.' if owner else ''}{method}")


def _of_store(target: cst.CSTNode, frame: _Frame) -> Iterator[Effect]:
    if isinstance(target, cst.Name):
        if target.value in frame.shared:
            yield Effect(f"changes {target.value}", target.value)
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _of_store(element.value, frame)
    elif isinstance(target, (cst.Attribute, cst.Subscript)):
        holder: cst.BaseExpression = target
        while isinstance(holder, (cst.Attribute, cst.Subscript)):
            holder = holder.value
        root = holder.value if isinstance(holder, cst.Name) else ""
        own = root in ("self", "cls")
        if root in frame.local or (own and frame.constructs) or (root in frame.params and not own):
            return
        yield Effect(f"changes {_written(target)}", _state(target))


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


def _targets(node: cst.Assign | cst.AnnAssign | cst.AugAssign) -> list[cst.BaseExpression]:
    return [each.target for each in node.targets] if isinstance(node, cst.Assign) else [node.target]


def _is_log_line(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.Call) and is_log_call(node.value)
