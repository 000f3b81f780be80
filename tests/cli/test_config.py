"""`config`: every setting in force, its value as TOML, and the place that it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.config import ENDPOINTS_SECTION, ROLES_SECTION, SECTION, load_settings
from aurora_migrate.config.in_force import InForce, Setting
from aurora_migrate.config.origins import Origin
from aurora_migrate.config.source import loads
from aurora_migrate.report.paths import Paths
from aurora_migrate.report.settings import WIDTH, listing
from aurora_migrate.report.styled import plain
from tests.cli.conftest import Shell
from tests.report.sample import write

ROLE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SETTINGS = f"""\
[project]
name = "crm"

[tool.aurora-migrate]
select = ["AUR1"]
ignore = [
    "AUR101",
]
filler-row-locations = []

[tool.aurora-migrate.roles]
"Team Member" = "{ROLE}"
resolver = "crm.roles:role_id"
"""
LISTING = """\
# What is in force for this folder, and where it comes from.
# `exclude` is relative to {folder}.

[tool.aurora-migrate]
select               = ["AUR1"]                         # pyproject.toml:5
ignore               = ["AUR101"]                       # pyproject.toml:6
extend-select        = []                               # default
exclude              = []                               # default
hosts                = []                               # default
base-url-names       = []                               # default
# system-size        = (not set)                        # default
filler-row-locations = []                               # pyproject.toml:9

[tool.aurora-migrate.auth]
token  = 'os.environ["AURORA_API_TOKEN"]'               # default
import = "import os"                                    # default

[tool.aurora-migrate.roles]
resolver      = "crm.roles:role_id"                     # pyproject.toml:13
"Team Member" = "3fa85f64-5717-4562-b3fc-2c963f66afa6"  # pyproject.toml:12

