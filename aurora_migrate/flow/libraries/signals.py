"""Signals: what is sent over one goes to the functions that are connected to it (blinker, Django, pyee)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    Builtin,
    Instance,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

SIGNAL = "blinker.Signal"
NAMED = "blinker.signals"
"""What keeps the signals that are known by a name."""
SHARED = frozenset({NAMED})

_CONNECTING = frozenset({"connect", "connect_via", "receiver"})
_SENDING = frozenset({"send", "send_robust", "send_async", "asend"})


def _named(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`signal("name")`: the same object for the same name."""
    name = next((found.literal for found in iterate_texts(args.get(0, "name") or UNKNOWN)), None)
    named = run.shared(NAMED).cells
    made = (run.heap.get(named, name) if name else None) or run.new_instance(SIGNAL, node, scope.module)
    if name:
        run.heap.set(named, name, made)
    return made


def _member(run: Interpreter, signal: Instance, dotted: str, attr: str) -> Value | None:
    def connect(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        receiver = args.get(0, "receiver") or UNKNOWN
        connected(run, signal, receiver)
        return receiver if attr == "connect" else Builtin("signal.connect", connect)

    def send(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        held = run.heap.get(signal.cells, "<receivers>")
        given = [run.call(each, args, node, scope) for each in options(held)] if held is not None else []
        return choose(given) if given else UNKNOWN

    if attr == "__init__":
        return Builtin(attr, lambda args, node, scope: UNKNOWN)
    if attr in _CONNECTING:
        return Builtin("signal.connect", connect)
    return Builtin(attr, send) if attr in _SENDING else None


def connected(run: Interpreter, signal: Instance, receiver: Value) -> None:
    """Note that a function gets what is sent over a signal."""
    known = run.heap.get(signal.cells, "<receivers>")
    found = [option for option in options(receiver) if isinstance(option, (ProjectFunction, Bound))]
    if found:
        held = choose([*([known] if known is not None else []), *found])
        run.heap.set(signal.cells, "<receivers>", held)


def _receiver(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """Django's `@receiver(signal)`."""
    signals = [option for option in options(args.get(0, "signal") or UNKNOWN) if isinstance(option, Instance)]

    def decorate(inner: Args, where: cst.Call | None, around: Scope) -> Value:
        function = inner.get(0) or UNKNOWN
        for signal in signals:
            connected(run, signal, function)
        return function

    return Builtin("signal.connect", decorate)


FUNCTIONS: dict[str, Function] = {"blinker.signal": _named, "django.dispatch.receiver": _receiver}
MEMBERS: dict[str, Member] = {SIGNAL: _member}
ALIASES: dict[str, str] = {
    "blinker.NamedSignal": SIGNAL,
    "django.dispatch.Signal": SIGNAL,
    "django.dispatch.dispatcher.Signal": SIGNAL,
}
