"""Hooks of HTTP libraries: functions of the project that get every request or response of a client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from aurora_migrate.flow import containers, text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import (
    Bound,
    Entries,
    Entry,
    Function,
    Instance,
    Items,
    Mapping,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

HOLDERS = ("hooks", "event_hooks")
"""What `requests` and `httpx` call the mapping of an event's name to its functions."""


def new_hooks(run: Interpreter, client: Instance, name: str) -> Value:
    """The hooks of a client that was made without any; `["response"].append(function)` finds a list there."""
    listed = [
        Entry(event, run.new_sequence(Items((), open=True), None, None)) for event in ("request", "response")
    ]
    made = run.new_mapping(Entries(tuple(listed), open=True), None, None)
    run.heap.set(client.cells, name, made)
    return made


def hooked(run: Interpreter, holder: Value | None, event: str) -> Iterator[Value]:
    """The functions that a mapping of hooks holds for an event."""
    for mapping in options(holder) if holder is not None else ():
        held = containers.lookup(run, mapping, text.plain(event)) if isinstance(mapping, Mapping) else None
        for option in options(held) if held is not None else ():
            yield from containers.iterate(run, option)[0] if isinstance(option, Sequence) else (option,)


def run_response_hooks(
    run: Interpreter, client: Instance | None, given: Value | None, response: Value, scope: Scope
) -> None:
    """Call the response hooks of a client, and those given with the call, with the response."""
    holders = [given, *(run.heap.get(client.cells, name) for name in HOLDERS if client is not None)]
    for holder in holders:
        for taker in hooked(run, holder, "response"):
            if isinstance(taker, (Function, Bound)):
                args = Args.of(response)
                args.open_positional = args.open_keywords = True
                run.call(taker, args, None, scope)
