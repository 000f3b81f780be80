"""Signs requests in the ways that public 2018.01 clients do; the tests' counterpart of `auth`."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.fake_aurora.constants import API_KEY, API_SECRET

MOMENT = "2022-03-04 05:06:07 UTC"


@dataclass(frozen=True)
class Style:
    """One client's reading of the documentation."""

    strip_equals: bool = False
    escape_signature: bool = True
    sort_key: Callable[[str], str] = str
    space: str = "%20"
    secret: str = API_SECRET
    key: str = API_KEY


def flatten(body: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """`{"user": {"first_name": "A"}}` as `{"user.first_name": "A"}`, values escaped, lists in brackets."""
    flat: dict[str, str] = {}
    for name, value in body.items():
        if isinstance(value, dict):
            flat.update(flatten(value, f"{prefix}{name}."))
        elif isinstance(value, list):
            flat[prefix + name] = "[" + ",".join(quote(str(item), safe="") for item in value) + "]"
        else:
            flat[prefix + name] = quote(str(value), safe="")
    return flat


def signed_query(
    method: str,
    path: str,
    parameters: dict[str, str] | None = None,
    body: dict[str, Any] | None = None,
    style: Style | None = None,
) -> str:
    """The query string of a signed request, the request's own parameters first."""
    style = style or Style()
    stamp = MOMENT.replace(" ", "%20")
    content = flatten(body) if body is not None else parameters or {}
    lines = [method, path, f"AuroraKey={style.key}", f"Timestamp={stamp}"]
    if content:
        ordered = sorted(content, key=style.sort_key)
        lines.append("&".join(f"{name}={content[name]}" for name in ordered))
    text = "\n".join([*lines, ""])
    digest = hmac.new(style.secret.encode(), text.encode(), hashlib.sha256).digest()
    signature = base64.b64encode(digest).decode()
    signature = signature[:-1] if style.strip_equals else signature
    signature = quote(signature, safe="") if style.escape_signature else signature
    own = [f"{name}={value}" for name, value in (parameters or {}).items()]
    stamp = MOMENT.replace(" ", style.space)
    return "&".join([*own, f"AuroraKey={style.key}", f"Timestamp={stamp}", f"Signature={signature}"])
