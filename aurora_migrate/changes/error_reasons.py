"""Why a look for an old error is left to the user, and what to write there instead."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.error_reads import Look
from aurora_migrate.changes.error_text import Shape, Wanted, joined
from aurora_migrate.changes.fates.trail import End, Fate
from aurora_migrate.changes.response_fields import UNPROVEN
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Certainty
from aurora_migrate.flow.facts import Form

_FORMS = {
    Form.CASE: "a pattern looks for it",
    Form.ARGUMENT: "`**` hands it to a parameter of that name",
    Form.COLUMN: "it is a column of a table",
    Form.COMPARED: "it is looked for among all keys",
    Form.SETDEFAULT: "`setdefault` writes it, too",
}


def reason_against(context: Context, look: Look, hindrances: Sequence[Fate]) -> str:
    """Why the look is not rewritten; empty when nothing speaks against it."""
    if look.certainty is Certainty.LIKELY:
        return UNPROVEN
    if look.foreign:
        return "the same code looks into other answers, too"
    if id(look.node) in context.facts.own_finders:
        return "the same code looks into the program's own mappings, too"
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


def suggestion(shape: Shape, look: Look, only_tests: bool) -> str:
    """The code to write, in the names of the place."""
    receiver = look.receiver
    if only_tests:
        return f'the keys to test for are `"{shape.many}"` and `"{shape.one}"`'
    if receiver is None:
        return f'the messages are `[item["{shape.message}"] for item in body["{shape.many}"]]`'
    try:
        want = Wanted(strict=look.form is Form.SUBSCRIPT)
        return f"its messages as one text are `{joined(shape, look.module, look.node, receiver, want)}`"
    except Refused:
        return f"its messages are under `{shape.many}`"
