"""`make ladder`: what an analysis costs on generated call graphs of 100, 1,000 and 10,000 functions.

Read the last column: how much more ten times the functions cost. Nothing here fails by the clock.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts

SIZES = (100, 1_000, 10_000)
HEAD = """import requests

BASE = "https://api.aurorasolar.com/v2/tenants/t1"


def f0(path, params=None):
    return requests.get(BASE + path, params=params, timeout=9)
"""


def ladder(size: int, body: Callable[[int], str], calls: int = 5) -> str:
    """A module of `size` functions, each with the body for its number; every `calls`-th is called."""
    made = "".join(
        f"\n\ndef f{number}(path, params=None):\n{body(number)}\n" for number in range(1, size)
    )
    called = "".join(f'f{number}("/projects/{number}")\n' for number in range(1, size, calls))
    return f"{HEAD}{made}\n\n{called}"


def _chain(number: int) -> str:
    return f"    return f{number - 1}(path, params)"


def _diamond(number: int) -> str:
    lower = max(number - 2, 0)
    return f"    if params:\n        return f{number - 1}(path, params)\n    return f{lower}(path, params)"


def _recursion(number: int) -> str:
    return f'    if params:\n        return f{number}(path, None)\n    return f0(path + "/{number}", params)'


def _mutual(number: int) -> str:
    """Rings of ten functions that call each other."""
    following = number + 1 if number % 10 else number - 9
    return f'    if params:\n        return f{following}(path, None)\n    return f0(path + "/{number}", params)'


SHAPES: dict[str, Callable[[int], str]] = {
    "chain": _chain,
    "diamonds": _diamond,
    "recursion": _recursion,
    "mutual recursion": _mutual,
}


def main(sizes: tuple[int, ...]) -> None:
    print(f"{'call graph':18}" + "".join(f"{size:>12,}" for size in sizes) + "   last / first size")
    for name, body in SHAPES.items():
        seconds = [_seconds(ladder(size, body)) for size in sizes]
        growth = seconds[-1] / seconds[0] / (sizes[-1] / sizes[0])
        print(f"{name:18}" + "".join(f"{each:>10.2f} s" for each in seconds) + f"{growth:>12.2f} x linear")


def _seconds(program: str) -> float:
    start = time.process_time()
    check_texts({"ladder.py": program}, Settings(Path("/in-memory")))
    return time.process_time() - start


if __name__ == "__main__":
    check_texts({"warm.py": HEAD}, Settings(Path("/in-memory")))
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
