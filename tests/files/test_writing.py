"""Writing: bytes, mode and links stay; a group of files changes whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from aurora_migrate.files.source import UnreadableFile, read_source
from aurora_migrate.files.writing import write_together
from tests.files.tree import make_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_tree(tmp_path / "project", {"a.py": "a\n", "b.py": "b\n", "c.py": "c\n"})


def write(root: Path, **texts: str) -> None:
    write_together(root, [(read_source(root / f"{name}.py"), text) for name, text in texts.items()])


def contents(root: Path) -> dict[str, str]:
    """All files of the folder, temporary ones too."""
    return {path.name: path.read_text() for path in sorted(root.iterdir())}


def test_files_get_their_new_texts(root: Path) -> None:
    write(root, a="1\n", b="2\n")
    assert contents(root) == {"a.py": "1\n", "b.py": "2\n", "c.py": "c\n"}


def test_encoding_bom_and_newlines_stay(root: Path) -> None:
    (root / "a.py").write_bytes(b"\xef\xbb\xbfx = 'caf\xc3\xa9'\r\n")
    (root / "b.py").write_bytes(b"# coding: latin-1\rx = 'caf\xe9'")
    for name in ("a.py", "b.py"):
        source = read_source(root / name)
        write_together(root, [(source, source.text.replace("x", "yy"))])
    assert (root / "a.py").read_bytes() == b"\xef\xbb\xbfyy = 'caf\xc3\xa9'\r\n"
    assert (root / "b.py").read_bytes() == b"# coding: latin-1\ryy = 'caf\xe9'"


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o664])
def test_mode_bits_stay(mode: int, root: Path) -> None:
    (root / "a.py").chmod(mode)
    write(root, a="1\n")
    assert stat.S_IMODE((root / "a.py").stat().st_mode) == mode


def test_link_inside_the_project_is_written_through(root: Path) -> None:
    (root / "link.py").symlink_to("a.py")
    write(root, link="1\n")
    assert (root / "link.py").is_symlink()
    assert (root / "a.py").read_text() == "1\n"


def test_link_out_of_the_project_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("o\n")
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    with pytest.raises(UnreadableFile, match="link out of the project"):
        write(root, a="1\n", link="2\n")
    assert (tmp_path / "outside.py").read_text() == "o\n"
    assert (root / "a.py").read_text() == "a\n"


def test_file_changed_in_the_meantime_stops_the_group(root: Path) -> None:
    sources = [read_source(root / name) for name in ("a.py", "b.py")]
    (root / "b.py").write_text("someone else\n")
    with pytest.raises(UnreadableFile, match="changed on disk") as caught:
        write_together(root, [(source, "new\n") for source in sources])
    assert caught.value.path == root / "b.py"
    assert contents(root) == {"a.py": "a\n", "b.py": "someone else\n", "c.py": "c\n"}


def test_file_deleted_in_the_meantime_stops_the_group(root: Path) -> None:
    sources = [read_source(root / name) for name in ("a.py", "b.py")]
    (root / "b.py").unlink()
    with pytest.raises(UnreadableFile, match="was not fixed: no such file"):
        write_together(root, [(source, "new\n") for source in sources])
    assert contents(root) == {"a.py": "a\n", "c.py": "c\n"}


def test_file_that_may_not_be_written_stops_the_group(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: not path.endswith("b.py"))
    with pytest.raises(UnreadableFile, match="permission denied"):
        write(root, a="1\n", b="2\n")
    assert contents(root) == {"a.py": "a\n", "b.py": "b\n", "c.py": "c\n"}


@pytest.mark.parametrize("failing", ["a.py", "b.py", "c.py"])
def test_failing_rename_puts_the_others_back(
    failing: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replacing = os.replace

    def refuse(source: str, target: str) -> None:
        if target.endswith(failing):
            raise OSError(28, "No space left on device")
        replacing(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UnreadableFile, match="no space left on device") as caught:
        write(root, a="1\n", b="2\n", c="3\n")
    assert caught.value.path == root / failing
    assert contents(root) == {"a.py": "a\n", "b.py": "b\n", "c.py": "c\n"}


def test_interruption_puts_the_others_back(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replacing = os.replace
    interrupted: list[str] = []

    def interrupt(source: str, target: str) -> None:
        if target.endswith("b.py") and not interrupted:
            interrupted.append(target)
            raise KeyboardInterrupt
        replacing(source, target)

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(root, a="1\n", b="2\n")
    assert contents(root) == {"a.py": "a\n", "b.py": "b\n", "c.py": "c\n"}


def test_full_disk_while_staging_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(UnreadableFile, match="no space left on device"):
        write(root, a="1\n")
    assert contents(root) == {"a.py": "a\n", "b.py": "b\n", "c.py": "c\n"}
