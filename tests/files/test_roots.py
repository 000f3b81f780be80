"""Where a project begins, and what is analysed together."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.files.roots import Scope, Units, project_root, scopes
from tests.files.tree import make_tree


@pytest.fixture
def area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is neither home nor temporary, as far as the search can tell."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "work"


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.py", "setup.cfg", ".git"])
def test_nearest_marker_upwards_is_the_root(marker: str, area: Path) -> None:
    make_tree(area, {f"project/{marker}": "", "pyproject.toml": "", "project/src/a/b.py": ""})
    assert project_root(area / "project/src/a/b.py") == area / "project"


def test_unmarked_folder_is_its_own_root(area: Path) -> None:
    make_tree(area, {"scripts/a.py": ""})
    assert project_root(area / "scripts") == area / "scripts"
    assert project_root(area / "scripts/a.py") == area / "scripts"


def test_unmarked_package_starts_above_itself(area: Path) -> None:
    make_tree(area, {"pkg/__init__.py": "", "pkg/sub/__init__.py": "", "pkg/sub/a.py": ""})
    assert project_root(area / "pkg/sub/a.py") == area


def test_home_is_no_root_though_it_has_a_marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    make_tree(tmp_path, {".git/HEAD": "", "notes/a.py": ""})
    assert project_root(tmp_path / "notes/a.py") == tmp_path / "notes"


def test_search_does_not_leave_an_environment(area: Path) -> None:
    make_tree(
        area, {"pyproject.toml": "", "env/pyvenv.cfg": "", "env/lib/x/a.py": "", "site-packages/p/a.py": ""}
    )
    assert project_root(area / "env/lib/x") == area / "env/lib/x"
    assert project_root(area / "site-packages") == area / "site-packages"


def test_files_of_one_project_are_analysed_together(area: Path) -> None:
    make_tree(area, {"pyproject.toml": "", "a.py": "", "sub/b.py": ""})
    named = (area / "a.py", area / "sub/b.py")
    assert scopes(named) == [Scope(area, named, folders=(area,))]


def test_project_inside_another_that_is_named_too_belongs_to_it(area: Path) -> None:
    make_tree(area, {"pyproject.toml": "", "a.py": "", "libs/x/pyproject.toml": "", "libs/x/b.py": ""})
    assert [scope.root for scope in scopes([area / "libs/x/b.py"])] == [area / "libs/x"]
    assert [scope.root for scope in scopes([area / "libs/x/b.py", area])] == [area]


def test_project_inside_a_loose_folder_that_is_named_belongs_to_it(area: Path) -> None:
    make_tree(area, {"a.py": "", "x/pyproject.toml": "", "x/b.py": ""})
    assert scopes([area, area / "x"]) == [Scope(area, (area, area / "x"), folders=(area, area / "x"))]


def test_loose_folders_share_the_folder_they_have_in_common(area: Path) -> None:
    make_tree(area, {"app/a.py": "", "tests/b.py": ""})
    named = (area / "app", area / "tests")
    assert scopes(named) == [Scope(area, named, folders=named)]


def test_file_in_a_folder_too_wide_to_walk_brings_its_neighbours_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    make_tree(tmp_path, {"a.py": "", "other/b.py": ""})
    assert scopes([tmp_path / "a.py"]) == [Scope(tmp_path, (tmp_path / "a.py",), flat=(tmp_path,))]


def test_unrelated_files_below_home_stay_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    make_tree(tmp_path, {"one/a.py": "", "two/b.py": ""})
    found = scopes([tmp_path / "one/a.py", tmp_path / "two/b.py"])
    assert [scope.root for scope in found] == [tmp_path / "one", tmp_path / "two"]


def test_installed_file_brings_its_own_package_alone(area: Path) -> None:
    packages = make_tree(
        area / "site-packages", {"p/__init__.py": "", "p/s/__init__.py": "", "p/s/a.py": "", "q.py": ""}
    )
    named = (packages / "p/s/a.py",)
    assert scopes(named) == [Scope(packages, named, folders=(packages / "p",))]
    assert scopes([packages / "q.py"]) == [Scope(packages, (packages / "q.py",), flat=(packages,))]


def test_products_below_a_root_are_told_apart(area: Path) -> None:
    make_tree(
        area,
        {
            "a.py": "",
            "svc/setup.py": "",
            "svc/deep/b.py": "",
            "env/site-packages/p/c/d.py": "",
            "env/site-packages/single.py": "",
            "copied/x-1.0.dist-info/METADATA": "",
            "copied/x/e.py": "",
        },
    )
    units = Units(str(area))
    found = {
        name: (units.of(str(area / name)).path.removeprefix(f"{area}/"), units.of(str(area / name)).installed)
        for name in (
            "a.py",
            "svc/deep/b.py",
            "env/site-packages/p/c/d.py",
            "env/site-packages/single.py",
            "copied/x/e.py",
        )
    }
    assert found == {
        "a.py": (str(area), False),
        "svc/deep/b.py": ("svc", False),
        "env/site-packages/p/c/d.py": ("env/site-packages/p", True),
        "env/site-packages/single.py": ("env/site-packages/single.py", True),
        "copied/x/e.py": ("copied/x", True),
    }
