"""Deeply nested programs: interpreting them recurses several frames a level, so they get their own stack."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

STACK_BYTES = 512 * 1024 * 1024
FRAMES = 120_000


def with_deep_stack(action: Callable[[], Result]) -> Result:
    """Run `action` in a thread whose stack allows deep recursion; its result or exception is passed on."""
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
