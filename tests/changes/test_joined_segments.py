"""A path that is a list of segments: no text is added to it, the place is reported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """\
import os

import requests

BASE = "https://api.aurorasolar.com"
TENANT = os.environ["AURORA_TENANT_ID"]
session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["AURORA_API_TOKEN"]


def fetch(segments):
    return session.get("/".join([BASE] + segments), timeout=9).json()


def bills(design):
    path = ["tenants", TENANT, "designs", design]
    whole = path + ["financings"]
    return [row["annual_bill"] for row in fetch(PATH)["financings"]]


print(bills("d1"))
"""


@pytest.mark.parametrize(
    "path", ['["tenants", TENANT, "designs", design, "financings"]', 'path + ["financings"]', "whole"]
)
def test_no_text_is_added_to_a_list(tmp_path: Path, path: str) -> None:
    program = PROGRAM.replace("PATH", path)
    file = tmp_path / "main.py"
    file.write_text(program)
    command = [sys.executable, "-m", "aurora_migrate", "check"]
    subprocess.run([*command, "--fix", "--unsafe-fixes"], cwd=tmp_path, capture_output=True, check=False)
    assert file.read_text() == program
    shown = subprocess.run(
        [*command, "--output-format", "concise"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 1
    assert any("AUR402 [manual]" in line and "list of segments" in line for line in shown.stdout.splitlines())
