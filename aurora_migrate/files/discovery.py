"""Finding the Python files under the paths that the user names, the way ruff does."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aurora_migrate.config import Settings
from aurora_migrate.files.documents import MAX_CHARACTERS, has_documents_name, is_environment
from aurora_migrate.files.ignores import (
    DEFAULT_EXCLUDES,
    ENVIRONMENT_MARKER,
    Ignores,
    ignored,
    ignores_above,
    read_gitignore,
)
from aurora_migrate.files.source import NOTEBOOK, UnreadableFile, os_reason

_SHEBANG_PYTHON = b"python"


@dataclass(slots=True)
class Discovery:
    """The Python files found, absolute and sorted, and what could not be looked at.

    Files are plain strings: most of the thousands a tree has are read once and never heard of again.
    `documents` are the files of settings and data below the folders that were named.
    """

    files: list[str] = field(default_factory=list)
    problems: list[UnreadableFile] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)


def discover(paths: Iterable[Path], settings: Settings) -> Discovery:
    """The Python files that `paths` name: a file by itself, a folder with all below it that nothing excludes.

    What is named is checked even if it is ignored or excluded. Symbolic links are followed only if named.
    """
    found: dict[str, None] = {}
    problems: list[UnreadableFile] = []
    documents: dict[str, None] = {}
    for path in paths:
        absolute = os.path.abspath(path)
        try:
            mode = os.stat(absolute).st_mode
        except OSError as error:
            problems.append(UnreadableFile(Path(absolute), _missing_reason(error)))
            continue
        if stat.S_ISDIR(mode):
            walk = _Walk(absolute, settings, problems)
            found.update(dict.fromkeys(walk.files()))
            documents.update(dict.fromkeys(walk.documents))
        elif not stat.S_ISREG(mode):
            problems.append(UnreadableFile(Path(absolute), "is neither a file nor a folder"))
        elif _is_python(absolute, problems):
            found[absolute] = None
    return Discovery(sorted(found), problems, sorted(documents))


def excluded(path: Path, settings: Settings) -> bool:
    """Whether `exclude` leaves this file out."""
    patterns = Ignores(str(settings.root), settings.exclude) if settings.exclude else None
    if patterns is None or not patterns.covers(str(path)):
        return False
    above = [folder for folder in path.parents if settings.root in folder.parents]
    return patterns.verdict(str(path), folder=False) is True or any(
        patterns.verdict(str(folder), folder=True) is True for folder in above
    )


def siblings(folder: str) -> list[str]:
    """The Python files directly in `folder`; none if it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.path for entry in entries if _is_module(entry))
    except OSError:
        return []


def _is_module(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith((".py", NOTEBOOK)) and entry.is_file(follow_symlinks=False)


class _Walk:
    """One walk down from a folder that the user named."""

    def __init__(self, top: str, settings: Settings, problems: list[UnreadableFile]) -> None:
        self._top = top
        self._problems = problems
        self.documents: list[str] = []
        # A project that excludes nothing and ignores nothing never pays for importing pathspec.
        exclude = Ignores(str(settings.root), settings.exclude) if settings.exclude else None
        self._exclude = None if exclude is not None and self._excluded(exclude, top, folder=True) else exclude

    def files(self) -> Iterator[str]:
        stack = [(self._top, ignores_above(self._top))]
        while stack:
            folder, ignores = stack.pop()
            entries = self._entries(folder)
            names = {entry.name for entry in entries}
            if ENVIRONMENT_MARKER in names and folder != self._top:
                continue
            if ".gitignore" in names and (own := read_gitignore(folder)) is not None:
                ignores = (*ignores, own)
            for entry in entries:
                if _is_module(entry):
                    if not self._left_out(entry.path, ignores, folder=False):
                        yield entry.path
                elif has_documents_name(entry.name) and entry.is_file(follow_symlinks=False):
                    self._take_document(entry, ignores)
                elif entry.name in DEFAULT_EXCLUDES or not entry.is_dir(follow_symlinks=False):
                    continue
                elif not self._left_out(entry.path, ignores, folder=True):
                    stack.append((entry.path, ignores))

    def _take_document(self, entry: os.DirEntry[str], ignores: tuple[Ignores, ...]) -> None:
        """Take a file of settings; `.env` also where `.gitignore` has it, as it should."""
        secret = is_environment(Path(entry.name))
        if self._left_out(entry.path, () if secret else ignores, folder=False):
            return
        with suppress(OSError):
            if entry.stat(follow_symlinks=False).st_size <= MAX_CHARACTERS:
                self.documents.append(entry.path)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError as error:
            self._problems.append(UnreadableFile(Path(folder), os_reason(error)))
            return []

    def _left_out(self, path: str, ignores: tuple[Ignores, ...], *, folder: bool) -> bool:
        # `exclude` stands apart from .gitignore: a `!` pattern there must not bring back what it leaves out.
        if self._exclude is not None and self._excluded(self._exclude, path, folder=folder):
            return True
        return bool(ignores) and ignored(path, ignores, folder=folder)

    def _excluded(self, exclude: Ignores, path: str, *, folder: bool) -> bool:
        return exclude.covers(path) and exclude.verdict(path, folder=folder) is True


def _is_python(path: str, problems: list[UnreadableFile]) -> bool:
    """Whether a file named by the user is Python, by its suffix or its shebang."""
    if path.endswith((".py", ".pyw", NOTEBOOK)):
        return True
    try:
        with open(path, "rb") as file:
            first = file.readline(256)
    except OSError as error:
        problems.append(UnreadableFile(Path(path), os_reason(error)))
        return False
    return first.startswith(b"#!") and _SHEBANG_PYTHON in first


def _missing_reason(error: OSError) -> str:
    return "no such file or folder" if isinstance(error, FileNotFoundError) else os_reason(error)