[tool.aurora-migrate.endpoints]
# (none)
"""


def origins(shell: Shell, *arguments: str | Path) -> dict[str, str]:
    """What the text says about where each setting comes from, by the name it gives it."""
    result = shell.run("config", *arguments)
    assert result.exit_code == 0, result.stderr
    rows = (line.rpartition("  # ") for line in result.stdout.splitlines() if "  # " in line)
    return {row.partition(" = ")[0].strip("# "): origin for row, _, origin in rows}


def for_programs(shell: Shell, *arguments: str | Path) -> Any:
    result = shell.run("config", "--output-format", "json", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


# What is printed


def test_settings_are_listed_table_by_table_with_the_line_of_each(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    assert shell.run("config").stdout == LISTING.replace("{folder}", str(shell.folder))


def test_without_a_table_it_lists_the_defaults_and_says_so(shell: Shell) -> None:
    output = shell.run("config").stdout
    assert "# No pyproject.toml there or above has a [tool.aurora-migrate] table" in output
    assert set(origins(shell).values()) == {"default"}
    for name in ("select", "system-size", "filler-row-locations", "resolver"):
        assert f"# {name} " in output


def test_what_is_listed_is_a_settings_file_that_says_the_same(shell: Shell) -> None:
    text = SETTINGS + '[tool.aurora-migrate.auth]\ntoken = "f(\'a\', \\"b\\")"\n'
    write(shell.folder / "pyproject.toml", text)
    copied = write(shell.folder / "copied.toml", shell.run("config").stdout)
    before, after = (load_settings(shell.folder, path) for path in (None, copied))
    assert (after.source, after.auth.token) == (copied, "f('a', \"b\")")
    for key in ("select", "ignore", "system-size", "filler-row-locations", "auth", "roles", "endpoints"):
        assert after.value(key) == before.value(key)


@given(st.dictionaries(st.text(), st.text() | st.lists(st.text()).map(tuple)))
def test_any_text_is_written_as_toml_that_says_the_same(table: dict[str, str | tuple[str, ...]]) -> None:
    folder, place = Path(__file__).parent, Origin(Path(__file__), 1)
    settings = tuple(Setting(ENDPOINTS_SECTION, key, value, (place,)) for key, value in table.items())
    text = plain(listing(InForce(folder, folder / "x", settings), folder, Paths(folder)))
    read = loads(text)["tool"]["aurora-migrate"]["endpoints"]
    assert {key: tuple(value) if isinstance(value, list) else value for key, value in read.items()} == table


def test_a_long_list_is_broken_up_and_a_long_text_pushes_only_its_own_place_aside(shell: Shell) -> None:
    folders = [f"generated/{number}/" for number in range(9)]
    text = f"[tool.aurora-migrate]\nexclude = {folders}\nauth.token = '{'long_' * 30}'\n"
    write(shell.folder / "pyproject.toml", text)
    lines = shell.run("config").stdout.splitlines()
    (start,) = (number for number, line in enumerate(lines) if line.startswith("exclude "))
    assert lines[start].split() == ["exclude", "=", "[", "#", "pyproject.toml:2"]
    assert lines[start + 1 : start + 11] == [*(f'    "{folder}",' for folder in folders), "]"]
    places = {line.index("  # ") for line in lines if "  # " in line and "long_" not in line}
    assert len(places) == 1
    assert places.pop() <= WIDTH


def test_a_name_that_could_steer_the_terminal_is_escaped(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", f'[tool.aurora-migrate.roles]\n"a\\u001b[2J\\n" = "{ROLE}"\n')
    assert '\n"a\\u001B[2J\\n" = ' in shell.run("config").stdout


def test_colour_is_for_terminals(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in shell.run("config").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[1m[tool.aurora-migrate]" in shell.run("config").stdout


# Where it comes from


def test_settings_are_those_of_the_path(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    write(shell.folder / "app" / "pyproject.toml", '[tool.aurora-migrate]\nhosts = ["x.example"]\n')
    module = write(shell.folder / "app" / "client.py", "")
    assert origins(shell)["hosts"] == "default"
    for path in ("app", "app/client.py", module):
        assert origins(shell, path)["hosts"] == str(Path("app", "pyproject.toml:2"))
    assert shell.run("config", "app").stdout.startswith("# What is in force for app, ")


def test_settings_of_another_file(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    write(shell.folder / "etc" / "aurora.toml", "tool.aurora-migrate.system-size = 'ac'\n")
    found = origins(shell, "--config", "etc/aurora.toml")
    assert (found["system-size"], found["select"]) == (str(Path("etc", "aurora.toml:1")), "default")


@pytest.mark.parametrize(
    ("options", "select", "ignore", "extend_select"),
    [
        pytest.param([], "pyproject.toml:5", "pyproject.toml:6", "default", id="nothing chosen"),
        pytest.param(
            ["--ignore", "AUR105"],
            "pyproject.toml:5",
            "pyproject.toml:6, command line",
            "default",
            id="ignored on top of the file",
        ),
        pytest.param(
            ["--extend-select", "hmac-auth"],
            "pyproject.toml:5",
            "pyproject.toml:6",
            "command line",
            id="chosen on top of the defaults",
        ),
        pytest.param(
            ["--select", "AUR102"], "command line", "command line", "default", id="chosen instead of the file"
        ),
    ],
)
def test_what_the_command_line_says_is_in_force(
    shell: Shell, options: list[str], select: str, ignore: str, extend_select: str
) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    found = origins(shell, *options)
    assert (found["select"], found["ignore"], found["extend-select"]) == (select, ignore, extend_select)


def test_rules_chosen_on_the_command_line_are_the_value(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    output = shell.run("config", "--select", "v2-path-prefix,AUR1", "--ignore", "ALL").stdout
    assert ' = ["AUR102", "AUR1"] ' in output
    assert ' = ["ALL"] ' in output


# For programs


def test_settings_for_programs(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", SETTINGS)
    found = for_programs(shell, "--ignore", "AUR105")
    assert (found["version"], found["tool"]["name"]) == (1, "aurora-migrate")
    assert (found["root"], found["source"]) == (".", "pyproject.toml")
    settings = {(entry["table"], entry["key"]): entry for entry in found["settings"]}
    here = {"from": "file", "path": "pyproject.toml"}
    ignore = settings[SECTION, "ignore"]
    assert ignore["value"] == ["AUR101", "AUR105"]
    assert ignore["origins"] == [{**here, "line": 6}, {"from": "command line"}]
    assert settings[ROLES_SECTION, "Team Member"]["value"] == ROLE
    assert settings[ROLES_SECTION, "Team Member"]["origins"] == [{**here, "line": 12}]
    assert settings[SECTION, "system-size"]["value"] is None
    assert settings[SECTION, "system-size"]["origins"] == [{"from": "default"}]
    assert settings[SECTION, "filler-row-locations"]["value"] == []


def test_defaults_for_programs_have_no_source(shell: Shell) -> None:
    assert for_programs(shell)["source"] is None


# What cannot be done


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["gone"], "Path 'gone' does not exist.", id="a path that is not there"),
        pytest.param(["--config", "gone.toml"], "gone.toml: there is no such file", id="a file that is not"),
        pytest.param(["--config", "."], "there is no such file", id="a folder for a file"),
        pytest.param(["--select", "AUR999"], "there is no rule 'AUR999'", id="a rule that is not there"),
        pytest.param(["--output-format", "toml"], "'toml' is not one of 'text', 'json'", id="a format"),
        pytest.param([".", "."], "Got unexpected extra argument", id="two paths"),
    ],
)
def test_what_cannot_be_shown_exits_2(shell: Shell, arguments: list[str], complaint: str) -> None:
    result = shell.run("config", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert complaint in " ".join(result.stderr.split())


def test_rules_that_check_would_refuse_are_refused(shell: Shell) -> None:
    write(shell.folder / "pyproject.toml", "[tool.aurora-migrate]\nignore = ['AUR1022']\n")
    result = shell.run("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "ignore: there is no rule 'AUR1022' (did you mean AUR102?)" in result.stderr
