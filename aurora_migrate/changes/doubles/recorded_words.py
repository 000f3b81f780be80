"""Texts that tests expect of refusals, put together otherwise than the messages are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, as_unsafe, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles.recorded_errors import quoted
from aurora_migrate.changes.doubles.tied import Tied
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.facts import Body
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Text

MIN_LENGTH = 4
"""Shorter ends of messages are found in any text."""


def find(context: Context, rule: Rule, told: Iterable[Tied]) -> Iterator[Finding]:
    """Literals of tests that have a field and its complaint in them, but not as the message has them."""
    list_key, message_key = rule.parameters.text("list-key"), rule.parameters.text("message-key")
    recorded = [
        (tied, messages)
        for tied in told
        if tied.double is not None and context.ties.concerned(tied.request, rule) is not None
        for body in tied.double.bodies
        if (messages := _messages(body, list_key, message_key))
    ]
    if not recorded:
        return
    functions = _functions(context)
    joiners = _joiners(context, message_key)
    shown: set[int] = set()
    for tied, messages in recorded:
        assert tied.double is not None
        for module, function in [functions[test] for test in tied.double.tests if test in functions]:
            for literal in _literals(function):
                if id(literal) not in shown and _is_otherwise(string_value(literal), messages, joiners):
                    shown.add(id(literal))
                    yield _finding(context, rule, tied, module, literal, messages, joiners)


def _messages(body: Body, list_key: str, message_key: str) -> list[str]:
    """The messages of a recorded refusal in the new shape, where each begins with a field."""
    found: list[str] = []
    for _, held in body.at(list_key):
        for item in held.items:
            for _, message in item.at(message_key):
                said = message.value.literal if isinstance(message.value, Text) else None
                field, _, rest = (said or "").partition(" ")
                if not said or not field.isidentifier() or not field.islower() or len(rest) < MIN_LENGTH:
                    return []
                found.append(said)
    return found


def _functions(context: Context) -> dict[int, tuple[Module, cst.FunctionDef]]:
    """The functions of test modules, by the identity of their nodes."""
    return {
        id(node): (module, node)
        for module in context.modules
        if is_test_module(module)
        for node in walk(module.tree)
        if isinstance(node, cst.FunctionDef)
    }


def _joiners(context: Context, message_key: str) -> set[str]:
    """What the program puts between the messages where it makes one text of them right away."""
    found: set[str] = set()
    for module in context.modules:
        if message_key not in module.text or is_test_module(module):
            continue
        for node in walk(module.tree):
            if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or not node.args:
                continue
            made, joiner = node.args[0].value, node.func.value
            is_join = node.func.attr.value == "join" and isinstance(joiner, cst.SimpleString)
            if is_join and isinstance(made, (cst.GeneratorExp, cst.ListComp)):
                assert isinstance(joiner, cst.SimpleString)
                if _is_message(made.elt, message_key):
                    found.add(string_value(joiner))
    return found


def _is_message(node: cst.CSTNode, message_key: str) -> bool:
    keys = (each for each in walk(node) if isinstance(each, cst.SimpleString))
    return any(string_value(each) == message_key for each in keys)


def _literals(function: cst.FunctionDef) -> Iterator[cst.SimpleString]:
    for node in walk(function):
        if isinstance(node, cst.SimpleString) and "b" not in node.prefix.lower():
            yield node


def _is_otherwise(text: str, messages: Sequence[str], joiners: set[str]) -> bool:
    """Whether a text says all of the messages, but in other words than the program does now."""
    for message in messages:
        field, _, rest = message.partition(" ")
        if field not in text or rest not in text:
            return False
    if all(message in text for message in messages):
        return len(messages) > 1 and bool(joiners) and not any(j.join(messages) in text for j in joiners)
    return True


def _finding(
    context: Context,
    rule: Rule,
    tied: Tied,
    module: Module,
    literal: cst.SimpleString,
    messages: Sequence[str],
    joiners: set[str],
) -> Finding:
    said = (min(joiners) if joiners else "; ").join(messages)
    location, subject = module.location(literal), source_of(module, literal)
    trace, key = trace_of(tied.request, literal), rule.parameters.texts("old-keys")[0]
    try:
        if not tied.certain or len(joiners) != 1 or not _says_no_more(string_value(literal), messages):
            raise Refused(f'the test expects other words than the code has now: "{said}"')
        if not isinstance(module.parents.get(id(literal)), _WHOLE):
            raise Refused(f'the test expects a part of what the code has now: "{said}"')
        plan = Plan(clean=False)
        plan.replace(module, literal, quoted(said))
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        found = manual(rule, location, Certainty.LIKELY, str(refused), trace, subject, key=key)
        return replace(found, follows=True)
    found = fixable(rule, location, Certainty.PROVEN, edits, trace, subject, key=key)
    return replace(as_unsafe(found, "expect the messages as the code has them now"), follows=True)


_WHOLE = (cst.Element, cst.ComparisonTarget, cst.Comparison, cst.Arg)
"""Where a literal is a value by itself."""


def _says_no_more(text: str, messages: Sequence[str]) -> bool:
    """Whether a text has nothing but the fields, their complaints and punctuation in it."""
    for message in messages:
        field, _, rest = message.partition(" ")
        text = text.replace(rest, "", 1).replace(field, "", 1)
    return not text.strip(" ,;:.|/-()")
