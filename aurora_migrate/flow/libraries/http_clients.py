"""Client objects of HTTP libraries: sessions, pools, connections, openers, and what is sent through them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries import hooks, prepared
from aurora_migrate.flow.libraries.http_functions import VERBS, after, resend, urlopen
from aurora_migrate.flow.libraries.responses import new_response
from aurora_migrate.flow.libraries.sending import Call, send
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.objects import external_bases, find_in_class
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    ClassValue,
    Const,
    Entries,
    External,
    Instance,
    Mapping,
    Piece,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import (
    Function as ProjectFunction,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

Join = Callable[[Text, Text], Text]


@dataclass(frozen=True, slots=True)
class Client:
    """How a client class takes its base URL and sends its requests."""

    library: str
    kind: str
    """The class of the request objects that its auth and hooks receive."""
    base_index: int | None = None
    base_name: str = "base_url"
    join: Join = text.merge_base


def _aiohttp_join(base: Text, path: Text) -> Text:
    return text.join_url(base, path) if base.pieces else path


def _host_join(base: Text, path: Text) -> Text:
    return Text((Piece("https://"), *base.pieces, *path.pieces))


CLIENTS: dict[str, Client] = {
    "requests.Session": Client("requests", prepared.PREPARED),
    "requests_toolbelt.sessions.BaseUrlSession": Client("requests", prepared.PREPARED, 0, join=text.join_url),
    "httpx.Client": Client("httpx", prepared.HTTPX),
    "httpx.AsyncClient": Client("httpx", prepared.HTTPX),
    "aiohttp.ClientSession": Client("aiohttp", prepared.HTTPX, 0, join=_aiohttp_join),
    "urllib3.PoolManager": Client("urllib3", prepared.PREPARED),
    "urllib3.HTTPSConnectionPool": Client("urllib3", prepared.PREPARED, 0, "host", _host_join),
    "urllib3.connection_from_url": Client("urllib3", prepared.PREPARED, 0, "url", text.join_url),
    "http.client.HTTPSConnection": Client("http.client", prepared.PREPARED, 0, "host", _host_join),
}


def has_verbs(value: Value) -> bool:
    """Whether `getattr(value, method)` gives the functions that send requests."""
    if isinstance(value, External):
        return value.name in ("requests", "httpx", "requests.api")
    return isinstance(value, Instance) and client_kind(value) is not None


def client_kind(instance: Instance) -> str | None:
    """The modelled client class of an object, its own or that of a base."""
    from aurora_migrate.flow.libraries import canonical

    names = [instance.kind] if isinstance(instance.kind, str) else list(external_bases(instance.kind))
    return next((canonical(name) for name in names if canonical(name) in CLIENTS), None)


def any_verb(holder: Value) -> Value:
    """`getattr(requests, method)` with an unknown method."""
    found: list[Value] = []
    for option in options(holder):
        if isinstance(option, External):
            found.append(External(f"{option.name}.<any>"))
        elif isinstance(option, Instance):
            found.append(Unknown(("getattr",)))
    return choose(found)


def _client_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    client = CLIENTS[dotted]
    if attr == "__init__":
        return Builtin(attr, lambda args, node, scope: _construct(run, instance, client, args, node, scope))
    if attr in ("headers", "params", "cookies"):
        made = run.new_mapping(Entries(), None, None)
        run.heap.set(instance.cells, attr, made)
        return made
    if attr in hooks.HOLDERS:
        return hooks.new_hooks(run, instance, attr)
    if attr in (*VERBS, "request", "_request", "stream", "ws_connect", "urlopen", "open"):
        return Builtin(attr, lambda args, node, scope: _sent(run, instance, dotted, attr, args, node, scope))
    if attr in ("send", "prepare_request"):
        return Builtin(attr, lambda args, node, scope: _send_prepared(run, instance, attr, args, scope))
    if attr == "build_request":
        return Builtin(attr, lambda args, node, scope: _built(run, instance, dotted, args, node, scope))
    if attr == "getresponse":
        return Builtin(
            attr,
            lambda args, node, scope: run.heap.get(instance.cells, "<response>") or new_response(run, []),
        )
    if attr == "mount":
        return Builtin(attr, lambda args, node, scope: _mounted(run, instance, args))
    if attr in ("putrequest",):
        return Builtin(
            attr, lambda args, node, scope: _sent(run, instance, dotted, "request", args, node, scope)
        )
    if attr in ("__enter__", "__aenter__"):
        return Builtin(attr, lambda args, node, scope: instance)
    return None


def _construct(
    run: Interpreter, instance: Instance, client: Client, args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    base = args.get(client.base_index, client.base_name)
    if base is not None:
        run.heap.set(instance.cells, "base_url", base)
    for name in ("headers", "params", "auth", *hooks.HOLDERS, "transport"):
        given = args.pair(None, name)
        if given is not None:
            run.heap.set(
                instance.cells, name, _own_copy(run, given, node, scope) if name != "auth" else given[0]
            )
    return NONE


def _own_copy(
    run: Interpreter, given: tuple[Value, cst.Arg | None], node: cst.Call | None, scope: Scope
) -> Value:
    """A client keeps a copy of the mappings that it is given."""
    value, _ = given
    return choose(
        [
            run.new_mapping(run.entries(option), option.node, option.module)
            if isinstance(option, Mapping)
            else option
            for option in options(value)
        ]
    )


def _sent(
    run: Interpreter,
    instance: Instance,
    dotted: str,
    attr: str,
    args: Args,
    node: cst.Call | None,
    scope: Scope,
) -> Value:
    from aurora_migrate.flow.libraries import recorders

    client = CLIENTS[dotted]
    named = attr in ("request", "_request", "stream", "urlopen")
    verb: Value = text.plain(attr.upper())
    if named:
        verb, args = args.get(0, "method") or UNKNOWN, after(args, "method")
    taker = _overridden(run, instance, attr)
    if taker is not None:
        return run.call(Bound(taker, (instance,)), args.prepended(verb), node, scope)
    target = args.get(0, "url") or args.get(None, "path") or UNKNOWN
    base = run.heap.get(instance.cells, "base_url")
    joined = _joined(client, base, target)
    call = Call(
        client.library, client.kind, verb, joined, args, node, scope, None if named else attr, instance
    )
    response = send(run, call)
    if client.library == "http.client":
        # Kept for `getresponse`; no other client's next call depends on what its last one gave.
        run.heap.set(instance.cells, "<response>", response)
    recorders.transported(run, instance, response, scope)
    _through_overridden_send(run, instance, client, joined, verb, scope)
    return response


def _overridden(run: Interpreter, instance: Instance, attr: str) -> ProjectFunction | None:
    """The project's own `request` (or aiohttp's `_request`) that a verb of the library goes through."""
    if not isinstance(instance.kind, ClassValue):
        return None
    for name in ("request", "_request"):
        found = find_in_class(run, instance.kind, name)
        if name != attr and isinstance(found, ProjectFunction) and not _is_running(run, found):
            return found
    return None


def _is_running(run: Interpreter, function: ProjectFunction) -> bool:
    return any(step.node is function.node for step in run.stack)


def _joined(client: Client, base: Value | None, target: Value) -> Value:
    if base is None:
        return target
    return choose(
        [
            client.join(text.as_text(root), text.as_text(path))
            for root in options(base)
            for path in options(target)
            if not (isinstance(root, Const) and root.value is None)
        ]
        or [target]
    )


def _through_overridden_send(
    run: Interpreter, instance: Instance, client: Client, url: Value, verb: Value, scope: Scope
) -> None:
    """Run a project's own `send`, adapter or transport on what is about to go out."""
    takers: list[Value] = []
    if isinstance(instance.kind, ClassValue):
        own = find_in_class(run, instance.kind, "send")
        if isinstance(own, ProjectFunction) and not _is_running(run, own):
            takers.append(Bound(own, (instance,)))
    for name, method in (
        ("<adapters>", "send"),
        ("transport", "handle_request"),
        ("transport", "handle_async_request"),
    ):
        for holder in options(run.heap.get(instance.cells, name) or UNKNOWN):
            if isinstance(holder, Instance) and isinstance(holder.kind, ClassValue):
                taker = run.attribute(holder, method, scope)
                if isinstance(taker, Bound):
                    takers.append(taker)
    takers.extend(hooks.hooked(run, run.heap.get(instance.cells, "event_hooks"), "request"))
    for taker in takers:
        run.call(taker, Args.of(prepared.new_prepared(run, client.kind, url, verb)), None, scope)


