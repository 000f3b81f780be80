"""Responses: their bodies as parts that are tied to the request, and the JSON functions that parse them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import models, statuses
from aurora_migrate.flow.alternatives import choose, is_stranger, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Cells, Scope
from aurora_migrate.flow.facts import Request
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.places import Marker
from aurora_migrate.flow.recorded import note_written, of_file, written_before
from aurora_migrate.flow.statuses import RESPONSE
from aurora_migrate.flow.values import (
    LOOSE,
    NONE,
    UNKNOWN,
    Builtin,
    Instance,
    Mapping,
    Part,
    Piece,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

ERROR = "http.Error"
"""The exception that HTTP libraries raise for a status of 4xx or 5xx."""

_TEXTS = frozenset({"text", "content", "data", "body", "raw"})
_TEXT_METHODS = frozenset({"text", "read", "aread", "getvalue", "get_data"})
_ITSELF = frozenset({"__enter__", "__aenter__"})


def new_response(run: Interpreter, requests: list[Request]) -> Instance:
    """The response to requests of which one is sent; it can be what an exception carries from now on.

    The same requests have the same response, so that what is done with it need not be run again.
    """
    if not requests:
        return run.new_instance(RESPONSE, None, None)
    origin = run.origin(requests)
    response = run.responses.get(origin.number)
    if response is None:
        response = run.responses[origin.number] = Instance(RESPONSE, Cells(0))
        response.cells["<body>"] = Part((), frozenset(), origin)
    run.heap.note_quietly(run.sent, origin.number, response)
    return response


def raised_error(run: Interpreter, responses: list[Value]) -> Instance:
    """The exception of an HTTP library, with the response that is the reason."""
    error = run.new_instance(ERROR, None, None)
    if responses:
        run.heap.set(error.cells, "response", choose(responses))
    return error


def _body(run: Interpreter, instance: Instance) -> Value:
    """What a response says; of one that only an unseen caller would give, nothing is known."""
    held = run.heap.get(instance.cells, "<body>")
    if held is not None and statuses.is_settled(run, instance):
        return statuses.of_settled(held)
    return held or (Unknown((), frozenset({LOOSE})) if run.explored else UNKNOWN)


def _checked(run: Interpreter, response: Instance, node: cst.Call | None, scope: Scope) -> Value:
    """`raise_for_status()`: from here on, an exception can carry this response, however old it is."""
    for part in parts_of(_body(run, response)):
        run.heap.note_quietly(run.sent, part.origin.number, response)
    if node is not None and isinstance(node.func, cst.Attribute):
        statuses.settle(run, node.func.value, scope)
    return statuses.settled(run, response)


def _url(body: Value) -> Value | None:
    """Where a response came from: the text of the request's URL, as far as nothing led elsewhere."""
    urls = [request.url for part in parts_of(body) for request in part.origin.requests]
    return choose(urls) if urls else None


def _unparsed(value: Value) -> Value:
    return choose(
        [option.step(Marker.TEXT) if isinstance(option, Part) else option for option in options(value)]
    )


def _construct(run: Interpreter, response: Instance, args: Args) -> Value:
    """A response that a test makes: `httpx.Response(404, json={...})`."""
    status = args.get(0, "status_code")
    if status is not None:
        run.heap.set(response.cells, "status_code", status)
    for name in ("json", "text", "content"):
        given = args.get(None, name)
        if given is not None:
            run.heap.set(response.cells, "<body>", given)
    return NONE


def _response_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    if attr in _ITSELF:
        return Builtin(attr, lambda args, node, scope: instance)
    if attr == "__init__":
        return Builtin(attr, lambda args, node, scope: _construct(run, instance, args))
    if attr == "raise_for_status":
        return Builtin(attr, lambda args, node, scope: _checked(run, instance, node, scope))
    body = _body(run, instance)
    if attr == "url":
        return _url(body)
    if attr == "json":
        return Builtin(attr, lambda args, node, scope: _hooked(run, body, args, scope))
    if attr in _TEXTS:
        return _unparsed(body)
    if attr in _TEXT_METHODS:
        return Builtin(attr, lambda args, node, scope: _unparsed(body))
    return None


