"""Code that makes texts of an object of fields and messages goes through the list of messages instead."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.errors.asked import is_repeatable
from aurora_migrate.changes.errors.reads import Look, or_chain
from aurora_migrate.changes.errors.text import Shape, Wanted, free_item, list_of, messages_of
from aurora_migrate.changes.fates.flattened import Flattening
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.trees import walk


def flatten(plan: Plan, shape: Shape, look: Look, made: list[Flattening], rest: bool) -> tuple[Edit, ...]:
    """Plan the messages in the place of the fields' texts; the edits that no plan can make come back.

    `rest`: there is a default that says something, which no list of messages can take the place of.
    """
    place = or_chain(look.module, look.node)
    receiver = look.receiver
    if rest or receiver is None or look.form is Form.POP:
        raise Refused("what stands in for no error is no list of messages")
    want = Wanted(strict=look.form is Form.SUBSCRIPT)
    direct = [each for each in made if any(node is place for node in walk(each.source))]
    if not direct:
        _refuse_comments(place)
        plan.reword(look.module, place, _listed(shape, look.module, place, receiver, want))
    edits: list[Edit] = []
    for each in made:
        _refuse_comments(each.around if isinstance(each.around, cst.BaseComp) else each.text)
        source = None if each in direct else each.module.tree.code_for_node(each.source).strip()
        if isinstance(each.around, cst.For):
            listed = source or _listed(shape, look.module, place, receiver, want)
            edits.extend(_loop(plan, shape, each, each.around, listed))
        else:
            _comprehension(plan, shape, each, each.around, source, receiver, want)
    return tuple(edits)


def _listed(
    shape: Shape, module: Module, place: cst.CSTNode, receiver: cst.BaseExpression, want: Wanted
) -> str:
    if is_repeatable(receiver):
        return list_of(shape, module.tree.code_for_node(receiver).strip(), want)
    inside = messages_of(shape, module, place, receiver, want, free_item(module, place))
    return f"[{inside}]"


def _comprehension(
    plan: Plan,
    shape: Shape,
    made: Flattening,
    around: cst.BaseComp,
    source: str | None,
    receiver: cst.BaseExpression,
    want: Wanted,
) -> None:
    item = free_item(made.module, around)
    text = made.wording(f'{item}["{shape.message}"]')
    if source is not None:
        inside = f"{text} for {item} in {source}"
    else:
        inside = messages_of(shape, made.module, around, receiver, want, text)
    plan.reword(made.module, around, f"[{inside}]" if isinstance(around, cst.ListComp) else f"({inside})")


def _loop(plan: Plan, shape: Shape, made: Flattening, loop: cst.For, listed: str) -> list[Edit]:
    module, item = made.module, free_item(made.module, loop)
    plan.reword(module, loop.target, item)
    plan.reword(module, loop.iter, listed)
    plan.reword(module, made.text, made.wording(f'{item}["{shape.message}"]'))
    if made.inner is None:
        return []
    header, statement = module.span(made.inner), module.span(made.inner.body.body[0])
    if header is None or statement is None or "#" in module.text[header[0] : statement[0]]:
        raise Refused("a comment stands inside the loop")
    return [Edit(module.path, header[0], statement[0], "")]


def _refuse_comments(node: cst.CSTNode) -> None:
    if any(isinstance(each, cst.Comment) for each in walk(node)):
        raise Refused("a comment stands inside the expression")
