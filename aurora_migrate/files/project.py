"""The customer's project as the analysis sees it: its modules, and texts that may not be on disk yet."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from aurora_migrate.files.documents import is_document
from aurora_migrate.files.source import DATA, NOTEBOOK, SourceFile, UnreadableFile, read_source

MAX_DATA_FILES = 200
"""With more data files than this below a folder, none is taken for the one that a name means."""
MAX_DATA_BYTES = 500_000

_PACKAGING = ("setup.py", "setup.cfg", "pyproject.toml", "tox.ini", "Procfile", "serverless.yml", "app.yaml")


class Project:
    """A project below `root`; `modules` are the files that are to be analysed.

    `files` are all its Python files, as far as they are known, and `documents` what else may hold settings or
    data of the program. Texts come from the overlay first, then from disk, where each file is read once.
    """

    def __init__(
        self,
        root: Path,
        modules: tuple[Path, ...],
        files: tuple[str, ...] = (),
        documents: tuple[str, ...] = (),
    ) -> None:
        self.root = root
        self.modules = modules
        self._files = files
        self._documents = documents
        self._overlay: dict[Path, str] = {}
        self._disk: _Disk = _Disk(root)
        self._readers: dict[Path, set[Path]] = {}

    @classmethod
    def in_memory(cls, root: Path, texts: Mapping[Path, str]) -> Project:
        """A project of these texts alone: nothing is read from disk."""
        documents = tuple(sorted(path for path in texts if is_document(path)))
        modules = tuple(sorted(path for path in texts if path not in documents))
        project = cls(root, modules, tuple(map(str, modules)), tuple(map(str, documents)))
        project._disk = _NoDisk(root)
        project._overlay = dict(texts)
        return project

    @property
    def files(self) -> tuple[Path, ...]:
        """All Python files of the project that were found, analysed or not."""
        return tuple(map(Path, self._files)) or self.modules

    @property
    def documents(self) -> tuple[Path, ...]:
        """The files beside the code that may hold settings or data of the program."""
        return tuple(map(Path, self._documents))

    def text(self, path: Path) -> str:
        """The decoded text of a file. Raises UnreadableFile."""
        if path in self._overlay:
            return self._overlay[path]
        if self._overlay:
            path = self._disk.canonical(path)
        return self._overlay[path] if path in self._overlay else self._disk.source(path).text

    def loose_text(self, path: Path) -> str:
        """The decoded text of a file; empty where it cannot be read."""
        try:
            return self.text(path)
        except UnreadableFile:
            return ""

    def has(self, path: Path) -> bool:
        """Whether there is a Python file (`.py`) of this path in the project."""
        return path in self._overlay or self._disk.has(path)

    def has_folder(self, path: Path) -> bool:
        """Whether there is a folder of this path in the project."""
        return self._disk.has_folder(path) or any(path in file.parents for file in self._overlay)

    def data_files(self, folder: Path) -> tuple[Path, ...]:
        """The JSON files below a folder; none when they are too many to tell by name which is meant."""
        held = [path for path in self._overlay if path.suffix == DATA and folder in path.parents]
        return tuple(sorted({*self._disk.data_files(folder), *held}))

    def note_reader(self, path: Path, reader: Path) -> None:
        """Note that a module reads this data file."""
        self._readers.setdefault(path, set()).add(reader)

    def readers(self, path: Path) -> frozenset[Path]:
        """The modules that were seen to read this data file."""
        return frozenset(self._readers.get(path, ()))

    def source(self, path: Path) -> SourceFile:
        """The file as it is on disk; in memory, its text as UTF-8. Raises UnreadableFile."""
        return self._disk.source(path) if self._disk.real else SourceFile(path, self.text(path))

    def canonical(self, path: Path) -> Path:
        """The one path of a file to which links give several. UnreadableFile for one outside the project."""
        return self._disk.canonical(path)

    def mentioning(self, word: str) -> tuple[Path, ...]:
        """The files of the project, analysed or not, whose text contains `word`."""
        return tuple(path for path in self.files if self._mentions(path, word))

    def other_texts(self, known: frozenset[Path]) -> str:
        """What the packaging files, notebooks and Python files other than `known` say, as one text."""
        if not self._disk.real:
            return ""
        found = [path for path in self.files if path not in known]
        found += [self.root / name for name in _PACKAGING if (self.root / name) not in known]
        found += [path for path in sorted(self.root.glob(f"*{NOTEBOOK}")) if path not in known]
        return self._disk.texts(tuple(dict.fromkeys(found)))

    def with_texts(self, texts: Mapping[Path, str]) -> Project:
        """A copy that sees these texts instead of what it saw for their paths."""
        return self._copy(self.modules, {**self._overlay, **texts})

    def on_disk(self) -> Project:
        """The same project as the disk has it now."""
        return Project(self.root, self.modules, self._files, self._documents)

    def only(self, modules: tuple[Path, ...]) -> Project:
        """A copy in which these modules alone are to be analysed."""
        return self._copy(modules, self._overlay)

    def _copy(self, modules: tuple[Path, ...], overlay: dict[Path, str]) -> Project:
        copy = Project(self.root, modules, self._files, self._documents)
        copy._disk = self._disk
        copy._readers = self._readers
        copy._overlay = overlay
        return copy

    def _mentions(self, path: Path, word: str) -> bool:
        if path in self._overlay:
            return word in self._overlay[path]
        try:
            return word.encode() in path.read_bytes()
        except OSError:
            return False


def _loose_text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def _data_below(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path in folder.rglob(f"*{DATA}") if folder.is_dir() else ():
        if len(found) >= MAX_DATA_FILES:
            return []
        if path.is_file() and path.stat().st_size <= MAX_DATA_BYTES:
            found.append(path)
    return found


class _Disk:
    """What is on disk below a root, each file read once."""

    real = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real_root = Path(os.path.realpath(root))
        self._sources: dict[Path, SourceFile | UnreadableFile] = {}
        self._present: dict[Path, bool] = {}
        self._canonical: dict[Path, Path] = {}
        self._texts: dict[tuple[Path, ...], str] = {}
        self._data: dict[Path, tuple[Path, ...]] = {}

    def source(self, path: Path) -> SourceFile:
        if path not in self._sources:
            try:
                self._sources[path] = read_source(path)
            except UnreadableFile as unreadable:
                self._sources[path] = unreadable
        found = self._sources[path]
        if isinstance(found, UnreadableFile):
            raise found
        return found

    def texts(self, paths: tuple[Path, ...]) -> str:
        """What these files say, whatever they are, as one text; every plan of a fix asks for it."""
        if paths not in self._texts:
            self._texts[paths] = "\n".join(_loose_text(path) for path in paths)
        return self._texts[paths]

    def has(self, path: Path) -> bool:
        if path not in self._present:
            self._present[path] = path.suffix == ".py" and os.path.isfile(path) and self._is_inside(path)
        return self._present[path]

    def has_folder(self, path: Path) -> bool:
        return os.path.isdir(path) and self._is_inside(path)

    def data_files(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._data:
            self._data[folder] = tuple(sorted(_data_below(folder)))
        return self._data[folder]

    def canonical(self, path: Path) -> Path:
        if path not in self._canonical:
            real = Path(os.path.realpath(path))
            if not real.is_relative_to(self._real_root):
                raise UnreadableFile(path, f"lies outside the project {self._root}")
            self._canonical[path] = self._root / real.relative_to(self._real_root)
        return self._canonical[path]

    def _is_inside(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(self._real_root)


class _NoDisk(_Disk):
    """Stands in for the disk of a project that is in memory."""

    real = False

    def source(self, path: Path) -> SourceFile:
        raise UnreadableFile(path, "no such file")

    def has(self, path: Path) -> bool:
        return False

    def has_folder(self, path: Path) -> bool:
        return False

    def data_files(self, folder: Path) -> tuple[Path, ...]:
        return ()

    def canonical(self, path: Path) -> Path:
        return path
