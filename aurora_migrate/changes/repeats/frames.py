"""The calls that lead to a request, each with the argument that brings the request's path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.repeats.own_names import (
    FunctionNode,
    Functions,
    argument_for,
    assigned,
    called,
    function_of,
)
from aurora_migrate.changes.repeats.tails import Ending, carrier
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.facts import Facts, Request
from aurora_migrate.flow.libraries.http_clients import client_kind
from aurora_migrate.flow.libraries.http_functions import VERBS
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.values import Instance

_METHOD_FIRST = frozenset({"request", "_request", "stream", "build_request", "urlopen"})
"""Functions that take the method before the URL."""

_ASYNC_CLIENTS = frozenset({"httpx.AsyncClient", "aiohttp.ClientSession"})


@dataclass(frozen=True, slots=True)
class Frame:
    """One call on the way to a request."""

    module: Module
    function: FunctionNode
    """The code that makes the call."""
    call: cst.Call
    path: cst.Arg
    """The argument that ends in the request's path."""
    ending: Ending
    """What that argument is."""
    awaitable: bool
    """Whether the call gives something that is to be awaited."""


def frames_of(facts: Facts, request: Request, known: Functions) -> Iterator[Frame]:
    """The call that sends the request, then its callers as long as the path is theirs. Raises Refused.

    `known` are the functions of the project, which may make the path.
    """
    frame: Frame | None = _sending(facts, request)
    callers = list(request.callers)
    while frame is not None:
        yield frame
        while callers and _hands_on(*callers[-1]):
            callers.pop()
        frame = _caller(frame, known, *callers.pop()) if callers else None


def _hands_on(module: Module, call: cst.Call | None) -> bool:
    """Whether a call hands on all that its function was given, as decorators do: `fn(self, *a, **kw)`."""
    function = function_of(module, call) if call is not None else None
    if call is None or not isinstance(function, cst.FunctionDef):
        return False
    rest, keywords = function.params.star_arg, function.params.star_kwarg
    if not isinstance(rest, cst.Param) or function.params.kwonly_params or function.params.posonly_params:
        return False
    wanted = [("", param.name.value) for param in function.params.params]
    wanted.append(("*", rest.name.value))
    wanted.extend([("**", keywords.name.value)] if keywords is not None else [])
    given = [(arg.star, arg.value.value if isinstance(arg.value, cst.Name) else "") for arg in call.args]
    return given == wanted


def _sending(facts: Facts, request: Request) -> Frame:
    node, module = request.node, request.module
    if not request.direct or not isinstance(node, cst.Call):
        raise Refused("the request is sent by a library's own function")
    function = function_of(module, node)
    path = _url_argument(request.library, node)
    made = _request_object(facts, function, path)
    if made is not None:
        node, path = made, _url_argument("urllib", made)
    if path is None:
        raise Refused("the argument that holds its URL cannot be told")
    return Frame(module, function, node, path, Ending.TEXT, _is_async(request.client))


def _is_async(client: Instance | None) -> bool:
    return client is not None and client_kind(client) in _ASYNC_CLIENTS


def _url_argument(library: str, call: cst.Call) -> cst.Arg | None:
    name = called(call)
    index = 1 if name in _METHOD_FIRST and not (library == "urllib" and name == "urlopen") else 0
    named = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "url"]
    if named:
        return named[0]
    positional = [arg for arg in call.args if arg.keyword is None]
    if index >= len(positional) or any(arg.star for arg in positional[: index + 1]):
        return None
    return positional[index]


def _request_object(facts: Facts, function: FunctionNode, path: cst.Arg | None) -> cst.Call | None:
    """`Request(url, ...)` where that is what is sent."""
    made: cst.BaseExpression | None = path.value if path is not None else None
    if isinstance(made, cst.Name):
        made = assigned(function, made.value)
    known = {id(request.node) for request in facts.requests.values() if request.preliminary}
    return made if isinstance(made, cst.Call) and id(made) in known else None


def _caller(frame: Frame, known: Functions, module: Module, call: cst.Call | None) -> Frame | None:
    """The call of the frame's function, if the path is what it gives to a parameter."""
    function = frame.function
    if call is None or isinstance(function, cst.Module):
        return None
    carried = carrier(function, frame.path.value, known, frame.ending)
    if carried is None:
        return None
    param = carried.name
    path = argument_for(frame.module, function, call, param) or _of_verb(frame, function, call, param)
    if path is None:
        raise Refused(f"what gives `{param}` its value cannot be told")
    awaitable = isinstance(function, cst.FunctionDef) and function.asynchronous is not None
    return Frame(module, function_of(module, call), call, path, carried.ending, awaitable)


def _of_verb(
    frame: Frame, function: cst.FunctionDef | cst.Lambda, call: cst.Call, param: str
) -> cst.Arg | None:
    """The URL of `client.get(url)`, where the client's class has a `request(method, url)` of its own."""
    if not isinstance(function, cst.FunctionDef) or function.name.value not in _METHOD_FIRST:
        return None
    names = [each.name.value for each in (*function.params.posonly_params, *function.params.params)]
    spelled = called(call)
    if spelled not in VERBS or not isinstance(call.func, cst.Attribute) or names[2:3] != [param]:
        return None
    return _url_argument("", call)
