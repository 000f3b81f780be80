"""What a request's headers are made of: displays, arguments, and what only seems to be a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Const


def is_only_tried(request: Request) -> bool:
    """A request of a function that was tried without a caller, to a URL of which nothing is known.

    Where real callers of the same function are known, this says nothing about where requests go.
    """
    tried = (
        request.explored and len(request.callers) <= 1 and all(node is None for _, node in request.callers)
    )
    return tried and not any(piece.text and piece.text.strip("/?&:") for piece in request.url.pieces)


def nodes_of(role: Role | None) -> Iterator[tuple[Module | None, cst.CSTNode]]:
    """Every node that made the headers: the mapping's own, and those whose entries went into it."""
    if role is None:
        return
    if role.mapping is not None and role.mapping.node is not None:
        yield role.mapping.module, role.mapping.node
    for entry in role.entries.items if role.entries is not None else ():
        for use in entry.uses:
            yield use.module, use.container


def displays(role: Role | None) -> Iterator[tuple[Module, cst.CSTNode]]:
    """The dict displays (`{...}`, `dict(...)`) that made the headers, the one sent first."""
    for module, node in nodes_of(role):
        is_display = isinstance(node, cst.Dict) or (
            isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "dict"
        )
        if is_display and module is not None:
            yield module, node


def is_own(role: Role) -> bool:
    """Whether the headers belong to the request object and are filled after its making (`add_header`)."""
    return role.argument is None and role.mapping is not None and role.mapping.node is None


def header_arguments(requests: Iterable[Request]) -> Iterator[cst.Arg]:
    for request in requests:
        role = request.roles.get("headers")
        if role is not None and role.argument is not None:
            yield role.argument


def named(call: cst.Call, name: str) -> cst.Arg | None:
    return next((arg for arg in call.args if arg.keyword is not None and arg.keyword.value == name), None)


def may_be_none(requests: Iterable[Request]) -> bool:
    return any(
        isinstance(option, Const) and option.value is None
        for request in requests
        if "headers" in request.roles
        for option in options(request.roles["headers"].value)
    )


def constructor_of(kind: cst.ClassDef) -> cst.FunctionDef | None:
    for statement in kind.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            return statement
    return None