def _send_prepared(run: Interpreter, instance: Instance, attr: str, args: Args, scope: Scope) -> Value:
    request = args.get(0, "request") or UNKNOWN
    if attr == "prepare_request":
        return request
    responses: list[Value] = []
    for option in options(request):
        if isinstance(option, Instance):
            auth = run.heap.get(instance.cells, "auth")
            if auth is not None:
                url = run.heap.get(option.cells, "url") or UNKNOWN
                method = run.heap.get(option.cells, "method") or UNKNOWN
                prepared.apply_auth(run, auth, prepared.PREPARED, url, method, scope)
            responses.append(resend(run, option, scope))
    return choose(responses) if responses else new_response(run, [])


def _built(
    run: Interpreter, instance: Instance, dotted: str, args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    _sent(run, instance, dotted, "request", args, node, scope)
    url = _joined(CLIENTS[dotted], run.heap.get(instance.cells, "base_url"), args.get(1, "url") or UNKNOWN)
    request = prepared.new_prepared(run, CLIENTS[dotted].kind, url, args.get(0, "method"))
    return Instance(CLIENTS[dotted].kind, request.cells, node, scope.module)


def _mounted(run: Interpreter, instance: Instance, args: Args) -> Value:
    run.heap.set(instance.cells, "<adapters>", args.get(1, "adapter") or UNKNOWN)
    return NONE


def _header_put(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    """`urllib.request.build_opener()` and what it opens."""

    def construct(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(instance.cells, "<handlers>", choose(args.values()) if args.positional else NONE)
        return NONE

    def open_url(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        response = urlopen(run, args, node, scope)
        for target in options(args.get(0, "fullurl") or UNKNOWN):
            url = run.heap.get(target.cells, "url") if isinstance(target, Instance) else target
            for handler in options(run.heap.get(instance.cells, "<handlers>") or UNKNOWN):
                for name in ("https_request", "http_request"):
                    method = run.attribute(handler, name, scope) if isinstance(handler, Instance) else UNKNOWN
                    if isinstance(method, Bound):
                        request = prepared.new_prepared(run, prepared.URLLIB, url, None)
                        run.call(method, Args.of(request), None, scope)
        return response

    if attr == "__init__":
        return Builtin(attr, construct)
    if attr == "open":
        return Builtin(attr, open_url)
    return None


MEMBERS: dict[str, Member] = {
    **dict.fromkeys(CLIENTS, _client_member),
    "urllib.request.OpenerDirector": _header_put,
}
FUNCTIONS: dict[str, Function] = {}
ALIASES: dict[str, str] = {
    "requests.session": "requests.Session",
    "requests.sessions.Session": "requests.Session",
    "requests.sessions.session": "requests.Session",
    "requests_cache.CachedSession": "requests.Session",
    "requests_futures.sessions.FuturesSession": "requests.Session",
    "requests_toolbelt.BaseUrlSession": "requests_toolbelt.sessions.BaseUrlSession",
    "cloudscraper.create_scraper": "requests.Session",
    "httpx._client.Client": "httpx.Client",
    "httpx._client.AsyncClient": "httpx.AsyncClient",
    "authlib.integrations.httpx_client.OAuth2Client": "httpx.Client",
    "aiohttp.client.ClientSession": "aiohttp.ClientSession",
    "aiohttp_retry.RetryClient": "aiohttp.ClientSession",
    "urllib3.poolmanager.PoolManager": "urllib3.PoolManager",
    "urllib3.HTTPConnectionPool": "urllib3.HTTPSConnectionPool",
    "urllib3.connectionpool.HTTPSConnectionPool": "urllib3.HTTPSConnectionPool",
    "urllib3.connectionpool.connection_from_url": "urllib3.connection_from_url",
    "requests_oauthlib.OAuth2Session": "requests.Session",
    "requests_oauthlib.OAuth1Session": "requests.Session",
    "requests_ratelimiter.LimiterSession": "requests.Session",
    "http.client.HTTPConnection": "http.client.HTTPSConnection",
    "urllib.request.build_opener": "urllib.request.OpenerDirector",
    "httplib.HTTPSConnection": "http.client.HTTPSConnection",
}
