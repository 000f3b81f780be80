"""unittest's assertions: each is the comparison that it stands for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import comparing
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import NONE, UNKNOWN, Builtin, Instance, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_EQUAL = frozenset(
    {
        "assertEqual",
        "assertEquals",
        "assertNotEqual",
        "assertDictEqual",
        "assertListEqual",
        "assertTupleEqual",
        "assertSequenceEqual",
        "assertCountEqual",
        "assertMultiLineEqual",
        "assertIs",
    }
)
_CONTAINED = frozenset({"assertIn", "assertNotIn"})

Compare = Callable[["Interpreter", cst.CSTNode, Value, Value, Scope], None]


def _test_case_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def compared(compare: Compare) -> Builtin:
        def call(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            first, second = args.get(0, "first"), args.get(1, "second")
            if node is not None and first is not None and second is not None:
                compare(run, node, first, second, scope)
            return NONE

        return Builtin(attr, call)

    if attr in _EQUAL:
        return compared(comparing.equal)
    if attr in _CONTAINED:
        return compared(comparing.contained)
    if attr in ("assertRaises", "assertRaisesRegex"):
        return Builtin(attr, lambda args, node, scope: _raises(run, args, node, scope))
    if attr.startswith(("assert", "skip", "fail", "addCleanup", "subTest", "enter")):
        return Builtin(attr, lambda args, node, scope: args.get(0) or UNKNOWN)
    return None


RAISES = "pytest.raises"


def _raises(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(RAISES, node, scope.module)
    expected = args.get(0, "expected_exception")
    if expected is not None:
        run.heap.set(made.cells, "expected", expected)
    return made


def _raises_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """What was caught: known when it is asked for, since all was sent by then."""
    from aurora_migrate.flow.exceptions import expected

    if attr in ("value", "exception"):
        return expected(run, run.heap.get(instance.cells, "expected") or UNKNOWN)
    return None


FUNCTIONS: dict[str, Function] = {RAISES: _raises}
_CASES = ("unittest.TestCase", "unittest.IsolatedAsyncioTestCase", "django.test.TestCase")
MEMBERS: dict[str, Member] = {**dict.fromkeys(_CASES, _test_case_member), RAISES: _raises_member}
ALIASES: dict[str, str] = {
    "unittest.case.TestCase": "unittest.TestCase",
    "django.test.SimpleTestCase": "django.test.TestCase",
}
