"""What unseen callers give to functions: by annotation and default, else unknown; what frameworks inject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import objects
from aurora_migrate.flow.alternatives import choose, options, unless_set
from aurora_migrate.flow.annotations import value_of_annotation
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.libraries import canonical, commands
from aurora_migrate.flow.libraries.prepared import HTTPX, PREPARED, URLLIB, new_prepared
from aurora_migrate.flow.libraries.stdlib_config import DEPENDENCY, is_depends
from aurora_migrate.flow.scopes import names_of, parameters
from aurora_migrate.flow.values import (
    PARAMETER,
    Bound,
    ClassValue,
    Function,
    Instance,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter

_AUTH_BASES = {
    "requests.auth.AuthBase": PREPARED,
    "httpx.Auth": HTTPX,
    "urllib.request.BaseHandler": URLLIB,
    "requests.adapters.HTTPAdapter": PREPARED,
    "requests.Session": PREPARED,
    "httpx.HTTPTransport": HTTPX,
    "httpx.AsyncHTTPTransport": HTTPX,
    "httpx.BaseTransport": HTTPX,
    "httpx.AsyncBaseTransport": HTTPX,
}
"""Library classes whose methods receive a request that is about to be sent, and the class of that request."""

_REQUEST_METHODS = (
    "__call__",
    "auth_flow",
    "sync_auth_flow",
    "async_auth_flow",
    "http_request",
    "https_request",
    "send",
    "add_headers",
    "prepare_request",
    "handle_request",
    "handle_async_request",
)


def symbolic(
    run: Interpreter, function: Function, skip: int, known: Mapping[str, Value] | None = None
) -> Args:
    """Arguments as an unseen caller would give them: what is known, by annotation, default, else unknown."""
    args = Args()
    params = list(parameters(function.node.params))[skip:]
    star_names = {
        p.name.value
        for p in (function.node.params.star_arg, function.node.params.star_kwarg)
        if isinstance(p, cst.Param)
    }
    for param in params:
        name = param.name.value
        if name in star_names:
            continue
        given = known.get(name) if known is not None else None
        args.keywords[name] = (given if given is not None else _argument(run, function, param), None)
    if function.node.params.star_kwarg is not None:
        args.open_keywords = True
    if isinstance(function.node.params.star_arg, cst.Param):
        args.open_positional = True
    if args.open_keywords or args.open_positional:
        args.hidden = Unknown((), frozenset({PARAMETER}))
    positional = [p.name.value for p in (*function.node.params.posonly_params,)][skip:]
    for name in positional:
        if name in args.keywords:
            args.positional.append(args.keywords.pop(name))
    return args


def _argument(run: Interpreter, function: Function, param: cst.Param) -> Value:
    name = param.name.value
    is_option = commands.is_option(run, function, name)
    unknown = Unknown((name,), frozenset() if is_option else frozenset({PARAMETER}))
    default = function.defaults.get(name)
    passed = commands.resolved(run, default) if default is not None else None
    if passed is not None:
        return passed
    annotated = None
    if param.annotation is not None:
        annotated = value_of_annotation(run, param.annotation.annotation, function.scope)
    for given in (default, annotated):
        found = _injected(run, given) if given is not None else None
        if found is not None:
            return found
    if default is not None and not _is_empty(default) and not is_depends(default):
        return choose([default, unless_set(unknown, default)])
    if annotated is not None:
        return annotated
    prepared_kind = _auth_kind(function, param)
    if prepared_kind is not None:
        return new_prepared(run, prepared_kind, None, None)
    return unknown


def _injected(run: Interpreter, given: Value) -> Value | None:
    """What FastAPI gives for `Depends(callable)`: it calls that with what the callable depends on itself."""
    found: list[Value] = []
    for option in options(given):
        if not isinstance(option, Instance) or not is_depends(option):
            continue
        dependency = run.heap.get(option.cells, DEPENDENCY)
        for callee in options(dependency) if dependency is not None else ():
            found.append(_called(run, callee))
    return choose(found) if found else None


def _called(run: Interpreter, callee: Value) -> Value:
    method = callee
    if isinstance(callee, Instance) and isinstance(callee.kind, ClassValue):
        method = run.attribute(callee, "__call__", callee.kind.scope)
    elif isinstance(callee, ClassValue):
        method = objects.find_in_class(run, callee, "__init__") or callee
    skip = len(method.args) if isinstance(method, Bound) else int(method is not callee)
    function = method.function if isinstance(method, Bound) else method
    if isinstance(callee, ClassValue) and not isinstance(function, Function):
        return run.call(callee, Args(), None, callee.scope)
    if not isinstance(function, Function):
        return Unknown()
    result = run.call(callee, symbolic(run, function, skip), None, function.scope)
    is_generator = names_of(function.node).is_generator
    return run.element(result) if is_generator and isinstance(result, Sequence) else result


def _is_empty(value: Value) -> bool:
    return isinstance(value, Text) and not value.pieces


def _is_first(function: Function, param: cst.Param) -> bool:
    """Whether a parameter is the first one behind `self`."""
    behind_self = function.node.params.params[1:2]
    return bool(behind_self) and behind_self[0] is param


def _auth_kind(function: Function, param: cst.Param) -> str | None:
    """The request class that an auth class's method receives."""
    if function.owner is None or function.name not in _REQUEST_METHODS or not _is_first(function, param):
        return None
    for base in objects.external_bases(function.owner):
        found = _AUTH_BASES.get(canonical(base))
        if found is not None:
            return found
    return None
