"""JSON files beside tests: what `json.load` reads there, where the call tells which file it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.files.source import UnreadableFile
from aurora_migrate.flow import settings_files
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.carried import carries, lasting
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.file_names import names_read, reads_file, stems_read
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import UNKNOWN, Const, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

MAX_TREE = 100_000
"""The longest JSON text that is looked at place by place, in characters."""
_OTHERWISE = re.compile(r"\\(?:/|u[dD][89abAB])")
"""What Python's texts spell in another way than JSON's: escaped slashes, and pairs of surrogates."""
_KEPT = (".json", ".pkl", ".pickle", ".yaml", ".yml", ".jsonl", ".txt", ".dat", ".cache", ".bin")
MAX_WRITTEN = 6
"""How many different values are remembered of a file."""
_WORDS = {"true": Const(True), "false": Const(False), "null": Const(None)}


def of_file(run: Interpreter, node: cst.CSTNode | None, scope: Scope) -> Value | None:
    """What a call of `json.load` gives, when the names at hand mean one JSON file, of the tests in a test.

    What it says stands in that file, so that it can be rewritten there.
    """
    if node is None:
        return None
    if not is_test_module(scope.module):
        return settings_files.read_by(run, node, scope)
    folders = list(_folders(run, scope.module.path))
    known = names_read(run, node, scope)
    for names in (known, stems_read(run, node, scope) if not known else {}):
        for folder in folders if names else ():
            found = [path for path in run.modules.project.data_files(folder) if path.name in names]
            if len(found) == 1:
                run.doubles.spelled_files.update(names[found[0].name])
                run.doubles.read_at.add(id(node))
                return _read(run, found[0], node, scope)
            if 1 < len(found) <= settings_files.MAX_MEANT and len({path.name for path in found}) == 1:
                run.doubles.read_at.add(id(node))
                return choose([_named(run, path, node, scope) for path in found])
            if found:
                break
    if known:
        run.doubles.read_at.add(id(node))
    elif isinstance(node, cst.Call) and reads_file(scope.module, node):
        run.doubles.unread.setdefault(id(node), (scope.module, node))
    return None


def _folders(run: Interpreter, path: Path) -> Iterator[Path]:
    """Where a test's files may lie: below its own folder, that of all tests, or the whole project."""
    yield path.parent
    above = [folder for folder in path.parents if folder.name in ("tests", "test", "testing")]
    if above and above[-1] != path.parent and run.modules.project.root in above[-1].parents:
        yield above[-1]
    if path.parent != run.modules.project.root:
        yield run.modules.project.root


def note_written(run: Interpreter, value: Value, node: cst.CSTNode | None, scope: Scope) -> None:
    """Note the answers that a call writes, by the names of files in the function around it."""
    if node is not None and carries(run, value):
        for name in set(_around(run, node, scope)):
            keep_written(run, name, value)


def keep_written(run: Interpreter, name: str, value: Value) -> None:
    """Note what a file of a name holds."""
    known = run.written.get(name)
    if known is None or len(options(known)) < MAX_WRITTEN:
        run.written[name] = choose([*([known] if known is not None else []), lasting(run, value)])


def written_before(run: Interpreter, node: cst.CSTNode | None, scope: Scope) -> list[Value]:
    """What the program itself wrote to the file which a call reads, as far as its name tells."""
    names = sorted(set(_around(run, node, scope))) if node is not None and run.written else []
    held = [run.heap.get(run.written, name) for name in names]
    return [value for value in held if value is not None]


def _read(run: Interpreter, path: Path, node: cst.CSTNode, scope: Scope) -> Value:
    expression = _expression(run, path)
    if expression is None:
        return _named(run, path, node, scope)
    run.modules.project.note_reader(path, scope.module.path)
    module, held = expression
    data = Scope(run.heap.new_cells(), module, None)
    for word, value in _WORDS.items():
        run.heap.set(data.cells, word, value)
    return run.evaluate(held, data)


def _named(run: Interpreter, path: Path, node: cst.CSTNode, scope: Scope) -> Value:
    """What a file says that is named where it is read, because it cannot be rewritten."""
    from aurora_migrate.flow import models

    try:
        said = json.loads(run.modules.project.text(path))
    except (UnreadableFile, ValueError, RecursionError):
        return UNKNOWN
    run.doubles.files.setdefault(id(node), set()).add(path)
    return models.as_value(run, said, node, scope)


def _expression(run: Interpreter, path: Path) -> tuple[Module, cst.BaseExpression] | None:
    """A JSON text as the Python expression that it also is, but for a few of them."""
    try:
        text = run.modules.project.text(path)
    except UnreadableFile:
        return None
    same = len(text) <= MAX_TREE and not _OTHERWISE.search(text)
    module = run.modules.load_data(path) if same else None
    display = settings_files.display_of(module) if module is not None else None
    return (module, display) if module is not None and display is not None else None


def _around(run: Interpreter, node: cst.CSTNode, scope: Scope) -> Iterator[str]:
    """The names of files in the function around a call (`with open("user.json") as file:`), and of those
    that are put together for it elsewhere."""
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda)):
        current = scope.module.parents.get(id(current))
    if current is not None:
        yield from (name for name in _spelled(current) if is_kept(name))
    yield from names_read(run, node, scope, is_kept)


def is_kept(name: str) -> bool:
    """Whether a name is that of a file in which a program keeps data of its own."""
    return name.endswith(_KEPT) and not name.startswith(".")


def _spelled(node: cst.CSTNode) -> Iterator[str]:
    for inner in walk(node):
        if isinstance(inner, cst.SimpleString) and "b" not in inner.prefix.lower():
            yield Path(string_value(inner)).name
