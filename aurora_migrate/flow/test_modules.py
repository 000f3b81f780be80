"""Which files hold tests or belong to them: test modules, their helpers, and the data that they read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import libcst as cst

from aurora_migrate.files.documents import is_document
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import dotted_name

PACKAGES = frozenset(
    {
        "pytest",
        "unittest",
        "mock",
        "pytest_mock",
        "pytest_asyncio",
        "responses",
        "requests_mock",
        "respx",
        "pytest_httpx",
        "aioresponses",
    }
)
"""Top-level packages whose import makes a module test code."""

_FOLDERS = frozenset({"tests", "test", "testing"})


def is_test_module(module: Module) -> bool:
    """Whether a file holds tests or belongs to them, by the names that pytest and unittest go by."""
    return not module.read_by_code if is_document(module.path) else _holds_tests(module)


@lru_cache(maxsize=1024)
def _holds_tests(module: Module) -> bool:
    stem = module.path.stem
    if stem.startswith("test_") or stem.endswith(("_test", "_tests")) or stem == "conftest":
        return True
    root = module.project.root if module.project is not None else None
    return lies_with_tests(module.path, root) or _imports_tests(module)


def lies_with_tests(path: Path, root: Path | None) -> bool:
    """Whether a file lies in a folder of tests."""
    parts = path.parts[-2:]
    if root is not None and root in path.parents:
        parts = path.relative_to(root).parts
    return any(part in _FOLDERS for part in parts[:-1])


def _imports_tests(module: Module) -> bool:
    return any(word in module.text for word in PACKAGES) and any(
        name.split(".")[0] in PACKAGES for name in _imported(module.tree)
    )


def _imported(tree: cst.Module) -> Iterator[str]:
    for statement in tree.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Import):
                yield from (dotted_name(alias.name) for alias in small.names)
            elif isinstance(small, cst.ImportFrom) and not small.relative:
                yield dotted_name(small.module)
