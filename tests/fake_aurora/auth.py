"""Authentication: HMAC signatures of 2018.01, verified for real, and bearer tokens of both versions."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from tests.fake_aurora.constants import API_KEY, API_SECRET, BEARER_TOKEN, V2018
from tests.fake_aurora.errors import ApiError
from tests.fake_aurora.http import Request

SIGNING_NAMES = ("AuroraKey", "Timestamp", "Signature")
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")

# Documented and public samples disagree on how values are written and escaped; each is accepted.
ESCAPES: tuple[Callable[[str], str], ...] = (
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="/"),
    lambda text: quote(text, safe="!'()*~"),
    lambda text: quote(text, safe=";/?:@&=+$,[]!'()*~"),
    lambda text: quote(text, safe="[],"),
    quote_plus,
    str,
)
SCALARS: tuple[Callable[[Any], str], ...] = (
    lambda value: value if isinstance(value, str) else json.dumps(value),
    str,
    lambda value: "" if value is None else str(value),
)
LISTS: tuple[Callable[[list[str]], str], ...] = (
    lambda items: f"[{','.join(items)}]",
    lambda items: f"[{', '.join(items)}]",
    lambda items: "[" + ",".join(f'"{item}"' for item in items) + "]",
    str,
)


def authenticate(request: Request, version: str) -> None:
    """401 unless the request carries what `version` accepts; 400 for leftovers of signing in 2022.09."""
    if request.headers.get("authorization") == f"Bearer {BEARER_TOKEN}":
        if version != V2018:
            _refuse_leftovers(request)
        return
    if version == V2018 and _signed(request):
        return
    raise ApiError(401, "Not authenticated")


def without_signing(request: Request) -> list[tuple[str, str]]:
    """The query parameters besides those of the signature."""
    return [(name, value) for name, value in request.query if name not in SIGNING_NAMES]


def unsigned_body(body: Any) -> Any:
    """The body without the three keys that the oldest samples put beside the wrapper."""
    if not isinstance(body, dict):
        return body
    return {name: value for name, value in body.items() if name not in SIGNING_NAMES}


def _refuse_leftovers(request: Request) -> None:
    left = [name for name, _ in request.query if name in SIGNING_NAMES]
    if left:
        raise ApiError(400, f"Unknown query parameter {', '.join(left)}")


def _signed(request: Request) -> bool:
    body = request.json()
    key, timestamp, signature = (_signing_value(request, body, name) for name in SIGNING_NAMES)
    if key != API_KEY or timestamp is None or signature is None:
        return False
    moment = _unescaped(timestamp).replace("+", " ")
    if not TIMESTAMP.fullmatch(moment):
        return False
    sent = _unescaped(signature).replace(" ", "+").rstrip("=")
    texts = _canonical_strings(request, moment, unsigned_body(body))
    return any(hmac.compare_digest(_sign(text), sent.encode()) for text in texts)


def _signing_value(request: Request, body: Any, name: str) -> str | None:
    raw = request.raw_parameter(name)
    if raw is None and isinstance(body, dict) and isinstance(body.get(name), str):
        return str(body[name])
    return raw


def _unescaped(text: str) -> str:
    # A value escaped by hand and handed to a library that escapes again arrives escaped twice.
    while (plain := unquote(text)) != text:
        text = plain
    return text


def _sign(text: str) -> bytes:
    digest = hmac.new(API_SECRET.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).rstrip(b"=")


def _canonical_strings(request: Request, moment: str, body: Any) -> Iterator[str]:
    paths = dict.fromkeys((request.path, request.path.lower().rstrip("/")))
    moments = (moment.replace(" ", "%20"), quote(moment), moment.replace(" ", "+"), moment)
    parameters = _parameter_lines(request, body)
    for path, stamp, line in product(paths, moments, parameters):
        yield f"{request.method}\n{path}\nAuroraKey={API_KEY}\nTimestamp={stamp}\n{line}"


def _parameter_lines(request: Request, body: Any) -> list[str]:
    query: list[tuple[str, Any]] = list(without_signing(request))
    content = list(_flattened(body)) if isinstance(body, dict) else []
    # No source says whether the query is signed beside a body, so both readings pass.
    sources = [query + content, content] if content else [query]
    if query and request.method != "GET":
        sources.append([])
    lines = {line: None for pairs in sources for line in _lines(pairs)}
    return list(lines)


def _lines(pairs: list[tuple[str, Any]]) -> Iterator[str]:
    if not pairs:
        yield ""
        return
    for escape, scalar, brackets, outside in product(ESCAPES, SCALARS, LISTS, (True, False)):
        written = [(name, _written(value, escape, scalar, brackets, outside)) for name, value in pairs]
        bytewise = sorted(written)
        caseless = sorted(written, key=lambda pair: pair[0].lower())
        for ordered in (bytewise, caseless):
            yield "&".join(f"{name}={text}" for name, text in ordered) + "\n"


def _written(
    value: Any,
    escape: Callable[[str], str],
    scalar: Callable[[Any], str],
    brackets: Callable[[list[str]], str],
    outside: bool,
) -> str:
    if not isinstance(value, list):
        return escape(scalar(value))
    if outside:
        return brackets([escape(scalar(item)) for item in value])
    return escape(brackets([scalar(item) for item in value]))


def _flattened(body: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
