"""What an analysis asks of Python itself: a stack for deeply nested programs, and few garbage collections."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Result = TypeVar("Result")

STACK_BYTES = 512 * 1024 * 1024
FRAMES = 120_000
ALLOCATIONS = 100_000
"""How many new objects make Python look for garbage; nearly all that an analysis makes live as long as it."""


def with_deep_stack(action: Callable[[], Result]) -> Result:
    """Run `action` in a thread whose stack allows deep recursion; its result or exception is passed on.

    Interpreting a program recurses several frames a level.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(action())
        except BaseException as error:  # handed to the caller's thread below
            errors.append(error)

    old_limit = sys.getrecursionlimit()
    old_size = threading.stack_size(STACK_BYTES)
    try:
        sys.setrecursionlimit(max(old_limit, FRAMES))
        thread = threading.Thread(target=run, name="analysis")
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old_size)
        sys.setrecursionlimit(old_limit)
    if errors:
        raise errors[0]
    return results[0]


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for cyclic garbage more rarely, which takes a third of an analysis's time otherwise."""
    kept = gc.get_threshold()
    gc.set_threshold(max(kept[0], ALLOCATIONS), 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*kept)
