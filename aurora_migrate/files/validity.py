"""Whether a file can hold a new text, and whether that is still what it was: a program, or a document."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path

from aurora_migrate.files.documents import is_document, read_document
from aurora_migrate.files.project import Project
from aurora_migrate.files.source import DATA, UnreadableFile, decode, encode


def flaw_of(project: Project, path: Path, text: str) -> str | None:
    """Why `text` may not stand in a file of `project`, as a clause; None when it may.

    A text that the file's encoding cannot hold has a flaw, and one that is no Python (of a document: no JSON,
    YAML or the like) although the old one was.
    """
    source = project.source(path)
    try:
        reread = decode(path, encode(source, text))
    except UnicodeEncodeError:
        return f"{path.name} cannot hold the new text in {source.encoding}"
    except UnreadableFile as error:
        return f"the result {error.reason}"
    if reread != replace(source, text=text):
        return f"{path.name} would be read in another encoding than {source.encoding}"
    if path.suffix == DATA:
        return None if _is_json(text) else f"{path.name} would no longer be JSON"
    if is_document(path):
        was_read = read_document(path, project.text(path)) is not None
        is_lost = was_read and read_document(path, text) is None
        return f"{path.name} could not be read any more" if is_lost else None
    if not _parses(text) or (_compiles(project.text(path)) and not _compiles(text)):
        return f"{path.name} would no longer be valid Python"
    return None


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parses(text: str) -> bool:
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError, ValueError):
        return False
    return True


def _compiles(text: str) -> bool:
    """Whether the running Python takes the text; it may be older or newer than the project's."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<fixed>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
