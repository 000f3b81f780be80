"""Files that are written and read by their paths: `Path("user.json").write_text(...)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import carried, recorded, text
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import UNKNOWN, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _name(path: Text) -> str | None:
    name = text.characters(path).rpartition("/")[2]
    return name if text.HOLE not in name and recorded.is_kept(name) else None


def _write(run: Interpreter, path: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    given, name = args.get(0, "data") or UNKNOWN, _name(path)
    if name is not None and carried.carries(run, given):
        recorded.keep_written(run, name, given)
    return UNKNOWN


def _read(run: Interpreter, path: Text, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    name = _name(path)
    held = run.heap.get(run.written, name) if name is not None else None
    return held if held is not None else text.hole(path, hints=("read_text",))


METHODS: dict[str, Callable[[Interpreter, Text, Args, cst.Call | None, Scope], Value]] = {
    "write_text": _write,
    "write_bytes": _write,
    "read_text": _read,
    "read_bytes": _read,
}
