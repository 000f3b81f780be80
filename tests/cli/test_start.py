"""Start-up: what the command line imports, what a crash looks like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aurora_migrate import __version__
from aurora_migrate.cli import main

ROOT = Path(__file__).parents[2]
SLOW = ("libcst", "rich", "aurora_migrate.engine", "aurora_migrate.changes")
RULES = "aurora_migrate.catalogue"
SCRIPT = """\
import sys
sys.path.insert(0, {root!r})
try:
    {code}
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


def loaded_by(code: str, *arguments: str, cwd: Path = ROOT) -> set[str]:
    """The modules that a Python which ran `code` has imported."""
    script = SCRIPT.format(root=str(ROOT), code=code)
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=cwd, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_the_version_needs_no_click() -> None:
    loaded = loaded_by("from aurora_migrate.cli import main; main()", "--version")
    assert loaded.isdisjoint(("click", "dataclasses", *SLOW))


def test_the_group_needs_nothing_slow() -> None:
    loaded = loaded_by("import aurora_migrate.cli.group")
    assert "click" in loaded
    assert loaded.isdisjoint((RULES, *SLOW))


def test_rules_in_a_pipe_need_neither_engine_nor_rich() -> None:
    assert loaded_by("from aurora_migrate.cli import main; main()", "rules").isdisjoint(SLOW)


def test_settings_in_a_pipe_need_neither_engine_nor_rich_nor_rules(tmp_path: Path) -> None:
    loaded = loaded_by("from aurora_migrate.cli import main; main()", "config", cwd=tmp_path)
    assert "aurora_migrate.report.settings" in loaded
    assert loaded.isdisjoint((RULES, *SLOW))


def test_a_check_that_finds_nothing_to_analyse_needs_no_libcst_no_rich_and_no_rules(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("import requests\n")
    loaded = loaded_by("from aurora_migrate.cli import main; main()", "check", cwd=tmp_path)
    assert "aurora_migrate.engine" in loaded
    assert loaded.isdisjoint(("libcst", "rich", "aurora_migrate.changes", RULES))


def test_the_version_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["aurora-migrate", "--version"])
    main()
    assert capsys.readouterr().out == f"aurora-migrate {__version__}\n"


def test_a_crash_exits_2_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr("aurora_migrate.engine.check", crash)
    monkeypatch.setattr(sys, "argv", ["aurora-migrate", "check"])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 2
    error = capsys.readouterr().err
    assert "RuntimeError: out of luck" in error
    assert "this is a bug in aurora-migrate" in error


def test_the_module_runs_as_the_script_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aurora_migrate", "rules"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("AUR101")
