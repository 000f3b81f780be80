"""The shapes of the library tables' entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import Instance, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

Function = Callable[["Interpreter", Args, "cst.Call | None", Scope], Value]
"""What a library function gives for its arguments."""

Member = Callable[["Interpreter", Instance, str, str], "Value | None"]
"""An attribute of an object, given the modelled class's name and the attribute's."""
