"""Replacing functions and attributes in tests: what stands in, and whose answers it gives.

A replaced function of an HTTP library is still followed as sending, and a replaced function of the project
still as itself, so that what the program does with the answer is seen; what the replacement would give is
noted beside it as a double.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects, text
from aurora_migrate.flow.alternatives import iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.doubles import Double
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Mapping,
    ModuleValue,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

PATCH = "unittest.mock._patch"
MOCK = "unittest.mock.Mock"

_COVERED = {
    "requests.sessions.Session.request": ("requests.", "requests.Session."),
    "requests.Session.request": ("requests.", "requests.Session."),
    "requests.Session.send": ("requests.", "requests.Session."),
    "requests.adapters.HTTPAdapter.send": ("requests.", "requests.Session."),
    "httpx.Client.request": ("httpx.Client.",),
    "httpx.Client.send": ("httpx.Client.",),
    "httpx.AsyncClient.request": ("httpx.AsyncClient.",),
    "httpx.AsyncClient.send": ("httpx.AsyncClient.",),
    "aiohttp.ClientSession._request": ("aiohttp.ClientSession.",),
    "aiohttp.ClientSession.request": ("aiohttp.ClientSession.",),
}
"""Functions that others of their library go through: the beginnings of those others' names."""


def start(run: Interpreter, patch: Instance, scope: Scope) -> Value | None:
    """Begin a patch; returns the double that it makes, None when it was given one."""
    holder = run.heap.get(patch.cells, "holder") or UNKNOWN
    named = run.heap.get(patch.cells, "attr")
    given, made = run.heap.get(patch.cells, "new"), run.heap.get(patch.cells, "mock")
    for found in iterate_texts(named) if named is not None else ():
        if found.literal:
            replace(run, holder, found.literal, given if given is not None else made or UNKNOWN, scope)
    return made if given is None else None


def resolve(run: Interpreter, dotted: str, scope: Scope) -> tuple[Value, str]:
    """The object and attribute that `patch("package.module.name")` means."""
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = run.modules.find(".".join(parts[:length]), scope.module)
        if module is not None:
            run.module_scope(module)
            value: Value = ModuleValue(module)
            for name in parts[length:-1]:
                value = run.attribute(value, name, scope)
            return value, parts[-1]
    return External(".".join(parts[:-1])), parts[-1]


def replace(run: Interpreter, holder: Value, attr: str, replacement: Value, scope: Scope) -> None:
    """Put a replacement in the place of an attribute for the rest of the test."""
    for option in options(holder):
        current = run.attribute(option, attr, scope)
        for each in options(current):
            key = _key(each)
            if key is not None and _sends(each):
                run.heap.set(run.patches, key, replacement)
                _introduce(run, replacement, each, key)
                break
        else:
            _set(run, option, attr, replacement)


def _key(value: Value) -> str | None:
    """Under which name a function's replacement is kept."""
    from aurora_migrate.flow import libraries

    if isinstance(value, Bound):
        return _key(value.function)
    if isinstance(value, Function):
        return f"#{id(value.node)}"
    return libraries.canonical_member(value.name) if isinstance(value, External) else None


def _sends(value: Value) -> bool:
    """Whether it is a function of the project, or one of a library that sends, or that others go through."""
    from aurora_migrate.flow import libraries

    if isinstance(value, Bound):
        return _sends(value.function)
    if isinstance(value, External):
        name = libraries.canonical_member(value.name)
        return name in _COVERED or libraries.sends(name)
    return isinstance(value, Function)


def _set(run: Interpreter, holder: Value, attr: str, replacement: Value) -> None:
    if isinstance(holder, ModuleValue):
        run.heap.set(run.module_scope(holder.module).cells, attr, replacement)
    elif isinstance(holder, (Instance, ClassValue)):
        run.heap.set(holder.cells, attr, replacement)


def _introduce(run: Interpreter, replacement: Value, original: Value, key: str) -> None:
    """Tell a mock whom it stands for: what is asserted of its calls is said of that function's."""
    for option in options(replacement):
        if isinstance(option, Instance) and option.kind == MOCK:
            run.heap.set(option.cells, "<target>", text.plain(key))
            if isinstance(original, (Function, Bound)):
                run.heap.set(option.cells, "<function>", original)


def forget(run: Interpreter) -> None:
    """Nothing is patched outside a test. Patches live on the heap, so that its undoing ends them too."""
    for key in list(run.patches):
        del run.patches[key]
    run.replaced_calls.clear()
    run.given_to_mocks.clear()


def replacement_of(run: Interpreter, function: str, scope: Scope) -> Value | None:
    """What stands in for a library function now: for itself, for one that it uses, or for its class."""
    found = run.heap.get(run.patches, function)
    if found is not None:
        return found
    for key, beginnings in _COVERED.items():
        if any(function.startswith(beginning) for beginning in beginnings):
            found = run.heap.get(run.patches, key)
            if found is not None:
                return found
    holder, _, verb = function.rpartition(".")
    whole = run.heap.get(run.patches, holder)
    made = run.attribute(whole, "return_value", scope) if whole is not None else None
    return run.attribute(made, verb, scope) if made is not None else None


def answered(run: Interpreter, requests: list[Request], args: Args, scope: Scope) -> None:
    """Note what a replaced library function would answer to these requests."""
    function = requests[0].function
    replacement = replacement_of(run, function, scope)
    if replacement is None:
        return
    found = _answers(run, replacement, args, scope)
    for index, (answer, place) in enumerate(found):
        turn = (index, len(found)) if len(found) > 1 or _is_list(run, replacement) else None
        note_answer(run, answer, place, function, scope, requests, turn=turn)


