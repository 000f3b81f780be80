"""Type annotations: an object of the class that they name, where nothing better is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import libraries
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import UNKNOWN, ClassValue, External, Instance, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def value_of_annotation(run: Interpreter, annotation: cst.BaseExpression, scope: Scope) -> Value | None:
    """An instance of the annotated class, `Optional` and `X | None` looked through; None for all else."""
    if isinstance(annotation, cst.Subscript) and len(annotation.slice) > 1:
        return instance_of(run, run.evaluate(annotation, scope))
    node = _named(annotation)
    return instance_of(run, run.evaluate(node, scope)) if node is not None else None


def annotated_classes(run: Interpreter, annotation: cst.BaseExpression, scope: Scope) -> Iterator[ClassValue]:
    """The class of the project that an annotation names, `Optional` and `X | None` looked through."""
    node = _named(annotation)
    for option in options(run.evaluate(node, scope)) if node is not None else ():
        if isinstance(option, ClassValue):
            yield option


def parsed_annotation(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """An annotation, where it is a text what that says."""
    if not isinstance(node, cst.SimpleString):
        return node
    try:
        return cst.parse_expression(str(node.evaluated_value))
    except cst.ParserSyntaxError:
        return None


def _named(annotation: cst.BaseExpression) -> cst.BaseExpression | None:
    node = parsed_annotation(_without_optional(annotation))
    return node if isinstance(node, (cst.Name, cst.Attribute)) else None


def instance_of(run: Interpreter, kind: Value) -> Value | None:
    """An object of a class: those that the project makes, else a library's when it is modelled."""
    found: list[Value] = []
    for option in options(kind):
        if isinstance(option, ClassValue):
            found.extend(run.instances.get(id(option.node), [])[:3])
        elif isinstance(option, Instance) and option.kind == libraries.ANNOTATED:
            given = run.heap.get(option.cells, "given")
            known = given if given is not None else instance_of(run, option.cells.get("type") or UNKNOWN)
            found.extend([known] if known is not None else [])
        elif isinstance(option, External) and libraries.is_modelled(option.name):
            found.append(_library_object(run, libraries.canonical(option.name)))
    return choose(found) if found else None


def _library_object(run: Interpreter, kind: str) -> Instance:
    return run.shared(kind) if kind in libraries.SHARED else Instance(kind, run.heap.new_cells())


def _without_optional(node: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        for side in (node.left, node.right):
            if not (isinstance(side, cst.Name) and side.value == "None"):
                return _without_optional(side)
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        name = (
            node.value.attr.value
            if isinstance(node.value, cst.Attribute)
            else getattr(node.value, "value", "")
        )
        part = node.slice[0].slice
        if name in ("Optional", "Annotated", "Final") and isinstance(part, cst.Index):
            return _without_optional(part.value)
    return node
