"""The pipeline: which findings are reported, what a crash or a bad file does, and when LibCST is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from aurora_migrate import engine
from aurora_migrate.catalogue import load_catalogue
from aurora_migrate.config import ConfigError, Settings
from aurora_migrate.files.project import Project
from aurora_migrate.findings import Applicability, Finding
from aurora_migrate.flow.modules import Module
from tests.files.tree import make_tree
from tests.toy_analysis import Toy, ToyAnalysis, ToyRule

SAFE, UNSAFE = Applicability.SAFE, Applicability.UNSAFE
HOST = '"https://api.aurorasolar.com"\n'
PREFIX = ToyRule("AUR102", "old_v2", "new")
SIGNING = ToyRule("AUR103", "hmac_sign", "bearer", applicability=UNSAFE)
ROOT_CALL = ToyRule("AUR101", "get_root")
RULES = (PREFIX, SIGNING, ROOT_CALL)


def install(
    monkeypatch: pytest.MonkeyPatch, rules: Iterable[ToyRule] = RULES, crash_on: str = ""
) -> list[Project]:
    """Put a toy, which crashes on `crash_on`, in the place of `changes`; returns what it was asked about."""
    asked: list[Project] = []
    toy = Toy(list(rules))

    def analyse(project: Project, _settings: object, _catalogue: object) -> ToyAnalysis:
        asked.append(project)
        for path in project.modules:
            if crash_on and crash_on in project.text(path):
                follow(Module(path, path.stem, project.text(path)))
        return toy(project)

    def follow(module: Module) -> None:
        raise LookupError(f"cannot cope with {module.name}")

    stub = ModuleType("aurora_migrate.changes")
    stub.__dict__["analyse"] = analyse
    monkeypatch.setitem(sys.modules, "aurora_migrate.changes", stub)
    return asked


def settings(
    root: Path,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    extend_select: tuple[str, ...] = (),
) -> Settings:
    return Settings(root=root, select=select, ignore=ignore, extend_select=extend_select)


def subjects(findings: Iterable[Finding]) -> list[str]:
    return [
        f"{finding.location.path.name}:{finding.location.start.line} {finding.rule}" for finding in findings
    ]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return make_tree(
        tmp_path,
        {
            "pyproject.toml": "",
            "client.py": HOST + "old_v2\nhmac_sign\n",
            "sync.py": "import client\nold_v2\nget_root\n",
            "other.py": "old_v2\n",
        },
    )


def test_relevant_files_alone_are_analysed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch)
    report = engine.check([project], settings(project))
    assert [[path.name for path in seen.modules] for seen in asked] == [["client.py", "sync.py"]]
    assert [path.name for path in asked[0].files] == ["client.py", "other.py", "sync.py"]
    assert subjects(report.findings) == [
        "client.py:2 AUR102",
        "client.py:3 AUR103",
        "sync.py:2 AUR102",
        "sync.py:3 AUR101",
    ]
    assert (report.fixed, report.errors, report.changes, report.files_checked) == ([], [], {}, 3)


def test_named_file_is_judged_in_the_light_of_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = install(monkeypatch)
    report = engine.check([project / "sync.py"], settings(project))
    assert [path.name for path in asked[0].modules] == ["client.py", "sync.py"]
    assert subjects(report.findings) == ["sync.py:2 AUR102", "sync.py:3 AUR101"]
    assert report.files_checked == 1


def test_safe_fixes_are_written_and_unsafe_ones_are_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    assert (project / "client.py").read_text() == HOST + "new\nhmac_sign\n"
    assert (project / "sync.py").read_text() == "import client\nnew\nget_root\n"
    assert subjects(report.fixed) == ["client.py:2 AUR102", "sync.py:2 AUR102"]
    assert subjects(report.findings) == ["client.py:3 AUR103", "sync.py:3 AUR101"]
    assert report.changes[project / "client.py"] == (HOST + "old_v2\nhmac_sign\n", HOST + "new\nhmac_sign\n")


def test_unsafe_fixes_are_applied_on_request(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    report = engine.check([project], settings(project), fix=UNSAFE, write=True)
    assert (project / "client.py").read_text() == HOST + "new\nbearer\n"
    assert subjects(report.findings) == ["sync.py:3 AUR101"]
    again = engine.check([project], settings(project), fix=UNSAFE, write=True)
    assert (again.changes, again.fixed) == ({}, [])


def test_unsafe_fix_of_a_finding_that_calls_itself_safe_is_left(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [SIGNING])
    analyse = sys.modules["aurora_migrate.changes"].__dict__["analyse"]

    def pretend(*arguments: object) -> ToyAnalysis:
        found: ToyAnalysis = analyse(*arguments)
        found.findings = [replace(finding, applicability=SAFE) for finding in found.findings]
        return found

    monkeypatch.setitem(sys.modules["aurora_migrate.changes"].__dict__, "analyse", pretend)
    assert engine.check([project], settings(project), fix=SAFE, write=True).changes == {}


def test_without_write_the_disk_stays(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    before = (project / "client.py").read_bytes()
    report = engine.check([project], settings(project), fix=UNSAFE, write=False)
    assert sorted(path.name for path in report.changes) == ["client.py", "sync.py"]
    assert (project / "client.py").read_bytes() == before


def test_fix_of_a_named_file_may_edit_another(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, [ToyRule("AUR102", "get_root", "root", also=(("client.py", "old_v2", "new"),))])
    report = engine.check([project / "sync.py"], settings(project), fix=SAFE, write=True)
    assert sorted(path.name for path in report.changes) == ["client.py", "sync.py"]
    assert (project / "client.py").read_text() == HOST + "new\nhmac_sign\n"


def test_file_that_cannot_be_written_is_an_error_and_stays_found(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    monkeypatch.setattr(os, "access", lambda path, _mode: not path.endswith("sync.py"))
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    assert [error.message for error in report.errors] == ["was not fixed: permission denied"]
    assert subjects(report.fixed) == ["client.py:2 AUR102"]
    assert subjects(report.findings) == ["client.py:3 AUR103", "sync.py:2 AUR102", "sync.py:3 AUR101"]
    assert list(report.changes) == [project / "client.py"]
    assert (project / "sync.py").read_text() == "import client\nold_v2\nget_root\n"


def test_missing_path_is_an_error_and_the_rest_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    report = engine.check([project / "gone.py", project], settings(project))
    assert [(error.rule, error.message) for error in report.errors] == [("AUR001", "no such file or folder")]
    assert len(report.findings) == 4


def test_undecodable_file_is_an_error_and_the_rest_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    (project / "broken.py").write_bytes(b"\xe9 aurorasolar\n")
    report = engine.check([project], settings(project))
    assert [(error.rule, error.location.path.name) for error in report.errors] == [("AUR001", "broken.py")]
    assert len(report.findings) == 4
    assert engine.check([project / "sync.py"], settings(project)).errors == []


def test_crash_is_an_error_for_its_file_alone(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch, crash_on="hmac_sign")
    report = engine.check([project], settings(project))
    (error,) = report.errors
    assert (error.rule, error.location.path) == ("AUR001", project / "client.py")
    assert "LookupError: cannot cope with client" in error.message
    assert "please report it" in error.message
    assert subjects(report.findings) == ["sync.py:2 AUR102", "sync.py:3 AUR101"]
    assert len(asked) == 2


def test_crashes_on_many_files_cost_one_more_analysis(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch, crash_on="old_v2")
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    assert [error.location.path.name for error in report.errors] == ["client.py", "sync.py"]
    assert (report.findings, report.changes) == ([], {})
    assert len(asked) == 2


def test_project_that_is_not_understood_whole_is_not_edited(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, crash_on="hmac_sign")
    report = engine.check([project], settings(project), fix=UNSAFE, write=True)
    assert report.changes == {}
    assert subjects(report.findings) == ["sync.py:2 AUR102", "sync.py:3 AUR101"]
    assert (project / "sync.py").read_text() == "import client\nold_v2\nget_root\n"


def test_crash_that_names_no_module_is_an_error_for_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = install(monkeypatch)

    def crash(project: Project, *_: object) -> ToyAnalysis:
        asked.append(project)
        raise RecursionError("too deep")

    monkeypatch.setitem(sys.modules["aurora_migrate.changes"].__dict__, "analyse", crash)
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    assert [error.location.path for error in report.errors] == [project]
    assert (report.findings, report.changes) == ([], {})
    assert len(asked) == 1


def test_finding_stays_when_the_constant_it_compares_with_is_fixed(tmp_path: Path) -> None:
    text = (
        "import requests\n"
        'PREFIX = "/v2"\n'
        'HOST = "https://api.aurorasolar.com"\n'
        'def users(t): return requests.get(HOST + PREFIX + "/tenants/" + t + "/users")\n'
        'def is_old(): return PREFIX == "/v2"\n'
        'def version(): return (HOST + PREFIX).replace("/v2", "/versions")\n'
    )
    before = engine.check_texts({"a.py": text}, settings(tmp_path))
    report = engine.check_texts({"a.py": text}, settings(tmp_path), fix=UNSAFE)
    by_hand = [finding for finding in before.findings if finding.fix is None]
    assert len(by_hand) >= 2
    assert [finding.message for finding in report.findings] == [finding.message for finding in by_hand]
    assert [finding.location for finding in report.findings] == [finding.location for finding in by_hand]
    assert len(report.fixed) == len(before.findings) - len(by_hand)
    assert [new for _, new in report.changes.values()] == [text.replace('PREFIX = "/v2"', 'PREFIX = ""')]


def test_fix_taken_back_is_told_in_the_words_of_its_rule(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [ToyRule("AUR103", "hmac_sign", "hmac_sign + 1")])
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    (found,) = report.findings
    rule = load_catalogue().rules["AUR103"]
    reason = "the fix was tried and taken back because the result would be found again"
    assert (found.applicability, found.fix) == (Applicability.MANUAL, None)
    assert found.message == rule.message("manual", reason=reason)
    assert found.advice == rule.advise(token='os.environ["AURORA_API_TOKEN"]').strip()


def test_fix_taken_back_of_a_rule_without_words_for_it_says_so_in_its_advice(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, [ToyRule("AUR101", "get_root", "get_root + 1")])
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    (found,) = report.findings
    assert found.message == "get_root is old"
    assert found.advice.startswith(
        "The fix was tried and taken back because the result would be found again."
    )


def test_unseen_finding_of_a_file_that_could_not_be_written_stands_where_it_stood(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    constant = ToyRule("AUR102", "old_v2", "new\\nline")
    install(monkeypatch, [constant])
    analyse = sys.modules["aurora_migrate.changes"].__dict__["analyse"]
    compared = Toy([ToyRule("AUR101", "get_root")])

    def while_client_is_old(seen: Project, *rest: object) -> ToyAnalysis:
        found: ToyAnalysis = analyse(seen, *rest)
        if "old_v2" in seen.text(project / "client.py"):
            found.findings += compared(seen).findings
        return found

    monkeypatch.setitem(sys.modules["aurora_migrate.changes"].__dict__, "analyse", while_client_is_old)
    dry = engine.check([project], settings(project), fix=SAFE)
    assert subjects(dry.findings) == ["sync.py:4 AUR101"]
    monkeypatch.setattr(os, "access", lambda path, _mode: not path.endswith("sync.py"))
    report = engine.check([project], settings(project), fix=SAFE, write=True)
    assert subjects(report.findings) == ["sync.py:2 AUR102", "sync.py:3 AUR101"]
    assert subjects(report.fixed) == ["client.py:2 AUR102"]


def test_unrelated_projects_are_analysed_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = install(monkeypatch)
    for name in ("one", "two"):
        make_tree(tmp_path / name, {"setup.py": "", "a.py": HOST + "old_v2\n"})
    report = engine.check([tmp_path / "one", tmp_path / "two" / "a.py"], settings(tmp_path))
    assert sorted(seen.root.name for seen in asked) == ["one", "two"]
    assert len(report.findings) == 2


def test_installed_packages_named_are_checked_in_themselves(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = install(monkeypatch)
    make_tree(project, {".venv/lib/site-packages/p/a.py": HOST + "old_v2\n", ".venv/pyvenv.cfg": ""})
    assert len(engine.check([project], settings(project)).findings) == 4
    report = engine.check([project / ".venv/lib/site-packages"], settings(project))
    assert subjects(report.findings) == ["a.py:2 AUR102"]
    assert asked[-1].root == project / ".venv/lib/site-packages"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({}, {"AUR101", "AUR102", "AUR103"}, id="default"),
        pytest.param({"select": ("AUR102",)}, {"AUR102"}, id="code"),
        pytest.param({"select": ("AUR1",)}, {"AUR101", "AUR102", "AUR103"}, id="prefix"),
        pytest.param({"select": ("ALL",), "ignore": ("AUR103",)}, {"AUR101", "AUR102"}, id="all-but"),
        pytest.param({"select": ("AUR102",), "ignore": ("AUR10",)}, {"AUR102"}, id="longer-select-wins"),
        pytest.param({"select": ("AUR102",), "ignore": ("AUR102",)}, set(), id="equal-ignore-wins"),
        pytest.param({"ignore": ("AUR1",)}, set(), id="ignore-prefix"),
        pytest.param({"ignore": ("ALL",), "extend_select": ("AUR101",)}, {"AUR101"}, id="extend"),
    ],
)
def test_rules_are_selected_as_in_ruff(
    values: dict[str, tuple[str, ...]], expected: set[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    report = engine.check([project], settings(project, **values))
    assert {finding.rule for finding in report.findings} == expected


@pytest.mark.parametrize("key", ["select", "ignore", "extend_select"])
def test_unknown_rule_is_a_settings_error_even_if_nothing_is_relevant(key: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no rule 'aur102' \(did you mean AUR102\?\)"):
        engine.check([tmp_path], settings(tmp_path, **{key: ("aur102",)}))


def test_rules_of_the_catalogue_that_are_on_by_default_are_on(tmp_path: Path) -> None:
    rules = load_catalogue().rules
    assert engine.enabled_rules(settings(tmp_path)) == {code for code, rule in rules.items() if rule.default}


def test_texts_are_checked_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    report = engine.check_texts({"pkg/a.py": "old_v2\n", "b.py": "get_root\n"}, settings(tmp_path), fix=SAFE)
    assert report.changes == {engine.MEMORY_ROOT / "pkg/a.py": ("old_v2\n", "new\n")}
    assert subjects(report.findings) == ["b.py:1 AUR101"]
    assert report.files_checked == 2


def test_libcst_is_not_imported_when_nothing_matters(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": 'ENGINE = "aurora-postgresql"\n', "b.py": "import a\n"})
    program = (
        "import sys; from pathlib import Path\n"
        "from aurora_migrate.config import load_settings\n"
        "from aurora_migrate.engine import check\n"
        "root = Path(sys.argv[1])\n"
        "print(check([root], load_settings(root)).files_checked)\n"
        "print(*sorted({'libcst', 'pathspec', 'tomllib', 'tomli', 'tempfile'} & sys.modules.keys()))\n"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path)]
    result = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["2", ""]


def test_folder_that_may_not_be_entered_is_an_error(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    status = os.stat

    def refuse(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return status(path, follow_symlinks=follow_symlinks)

    (project / "locked").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refuse)
        report = engine.check([project / "locked", project / "sync.py"], settings(project))
    assert [error.message for error in report.errors] == ["cannot be read: permission denied"]
    assert len(report.findings) == 2
