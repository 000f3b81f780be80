"""Why a look for an old error is left to the user, and what to write there instead."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.errors.asked import is_repeatable
from aurora_migrate.changes.errors.reads import Look
from aurora_migrate.changes.errors.text import Shape, Wanted, free_body, joined
from aurora_migrate.changes.fates.trail import End, Fate
from aurora_migrate.changes.fields.response_fields import unproven
from aurora_migrate.changes.fields.strange import reason_of_strangers
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.reads import Form

_FORMS = {
    Form.CASE: "a pattern looks for it",
    Form.ARGUMENT: "`**` hands it to a parameter of that name",
    Form.ATTRIBUTE: "it is an attribute of an object that is made of the answer",
    Form.COLUMN: "it is a column of a table",
    Form.COMPARED: "it is looked for among all keys",
    Form.SETDEFAULT: "`setdefault` writes it, too",
}


def reason_against(context: Context, look: Look, hindrances: Sequence[Fate]) -> str:
    """Why the look is not rewritten; empty when nothing speaks against it."""
    if look.certainty is Certainty.LIKELY:
        return unproven([look.read.part])
    if look.foreign:
        return "the same code looks into other answers, too"
    if id(look.node) in context.facts.own_finders:
        return "the same code looks into the program's own mappings, too"
    strange = reason_of_strangers(context.facts, [look.node], look.read.name)
    if strange:
        return strange
    if look.form in _FORMS:
        return _FORMS[look.form]
    if len(look.names) > 1:
        return "the key comes from a variable that has other values, too"
    if look.form is not Form.FIELD and not isinstance(
        look.key_node, (cst.SimpleString, cst.Name, cst.Attribute)
    ):
        return "the key is put together there"
    if _is_written(context, look):
        return f"the program itself writes `{look.read.name}` into that answer"
    return _told(look, hindrances[0]) if hindrances else ""


def _tolerant(shape: Shape, look: Look, receiver: cst.BaseExpression) -> str:
    """The text of either shape: the messages of the new one, else what the code finds now."""
    module = look.module
    default = module.tree.code_for_node(look.node).strip()
    said = "one text of either shape is"
    if not is_repeatable(receiver):
        source = module.tree.code_for_node(receiver).strip()
        body = free_body(module, look.node)
        default = default.replace(source, body, 1)
        receiver, said = cst.Name(body), f"with `{source}` in a variable `{body}`, {said}"
    want = Wanted(strict=False, tolerant=True, default=default)
    return f"{said} `{joined(shape, module, look.node, receiver, want)}`"


def looks_elsewhere(facts: Facts, look: Look) -> bool:
    """Whether other things than Aurora's answers are looked into there, too, which keep their shape."""
    if look.foreign or id(look.node) in facts.own_finders:
        return True
    return bool(reason_of_strangers(facts, [look.node], look.read.name))


def _is_written(context: Context, look: Look) -> bool:
    return any(
        read.form in (Form.STORE, Form.DELETE)
        and read.name == look.read.name
        and read.part.key == look.read.part.key
        for read in context.facts.reads.values()
    )


def _told(look: Look, fate: Fate) -> str:
    line = fate.module.location(fate.node).start.line
    here = fate.module is look.module and line == look.module.location(look.node).start.line
    where = "" if here else f" at {fate.module.path.name}:{line}"
    if fate.end is End.APART:
        return f"it {fate.says}{where}, and the messages have no fields"
    if fate.end is End.TYPED:
        return f"it {fate.says}{where}, and what objects get there is not only words"
    if fate.end is End.TESTED:
        return f"it {fate.says}{where}, and nothing promises the words of a message"
    return f"it {fate.says}{where}"


def suggestion(facts: Facts, shape: Shape, look: Look, only_tests: bool) -> str:
    """The code to write, in the names of the place."""
    receiver = look.receiver
    if only_tests:
        return f'the keys to test for are `"{shape.many}"` and `"{shape.one}"`'
    if receiver is None:
        return f'the messages are `[item["{shape.message}"] for item in body["{shape.many}"]]`'
    try:
        if looks_elsewhere(facts, look):
            return _tolerant(shape, look, receiver)
        want = Wanted(strict=look.form is Form.SUBSCRIPT)
        return f"its messages as one text are `{joined(shape, look.module, look.node, receiver, want)}`"
    except Refused:
        return f"its messages are under `{shape.many}`"