def _error_member(run: Interpreter, instance: Instance, dotted: str, attr: str) -> Value | None:
    response = run.heap.get(instance.cells, "response")
    if response is None:
        return None
    bodies = [_body(run, option) for option in options(response) if isinstance(option, Instance)]
    if attr in ("read", "fp"):
        return Builtin(attr, lambda args, node, scope: _unparsed(choose(bodies)))
    return None


def _loads(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return _hooked(run, models.loaded(run, args.get(0, "s") or UNKNOWN, node, scope), args, scope)


def _hooked(run: Interpreter, value: Value, args: Args, scope: Scope) -> Value:
    """What `object_hook` makes of the outermost object; of what is in it, it makes the same."""
    hook = args.get(None, "object_hook")
    if hook is None:
        return value
    made = [
        run.call(hook, Args.of(option), None, scope) if isinstance(option, (Part, Mapping)) else option
        for option in options(value)
    ]
    return choose(made)


def _load(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`json.load(response)`, as urllib's users write it."""
    given = args.get(0, "fp") or UNKNOWN
    bodies = [_body(run, option) for option in options(given) if isinstance(option, Instance)]
    others = [option for option in options(given) if is_stranger(option)]
    if not bodies and not any(parts_of(given)):
        recorded = of_file(run, node, scope)
        if recorded is not None:
            return recorded
    return choose([*bodies, *parts_of(given), *others, *written_before(run, node, scope)])


def _load_data(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`pickle.load(file)`: what the program itself wrote there."""
    given = args.get(0) or UNKNOWN
    return choose([*parts_of(given), *written_before(run, node, scope)])


def _unpickled(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`pickle.loads(data)`: what the program itself had dumped."""
    given = args.get(0) or UNKNOWN
    held = [piece.hole for text in iterate_texts(given) for piece in text.pieces if piece.hole is not None]
    return choose([*held, *parts_of(given)])


def _dump(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    note_written(run, args.get(0, "obj") or UNKNOWN, node, scope)
    return UNKNOWN


def _dumps(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    given = args.get(0, "obj") or UNKNOWN
    return choose([Text((Piece(None, hole=option),)) for option in options(given)])


FUNCTIONS: dict[str, Function] = {
    "json.loads": _loads,
    "json.load": _load,
    "json.dump": _dump,
    **dict.fromkeys(("pickle.dump", "joblib.dump", "yaml.dump", "yaml.safe_dump", "marshal.dump"), _dump),
    **dict.fromkeys(("pickle.load", "joblib.load", "marshal.load"), _load_data),
    **dict.fromkeys(("pickle.dumps", "yaml.dump_all"), _dumps),
    "pickle.loads": _unpickled,
    "json.dumps": _dumps,
    "dataclasses.asdict": models.as_dict,
    "attr.asdict": models.as_dict,
    "attrs.asdict": models.as_dict,
    "cattrs.unstructure": models.as_dict,
    **dict.fromkeys(("dataclasses.fields", "attr.fields", "attrs.fields"), models.field_objects),
    "msgspec.to_builtins": models.as_dict,
    "pydantic_core.to_jsonable_python": models.as_dict,
}
MEMBERS: dict[str, Member] = {RESPONSE: _response_member, ERROR: _error_member}
ALIASES: dict[str, str] = {
    **dict.fromkeys(("simplejson.loads", "ujson.loads", "orjson.loads", "rapidjson.loads"), "json.loads"),
    **dict.fromkeys(("simplejson.dumps", "ujson.dumps", "orjson.dumps", "rapidjson.dumps"), "json.dumps"),
    "simplejson.load": "json.load",
    "requests.compat.json.loads": "json.loads",
    "requests.compat.json.dumps": "json.dumps",
    "cattr.unstructure": "cattrs.unstructure",
    **dict.fromkeys(
        (
            "requests.Response",
            "requests.models.Response",
            "httpx.Response",
            "aiohttp.ClientResponse",
            "urllib3.HTTPResponse",
            "urllib3.response.HTTPResponse",
            "http.client.HTTPResponse",
        ),
        RESPONSE,
    ),
    **dict.fromkeys(
        (
            "requests.HTTPError",
            "requests.exceptions.HTTPError",
            "requests.RequestException",
            "requests.exceptions.RequestException",
            "httpx.HTTPStatusError",
            "httpx.HTTPError",
            "aiohttp.ClientResponseError",
            "urllib.error.HTTPError",
            "urllib2.HTTPError",
        ),
        ERROR,
    ),
}
