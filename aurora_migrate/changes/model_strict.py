"""Kind model-strict: a class or function that breaks when an answer has a property more."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.advice.answers import Answers, trace_to
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.models import is_validating
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.objects import resolution_order
from aurora_migrate.flow.reads import Taking
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import ClassValue

_FORBIDS, _IGNORES = "forbid", "ignore"


def find(context: Context, rule: Rule) -> Iterator[Finding]:
    """Every such class or function that a part of an answer is spread into."""
    answers = Answers(context, rule)
    seen: set[int] = set()
    for taking in context.facts.takings.values():
        if not taking.spread or not answers.are_ours(taking.part) or is_test_module(taking.module):
            continue
        if taking.kind is not None and is_validating(taking.kind):
            setting = _setting(taking.kind)
            if setting is not None and id(setting[1]) not in seen:
                seen.add(id(setting[1]))
                yield _forbidding(context, rule, taking, *setting)
        elif _is_spread_by_hand(taking.node) and id(taking.node) not in seen:
            seen.add(id(taking.node))
            yield _spread(rule, taking)


def _is_spread_by_hand(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and any(arg.star == "**" for arg in node.args)


def _spread(rule: Rule, taking: Taking) -> Finding:
    """`Model(**part)` of a plain class, `function(**part)`: a TypeError for an unknown key."""
    module, node = taking.module, taking.node
    assert isinstance(node, cst.Call)
    code = source_of(module, node)
    reason = f"`{code}` takes no other keys; hand over those that `{dotted_name(node.func)}` knows"
    return manual(rule, module.location(node), Certainty.PROVEN, reason, trace_to(taking.part), code)


# -- models that are told to forbid


def _setting(kind: ClassValue) -> tuple[ClassValue, cst.BaseExpression] | None:
    """The class and the expression that make a model forbid what it does not know; None when none does."""
    for owner in resolution_order(kind):
        if isinstance(owner, ClassValue):
            found = next(_stated(owner.node), None)
            if found is not None:
                return (owner, found) if _forbids(found) else None
    return None


def _stated(kind: cst.ClassDef) -> Iterator[cst.BaseExpression]:
    """What a class says about further keys: in its line, its `model_config` or its `Config`."""
    for arg in kind.keywords:
        if arg.keyword is not None and arg.keyword.value in ("extra", "forbid_unknown_fields"):
            yield arg.value
    for statement in kind.body.body:
        if isinstance(statement, cst.ClassDef) and statement.name.value == "Config":
            yield from (value for name, value in _assigned(statement.body) if name == "extra")
    for name, value in _assigned(kind.body):
        if name == "model_config":
            yield from _in_config(value)


def _assigned(body: cst.BaseSuite) -> Iterator[tuple[str, cst.BaseExpression]]:
    for statement in body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and len(small.targets) == 1:
                yield dotted_name(small.targets[0].target), small.value
            elif isinstance(small, cst.AnnAssign) and small.value is not None:
                yield dotted_name(small.target), small.value


def _in_config(config: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(config, cst.Call):
        yield from (arg.value for arg in config.args if arg.keyword and arg.keyword.value == "extra")
    elif isinstance(config, cst.Dict):
        for element in config.elements:
            key = element.key if isinstance(element, cst.DictElement) else None
            if isinstance(key, cst.SimpleString) and string_value(key) == "extra":
                yield element.value


def _forbids(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.SimpleString):
        return string_value(value) == _FORBIDS
    return dotted_name(value).rpartition(".")[2] in (_FORBIDS, "True")


def _forbidding(
    context: Context, rule: Rule, taking: Taking, owner: ClassValue, value: cst.BaseExpression
) -> Finding:
    module: Module = owner.module
    location, subject = module.location(value), f"{owner.name} {source_of(module, value)}"
    trace = trace_to(taking.part)
    try:
        if owner is not taking.kind:
            name = taking.kind.name if taking.kind is not None else owner.name
            raise Refused(f"`{owner.name}` is the base of other models, too; say it in `{name}`")
        plan = Plan(clean=False)
        _allow(plan, module, value)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, Certainty.PROVEN, str(refused), trace, subject)
    how = f"`{owner.name}` forbids further properties"
    return fixable(rule, location, Certainty.PROVEN, edits, trace, subject, how=how)


def _allow(plan: Plan, module: Module, value: cst.BaseExpression) -> None:
    if isinstance(value, cst.SimpleString):
        plan.cut(module, value, 0, len(_FORBIDS), _IGNORES)
    elif isinstance(value, cst.Attribute) and value.attr.value == _FORBIDS:
        plan.replace(module, value, f"{dotted_name(value.value)}.{_IGNORES}")
    elif isinstance(value, cst.Name) and value.value == "True":
        plan.replace(module, value, "False")
    else:
        raise Refused("what it says stands elsewhere")