def _is_list(run: Interpreter, replacement: Value) -> bool:
    """Whether answers are given one after the other."""
    for option in options(replacement):
        if isinstance(option, Instance) and option.kind == MOCK:
            effect = run.heap.get(option.cells, "side_effect")
            if effect is not None and any(isinstance(each, Sequence) for each in options(effect)):
                return True
    return False


def returned(run: Interpreter, function: Function, value: Value, args: Args, scope: Scope) -> None:
    """Note what a replaced function of the project would return of a response."""
    replacement = run.heap.get(run.patches, f"#{id(function.node)}") if run.test else None
    if replacement is None:
        return
    run.replaced_calls.setdefault(f"#{id(function.node)}", []).append(args)
    for part in parts_of(value):
        for answer, place in _answers(run, replacement, args, scope):
            if any(isinstance(option, (Mapping, Sequence)) for option in options(answer)):
                module, node = _place(answer, place, scope.module)
                bodies = tuple(b for b in bodies_of(run, answer) if b.fields or b.items)
                if node is not None and bodies:
                    double = Double(
                        module, node, f"replaced {function.name}", None, None, bodies=bodies, part=part
                    )
                    run.doubles.add(double, run.test)


def _answers(
    run: Interpreter, replacement: Value, args: Args, scope: Scope
) -> list[tuple[Value, tuple[Module, cst.CSTNode] | None]]:
    """What a replacement gives when it is called, each with the place that says so where one is known."""
    from aurora_migrate.flow.libraries import mocks

    found: list[tuple[Value, tuple[Module, cst.CSTNode] | None]] = []
    for option in options(replacement):
        if isinstance(option, Instance) and option.kind == MOCK:
            found.extend((answer, None) for answer in mocks.answers(run, option, args, scope))
        elif isinstance(option, (Function, Bound)):
            found.append((run.call(option, args, None, scope), None))
    return found


def note_answer(
    run: Interpreter,
    answer: Value,
    place: tuple[Module, cst.CSTNode] | None,
    library: str,
    scope: Scope,
    requests: list[Request],
    called_at: cst.CSTNode | None = None,
    turn: tuple[int, int] | None = None,
) -> None:
    """Note a response object of a test as the answer to requests."""
    for value, status, body in recorded(run, answer, scope):
        module, node = _place(body, place, scope.module)
        if node is None:
            module, node = _place(value, place, scope.module)
        if node is None:
            continue
        every = bodies_of(run, body)
        bodies = tuple(each for each in every if each.fields or each.items)
        double = Double(module, node, library, None, None, status=status, bodies=bodies, turn=turn)
        double.texts = tuple(
            each.value for each in every if isinstance(each.value, Text) and each.value.literal
        )
        double.function = library if requests else ""
        double.answers.update({request.key: request for request in requests})
        if called_at is not None:
            double.called_at.add(id(called_at))
        run.doubles.add(double, run.test)


def _place(
    value: Value, place: tuple[Module, cst.CSTNode] | None, home: Module
) -> tuple[Module, cst.CSTNode | None]:
    if place is not None:
        return place
    for option in options(value):
        if isinstance(option, (Mapping, Sequence, Instance)) and option.node is not None:
            return option.module or home, option.node
        for piece in option.pieces if isinstance(option, Text) else ():
            if piece.node is not None and piece.module is not None:
                return piece.module, piece.node
    return home, None


def recorded(run: Interpreter, answer: Value, scope: Scope) -> list[tuple[Value, int | None, Value]]:
    """Response objects of a test: each with its status, if it says one, and its body."""
    from aurora_migrate.flow.libraries import mocks
    from aurora_migrate.flow.statuses import RESPONSE

    found: list[tuple[Value, int | None, Value]] = []
    for option in options(answer):
        if not isinstance(option, Instance):
            continue
        if option.kind == MOCK:
            entered = mocks.entered(run, option)
            found.append((entered, mocks.status_of(run, entered), mocks.body_of(run, entered, scope)))
        elif option.kind == RESPONSE:
            body = run.heap.get(option.cells, "<body>")
            if body is not None and not any(parts_of(body)):
                found.append((option, number(run.heap.get(option.cells, "status_code")), body))
        elif isinstance(option.kind, ClassValue):
            found.extend(_of_fake(run, option, scope))
    return found


def _of_fake(run: Interpreter, fake: Instance, scope: Scope) -> list[tuple[Value, int | None, Value]]:
    """A hand-written response class: what its `json` gives."""
    assert isinstance(fake.kind, ClassValue)
    for name in ("__aenter__", "__enter__"):
        method = objects.find_in_class(run, fake.kind, name)
        if isinstance(method, Function):
            entered = run.call(Bound(method, (fake,)), Args(), None, scope)
            inner = [each for each in options(entered) if isinstance(each, Instance)]
            if inner and inner[0] is not fake:
                return recorded(run, inner[0], scope)
    if objects.find_in_class(run, fake.kind, "json") is None:
        return []
    method_value = run.attribute(fake, "json", scope)
    body = run.call(method_value, Args(), None, scope)
    if any(parts_of(body)) or all(type(option) is Unknown for option in options(body)):
        return []
    status = next(
        (
            found
            for name in ("status_code", "status", "code")
            if (found := number(run.attribute(fake, name, scope))) is not None
        ),
        None,
    )
    return [(fake, status, body)]


def number(value: Value | None) -> int | None:
    """A status, when it is one number."""
    if isinstance(value, Const) and type(value.value) is int:
        return value.value
    return None
