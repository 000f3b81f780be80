"""Traces of what is found in a response's body: the request, the looks on the way, the callers."""

from __future__ import annotations

from aurora_migrate.changes.traces import distinct, steps_of
from aurora_migrate.findings import TraceStep
from aurora_migrate.flow.reads import Read


def trace_of_read(read: Read) -> tuple[TraceStep, ...]:
    """The way of a body from its request to the place that looks into it."""
    steps: list[TraceStep] = []
    for request in read.part.origin.requests[:1]:
        steps.extend(steps_of(request))
    inside = ".".join(step if isinstance(step, str) else step.value for step in read.part.path)
    where = f" in `{inside}`" if inside else ""
    steps.append(TraceStep(read.module.location(read.node), f"`{read.name}` read{where} at"))
    return distinct(steps)
