"""`check --add-version-header` and `--remove-version-header`, as a user types them, on the real engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.report.sample import write

PLAIN = """\
import os

import requests

HEADERS = {"Authorization": "Bearer " + os.environ["AURORA_API_TOKEN"]}


def tenant(tenant_id):
    return requests.get(f"https://api-sandbox.aurorasolar.com/tenants/{tenant_id}", headers=HEADERS).json()
"""
ADDED = PLAIN.replace('"]}\n', '"], "Aurora-API-Version": "2022.09"}\n')


@pytest.fixture
def plain(shell: Shell) -> Path:
    write(shell.folder / "pyproject.toml", "[tool.aurora-migrate]\n")
    return write(shell.folder / "client.py", PLAIN)


def test_without_the_options_nothing_is_said_of_the_header(shell: Shell, plain: Path) -> None:
    for arguments in (["check"], ["check", "--select", "ALL"], ["check", "--select", "AUR9"]):
        result = shell.run(*arguments)
        assert result.exit_code == 0
        assert "AUR90" not in result.output


def test_without_fix_the_places_are_reported(shell: Shell, plain: Path) -> None:
    result = shell.run("check", "--add-version-header", "--output-format", "concise")
    assert result.exit_code == 1
    said = "`Aurora-API-Version` is not sent by a call of Aurora's"
    assert f"client.py:5:11: AUR908 [safe] {said}" in result.output
    assert plain.read_text() == PLAIN
    assert shell.run("check", "--remove-version-header").exit_code == 0


def test_diff_shows_what_fix_would_do(shell: Shell, plain: Path) -> None:
    result = shell.run("check", "--add-version-header", "--diff")
    assert result.exit_code == 1
    assert f"+{ADDED.splitlines()[4]}" in result.output
    assert plain.read_text() == PLAIN


def test_fix_adds_the_header_once_and_takes_it_out_again(shell: Shell, plain: Path) -> None:
    for _ in range(2):
        assert shell.run("check", "--fix", "--add-version-header").exit_code == 0
        assert plain.read_text() == ADDED
    assert shell.run("check", "--remove-version-header").exit_code == 1
    assert plain.read_text() == ADDED
    for _ in range(2):
        assert shell.run("check", "--fix", "--remove-version-header").exit_code == 0
        assert plain.read_text() == PLAIN


def test_the_options_come_on_top_of_the_rules_that_are_selected(shell: Shell, plain: Path) -> None:
    plain.write_text(PLAIN.replace("com/tenants", "com/v2/tenants"))
    result = shell.run("check", "--select", "AUR102", "--add-version-header", "--output-format", "json")
    assert {found["rule"] for found in json.loads(result.stdout)["findings"]} == {"AUR102", "AUR908"}
    assert shell.run("check", "--fix", "--select", "AUR102", "--add-version-header").exit_code == 0
    assert plain.read_text() == ADDED


def test_both_at_once_are_a_mistake(shell: Shell, plain: Path) -> None:
    result = shell.run("check", "--fix", "--add-version-header", "--remove-version-header")
    assert result.exit_code == 2
    assert "leave one out" in result.output
    assert plain.read_text() == PLAIN


@pytest.mark.parametrize("option", ["--select", "--extend-select"])
def test_selecting_such_a_rule_says_which_option_turns_it_on(shell: Shell, plain: Path, option: str) -> None:
    result = shell.run("check", option, "AUR908")
    assert result.exit_code == 2
    assert "AUR908 is turned on by `check --add-version-header` alone" in result.output


def test_the_lists_of_rules_say_when_they_are_on(shell: Shell) -> None:
    assert "(with --add-version-header)" in shell.run("rules").output
    assert "check --remove-version-header` alone" in shell.run("explain", "AUR909").output
