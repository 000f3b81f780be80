"""Paths that no request was seen to use: those that stand beside proven ones, and those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

STATUS = 'STATUS = "/v2/tenants/{tenant}/designs/{design}/auto_designer/status"\n'
RUN = 'RUN = "/v2/tenants/{tenant}/designs/{design}/auto_designer/run"\n'
ASK = '\n\ndef status(t, d):\n    return requests.get("https://HOST" + STATUS.format(tenant=t, design=d))\n'


def checked(text: str, host: str = "api.aurorasolar.com") -> tuple[Report, str]:
    source = '"""Paths of Aurora."""\n\nimport requests\n\n' + text + ASK.replace("HOST", host)
    report = check_texts({"a.py": source}, Settings(root=Path()), fix=Applicability.UNSAFE)
    return report, next((new for _, new in report.changes.values()), source)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STATUS + RUN, id="a constant below"),
        pytest.param(RUN + STATUS, id="a constant above"),
        pytest.param(
            STATUS + 'OTHER = {"run": "/v2/tenants/{tenant}/designs/{design}/auto_designer/run"}\n',
            id="in a table",
        ),
    ],
)
def test_an_endpoint_beside_a_proven_path_changes_with_it(text: str) -> None:
    report, after = checked(text)
    assert not report.findings
    assert "/v2" not in after


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RUN.replace("{tenant}", "{account}"), id="another beginning"),
        pytest.param('RUN = "/v2/tenants/{tenant}/designs/{design}/auto_designer/stop"\n', id="no endpoint"),
    ],
)
def test_other_paths_stay(text: str) -> None:
    _, after = checked(STATUS + text)
    assert text in after


def test_paths_of_another_host_are_no_proof() -> None:
    report, after = checked(STATUS + RUN, "racks.example")
    assert RUN in after
    assert STATUS in after
    assert all(found.applicability is Applicability.MANUAL for found in report.findings)
