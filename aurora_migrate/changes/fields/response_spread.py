"""What becomes of a field's new name where an answer is spread over fields or parameters."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.models import is_validating
from aurora_migrate.flow.reads import Form, Read, Taking
from aurora_migrate.flow.scopes import dotted_name


def is_taken_away(
    context: Context, rule: Rule, new: str, reads: Iterable[Read], holders: set[Hashable]
) -> bool:
    """Whether the new key must not stay in the object that the old one is put into.

    It is one too many for what takes no other keys; wherever the program knows it, it has to stay. Refused
    where both are so.
    """
    if not any(read.form in (Form.FIELD, Form.ARGUMENT) for read in reads):
        return False
    strict = next(_strict(context, new, holders), None)
    if strict is None:
        return not any(new in module.text for module in context.modules)
    known = next(_known(context, rule, new), None)
    if known is not None:
        line = strict.module.location(strict.node).start.line
        other = known.module.location(known.node).start.line
        raise Refused(
            f"what takes it at {strict.module.path.name}:{line} knows no `{new}`, which "
            f"{known.module.path.name}:{other} looks at"
        )
    return True


def _strict(context: Context, new: str, holders: set[Hashable]) -> Iterator[Taking]:
    """The takers of the objects that break at a key which they do not know."""
    for taking in context.facts.takings.values():
        if not taking.spread or taking.part.key not in holders:
            continue
        if taking.kind is None:
            if not _has_parameter(context, taking, new):
                yield taking
        elif new not in (taking.kind.fields or ()) and not is_validating(taking.kind):
            yield taking


def _has_parameter(context: Context, taking: Taking, new: str) -> bool:
    """Whether the function that is called has a parameter of that name."""
    if not isinstance(taking.node, cst.Call):
        return False
    called = dotted_name(taking.node.func).rpartition(".")[2]
    for read in context.facts.reads.values():
        if read.form is Form.ARGUMENT and read.name == new and read.part.key == taking.part.key:
            around = function_of(read.module, read.node)
            if isinstance(around, cst.FunctionDef) and around.name.value in (called, "__init__"):
                return True
    return False


def _known(context: Context, rule: Rule, new: str) -> Iterator[Read]:
    """The looks at the new name in answers of the rule's endpoints."""
    for read, _ in context.ties.reads(context.facts, rule):
        if read.name == new:
            yield read
