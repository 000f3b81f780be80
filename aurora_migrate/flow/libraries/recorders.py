"""Libraries that answer in the place of servers: responses, requests-mock, respx, pytest-httpx, aioresponses,
and httpx.MockTransport. What they register becomes doubles; what they recorded is looked at as sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, patching, text
from aurora_migrate.flow.alternatives import iterate_texts, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.libraries import looks, url_patterns
from aurora_migrate.flow.libraries.answering import (
    MATCHER,
    RECORDERS,
    Recorder,
    Registration,
    answer,
    called_back,
    expect,
    note,
    register,
    request_of,
    sent,
)
from aurora_migrate.flow.libraries.http_functions import VERBS
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import NONE, UNKNOWN, Bound, Builtin, Instance, Mapping, Part, Sequence, Value
from aurora_migrate.flow.values import Function as ProjectFunction

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

ROUTE = "double.Route"
_LOOKUPS = ("", "__eq", "__startswith", "__regex")


# -- what the recorders' objects have


def _route(run: Interpreter, made: Registration) -> Instance:
    route = run.new_instance(ROUTE, made.node, made.scope.module)
    run.routes[id(route)] = (route, made)
    return route


def _history(run: Interpreter, name: str, requests: tuple[Request, ...] = ()) -> Value | None:
    if name in ("calls", "request_history"):
        return looks.sent_calls(run, requests)
    if name == "last_request":
        return looks.sent_request(run, looks.sent_body(run, requests))
    return None


def _recorder_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    recorder = RECORDERS[dotted]

    def registers(method: str | None, first: int, *, plain: bool = False) -> Builtin:
        def call(args: Args, node: cst.Call | None, scope: Scope) -> Value:
            verb = text.plain(method.upper()) if method else args.get(0 if first else None, "method")
            given = None if plain else args.get(first, "url")
            return _registered(run, instance, recorder, verb, given, args, first, node, scope)

        return Builtin(attr, call)

    if attr == "__init__":
        return Builtin(attr, lambda args, node, scope: _construct(run, instance, args))
    if attr in VERBS and dotted != "pytest_httpx.HTTPXMock":
        return registers(attr, 0)
    if attr == "add_callback" and recorder.library == "pytest_httpx":
        return _other_member(run, instance, recorder, attr)
    if attr in ("add", "upsert", "replace", "add_callback", "register_uri", "request", "remove"):
        first = 0 if recorder.library == "aioresponses" else 1
        return registers(None, first)
    if attr in ("add_response", "route"):
        return registers(None, 0, plain=attr == "add_response")
    found = _history(run, attr)
    if found is not None:
        return found
    return _other_member(run, instance, recorder, attr)


def _other_member(run: Interpreter, instance: Instance, recorder: Recorder, attr: str) -> Value | None:
    def asserted(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        """`assert_call_count(url, 1)`, `assert_called_with(url, json=...)`."""
        if node is not None:
            method = args.get(None, "method")
            made = register(run, recorder, method, args.get(0, "url"), node, scope)
            given = args.get(None, "json")
            expect(run, made, bodies_of(run, given) if given is not None else (), args.get(None, "headers"))
        return NONE

    def with_callback(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        if node is not None:
            made = register(run, recorder, args.get(None, "method"), args.get(None, "url"), node, scope)
            called_back(run, made, args.get(0, "callback") or UNKNOWN, None)
        return NONE

    if attr in ("__enter__", "__aenter__", "copy", "mock"):
        return Builtin(attr, lambda args, node, scope: instance)
    if attr == "__call__":
        return Builtin(attr, lambda args, node, scope: args.get(0) or instance)
    if attr == "__getitem__":
        return Builtin(attr, lambda args, node, scope: _named_route(run, instance, args))
    if attr == "get_request":
        return Builtin(attr, lambda args, node, scope: _one_of(run, recorder, args, node, scope))
    if attr == "get_requests":
        return Builtin(attr, lambda args, node, scope: looks.sent_calls(run, counted=not args.every()))
    if attr == "requests":
        return looks.sent_calls(run, counted=False)
    if attr in ("assert_call_count", "assert_called_with", "assert_called_once_with", "assert_any_call"):
        return Builtin(attr, asserted)
    if attr in ("add_callback", "add_exception"):
        return Builtin(attr, with_callback)
    return Builtin(attr, lambda args, node, scope: UNKNOWN)


def _construct(run: Interpreter, instance: Instance, args: Args) -> Value:
    for name in ("base_url", "kw", "param"):
        given = args.get(None, name)
        if given is not None:
            run.heap.set(instance.cells, name, given)
    return NONE


def _named_route(run: Interpreter, instance: Instance, args: Args) -> Value:
    for name, _ in containers.key_names(args.get(0) or UNKNOWN):
        held = run.heap.get(instance.cells, f"<route>{name}")
        if held is not None:
            return held
    return looks.sent_calls(run, counted=False)


def _one_of(run: Interpreter, recorder: Recorder, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`get_request(method=..., url=...)`."""
    if node is not None and args.get(None, "url") is not None:
        made = register(run, recorder, args.get(None, "method"), args.get(None, "url"), node, scope)
        expect(run, made, ())
        return sent(run, made)
    return looks.sent_request(run, looks.sent_body(run))


