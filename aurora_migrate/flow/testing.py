"""Tests: which functions are tests, and what pytest and unittest run before them and hand to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects, patching
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.libraries import fixtures
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import UNKNOWN, Bound, Function, Instance, Part, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

MAX_RUNS = 16
"""How many parameter sets of one test are run apart; with more of them they are joined."""

_SET_UP = ("setUpClass", "setup_class", "setUp", "asyncSetUp", "setup_method", "setup")


def is_test(function: Function) -> bool:
    """Whether pytest or unittest would run this function."""
    return (
        isinstance(function.node, cst.FunctionDef)
        and function.name.startswith("test")
        and function.kind == "function"
        and is_test_module(function.module)
    )


def parameter_sets(run: Interpreter, function: Function) -> list[dict[str, Value]]:
    """The values by parameter that `parametrize` gives, one for each run of the test."""
    choices: list[list[dict[str, Value]]] = []
    for mark in [*_class_marks(run, function), *function.marks]:
        found = fixtures.parameters_of(run, mark)
        if found:
            choices.append(found)
    total = 1
    for each in choices:
        total *= len(each)
    if total <= MAX_RUNS:
        return [{name: value for part in one for name, value in part.items()} for one in product(*choices)]
    joined: dict[str, Value] = {}
    for each in choices:
        for name in {name for one in each for name in one}:
            joined[name] = choose([one[name] for one in each if name in one])
    return [joined]


def _class_marks(run: Interpreter, function: Function) -> list[Value]:
    owner = function.owner
    if owner is None:
        return []
    return [run.evaluate(decorator.decorator, owner.scope) for decorator in owner.node.decorators]


class Setting:
    """What one run of a test is given: parameters, fixtures (each made once), injected doubles."""

    def __init__(self, run: Interpreter, function: Function, receiver: Value | None) -> None:
        self.run = run
        self.function = function
        self.receiver = receiver
        self.made: dict[str, Value] = {}
        self._fixtures: dict[int, Value] = {}
        """The values of the fixtures that were made, by their identity."""
        self._making: set[int] = set()

    def prepare(self, given: dict[str, Value]) -> dict[str, Value]:
        """Run whatever comes before the test; returns its arguments by name."""
        self.made.update(given)
        load_conftests(self.run, self.function.module)
        injected, named = self._start_marks()
        names = [param.name.value for param in parameters(self.function.node.params)]
        names = names[0 if self.receiver is None else 1 :]
        for name, value in zip([name for name in names if name not in named], injected, strict=False):
            self.made[name] = value
        self.made.update(named)
        for fixture in self._before():
            self.fixture(fixture)
        self._set_up()
        values = ((name, self.value(name, self.function)) for name in names)
        return {name: value for name, value in values if value is not None}

    def _start_marks(self) -> tuple[list[Value], dict[str, Value]]:
        """What the decorators start and hand over, the innermost first."""
        injected: list[Value] = []
        named: dict[str, Value] = {}
        for mark in [*reversed(self.function.marks), *_class_marks(self.run, self.function)]:
            for option in options(mark):
                name, value = fixtures.injected_by(self.run, option, self.function.scope)
                if value is not None and name is None:
                    injected.append(value)
                elif value is not None and name is not None:
                    named[name] = value
        return injected, named

    def _before(self) -> list[Function]:
        """The fixtures that run whether the test names them or not."""
        wanted = [text for mark in self.function.marks for text in fixtures.used_by(self.run, mark)]
        found = [each for name in wanted if (each := self._find(name, self.function)) is not None]
        for known in self.run.fixtures.values():
            for fixture in known:
                if fixtures.is_automatic(self.run, fixture) and _reaches(self.run, fixture, self.function):
                    found.append(fixture)
        return found

    def _set_up(self) -> None:
        if not isinstance(self.receiver, Instance):
            return
        for name in _SET_UP:
            method = self.run.attribute(self.receiver, name, self.function.scope)
            if isinstance(method, Bound):
                self.run.call(method, Args(), None, self.function.scope)

    def value(self, name: str, asker: Function) -> Value | None:
        """What a parameter of a test or fixture is given by its name."""
        if name in self.made:
            return self.made[name]
        fixture = self._find(name, asker)
        if fixture is not None:
            return self.fixture(fixture)
        if name == "request":
            return fixtures.asking(self.run, asker, self._asked)
        made = fixtures.of_library(self.run, name, [*_class_marks(self.run, self.function), *asker.marks])
        if made is not None:
            self.made[name] = made
        return made

    def fixture(self, fixture: Function) -> Value:
        """The value of a fixture, made once."""
        if id(fixture) in self._fixtures:
            return self._fixtures[id(fixture)]
        if id(fixture) in self._making:
            return UNKNOWN
        self._making.add(id(fixture))
        args = Args()
        first = 1 if fixture.owner is not None else 0
        for param in list(parameters(fixture.node.params))[first:]:
            wanted = param.name.value
            given = self.value(wanted, fixture)
            args.keywords[wanted] = (given if given is not None else UNKNOWN, None)
        receiver = self.receiver if fixture.owner is not None else None
        callee: Value = fixture if receiver is None else Bound(fixture, (receiver,))
        made = self._fixtures[id(fixture)] = self.run.call(callee, args, None, fixture.scope)
        self._making.discard(id(fixture))
        return made

    def _asked(self, name: str) -> Value:
        """`request.getfixturevalue(name)`."""
        return self.value(name, self.function) or UNKNOWN

    def _find(self, name: str, asker: Function) -> Function | None:
        """The fixture that a name means: the nearest; for a fixture of that name the next one outwards."""
        known = self.run.fixtures.get(name, [])
        if any(each is asker for each in known):
            outer = [each for each in known if each is not asker and _is_outside(each, asker)]
            known = outer or [each for each in known if each is not asker]
        near = [each for each in known if _reaches(self.run, each, self.function)]
        if near:
            return max(near, key=lambda each: (each.owner is not None, *_nearness(each, self.function)))
        return known[0] if len(known) == 1 and known[0].owner is None else None


def _is_outside(fixture: Function, other: Function) -> bool:
    return _nearness(fixture, other) < _nearness(other, other)


def _nearness(fixture: Function, test: Function) -> tuple[bool, int]:
    return (fixture.module is test.module, len(fixture.module.path.parts))


def _reaches(run: Interpreter, fixture: Function, test: Function) -> bool:
    """Whether a fixture is visible to a test by where it stands."""
    if fixture.owner is not None:
        return test.owner is not None and fixture.owner in objects.resolution_order(test.owner)
    if fixture.module is test.module:
        return True
    if fixture.module.path.stem == "conftest":
        return fixture.module.path.parent in test.module.path.parents
    return any(value is fixture for value in run.module_scope(test.module).cells.values())


def load_conftests(run: Interpreter, module: Module) -> None:
    """Run the `conftest.py` files that pytest would load for a test module."""
    root = run.modules.project.root
    for folder in module.path.parents:
        path = folder / "conftest.py"
        if run.modules.project.has(path):
            found = run.modules.load(path)
            if found is not None:
                run.module_scope(found)
        if folder == root:
            return


@contextmanager
def nothing_sent(run: Interpreter) -> Iterator[None]:
    """Whatever modules sent when they were imported is not what a test sends."""
    before = dict(run.sent)
    run.sent.clear()
    try:
        yield
    finally:
        run.sent.clear()
        run.sent.update(before)


@contextmanager
def testing(run: Interpreter, function: Function) -> Iterator[None]:
    """Interpret as a test: doubles belong to it, and what it sends is noted when it ends."""
    kept, run.test = run.test, id(function.node)
    try:
        yield
        for response in [option for held in run.sent.values() for option in options(held)]:
            body = response.cells.get("<body>") if isinstance(response, Instance) else None
            for request in body.origin.requests if isinstance(body, Part) else ():
                run.doubles.note_sent(run.test, request)
    finally:
        run.test = kept
        patching.forget(run)


def mark_function(run: Interpreter, function: Function, mark: Value) -> bool:
    """Keep what a decorator is, for tests and fixtures. Returns whether that is all that it does."""
    ours = [option for option in options(mark) if fixtures.is_mark(option)]
    if not ours:
        return False
    function.marks.insert(0, choose(ours))
    if any(fixtures.makes_fixture(option) for option in ours):
        function.kind = "fixture"
        run.fixtures.setdefault(fixtures.name_of(run, function), []).append(function)
    return True
