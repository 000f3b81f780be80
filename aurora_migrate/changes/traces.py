"""Traces in words: where a URL's parts come from, where they meet, and who called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from aurora_migrate.findings import Location, TraceStep
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import Piece, Text

MAX_STEPS = 8


def trace_of(request: Request, anchor: cst.CSTNode | None = None) -> tuple[TraceStep, ...]:
    """The way of a request's URL: its literals, their joints, the request, its callers; at most eight."""
    return distinct(steps_of(request, anchor))


def steps_of(request: Request, anchor: cst.CSTNode | None = None) -> list[TraceStep]:
    """All steps on the way of a request's URL."""
    return [*url_steps(request.url, anchor), _sent(request), *_callers(request)]


def distinct(steps: Sequence[TraceStep]) -> tuple[TraceStep, ...]:
    """The steps without repetitions, cut to what a person follows: the first ones, and the last two."""
    seen: set[Location] = set()
    kept: list[TraceStep] = []
    for step in steps:
        if step.location not in seen:
            seen.add(step.location)
            kept.append(step)
    left_out = len(kept) - MAX_STEPS
    if left_out <= 0:
        return tuple(kept)
    resumed = replace(kept[-2], text=f"{left_out} steps on, {kept[-2].text}")
    return (*kept[: MAX_STEPS - 2], resumed, kept[-1])


def url_steps(url: Text, anchor: cst.CSTNode | None) -> Iterator[TraceStep]:
    """Where the named literals of a URL stand and where they are joined."""
    joints: list[TraceStep] = []
    for piece in url.pieces:
        if piece.text is not None and "?" in piece.text:
            break
        if piece.node is None or piece.module is None or piece.text is None:
            continue
        if piece.node is not anchor and len(piece.text) > 3:
            yield TraceStep(
                piece.module.location(piece.node), f"{_described(piece)} `{_short(piece.text)}` from"
            )
        joints.extend(_joints(piece, piece.module))
    yield from joints[:2]


def _described(piece: Piece) -> str:
    assert piece.module is not None
    if piece.node is None:
        return "text"
    name = name_of_value(piece.module, piece.node)
    return name if name else "text"


def name_of_value(module: Module, node: cst.CSTNode) -> str:
    """The name or key that a literal is the value of, empty for one that stands in a larger expression."""
    parent = module.parents.get(id(node))
    while isinstance(
        parent, (cst.FormattedString, cst.ConcatenatedString, cst.BinaryOperation, cst.Arg, cst.Call)
    ):
        node, parent = parent, module.parents.get(id(parent))
    if isinstance(parent, cst.Assign) and parent.targets:
        return dotted_name(parent.targets[0].target)
    if isinstance(parent, cst.AnnAssign):
        return dotted_name(parent.target)
    if isinstance(parent, cst.Param):
        return f"default of {parent.name.value}"
    if isinstance(parent, cst.DictElement) and isinstance(parent.key, cst.SimpleString):
        return f"entry {parent.key.value}"
    return ""


def _joints(piece: Piece, home: Module) -> Iterator[TraceStep]:
    for use in piece.uses[:2]:
        if not isinstance(use.container, (cst.Assign, cst.AugAssign)):
            yield TraceStep(use.module.location(use.container), "joined at")


def _sent(request: Request) -> TraceStep:
    method = f"{request.method} " if request.method else ""
    return TraceStep(request.module.location(request.node), f"{method}request sent with {request.library} at")


def _callers(request: Request) -> Iterator[TraceStep]:
    for (module, node), step in reversed(list(zip(request.callers, request.stack, strict=False))):
        if node is not None:
            yield TraceStep(module.location(node), f"called as {step.name} at")


def _short(characters: str) -> str:
    return characters if len(characters) <= 60 else characters[:57] + "..."
