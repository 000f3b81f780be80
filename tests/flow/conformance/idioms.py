"""The idioms of the table, read from the TOML files beside this module."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent
AURORA = ("api.aurorasolar.com", "aurora")
VENDOR = ("api.vendor.example", "lender")
"""The host and the brand that stand in a program for `HOST` and `brand` (`Brand`, `BRAND`)."""

FILES = (
    "text_building",
    "text_templates",
    "text_joined",
    "url_objects",
    "dicts",
    "containers",
    "scopes",
    "classes",
    "clients",
    "special_methods",
    "functions",
    "dispatch",
    "decorators",
    "control_flow",
    "generators",
    "asynchronous",
    "executors",
    "settings",
    "frameworks_settings",
    "packages",
    "imports",
    "requests_library",
    "other_libraries",
    "generated_clients",
    "programs",
    "web_programs",
    "web_injected",
    "command_lines",
    "tests_and_fixtures",
    "responses",
    "responses_unwrapped",
    "responses_in_loops",
    "responses_in_tuples",
    "responses_in_containers",
    "responses_in_models",
    "responses_kept",
    "responses_in_frames",
    "responses_on_the_way",
    "responses_later",
    "responses_of_clients",
    "responses_of_libraries",
    "listed_items",
    "listed_tables",
    "listed_kept",
    "not_followed",
)
"""The files of the table in the order of the page."""


@dataclass(frozen=True)
class Idiom:
    """One idiom: `files` is the program, the rest what is concluded of it when its host is Aurora's.

    `concluded`: "fixed" (found, rewritten, clean again), "found" (reported where `found` says), "by hand",
    "likely", or "silent". `found` holds `file:line text`: the place of each finding, and the first line of
    what it points at. `steps` is the length of the longest trace.
    """

    group: str
    name: str
    files: dict[str, str]
    rule: str = "AUR102"
    concluded: str = "fixed"
    endpoints: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    steps: int = 0
    why: str = ""

    def at(self, host: str, brand: str) -> dict[str, str]:
        """The program for one vendor."""
        return {name: _filled(text, host, brand) for name, text in self.files.items()}


def load() -> list[Idiom]:
    """All idioms, in the order of the page."""
    return [idiom for name in FILES for idiom in _read(FOLDER / f"{name}.toml")]


def _read(path: Path) -> list[Idiom]:
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_idiom(table["group"], entry) for entry in table["idiom"]]


def _idiom(group: str, entry: dict[str, Any]) -> Idiom:
    program = entry.pop("program", None)
    files = entry.pop("files", None) or {"job.py": program}
    return Idiom(group, files={name: text.lstrip("\n") for name, text in files.items()}, **entry)


def _filled(text: str, host: str, brand: str) -> str:
    text = re.sub(r"\bHOST\b", host, text)
    return text.replace("BRAND", brand.upper()).replace("Brand", brand.title()).replace("brand", brand)
