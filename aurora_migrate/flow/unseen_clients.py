"""Clients of unknown make: `anything.get("https://...")` sends a request, whatever `anything` is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import UNKNOWN, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def sent(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> Value | None:
    """The response to a call of a method that is named like an HTTP verb and is given a URL; else None.

    It counts as sent by code that nobody can see: what is found by it waits for the word of the user.
    """
    from aurora_migrate.flow.libraries import prepared
    from aurora_migrate.flow.libraries.http_functions import VERBS
    from aurora_migrate.flow.libraries.sending import Call, send

    if node is None or not isinstance(node.func, cst.Attribute) or is_test_module(scope.module):
        # What a test's helper calls so is what answers, by far the most often: `mocker.get(url, json=...)`.
        return None
    verb = node.func.attr.value
    if verb not in (*VERBS, "request"):
        return None
    url = args.get(0, "url") if verb in VERBS else args.get(1, "url")
    if url is None or not any(_is_url(option) for option in options(url)):
        return None
    if verb in VERBS:
        call = Call("requests", prepared.PREPARED, text.plain(verb.upper()), url, args, node, scope, verb)
    else:
        method = args.get(0, "method") or UNKNOWN
        rest = args.without_first() if args.positional else args
        call = Call("requests", prepared.PREPARED, method, url, rest, node, scope)
    call.seen = False
    call.name = dotted_name(node.func)
    return send(run, call)


def _is_url(value: Value) -> bool:
    return isinstance(value, Text) and text.is_absolute(text.characters(value))
