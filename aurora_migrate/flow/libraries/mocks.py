"""unittest.mock, pytest-mock, monkeypatch: mocks, what they answer, what is asserted of their calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, patching, text
from aurora_migrate.flow.alternatives import choose, iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries import mock_calls, stdlib_config
from aurora_migrate.flow.libraries.looks import call_arguments, calls_arguments, expect_call
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.patching import MOCK, PATCH
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    Entry,
    External,
    Instance,
    Mapping,
    Sequence,
    Text,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_ASSERTIONS = frozenset(
    {
        "assert_called_with",
        "assert_called_once_with",
        "assert_any_call",
        "assert_awaited_with",
        "assert_awaited_once_with",
        "assert_any_await",
    }
)
_LISTED = frozenset({"assert_has_calls", "assert_has_awaits"})
_ONE_CALL = frozenset({"call_args", "await_args"})
_MANY_CALLS = frozenset({"call_args_list", "mock_calls", "await_args_list", "method_calls"})
_UNTOLD = frozenset(
    {
        "called",
        "call_count",
        "await_count",
        "reset_mock",
        "assert_called",
        "assert_called_once",
        "assert_not_called",
        "assert_awaited",
        "assert_awaited_once",
        "assert_not_awaited",
    }
)
_OPTIONS = frozenset({"spec", "spec_set", "name", "wraps", "autospec", "new_callable", "create", "unsafe"})


def answers(run: Interpreter, mock: Instance, args: Args, scope: Scope) -> list[Value]:
    """What a mock gives when it is called, by its side effects or else its return value."""
    found: list[Value] = []
    effect = run.heap.get(mock.cells, "side_effect")
    for option in options(effect) if effect is not None else ():
        if isinstance(option, Sequence):
            found.extend(containers.iterate(run, option)[0])
        elif isinstance(option, (ProjectFunction, Bound)):
            found.append(run.call(option, args, None, scope))
    if found:
        return found
    given = run.heap.get(mock.cells, "return_value")
    return [given] if given is not None else []


def entered(run: Interpreter, mock: Instance) -> Instance:
    """The mock that `with mock as ...` gives, where a test set that up."""
    for name in ("__aenter__", "__enter__"):
        method = run.heap.get(mock.cells, name)
        if isinstance(method, Instance) and method.kind == MOCK:
            given = run.heap.get(method.cells, "return_value")
            for option in options(given) if given is not None else ():
                if isinstance(option, Instance) and option.kind == MOCK:
                    return option
    return mock


def status_of(run: Interpreter, mock: Instance) -> int | None:
    """The status that a mocked response says."""
    found = (patching.number(run.heap.get(mock.cells, name)) for name in ("status_code", "status"))
    return next((status for status in found if status is not None), None)


def body_of(run: Interpreter, mock: Instance, scope: Scope) -> Value:
    """The body of a mocked response: what `json` gives, or its text."""
    method = run.heap.get(mock.cells, "json")
    found: list[Value] = []
    for option in options(method) if method is not None else ():
        if isinstance(option, Instance) and option.kind == MOCK:
            found.extend(answers(run, option, Args(), scope))
        elif isinstance(option, (ProjectFunction, Bound)):
            found.append(run.call(option, Args(), None, scope))
    for name in ("text", "content"):
        held = run.heap.get(mock.cells, name)
        if not found and held is not None:
            found.extend(options(held))
    return choose(found) if found else UNKNOWN


def new_mock(run: Interpreter, node: cst.CSTNode | None, scope: Scope | None) -> Instance:
    return run.new_instance(MOCK, node, scope.module if scope is not None else None)


def _configure(run: Interpreter, mock: Instance, args: Args, scope: Scope) -> None:
    for name, (value, _) in args.keywords.items():
        if name in _OPTIONS:
            continue
        holder = mock
        *path, last = name.split(".")
        for step in path:
            child = run.attribute(holder, step, scope)
            if not isinstance(child, Instance):
                break
            holder = child
        run.heap.set(holder.cells, last, value)


def _mock_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        _configure(run, instance, args, scope)
        return NONE

    def called(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        return _called(run, instance, args, node, scope)

    def asserted(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        mock_calls.pair(run, instance, args, scope)
        expect_call(run, instance, args, node, scope)
        return NONE

    def listed(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        expect_calls(run, instance, args.get(0, "calls") or UNKNOWN, scope)
        return NONE

    if attr in ("__init__", "configure_mock"):
        return Builtin(attr, construct)
    if attr == "__call__":
        return Builtin(attr, called)
    if attr in _ASSERTIONS:
        return Builtin(attr, asserted)
    if attr in _LISTED:
        return Builtin(attr, listed)
    if attr in _ONE_CALL:
        return call_arguments(run, instance)
    if attr in _MANY_CALLS:
        return calls_arguments(run, instance)
    if attr in _UNTOLD:
        return Builtin(attr, lambda args, node, scope: UNKNOWN)
    if attr == "side_effect":
        return UNKNOWN
    child = new_mock(run, None, None)
    run.heap.set(child.cells, "<parent>", instance)
    run.heap.set(child.cells, "<name>", text.plain(attr))
    run.heap.set(instance.cells, attr, child)
    return child


def expect_calls(run: Interpreter, mock: Instance, calls: Value, scope: Scope) -> None:
    """`[call(...), call(...)]` as calls of a mock."""
    for each in containers.iterate(run, calls)[0] if isinstance(calls, Sequence) else options(calls):
        for option in options(each):
            known = run.mock_calls.get(id(option)) if isinstance(option, Instance) else None
            if known is not None:
                _, args, node, home = known
                mock_calls.pair(run, mock, args, home)
                expect_call(run, mock, args, node, home)


def _called(run: Interpreter, mock: Instance, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """A mock that the code under test calls itself: its answer is noted with the place of the call."""
    mock_calls.note_given(run, mock, args)
    found = answers(run, mock, args, scope)
    for answer in found:
        patching.note_answer(run, answer, None, "unittest.mock", scope, [], node)
    if found:
        return choose(found)
    return run.attribute(mock, "return_value", scope)


def _call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`call(...)`, to be compared with calls of a mock."""
    made = run.new_instance("unittest.mock.call", node, scope.module)
    run.mock_calls[id(made)] = (made, args, node, scope)
    return made


