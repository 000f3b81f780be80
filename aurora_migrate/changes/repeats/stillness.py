"""Whether code can run a second time: what it looks at is as it was, and it changes nothing but its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from aurora_migrate.changes.repeats.changed import (
    Change,
    Path,
    bound_in,
    changes_in,
    changes_of,
    looks_in,
    on_parameters,
    outward,
    path_of,
)
from aurora_migrate.changes.repeats.copies import Splice, span
from aurora_migrate.changes.repeats.own_names import FunctionNode, argument_for, called, own
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

Functions = Mapping[str, "tuple[Module, cst.FunctionDef] | None"]
"""Functions of the project by name; None where several have it."""


def refuse_changed(
    module: Module,
    function: FunctionNode,
    nodes: Sequence[cst.CSTNode],
    end: cst.CSTNode,
    known: Functions,
    splices: Collection[Splice] = (),
) -> None:
    """Refuse nodes that would see something else at the end than where they stand."""
    inside = {id(each) for node in nodes for each in walk(node)}
    changes = [each for each in changes_of(function) if id(each.node) not in inside]
    changes += [each for each in _called(module, function, known) if id(each.node) not in inside]
    changes = _with_aliases(function, changes)
    own_names = bound_in(nodes)
    for node in nodes:
        looks = [
            look
            for look in _looks(node, known)
            if look.path[0] not in own_names and not _is_replaced(module, look.node, splices)
        ]
        for change in changes:
            met = next((look for look in looks if look.is_met_by(change)), None)
            if met is not None and (change.inner or _is_between(module, change.node, node, end)):
                raise Refused(f"`{'.'.join(met.path)}` is another one by then")


@dataclass(frozen=True, slots=True)
class _Look:
    """One thing that code looks at; of an object with methods of the project's, what these look at."""

    path: Path
    node: cst.CSTNode
    inside: frozenset[Path] | None = None

    def is_met_by(self, change: Change) -> bool:
        """Whether the look would give something else after a change."""
        if self.inside is None or change.path == self.path or change.rebinds:
            return _meet(self.path, change.path)
        # A method may count its calls or keep a token fresh: that is meant to happen between requests.
        plain = not isinstance(change.node, cst.AugAssign) and not change.called
        return plain and any(_meet(path, change.path) for path in self.inside)


def _looks(node: cst.CSTNode, known: Functions) -> Iterator[_Look]:
    methods: dict[int, tuple[Path, str]] = {}
    for each in walk(node):
        if isinstance(each, cst.Call) and isinstance(each.func, cst.Attribute):
            methods[id(each.func.value)] = (path_of(each.func.value), each.func.attr.value)
    for path, look in looks_in(node):
        holder, name = methods.get(id(look), ((), ""))
        found = known.get(name)
        is_method = holder == path and found is not None
        yield _Look(path, look, _inside(path, found[1], known) if is_method and found is not None else None)


def _inside(path: Path, method: cst.FunctionDef, known: Functions, depth: int = 0) -> frozenset[Path]:
    """What a method, with those that it calls on its own object, looks at there."""
    params = [*method.params.posonly_params, *method.params.params]
    if not params or depth > 4:
        return frozenset()
    own_name, found = params[0].name.value, set()
    for look in _plain_looks(method):
        if look[0] == own_name:
            found.add((*path, *look[1:]))
    for each in walk(method.body):
        inner = known.get(called(each)) if isinstance(each, cst.Call) else None
        func = each.func if isinstance(each, cst.Call) else None
        if inner is not None and isinstance(func, cst.Attribute) and path_of(func.value) == (own_name,):
            found |= _inside(path, inner[1], known, depth + 1)
    return frozenset(found)


def _plain_looks(method: cst.FunctionDef) -> Iterator[Path]:
    return (path for path, _ in looks_in(method.body) if len(path) > 1)


def refuse_outward(nodes: Sequence[cst.CSTNode]) -> None:
    """Refuse nodes that change objects or names which were there before them."""
    changes = list(changes_in(nodes))
    grown = {id(each.node) for each in changes if isinstance(each.node, cst.AugAssign)}
    made = {each.path[0] for each in changes if each.rebinds and id(each.node) not in grown}
    for change in changes:
        if change.path[0] not in made and (not change.rebinds or id(change.node) in grown):
            raise Refused(f"the code also changes `{'.'.join(change.path)}`")


def refuse_gathered(module: Module, call: cst.Call, path: cst.Arg, end: cst.CSTNode) -> None:
    """Refuse an answer that is kept beside others, whose requests would all be sent again."""
    current: cst.CSTNode = call
    while True:
        parent = module.parents.get(id(current))
        if parent is None or isinstance(parent, (cst.FunctionDef, cst.Lambda)):
            return
        if not any(each is end for each in walk(parent)):
            _refuse_around(parent, current, path)
        current = parent


