"""Threads, pools and asyncio: functions handed over are run with the arguments given beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, objects
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.stdlib_builtins import FUNCTIONS as BUILTINS
from aurora_migrate.flow.libraries.stdlib_functional import FUNCTIONS as FUNCTIONAL
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import UNKNOWN, Builtin, Instance, Items, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _first(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return args.get(0) or next((value for value, _ in args.keywords.values()), UNKNOWN)


def _gather(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    given = tuple(objects.awaited(run, value) for value in (*args.values(), *args.loose))
    return run.new_sequence(Items(given, args.open_positional), None, None)


def _to_thread(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.call(args.get(0) or UNKNOWN, args.without_first(), None, scope)


def _as_is(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found, complete = containers.iterate(run, args.get(0) or UNKNOWN)
    return run.new_sequence(Items(tuple(found), not complete), None, None)


def _future(run: Interpreter, result: Value) -> Value:
    future = run.new_instance("concurrent.futures.Future", None, None)
    run.heap.set(future.cells, "<result>", result)
    return future


def _pool_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def submit(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return _future(run, run.call(args.get(0) or UNKNOWN, args.without_first(), None, scope))

    def mapped(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return BUILTINS["builtins.map"](run, args, node, scope)

    def starmap(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return FUNCTIONAL["itertools.starmap"](run, args, node, scope)

    if attr in ("submit", "apply", "apply_async", "spawn"):
        return Builtin(attr, submit)
    if attr in ("map", "imap", "imap_unordered", "map_async"):
        return Builtin(attr, mapped)
    if attr == "starmap":
        return Builtin(attr, starmap)
    return None


def _future_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr in ("result", "get"):
        held = run.heap.get(instance.cells, "<result>") or UNKNOWN
        return Builtin(attr, lambda args, node, scope: held)
    return None


def _loop_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def in_executor(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return run.call(args.get(1) or UNKNOWN, args.without_first(2), None, scope)

    def now(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return args.get(0) or UNKNOWN

    if attr == "run_in_executor":
        return Builtin(attr, in_executor)
    if attr in ("run_until_complete", "create_task"):
        return Builtin(attr, now)
    return None


def _group_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr == "create_task":
        return Builtin(attr, lambda args, node, scope: _future(run, args.get(0) or UNKNOWN))
    if attr == "start_soon":
        return Builtin(
            attr,
            lambda args, node, scope: run.call(args.get(0) or UNKNOWN, args.without_first(), None, scope),
        )
    return None


def _nothing(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    return None


FUNCTIONS: dict[str, Function] = {
    "asyncio.run": _first,
    "asyncio.wait_for": _first,
    "asyncio.shield": _first,
    "asyncio.create_task": _first,
    "asyncio.ensure_future": _first,
    "asyncio.gather": _gather,
    "asyncio.as_completed": _as_is,
    "asyncio.wait": _as_is,
    "asyncio.to_thread": _to_thread,
    "concurrent.futures.as_completed": _as_is,
    "anyio.run": _to_thread,
    "trio.run": _to_thread,
    "asgiref.sync.async_to_sync": _first,
    "asgiref.sync.sync_to_async": _first,
}
MEMBERS: dict[str, Member] = {
    "concurrent.futures.ThreadPoolExecutor": _pool_member,
    "concurrent.futures.Future": _future_member,
    "asyncio.AbstractEventLoop": _loop_member,
    "asyncio.TaskGroup": _group_member,
    "asyncio.Semaphore": _nothing,
}
ALIASES: dict[str, str] = {
    "concurrent.futures.ProcessPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor",
    "multiprocessing.Pool": "concurrent.futures.ThreadPoolExecutor",
    "multiprocessing.pool.ThreadPool": "concurrent.futures.ThreadPoolExecutor",
    "multiprocessing.dummy.Pool": "concurrent.futures.ThreadPoolExecutor",
    "asyncio.get_event_loop": "asyncio.AbstractEventLoop",
    "asyncio.new_event_loop": "asyncio.AbstractEventLoop",
    "asyncio.get_running_loop": "asyncio.AbstractEventLoop",
    "anyio.create_task_group": "asyncio.TaskGroup",
}
