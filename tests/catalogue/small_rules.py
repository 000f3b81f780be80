"""A small rules folder that a test may damage, and its texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from aurora_migrate.catalogue import RuleError, read_catalogue
from aurora_migrate.catalogue.kinds import KINDS, Kind

ENDPOINTS = """\
[hosts]
"api.example" = "production"

[[endpoints]]
id = "root"
title = "Root"
method = "GET"
path = "/"
status = "confirmed"
source = "the manual"

[[endpoints]]
id = "list-things"
title = "List Things"
method = "GET"
path = "/things"
status = "observed"
source = "a customer"
"""

RULE = """\
code = "AUR201"
name = "thing-prefix"
default = true
summary = "A path that begins with /old."
source = "Removed /old."
reference = "the manual"
endpoints = ["list-things"]
where = ["path"]
advice = "Take {prefix} out of {\\"a dict\\": 1}."

[change]
kind = "path-prefix-removed"
prefix = "/old"
old-version = "1999"

[applicability]
level = "safe"
why = "It is the same otherwise."

[messages]
finding = "`{prefix}` is gone"
fix = "remove `{prefix}`"
manual = "`{prefix}` is gone, but {reason}"

[[examples]]
id = "a prefix"
[examples.before]
"a.py" = "get('/old/things')"
[examples.after]
"a.py" = "get('/things')"
"""


class Rules:
    """A small rules folder that a test may damage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "2022.09").mkdir()
        self.endpoints = folder / "endpoints.toml"
        self.rule = folder / "2022.09" / "AUR201.toml"
        self.endpoints.write_text(ENDPOINTS, encoding="utf-8")
        self.rule.write_text(RULE, encoding="utf-8")

    def error(self, kinds: Mapping[str, Kind] = KINDS) -> str:
        with pytest.raises(RuleError) as raised:
            read_catalogue(self.folder, kinds)
        assert raised.value.reason
        assert raised.value.file.is_relative_to(self.folder)
        return str(raised.value)

    def replace(self, file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file.name}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
