"""Evidence that what is copied and where the copy goes belong together: both come out of one answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.every_call import every_call
from aurora_migrate.changes.queries.places import Parameter, given_by
from aurora_migrate.changes.repeats.own_names import (
    FunctionNode,
    bindings,
    function_of,
    is_stable,
    own,
    parameters,
)
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.alternatives import iterate_texts, options, parts_of
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin
from aurora_migrate.flow.text import HOLE, characters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part, Value, key_of


@dataclass(frozen=True, slots=True)
class Owner:
    """What a kind knows of the body's key that says where the copy goes."""

    wrapper: str
    key: str
    endpoints: tuple[str, ...]
    """The endpoints whose answers name the owner of what their URL names."""
    ids: tuple[str, ...]
    """The keys under which such an answer names the copied thing itself."""

    @property
    def named(self) -> list[tuple[str]]:
        """The last steps to where such an answer names it."""
        return [(key,) for key in self.ids]


def refuse_unless_same(context: Context, owner: Owner, request: Request, source: Parameter) -> None:
    """Raises Refused unless the body's owner is, by evidence, the owner of what the parameter names."""
    given = list(_owners(request, owner))
    if not given:
        raise Refused(f"the body's `{owner.key}` is not seen")
    if source.expression is None:
        raise Refused(f"the expression that gives `{source.name}` is not seen")
    function = function_of(source.module, source.expression)
    for value, expression in given:
        if _given_together(context, owner, source, value, expression):
            continue
        part = next(parts_of(value), None)
        if part is None or part.path[-1:] != (owner.key,) or len(list(parts_of(value))) != 1:
            raise Refused(f"nothing shows that `{owner.key}` is that of the copied one")
        if not _is_answer(context, owner, part.origin):
            raise Refused(f"`{owner.key}` comes from the answer to another request")
        variable = _variable(context, source.module, function, expression, owner.key)
        if not _says_itself(source, part, variable, function, owner) and not _was_asked_for(
            context, source, part, variable, function
        ):
            raise Refused(f"nothing shows that `{owner.key}` is that of the copied one")


def _given_together(
    context: Context, owner: Owner, source: Parameter, value: Value, expression: cst.BaseExpression | None
) -> bool:
    """Whether both are parameters of one function, and each call gives it the two of one answer."""
    function = function_of(source.module, source.expression) if source.expression is not None else None
    names = (source.expression, expression)
    if not isinstance(function, cst.FunctionDef) or not all(isinstance(each, cst.Name) for each in names):
        return False
    copied, kept = (each.value for each in names if isinstance(each, cst.Name))
    if not {copied, kept} <= parameters(function) or not _of_one_answer(context, owner, source.value, value):
        return False
    calls = every_call(context, source.module, function)
    return bool(calls) and all(
        _are_of_one(module, given.get(copied), given.get(kept), owner) for module, given in calls or ()
    )


def _of_one_answer(context: Context, owner: Owner, copied: Value, kept: Value) -> bool:
    """Whether two values are the id and the owner in answers of the right endpoints."""
    ids = [each if isinstance(each, Part) else None for each in options(copied)]
    owners = [each if isinstance(each, Part) else None for each in options(kept)]
    if any(each is None for each in [*ids, *owners]):
        return False
    held = {(each.origin.number, each.path[:-1]) for each in ids if each and each.path[-1:] in owner.named}
    asked = {
        (each.origin.number, each.path[:-1]) for each in owners if each and each.path[-1:] == (owner.key,)
    }
    origins = [each.origin for each in owners if each]
    return held == asked and len(held) > 0 and all(_is_answer(context, owner, origin) for origin in origins)


def _are_of_one(
    module: Module, copied: cst.BaseExpression | None, kept: cst.BaseExpression | None, owner: Owner
) -> bool:
    """`answer["id"]` and `answer["owner"]` of a name that is bound once."""
    name = looked_into(copied, *owner.ids)
    if copied is None or name is None or "." in name or looked_into(kept, owner.key) != name:
        return False
    return is_stable(function_of(module, copied), name)


def _owners(request: Request, owner: Owner) -> Iterator[tuple[Value, cst.BaseExpression | None]]:
    for body in request.bodies:
        for _, inner in body.at(owner.wrapper):
            for entry, _ in inner.at(owner.key):
                yield entry.value, given_by(entry)


def _is_answer(context: Context, owner: Owner, origin: Origin) -> bool:
    ties = [context.ties.of(request) for request in origin.requests]
    return bool(ties) and all(
        tie is not None and tie.exact and all(_asked(tie.endpoints, owner)) for tie in ties
    )


def _asked(endpoints: Sequence[Endpoint], owner: Owner) -> Iterator[bool]:
    first = endpoints[:1]
    yield bool(first)
    yield from (endpoint.id in owner.endpoints for endpoint in first)


