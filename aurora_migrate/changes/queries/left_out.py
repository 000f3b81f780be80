"""What a successor would take from the original where the body leaves it out, unlike the old request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.facts import Body, Kept, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk


def say_outright(
    context: Context, plan: Plan, request: Request, wrapper: str, named: Sequence[str], emptied: Sequence[str]
) -> None:
    """Write into the body what the old request left empty. Raises Refused where only the user knows.

    `named` are the keys that need a value of the user's, `emptied` those that stayed empty.
    """
    for body in _inside(request, wrapper):
        for key in named:
            if _lacks(body, key):
                raise Refused(f"its body has no `{key}`, and the copy would take the original's: give it one")
        for key in emptied:
            if _lacks(body, key):
                if body.mapping is None or body.mapping.node is None or body.mapping.module is None:
                    raise Refused(f"its body has no `{key}`, and the copy would take the original's")
                _refuse_shared(context, request, body.mapping.node)
                _refuse_used(body.mapping.module, body.mapping.node)
                plan.add_entry(body.mapping.module, body.mapping.node, key, "None")


def _refuse_shared(context: Context, request: Request, mapping: cst.CSTNode) -> None:
    """Refuse to add to what other requests carry, too."""
    carriers: list[Request | Kept] = [*context.facts.requests.values(), *context.facts.kept.values()]
    for other in carriers:
        if other.node is request.node:
            continue
        held = (each for body in other.bodies for each in body.every())
        if any(each.mapping is not None and each.mapping.node is mapping for each in held):
            line = other.module.location(other.node).start.line
            raise Refused(f"its body is also that of {other.module.path.name}:{line}")


def _refuse_used(module: Module, mapping: cst.CSTNode) -> None:
    """Refuse where the whole body goes on under its name, to what would see the key that is added."""
    statement = module.parents.get(id(mapping))
    target = statement.targets[0].target if isinstance(statement, cst.Assign) else None
    if not isinstance(target, cst.Name):
        return
    scope: cst.CSTNode = function_of(module, mapping) or module.tree
    names = [each for each in walk(scope) if isinstance(each, cst.Name) and each.value == target.value]
    whole = [name for name in names if name is not target and not _is_looked_into(module, name)]
    if len(whole) > 1:
        line = module.location(whole[1]).start.line
        raise Refused(f"its body goes on as a whole at {module.path.name}:{line}, too")


def _is_looked_into(module: Module, name: cst.Name) -> bool:
    """`body["key"]`, `body["key"] = value`, `body.get("key")`; the name of a keyword is none of it."""
    above = module.parents.get(id(name))
    if isinstance(above, cst.Arg):
        return above.keyword is name
    if isinstance(above, cst.Subscript):
        return above.value is name
    method = above.attr.value if isinstance(above, cst.Attribute) and above.value is name else ""
    return method in ("get", "setdefault", "update")


def _inside(request: Request, wrapper: str) -> Iterator[Body]:
    """What the bodies hold under the wrapper, each mapping once."""
    seen: set[int] = set()
    for body in request.bodies:
        for _, inner in body.at(wrapper):
            if id(inner.mapping and inner.mapping.node) not in seen:
                seen.add(id(inner.mapping and inner.mapping.node))
                yield inner


def _lacks(body: Body, key: str) -> bool:
    return not body.open and not any(body.at(key))
