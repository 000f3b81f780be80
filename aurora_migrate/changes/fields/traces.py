"""Traces of what is found in a response's body, and the place where a look is shown."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.traces import distinct, steps_of
from aurora_migrate.findings import TraceStep
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Read
from aurora_migrate.flow.trees import walk


def trace_of_read(read: Read) -> tuple[TraceStep, ...]:
    """The way of a body from its request to the place that looks into it."""
    steps: list[TraceStep] = []
    for request in read.part.origin.requests[:1]:
        steps.extend(steps_of(request))
    inside = ".".join(step if isinstance(step, str) else step.value for step in read.part.path)
    where = f" in `{inside}`" if inside else ""
    steps.append(TraceStep(read.module.location(read.node), f"`{read.name}` read{where} at"))
    return distinct(steps)


def place_of_read(read: Read) -> tuple[Module, cst.CSTNode]:
    """Where a look into a response is to be shown: at the literal, when a helper is handed the key."""
    piece = read.piece
    if piece is not None and piece.node is not None and piece.module is not None:
        if read.form is Form.TEMPLATE:
            return piece.module, piece.node
        parent = piece.module.parents.get(id(piece.node))
        inside = any(each is piece.node for each in walk(read.node))
        if not inside and isinstance(parent, (cst.Arg, cst.Index)):
            return piece.module, piece.node
    return read.module, read.node
