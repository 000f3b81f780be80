"""The wheel: what is in it, what it asks for, and that it works away from the checkout."""

from __future__ import annotations

import os
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import aurora_migrate
from tests.packaging.commands import ROOT, report, run, succeed

BEFORE = '''\
"""Prints the names of a tenant's projects."""
import os
import requests

BASE = "https://api.aurorasolar.com/v2"


def names(tenant):
    headers = {"Authorization": "Bearer " + os.environ["AURORA_API_TOKEN"]}
    answer = requests.get(f"{BASE}/tenants/{tenant}/projects", headers=headers, timeout=10)
    return [project["name"] for project in answer.json()["projects"]]
'''
AFTER = BEFORE.replace("aurorasolar.com/v2", "aurorasolar.com")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a release makes it: from the source distribution, which is made from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    succeed([sys.executable, "-m", "build", "--outdir", out, ROOT], cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a new environment that holds the wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("fresh") / "env"
    venv.create(home, with_pip=True)
    directory = home / ("Scripts" if os.name == "nt" else "bin")
    succeed([directory / "python", "-m", "pip", "install", "--quiet", wheel], cwd=home)
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "names.py").write_text(BEFORE, encoding="utf-8", newline="")
    return tmp_path


def test_wheel_carries_every_rule_and_the_type_marker(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    rules = {
        f"aurora_migrate/_rules/{p.relative_to(ROOT / 'rules').as_posix()}"
        for p in (ROOT / "rules").rglob("*.toml")
    }
    assert len(rules) > 5
    assert rules <= held
    assert "aurora_migrate/py.typed" in held
    assert not [name for name in held if name.startswith(("tests/", "fixtures/", "rules/"))]


def test_wheel_asks_for_six_packages_and_caps_none(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
    fields = Parser().parsestr(archive.read(name).decode())
    asked = [Requirement(text) for text in fields.get_all("Requires-Dist", [])]
    always = {requirement.name for requirement in asked if "extra" not in str(requirement.marker or "")}
    assert always == {"click", "libcst", "pathspec", "pyyaml", "rich", "tomli"}
    assert {spec.operator for requirement in asked for spec in requirement.specifier} == {">="}
    assert fields["Version"] == aurora_migrate.__version__
    assert fields["Requires-Python"] == ">=3.10"


def test_fresh_environment_runs_the_wheel_not_the_checkout(scripts: Path, tmp_path: Path) -> None:
    where = succeed(
        [scripts / "python", "-c", "import aurora_migrate; print(aurora_migrate.__file__)"], cwd=tmp_path
    )
    assert Path(where.strip()).is_relative_to(scripts.parent)
    version = succeed([scripts / "aurora-migrate", "--version"], cwd=tmp_path)
    assert aurora_migrate.__version__ in version


def test_installed_tool_finds_and_rewrites_away_from_the_checkout(scripts: Path, project: Path) -> None:
    command = scripts / "aurora-migrate"
    found = run([command, "check", "--output-format", "json"], cwd=project)
    assert found.code == 1, found.said
    assert [finding["rule"] for finding in report(found)["findings"]] == ["AUR102"]

    fixed = run([command, "check", "--fix"], cwd=project)
    assert fixed.code == 0, fixed.said
    assert (project / "names.py").read_text(encoding="utf-8") == AFTER


def test_installed_tool_explains_its_rules(scripts: Path, tmp_path: Path) -> None:
    listed = succeed([scripts / "aurora-migrate", "rules"], cwd=tmp_path)
    for code in ("AUR101", "AUR102", "AUR103", "AUR104", "AUR105"):
        assert code in listed
        assert code in succeed([scripts / "aurora-migrate", "explain", code], cwd=tmp_path)
