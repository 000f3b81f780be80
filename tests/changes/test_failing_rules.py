"""A rule that fails costs itself on the file it failed on, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes import analysis
from aurora_migrate.changes.context import Context
from aurora_migrate.cli.group import commands
from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability, Finding
from aurora_migrate.flow.modules import Module

USERS = """\
import requests
def user(i):
    r = requests.get("https://api.aurorasolar.com/v2/tenants/1/users/" + i)
    if not r.ok: print(r.json()["error"])
"""
PROJECTS = USERS.replace("user", "project")
PROGRAM = {"users.py": USERS, "projects.py": PROJECTS}


def _fail(monkeypatch: pytest.MonkeyPatch, kind: str, path: str, *, late: bool = False) -> None:
    """Make a kind raise on a file: at once, or after all that it finds elsewhere."""
    real = analysis.KINDS[kind]

    def look_at(module: Module) -> None:
        raise LookupError(f"cannot cope with {module.name}")

    def find(context: Context, rule: Rule) -> Iterator[Finding]:
        broken = [module for module in context.modules if module.path.name == path]
        if late:
            yield from (each for each in real(context, rule) if each.location.path.name != path)
        for module in broken:
            look_at(module)
        if not late:
            yield from real(context, rule)

    monkeypatch.setitem(analysis.KINDS, kind, find)


def _checked(fix: Applicability | None = None, **settings: tuple[str, ...]) -> Report:
    return check_texts(PROGRAM, Settings(root=Path("/"), **settings), fix)


def _places(report: Report) -> list[str]:
    return [f"{found.location.path.name} {found.rule}" for found in report.findings]


@pytest.mark.parametrize("late", [pytest.param(False, id="at once"), pytest.param(True, id="at last")])
def test_the_other_rules_and_files_are_checked(monkeypatch: pytest.MonkeyPatch, late: bool) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py", late=late)
    report = _checked()
    assert _places(report) == ["projects.py AUR102", "projects.py AUR301", "users.py AUR102"]
    (error,) = report.errors
    assert (error.rule, error.location.path.name) == ("AUR003", "users.py")
    assert "could not be checked for AUR301 (LookupError: cannot cope with users)" in error.message
    assert "please report it" in error.message


def test_the_other_rules_are_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py")
    report = _checked(Applicability.UNSAFE)
    texts = {path.name: new for path, (_, new) in report.changes.items()}
    assert texts == {name: text.replace("/v2", "") for name, text in PROGRAM.items()}
    assert [error.rule for error in report.errors] == ["AUR003"]
    assert _places(report) == ["projects.py AUR301"]


def test_what_it_found_before_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py", late=True)
    report = _checked(Applicability.UNSAFE)
    texts = {path.name: new for path, (_, new) in report.changes.items()}
    assert '"errors"' in texts["projects.py"]
    assert texts["users.py"] == USERS.replace("/v2", "")


def test_two_rules_that_fail_are_two_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py")
    _fail(monkeypatch, "path-prefix-removed", "users.py")
    report = _checked()
    assert sorted(error.subject for error in report.errors) == ["AUR102", "AUR301"]
    assert _places(report) == ["projects.py AUR102", "projects.py AUR301"]


def test_a_rule_that_fails_everywhere_is_an_error_for_two_files(monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py")
    _fail(monkeypatch, "error-reshaped", "projects.py")
    report = _checked()
    assert [error.location.path.name for error in report.errors] == ["projects.py", "users.py"]
    assert _places(report) == ["projects.py AUR102", "users.py AUR102"]


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"ignore": ("AUR301",)}, id="ignored"),
        pytest.param({"select": ("AUR102",)}, id="not selected"),
    ],
)
def test_a_rule_that_is_off_may_fail(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, tuple[str, ...]]
) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py")
    report = _checked(**settings)
    assert report.errors == []
    assert _places(report) == ["projects.py AUR102", "users.py AUR102"]


def test_a_rule_that_works_is_no_error() -> None:
    assert _checked().errors == []


def test_the_command_says_so_and_exits_with_two(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _fail(monkeypatch, "error-reshaped", "users.py")
    for name, text in PROGRAM.items():
        (tmp_path / name).write_text(text)
    result = CliRunner().invoke(commands, ["check", "--output-format", "concise", str(tmp_path)])
    assert result.exit_code == 2
    assert "AUR003 [error] could not be checked for AUR301" in result.output
    assert "AUR102" in result.output
