"""Following a part of a response from the place that reads it to the places that use it up."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from aurora_migrate.changes.fates import calls
from aurora_migrate.changes.fates.links import container, note_alone, returned, shortened, stored
from aurora_migrate.changes.fates.sinks import SAME_TEXT, TEXT_TESTS
from aurora_migrate.changes.fates.trail import End, Trail
from aurora_migrate.changes.fates.types import captured, is_type_pattern
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


def follow(trail: Trail, module: Module, node: cst.CSTNode, inside: bool = False) -> None:
    """Follow an expression that is the value, or (`inside`) something that holds it, to all its ends."""
    trail.ahead(module, node, inside)
    while trail.to_do:
        _step(trail, *trail.to_do.pop())


def _step(trail: Trail, module: Module, node: cst.CSTNode, inside: bool) -> None:
    parent = module.parents.get(id(node))
    handler = _HANDLERS.get(type(parent)) if parent is not None else None
    if handler is not None:
        handler(trail, module, node, parent, inside)
    elif not isinstance(parent, (cst.Expr, cst.Del)):
        trail.end(End.LOST, module, node, "goes where it cannot be followed")


def _shown(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    trail.end(End.SHOWN, module, node)


def _operation(
    trail: Trail, module: Module, node: cst.CSTNode, parent: cst.BinaryOperation, inside: bool
) -> None:
    if isinstance(parent.operator, (cst.Add, cst.Modulo)) and not (inside and parent.left is node):
        trail.end(End.SHOWN, module, node)
    elif isinstance(parent.operator, cst.Add):
        trail.ahead(module, parent, inside)
    else:
        trail.end(End.APART, module, parent, "is merged with something else")


def _boolean(
    trail: Trail, module: Module, node: cst.CSTNode, parent: cst.BooleanOperation, inside: bool
) -> None:
    if parent.left is node:
        trail.end(End.TRUTH, module, node)
    if parent.right is node or isinstance(parent.operator, cst.Or):
        trail.ahead(module, parent, inside)


def _unary(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    trail.end(End.TRUTH, module, node)


def _conditional(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.IfExp, inside: bool) -> None:
    if parent.test is node:
        trail.end(End.TRUTH, module, node)
    else:
        trail.ahead(module, parent, inside)


def _compared(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Comparison, inside: bool) -> None:
    other = parent.comparisons[0]
    _held_against(trail, module, parent, other.operator, other.comparator)


def _comparator(
    trail: Trail, module: Module, node: cst.CSTNode, parent: cst.ComparisonTarget, inside: bool
) -> None:
    comparison = module.parents[id(parent)]
    assert isinstance(comparison, cst.Comparison)
    if inside and id(comparison) in trail.program.asked:
        return
    _held_against(trail, module, comparison, parent.operator, comparison.left)


def _held_against(
    trail: Trail,
    module: Module,
    comparison: cst.Comparison,
    operator: cst.BaseCompOp,
    other: cst.BaseExpression,
) -> None:
    nothing = isinstance(other, cst.Name) and other.value == "None"
    plain = isinstance(operator, (cst.Is, cst.IsNot, cst.Equal, cst.NotEqual))
    if plain and nothing and len(comparison.comparisons) == 1:
        trail.end(End.NONE, module, comparison)
    else:
        asked = isinstance(operator, (cst.In, cst.NotIn)) and other is comparison.left
        trail.end(End.TESTED, module, comparison, "is searched" if asked else "is held against a text")


def _passed_on(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    trail.ahead(module, parent, inside)


def _displayed(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    """An element of a tuple, list, set or dict that is written out."""
    if isinstance(parent, cst.DictElement) and parent.key is node:
        trail.end(End.TESTED, module, parent, "is a key of a dict")
        return
    display = module.parents[id(parent)]
    note_alone(trail, module, display)
    trail.ahead(module, display, True)


def _collected(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    trail.ahead(module, parent, True)


def _taken_apart(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    if inside and trail.nodes is None:
        if isinstance(parent, (cst.For, cst.CompFor)):
            stored(trail, module, parent.target, False)
        else:
            trail.ahead(module, module.parents[id(parent)], True)
    elif inside:
        trail.keep(module, node, "is gone through with others")
    else:
        trail.end(End.APART, module, parent, "is taken apart")


def _subscript(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Subscript, inside: bool) -> None:
    sliced = len(parent.slice) == 1 and isinstance(parent.slice[0].slice, cst.Slice)
    if inside and trail.nodes is None:
        trail.ahead(module, parent, sliced)
    elif inside:
        trail.keep(module, node, "is put among others")
    elif sliced:
        trail.ahead(module, parent)
    else:
        trail.end(End.APART, module, parent, "is taken apart")


def _index(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Index, inside: bool) -> None:
    place = enclosing(module, parent, cst.Subscript) or parent
    trail.end(End.TESTED, module, place, "is looked up in a table")


def _attribute(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Attribute, inside: bool) -> None:
    call = module.parents.get(id(parent))
    method = parent.attr.value
    called = isinstance(call, cst.Call) and call.func is parent
    if inside and trail.nodes is None and called and call is not None:
        _method_of_texts(trail, module, method, call)
    elif inside:
        trail.keep(module, node, "is put among others")
    elif called and method in SAME_TEXT:
        assert call is not None
        trail.ahead(module, call)
    elif called and method in TEXT_TESTS:
        assert call is not None
        trail.end(End.TESTED, module, call, "is searched")
    else:
        trail.end(End.APART, module, call if called and call is not None else parent, "is taken apart")


def _method_of_texts(trail: Trail, module: Module, method: str, call: cst.CSTNode) -> None:
    """A method of a list of texts that were made: some leave them as they are."""
    if method == "copy":
        trail.ahead(module, call, True)
    elif method in ("pop", "popleft", "get"):
        trail.ahead(module, call)
    elif method not in _LEAVING:
        trail.end(End.LOST, module, call, f"is given to `{method}`, whose code is not seen")


_LEAVING = frozenset("append add insert appendleft extend update sort reverse clear put".split())


def _assigned(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    if isinstance(parent, (cst.AnnAssign, cst.NamedExpr)):
        stored(trail, module, parent.target, inside)
    elif isinstance(parent, cst.Assign):
        for target in parent.targets:
            stored(trail, module, target.target, inside)
    if isinstance(parent, cst.NamedExpr):
        trail.ahead(module, parent, inside)


def _returned(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    returned(trail, module, node, inside)


def _tested(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    said = isinstance(parent, cst.Assert) and parent.msg is node
    trail.end(End.SHOWN if said else End.TRUTH, module, node)


def _matched(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Match, inside: bool) -> None:
    if not all(is_type_pattern(case.pattern) for case in parent.cases):
        trail.end(End.TESTED, module, node, "is matched against patterns")
        return
    trail.end(End.TYPED, module, node, "is asked for its type")
    for case in parent.cases:
        names = captured(case.pattern)
        uses = [each for each in walk(case.body) if isinstance(each, cst.Name) and each.value in names]
        for use in trail.linked([(module, each) for each in uses]):
            trail.ahead(*use)


def _yielded(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.CSTNode, inside: bool) -> None:
    says = "is yielded to code that cannot be followed"
    if trail.nodes is None:
        trail.end(End.LOST, module, node, says)
    else:
        trail.keep(module, node, says)


def _augmented(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.AugAssign, inside: bool) -> None:
    if inside or not isinstance(parent.operator, (cst.AddAssign, cst.ModuloAssign)):
        trail.keep(module, node, f"is added to `{shortened(module, parent.target)}`")
        container(trail, module, parent.target)
    else:
        trail.end(End.SHOWN, module, node)


def _argument(trail: Trail, module: Module, node: cst.CSTNode, parent: cst.Arg, inside: bool) -> None:
    call = module.parents.get(id(parent))
    if parent.star and not inside:
        trail.end(End.APART, module, parent, "is taken apart")
    elif isinstance(call, cst.Call):
        calls.given(trail, module, call, parent, inside)


_HANDLERS: dict[type[cst.CSTNode], Callable[..., None]] = {
    cst.FormattedStringExpression: _shown,
    cst.BinaryOperation: _operation,
    cst.BooleanOperation: _boolean,
    cst.UnaryOperation: _unary,
    cst.IfExp: _conditional,
    cst.Comparison: _compared,
    cst.ComparisonTarget: _comparator,
    cst.Await: _passed_on,
    cst.Element: _displayed,
    cst.DictElement: _displayed,
    cst.StarredElement: _taken_apart,
    cst.ListComp: _collected,
    cst.SetComp: _collected,
    cst.GeneratorExp: _collected,
    cst.DictComp: _collected,
    cst.For: _taken_apart,
    cst.CompFor: _taken_apart,
    cst.Subscript: _subscript,
    cst.Index: _index,
    cst.Attribute: _attribute,
    cst.Assign: _assigned,
    cst.AnnAssign: _assigned,
    cst.NamedExpr: _assigned,
    cst.AugAssign: _augmented,
    cst.Return: _returned,
    cst.Yield: _yielded,
    cst.Lambda: _returned,
    cst.If: _tested,
    cst.While: _tested,
    cst.Assert: _tested,
    cst.CompIf: _tested,
    cst.Match: _matched,
    cst.Arg: _argument,
}
