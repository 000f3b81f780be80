"""Small programs against Aurora's answers, as the tests of error bodies write and check them."""

from __future__ import annotations

import re
from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

HEAD = """import json, logging, sys
import requests
log = logging.getLogger(__name__)
URL = "https://api.aurorasolar.com/tenants/t1"
"""


def fixed(body: str) -> tuple[str, list[tuple[str, int]]]:
    """The program's body after the fixes, and what is left in it, by rule and line."""
    report = check_texts({"a.py": HEAD + body}, Settings(root=Path("/")), Applicability.UNSAFE)
    assert report.errors == []
    text = next((new for _, new in report.changes.values()), HEAD + body)
    compile(text, "a.py", "exec")
    above = HEAD.count("\n")
    left = {(found.rule, found.location.start.line - above) for found in report.findings}
    return text.removeprefix(HEAD), sorted(left, key=lambda found: (found[1], found[0]))


def spelled_out(after: str) -> str:
    """`STRICT<body>`, `LOOSE<body>` as the code that joins a body's messages, `...-LIST<body>` lists them.

    Strict code raises KeyError where the body has no error, loose code gives an empty text or list.
    """
    return re.sub(r"(STRICT|LOOSE)(-LIST)?<(.*?)>", _joined, after)


def _joined(found: re.Match[str]) -> str:
    body, clause = found[3], ""
    if not re.fullmatch(r"[\w.]+", body):
        body, clause = "body", f"for body in [{body}] "
    rest = f'{body}["error"]' if found[1] == "STRICT" else f'{body}.get("error") or []'
    messages = f'item["message"] {clause}for item in {body}.get("errors") or {rest}'
    return f"[{messages}]" if found[2] else f'"; ".join({messages})'


def reasons(body: str) -> list[str]:
    """What the report says of each place that is left, in order."""
    report = check_texts({"a.py": HEAD + body}, Settings(root=Path("/")), Applicability.UNSAFE)
    return [found.message for found in sorted(report.findings, key=lambda each: each.location)]
