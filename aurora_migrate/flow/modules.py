"""Modules of the customer's project: parsed trees, where nodes stand in the text, how imports find them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property, lru_cache
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from aurora_migrate.files.project import Project
from aurora_migrate.files.source import DATA, UnreadableFile
from aurora_migrate.findings import Location, Position
from aurora_migrate.flow.trees import everything_in, parents_of


class Unparsable(Exception):
    """A file that is no Python program for this interpreter; `position` is where the parser gave up."""

    def __init__(self, path: Path, reason: str, position: Position) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason
        self.position = position


class Parsed:
    """The text of a file as a tree, and where its nodes are."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.tree = _parse(path, text)

    @cached_property
    def _ranges(self) -> dict[cst.CSTNode, tuple[int, int, int, int]]:
        positions = MetadataWrapper(self.tree, unsafe_skip_copy=True).resolve(PositionProvider)
        return {
            node: (where.start.line, where.start.column, where.end.line, where.end.column)
            for node, where in positions.items()
        }

    @cached_property
    def lines(self) -> list[int]:
        """Offset of the first character of each line (as LibCST counts lines: \\n, \\r\\n and \\r)."""
        starts = [0]
        text = self.text
        index = 0
        while True:
            found = _next_newline(text, index)
            if found is None:
                return starts
            index = found
            starts.append(index)

    @cached_property
    def parents(self) -> dict[int, cst.CSTNode]:
        """The parent of each node, by the node's identity."""
        return parents_of(self.tree)

    @cached_property
    def identifiers(self) -> dict[str, list[cst.Name]]:
        """The names of the module's code, in no particular order, by what they spell."""
        found: dict[str, list[cst.Name]] = {}
        for node in everything_in(self.tree):
            if type(node) is cst.Name:
                found.setdefault(node.value, []).append(node)
        return found

    @cached_property
    def functions(self) -> dict[str, list[cst.FunctionDef]]:
        """All functions and methods that the module defines, by name."""
        found: dict[str, list[cst.FunctionDef]] = {}
        for name, nodes in self.identifiers.items():
            for node in nodes:
                parent = self.parents.get(id(node))
                if isinstance(parent, cst.FunctionDef) and parent.name is node:
                    found.setdefault(name, []).append(parent)
        return found

    @cached_property
    def prints_back(self) -> bool:
        """Whether LibCST renders the tree as exactly this text (a form feed, for one, can be lost)."""
        return self.tree.code == self.text

    def span(self, node: cst.CSTNode) -> tuple[int, int] | None:
        """Where a node stands in the text, as offsets; None when that cannot be told for certain."""
        found = self._ranges.get(node)
        if found is None:
            return None
        start_line, start_column, end_line, end_column = found
        if max(start_line, end_line) > len(self.lines):
            return None
        start = self.lines[start_line - 1] + start_column
        end = self.lines[end_line - 1] + end_column
        if not self.prints_back and self.tree.code_for_node(node).strip() != self.text[start:end].strip():
            return None
        return start, end

    def position(self, offset: int) -> Position:
        """The line and column of an offset."""
        line = bisect_right(self.lines, offset)
        return Position(line, offset - self.lines[line - 1] + 1)

    def location(self, node: cst.CSTNode) -> Location:
        """Where a node stands, for a person; the first line when that cannot be told."""
        span = self.span(node)
        if span is None:
            found = self._ranges.get(node, (1, 0, 1, 0))
            return Location(self.path, Position(found[0], found[1] + 1), Position(found[2], found[3] + 1))
        return self.location_of(*span)

    def location_of(self, start: int, end: int) -> Location:
        """The place between two offsets, for a person."""
        return Location(self.path, self.position(start), self.position(end))


@lru_cache(maxsize=1024)
def _parsed(path: Path, text: str) -> Parsed:
    """A file's text, parsed once however often the fixer looks at the project again.

    Two files of one text have a tree each: nodes are told apart by their identity.
    """
    return Parsed(path, text)


class Module:
    """One file of the project, parsed."""

    rendered = True
    """Whether a changed tree says what the file's new text is; else only its texts can be changed."""

    def __init__(
        self,
        path: Path,
        name: str,
        text: str,
        project: Project | None = None,
        parsed: Parsed | None = None,
    ) -> None:
        self.project = project
        self.path = path
        self.name = name
        self.text = text
        self.read_by_code = False
        """Whether the program itself reads this document, and not only its tests."""
        self._parsed = parsed or _parsed(path, text)
        self.tree = self._parsed.tree
        self.span = self._parsed.span
        self.position = self._parsed.position
        self.location = self._parsed.location
        self.location_of = self._parsed.location_of

    @property
    def package(self) -> str:
        """The package that relative imports of this module start from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @property
    def parents(self) -> dict[int, cst.CSTNode]:
        """The parent of each node, by the node's identity."""
        return self._parsed.parents

    @property
    def identifiers(self) -> dict[str, list[cst.Name]]:
        """The names of the module's code, in no particular order, by what they spell."""
        return self._parsed.identifiers

    @property
    def functions(self) -> dict[str, list[cst.FunctionDef]]:
        """All functions and methods that the module defines, by name."""
        return self._parsed.functions

    @property
    def prints_back(self) -> bool:
        """Whether LibCST renders the tree as exactly this text (a form feed, for one, can be lost)."""
        return self._parsed.prints_back