def _variable(
    context: Context, module: Module, function: FunctionNode, node: cst.BaseExpression | None, key: str
) -> str:
    """The variable or attribute that holds the answer, of `answer["key"]`.

    It must get its value at one place only.
    """
    if isinstance(node, cst.Name):
        values = list(bindings(function, node.value))
        node = values[0] if len(values) == 1 else None
    name = looked_into(node, key) if node is not None else None
    if node is None or name is None or function_of(module, node) is not function:
        raise Refused(f"nothing shows that `{key}` is that of the copied one")
    root, dot, _ = name.partition(".")
    if not is_stable(function, root) or (dot and not _is_set_once(context, name)):
        raise Refused(f"`{name}`, which gives `{key}`, gets its value at several places")
    return name


def looked_into(node: cst.BaseExpression | None, *keys: str) -> str | None:
    """The name in `name["key"]` or `name.get("key")`; also that of an attribute, `self.name`."""
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        index = node.slice[0].slice
        spelled: cst.CSTNode = index.value if isinstance(index, cst.Index) else index
        holder: cst.BaseExpression = node.value
    elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and len(node.args) == 1:
        if node.func.attr.value != "get":
            return None
        spelled, holder = node.args[0].value, node.func.value
    else:
        return None
    known = isinstance(spelled, cst.SimpleString) and string_value(spelled) in keys
    return dotted(holder) if known and isinstance(holder, (cst.Name, cst.Attribute)) else None


def _says_itself(source: Parameter, part: Part, variable: str, function: FunctionNode, owner: Owner) -> bool:
    """Whether the same variable names the copied thing: `answer["id"]`."""
    node = source.expression
    if isinstance(node, cst.Name):
        values = list(bindings(function, node.value))
        node = values[0] if len(values) == 1 else None
    if looked_into(node, *owner.ids) != variable:
        return False
    return any(
        other.origin.number == part.origin.number and other.path[:-1] == part.path[:-1]
        for other in parts_of(source.value)
    )


def _was_asked_for(
    context: Context, source: Parameter, part: Part, variable: str, function: FunctionNode
) -> bool:
    """Whether the answer is that to a request for the copied thing, made with the very same expression."""
    asked = next(bindings(function, variable), None)
    listed = any(not isinstance(step, str) for step in part.path)
    if asked is None or source.expression is None or listed:
        return False
    code = _code(source.module, source.expression)
    stable = isinstance(source.expression, cst.Name) and is_stable(function, source.expression.value)
    chain = isinstance(source.expression, cst.Attribute) and not _is_stored(function, code)
    inside = any(
        isinstance(each, cst.BaseExpression) and _code(source.module, each) == code for each in walk(asked)
    )
    same = all(_names_it(request, context, source.value) for request in part.origin.requests)
    return inside and same and (stable or chain)


def _code(module: Module, node: cst.CSTNode) -> str:
    return module.tree.code_for_node(node).strip()


def _is_set_once(context: Context, name: str) -> bool:
    """Whether an attribute gets its value at one place, when the object is made."""
    attribute = name.rpartition(".")[2]
    set_in = [
        function_of(module, node)
        for module in context.modules
        if attribute in module.text
        for node in walk(module.tree)
        if isinstance(
            node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr, cst.For, cst.AsName)
        )
        and any(isinstance(each, cst.Attribute) and each.attr.value == attribute for each in _targets(node))
    ]
    return len(set_in) == 1 and isinstance(set_in[0], cst.FunctionDef) and set_in[0].name.value == "__init__"


def _targets(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What a binding binds, its parts too."""
    target = node.name if isinstance(node, cst.AsName) else getattr(node, "target", None)
    yield from walk(target) if isinstance(target, cst.CSTNode) else ()


def _is_stored(function: FunctionNode, code: str) -> bool:
    empty = cst.Module([])
    for node in own(function):
        if isinstance(node, cst.AssignTarget) and empty.code_for_node(node.target).strip() == code:
            return True
    return False


def _names_it(request: Request, context: Context, value: Value) -> bool:
    """Whether the id that the request's path ends in, apart from fixed segments, is that value."""
    tie = context.ties.of(request)
    if tie is None or not tie.endpoints:
        return False
    seen = characters(request.url).partition("?")[0].rstrip("/")
    fixed = tie.endpoints[0].path.rpartition("}")[2]
    before = seen.removesuffix(fixed)
    if fixed and before == seen:
        return False
    if not before.endswith(f"/{HOLE}"):
        return {before.rpartition("/")[2]} == {each.literal for each in iterate_texts(value)}
    at = len(before) - 1
    for piece in request.url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        if at < length:
            return piece.hole is not None and _same(piece.hole, value)
        at -= length
    return False


def _same(hole: Value, value: Value) -> bool:
    """Whether a request's URL holds a value, or one of several that it can be."""
    return any(key_of(hole) == key_of(option) for option in options(value))
