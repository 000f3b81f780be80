"""The hooks, run by the real pre-commit on a git repository made here."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.packaging.commands import ROOT, Run, run, succeed

# What pip needs to install the hook's environment; a release tag of the repository holds the same.
RELEASED = ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml", "aurora_migrate", "rules")

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Customer",
    "GIT_AUTHOR_EMAIL": "customer@example.com",
    "GIT_COMMITTER_NAME": "Customer",
    "GIT_COMMITTER_EMAIL": "customer@example.com",
}

SETTINGS = 'API = "https://api.aurorasolar.com"\n'
CLIENT = """\
import requests

from settings import API


def projects(tenant, token):
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(API + f"/v2/tenants/{tenant}/projects", headers=headers, timeout=10).json()
"""
REPORTS = CLIENT.replace("projects", "users")


@dataclass(frozen=True)
class Repository:
    """A customer's git repository whose pre-commit takes its hooks from a commit of this project."""

    path: Path
    home: Path

    def git(self, *arguments: str | Path) -> str:
        return git(self.path, *arguments)

    def hook(self, name: str, *arguments: str) -> Run:
        """Run one hook on what is staged, as `git commit` would, or on the files that `arguments` name."""
        command = [sys.executable, "-m", "pre_commit", "run", name, "--color=never", "--verbose", *arguments]
        return run(command, self.path, {**GIT, "PRE_COMMIT_HOME": str(self.home)})

    def change(self, name: str, text: str) -> None:
        """Write a file and stage it."""
        (self.path / name).write_text(text, encoding="utf-8", newline="")
        self.git("add", name)

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")


def git(directory: Path, *arguments: str | Path) -> str:
    return succeed(["git", *arguments], directory, GIT)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A git repository that holds this checkout's files as a release would."""
    path = tmp_path_factory.mktemp("released")
    for name in RELEASED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, path / name)
    git(path, "init", "--quiet")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "--message", "release")
    return path


@pytest.fixture(scope="module")
def hooks_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the hooks' environments: shared, since making one takes a while."""
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def repository(released: Path, hooks_home: Path, tmp_path: Path) -> Repository:
    made = Repository(tmp_path, hooks_home)
    made.git("init", "--quiet")
    revision = git(released, "rev-parse", "HEAD").strip()
    hooks = "".join(f"      - id: {name}\n" for name in ("aurora-migrate", "aurora-migrate-fix"))
    made.change(
        ".pre-commit-config.yaml", f"repos:\n  - repo: {released}\n    rev: {revision}\n    hooks:\n{hooks}"
    )
    made.change("settings.py", SETTINGS)
    made.change("reports.py", REPORTS)
    made.git("commit", "--quiet", "--no-verify", "--message", "as it was")
    return made


def test_checking_hook_reads_what_a_file_depends_on_and_reports_on_it_alone(repository: Repository) -> None:
    repository.change("client.py", CLIENT)

    done = repository.hook("aurora-migrate")

    assert done.code == 1, done.said
    assert "AUR102" in done.stdout, done.said
    assert "client.py:8" in done.stdout, done.said
    assert "settings.py" in done.stdout, "the trace names the module that holds the host"
    assert "reports.py" not in done.stdout, done.said
    assert repository.read("client.py") == CLIENT


def test_checking_hook_reports_every_file_when_all_are_given(repository: Repository) -> None:
    repository.change("client.py", CLIENT)

    done = repository.hook("aurora-migrate", "--all-files")

    assert done.code == 1, done.said
    assert "client.py:8" in done.stdout, done.said
    assert "reports.py:8" in done.stdout, done.said


def test_fixing_hook_rewrites_the_changed_file_alone_and_then_passes(repository: Repository) -> None:
    repository.change("client.py", CLIENT)

    first = repository.hook("aurora-migrate-fix")

    assert first.code == 1, first.said
    assert "files were modified by this hook" in first.stdout, first.said
    assert repository.read("client.py") == CLIENT.replace("/v2/tenants", "/tenants")
    assert repository.read("reports.py") == REPORTS
    assert repository.read("settings.py") == SETTINGS

    repository.git("add", "client.py")
    second = repository.hook("aurora-migrate-fix")
    assert second.code == 0, second.said


def test_hooks_pass_code_that_has_nothing_to_do_with_aurora(repository: Repository) -> None:
    repository.change(
        "client.py", CLIENT.replace("from settings import API", 'API = "https://api.example.com"')
    )

    for name in ("aurora-migrate", "aurora-migrate-fix"):
        done = repository.hook(name)
        assert done.code == 0, done.said
        assert "Passed" in done.stdout, done.said
