"""Where a header is added when one call sends requests for several vendors: upstream, where only ours pass.

That is the place that signs (its local headers, or the session of its object), or the calls of the function
that sends.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.headers.merges import merged
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.scopes import dotted_name, parameters

Place = tuple[Module, cst.CSTNode]


def signing_statement(parts_uses: Sequence[tuple[Use, ...]]) -> Place | None:
    """The last of the statements that store the signature, when all of them stand in one block."""
    found: list[Place] = []
    for uses in parts_uses:
        place = next((p for p in map(_statement_of, reversed(uses)) if p is not None), None)
        if place is None:
            return None
        found.append(place)
    if not found:
        return None
    blocks = {id(module.parents.get(id(statement))) for module, statement in found}
    if len(blocks) != 1:
        return None
    module, first = found[0]
    block = module.parents.get(id(first))
    wanted = {id(statement) for _, statement in found}
    inside = [each for each in getattr(block, "body", ()) if id(each) in wanted]
    return (module, inside[-1]) if inside else None


def _statement_of(use: Use) -> Place | None:
    """The statement that a use stores into a mapping; None inside an expression that builds something."""
    node: cst.CSTNode | None = use.container
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value == "update"
    ):
        pass
    elif not isinstance(node, (cst.Assign, cst.AugAssign)):
        return None
    while node is not None and not isinstance(node, cst.SimpleStatementLine):
        node = use.module.parents.get(id(node))
    return (use.module, node) if node is not None else None


def local_headers(request: Request, place: Place, argument: cst.Arg | None) -> str | None:
    """The name of the local dict that the call sends as headers and that the signing place can write to."""
    module, statement = place
    function = enclosing(module, statement, cst.FunctionDef)
    role = request.roles.get("headers")
    if argument is None or not isinstance(argument.value, cst.Name) or role is None or role.mapping is None:
        return None
    made = role.mapping.node
    if function is None or made is None or role.mapping.module is not module:
        return None
    if (
        enclosing(module, made, cst.FunctionDef) is not function
        or enclosing(module, request.node, cst.FunctionDef) is not function
    ):
        return None
    return argument.value.value


def session_of_object(request: Request, place: Place) -> str | None:
    """`self.session` as the signing method can spell it, when the call goes through it."""
    module, statement = place
    function = enclosing(module, statement, cst.FunctionDef)
    client = request.client
    if function is None or client is None or not isinstance(client.node, cst.Call) or client.module is None:
        return None
    receiver = function.params.params[0].name.value if function.params.params else ""
    assign = client.module.parents.get(id(client.node))
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return None
    target = dotted_name(assign.targets[0].target)
    spelled = dotted_name(request.node.func) if isinstance(request.node, cst.Call) else ""
    if not receiver or not target.startswith(f"{receiver}.") or not spelled.startswith(f"{target}."):
        return None
    return target


def callers_of(requests: Sequence[Request]) -> list[tuple[Module, cst.Call]] | None:
    """The calls of the function that sends these requests; None when one is not known."""
    found: dict[int, tuple[Module, cst.Call]] = {}
    for request in requests:
        if request.explored and len(request.callers) <= 1:
            continue
        if not request.callers:
            return None
        module, node = request.callers[-1]
        if node is None:
            return None
        found[id(node)] = (module, node)
    return list(found.values()) or None


def forwarded_name(request: Request) -> str | None:
    """The parameter that the sending function hands on as headers (`headers`, also through `**kwargs`)."""
    function = request.stack[-1].node if request.stack else None
    if not isinstance(function, cst.FunctionDef) or not isinstance(request.node, cst.Call):
        return None
    names = {param.name.value for param in parameters(function.params)}
    for arg in request.node.args:
        if arg.keyword is not None and arg.keyword.value == "headers":
            return arg.value.value if isinstance(arg.value, cst.Name) and arg.value.value in names else None
    stars = [arg.value for arg in request.node.args if arg.star == "**"]
    rest = function.params.star_kwarg
    if (
        len(stars) == 1
        and isinstance(stars[0], cst.Name)
        and rest is not None
        and stars[0].value == rest.name.value
    ):
        return "headers"
    return None


def add_at_caller(
    plan: Plan, module: Module, call: cst.Call, name: str, entry: str, last: bool = True
) -> None:
    """Hand the header to the sending function in one of its calls."""
    for arg in call.args:
        if arg.star == "**":
            raise Refused("the arguments of the function that sends it are not written out")
        if arg.keyword is not None and arg.keyword.value == name:
            plan.wrap(module, arg.value, merged(arg.value, entry, optional=True, last=last))
            return
    plan.add_keyword(module, call, name, "{" + entry + "}")
