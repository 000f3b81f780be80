"""Where an expression stands: what takes it, in which function, under which handlers, in which chain."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.flow.around import ancestors
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name

Statement = cst.BaseStatement | cst.BaseSmallStatement


def call_of(module: Module, node: cst.CSTNode) -> cst.Call | None:
    """The call that takes an expression as a plain or keyword argument."""
    arg = module.parents.get(id(node))
    call = module.parents.get(id(arg)) if isinstance(arg, cst.Arg) and not arg.star else None
    return call if isinstance(call, cst.Call) and call.func is not arg else None


def position_in(call: cst.Call, node: cst.CSTNode) -> int:
    """Where among the arguments an expression stands."""
    return next(index for index, arg in enumerate(call.args) if arg.value is node)


def method_on(module: Module, node: cst.CSTNode) -> tuple[str, cst.Call] | None:
    """The method that is called on an expression, with the call."""
    attribute = module.parents.get(id(node))
    if not isinstance(attribute, cst.Attribute) or attribute.value is not node:
        return None
    call = module.parents.get(id(attribute))
    if isinstance(call, cst.Call) and call.func is attribute:
        return attribute.attr.value, call
    return None


def subscript_of(module: Module, node: cst.CSTNode) -> cst.Subscript | None:
    """The subscript that looks into an expression, when it has one index or slice."""
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Subscript) and parent.value is node and len(parent.slice) == 1:
        return parent
    return None


def is_stored_to(module: Module, node: cst.CSTNode) -> bool:
    """Whether an expression is what a plain assignment or `del` is about."""
    parent = module.parents.get(id(node))
    if isinstance(parent, (cst.AssignTarget, cst.Del)):
        return True
    return isinstance(parent, cst.AnnAssign) and parent.target is node


def function_of(module: Module, node: cst.CSTNode) -> cst.CSTNode:
    """The innermost function around a node, else the module."""
    for around in ancestors(module, node):
        if isinstance(around, cst.FunctionDef):
            return around
    return module.tree


def is_handled(module: Module, node: cst.CSTNode, errors: Sequence[str]) -> bool:
    """Whether a node stands in a `try` (or `suppress`) that takes one of these exceptions."""
    inner = node
    for around in ancestors(module, node):
        if isinstance(around, (cst.Try, cst.TryStar)) and around.body is inner:
            if any(_takes(handler, errors) for handler in around.handlers):
                return True
        elif isinstance(around, cst.With) and around.body is inner:
            if any(_suppresses(item.item, errors) for item in around.items):
                return True
        elif isinstance(around, cst.FunctionDef):
            return False
        inner = around
    return False


def _takes(handler: cst.ExceptHandler | cst.ExceptStarHandler, errors: Sequence[str]) -> bool:
    if handler.type is None:
        return True
    kinds = [each.value for each in handler.type.elements] if isinstance(handler.type, cst.Tuple) else []
    names = {dotted_name(kind).rpartition(".")[2] for kind in kinds or [handler.type]}
    return bool(names & {*errors, "Exception", "BaseException"})


def _suppresses(item: cst.BaseExpression, errors: Sequence[str]) -> bool:
    if not isinstance(item, cst.Call) or dotted_name(item.func).rpartition(".")[2] != "suppress":
        return False
    return any(dotted_name(arg.value).rpartition(".")[2] in {*errors, "Exception"} for arg in item.args)


def body_of(block: cst.BaseSuite) -> Sequence[Statement]:
    """The statements of a suite."""
    return tuple(block.body)


def last_of(block: cst.BaseSuite) -> cst.CSTNode | None:
    """The last small statement of a suite, or its last compound one."""
    statements = body_of(block)
    last = statements[-1] if statements else None
    if isinstance(last, cst.SimpleStatementLine):
        return last.body[-1]
    return last


def leaves(block: cst.BaseSuite) -> bool:
    """Whether a suite ends by leaving what is around it."""
    last = last_of(block)
    if isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break)):
        return True
    return isinstance(last, cst.Expr) and is_refusal(last)


def refuses(block: cst.BaseSuite) -> bool:
    """Whether a suite ends in an error."""
    last = last_of(block)
    return last is not None and is_refusal(last)


def is_refusal(node: cst.CSTNode) -> bool:
    """`raise`, `assert False`, `assert_never(...)`, `sys.exit(...)`."""
    if isinstance(node, cst.SimpleStatementLine):
        return is_refusal(node.body[0])
    if isinstance(node, cst.Assert):
        return isinstance(node.test, cst.Name) and node.test.value == "False"
    if isinstance(node, cst.Expr) and isinstance(node.value, cst.Call):
        return dotted_name(node.value.func) in ("assert_never", "typing.assert_never", "sys.exit", "exit")
    return isinstance(node, cst.Raise)
