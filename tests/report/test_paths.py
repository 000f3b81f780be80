"""How files are named in reports."""

from __future__ import annotations

import os
from pathlib import Path

from aurora_migrate.report.paths import Paths


def test_a_file_below_the_working_directory_is_relative_to_it(tmp_path: Path) -> None:
    path = tmp_path / "my app" / "client.py"
    assert Paths(tmp_path).posix(path) == "my app/client.py"
    assert Paths(tmp_path).native(path) == os.path.join("my app", "client.py")


def test_a_file_outside_the_working_directory_keeps_its_absolute_path(tmp_path: Path) -> None:
    path = tmp_path / "client.py"
    assert Paths(tmp_path / "sub").posix(path) == path.as_posix()


def test_a_working_directory_reached_through_a_link_is_the_same_folder(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    link = tmp_path / "link"
    link.symlink_to(real)
    paths = Paths(link)
    assert paths.posix(real.resolve() / "a.py") == "a.py"
    assert paths.posix(link / "a.py") == "a.py"


def test_a_name_that_is_not_utf8_survives() -> None:
    path = Path(os.fsdecode(b"/srv/caf\xe9.py"))
    assert os.fsencode(Paths(Path("/srv")).posix(path)) == b"caf\xe9.py"
