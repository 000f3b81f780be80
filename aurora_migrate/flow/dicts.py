"""Mappings that calls make: `dict(...)` and classes that derive from TypedDict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.containers import merge, merge_arguments
from aurora_migrate.flow.values import Entries, Mapping

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def made_of(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Mapping:
    """`dict(...)`: a mapping of what the arguments give."""
    mapping = run.new_mapping(Entries(), node, scope.module)
    merge_arguments(run, mapping, args, node, scope)
    for part in [*args.parts, *args.loose]:
        merge(run, mapping, part, None)
    if args.open_keywords:
        run.heap.set(mapping.cells, "entries", replace(run.entries(mapping), open=True))
    return mapping
