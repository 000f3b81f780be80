"""Tests for whether an answer tells of a refusal: both keys that it may have are asked for."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.errors.reads import Look, or_operands
from aurora_migrate.changes.errors.text import Shape, free_body, is_plain
from aurora_migrate.changes.fates.judge import Verdict
from aurora_migrate.changes.fates.trail import End
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.trees import walk


def can_ask(look: Look, verdict: Verdict | None) -> bool:
    """Whether a test can be spelled with both keys: nothing is evaluated twice that may not be."""
    return is_repeatable(look.receiver) or look.form is Form.IN or not _asks_for_none(verdict)


def ask(plan: Plan, shape: Shape, looks: Sequence[Look]) -> None:
    """Plan the tests of one expression for both keys; two tests of one chain of `or` ask for one key each."""
    left = list(looks)
    while left:
        look = left.pop(0)
        other = next((each for each in left if _are_alternatives(look, each)), None)
        if other is not None and is_repeatable(look.receiver):
            left.remove(other)
            _spell(plan, look, shape.many)
            _spell(plan, other, shape.one)
        else:
            plan.reword(look.module, look.node, _both(shape, look))


def _spell(plan: Plan, look: Look, key: str) -> None:
    """The same test for another key."""
    if look.form is Form.IN and look.key_node is not None:
        plan.replace(look.module, look.key_node, f'"{key}"')
    else:
        # What is not there under the new key may be under the other: only that look may be strict.
        strict = look.form is Form.SUBSCRIPT and key == look.read.name
        plan.reword(look.module, look.node, _asked(look, body_of(look), key, strict))


def body_of(look: Look) -> str:
    """Source of what is looked into."""
    receiver = look.receiver
    if receiver is None:
        raise Refused("what is looked into there is not written out")
    return look.module.tree.code_for_node(receiver).strip()


def _are_alternatives(one: Look, other: Look) -> bool:
    same = one.form is other.form and body_of(one) == body_of(other) and not _is_negative(one)
    return same and any(each is other.node for each in or_operands(one.module, one.node))


def _both(shape: Shape, look: Look) -> str:
    receiver, strict = look.receiver, look.form is not Form.GET
    if isinstance(look.node, cst.Comparison) and len(look.node.comparisons) != 1:
        raise Refused("it is one of several comparisons in a row")
    if receiver is not None and any(isinstance(each, cst.Comment) for each in walk(look.node)):
        raise Refused("a comment stands inside the expression")
    if is_repeatable(receiver):
        return _pair(shape, look, body_of(look), strict)
    body = free_body(look.module, look.node)
    found = f"any({_pair(shape, look, body, strict, positive=True)} for {body} in [{body_of(look)}])"
    return f"not {found}" if _is_negative(look) else found


def _pair(shape: Shape, look: Look, body: str, strict: bool, positive: bool = False) -> str:
    negative = _is_negative(look) and not positive
    first = _asked(look, body, shape.many, look.form is Form.IN, negative)
    return f"{first} {'and' if negative else 'or'} {_asked(look, body, shape.one, strict, negative)}"


def _asked(look: Look, body: str, key: str, strict: bool, negative: bool = False) -> str:
    if look.form is Form.IN:
        return f'"{key}" {"not in" if negative else "in"} {body}'
    return f'{body}["{key}"]' if strict else f'{body}.get("{key}")'


def _is_negative(look: Look) -> bool:
    """Whether it is `key not in body`."""
    node = look.node
    return isinstance(node, cst.Comparison) and isinstance(node.comparisons[0].operator, cst.NotIn)


def is_repeatable(receiver: cst.BaseExpression | None) -> bool:
    """Whether an expression may be evaluated twice: a name, or the body of a response under a name."""
    if isinstance(receiver, cst.Call) and not receiver.args and isinstance(receiver.func, cst.Attribute):
        return receiver.func.attr.value == "json" and is_plain(receiver.func.value)
    return receiver is not None and is_plain(receiver)


def _asks_for_none(verdict: Verdict | None) -> bool:
    return verdict is not None and End.NONE in verdict.ends
