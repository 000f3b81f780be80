"""Kind list-order: code that relies on the order of a list which Aurora returned."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice import surroundings
from aurora_migrate.changes.advice.answers import Answers, Place, trace_to
from aurora_migrate.changes.context import Context, advised, source_of
from aurora_migrate.findings import Finding
from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part

_ONE = ("0", "-1")


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every place that takes elements of such a list by their position."""
    answers = Answers(context, rule)
    lists = {
        part.key: (part, list(answers.nodes(part, copies=True)))
        for part in answers.parts()
        if part.path in _paths(context, rule, part)
    }
    owners = {id(node): key for key, (_, nodes) in lists.items() for _, node in nodes}
    seen: set[int] = set()
    for part, nodes in lists.values():
        finder = _Finder(nodes, owners)
        for module, node in nodes:
            found = finder.relies(module, node) if not is_test_module(module) else None
            if found is not None and id(found) not in seen:
                seen.add(id(found))
                code = source_of(module, found)
                yield advised(rule, module.location(found), trace_to(part), code, f"`{code}`")


def _paths(context: Context, rule: Rule, part: Part) -> set[tuple[str]]:
    """Where the answer's list is, by what it can be an answer of."""
    wrappers = {endpoint.response_wrapper for endpoint in context.catalogue.endpoints_of(rule)}
    return {(name,) for name in context.ties.wrappers(part.origin) & wrappers if name}


class _Finder:
    """What is done with one list."""

    def __init__(self, nodes: list[Place], owners: dict[int, object]) -> None:
        self.owners = owners
        self.sorted = any(_is_sorted_in_place(module, node) for module, node in nodes)
        self.counted = {
            id(surroundings.function_of(module, node)) for module, node in nodes if _is_counted(module, node)
        }

    def relies(self, module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
        """The expression or statement around a node that relies on the list's order."""
        if self.sorted:
            return None
        single = id(surroundings.function_of(module, node)) in self.counted
        taken = self._by_index(module, node, single) or _taken_first(module, node, single)
        return taken or _reversed(module, node) or self._zipped(module, node) or _unpacked(module, node)

    def _by_index(self, module: Module, node: cst.CSTNode, single: bool) -> cst.CSTNode | None:
        subscript = surroundings.subscript_of(module, node)
        if subscript is None or surroundings.is_stored_to(module, subscript):
            return None
        inner = subscript.slice[0].slice
        if isinstance(inner, cst.Slice):
            bounds = [bound for bound in (inner.lower, inner.upper) if bound is not None]
            return subscript if bounds and all(_number(bound) is not None for bound in bounds) else None
        if not isinstance(inner, cst.Index):
            return None
        number = _number(inner.value)
        if number is not None:
            return None if single and number in _ONE else subscript
        return subscript if self._counts_elsewhere(module, subscript, inner.value, node) else None

    def _counts_elsewhere(
        self, module: Module, place: cst.CSTNode, index: cst.BaseExpression, list_: cst.CSTNode
    ) -> bool:
        """Whether an index counts the elements of something else than this list."""
        if not isinstance(index, cst.Name):
            return False
        for loop in ancestors(module, place):
            clauses = [loop] if isinstance(loop, cst.For) else _clauses(loop)
            for clause in clauses:
                counted = _counted_by(clause, index.value)
                if counted is not None:
                    return not counted.deep_equals(list_) and not self._is_same(counted, list_)
        return False

    def _is_same(self, one: cst.CSTNode, other: cst.CSTNode) -> bool:
        return id(one) in self.owners and self.owners[id(one)] == self.owners.get(id(other))

    def _zipped(self, module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
        """`zip` with another list whose order has nothing to do with this one's."""
        call = surroundings.call_of(module, node)
        if call is None or dotted_name(call.func) != "zip":
            return None
        for arg in call.args:
            other = arg.value
            if other is node:
                continue
            if isinstance(other, (cst.List, cst.Tuple)):
                return call
            if id(other) in self.owners and not self._is_same(other, node):
                return call
        return None


def _number(node: cst.CSTNode) -> str | None:
    if isinstance(node, cst.Integer):
        return node.value
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        return f"-{node.expression.value}" if isinstance(node.expression, cst.Integer) else None
    return None


def _clauses(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The `for` clauses of a comprehension."""
    clause: cst.CSTNode | None = node.for_in if isinstance(node, (cst.BaseSimpleComp, cst.DictComp)) else None
    found: list[cst.CSTNode] = []
    while isinstance(clause, cst.CompFor):
        found.append(clause)
        clause = clause.inner_for_in
    return found


def _counted_by(clause: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """The list whose positions a loop's variable counts: `range(len(x))`, `enumerate(x)`."""
    if not isinstance(clause, (cst.For, cst.CompFor)) or not isinstance(clause.iter, cst.Call):
        return None
    call = clause.iter
    function = dotted_name(call.func)
    target: cst.BaseExpression = clause.target
    if function == "enumerate" and isinstance(target, cst.Tuple) and target.elements:
        target = target.elements[0].value
    if not call.args or dotted_name(target) != name:
        return None
    if function == "enumerate":
        return call.args[0].value
    if function == "range":
        size = call.args[-1].value if len(call.args) < 3 else None
        if isinstance(size, cst.Call) and dotted_name(size.func) == "len" and size.args:
            return size.args[0].value
    return None


def _taken_first(module: Module, node: cst.CSTNode, single: bool) -> cst.CSTNode | None:
    """`next(iter(x))`, and `x.pop()` outside a loop that empties the list."""
    call = surroundings.call_of(module, node)
    empties = any(isinstance(around, (cst.While, cst.For)) for around in ancestors(module, node))
    if call is not None and dotted_name(call.func) == "next":
        return None if single or (empties and not isinstance(node, cst.Call)) else call
    method = surroundings.method_on(module, node)
    if method is None or method[0] not in ("pop", "popleft") or single:
        return None
    plain = all(_number(arg.value) is not None for arg in method[1].args)
    return method[1] if plain and not empties else None


def _reversed(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    call = surroundings.call_of(module, node)
    if call is not None and dotted_name(call.func) == "reversed":
        return call
    method = surroundings.method_on(module, node)
    return method[1] if method is not None and method[0] == "reverse" else None


def _unpacked(module: Module, node: cst.CSTNode) -> cst.CSTNode | None:
    """`first, *rest = x`; one name alone says that there is one element."""
    assign = module.parents.get(id(node))
    if not isinstance(assign, cst.Assign) or assign.value is not node:
        return None
    for target in assign.targets:
        if isinstance(target.target, (cst.Tuple, cst.List)) and len(target.target.elements) > 1:
            return assign
    return None


def _is_sorted_in_place(module: Module, node: cst.CSTNode) -> bool:
    method = surroundings.method_on(module, node)
    return method is not None and method[0] == "sort"


def _is_counted(module: Module, node: cst.CSTNode) -> bool:
    """`len(x) == 1` and its kin: the program makes sure that there is one element."""
    call = surroundings.call_of(module, node)
    if call is None or dotted_name(call.func) != "len":
        return False
    comparison = module.parents.get(id(call))
    if isinstance(comparison, cst.ComparisonTarget):
        comparison = module.parents.get(id(comparison))
    if not isinstance(comparison, cst.Comparison):
        return False
    return any(isinstance(each, cst.Integer) and each.value in ("1", "2") for each in walk(comparison))
