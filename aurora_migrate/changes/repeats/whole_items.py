"""Places that write or send a list's items whole, with whatever fields they have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.surgery.tree import dotted
from aurora_migrate.flow.facts import Body, Facts
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.values import Part

_WRITERS = frozenset(
    {"dump", "dumps", "safe_dump", "jsonify", "JSONResponse", "render_template", "to_json", "pack", "packb"}
)
"""Functions that turn an object into a text or a page, by the last part of their names."""

_AROUND = (
    cst.Dict,
    cst.DictElement,
    cst.StarredDictElement,
    cst.List,
    cst.Tuple,
    cst.Element,
    cst.StarredElement,
    cst.ListComp,
    cst.GeneratorExp,
)


@dataclass(frozen=True, slots=True)
class Whole:
    """One place that hands a list or an item of it on as it is."""

    module: Module
    node: cst.CSTNode
    part: Part


def whole_items(facts: Facts, wrapper: str) -> Iterator[Whole]:
    """The places that write items of lists under that key, or send them to somebody."""
    paths = ((wrapper,), (wrapper, Marker.ITEM))
    for key, nodes in facts.part_nodes.items():
        part = facts.parts[key]
        if part.path in paths:
            for module, node in nodes.values():
                call = _written_by(module, node)
                if call is not None:
                    yield Whole(module, call, part)
    for request in facts.requests.values():
        for part in _held(request.bodies):
            if part.path in paths:
                yield Whole(request.module, request.node, part)


def _written_by(module: Module, node: cst.CSTNode) -> cst.Call | None:
    """The call that writes a node, alone or as a part of what it writes."""
    current, parent = node, module.parents.get(id(node))
    while isinstance(parent, _AROUND):
        if isinstance(parent, (cst.ListComp, cst.GeneratorExp)) and parent.elt is not current:
            return None
        current, parent = parent, module.parents.get(id(parent))
    call = module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
    if not isinstance(call, cst.Call):
        return None
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else dotted(call.func) or ""
    return call if name in _WRITERS else None


def _held(bodies: Sequence[Body], depth: int = 0) -> Iterator[Part]:
    """The parts of answers that a body holds whole."""
    if depth > 8:
        return
    for body in bodies:
        yield from body.rest
        yield from _held(body.items, depth + 1)
        for _, inner in body.fields:
            yield from _held(inner, depth + 1)
