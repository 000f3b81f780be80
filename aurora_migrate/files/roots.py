"""Where a customer's project begins: its root, and the part of it that belongs to one product."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
INSTALLED = frozenset({"site-packages", "dist-packages"})
_ENVIRONMENT = "pyvenv.cfg"


@dataclass(frozen=True, slots=True)
class Scope:
    """Paths that are analysed together.

    `root` is what imports start from. All of `folders` is read with what is below it, of `flat` only the
    files directly in it; both may reach beyond `named`, which is what the user asked about.
    """

    root: Path
    named: tuple[Path, ...]
    folders: tuple[Path, ...] = ()
    flat: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """The product that a file belongs to; `installed` means a package among others in site-packages."""

    path: str
    installed: bool


def project_root(path: Path) -> Path:
    """The root of the project that `path` (a file or a folder) belongs to.

    That is the nearest folder upwards that says so (pyproject.toml, setup.py, setup.cfg, .git), else the
    folder itself, or the one that holds it when it is a package. The search never climbs out of an
    environment, nor to a folder that holds far more than a project.
    """
    folder = path if os.path.isdir(path) else path.parent
    return _marked_root(folder) or _import_base(folder)


def scopes(paths: Iterable[Path]) -> list[Scope]:
    """The named paths, absolute and existing, grouped into what is analysed together."""
    marked: dict[Path, list[Path]] = {}
    loose: list[Path] = []
    roots: dict[Path, Path | None] = {}
    for path in paths:
        folder = path if os.path.isdir(path) else path.parent
        if folder not in roots:
            roots[folder] = _marked_root(folder)
        root = roots[folder]
        if root is None:
            loose.append(path)
        else:
            marked.setdefault(root, []).append(path)
    for root in [root for root in marked if any(path in root.parents for path in loose)]:
        loose += marked.pop(root)
    return [*_merged(marked), *_loose_scopes(loose)]


class Units:
    """Tells the products below `root` apart."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._of_folder: dict[str, Unit] = {}
        self._has_packages: dict[str, bool] = {}

    def of(self, path: str) -> Unit:
        """The product that the file at `path` belongs to."""
        folder = os.path.dirname(path)
        return Unit(path, installed=True) if self._holds_packages(folder) else self._folder(folder)

    def _folder(self, folder: str) -> Unit:
        if folder not in self._of_folder:
            above = os.path.dirname(folder)
            if self._holds_packages(above):
                self._of_folder[folder] = Unit(folder, installed=True)
            elif folder == self._root or above == folder or _is_marked(folder):
                self._of_folder[folder] = Unit(folder, installed=False)
            else:
                self._of_folder[folder] = self._folder(above)
        return self._of_folder[folder]

    def _holds_packages(self, folder: str) -> bool:
        if folder not in self._has_packages:
            self._has_packages[folder] = _holds_packages(folder)
        return self._has_packages[folder]


def _holds_packages(folder: str) -> bool:
    if os.path.basename(folder) in INSTALLED:
        return True
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(folder))
    except OSError:
        return False


def _marked_root(folder: Path) -> Path | None:
    if _is_installed(folder):
        return None
    for above in (folder, *folder.parents):
        if above != folder and _is_too_wide(above):
            return None
        if _is_marked(str(above)):
            return above
    return None


def _is_marked(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, marker)) for marker in MARKERS)


def _is_installed(folder: Path) -> bool:
    """Whether the folder is part of an environment, so that the project around it is not its project."""
    if not INSTALLED.isdisjoint(folder.parts):
        return True
    return any(os.path.exists(above / _ENVIRONMENT) for above in (folder, *folder.parents))


def _is_too_wide(folder: Path) -> bool:
    """Whether many unrelated things are kept below this folder: a file system, homes, temporary files."""
    places = [os.path.expanduser("~"), "/tmp", "/var/tmp", *map(os.environ.get, ("TMPDIR", "TEMP", "TMP"))]
    wide = {variant for place in places if place for variant in (Path(place), Path(os.path.realpath(place)))}
    return folder.parent == folder or any(folder == place or folder in place.parents for place in wide)


def _merged(marked: dict[Path, list[Path]]) -> list[Scope]:
    """One scope a root; a root inside another that is asked about anyway becomes part of it."""
    result: dict[Path, list[Path]] = {}
    for root in sorted(marked, key=lambda path: len(path.parts)):
        outer = next((known for known in result if known in root.parents), root)
        result.setdefault(outer, []).extend(marked[root])
    return [Scope(root, tuple(named), folders=(root,)) for root, named in result.items()]


def _loose_scopes(paths: list[Path]) -> list[Scope]:
    """Paths of no marked project: together when they have a modest folder in common, else each on its own."""
    bases = {path: _import_base(_home(path)) for path in paths}
    if not bases:
        return []
    common = _common(list(bases.values()))
    if common is not None:
        return [_loose_scope(common, paths)]
    grouped: dict[Path, list[Path]] = {}
    for path, base in bases.items():
        grouped.setdefault(base, []).append(path)
    return [_loose_scope(base, named) for base, named in grouped.items()]


def _loose_scope(root: Path, named: list[Path]) -> Scope:
    homes = dict.fromkeys(map(_home, named))
    flat = [
        home for home in homes if home not in named and (_is_too_wide(home) or _holds_packages(str(home)))
    ]
    return Scope(root, tuple(named), tuple(home for home in homes if home not in flat), tuple(flat))


def _home(path: Path) -> Path:
    """The folder to read for a path: itself, or for a file the installed package or the folder it is in."""
    if os.path.isdir(path):
        return path
    around = (path.parent, *path.parent.parents)
    return next((folder for folder in around if folder.parent.name in INSTALLED), path.parent)


def _import_base(folder: Path) -> Path:
    """The folder that absolute imports of `folder` start from: the first above that is no package."""
    while os.path.exists(folder / "__init__.py") and folder.parent != folder:
        folder = folder.parent
    return folder


def _common(folders: list[Path]) -> Path | None:
    if len({folder.anchor for folder in folders}) > 1:
        return None
    common = Path(os.path.commonpath(folders))
    modest = common in folders or not _is_too_wide(common)
    return common if modest and not _is_installed(common) else None
