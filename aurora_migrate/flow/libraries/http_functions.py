"""Functions of HTTP libraries that send by themselves (`requests.get`, `urlopen`), and request objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.libraries import prepared
from aurora_migrate.flow.libraries.sending import Call, send
from aurora_migrate.flow.libraries.table import Function, Member
from aurora_migrate.flow.values import (
    NONE,
    PARAMETER,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Instance,
    Text,
    Unknown,
    Value,
)
from aurora_migrate.flow.values import (
    Function as ProjectFunction,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


def _function(library: str, kind: str, method: str | None, named: bool) -> Function:
    """`requests.get(url, ...)`, or `requests.request(method, url, ...)` when the method is an argument."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        verb: Value = text.plain(method.upper()) if method else UNKNOWN
        if named:
            verb, args = args.get(0, "method") or UNKNOWN, after(args, "method")
        return send(run, Call(library, kind, verb, args.get(0, "url") or UNKNOWN, args, node, scope, method))

    return call


def after(args: Args, name: str) -> Args:
    """The arguments behind the first one, which may also be given by name."""
    if args.positional:
        return args.without_first()
    rest = {key: pair for key, pair in args.keywords.items() if key != name}
    return Args([], rest, args.open_positional, args.open_keywords, loose=args.loose, parts=args.parts)


def _new_request(library: str, kind: str, url_index: int) -> Function:
    """`requests.Request(method, url)`, `urllib.request.Request(url)`: as good as sent from here on."""

    def call(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        url = args.get(url_index, "url") or UNKNOWN
        method = args.get(0 if url_index else None, "method")
        if method is None:
            method = _verb_by_data(args.get(1, "data"))
        request = prepared.new_prepared(run, kind, url, method)
        places = (("headers", 2), ("params", None), ("data", 1 if not url_index else None))
        for name, index in (*places, ("json", None), ("content", None)):
            given = args.get(index, name)
            if given is not None:
                run.heap.set(request.cells, name, given)
        rest = args.without_first(url_index)
        send(run, Call(library, kind, method, url, rest, node, scope, None, preliminary=True))
        return Instance(kind, request.cells, node, scope.module)

    return call


def _verb_by_data(data: Value | None) -> Value:
    """What urllib sends unless it is told otherwise: POST where there is data, which may be None."""
    found = options(data if data is not None else NONE)
    verbs = ["GET"] if any(map(_may_be_none, found)) else []
    if any(not (isinstance(option, Const) and option.value is None) for option in found):
        verbs.append("POST")
    return choose([text.plain(verb) for verb in verbs])


def _may_be_none(value: Value) -> bool:
    if isinstance(value, Const):
        return value.value is None
    return type(value) is Unknown and PARAMETER in value.roots


def urlopen(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`urlopen(url or Request)`; a Request's headers up to now are noted with its constructor."""
    results: list[Value] = []
    for target in options(args.get(0, "url") or args.get(0, "fullurl") or UNKNOWN):
        if isinstance(target, Instance):
            results.append(resend(run, target, scope))
        elif isinstance(target, (Text, Unknown)):
            method = _verb_by_data(args.get(1, "data"))
            results.append(
                send(run, Call("urllib", prepared.URLLIB, method, target, args, node, scope, "urlopen"))
            )
    return choose(results) if results else UNKNOWN


def resend(run: Interpreter, request: Instance, scope: Scope) -> Value:
    """Note a request object as sent, with what it holds by now, and give its response."""
    if not isinstance(request.node, cst.Call) or request.module is None:
        return UNKNOWN
    keywords: dict[str, tuple[Value, cst.Arg | None]] = {}
    arguments = {arg.keyword.value: arg for arg in request.node.args if arg.keyword is not None}
    for name in ("headers", "params", "data", "json", "content"):
        held = run.heap.get(request.cells, name)
        if held is not None:
            keywords[name] = (held, arguments.get(name))
    url = run.heap.get(request.cells, "url") or UNKNOWN
    method = _verb_of(run, request, scope)
    home = Scope(scope.cells, request.module, scope.parent)
    kind = request.kind if isinstance(request.kind, str) else prepared.PREPARED
    return send(run, Call("urllib", kind, method, url, Args(keywords=keywords), request.node, home, None))


def _verb_of(run: Interpreter, request: Instance, scope: Scope) -> Value:
    """A request object's method, which `request.get_method = lambda: "PUT"` and subclasses may say."""
    said = run.heap.get(request.cells, "get_method")
    if said is None and isinstance(request.kind, ClassValue):
        said = run.attribute(request, "get_method", scope)
    if not isinstance(said, (ProjectFunction, Bound)):
        return run.heap.get(request.cells, "method") or UNKNOWN
    run.facts.forget_preliminary(request.node)
    return run.call(said, Args(), None, scope)


def _library_functions(library: str, module: str, kind: str) -> dict[str, Function]:
    functions: dict[str, Function] = {
        f"{module}.{verb}": _function(library, kind, verb, False) for verb in VERBS
    }
    functions[f"{module}.request"] = _function(library, kind, None, True)
    functions[f"{module}.<any>"] = _function(library, kind, None, False)
    return functions


FUNCTIONS: dict[str, Function] = {
    **_library_functions("requests", "requests", prepared.PREPARED),
    **_library_functions("httpx", "httpx", prepared.HTTPX),
    "httpx.stream": _function("httpx", prepared.HTTPX, None, True),
    "aiohttp.request": _function("aiohttp", prepared.HTTPX, None, True),
    "urllib3.request": _function("urllib3", prepared.PREPARED, None, True),
    "requests.Request": _new_request("requests", "requests.Request", 1),
    "httpx.Request": _new_request("httpx", prepared.HTTPX, 1),
    "urllib.request.Request": _new_request("urllib", prepared.URLLIB, 0),
    "urllib.request.urlopen": urlopen,
    "urllib.request.urlretrieve": urlopen,
}
MEMBERS: dict[str, Member] = {}
ALIASES: dict[str, str] = {
    **{f"requests.api.{verb}": f"requests.{verb}" for verb in (*VERBS, "request")},
    "urllib2.urlopen": "urllib.request.urlopen",
    "urllib2.Request": "urllib.request.Request",
    "six.moves.urllib.request.urlopen": "urllib.request.urlopen",
    "six.moves.urllib.request.Request": "urllib.request.Request",
}
