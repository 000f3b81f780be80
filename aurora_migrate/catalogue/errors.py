"""What goes wrong when a rule file is read: RuleError names the file, the key and the reason."""

from __future__ import annotations

from pathlib import Path


class RuleError(Exception):
    """A file under rules/ that cannot be used; `key` is dotted (`examples[2].id`), empty for the whole."""

    def __init__(self, file: Path, key: str, reason: str) -> None:
        self.file = file
        self.key = key
        self.reason = reason
        super().__init__(f"{file.name}: {key}: {reason}" if key else f"{file.name}: {reason}")
