"""Classes that a library fills: methods without a body, which do what their decorators say."""

from __future__ import annotations

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.urls import Owner
from aurora_migrate.flow import text
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module


class Interfaces:
    """Whose URLs the classes of a project hand to what they descend from."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def bases_of(self, module: Module, method: cst.FunctionDef) -> set[Owner]:
        """Whose URLs the class of a method hands on."""
        kind = enclosing(module, method, cst.ClassDef)
        given = self._context.facts.base_texts.get(id(kind), {}).values()
        urls = (each for each in given if "//" in text.characters(each))
        return {self._context.targets.of(url).owner for url in urls}
