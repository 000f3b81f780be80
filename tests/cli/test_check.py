"""`check`: its options reach the engine, its answer reaches the user, its exit code tells the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aurora_migrate.catalogue import RuleError
from aurora_migrate.findings import Applicability
from tests.cli.conftest import Shell, StubEngine
from tests.report.sample import CLIENT, Sample, error, finding, of_each_kind, steps, write

MIGRATED = CLIENT.replace("/v2", "")


@pytest.fixture
def client(shell: Shell) -> Path:
    return write(shell.folder / "client.py", CLIENT)


def settings_file(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    return write(folder / name, f"[tool.aurora-migrate]\n{text}\n")


# Exit codes


def test_nothing_found_exits_0(shell: Shell, engine: StubEngine) -> None:
    result = shell.run("check")
    assert (result.exit_code, result.output) == (0, "No problem found in 1 file.\n")


def test_findings_exit_1(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample([finding(client, CLIENT)])
    assert shell.run("check").exit_code == 1
    assert shell.run("check", "--fix").exit_code == 1


def test_all_fixed_exits_0(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(fixed=[finding(client, CLIENT)], changes={client: (CLIENT, MIGRATED)})
    assert shell.run("check", "--fix").exit_code == 0


def test_an_unreadable_file_exits_2_and_the_rest_is_reported(
    shell: Shell, engine: StubEngine, client: Path
) -> None:
    engine.sample = Sample([finding(client, CLIENT)], errors=[error(shell.folder / "gone.py")])
    result = shell.run("check")
    assert result.exit_code == 2
    assert "AUR102 [safe]" in result.stdout
    assert "AUR001 [error]" in result.stdout


def test_exit_zero_forgives_findings_but_not_errors(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample([finding(client, CLIENT)])
    assert shell.run("check", "--exit-zero").exit_code == 0
    engine.sample = Sample(errors=[error(client)])
    assert shell.run("check", "--exit-zero").exit_code == 2


def test_an_interrupted_run_does_not_exit_as_if_it_had_finished(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aurora_migrate.engine.check", interrupt)
    assert shell.run("check").exit_code == 130


# What the engine is asked


@pytest.mark.parametrize(
    ("options", "fix", "write_"),
    [
        ([], None, True),
        (["--unsafe-fixes"], None, True),
        (["--fix"], Applicability.SAFE, True),
        (["--fix", "--unsafe-fixes"], Applicability.UNSAFE, True),
        (["--diff"], Applicability.SAFE, False),
        (["--diff", "--unsafe-fixes"], Applicability.UNSAFE, False),
        (["--diff", "--fix"], Applicability.SAFE, False),
    ],
    ids=["check", "unsafe alone", "fix", "fix unsafe", "diff", "diff unsafe", "diff and fix"],
)
def test_fixes_go_as_far_as_asked_and_diff_writes_nothing(
    shell: Shell, engine: StubEngine, options: list[str], fix: Applicability | None, write_: bool
) -> None:
    shell.run("check", *options)
    assert (engine.call.fix, engine.call.write) == (fix, write_)


def test_paths_are_handed_on(shell: Shell, engine: StubEngine, client: Path) -> None:
    shell.run("check", "client.py", shell.folder)
    assert list(engine.call.paths) == [Path("client.py"), shell.folder]


def test_without_paths_it_is_the_working_directory(shell: Shell, engine: StubEngine) -> None:
    shell.run("check")
    assert list(engine.call.paths) == [Path()]


def test_rules_are_chosen(shell: Shell, engine: StubEngine) -> None:
    shell.run("check", "--select", "aur1, hmac-auth", "--select", "ALL", "--ignore", "AUR105")
    assert engine.call.settings.select == ("AUR1", "AUR103", "ALL")
    assert engine.call.settings.ignore == ("AUR105",)


def test_rules_chosen_on_the_command_line_replace_those_of_the_file(shell: Shell, engine: StubEngine) -> None:
    settings_file(shell.folder, 'select = ["AUR101"]\nignore = ["AUR102"]\nextend-select = ["AUR104"]')
    shell.run("check", "--select", "AUR102")
    settings = engine.call.settings
    assert (settings.select, settings.ignore, settings.extend_select) == (("AUR102",), (), ())


def test_ignored_and_extra_rules_come_on_top_of_the_file(shell: Shell, engine: StubEngine) -> None:
    settings_file(shell.folder, 'select = ["AUR101"]\nignore = ["AUR102"]')
    shell.run("check", "--ignore", "AUR103", "--extend-select", "AUR105")
    settings = engine.call.settings
    assert settings.select == ("AUR101",)
    assert (settings.ignore, settings.extend_select) == (("AUR102", "AUR103"), ("AUR105",))


def test_settings_are_those_of_the_folder_that_all_paths_share(shell: Shell, engine: StubEngine) -> None:
    app = shell.folder / "app"
    settings_file(app, 'hosts = ["aurora.example"]')
    write(app / "a" / "a.py", "")
    write(app / "b.py", "")
    shell.run("check", "app/a/a.py", "app/b.py")
    assert engine.call.settings.source == app / "pyproject.toml"
    assert engine.call.settings.hosts == ("aurora.example",)


def test_settings_of_another_file(shell: Shell, engine: StubEngine) -> None:
    settings_file(shell.folder, 'hosts = ["near.example"]')
    settings_file(shell.folder, 'hosts = ["far.example"]', "other.toml")
    shell.run("check", "--config", "other.toml")
    assert engine.call.settings.hosts == ("far.example",)


# What cannot be done


def test_settings_that_cannot_be_used_exit_2_with_one_sentence(shell: Shell, engine: StubEngine) -> None:
    settings_file(shell.folder, 'selct = ["AUR101"]')
    result = shell.run("check")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert "selct" in result.stderr
    assert "did you mean select?" in result.stderr
    assert engine.calls == []


def test_rules_that_cannot_be_used_exit_2_with_one_sentence(
    shell: Shell, engine: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise RuleError(Path("AUR102.toml"), "change.kind", "is no kind of change")

    monkeypatch.setattr("aurora_migrate.catalogue.load_catalogue", damaged)
    result = shell.run("check", "--select", "AUR102")
    assert result.exit_code == 2
    assert result.stderr == "Error: AUR102.toml: change.kind: is no kind of change\n"


def test_a_missing_settings_file_exits_2(shell: Shell, engine: StubEngine) -> None:
    result = shell.run("check", "--config", "nowhere.toml")
    assert result.exit_code == 2
    assert "nowhere.toml: there is no such file" in result.stderr


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
def test_an_unknown_rule_exits_2_and_names_the_nearest(shell: Shell, engine: StubEngine, option: str) -> None:
    result = shell.run("check", option, "AUR102,hmac-aut")
    assert result.exit_code == 2
    assert "there is no rule 'hmac-aut' (did you mean hmac-auth?)" in " ".join(result.stderr.split())
    assert engine.calls == []


def test_an_empty_list_of_rules_is_refused(shell: Shell, engine: StubEngine) -> None:
    result = shell.run("check", "--select", " , ")
    assert result.exit_code == 2
    assert "names no rule" in result.stderr


@pytest.mark.parametrize("others", [["--statistics"], ["--output-format", "json"]], ids=" ".join)
def test_options_that_contradict_each_other_are_refused(
    shell: Shell, engine: StubEngine, others: list[str]
) -> None:
    result = shell.run("check", "--diff", *others)
    assert result.exit_code == 2
    assert "leave one out" in result.stderr
    assert engine.calls == []


# What is printed


def test_findings_then_the_summary(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(of_each_kind(client))
    output = shell.run("check").stdout
    assert output.count("--> client.py:3:27") == 7
    assert output.endswith(
        "\nFound 7 problems: 3 fixable with --fix, 2 more with --unsafe-fixes, 2 by hand.\n"
    )


def test_unsafe_fixes_without_fix_are_counted_in(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(of_each_kind(client))
    assert "5 fixable with --fix --unsafe-fixes (2 to review)" in shell.run("check", "--unsafe-fixes").stdout


def test_concise(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample([finding(client, CLIENT)])
    first, summary = shell.run("check", "--output-format", "concise").stdout.splitlines()
    assert first.startswith("client.py:3:27: AUR102 [safe] ")
    assert summary.startswith("Found 1 problem")


def test_quiet_prints_no_summary(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample([finding(client, CLIENT)])
    assert shell.run("check", "-q", "--output-format", "concise").output.count("\n") == 1
    engine.sample = Sample()
    assert shell.run("check", "--quiet").output == ""


def test_json_is_the_only_thing_on_standard_output(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample([finding(client, CLIENT)], errors=[error(shell.folder / "gone.py")])
    result = shell.run("check", "--output-format", "json")
    found = json.loads(result.stdout)
    assert [entry["path"] for entry in found["findings"]] == ["client.py"]
    assert [entry["path"] for entry in found["errors"]] == ["gone.py"]
    assert result.stderr == ""


def test_statistics_stand_in_for_the_findings(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(of_each_kind(client))
    counts, summary = shell.run("check", "--statistics").stdout.splitlines()
    assert counts.split()[:3] == ["7", "AUR102", "v2-path-prefix"]
    assert summary.startswith("Found 7 problems")


def test_the_trace_is_shown_unless_refused(shell: Shell, engine: StubEngine, client: Path) -> None:
    write(shell.folder / "settings.py", "")
    engine.sample = Sample([finding(client, CLIENT, trace=steps(shell.folder, 9))])
    assert shell.run("check").stdout.count("= trace: step") == 8
    assert shell.run("check", "--show-trace").stdout.count("= trace: step") == 9
    assert "= trace" not in shell.run("check", "--no-show-trace").stdout


def test_diff_goes_to_standard_output_alone(shell: Shell, engine: StubEngine, client: Path) -> None:
    fixed, left = (
        finding(client, CLIENT),
        finding(client, MIGRATED, "/tenants", applicability=Applicability.MANUAL),
    )
    gone = error(shell.folder / "gone.py")
    engine.sample = Sample([left], [fixed], [gone], {client: (CLIENT, MIGRATED)})
    result = shell.run("check", "--diff")
    assert result.stdout.startswith("--- client.py\n+++ client.py\n@@")
    assert "Would fix 1 problem in 1 file; 1 would remain: 1 by hand." in result.stderr
    assert "gone.py:1:1: AUR001" in result.stderr
    assert "AUR" not in result.stdout


def test_diff_exits_1_while_there_is_something_to_do(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(fixed=[finding(client, CLIENT)], changes={client: (CLIENT, MIGRATED)})
    assert shell.run("check", "--diff").exit_code == 1
    assert shell.run("check", "--diff", "--exit-zero").exit_code == 0
    engine.sample = Sample([finding(client, CLIENT, applicability=Applicability.MANUAL)])
    assert shell.run("check", "--diff").exit_code == 1
    engine.sample = Sample()
    assert shell.run("check", "--diff").exit_code == 0


def test_a_quiet_diff_is_a_diff_only(shell: Shell, engine: StubEngine, client: Path) -> None:
    engine.sample = Sample(fixed=[finding(client, CLIENT)], changes={client: (CLIENT, MIGRATED)})
    assert shell.run("check", "--diff", "--quiet").stderr == ""