# -- patches


def _new_patch(
    run: Interpreter, holder: Value, attr: Value, args: Args, first: int, node: cst.Call | None, scope: Scope
) -> Instance:
    """A patch that has not begun: of an attribute, by what is given or by a new mock."""
    made = run.new_instance(PATCH, node, scope.module)
    run.heap.set(made.cells, "holder", holder)
    run.heap.set(made.cells, "attr", attr)
    given = args.get(first, "new")
    if given is not None:
        run.heap.set(made.cells, "new", given)
    mock = new_mock(run, node, scope)
    _configure(run, mock, Args(keywords=dict(args.keywords)), scope)
    if args.get(None, "autospec") is not None:
        run.heap.set(mock.cells, "<autospec>", NONE)
    run.heap.set(made.cells, "mock", mock)
    return made


def _patch(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`patch("package.module.name", ...)`."""
    for found in iterate_texts(args.get(0, "target") or UNKNOWN):
        if found.literal and "." in found.literal:
            holder, attr = patching.resolve(run, found.literal, scope)
            return _new_patch(run, holder, text.plain(attr), args, 1, node, scope)
    return _new_patch(run, UNKNOWN, UNKNOWN, args, 1, node, scope)


def _patch_object(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    holder, attr = args.get(0, "target") or UNKNOWN, args.get(1, "attribute") or UNKNOWN
    return _new_patch(run, holder, attr, args, 2, node, scope)


def _patch_other(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`patch.dict` and `patch.multiple`: nothing is handed over."""
    made = run.new_instance(PATCH, node, scope.module)
    run.heap.set(made.cells, "new", NONE)
    return made


def _patch_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr in ("__enter__", "start"):
        return Builtin(attr, lambda args, node, scope: patching.start(run, instance, scope) or UNKNOWN)
    if attr == "__call__":
        return Builtin(attr, lambda args, node, scope: args.get(0) or UNKNOWN)
    return None


def _mocker_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr == "patch":
        return run.new_instance("pytest_mock.Patcher", None, None)
    if attr == "stopall":
        return Builtin(attr, lambda args, node, scope: NONE)
    return External(f"unittest.mock.{attr}")


def _patcher_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    made = {"__call__": _patch, "object": _patch_object}.get(attr, _patch_other)

    def started(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        patch = made(run, args, node, scope)
        assert isinstance(patch, Instance)
        return patching.start(run, patch, scope) or args.get(2, "new") or UNKNOWN

    return Builtin(attr, started)


def _monkeypatch_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    def set_attribute(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        target = args.get(0, "target") or UNKNOWN
        if isinstance(target, Text) and target.literal and "." in target.literal:
            holder, name = patching.resolve(run, target.literal, scope)
            patching.replace(run, holder, name, args.get(1, "name") or args.get(2, "value") or UNKNOWN, scope)
            return NONE
        for found in iterate_texts(args.get(1, "name") or UNKNOWN):
            if found.literal:
                patching.replace(run, target, found.literal, args.get(2, "value") or UNKNOWN, scope)
        return NONE

    def set_item(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for option in options(args.get(0, "dic") or UNKNOWN):
            for name, piece in containers.key_names(args.get(1, "name") or UNKNOWN):
                if isinstance(option, Mapping):
                    value = args.get(2, "value") or UNKNOWN
                    containers.put(
                        run, option, Entry(name, value, piece, containers.statement_use(node, scope))
                    )
        return NONE

    if attr == "setattr":
        return Builtin(attr, set_attribute)

    def set_environment(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        uses = containers.statement_use(node, scope)
        stdlib_config.write(run, args.get(0, "name") or UNKNOWN, args.get(1, "value") or UNKNOWN, uses)
        return NONE

    if attr == "setenv":
        return Builtin(attr, set_environment)
    if attr == "setitem":
        return Builtin(attr, set_item)
    if attr == "context":
        return Builtin(attr, lambda args, node, scope: instance)
    return Builtin(attr, lambda args, node, scope: NONE)


def _autospec(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    mock = new_mock(run, node, scope)
    _configure(run, mock, args, scope)
    return mock


_KINDS = ("Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock", "PropertyMock")
FUNCTIONS: dict[str, Function] = {
    "unittest.mock.patch": _patch,
    "unittest.mock.patch.object": _patch_object,
    "unittest.mock.patch.dict": _patch_other,
    "unittest.mock.patch.multiple": _patch_other,
    "unittest.mock.call": _call,
    "unittest.mock.create_autospec": _autospec,
}
MEMBERS: dict[str, Member] = {
    MOCK: _mock_member,
    PATCH: _patch_member,
    "pytest_mock.MockerFixture": _mocker_member,
    "pytest_mock.Patcher": _patcher_member,
    "pytest.MonkeyPatch": _monkeypatch_member,
}
ALIASES: dict[str, str] = {
    **{f"unittest.mock.{kind}": MOCK for kind in _KINDS},
    **{f"mock.{kind}": MOCK for kind in _KINDS},
    **{
        f"mock.{name}": f"unittest.mock.{name}"
        for name in ("patch", "patch.object", "patch.dict", "patch.multiple", "call", "create_autospec")
    },
    "pytest_mock.MockFixture": "pytest_mock.MockerFixture",
    "_pytest.monkeypatch.MonkeyPatch": "pytest.MonkeyPatch",
}
