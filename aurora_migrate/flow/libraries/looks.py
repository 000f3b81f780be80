"""How tests look at what was sent: request objects, arguments of mocks' calls, assertions on those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import choose, iterate_texts
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.doubles import Expected
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.libraries.http_functions import VERBS, after
from aurora_migrate.flow.libraries.sending import Call, described
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Marker, Sent
from aurora_migrate.flow.values import (
    UNKNOWN,
    Bound,
    Builtin,
    Entries,
    Entry,
    Instance,
    Items,
    Part,
    Sequence,
    Value,
)
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

REQUEST = "double.Request"
"""A request as a test sees it afterwards, or as a callback gets it."""

_URLS = frozenset({"url", "path", "path_url", "raw_path", "full_path", "full_url", "rel_url", "target"})
_QUERIES = frozenset({"qs", "params"})
_TEXTS = frozenset({"body", "content", "text", "data"})
_TEXT_METHODS = frozenset({"read", "aread", "get_data"})


TURNS = 6
"""How many requests are told apart by their order, where a test counts them."""


def sent_body(
    run: Interpreter, requests: tuple[Request, ...] = (), function: str = "", turn: int | None = None
) -> Part:
    """The body of what the running test sends: any of these requests, or of those that a function sends."""
    return Part((), frozenset(), run.sent_origin(requests, function, turn))


def sent_request(run: Interpreter, body: Part) -> Instance:
    made = run.new_instance(REQUEST, None, None)
    run.heap.set(made.cells, "<body>", body)
    return made


def sent_calls(run: Interpreter, requests: tuple[Request, ...] = (), counted: bool = True) -> Sequence:
    """`calls`, `request_history`: what was sent, the first few told apart by their order."""
    last = sent_request(run, sent_body(run, requests))
    turns = range(TURNS) if counted and not requests else ()
    first: list[Value] = [sent_request(run, sent_body(run, requests, turn=turn)) for turn in turns]
    made = run.new_sequence(_counted(first, last), None, None)
    run.heap.set(made.cells, "<last>", last)
    run.heap.set(made.cells, "<first>", first[0] if first else last)
    return made


def _counted(first: list[Value], last: Value) -> Items:
    """Elements of which the first few are known by number; from the end, nothing is."""
    return Items((*first, last, last, last)) if first else Items((last,), open=True)


def _body(run: Interpreter, instance: Instance) -> Part:
    held = run.heap.get(instance.cells, "<body>")
    return held if isinstance(held, Part) else sent_body(run)


def _request_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    body = _body(run, instance)
    if attr == "request":
        return instance
    if attr in _URLS:
        return body.step(Marker.URL)
    if attr in _QUERIES:
        return body.step(Marker.PARAMS)
    if attr == "json":
        return Builtin(attr, lambda args, node, scope: body)
    if attr in _TEXTS:
        return body.step(Marker.TEXT)
    if attr in _TEXT_METHODS:
        return Builtin(attr, lambda args, node, scope: body.step(Marker.TEXT))
    if attr == "kwargs":
        return _keywords(run, body)
    return None


# -- mocks


def target_of(run: Interpreter, mock: Instance) -> str:
    """The library function that a mock stands for, as far as its name or its place in another mock tells."""
    own = run.heap.get(mock.cells, "<target>")
    for found in iterate_texts(own) if own is not None else ():
        return found.literal or ""
    parent, named = run.heap.get(mock.cells, "<parent>"), run.heap.get(mock.cells, "<name>")
    name = next((found.literal or "" for found in iterate_texts(named)), "") if named is not None else ""
    above = target_of(run, parent) if isinstance(parent, Instance) else ""
    if name == "return_value":
        return above
    return f"{above}.{name}" if above else name


def calls_arguments(run: Interpreter, mock: Instance) -> Sequence:
    """`mock.call_args_list`: the arguments of all calls, the first few told apart by their order."""
    first: list[Value] = [call_arguments(run, mock, turn) for turn in range(TURNS)]
    made = run.new_sequence(_counted(first, call_arguments(run, mock)), None, None)
    run.heap.set(made.cells, "<mock>", mock)
    return made


def call_arguments(run: Interpreter, mock: Instance, turn: int | None = None) -> Sequence:
    """`mock.call_args`: the arguments of a call, of which what is known of the request is followed."""
    function = target_of(run, mock)
    body = sent_body(run, function=function, turn=turn)
    verb = function.rpartition(".")[2]
    url = body.step(Marker.URL)
    known: tuple[Value, ...] = (url,) if verb in VERBS else (UNKNOWN, url) if verb == "request" else ()
    if function.startswith("#"):
        known = _given(run, mock, function, turn)
    given = run.new_sequence(Items(known, open=True), None, None)
    named = _keywords(run, body)
    found = run.new_sequence(Items((given, named)), None, None)
    run.heap.set(found.cells, "<args>", given)
    run.heap.set(found.cells, "<kwargs>", named)
    run.heap.set(found.cells, "<mock>", mock)
    return found


def _given(run: Interpreter, mock: Instance, function: str, turn: int | None) -> tuple[Value, ...]:
    """What a replaced function of the project was given by position: in one call, or in any of them.

    A mock in the place of a method does not get the receiver, unless it has the method's signature.
    """
    calls = run.replaced_calls.get(function, [])
    calls = calls[turn : turn + 1] if turn is not None else calls
    if not calls or any(args.open_positional for args in calls):
        return ()
    count = min(len(args.positional) for args in calls)
    first = 1 if _is_of_method(run, mock) else 0
    return tuple(choose([args.positional[index][0] for args in calls]) for index in range(first, count))


def _is_of_method(run: Interpreter, mock: Instance) -> bool:
    """Whether a mock stands for a method, without being given what the method is called on."""
    target = run.heap.get(mock.cells, "<function>")
    function = target.function if isinstance(target, Bound) else target
    is_method = isinstance(function, ProjectFunction) and function.owner is not None
    spec = run.heap.get(mock.cells, "<autospec>")
    return (
        is_method
        and isinstance(function, ProjectFunction)
        and function.kind != "staticmethod"
        and spec is None
    )


def _receiver(run: Interpreter, mock: Instance) -> list[Value]:
    """What a replaced method of a class was called on."""
    target = run.heap.get(mock.cells, "<function>")
    if isinstance(target, Bound) or not _is_of_method(run, mock):
        return []
    calls = run.replaced_calls.get(target_of(run, mock), [])
    return [args.positional[0][0] for args in calls if args.positional][:1]


def _keywords(run: Interpreter, body: Part) -> Value:
    entries = (
        Entry("json", body),
        Entry("url", body.step(Marker.URL)),
        Entry("params", body.step(Marker.PARAMS)),
        *(Entry(name, body.step(Marker.TEXT)) for name in ("data", "content")),
    )
    return run.new_mapping(Entries(entries, open=True), None, None)


def expect_call(run: Interpreter, mock: Instance, args: Args, node: cst.Call | None, scope: Scope) -> None:
    """A call of a mock that a test expects: a request, or a call of the project's function."""
    target = run.heap.get(mock.cells, "<function>")
    if isinstance(target, (ProjectFunction, Bound)):
        with run.exploring():
            run.call(target, args.prepended(*_receiver(run, mock)), None, scope)
        return
    function = target_of(run, mock)
    verb = function.rpartition(".")[2]
    if node is None or verb not in (*VERBS, "request"):
        return
    library = function.split(".")[0] if "." in function else "requests"
    method: Value = text.plain(verb.upper())
    if verb == "request":
        method, args = args.get(0, "method") or UNKNOWN, after(args, "method")
    call = Call(library, "", method, args.get(0, "url") or UNKNOWN, args, node, scope, verb)
    for request in described(run, call):
        run.doubles.expect(Expected(scope.module, node, request, Sent(run.test, function)), run.test)


FUNCTIONS: dict[str, Function] = {}
MEMBERS: dict[str, Member] = {REQUEST: _request_member}
ALIASES: dict[str, str] = {}
