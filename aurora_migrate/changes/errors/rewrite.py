"""The edits that make a look for an old error one for the messages of the new list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from aurora_migrate.changes.errors import asked as error_asked
from aurora_migrate.changes.errors import flat as error_flat
from aurora_migrate.changes.errors.asked import body_of
from aurora_migrate.changes.errors.lists import display_around
from aurora_migrate.changes.errors.reads import Look, or_chain, or_operands
from aurora_migrate.changes.errors.text import Shape, Wanted, joined, listed, source_as_operand
from aurora_migrate.changes.fates.judge import Verdict
from aurora_migrate.changes.fates.trail import End
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.trees import walk

Member = tuple[Look, Verdict | None]


def only_tests(look: Look, verdict: Verdict | None) -> bool:
    """Whether a look asks for nothing but whether there is an error."""
    if look.form is Form.IN:
        return True
    plain = look.form is not Form.POP and not _default_of(look)
    return plain and verdict is not None and bool(verdict.ends) and verdict.ends <= {End.TRUTH, End.NONE}


def anchor_of(look: Look) -> int:
    """What looks share that are rewritten as one expression."""
    if look.form is Form.FIELD:
        field = look.read.field
        return id(field.owner.node) if field is not None else id(look.node)
    node = look.node
    while True:
        node = or_chain(look.module, node)
        arg = look.module.parents.get(id(node))
        call = look.module.parents.get(id(arg)) if isinstance(arg, cst.Arg) else None
        if not isinstance(call, cst.Call) or not _is_default(call, arg):
            return id(node)
        node = call


def _is_default(call: cst.Call, arg: cst.CSTNode | None) -> bool:
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    return method in ("get", "pop") and len(call.args) == 2 and call.args[1] is arg


def rewrite(plan: Plan, shape: Shape, members: Sequence[Member], displays: Sequence[cst.List]) -> None:
    """Plan the rewrite of the looks of one expression. Raises Refused where it cannot be made.

    `displays` are the lists that nothing but what is found is put into: they become the list of messages.
    """
    tests = [
        look for look, verdict in members if only_tests(look, verdict) and error_asked.can_ask(look, verdict)
    ]
    error_asked.ask(plan, shape, tests)
    rest = [(look, verdict) for look, verdict in members if not any(look is each for each in tests)]
    by_body: dict[str, list[Member]] = {}
    for look, verdict in rest:
        by_body.setdefault(body_of(look), []).append((look, verdict))
    if len(by_body) > 1:
        raise Refused("two answers are looked into in one expression")
    if rest and displays:
        _list(plan, shape, [look for look, _ in rest], displays)
    elif rest:
        _join(plan, shape, rest)


def flattened(plan: Plan, shape: Shape, members: Sequence[Member]) -> tuple[Edit, ...]:
    """Plan the messages where texts are made of the fields of what a look finds. Raises Refused."""
    look, verdict = members[0]
    if len(members) != 1 or verdict is None:
        raise Refused("several keys are looked for there, and fields are made texts of")
    operands = _operands_of(or_chain(look.module, look.node))
    telling = [each for each in operands if isinstance(each, cst.BaseExpression) and not _says_nothing(each)]
    rest = len(telling) > 1 or _default_of(look) is not None
    return error_flat.flatten(plan, shape, look, verdict.flat, rest)


def _join(plan: Plan, shape: Shape, members: Sequence[Member]) -> None:
    looks = [look for look, _ in members]
    module, place = looks[0].module, _place(looks)
    operands = or_operands(module, looks[0].node) if len(looks) > 1 else [looks[0].node]
    if place is not looks[0].node:
        operands = _operands_of(place)
        if any(isinstance(each, cst.Comment) for each in walk(place)):
            raise Refused("a comment stands inside the expression")
    inner = [look for look in looks if look.node in operands] or looks
    last = _innermost(looks, inner[-1])
    ends = {end for _, verdict in members if verdict is not None for end in verdict.ends}
    rest = list(_rest(operands, looks))
    want = Wanted(
        strict=_is_strict(last),
        pops=last.form is Form.POP,
        default=" or ".join(rest),
        none_matters=bool(ends & {End.NONE, End.TYPED}) and not rest and not _is_caught(module, place, last),
        empty_matters=bool(ends & {End.TRUTH, End.NONE}),
    )
    receiver = looks[0].receiver
    assert receiver is not None
    before = list(_before(operands, looks))
    text = joined(shape, module, place, receiver, want)
    plan.reword(module, place, " or ".join([*before, text]))


def _list(plan: Plan, shape: Shape, looks: Sequence[Look], displays: Sequence[cst.List]) -> None:
    module, place = looks[0].module, or_chain(looks[0].module, looks[0].node)
    operands = _operands_of(place)
    if any(isinstance(each, cst.Comment) for holder in (place, *displays) for each in walk(holder)):
        raise Refused("a comment stands inside the expression")
    inner = [look for look in looks if look.node in operands] or looks
    last = _innermost(looks, inner[-1])
    default = " or ".join(f"[{each}]" for each in _rest(operands, looks))
    want = Wanted(strict=_is_strict(last), pops=last.form is Form.POP, default=default)
    receiver = looks[0].receiver
    assert receiver is not None
    text = " or ".join([*_before(operands, looks), listed(shape, module, place, receiver, want)])
    around = display_around(module, place)
    if around is not None:
        plan.reword(module, around, text)
        return
    plan.reword(module, place, text)
    target = module.parents[id(place)]
    assert isinstance(target, cst.Assign)
    name = module.tree.code_for_node(target.targets[0].target)
    for display in displays:
        plan.reword(module, display, name)


def _is_caught(module: Module, place: cst.CSTNode, last: Look) -> bool:
    """Whether None never gets further: a missing key raises, or a text or something else stands in."""
    given = last.node.args[1].value if isinstance(last.node, cst.Call) and len(last.node.args) > 1 else None
    if isinstance(given, cst.SimpleString):
        return True
    parent = module.parents.get(id(place))
    behind = isinstance(parent, cst.BooleanOperation) and isinstance(parent.operator, cst.Or)
    return _is_strict(last) or (behind and isinstance(parent, cst.BooleanOperation) and parent.left is place)


def _place(looks: Sequence[Look]) -> cst.CSTNode:
    """The smallest expression that holds all the looks."""
    module, node = looks[0].module, looks[0].node
    wanted = {id(look.node) for look in looks}
    while not wanted <= {id(each) for each in walk(node)}:
        node = module.parents[id(node)]
    return node


def _operands_of(node: cst.CSTNode) -> list[cst.CSTNode]:
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        return [*_operands_of(node.left), *_operands_of(node.right)]
    return [node]


def _before(operands: Sequence[cst.CSTNode], looks: Sequence[Look]) -> Iterator[str]:
    """The operands in front of the first look."""
    mine = {id(look.node) for look in looks}
    for operand in operands:
        if id(operand) in mine:
            return
        assert isinstance(operand, cst.BaseExpression)
        yield source_as_operand(looks[0].module, operand)


def _rest(operands: Sequence[cst.CSTNode], looks: Sequence[Look]) -> Iterator[str]:
    """What stands in when there is no error: defaults of the looks, and the operands between them."""
    by_node = {id(look.node): look for look in looks}
    begun = False
    for operand in operands:
        look = by_node.get(id(operand))
        begun = begun or look is not None
        if look is not None:
            yield from _defaults(look, by_node)
        elif begun:
            assert isinstance(operand, cst.BaseExpression)
            yield source_as_operand(looks[0].module, operand)


def _defaults(look: Look, by_node: dict[int, Look]) -> Iterator[str]:
    default = _default_of(look)
    for operand in _operands_of(default) if default is not None else ():
        inner = by_node.get(id(operand))
        if inner is not None:
            yield from _defaults(inner, by_node)
        elif isinstance(operand, cst.BaseExpression):
            yield source_as_operand(look.module, operand)


def _default_of(look: Look) -> cst.BaseExpression | None:
    """The default that says something."""
    node = look.node
    if not isinstance(node, cst.Call) or len(node.args) < 2:
        return None
    default = node.args[1].value
    return None if _says_nothing(default) else default


def _says_nothing(default: cst.BaseExpression) -> bool:
    if isinstance(default, (cst.Dict, cst.List, cst.Tuple)):
        return not default.elements
    if isinstance(default, cst.SimpleString):
        return not string_value(default)
    if isinstance(default, cst.Call):
        return (
            isinstance(default.func, cst.Name) and default.func.value in ("dict", "list") and not default.args
        )
    return isinstance(default, cst.Name) and default.value in ("None", "False")


def _innermost(looks: Sequence[Look], look: Look) -> Look:
    """The look that is the default of another's default, and so on: the last one that is tried."""
    default = _default_of(look)
    held = {id(each) for each in walk(default)} if default is not None else set()
    inner = [each for each in looks if id(each.node) in held]
    return _innermost(looks, inner[-1]) if inner else look


def _is_strict(look: Look) -> bool:
    if look.form is Form.POP and isinstance(look.node, cst.Call):
        return len(look.node.args) < 2
    return look.form is Form.SUBSCRIPT