class Modules:
    """The project's modules by dotted name, loaded when an import asks for them."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.failures: dict[Path, UnreadableFile | Unparsable] = {}
        self.size = 0
        """How many characters the loaded modules have."""
        self._loaded: dict[Path, Module | None] = {}
        self._found: dict[tuple[str, Path], Module | None] = {}

    def load(self, path: Path) -> Module | None:
        """The module in this file; None (and a note in `failures`) when it cannot be read or parsed."""
        if path not in self._loaded:
            self._loaded[path] = None
            try:
                module = Module(path, self._name(path), self.project.text(path), self.project)
                self._loaded[path] = module
                self.size += len(module.text)
            except (UnreadableFile, Unparsable) as failure:
                self.failures[path] = failure
        return self._loaded[path]

    def load_data(self, path: Path) -> Module | None:
        """A JSON file as the Python that it also is, another document as a display; None when it is none."""
        if path not in self._loaded:
            try:
                text = self.project.text(path)
                if path.suffix == DATA:
                    self._loaded[path] = Module(path, path.stem, text, self.project)
                else:
                    self._loaded[path] = self._document(path, text)
            except (UnreadableFile, Unparsable):
                self._loaded[path] = None
        return self._loaded[path]

    def _document(self, path: Path, text: str) -> Module | None:
        from aurora_migrate.flow.documents import document_of

        return document_of(path, text, self.project)

    def loaded(self) -> list[Module]:
        return [module for _, module in sorted(self._loaded.items()) if module is not None]

    def find(self, dotted: str, importer: Module) -> Module | None:
        """The project's module that `import dotted` means in `importer`, if there is one.

        Looked for from the importer's folder upwards to the project's root, in `src/` too, as scripts,
        packages and src layouts have it.
        """
        folder = importer.path.parent
        known = (dotted, folder)
        if known not in self._found:
            self._found[known] = self._search(dotted, folder)
        return self._found[known]

    def is_package(self, dotted: str, importer: Module) -> bool:
        """Whether some folder of the project has this name, with or without `__init__.py`."""
        parts = dotted.split(".")
        return any(
            self.project.has_folder(base.joinpath(*parts)) for base in self._bases(importer.path.parent)
        )

    def _bases(self, folder: Path) -> list[Path]:
        root = self.project.root
        bases = [folder]
        while folder != root and root in folder.parents:
            folder = folder.parent
            bases.append(folder)
        bases += [base / "src" for base in bases]
        return bases

    def _search(self, dotted: str, folder: Path) -> Module | None:
        parts = dotted.split(".")
        for base in self._bases(folder):
            stem = base.joinpath(*parts)
            for candidate in (stem.with_name(stem.name + ".py"), stem / "__init__.py"):
                if self.project.has(candidate):
                    return self.load(candidate)
        return None

    def _name(self, path: Path) -> str:
        root = self.project.root
        try:
            relative = path.relative_to(root)
        except ValueError:
            return path.stem
        parts = list(relative.with_suffix("").parts)
        while len(parts) > 1 and not self.project.has(
            root.joinpath(*relative.parts[: len(relative.parts) - len(parts) + 1]) / "__init__.py"
        ):
            parts.pop(0)
            if len(parts) == 1:
                break
        if parts[-1] == "__init__":
            parts.pop()
        return ".".join(parts) or path.parent.name


def _parse(path: Path, text: str) -> cst.Module:
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        raise Unparsable(path, error.message, Position(error.raw_line, error.raw_column + 1)) from error
    except (RecursionError, ValueError, UnicodeError) as error:
        raise Unparsable(path, f"{type(error).__name__}: {error}", Position(1, 1)) from error


def _next_newline(text: str, index: int) -> int | None:
    feed = text.find("\n", index)
    bare = text.find("\r", index)
    if bare != -1 and (feed == -1 or bare < feed):
        return bare + 2 if text[bare : bare + 2] == "\r\n" else bare + 1
    return None if feed == -1 else feed + 1
