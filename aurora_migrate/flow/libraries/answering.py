"""Answers and expectations that mocking libraries are given: how one registration becomes doubles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, patching
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.doubles import Double, Expected, double_request
from aurora_migrate.flow.facts import Body, Request
from aurora_migrate.flow.libraries import looks, url_patterns
from aurora_migrate.flow.libraries.http_functions import VERBS
from aurora_migrate.flow.libraries.prepared import role_of
from aurora_migrate.flow.values import UNKNOWN, Bound, Instance, Mapping, Sequence, Text, Value
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

MATCHER = "double.Matcher"


@dataclass(frozen=True, slots=True)
class Recorder:
    """How one library registers answers, by the names of its parameters."""

    library: str
    json: tuple[str, ...] = ("json",)
    text: tuple[str, ...] = ("body", "text", "content")
    status: tuple[str, ...] = ("status", "status_code")
    callback: tuple[str, ...] = ("callback",)
    expected: tuple[str, ...] = ()
    """Parameters that hold the JSON body which the request must have."""


RECORDERS: dict[str, Recorder] = {
    "responses.RequestsMock": Recorder("responses"),
    "requests_mock.Mocker": Recorder("requests_mock"),
    "respx.MockRouter": Recorder("respx", expected=("json__eq",)),
    "pytest_httpx.HTTPXMock": Recorder("pytest_httpx", expected=("match_json",)),
    "aioresponses.aioresponses": Recorder("aioresponses", json=("payload",)),
}


@dataclass(slots=True)
class Registration:
    """One call that registers: whom it stands for, and where it says so."""

    recorder: Recorder
    method: str | None
    url: Text | None
    pattern: bool
    node: cst.Call
    scope: Scope


def register(
    run: Interpreter,
    recorder: Recorder,
    method: Value | None,
    url: Value | None,
    node: cst.Call,
    scope: Scope,
) -> Registration:
    verb = next(iter(iterate_texts(method)), None) if method is not None else None
    name = verb.literal.upper() if verb is not None and verb.literal else _named_method(method)
    found, pattern = url_of(run, url)
    return Registration(recorder, name, found, pattern, node, scope)


def _named_method(method: Value | None) -> str | None:
    """`responses.GET` as a library value."""
    from aurora_migrate.flow.values import External

    name = method.name.rpartition(".")[2] if isinstance(method, External) else ""
    return name if name.lower() in VERBS else None


def url_of(run: Interpreter, url: Value | None) -> tuple[Text | None, bool]:
    """The text of a URL, or what a compiled pattern begins with."""
    for option in options(url) if url is not None else ():
        if isinstance(option, Text):
            return option, False
        if isinstance(option, Instance) and option.kind == "re.compile":
            return url_patterns.beginning(run.heap.get(option.cells, "pattern") or UNKNOWN), True
    return None, False


def answer(run: Interpreter, made: Registration, args: Args) -> None:
    """Note what a registration answers: JSON, text, a list of answers, a callback's."""
    recorder = made.recorder
    status = next((n for k in recorder.status if (n := patching.number(args.get(None, k))) is not None), None)
    noted = False
    for name in recorder.json:
        given = args.get(None, name)
        if given is not None:
            noted = True
            _note_json(run, made, given, status)
    for name in recorder.text:
        given = args.get(None, name)
        if given is not None:
            noted = True
            note(run, made, bodies_of(run, given), status)
    for name in recorder.callback:
        for option in options(args.get(None, name) or UNKNOWN):
            noted = called_back(run, made, option, status) or noted
    if not noted:
        note(run, made, (), status)
    for name in recorder.expected:
        given = args.get(None, name)
        if given is not None:
            expect(run, made, bodies_of(run, given))
    for option in options(args.get(None, "match") or UNKNOWN):
        for each in containers.iterate(run, option)[0] if isinstance(option, Sequence) else ():
            _expect_matcher(run, made, each)
    matcher = args.get(None, "additional_matcher")
    for option in options(matcher) if matcher is not None else ():
        run.call(option, Args.of(sent(run, made)), None, made.scope)


def _note_json(run: Interpreter, made: Registration, given: Value, status: int | None) -> None:
    for option in options(given):
        if isinstance(option, (ProjectFunction, Bound)):
            called_back(run, made, option, status)
        else:
            note(run, made, bodies_of(run, option), status)


def note(run: Interpreter, made: Registration, bodies: tuple[Body, ...], status: int | None) -> None:
    told = tuple(body for body in bodies if body.fields or body.items)
    texts = tuple(body.value for body in bodies if isinstance(body.value, Text) and body.value.literal)
    double = Double(
        made.scope.module,
        made.node,
        made.recorder.library,
        made.method,
        made.url,
        made.pattern,
        status,
        told,
        texts=texts,
    )
    run.doubles.add(double, run.test)


def request_of(made: Registration, bodies: tuple[Body, ...] = ()) -> Request:
    url = made.url if made.url is not None else Text(())
    return double_request(made.scope.module, made.node, made.recorder.library, made.method, url, bodies, {})


def expect(
    run: Interpreter, made: Registration, bodies: tuple[Body, ...], headers: Value | None = None
) -> None:
    request = request_of(made, bodies)
    if headers is not None:
        request = replace(request, roles={"headers": role_of(run, headers, None)})
    expected = Expected(made.scope.module, made.node, request)
    run.doubles.expect(expected, run.test)


def _expect_matcher(run: Interpreter, made: Registration, matcher: Value) -> None:
    for option in options(matcher):
        if isinstance(option, Instance) and option.kind == MATCHER:
            given = run.heap.get(option.cells, "json")
            if given is not None:
                expect(run, made, bodies_of(run, given))
            params = run.heap.get(option.cells, "params")
            if params is not None:
                request = replace(request_of(made), roles={"params": role_of(run, params, None)})
                run.doubles.expect(Expected(made.scope.module, made.node, request), run.test)


def sent(run: Interpreter, made: Registration) -> Instance:
    requests = (request_of(made),) if made.url is not None else ()
    return looks.sent_request(run, looks.sent_body(run, requests))


def called_back(run: Interpreter, made: Registration, callback: Value, status: int | None) -> bool:
    """Run a callback on what may be sent; its result is the answer."""
    if not isinstance(callback, (ProjectFunction, Bound)) and not (
        isinstance(callback, Instance) and not isinstance(callback.kind, str)
    ):
        return False
    args = Args.of(sent(run, made))
    args.open_positional = True
    for option in options(run.call(callback, args, None, made.scope)):
        if isinstance(option, Sequence):
            parts = run.items(option)[0].values
            if len(parts) == 3:
                note(run, made, bodies_of(run, parts[2]), patching.number(parts[0]))
                continue
        if isinstance(option, (Mapping, Sequence, Text)):
            note(run, made, bodies_of(run, option), status)
        for _, said, body in patching.recorded(run, option, made.scope):
            note(run, made, bodies_of(run, body), said)
    return True
