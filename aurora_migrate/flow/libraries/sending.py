"""The moment a request is sent: URL, headers, parameters, body and authentication are noted as one fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import patching, text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.bodies import bodies_of
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import Body, Request, Role
from aurora_migrate.flow.json_texts import body_of_text
from aurora_migrate.flow.libraries.hooks import run_response_hooks
from aurora_migrate.flow.libraries.prepared import apply_auth, role_of
from aurora_migrate.flow.libraries.responses import new_response
from aurora_migrate.flow.values import Choice, Const, Instance, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

ROLES = ("headers", "params", "json", "data", "auth", "fields", "content", "body", "query")

BODY_ROLES = ("json", "data", "content", "body")
"""The roles that hold a request's body."""

_POSITIONAL: dict[tuple[str, str | None], tuple[str, ...]] = {
    ("requests", "get"): ("url", "params"),
    ("requests", "post"): ("url", "data", "json"),
    ("requests", "put"): ("url", "data"),
    ("requests", "patch"): ("url", "data"),
    ("requests", None): ("url", "params", "data", "headers"),
    ("urllib", "urlopen"): ("url", "data"),
    ("urllib", None): ("url", "data", "headers"),
    ("urllib3", None): ("url", "body", "fields", "headers"),
    ("http.client", None): ("url", "body", "headers"),
}
"""Positional parameters behind the method, by library and verb (None: the verb is an argument)."""

_OF_NEW_REQUEST = ("url", "headers", "files", "data", "params")


@dataclass(slots=True)
class Call:
    """A call that sends a request: everything that `send` needs to know of it."""

    library: str
    kind: str
    method: Value
    url: Value
    args: Args
    node: cst.Call | None
    scope: Scope
    verb: str | None = None
    client: Instance | None = None
    preliminary: bool = False
    seen: bool = True
    """Whether it is a known library's function that sends."""
    name: str = ""
    """What the caller calls the sender, where that is no known library."""


def send(run: Interpreter, call: Call) -> Value:
    """Note the request, run its authentication, and give its response."""
    requests = described(run, call)
    for request in requests:
        run.facts.add_request(request)
    if requests:
        first = requests[0]
        _authenticate(run, call, first.roles, first.client_roles)
        if not call.preliminary:
            patching.answered(run, requests, _arguments(call), call.scope)
    response = new_response(run, requests)
    if requests:
        run_response_hooks(run, call.client, call.args.get(None, "hooks"), response, call.scope)
    return response


def described(run: Interpreter, call: Call) -> list[Request]:
    """The request of a call, for each alternative of its URL and method; none where no call is known."""
    node, module = call.node, call.scope.module
    if node is None:
        if not run.evaluating:
            return []
        module, node = run.evaluating[-1]
    roles = _roles(run, call)
    return [
        Request(
            module=module,
            node=node,
            library=call.library,
            method=_verb(method),
            url=text.as_text(url),
            roles=roles,
            open_keywords=call.args.open_keywords,
            client=call.client,
            client_roles=_client_roles(run, call.client),
            stack=tuple(run.stack),
            callers=tuple(run.calls),
            explored=run.explored,
            direct=call.node is not None,
            preliminary=call.preliminary,
            bodies=_bodies(run, roles),
            guess=run.guess,
            function=_function(call),
        )
        for url in options(call.url)
        for method in options(call.method)
    ]


def _function(call: Call) -> str:
    """The library function or method that is called, by its dotted name."""
    from aurora_migrate.flow.libraries.http_clients import client_kind

    holder = client_kind(call.client) if call.client is not None else call.library
    return f"{holder}.{call.verb or 'request'}"


def _arguments(call: Call) -> Args:
    """The arguments of the call with its URL, and its method where that is one, in front."""
    named = (call.method, call.url) if call.verb is None else (call.url,)
    rest = call.args.without_first() if call.args.positional else call.args
    keywords = {name: pair for name, pair in rest.keywords.items() if name not in ("url", "method")}
    return Args(rest.positional, keywords, rest.open_positional, rest.open_keywords).prepended(*named)


def _verb(method: Value) -> str | None:
    literal = method.literal if isinstance(method, Text) else None
    return literal.upper() if literal else None


def _roles(run: Interpreter, call: Call) -> dict[str, Role]:
    names = _POSITIONAL.get((call.library, call.verb)) or _POSITIONAL.get((call.library, None), ())
    if call.kind == "requests.Request":
        names = _OF_NEW_REQUEST
    roles: dict[str, Role] = {}
    for index, (value, arg) in enumerate(call.args.positional):
        if index and index < len(names):
            roles[names[index]] = role_of(run, value, arg)
    for name, (value, arg) in call.args.keywords.items():
        if name in ROLES and not _is_none(value):
            roles[name] = role_of(run, value, arg)
    return roles


def _bodies(run: Interpreter, roles: dict[str, Role]) -> tuple[Body, ...]:
    """The body as it is now, by alternatives; what is neither an object nor a list says nothing."""
    given = (body for name in BODY_ROLES if name in roles for body in bodies_of(run, roles[name].value))
    found = (body_of_text(body.value) if isinstance(body.value, Text) else body for body in given)
    return tuple(body for body in found if body.fields or body.items or body.rest or body.mapping)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


def _client_roles(run: Interpreter, client: Instance | None) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    if client is not None:
        for name in ("headers", "params", "auth"):
            held = run.heap.get(client.cells, name)
            if held is not None and not _is_none(held):
                roles[name] = role_of(run, held, None)
    return roles


def _authenticate(
    run: Interpreter, call: Call, roles: dict[str, Role], client_roles: dict[str, Role]
) -> None:
    auth = roles.get("auth") or client_roles.get("auth")
    if auth is None:
        return
    url = text.as_text(call.url) if not isinstance(call.url, Choice) else call.url
    apply_auth(run, auth.value, call.kind, url, call.method, call.scope)
