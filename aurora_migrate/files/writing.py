"""Writing changed files so that either all of a group change, or none, whatever goes wrong."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aurora_migrate.files.source import SourceFile, UnreadableFile, encode

_PREFIX = ".aurora-migrate-"


@dataclass(frozen=True, slots=True)
class _Staged:
    """New content in a temporary file beside its target, ready to be renamed."""

    path: Path
    target: str
    temporary: str
    original: bytes


def write_together(root: Path, changes: Sequence[tuple[SourceFile, str]]) -> None:
    """Give each file its new text, keeping its encoding, BOM and mode bits.

    All files are staged before the first is replaced, and put back if a later one fails. Raises
    UnreadableFile with the file at fault: changed on disk since it was read, not writable, or outside `root`.
    """
    staged: list[_Staged] = []
    try:
        for source, text in changes:
            staged.append(_stage(root, source, text))
        _replace_all(staged)
    finally:
        for item in staged:
            with suppress(FileNotFoundError):
                os.unlink(item.temporary)


def _stage(root: Path, source: SourceFile, text: str) -> _Staged:
    target = os.path.realpath(source.path)
    if not Path(target).is_relative_to(os.path.realpath(root)):
        raise _refused(source.path, f"it is a link out of the project, to {target}")
    try:
        original = Path(target).read_bytes()
        if original != encode(source, source.text):
            raise _refused(source.path, "it was changed on disk in the meantime")
        if not os.access(target, os.W_OK):
            raise _refused(source.path, "permission denied")
        temporary = _temporary(target, encode(source, text))
    except OSError as error:
        raise _refused(source.path, (error.strerror or type(error).__name__).lower()) from error
    return _Staged(source.path, target, temporary, original)


def _temporary(target: str, data: bytes) -> str:
    """A file beside `target` with its mode and owner that holds `data`, safely on disk."""
    import tempfile

    status = os.stat(target)
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=os.path.dirname(target))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError, AttributeError):
            os.chown(name, status.st_uid, status.st_gid)
        # After chown, which clears the set-id bits.
        os.chmod(name, stat.S_IMODE(status.st_mode))
    except BaseException:
        os.unlink(name)
        raise
    return name


def _replace_all(staged: Sequence[_Staged]) -> None:
    done: list[_Staged] = []
    for item in staged:
        try:
            os.replace(item.temporary, item.target)
        except OSError as error:
            _put_back(done)
            raise _refused(item.path, (error.strerror or type(error).__name__).lower()) from error
        except BaseException:
            _put_back(done)
            raise
        done.append(item)
    _sync_folders(os.path.dirname(item.target) for item in done)


def _put_back(done: Iterable[_Staged]) -> None:
    for item in done:
        try:
            os.replace(_temporary(item.target, item.original), item.target)
        except OSError as error:
            reason = "another file of the same fix could not be written, and this one could not be put back"
            raise UnreadableFile(item.path, f"{reason}: {error.strerror}") from error


def _sync_folders(folders: Iterable[str]) -> None:
    """Make the renames durable, where the system lets a folder be opened for that."""
    for folder in dict.fromkeys(folders):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _refused(path: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(path, f"was not fixed: {reason}")
