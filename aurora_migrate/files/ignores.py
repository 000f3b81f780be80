"""What a walk leaves out: the folders nobody wants checked, `exclude`, and .gitignore files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

# ruff's list, with the caches that every Python project has.
DEFAULT_EXCLUDES = frozenset(
    (
        ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv"
        " .pytest_cache .pytype .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build"
        " buck-out build dist node_modules site-packages venv"
    ).split()
)

ENVIRONMENT_MARKER = "pyvenv.cfg"

_GROUP_NAME = re.compile(r"\(\?P<\w+>")


class _Run(NamedTuple):
    """Consecutive patterns of one sign, as one expression."""

    ignores: bool
    pattern: re.Pattern[str]


class Ignores:
    """The patterns of one .gitignore (or of `exclude`), relative to the folder `base`."""

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self._prefix = os.path.join(base, "")
        self._skip = len(self._prefix)
        self._runs = _compile(lines)

    def covers(self, path: str) -> bool:
        """Whether `path` is below `base`."""
        return path.startswith(self._prefix)

    def verdict(self, path: str, *, folder: bool) -> bool | None:
        """True: ignored; False: kept by a `!` pattern; None: none speaks of `path`, which is below `base`."""
        relative = path[self._skip :]
        if os.sep != "/":
            relative = relative.replace(os.sep, "/")
        if folder:
            relative += "/"
        for run in self._runs:
            if run.pattern.match(relative):
                return run.ignores
        return None


def ignored(path: str, ignores: tuple[Ignores, ...], *, folder: bool) -> bool:
    """Whether the last of `ignores` (outermost first) that speaks of `path` ignores it."""
    for candidate in reversed(ignores):
        verdict = candidate.verdict(path, folder=folder)
        if verdict is not None:
            return verdict
    return False


def read_gitignore(folder: str) -> Ignores | None:
    """The .gitignore in `folder`; None when there is none that can be read."""
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="surrogateescape") as file:
            return Ignores(folder, file)
    except OSError:
        return None


def ignores_above(folder: str) -> tuple[Ignores, ...]:
    """The .gitignore files that git applies to `folder` from above, outermost first.

    None outside a repository, and none when they ignore `folder` itself: whoever names an ignored folder
    wants it checked.
    """
    found: list[Ignores] = []
    repository = folder
    while not os.path.exists(os.path.join(repository, ".git")):
        above = os.path.dirname(repository)
        if above == repository:
            return ()
        repository = above
        ignores = read_gitignore(repository)
        if ignores is not None:
            found.insert(0, ignores)
    return () if _names_ignored(folder, repository, tuple(found)) else tuple(found)


def _names_ignored(folder: str, repository: str, ignores: tuple[Ignores, ...]) -> bool:
    """Whether `folder` or a folder between it and the repository's own is ignored."""
    while folder != repository:
        if ignored(folder, tuple(item for item in ignores if item.covers(folder)), folder=True):
            return True
        folder = os.path.dirname(folder)
    return False


def _compile(lines: Iterable[str]) -> list[_Run]:
    """The patterns as alternations, last first, since the last that matches decides."""
    from pathspec import GitIgnoreSpec

    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        try:
            patterns = list(GitIgnoreSpec.from_lines([line.rstrip("\n")]).patterns)
        except ValueError:
            # git passes over a pattern that it cannot read.
            continue
        for pattern in patterns:
            regex = getattr(pattern, "regex", None)
            if pattern.include is None or not isinstance(regex, re.Pattern):
                continue
            source = _GROUP_NAME.sub("(?:", regex.pattern)
            if runs and runs[-1][0] is pattern.include:
                runs[-1][1].append(source)
            else:
                runs.append((pattern.include, [source]))
    return [
        _Run(sign, re.compile("|".join(f"(?:{part})" for part in parts))) for sign, parts in reversed(runs)
    ]
