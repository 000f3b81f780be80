"""What decorators of pytest, unittest.mock and the mocking libraries mean, and the fixtures they bring."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, patching
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.test_modules import PACKAGES
from aurora_migrate.flow.values import (
    UNKNOWN,
    Builtin,
    Const,
    External,
    Instance,
    Items,
    Sequence,
    Text,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

FIXTURE = "pytest.fixture"
MARK = "pytest.mark"
ASKING = "pytest.FixtureRequest"

_FIXTURES = {
    "requests_mock": "requests_mock.Mocker",
    "httpx_mock": "pytest_httpx.HTTPXMock",
    "respx_mock": "respx.MockRouter",
    "aioresponses": "aioresponses.aioresponses",
    "mock_aioresponse": "aioresponses.aioresponses",
    "responses": "responses.RequestsMock",
    "rsps": "responses.RequestsMock",
    "monkeypatch": "pytest.MonkeyPatch",
    "mocker": "pytest_mock.MockerFixture",
}
"""Fixtures that the libraries' plugins bring, by name, with the class of what they give."""

_RECORDERS = frozenset(
    {
        "requests_mock.Mocker",
        "respx.MockRouter",
        "aioresponses.aioresponses",
        "responses.RequestsMock",
    }
)


def is_mark(option: Value) -> bool:
    """Whether a decorator says something about a test and leaves the function as it is."""
    if isinstance(option, Instance):
        return option.kind in (FIXTURE, MARK, patching.PATCH) or option.kind in _RECORDERS
    return isinstance(option, External) and option.name.split(".")[0] in PACKAGES


def makes_fixture(option: Value) -> bool:
    if isinstance(option, External):
        return option.name in (FIXTURE, "pytest.yield_fixture", "pytest_asyncio.fixture")
    return isinstance(option, Instance) and option.kind == FIXTURE


def name_of(run: Interpreter, fixture: ProjectFunction) -> str:
    """What a fixture is asked for by."""
    for option in _held(fixture, FIXTURE):
        given = run.heap.get(option.cells, "name")
        for found in iterate_texts(given) if given is not None else ():
            if found.literal:
                return found.literal
    return fixture.name


def is_automatic(run: Interpreter, fixture: ProjectFunction) -> bool:
    """Whether a fixture runs for every test that it reaches."""
    found = [run.heap.get(option.cells, "autouse") for option in _held(fixture, FIXTURE)]
    return any(isinstance(value, Const) and bool(value.value) for value in found)


def _held(fixture: ProjectFunction, kind: str) -> list[Instance]:
    every = [option for mark in fixture.marks for option in options(mark)]
    return [option for option in every if isinstance(option, Instance) and option.kind == kind]


