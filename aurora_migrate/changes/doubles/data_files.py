"""Files of data: who else means them, and those that are read in ways which are not followed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, manual, source_of
from aurora_migrate.changes.doubles import stand_ins
from aurora_migrate.files.documents import is_document
from aurora_migrate.files.project import Project
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow import doubles as flow
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk

Place = tuple[Module, cst.CSTNode]


class DataFiles:
    """The JSON files that tests may read their bodies from."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.facts = context.facts.doubles or flow.Doubles()
        self.modules = [module for module in context.modules if not is_document(module.path)]

    @cached_property
    def project(self) -> Project | None:
        return next((module.project for module in self.modules if module.project is not None), None)

    @cached_property
    def unread(self) -> list[Place]:
        """Calls that read files of which the code does not tell the names."""
        return [place for node, place in self.facts.unread.items() if node not in self.facts.read_at]

    def against(self, path: Path) -> str:
        """Why a file is not to be changed, though what one test reads of it would be; empty where it is."""
        for module, node in self._mentions(path.name):
            if id(node) not in self.facts.spelled_files:
                return f"it is recorded in `{path.name}`, which {_at(module, node)} means, too"
        analysed = {module.path for module in self.modules}
        for file in self.project.files if self.project is not None else ():
            text = self._text(file) if file not in analysed else ""
            if path.name in text or ("glob" in text and path.suffix in text):
                return f"it is recorded in `{path.name}`, which `{file.name}` may read, too"
        if not self.unread:
            return ""
        return f"it is recorded in `{path.name}`, and {_at(*self.unread[0])} may read that file, too"

    def unfollowed(self, name: str) -> Iterator[tuple[Place, Path]]:
        """The files that have a key and are read where it is not followed, with the places that do it."""
        for path in self._unread_files():
            if f'"{name}"' not in self._text(path):
                continue
            mentions = [place for place in self._mentions(path.name) if is_test_module(place[0])]
            for place in mentions or self.unread[:1]:
                yield place, path

    def _unread_files(self) -> list[Path]:
        """The data files beside tests that no call was seen to read."""
        if self.project is None:
            return []
        folders = {module.path.parent for module in self.modules if is_test_module(module)}
        found = {path for folder in folders for path in self.project.data_files(folder)}
        return sorted(path for path in found if not self.project.readers(path))

    def _mentions(self, name: str) -> Iterator[Place]:
        for module in self.modules:
            for node in walk(module.tree) if name in module.text else ():
                if isinstance(node, cst.SimpleString) and _last_part(node) == name:
                    yield module, node

    def _text(self, path: Path) -> str:
        return self.project.loose_text(path) if self.project is not None else ""


def find(files: DataFiles, rule: Rule) -> Iterator[Finding]:
    """Files that hold a field of answers that is gone, where what reads them was not followed."""
    context = files.context
    if not any(context.ties.concerned(each, rule) for each in context.facts.requests.values()):
        return
    for change in stand_ins.changes_of(context, rule):
        for (module, node), path in files.unfollowed(change.old):
            reason = f"`{path.name}` has `{change.old}`, and what is done with it was not followed"
            location, subject = module.location(node), source_of(module, node)
            yield manual(
                rule, location, Certainty.LIKELY, reason, (), subject, old=change.old, new=change.new
            )


def _last_part(node: cst.SimpleString) -> str:
    """The name of the file that a text may be the path of."""
    if "b" in node.prefix.lower():
        return ""
    return string_value(node).replace("\\", "/").rpartition("/")[2]


def _at(module: Module, node: cst.CSTNode) -> str:
    return f"`{module.path.name}:{module.location(node).start.line}`"
