"""What a successor would take from the original where the body leaves it out, unlike the old request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Body, Kept, Request


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
