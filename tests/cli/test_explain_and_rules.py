"""`explain`, `rules` and the group itself."""

from __future__ import annotations

import json

import pytest

from aurora_migrate import __version__
from tests.cli.conftest import Shell


@pytest.mark.parametrize("name", ["AUR102", "aur102", "v2-path-prefix", "V2-Path-Prefix"])
def test_a_rule_is_explained_by_code_or_name(shell: Shell, name: str) -> None:
    result = shell.run("explain", name)
    assert result.exit_code == 0
    assert result.stdout.startswith("AUR102 v2-path-prefix (API version 2022.09)\n")
    assert "Removed /v2 from all API resource URLs." in result.stdout


def test_the_error_code_is_explained(shell: Shell) -> None:
    assert shell.run("explain", "aur001").stdout.startswith("AUR001 unreadable-file")


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("AUR1022", "there is no rule 'AUR1022' (did you mean AUR102?)"),
        ("hmac", "`aurora-migrate rules` lists them all"),
    ],
)
def test_an_unknown_rule_exits_2_and_says_where_to_look(shell: Shell, name: str, answer: str) -> None:
    result = shell.run("explain", name)
    assert result.exit_code == 2
    assert answer in " ".join(result.stderr.split())


def test_the_rules_are_listed(shell: Shell) -> None:
    result = shell.run("rules")
    assert result.exit_code == 0
    assert [line.split()[:3] for line in result.stdout.splitlines()][:2] == [
        ["AUR101", "root-endpoint", "manual"],
        ["AUR102", "v2-path-prefix", "safe"],
    ]


def test_the_rules_are_listed_for_programs(shell: Shell) -> None:
    found = json.loads(shell.run("rules", "--output-format", "json").stdout)
    assert {"AUR101", "AUR102", "AUR103"} <= {rule["code"] for rule in found["rules"]}


def test_help_names_every_command(shell: Shell) -> None:
    result = shell.run("--help")
    assert result.exit_code == 0
    for command in ("check", "explain", "rules", "config"):
        assert f"\n  {command} " in result.stdout


def test_an_unknown_command_exits_2(shell: Shell) -> None:
    result = shell.run("chek")
    assert result.exit_code == 2
    assert "No such command 'chek'" in result.stderr


def test_the_version_is_told_by_the_group_too(shell: Shell) -> None:
    assert shell.run("--version").stdout == f"aurora-migrate {__version__}\n"