def asking(run: Interpreter, fixture: ProjectFunction, value_of: Callable[[str], Value]) -> Value:
    """The `request` of a test or fixture: its parameter, and the fixtures that it asks for by name."""
    made = run.new_instance(ASKING, None, None)

    def asked(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        names = [found.literal for found in iterate_texts(args.get(0) or UNKNOWN) if found.literal]
        return choose([value_of(name) for name in names]) if names else UNKNOWN

    run.heap.set(made.cells, "getfixturevalue", Builtin("getfixturevalue", asked))
    for option in _held(fixture, FIXTURE):
        params = run.heap.get(option.cells, "params")
        if isinstance(params, Sequence):
            run.heap.set(made.cells, "param", choose([_plain(run, each) for each in _elements(run, params)]))
    return made


def used_by(run: Interpreter, mark: Value) -> list[str]:
    """The fixtures that `usefixtures` names."""
    found: list[str] = []
    for option in options(mark):
        if isinstance(option, Instance) and option.kind == MARK:
            names = run.heap.get(option.cells, "usefixtures")
            for each in _elements(run, names) if names is not None else ():
                found.extend(name.literal for name in iterate_texts(each) if name.literal)
    return found


def parameters_of(run: Interpreter, mark: Value) -> list[dict[str, Value]]:
    """The parameter sets of a `parametrize`, in order; empty for any other mark."""
    for option in options(mark):
        if not isinstance(option, Instance) or option.kind != MARK:
            continue
        given, values = run.heap.get(option.cells, "argnames"), run.heap.get(option.cells, "argvalues")
        if given is None or values is None:
            continue
        names = _names(run, given)
        return [_set(run, names, each) for each in _elements(run, values)] if names else []
    return []


def _names(run: Interpreter, given: Value) -> list[str]:
    if isinstance(given, Text):
        return [name.strip() for name in (given.literal or "").split(",") if name.strip()]
    return [name.literal for each in _elements(run, given) for name in iterate_texts(each) if name.literal]


def _set(run: Interpreter, names: list[str], value: Value) -> dict[str, Value]:
    if len(names) == 1:
        return {names[0]: _plain(run, value)}
    parts = _elements(run, value)
    return dict(zip(names, parts, strict=False))


def _plain(run: Interpreter, value: Value) -> Value:
    """The value inside a `pytest.param(value)`."""
    if isinstance(value, Sequence) and run.heap.get(value.cells, "<param>") is not None:
        found = _elements(run, value)
        return found[0] if found else UNKNOWN
    return value


def _elements(run: Interpreter, value: Value) -> list[Value]:
    return containers.iterate(run, value)[0] if isinstance(value, Sequence) else []


def injected_by(run: Interpreter, mark: Value, scope: Scope) -> tuple[str | None, Value | None]:
    """Start what a decorator patches; the argument that it adds, with its name if it has one."""
    if isinstance(mark, External) and mark.name in ("respx.mock", "requests_mock.mock"):
        kind = "respx.MockRouter" if mark.name == "respx.mock" else "requests_mock.Mocker"
        made = run.new_instance(kind, None, None)
        return ("respx_mock" if mark.name == "respx.mock" else None), made
    if not isinstance(mark, Instance):
        return None, None
    if mark.kind == patching.PATCH:
        return None, patching.start(run, mark, scope)
    if mark.kind == "respx.MockRouter":
        return "respx_mock", mark
    if mark.kind in ("requests_mock.Mocker", "aioresponses.aioresponses"):
        named = run.heap.get(mark.cells, "kw") or run.heap.get(mark.cells, "param")
        name = next((found.literal for found in iterate_texts(named)), None) if named is not None else None
        return name, mark
    return None, None


def of_library(run: Interpreter, name: str, marks: list[Value]) -> Value | None:
    """The fixture of that name that a plugin brings."""
    kind = _FIXTURES.get(name)
    if kind is None:
        return None
    made = run.new_instance(kind, None, None)
    for mark in marks:
        for option in options(mark):
            if kind == "respx.MockRouter" and isinstance(option, Instance) and option.kind == MARK:
                base = run.heap.get(option.cells, "base_url")
                if base is not None:
                    run.heap.set(made.cells, "base_url", base)
    return made


# -- what the decorators' calls give


def _mark(*names: str) -> Function:
    """A mark that keeps its arguments under these names."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        made = run.new_instance(MARK, node, scope.module)
        for index, name in enumerate(names):
            given = args.get(index, name)
            if given is not None:
                run.heap.set(made.cells, name, given)
        return made

    return call


def _respx(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(MARK, node, scope.module)
    run.heap.set(made.cells, "base_url", args.get(None, "base_url") or UNKNOWN)
    return made


def _use(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(MARK, node, scope.module)
    names = run.new_sequence(Items(tuple(args.values())), node, scope.module)
    run.heap.set(made.cells, "usefixtures", names)
    return made


def _param(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_sequence(Items(tuple(args.values())), node, scope.module)
    run.heap.set(made.cells, "<param>", Const(True))
    return made


def _fixture(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    made = run.new_instance(FIXTURE, node, scope.module)
    for name in ("name", "autouse", "params"):
        given = args.get(None, name)
        if given is not None:
            run.heap.set(made.cells, name, given)
    return made


def _mark_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr == "__call__":
        return Builtin(attr, lambda args, node, scope: args.get(0) or UNKNOWN)
    return None


FUNCTIONS: dict[str, Function] = {
    FIXTURE: _fixture,
    "pytest.param": _param,
    "pytest.mark.parametrize": _mark("argnames", "argvalues"),
    "pytest.mark.usefixtures": _use,
    "pytest.mark.respx": _respx,
}
MEMBERS: dict[str, Member] = {FIXTURE: _mark_member, MARK: _mark_member, ASKING: _mark_member}
ALIASES: dict[str, str] = {"pytest.yield_fixture": FIXTURE, "pytest_asyncio.fixture": FIXTURE}
