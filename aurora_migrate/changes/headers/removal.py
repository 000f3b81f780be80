"""Taking one header out of headers, so that nothing empty stays where nothing was before it came."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from aurora_migrate.changes.headers.merges import is_optional, without
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.scopes import dotted_name, parameters


class Removal:
    """Knows the calls that need no `headers`: those that send, that make clients, and those of senders."""

    def __init__(self, requests: Iterable[Request]) -> None:
        self._free: set[int] = set()
        """Calls of libraries."""
        self._senders: dict[int, cst.FunctionDef] = {}
        """Calls of the project's functions that send."""
        for request in requests:
            self._free.add(id(request.node))
            if request.client is not None and request.client.node is not None:
                self._free.add(id(request.client.node))
            for (_, node), step in zip(request.callers, request.stack, strict=False):
                if node is not None and isinstance(step.node, cst.FunctionDef):
                    self._senders[id(node)] = step.node

    def take_out(self, plan: Plan, use: Use) -> None:
        """Plan the removal of the operand that is the header, and of what it would leave empty."""
        display = use.container
        if not isinstance(display, cst.Dict):
            plan.take_out(use)
        elif all(element is use.operand for element in display.elements):
            self._empty(plan, use, display)
        else:
            self._thin(plan, use, display)

    def _empty(self, plan: Plan, use: Use, display: cst.Dict) -> None:
        """The header was all that the display held."""
        module, outer = use.module, use.module.parents.get(id(display))
        if isinstance(outer, cst.StarredDictElement):
            holder = module.parents.get(id(outer))
            assert isinstance(holder, cst.Dict)
            plan.take_out(Use(module, holder, outer))
        elif isinstance(outer, cst.Arg) and self._drop_argument(plan, module, outer):
            return
        else:
            plan.take_out(use)

    def _thin(self, plan: Plan, use: Use, display: cst.Dict) -> None:
        """One mapping that the header was added to stands alone again."""
        module, outer = use.module, use.module.parents.get(id(display))
        left = without(display, {id(use.operand)})
        call = module.parents.get(id(outer)) if isinstance(outer, cst.Arg) else None
        if left is None or not isinstance(outer, cst.Arg) or not self._takes_none(call, outer):
            plan.take_out(use)
        elif not (_is_popped(left) and self._drop_argument(plan, module, outer, meant=True)):
            plan.put(module, display, left)

    def _drop_argument(self, plan: Plan, module: Module, arg: cst.Arg, meant: bool = False) -> bool:
        call = module.parents.get(id(arg))
        if not isinstance(call, cst.Call):
            return False
        if arg.star == "**":
            plan.remove_argument(module, call, arg)
            return True
        if arg.keyword is None or not self._needs_none(call, arg.keyword.value):
            return False
        if not _unwrap(plan, module, call, arg):
            plan.remove_argument(module, call, arg, meant=meant)
        return True

    def _needs_none(self, call: cst.Call, name: str) -> bool:
        """Whether a call may go without this argument."""
        if id(call) in self._free:
            return _is_last(call, name)
        default = self._default(call, name)
        # Without the argument the function has its default, which must be no headers either.
        is_none = isinstance(default, cst.Name) and default.value == "None"
        return is_none or (isinstance(default, cst.Dict) and not default.elements)

    def _takes_none(self, call: cst.CSTNode | None, arg: cst.Arg) -> bool:
        """Whether a call takes None for headers, or gets a mapping all the same."""
        if not isinstance(call, cst.Call):
            return False
        if id(call) in self._free:
            return True
        default = self._default(call, arg.keyword.value if arg.keyword is not None else "")
        return isinstance(default, cst.Name) and default.value == "None"

    def _default(self, call: cst.Call, name: str) -> cst.BaseExpression | None:
        function = self._senders.get(id(call))
        if function is None:
            return None
        for param in parameters(function.params):
            if param.name.value == name and param.default is not None:
                return param.default
        rest = function.params.star_kwarg
        return cst.Name("None") if rest is not None and name == "headers" else None


def _is_last(call: cst.Call, name: str) -> bool:
    """Whether an argument stands where one is added; elsewhere it was there before the header came."""
    named = [arg for arg in call.args if arg.star != "**"]
    return bool(named) and named[-1].keyword is not None and named[-1].keyword.value == name


def _is_popped(node: cst.BaseExpression) -> bool:
    """`kwargs.pop("headers", None)`, with or without `or {}`: there only to make room for the header."""
    if is_optional(node):
        assert isinstance(node, cst.BooleanOperation)
        node = node.left
    return isinstance(node, cst.Call) and dotted_name(node.func).endswith(".pop") and len(node.args) == 2


def _unwrap(plan: Plan, module: Module, call: cst.Call, arg: cst.Arg) -> bool:
    """`urlopen(Request(url, headers=...))` is `urlopen(url)` again."""
    outer = module.parents.get(id(call))
    opener = module.parents.get(id(outer)) if isinstance(outer, cst.Arg) else None
    if not isinstance(opener, cst.Call) or dotted_name(opener.func).rpartition(".")[2] != "urlopen":
        return False
    rest = [each for each in call.args if each is not arg]
    if len(rest) != 1 or rest[0].keyword is not None or rest[0].star:
        return False
    plan.put(module, call, rest[0].value)
    return True
