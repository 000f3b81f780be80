"""Python's own exceptions, as objects that keep their arguments."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.raising import EXCEPTIONS, keep_arguments
from aurora_migrate.flow.values import External, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def _made(name: str, run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    from aurora_migrate.flow.calls import call_unseen

    call_unseen(run, External(name), args, node, scope)
    made = run.new_instance(name, node, scope.module)
    keep_arguments(run, made, args)
    return made


FUNCTIONS: dict[str, Function] = {name: partial(_made, name) for name in EXCEPTIONS}
MEMBERS: dict[str, Member] = {}
ALIASES: dict[str, str] = {}
