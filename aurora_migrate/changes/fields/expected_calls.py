"""Calls of the program's own functions that tests expect of mocks: they change with the calls themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Look
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Entry


def expected_beside(context: Context, arg: cst.CSTNode | None) -> Iterator[tuple[Module, cst.Arg]]:
    """The arguments that tests expect of a mock in the place of one."""
    doubles = context.facts.doubles
    if doubles is not None and isinstance(arg, cst.Arg):
        yield from doubles.paired.get(id(arg), {}).values()


def rename_expected(context: Context, plan: Plan, entry: Entry, old: str, new: str) -> None:
    """Give the keywords that tests expect the new name, where the entry is a keyword of a call."""
    for module, expected in expected_beside(context, entry.uses[-1].operand if entry.uses else None):
        if expected.keyword is not None and expected.keyword.value == old:
            plan.rename(module, expected.keyword, new)


def map_expected(
    context: Context, plan: Plan, module: Module, given: cst.CSTNode, level: str, new: str
) -> None:
    """Put a new value where tests expect the old one of a mock; Refused where they spell it otherwise."""
    for home, expected in expected_beside(context, module.parents.get(id(given))):
        value = expected.value
        if isinstance(value, cst.SimpleString) and string_value(value) == level:
            plan.cut(home, value, 0, len(level), new)
        elif isinstance(given, (cst.Name, cst.Attribute)) and last_name(value) == last_name(given):
            plan.replace(home, value, f'"{new}"')
        else:
            line = home.location(expected).start.line
            raise Refused(f"the test at {home.path.name}:{line} expects the value in another way")


def map_compared(plan: Plan, levels: Mapping[str, str], look: Look) -> bool:
    """Put a new value where a test compares what it looks up with the old one; whether that is what it does.

    `assert fake.updates["1"]["level"] == "Admin"`, `self.assertEqual(sent["level"], "Admin")`.
    """
    if not is_test_module(look.module):
        return False
    above = look.module.parents.get(id(look.node))
    others: list[cst.BaseExpression] = []
    if isinstance(above, cst.Comparison) and len(above.comparisons) == 1:
        others = [above.comparisons[0].comparator]
    elif isinstance(above, cst.ComparisonTarget):
        whole = look.module.parents.get(id(above))
        others = [whole.left] if isinstance(whole, cst.Comparison) else []
    elif isinstance(above, cst.Arg):
        call = look.module.parents.get(id(above))
        if isinstance(call, cst.Call) and last_name(call.func) in ("assertEqual", "assertNotEqual"):
            others = [arg.value for arg in call.args[:2] if arg is not above]
    if len(others) != 1 or not isinstance(others[0], cst.SimpleString):
        return False
    level = string_value(others[0])
    if level not in levels:
        return False
    plan.cut(look.module, others[0], 0, len(level), levels[level])
    return True
