"""Settings that cannot be used: exit code 2, and one sentence with file, key, reason and what was meant."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Shell
from tests.report.sample import write

ROLE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def complaint_about(shell: Shell, text: str) -> str:
    """What is said about settings in `text`, behind the name of their file."""
    source = write(shell.folder / "pyproject.toml", text)
    result = shell.run("config")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {source}: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            "system_size = 'stc'",
            "system_size: there is no such key (did you mean system-size?)",
            id="underscore",
        ),
        pytest.param("System-Size = 'stc'", "(did you mean system-size?)", id="capitals"),
        pytest.param("FILLER_ROW_LOCATIONS = []", "(did you mean filler-row-locations?)", id="as a constant"),
        pytest.param("filler-row-location = []", "(did you mean filler-row-locations?)", id="singular"),
        pytest.param(
            "system-size = 'STC'",
            "system-size: 'STC' is none of stc, ac, ptc (did you mean stc?)",
            id="rating in capitals",
        ),
        pytest.param("system-size = 'dc'", "'dc' is none of stc, ac, ptc", id="no rating"),
        pytest.param("system-size = ''", "'' is none of stc, ac, ptc", id="empty rating"),
        pytest.param(
            "system-size = ['stc']", "system-size: must be a string, not a list", id="list of ratings"
        ),
        pytest.param("system-size = 5.2", "system-size: must be a string, not a number", id="a size itself"),
        pytest.param(
            "filler-row-locations = 'ridge'", "must be a list of strings, not a string", id="one location"
        ),
        pytest.param(
            "filler-row-locations = true",
            "must be a list of strings, not true or false",
            id="a flag as before",
        ),
        pytest.param(
            "filler-row-locations = ['']", "filler-row-locations: holds an empty string", id="blank location"
        ),
        pytest.param("filler-row-locations = [[]]", "must hold strings only, not a list", id="list of lists"),
        pytest.param(
            "token = 'TOKEN'",
            "token: belongs to [tool.aurora-migrate.auth]: move it",
            id="token outside auth",
        ),
        pytest.param(
            "resolver = 'a:b'",
            "resolver: belongs to [tool.aurora-migrate.roles]",
            id="resolver outside roles",
        ),
        pytest.param(
            "auth.hosts = []",
            "hosts: belongs to [tool.aurora-migrate]: move it",
            id="below the wrong heading",
        ),
        pytest.param(r'"a\nb" = 1', r"'a\nb': there is no such key", id="unprintable key"),
    ],
)
def test_mistake_in_a_newer_setting_is_named(text: str, complaint: str, shell: Shell) -> None:
    assert complaint in complaint_about(shell, f"[tool.aurora-migrate]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            "role.Admin = ''", "role: there is no such table (did you mean roles?)", id="singular table"
        ),
        pytest.param(
            "Roles.Admin = ''", "Roles: there is no such table (did you mean roles?)", id="table in capitals"
        ),
        pytest.param(
            "roles = []", "[tool.aurora-migrate.roles] must be a table, not a list", id="list of roles"
        ),
        pytest.param("roles.Admin = 'admin'", "Admin: 'admin' is no role id: write the UUID", id="a name"),
        pytest.param("roles.Admin = ''", "Admin: '' is no role id", id="nothing"),
        pytest.param(f"roles.Admin = '{{{ROLE}}}'", "is no role id", id="braces"),
        pytest.param(f"roles.Admin = '{ROLE} '", "is no role id", id="trailing blank"),
        pytest.param(f"roles.Admin = '{ROLE.replace('-', '')}'", "is no role id", id="no dashes"),
        pytest.param(f"roles.Admin = '{ROLE[:-1]}g'", "is no role id", id="no hexadecimal digit"),
        pytest.param("roles.Admin = 7", "Admin: must be a string, not a number", id="number"),
        pytest.param(
            "roles.Team.Member = ''", "Team: must be a string, not a table", id="level cut at its dot"
        ),
        pytest.param("roles.Admin = 2024-01-01", "must be a string, not a date or time", id="date"),
        pytest.param(f"roles.'' = '{ROLE}'", "'': is no user level", id="no level"),
        pytest.param(
            "roles.system-size = 'stc'",
            "system-size: belongs to [tool.aurora-migrate]",
            id="setting below roles",
        ),
        pytest.param("roles.hosts = ['x']", "hosts: belongs to [tool.aurora-migrate]", id="list below roles"),
        pytest.param(
            "roles.resolvr = 'a:b'",
            "that Aurora's List Roles gives for this level (did you mean resolver?)",
            id="misspelt resolver",
        ),
        pytest.param(
            "roles.resolver = 'app.roles.role_id'",
            "resolver: 'app.roles.role_id' names no function: write module:function",
            id="no colon",
        ),
        pytest.param("roles.resolver = ''", "'' names no function", id="empty resolver"),
        pytest.param("roles.resolver = 'app/roles.py:f'", "names no function", id="file"),
        pytest.param("roles.resolver = 'app.roles:f()'", "names no function", id="call"),
        pytest.param("roles.resolver = '.roles:f'", "names no function", id="relative module"),
        pytest.param("roles.resolver = 'app.class:f'", "names no function", id="keyword"),
        pytest.param("roles.resolver = 'a:b:c'", "names no function", id="two colons"),
        pytest.param(f"roles.resolver = '{ROLE}'", "names no function", id="a role"),
        pytest.param("roles.resolver = ['a:b']", "resolver: must be a string, not a list", id="list"),
    ],
)
def test_mistake_in_the_roles_is_named(text: str, complaint: str, shell: Shell) -> None:
    assert complaint in complaint_about(shell, f"[tool.aurora-migrate]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            "endpoint = {}", "endpoint: there is no such table (did you mean endpoints?)", id="singular table"
        ),
        pytest.param(
            "endpoints = '/x'", "[tool.aurora-migrate.endpoints] must be a table, not a string", id="one path"
        ),
        pytest.param(
            "endpoints.duplicate-design = ['/x']", "duplicate-design: must be a string, not a list", id="list"
        ),
        pytest.param(
            "endpoints.duplicate_design = '/x'",
            "duplicate_design: is no endpoint id (did you mean duplicate-design?)",
            id="underscore",
        ),
        pytest.param("endpoints.'Duplicate Design' = '/x'", "(did you mean duplicate-design?)", id="title"),
        pytest.param(
            "endpoints.'/' = '/x'",
            "/: is no endpoint id: write one such as duplicate-design",
            id="path as id",
        ),
        pytest.param(
            "endpoints.select = ['AUR1']",
            "select: belongs to [tool.aurora-migrate]",
            id="setting below endpoints",
        ),
        pytest.param(
            "endpoints.system_size = 'stc'", "belongs to [tool.aurora-migrate]", id="text below endpoints"
        ),
        pytest.param(
            "endpoints.x = 'tenants'", "x: 'tenants' is no path: it must start with /", id="relative"
        ),
        pytest.param("endpoints.x = ''", "it must start with /", id="empty"),
        pytest.param("endpoints.x = 'https://api.aurorasolar.com/x'", "without scheme and host", id="URL"),
        pytest.param("endpoints.x = '/x?y=1'", "without query and fragment", id="query"),
        pytest.param("endpoints.x = '/x#y'", "without query and fragment", id="fragment"),
        pytest.param("endpoints.x = '/x/'", "something behind each /", id="trailing slash"),
        pytest.param("endpoints.x = '/x//y'", "something behind each /", id="doubled slash"),
        pytest.param("endpoints.x = '/x/{y'", "each variable as {name}", id="open brace"),
        pytest.param("endpoints.x = '/x/{}'", "each variable as {name}", id="variable without a name"),
        pytest.param("endpoints.x = '/x/{y-z}'", "each variable as {name}", id="dash in a variable"),
        pytest.param("endpoints.x = '/x /y'", "without blanks", id="blank"),
    ],
)
def test_mistake_in_the_endpoints_is_named(text: str, complaint: str, shell: Shell) -> None:
    assert complaint in complaint_about(shell, f"[tool.aurora-migrate]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("[tool.aurora_migrate]", "tool.aurora_migrate", id="underscore"),
        pytest.param("[tool.Aurora-Migrate.roles]", "tool.Aurora-Migrate", id="capitals"),
        pytest.param("[tool.aurora-migrat]", "tool.aurora-migrat", id="letter left out"),
        pytest.param("[aurora-migrate]", "aurora-migrate", id="without tool"),
        pytest.param("[tools.aurora-migrate]", "tools.aurora-migrate", id="tools"),
        pytest.param(
            "[tool.aurora-migrate]\n[tool.aurora_migrate.auth]", "tool.aurora_migrate", id="one of two"
        ),
    ],
)
def test_misspelt_table_is_no_silent_default(text: str, name: str, shell: Shell) -> None:
    complaint = f"[{name}]: nothing reads a table of that name (did you mean [tool.aurora-migrate]?)"
    assert complaint in complaint_about(shell, text)
    assert complaint in shell.run("config", "--config", "pyproject.toml").stderr


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(
            "[tool.aurora-migrate.roles]\nTeam Member = 'x'",
            'needs quotes, such as "Team Member"',
            id="level without quotes",
        ),
        pytest.param("[tool.aurora-migrate]\nselect = [", "is no valid TOML: ", id="open list"),
        pytest.param(
            "[tool.aurora-migrate]\nx = " + "[" * 9999, "is nested too deeply to be read", id="too deep"
        ),
    ],
)
def test_file_that_cannot_be_parsed_is_named(text: str, complaint: str, shell: Shell) -> None:
    assert complaint in complaint_about(shell, text)
