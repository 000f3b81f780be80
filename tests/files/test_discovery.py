"""Which files a walk finds, which it leaves out, and what naming a path changes about that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.files.discovery import discover
from tests.files.tree import make_tree


def names(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    found = discover([root / path for path in paths or (".",)], Settings(root=root, exclude=exclude))
    assert not found.problems
    return [os.path.relpath(file, root) for file in found.files]


def test_only_python_files_are_found(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": "", "b.pyi": "", "c.pyw": "", "d.txt": "", "e/f.py": "", "g.pyc": ""})
    assert names(tmp_path) == ["a.py", "e/f.py"]


@pytest.mark.parametrize(
    "folder", ["node_modules", ".git", "venv", "build", "site-packages", "__pycache__", ".tox"]
)
def test_default_excludes_are_left_out_at_any_depth(folder: str, tmp_path: Path) -> None:
    make_tree(tmp_path, {f"{folder}/a.py": "", f"x/y/{folder}/a.py": "", "x/a.py": ""})
    assert names(tmp_path) == ["x/a.py"]


@pytest.mark.parametrize("folder", ["node_modules", "build", ".venv/lib/site-packages"])
def test_excluded_folder_that_is_named_is_walked(folder: str, tmp_path: Path) -> None:
    make_tree(tmp_path, {f"{folder}/sub/a.py": ""})
    assert names(tmp_path, folder) == [f"{folder}/sub/a.py"]


def test_environment_of_any_name_is_left_out(tmp_path: Path) -> None:
    make_tree(tmp_path, {"py311/pyvenv.cfg": "", "py311/lib/a.py": "", "b.py": ""})
    assert names(tmp_path) == ["b.py"]
    assert names(tmp_path, "py311") == ["py311/lib/a.py"]


def test_gitignore_is_honoured_where_it_stands_and_below(tmp_path: Path) -> None:
    make_tree(
        tmp_path,
        {
            ".gitignore": "*_pb2.py\n/local.py\nout/\n# comment\n\n",
            "x_pb2.py": "",
            "local.py": "",
            "out/a.py": "",
            "sub/local.py": "",
            "sub/y_pb2.py": "",
            "sub/.gitignore": "private.py\n",
            "sub/private.py": "",
            "private.py": "",
        },
    )
    assert names(tmp_path) == ["private.py", "sub/local.py"]


def test_later_and_deeper_patterns_win(tmp_path: Path) -> None:
    make_tree(
        tmp_path,
        {".gitignore": "*.py\n!keep.py\n", "a.py": "", "keep.py": "", "sub/.gitignore": "!b.py\nkeep.py\n"},
    )
    make_tree(tmp_path, {"sub/b.py": "", "sub/keep.py": ""})
    assert names(tmp_path) == ["keep.py", "sub/b.py"]


def test_file_below_an_ignored_folder_cannot_be_kept(tmp_path: Path) -> None:
    make_tree(tmp_path, {".gitignore": "out/\n!out/a.py\n", "out/a.py": "", "b.py": ""})
    assert names(tmp_path) == ["b.py"]


def test_patterns_that_git_cannot_read_are_passed_over(tmp_path: Path) -> None:
    make_tree(tmp_path, {".gitignore": "!\n/\n\\\nb.py\n", "a.py": "", "b.py": ""})
    assert names(tmp_path) == ["a.py"]


def test_gitignore_above_counts_inside_a_repository(tmp_path: Path) -> None:
    make_tree(tmp_path, {".git/HEAD": "", ".gitignore": "gen.py\n", "src/gen.py": "", "src/a.py": ""})
    assert names(tmp_path, "src") == ["src/a.py"]


def test_ignored_folder_and_file_that_are_named_are_checked(tmp_path: Path) -> None:
    make_tree(tmp_path, {".git/HEAD": "", ".gitignore": "out/\nb.py\n", "out/x/a.py": "", "b.py": ""})
    assert names(tmp_path, "out") == ["out/x/a.py"]
    assert names(tmp_path, "out/x") == ["out/x/a.py"]
    assert names(tmp_path, "b.py") == ["b.py"]


def test_exclude_setting_uses_gitignore_patterns_from_the_root(tmp_path: Path) -> None:
    make_tree(tmp_path, {"legacy/a.py": "", "x/legacy/a.py": "", "x/old_a.py": "", "b.py": ""})
    assert names(tmp_path, exclude=("/legacy/", "old_*.py")) == ["b.py", "x/legacy/a.py"]
    assert names(tmp_path, "legacy", exclude=("/legacy/",)) == ["legacy/a.py"]


def test_gitignore_cannot_bring_back_what_is_excluded(tmp_path: Path) -> None:
    make_tree(tmp_path, {".gitignore": "!a.py\n", "a.py": "", "b.py": ""})
    assert names(tmp_path, exclude=("a.py",)) == ["b.py"]


def test_links_are_followed_only_if_named(tmp_path: Path) -> None:
    project = make_tree(tmp_path / "project", {"a.py": "", "sub/b.py": ""})
    outside = make_tree(tmp_path / "outside", {"c.py": ""})
    (project / "out").symlink_to(outside)
    (project / "sub" / "loop").symlink_to(project)
    (project / "broken.py").symlink_to(project / "missing.py")
    (project / "link.py").symlink_to(outside / "c.py")
    assert names(project) == ["a.py", "sub/b.py"]
    assert names(project, "out") == ["out/c.py"]
    assert names(project, "link.py") == ["link.py"]


def test_named_script_counts_by_its_shebang(tmp_path: Path) -> None:
    make_tree(
        tmp_path,
        {
            "tool": "#!/usr/bin/env python3\n",
            "shell": "#!/bin/sh\n",
            "notes.md": "# python\n",
            "gui.pyw": "",
            "empty": "",
        },
    )
    assert names(tmp_path, "tool", "shell", "notes.md", "gui.pyw", "empty") == ["gui.pyw", "tool"]


def test_path_named_twice_is_found_once(tmp_path: Path) -> None:
    make_tree(tmp_path, {"sub/a.py": ""})
    assert names(tmp_path, ".", "sub", "sub/a.py") == ["sub/a.py"]


def test_missing_path_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": ""})
    found = discover([tmp_path / "gone.py", tmp_path], Settings(root=tmp_path))
    assert found.files == [str(tmp_path / "a.py")]
    assert [(p.path, p.reason) for p in found.problems] == [(tmp_path / "gone.py", "no such file or folder")]


def test_pipe_is_neither_opened_nor_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert names(tmp_path) == []
    found = discover([tmp_path / "pipe.py"], Settings(root=tmp_path))
    assert [problem.reason for problem in found.problems] == ["is neither a file nor a folder"]


def test_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tree(tmp_path, {"a.py": "", "locked/b.py": ""})
    listing = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discover([tmp_path], Settings(root=tmp_path))
    assert found.files == [str(tmp_path / "a.py")]
    assert [problem.reason for problem in found.problems] == ["cannot be read: permission denied"]


def test_folder_named_like_a_module_and_odd_names(tmp_path: Path) -> None:
    make_tree(tmp_path, {"pkg.py/a.py": "", "with space/b.py": ""})
    (tmp_path / os.fsdecode(b"caf\xe9.py")).write_bytes(b"")
    assert names(tmp_path) == [os.fsdecode(b"caf\xe9.py"), "pkg.py/a.py", "with space/b.py"]


def test_pathspec_is_imported_only_for_patterns(tmp_path: Path) -> None:
    make_tree(tmp_path, {"plain/a.py": "", "ignoring/.gitignore": "b.py\n"})
    program = (
        "import sys; from pathlib import Path\n"
        "from aurora_migrate.config import Settings\n"
        "from aurora_migrate.files.discovery import discover\n"
        "for path in map(Path, sys.argv[1:]):\n"
        "    discover([path], Settings(root=path)); print('pathspec' in sys.modules)\n"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path / "plain"), str(tmp_path / "ignoring")]
    result = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "True"]
