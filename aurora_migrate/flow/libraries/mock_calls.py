"""What the code under test gives to mocks, beside what the test expects there, argument by argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.values import Instance

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def note_given(run: Interpreter, mock: Instance, args: Args) -> None:
    """Remember a call of a mock by the running test's code."""
    _, calls = run.given_to_mocks.setdefault(id(mock), (mock, []))
    calls.append(args)


def pair(run: Interpreter, mock: Instance, expected: Args, scope: Scope) -> None:
    """Note for each argument that the mock was given what the test expects in its place."""
    _, calls = run.given_to_mocks.get(id(mock), (mock, []))
    for given in calls:
        for (_, mine), (_, theirs) in zip(given.positional, expected.positional, strict=False):
            _note(run, mine, theirs, scope)
        for name, (_, mine) in given.keywords.items():
            if name in expected.keywords:
                _note(run, mine, expected.keywords[name][1], scope)


def _note(run: Interpreter, given: cst.Arg | None, expected: cst.Arg | None, scope: Scope) -> None:
    if given is not None and expected is not None and given is not expected:
        run.doubles.paired.setdefault(id(given), {})[id(expected)] = (scope.module, expected)
