"""Clients that come from where nobody sees: `api.get_user(1)`, `api` being what a framework gives.

Where no path through the program tells what such an object is, one class of the project has the method and
the names fit, the call is tried on an object of that class once everything else is done. What is found by it
is only likely, ever: it is reported, never rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects
from aurora_migrate.flow.alternatives import choose
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import (
    FOREIGN,
    Choice,
    ClassValue,
    External,
    Function,
    Instance,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.arguments import Args
    from aurora_migrate.flow.interpreter import Interpreter

_PRODUCT = "aurora"
_GENERIC = frozenset(f"api {_PRODUCT} backend client conn connection gateway remote sdk service".split())
"""Words that say no more of an object than that it speaks to a service."""
_GETTING = frozenset("build create current get instance make my new our self the with".split())
"""Words around a name that say nothing of what it names."""


MAX_ABOVE = 6
"""How far below what binds it a class may be named."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What an object is taken for, by its name at a call."""

    module: Module
    node: cst.Call
    holder: str
    kind: ClassValue


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A call of a method of which nothing is known, and the functions that were tried when it was met."""

    module: Module
    node: cst.Call
    hint: str
    """The name under which its object was met last."""
    roots: set[int]
    is_foreign: bool
    """Whether a library that is not known here has made the object: its name has to say more."""


def note(run: Interpreter, callee: Value, node: cst.Call | None, scope: Scope) -> None:
    """Note whether it is seen what a method's call calls, outside of tests."""
    if node is None or run.test or isinstance(callee, Choice) or not isinstance(node.func, cst.Attribute):
        return
    if type(callee) is not Unknown and not isinstance(callee, External):
        run.resolved.add(id(node))
    elif run.stack and id(node) not in run.resolved:
        known = run.unresolved.get(id(node))
        if known is None:
            known = run.unresolved[id(node)] = _unresolved(callee, node, scope)
        known.roots.update((id(run.stack[0].node), id(run.stack[-1].node)))


def _unresolved(callee: Unknown | External, node: cst.Call, scope: Scope) -> Unresolved:
    if isinstance(callee, External):
        return Unresolved(scope.module, node, "".join(callee.name.split(".")[-2:-1]), set(), True)
    return Unresolved(scope.module, node, "".join(callee.hints[-2:-1]), set(), FOREIGN in callee.roots)


def pin(run: Interpreter) -> set[int]:
    """Settle what unresolved calls are taken for; the functions (by node) that have to be tried again."""
    owners = _owners(run)
    roots: set[int] = set()
    for number, call in run.unresolved.items():
        if number in run.resolved or is_test_module(call.module):
            continue
        guess = _guessed(run, call, owners)
        if guess is not None and run.instances.get(id(guess.kind.node)):
            run.guesses[number] = guess
            roots |= call.roots
    return roots


def _owners(run: Interpreter) -> dict[str, list[ClassValue]]:
    """The classes of the program, not of its tests, by the methods that they define."""
    found: dict[str, list[ClassValue]] = {}
    for kind in {id(kind.node): kind for kind in run.classes}.values():
        if is_test_module(kind.scope.module):
            continue
        for name, value in kind.cells.items():
            if isinstance(name, str) and isinstance(value, Function) and not name.startswith("_"):
                found.setdefault(name, []).append(kind)
    return found


def _guessed(run: Interpreter, call: Unresolved, owners: dict[str, list[ClassValue]]) -> Guess | None:
    assert isinstance(call.node.func, cst.Attribute)
    known = owners.get(call.node.func.attr.value, [])
    holder = call.node.func.value
    said = _last_words(holder) - _GETTING or set(_words([call.hint])) - _GETTING
    if not said or (call.is_foreign and said <= _GENERIC - {_PRODUCT}):
        return None
    words = {id(kind): _words_of(run, kind) for kind in known}
    shared = {id(kind): len(said & words[id(kind)]) for kind in known if said - _GENERIC <= words[id(kind)]}
    most = max(shared.values(), default=0)
    telling = [kind for kind in known if shared.get(id(kind)) == most]
    tops = [kind for kind in telling if not any(_is_heir(kind, each) for each in telling if each is not kind)]
    if len(tops) != 1:
        return None
    source = call.module.tree.code_for_node(holder).strip()
    return Guess(call.module, call.node, source, tops[0])


def _is_heir(kind: ClassValue, other: ClassValue) -> bool:
    return other in objects.resolution_order(kind)


def _words_of(run: Interpreter, kind: ClassValue) -> set[str]:
    """The words of a class's name, of its module's, and of the names that its objects get."""
    found = set(_words([kind.name, kind.scope.module.name.rpartition(".")[2]]))
    for module in run.modules.loaded():
        for node in module.identifiers.get(kind.name, ()):
            found |= _named_after(module, node)
    return found


def _named_after(module: Module, node: cst.CSTNode) -> set[str]:
    """The words of what holds or gives an object: `app.solar = Client(...)`, `def solar(): return ...`."""
    for _ in range(MAX_ABOVE):
        above = module.parents.get(id(node))
        if isinstance(above, cst.Assign):
            return {word for target in above.targets for word in _last_words(target.target)}
        if isinstance(above, cst.AnnAssign):
            return _last_words(above.target)
        if isinstance(above, cst.Arg) and above.keyword is not None:
            return set(_words([above.keyword.value]))
        if isinstance(above, cst.Return):
            around = function_of(module, above)
            named = [around.name.value] if isinstance(around, cst.FunctionDef) else []
            return set(_words(named)) - _GETTING
        if above is None or isinstance(above, (cst.BaseStatement, cst.Param)):
            return set()
        node = above
    return set()


def _last_words(node: cst.BaseExpression) -> set[str]:
    """The words of the name that an expression ends in: `aurora_api` in `ctx.obj["aurora_api"]`."""
    if isinstance(node, (cst.Name, cst.Attribute)):
        return set(_words([dotted_name(node).rpartition(".")[2]]))
    if isinstance(node, cst.Await):
        return _last_words(node.expression)
    if isinstance(node, cst.Call):
        given = [arg.value for arg in node.args]
        return set(_words(_texts(given))) or _last_words(node.func)
    if isinstance(node, cst.Subscript):
        keys = [each for part in node.slice for each in walk(part)]
        return set(_words(_texts(keys))) or _last_words(node.value)
    return set()


def _texts(nodes: Iterable[cst.CSTNode]) -> list[str]:
    return [str(node.evaluated_value) for node in nodes if isinstance(node, cst.SimpleString)]


def _words(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name):
            yield word.lower()


def called(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value | None:
    """What a call gives whose object is taken for one of the project's; None when it is not."""
    guess = run.guesses.get(id(node))
    if guess is None or node is None or not isinstance(node.func, cst.Attribute) or run.guess is not None:
        return None
    run.guess = guess
    try:
        made: list[Instance] = run.instances[id(guess.kind.node)][:1]
        methods = [run.attribute(instance, node.func.attr.value, scope) for instance in made]
        return choose([run.call(method, args, node, scope) for method in methods])
    finally:
        run.guess = None
