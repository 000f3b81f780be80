"""Loading rules/: the real files, a small folder, a new kind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_migrate.catalogue import Where, load, load_catalogue, read_catalogue
from aurora_migrate.catalogue.kinds import Kind, Parameter, Type
from aurora_migrate.catalogue.load import rules_folder
from aurora_migrate.findings import Applicability
from tests.catalogue.small_rules import Rules


def test_the_catalogue_holds_the_rules_of_the_main_job() -> None:
    names = {code: rule.name for code, rule in load_catalogue().rules.items()}
    expected = {
        "AUR101": "root-endpoint",
        "AUR102": "v2-path-prefix",
        "AUR103": "hmac-auth",
        "AUR104": "sdk-1.x",
        "AUR105": "authorization-header",
    }
    assert expected.items() <= names.items()


def test_the_catalogue_knows_both_hosts() -> None:
    assert load_catalogue().hosts == {
        "api.aurorasolar.com": "production",
        "api-sandbox.aurorasolar.com": "sandbox",
    }


def test_the_catalogue_is_read_once() -> None:
    assert load_catalogue() is load_catalogue()


def test_a_source_checkout_reads_the_folder_beside_the_package() -> None:
    assert (rules_folder() / "endpoints.toml").is_file()


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package as a wheel lays it out, without its data."""
    package = Path(load.__file__).parents[1]
    target = tmp_path / "site-packages" / "aurora_migrate"
    for name in ("__init__.py", "findings.py", "catalogue"):
        copy = shutil.copytree if (package / name).is_dir() else shutil.copy
        target.mkdir(parents=True, exist_ok=True)
        copy(package / name, target / name)
    return target


def codes_of(installed: Path) -> subprocess.CompletedProcess[str]:
    program = "from aurora_migrate.catalogue import load_catalogue; print(*load_catalogue().rules)"
    environment = {**os.environ, "PYTHONPATH": str(installed.parent)}
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=installed.parent,
        check=False,
        capture_output=True,
        text=True,
    )


def test_an_installed_package_reads_its_own_copy(installed: Path) -> None:
    shutil.copytree(rules_folder(), installed / "_rules")
    assert codes_of(installed).stdout.split() == list(load_catalogue().rules)


def test_an_installation_without_its_data_says_so(installed: Path) -> None:
    run = codes_of(installed)
    assert run.returncode == 1
    assert "endpoints.toml: not found: install aurora-migrate again" in run.stderr


@pytest.mark.parametrize("heavy", ["difflib", "click", "libcst", "rich", "aurora_migrate.config"])
def test_loading_imports_nothing_heavy(heavy: str) -> None:
    load = "from aurora_migrate.catalogue import load_catalogue; load_catalogue()"
    program = f"import sys; {load}; print({heavy!r} in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_a_whole_rule_is_read(rules: Rules) -> None:
    rule = read_catalogue(rules.folder).rules["AUR201"]
    assert (rule.version, rule.kind, rule.where) == ("2022.09", "path-prefix-removed", (Where.PATH,))
    assert rule.applicability is Applicability.SAFE
    assert rule.parameters.text("prefix") == "/old"
    assert rule.message("finding") == "`/old` is gone"
    assert rule.message("manual", reason="who knows where") == "`/old` is gone, but who knows where"
    assert rule.advise() == 'Take /old out of {"a dict": 1}.'
    assert rule.examples[0].rewritten


def test_a_rule_names_endpoints_or_concerns_all(rules: Rules) -> None:
    catalogue = read_catalogue(rules.folder)
    assert [endpoint.id for endpoint in catalogue.endpoints_of(catalogue.rules["AUR201"])] == ["list-things"]
    rules.replace(rules.rule, '["list-things"]', '["*"]')
    catalogue = read_catalogue(rules.folder)
    assert catalogue.endpoints_of(catalogue.rules["AUR201"]) == catalogue.endpoints


def test_a_manual_rule_needs_no_message_for_a_fix(rules: Rules) -> None:
    rules.replace(rules.rule, '"safe"', '"manual"')
    assert rules.error().startswith("AUR201.toml: messages.fix: unknown key")
    rules.replace(rules.rule, 'fix = "remove `{prefix}`"\n', "")
    rules.replace(rules.rule, 'manual = "`{prefix}` is gone, but {reason}"\n', "")
    assert set(read_catalogue(rules.folder).rules["AUR201"].messages) == {"finding"}


FIELD_MOVED = Kind(
    {
        "body": Parameter(Type.TEXT),
        "moves": Parameter(Type.TEXT_MAP),
        "choices": Parameter(Type.TEXTS, required=False),
        "keep-value": Parameter(Type.FLAG),
    },
    own_placeholders=frozenset({"value"}),
)


def test_a_new_kind_is_a_line_in_the_schema(rules: Rules) -> None:
    rules.replace(
        rules.rule,
        'kind = "path-prefix-removed"\nprefix = "/old"\nold-version = "1999"',
        """\
kind = "field-moved"
body = "thing"
keep-value = true
moves = { size_meters = "dimensions.size", tilt_deg = "dimensions.tilt" }""",
    )
    text = rules.rule.read_text(encoding="utf-8")
    rules.rule.write_text(text.replace("{prefix}", "{value} of {body}"), encoding="utf-8")
    rule = read_catalogue(rules.folder, {"field-moved": FIELD_MOVED}).rules["AUR201"]
    assert dict(rule.parameters.text_map("moves")) == {
        "size_meters": "dimensions.size",
        "tilt_deg": "dimensions.tilt",
    }
    assert rule.parameters.flag("keep-value")
    assert "choices" not in rule.parameters
    assert rule.message("finding", value="3") == "`3 of thing` is gone"


@pytest.mark.parametrize("read", ["flag", "texts", "text_map"])
def test_a_parameter_is_not_read_as_another_type(rules: Rules, read: str) -> None:
    parameters = read_catalogue(rules.folder).rules["AUR201"].parameters
    with pytest.raises(TypeError, match="prefix"):
        getattr(parameters, read)("prefix")
    assert list(parameters) == ["prefix", "old-version"]
    assert len(parameters) == 2