def _refuse_around(parent: cst.CSTNode, node: cst.CSTNode, path: cst.Arg) -> None:
    if isinstance(parent, cst.BaseComp) and node is not parent.for_in:
        raise Refused("the answers are gathered and read later")
    if isinstance(parent, (cst.CompFor, cst.CompIf)) and not (
        isinstance(parent, cst.CompFor) and parent.iter is node
    ):
        raise Refused("the answers are gathered and read later")
    if isinstance(parent, (cst.List, cst.Tuple, cst.Set, cst.Dict)):
        raise Refused("the answer is gathered with others and read later")
    if isinstance(parent, cst.For) and parent.body is node:
        looped = _derived(parent)
        if any(look[0] in looped for look, _ in looks_in(path)):
            raise Refused("a loop asks for several answers, and they are read later")


def _derived(loop: cst.For) -> frozenset[str]:
    """The names that are others in each round of a loop."""
    found = set(bound_in([loop.target])) | {path[0] for path, _ in looks_in(loop.target)}
    before = -1
    while len(found) != before:
        before = len(found)
        for change in changes_in([loop.body]):
            value = getattr(change.node, "value", None)
            if isinstance(value, cst.CSTNode) and any(path[0] in found for path, _ in looks_in(value)):
                found.add(change.path[0])
    return frozenset(found)


def _meet(first: Path, second: Path) -> bool:
    """Whether one is a part of the other, or the same."""
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def _is_replaced(module: Module, look: cst.CSTNode, splices: Collection[Splice]) -> bool:
    start, end = span(module, look)
    return any(each.start <= start and end <= each.end for each in splices)


def _is_between(module: Module, node: cst.CSTNode, start: cst.CSTNode, end: cst.CSTNode) -> bool:
    """Whether a node can run after one place and before another, in its text or in a further round."""
    at = span(module, node)[0]
    gives = isinstance(node, (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.NamedExpr))
    is_around = gives and any(each is end for each in walk(node))
    if span(module, start)[1] <= at < span(module, end)[0] and not is_around:
        return True
    current: cst.CSTNode | None = end
    while current is not None:
        current = module.parents.get(id(current))
        if isinstance(current, (cst.For, cst.While, cst.BaseComp)):
            around = {id(each) for each in walk(current)}
            if id(node) in around and id(start) not in around:
                return True
    return False


def _called(module: Module, function: FunctionNode, known: Functions) -> Iterator[Change]:
    """What the functions of the project change that a function calls: their arguments and globals."""
    for node in own(function):
        found = known.get(called(node)) if isinstance(node, cst.Call) else None
        if not isinstance(node, cst.Call) or found is None:
            continue
        for change in on_parameters(found[1]):
            path = _given(found[0], found[1], node, change.path[0])
            if path:
                yield Change((*path, *change.path[1:]), node, False, called=True)
        if found[0] is module and found[1] is not function:
            yield from (Change(each.path, node, each.rebinds, called=True) for each in outward(found[1]))


def _given(module: Module, function: cst.FunctionDef, call: cst.Call, param: str) -> Path:
    """What a call gives to a parameter, the object of a method included."""
    params = function.params.params
    arg = argument_for(module, function, call, param)
    if arg is not None:
        return path_of(arg.value)
    is_first = bool(params) and params[0].name.value == param
    return path_of(call.func.value) if is_first and isinstance(call.func, cst.Attribute) else ()


def _with_aliases(function: FunctionNode, changes: list[Change]) -> list[Change]:
    """The changes, those of an object under each of the names that it has."""
    pairs: list[tuple[Path, Path]] = []
    for node in own(function):
        if isinstance(node, cst.Assign) and isinstance(node.value, (cst.Name, cst.Attribute)):
            targets = [
                each.target for each in node.targets if isinstance(each.target, (cst.Name, cst.Attribute))
            ]
            pairs += [(path_of(each), path_of(node.value)) for each in targets]
    found = list(changes)
    for change in changes:
        for first, second in (*pairs, *((b, a) for a, b in pairs)):
            is_object = not change.rebinds and not _gives_attribute(change, first)
            if is_object and first and second and change.path[: len(first)] == first:
                found.append(replace(change, path=(*second, *change.path[len(first) :])))
    return found


def _gives_attribute(change: Change, path: Path) -> bool:
    """Whether a change gives an attribute another object, and leaves the old one as it is."""
    targets = [each.target for each in change.node.targets] if isinstance(change.node, cst.Assign) else []
    return any(isinstance(each, cst.Attribute) and path_of(each) == path for each in targets)
