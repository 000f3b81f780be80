"""URLs that tests use as keys: fakes that answer by URL, or by method and URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.values import Sequence, Text, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


def note_key(run: Interpreter, key: Value, node: cst.CSTNode, scope: Scope) -> None:
    """Note that a test puts something under a key, where that is a URL (`"PUT https://..."`, too)."""
    from aurora_migrate.flow.doubles import double_request

    if not is_test_module(scope.module):
        return
    for url in _urls(run, key):
        request = double_request(scope.module, node, "key", None, url, (), {})
        run.doubles.spelled.setdefault(request.key, request)


def _urls(run: Interpreter, key: Value) -> Iterator[Text]:
    for option in options(key):
        if isinstance(option, Sequence):
            for element in run.items(option)[0].values:
                yield from _urls(run, element)
        elif isinstance(option, Text):
            seen = text.characters(option)
            method, _, _ = seen.partition("http")
            rest = seen[len(method) :]
            verb = method.strip(" :")
            if rest.startswith(("https://", "http://")) and (not verb or (verb.isalpha() and verb.isupper())):
                yield text.cut(option, len(method), text.size(option))
