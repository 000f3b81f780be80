"""AUR102 in declarations that a library makes requests of, and in URLs inside longer texts."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

CASES = [
    pytest.param(
        """
        import uplink
        class Design(uplink.Consumer):
            @uplink.get("/v2/tenants/{tenant}/users")
            def users(self, tenant): ...
        design = Design(base_url="https://api.aurorasolar.com")
        crm = Design(base_url="https://crm.example")
        """,
        [3],
        id="a class that is also given another server's URL",
    ),
    pytest.param(
        """
        import requests, uplink
        class Crm(uplink.Consumer):
            @uplink.get("/v2/tenants/{tenant}/users")
            def users(self, tenant): ...
        crm = Crm(base_url="https://crm.example")
        requests.get("https://api.aurorasolar.com/tenants/1/users")
        """,
        [],
        id="another server's interface",
    ),
    pytest.param(
        """
        import requests, flask
        app = flask.Flask(__name__)
        @app.get("/v2/tenants/<tenant>/users")
        def users(tenant):
            return requests.get(f"https://api.aurorasolar.com/tenants/{tenant}/users").json()
        """,
        [],
        id="a route of the program's own",
    ),
    pytest.param(
        """
        SCRIPT = '''
        curl -s https://api.aurorasolar.com/v2/tenants/$TENANT/users
        '''
        """,
        [1],
        id="a script",
    ),
    pytest.param(
        """
        SCRIPT = '''
        HOST=api.aurorasolar.com
        curl -s "https://$HOST/v2/tenants/$TENANT/users"
        '''
        """,
        [1],
        id="a script with the host in a variable",
    ),
    pytest.param(
        """
        SCRIPT = '''
        curl -s https://api.aurorasolar.com/tenants/$TENANT/users
        curl -s https://crm.example/v2/tenants
        '''
        """,
        [],
        id="a script that is migrated, beside another server's path",
    ),
    pytest.param(
        """
        SCRIPT = '''
        curl -s https://crm.example/v2/tenants/$TENANT/users
        '''
        """,
        [],
        id="another server's script",
    ),
    pytest.param(
        """
        import logging
        logging.info("from https://api.aurorasolar.com/v2/tenants/1/users on, all is well")
        AFTER = "see https://api.aurorasolar.com/v2/tenants/1/users for more"
        def main():
            print(AFTER)
        """,
        [],
        id="words for people",
    ),
]


@pytest.mark.parametrize(("program", "lines"), CASES)
def test_only_what_is_auroras_is_left_to_the_user(program: str, lines: list[int]) -> None:
    report = check_texts(
        {"job.py": dedent(program).lstrip("\n")}, Settings(root=Path("/")), fix=Applicability.UNSAFE
    )
    assert not report.changes
    assert [found.location.start.line for found in report.findings] == lines
    assert {found.rule for found in report.findings} <= {"AUR102"}
