"""`import` and `from ... import`: modules of the project are loaded and run, others become dotted names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import libraries, objects, targets
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.scopes import dotted_name
from aurora_migrate.flow.values import External, ModuleValue, Unknown, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module


def run_import(run: Interpreter, node: cst.Import | cst.ImportFrom, scope: Scope) -> None:
    """Bind what an import statement binds."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            _plain(run, alias, scope)
        return
    source = absolute(node, scope.module)
    if isinstance(node.names, cst.ImportStar):
        _star(run, source, scope)
        return
    for alias in node.names:
        name = dotted_name(alias.name)
        bound = dotted_name(alias.asname.name) if alias.asname is not None else name
        value = imported(run, source, name, scope.module, relative=bool(node.relative))
        targets.store_name(run, bound, value, scope)


def _plain(run: Interpreter, alias: cst.ImportAlias, scope: Scope) -> None:
    dotted = dotted_name(alias.name)
    if alias.asname is not None:
        targets.store_name(
            run, dotted_name(alias.asname.name), module_or_external(run, dotted, scope.module), scope
        )
        return
    first = dotted.split(".")[0]
    if not _is_library(dotted):
        run.modules.find(dotted, scope.module)
    targets.store_name(run, first, module_or_external(run, first, scope.module), scope)


def absolute(node: cst.ImportFrom, module: Module) -> str:
    """The dotted name that a `from` clause means, dots resolved."""
    name = dotted_name(node.module)
    if not node.relative:
        return name
    package = module.package.split(".")
    kept = package[: len(package) - (len(node.relative) - 1)]
    return ".".join([*(part for part in kept if part), *([name] if name else [])])


def _is_library(dotted: str) -> bool:
    """Whether this library is modelled: what is known of it counts, also where a copy lies in the project."""
    return libraries.is_library(dotted.split(".", maxsplit=1)[0])


def module_or_external(run: Interpreter, dotted: str, importer: Module) -> Value:
    if _is_library(dotted):
        return External(dotted)
    module = run.modules.find(dotted, importer)
    if module is not None and module is not importer:
        run.module_scope(module)
        return ModuleValue(module)
    if run.modules.is_package(dotted, importer):
        return Unknown((f"<package>{dotted}",))
    return External(dotted)


def imported(run: Interpreter, source: str, name: str, importer: Module, relative: bool = False) -> Value:
    """What `from source import name` binds."""
    if not relative and _is_library(source):
        return libraries.constant(run, f"{source}.{name}") or External(f"{source}.{name}")
    module = run.modules.find(source, importer) if source else None
    if module is not None and module is not importer:
        value = run.heap.get(run.module_scope(module).cells, name)
        if value is not None:
            return objects.hinted(value, name)
    submodule = run.modules.find(f"{source}.{name}" if source else name, importer)
    if submodule is not None:
        run.module_scope(submodule)
        return ModuleValue(submodule)
    if module is not None:
        return Unknown((name,))
    return External(f"{source}.{name}") if source else Unknown((name,))


def _star(run: Interpreter, source: str, scope: Scope) -> None:
    module = run.modules.find(source, scope.module)
    if module is None:
        if source.split(".", maxsplit=1)[0] in run.sdk_packages:
            run.heap.set(scope.cells, "<star>", External(source))
        return
    cells = run.module_scope(module).cells
    for key, value in list(cells.items()):
        if isinstance(key, str) and not key.startswith("_"):
            targets.store_name(run, key, value, scope)