def _registered(
    run: Interpreter,
    instance: Instance,
    recorder: Recorder,
    method: Value | None,
    url: Value | None,
    args: Args,
    first: int,
    node: cst.Call | None,
    scope: Scope,
) -> Value:
    if node is None:
        return UNKNOWN
    ready = args.get(0)
    if isinstance(ready, Instance) and ready.kind == ROUTE:
        return ready
    given = _positional(recorder, args, first)
    composed, pattern = _composed(run, instance, recorder, url, given)
    made = register(run, recorder, method, composed, node, scope)
    made.pattern = made.pattern or pattern
    if recorder.library == "requests_mock":
        _list_of_answers(run, made, args, first)
    if recorder.library == "respx" and not any(args.get(None, k) for k in ("json", "json__eq")):
        note(run, made, (), None)
    elif recorder.library == "respx":
        expect(run, made, bodies_of(run, args.get(None, "json") or args.get(None, "json__eq") or UNKNOWN))
        note(run, made, (), None)
    else:
        answer(run, made, given)
    route = _route(run, made)
    for found in iterate_texts(args.get(None, "name") or UNKNOWN):
        if found.literal:
            run.heap.set(instance.cells, f"<route>{found.literal}", route)
    return route


def _positional(recorder: Recorder, args: Args, first: int) -> Args:
    """The arguments by name, those behind the URL included."""
    keywords = dict(args.keywords)
    names = {"responses": ("body", "json", "status"), "aioresponses": ("method", "status", "body")}
    for index, name in enumerate(names.get(recorder.library, ())):
        found = args.pair(first + 1 + index)
        if found is not None:
            keywords.setdefault("callback" if _is_callable(found[0]) else name, found)
    return Args(keywords=keywords)


def _is_callable(value: Value) -> bool:
    return isinstance(value, (ProjectFunction, Bound))


def _list_of_answers(run: Interpreter, made: Registration, args: Args, first: int) -> None:
    """requests-mock's `[{"json": ..., "status_code": ...}, ...]`."""
    for option in options(args.get(first + 1, "response_list") or UNKNOWN):
        for each in containers.iterate(run, option)[0] if isinstance(option, Sequence) else ():
            for found in options(each):
                if isinstance(found, Mapping):
                    keywords = {e.name: (e.value, None) for e in run.entries(found).items if e.name}
                    answer(run, made, Args(keywords=dict(keywords)))


def _composed(
    run: Interpreter, instance: Instance, recorder: Recorder, url: Value | None, args: Args
) -> tuple[Value | None, bool]:
    """The URL that respx's lookups (`host`, `path`, `url__startswith`) and a router's base say together."""
    pattern = begins = False
    for key in _LOOKUPS:
        found = args.get(None, f"url{key}") if url is None or key else url
        if found is not None:
            url, pattern, begins = found, key == "__regex", key == "__startswith"
            break
    path = next((p for key in _LOOKUPS if (p := args.get(None, f"path{key}")) is not None), None)
    if url is None and path is not None:
        pattern = args.get(None, "path__regex") is not None
        beginning = url_patterns.beginning(path) if pattern else path
        host = args.get(None, "host")
        if host is None:
            return beginning, pattern
        return text.concat(
            [(text.plain("https://"), None), (host, None), (beginning or UNKNOWN, None)]
        ), pattern
    if url is not None and pattern:
        return url_patterns.beginning(url), True
    base = run.heap.get(instance.cells, "base_url")
    if base is None or url is None or recorder.library != "respx":
        return url, begins
    joined = [text.merge_base(text.as_text(b), text.as_text(u)) for b in options(base) for u in options(url)]
    return joined[0] if len(joined) == 1 else url, begins


# -- routes of respx, matchers of requests-mock and responses


