"""How a file is named in a report: relative to the working directory if it lies there, absolute otherwise."""

from __future__ import annotations

from pathlib import Path


class Paths:
    """Names files as seen from the folder `cwd`.

    Files outside it keep their absolute path: any other base could give two files one name.
    """

    def __init__(self, cwd: Path) -> None:
        # Where the folder was reached through a link, files may be known by either name.
        self._bases = tuple(dict.fromkeys((cwd.absolute(), cwd.resolve())))

    def native(self, path: Path) -> str:
        """The path as this system writes it, for people."""
        return str(self._relative(path))

    def posix(self, path: Path) -> str:
        """The path with forward slashes, for programs. Bytes that are no UTF-8 are lone surrogates."""
        return self._relative(path).as_posix()

    def _relative(self, path: Path) -> Path:
        for base in self._bases:
            if path.is_relative_to(base):
                return path.relative_to(base)
        return path
