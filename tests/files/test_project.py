"""The project as the analysis sees it: overlay before disk, nothing outside the root."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.files.project import Project
from aurora_migrate.files.source import UnreadableFile
from tests.files.tree import make_tree


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = make_tree(tmp_path / "project", {"a.py": "a = 1\n", "pkg/b.py": "import a\n", "data.txt": ""})
    make_tree(tmp_path, {"outside.py": "secret\n"})
    (root / "out.py").symlink_to(tmp_path / "outside.py")
    (root / "twin.py").symlink_to(root / "a.py")
    return Project(root, (root / "a.py",), (str(root / "a.py"), str(root / "pkg/b.py")))


def test_has_means_python_files_below_the_root(project: Project) -> None:
    root = project.root
    names = ("a.py", "pkg/b.py", "twin.py", "data.txt", "pkg", "gone.py", "out.py", "../outside.py")
    assert [name for name in names if project.has(root / name)] == ["a.py", "pkg/b.py", "twin.py"]


def test_has_folder_means_folders_below_the_root(project: Project) -> None:
    names = ("pkg", "a.py", "gone", "..")
    assert [name for name in names if project.has_folder(project.root / name)] == ["pkg"]


def test_overlay_hides_the_disk_in_the_copy_alone(project: Project) -> None:
    path = project.root / "a.py"
    copy = project.with_texts({path: "a = 2\n"}).with_texts({project.root / "new/c.py": "c\n"})
    assert (project.text(path), copy.text(path)) == ("a = 1\n", "a = 2\n")
    assert copy.has(project.root / "new/c.py")
    assert copy.has_folder(project.root / "new")
    assert not project.has(project.root / "new/c.py")
    assert copy.modules == project.modules


def test_link_sees_the_overlay_of_its_target(project: Project) -> None:
    copy = project.with_texts({project.root / "a.py": "a = 2\n"})
    assert copy.text(project.root / "twin.py") == "a = 2\n"
    assert copy.canonical(project.root / "twin.py") == project.root / "a.py"


def test_path_outside_has_no_canonical_form(project: Project) -> None:
    with pytest.raises(UnreadableFile, match="lies outside the project"):
        project.canonical(project.root / "out.py")


def test_file_is_read_once(project: Project) -> None:
    path = project.root / "a.py"
    assert project.text(path) == "a = 1\n"
    path.write_text("a = 3\n")
    assert project.text(path) == "a = 1\n"
    assert project.with_texts({}).text(path) == "a = 1\n"


def test_unreadable_file_raises_each_time(project: Project) -> None:
    for _ in range(2):
        with pytest.raises(UnreadableFile, match="no such file"):
            project.text(project.root / "gone.py")


def test_mentioning_looks_into_files_that_are_not_analysed(project: Project) -> None:
    assert project.mentioning("import") == (project.root / "pkg/b.py",)
    assert project.with_texts({project.root / "pkg/b.py": ""}).mentioning("import") == ()


def test_only_narrows_the_modules(project: Project) -> None:
    narrowed = project.only((project.root / "pkg/b.py",))
    assert narrowed.modules == (project.root / "pkg/b.py",)
    assert narrowed.files == project.files


def test_project_in_memory_reads_no_disk(project: Project) -> None:
    root = project.root
    memory = Project.in_memory(root, {root / "x/m.py": "m = 1\n"})
    assert memory.modules == (root / "x/m.py",)
    assert memory.text(root / "x/m.py") == "m = 1\n"
    assert memory.source(root / "x/m.py").encoding == "utf-8"
    assert memory.has_folder(root / "x")
    assert not memory.has(root / "a.py")
    assert not memory.has_folder(root / "pkg")
    with pytest.raises(UnreadableFile):
        memory.text(root / "a.py")