def _route_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    known = run.routes.get(id(instance))
    if known is None:
        return None
    made = known[1]

    def responded(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        keywords = dict(args.keywords)
        if args.positional:
            keywords["status_code"] = args.positional[0]
        answer(run, made, Args(keywords=keywords))
        return instance

    def mocked(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        for name in ("return_value", "side_effect"):
            given = args.get(0 if name == "return_value" else None, name)
            if given is not None:
                route_answers(run, instance, given)
        return instance

    if attr == "respond":
        return Builtin(attr, responded)
    if attr == "mock":
        return Builtin(attr, mocked)
    if attr in ("called", "called_once", "call_count"):
        return UNKNOWN
    return _history(run, attr, (request_of(made),) if made.url is not None else ())


def route_answers(run: Interpreter, route: Instance, given: Value) -> None:
    """`route.return_value = ...`, `route.side_effect = [...]`: each response object is an answer."""
    known = run.routes.get(id(route))
    if known is None:
        return
    made = known[1]
    for option in options(given):
        elements = containers.iterate(run, option)[0] if isinstance(option, Sequence) else [option]
        for element in elements:
            called_back(run, made, element, None)
            for _, status, body in patching.recorded(run, element, made.scope):
                note(run, made, bodies_of(run, body), status)


def route_modulo(run: Interpreter, route: Instance, given: Value) -> Value:
    """`route % dict(json=...)`, `route % Response(...)`: respx's short form for an answer."""
    for option in options(given):
        if isinstance(option, Mapping):
            entries = run.entries(option).items
            given_by_name = Args()
            given_by_name.keywords.update({each.name: (each.value, None) for each in entries if each.name})
            answer(run, run.routes[id(route)][1], given_by_name)
        else:
            route_answers(run, route, option)
    return route


def _matcher(kind: str) -> Function:
    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        made = run.new_instance(MATCHER, node, scope.module)
        run.heap.set(made.cells, kind, args.get(0, "params") or UNKNOWN)
        return made

    return call


def _default(run: Interpreter, kind: str) -> Instance:
    """The recorder behind a library's module functions."""
    made = run.new_instance(kind, None, None)
    return made


def _of_module(kind: str, name: str) -> Function:
    """`responses.add(...)`, `respx.get(...)`: of the library's own recorder."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        member = _recorder_member(run, _default(run, kind), kind, name)
        return member.call(args, node, scope) if isinstance(member, Builtin) else UNKNOWN

    return call


def _response(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`responses.Response(method=..., url=..., json=...)`, to be added later."""
    return _of_module("responses.RequestsMock", "add")(run, args, node, scope)


def _transport(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`httpx.MockTransport(handler)`: the handler gets whatever the client sends."""
    made = run.new_instance("httpx.MockTransport", node, scope.module)
    run.heap.set(made.cells, "handler", args.get(0, "handler") or UNKNOWN)
    return made


def transported(run: Interpreter, client: Instance, response: Value, scope: Scope) -> None:
    """Run the handler of a client's MockTransport on what it has sent."""
    transport = run.heap.get(client.cells, "transport")
    for option in options(transport) if transport is not None else ():
        if not isinstance(option, Instance) or option.kind != "httpx.MockTransport":
            continue
        body = run.heap.get(response.cells, "<body>") if isinstance(response, Instance) else None
        requests = body.origin.requests if isinstance(body, Part) else ()
        request = looks.sent_request(run, looks.sent_body(run, requests))
        answer = run.call(run.heap.get(option.cells, "handler") or UNKNOWN, Args.of(request), None, scope)
        patching.note_answer(run, answer, None, "httpx.MockTransport", scope, list(requests))


_MODULE_FUNCTIONS = ("add", "add_callback", "upsert", "replace", "remove", "assert_call_count", *VERBS)


def _calls(run: Interpreter) -> Value:
    return looks.sent_calls(run)


CONSTANTS: dict[str, Callable[[Interpreter], Value]] = {
    "responses.calls": _calls,
    "respx.calls": _calls,
    "respx.mock.calls": _calls,
}
"""What module attributes hold, by dotted name."""

FUNCTIONS: dict[str, Function] = {
    **{f"respx.mock.{name}": _of_module("respx.MockRouter", name) for name in (*VERBS, "route")},
    **{f"responses.{name}": _of_module("responses.RequestsMock", name) for name in _MODULE_FUNCTIONS},
    **{f"respx.{name}": _of_module("respx.MockRouter", name) for name in (*VERBS, "route", "request")},
    "responses.Response": _response,
    "responses.CallbackResponse": _response,
    "responses.matchers.json_params_matcher": _matcher("json"),
    "responses.json_params_matcher": _matcher("json"),
    "responses.matchers.query_param_matcher": _matcher("params"),
    "httpx.MockTransport": _transport,
}
MEMBERS: dict[str, Member] = {
    **dict.fromkeys(RECORDERS, _recorder_member),
    ROUTE: _route_member,
    MATCHER: lambda run, instance, dotted, attr: None,
}
ALIASES: dict[str, str] = {
    "requests_mock.mock": "requests_mock.Mocker",
    "requests_mock.mocker.Mocker": "requests_mock.Mocker",
    "requests_mock.Adapter": "requests_mock.Mocker",
    "requests_mock.adapter.Adapter": "requests_mock.Mocker",
    "respx.mock": "respx.MockRouter",
    "respx.Router": "respx.MockRouter",
    "respx.MockTransport": "respx.MockRouter",
    "respx.router.MockRouter": "respx.MockRouter",
    "aioresponses.core.aioresponses": "aioresponses.aioresponses",
    "responses.mock": "responses.RequestsMock",
}
