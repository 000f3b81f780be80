"""Settings that are put together: options that refer to others, and pieces that code joins."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import MEMORY_ROOT, Report, check_texts
from aurora_migrate.findings import Applicability, Certainty

ROLES = RoleSettings({"Admin": "00000000-0000-4000-8000-0000000000a1"})
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=ROLES)
HOST = "api.aurorasolar.com"
OTHER = "api.other.example"
ADMIN = """
def is_admin(i):
    return requests.get(f"{BASE}/tenants/t/users/{i}").json()["user"]["user_level"] == "Admin"
"""
INI = "import configparser, requests\nC = configparser.ConfigParser()\nC.read('c.ini')\n"
EXTENDED = INI.replace("Parser()", "Parser(interpolation=configparser.ExtendedInterpolation())")
ENV = "import os, requests\nfrom dotenv import load_dotenv\nload_dotenv()\n"
YAML = "import requests, yaml\nC = yaml.safe_load(open('c.yaml'))\n"

INTERPOLATED = [
    pytest.param(
        INI + "BASE = C['solar']['url']\n",
        {"c.ini": "[solar]\nhost = HOST\nurl = https://%(host)s/v2\n"},
        id="ini-subscript",
    ),
    pytest.param(
        INI + "BASE = C.get('solar', 'url')\n",
        {"c.ini": "[DEFAULT]\nhost = HOST\n[solar]\nurl = https://%(host)s/v2\n"},
        id="ini-get-with-the-default-section",
    ),
    pytest.param(
        INI + "BASE = dict(C.items('solar'))['url']\n",
        {"c.ini": "[solar]\nHost = HOST\nroot = https://%(host)s\nurl = %(root)s/v2\n"},
        id="ini-items-in-two-steps",
    ),
    pytest.param(
        EXTENDED + "BASE = C['solar']['url']\n",
        {"c.ini": "[hosts]\nsolar = HOST\n[solar]\nurl = https://${hosts:solar}/v2\n"},
        id="ini-extended-with-a-section",
    ),
    pytest.param(
        EXTENDED + "BASE = C['solar']['url']\n",
        {"c.ini": "[solar]\nhost = HOST\nurl = https://${host}/v2\n"},
        id="ini-extended",
    ),
    pytest.param(
        INI.replace("ConfigParser()", "RawConfigParser()") + "BASE = C['solar']['url'] % C['solar']\n",
        {"c.ini": "[solar]\nhost = HOST\nurl = https://%(host)s/v2\n"},
        id="ini-raw-filled-by-code",
    ),
    pytest.param(
        ENV + "BASE = os.environ['URL']\n",
        {".env": "SOLAR_HOST=HOST\nURL=https://${SOLAR_HOST}/v2\n"},
        id="env",
    ),
    pytest.param(
        ENV + "BASE = os.getenv('URL')\n", {".env": "URL=https://${SOLAR_HOST:-HOST}/v2\n"}, id="env-default"
    ),
    pytest.param(
        ENV + "BASE = os.path.expandvars(os.environ['URL'])\n",
        {".env": "SOLAR_HOST=HOST\nURL=https://$SOLAR_HOST/v2\n"},
        id="env-expanded-by-code",
    ),
    pytest.param(
        "import os, requests\nfrom dotenv import dotenv_values\n"
        "C = {**dotenv_values('.env'), **os.environ}\nBASE = C['URL']\n",
        {".env": "SOLAR_HOST=HOST\nURL='https://${SOLAR_HOST}/v2'\n"},
        id="dotenv-values",
    ),
    pytest.param(
        "import requests\nfrom pydantic_settings import BaseSettings\n"
        "class Conf(BaseSettings):\n    url: str\nBASE = Conf().url\n",
        {".env": "SOLAR_HOST=HOST\nURL=https://${SOLAR_HOST}/v2\n"},
        id="pydantic-settings",
    ),
    pytest.param(
        YAML.replace("yaml\n", "yaml\nfrom string import Template\n", 1)
        + "BASE = Template(C['url']).substitute(C)\n",
        {"c.yaml": "host: HOST\nurl: https://${host}/v2\n"},
        id="yaml-template",
    ),
    pytest.param(
        YAML + "BASE = C['prod']['url']\n",
        {"c.yaml": "common: &common\n  url: https://HOST/v2\nprod:\n  <<: *common\n  retries: 3\n"},
        id="yaml-merge",
    ),
    pytest.param(
        YAML + "BASE = '{scheme}://{host}{prefix}'.format(**C)\n",
        {"c.yaml": "scheme: https\nhost: HOST\nprefix: /v2\n"},
        id="yaml-scheme-host-and-prefix",
    ),
    pytest.param(
        "import requests\nfrom omegaconf import OmegaConf\nC = OmegaConf.load('c.yaml')\nBASE = C.api.url\n",
        {"c.yaml": "api:\n  host: HOST\n  url: https://${api.host}/v2\n"},
        id="omegaconf",
    ),
    pytest.param(
        YAML.replace("yaml\n", "yaml\nfrom munch import munchify\n", 1) + "BASE = munchify(C).api.url\n",
        {"c.yaml": "api:\n  url: https://HOST/v2\n"},
        id="munch",
    ),
]


def fixed(files: dict[str, str], fix: Applicability = Applicability.UNSAFE) -> tuple[Report, dict[str, str]]:
    report = check_texts(files, SETTINGS, fix)
    assert report.errors == []
    changed = {str(path.relative_to(MEMORY_ROOT)): new for path, (_, new) in report.changes.items()}
    return report, files | changed


def at(host: str, files: dict[str, str]) -> dict[str, str]:
    return {name: text.replace("HOST", host) for name, text in files.items()}


@pytest.mark.parametrize(("code", "document"), INTERPOLATED)
def test_prefix_goes_where_it_is_spelled(code: str, document: dict[str, str]) -> None:
    """From the document, for `/v2` behind a placeholder; the answer is the host's, and so is proven."""
    document = {name: text.replace("_HOST", "_NAME") for name, text in document.items()}
    report, after = fixed(at(HOST, {**document, "app.py": code + ADMIN}))
    assert report.findings == []
    assert {name: after[name] for name in document} == at(HOST, _without_prefix(document))
    assert "role_id" in after["app.py"]


@pytest.mark.parametrize(("code", "document"), INTERPOLATED)
def test_the_same_settings_of_another_vendor_are_silent(code: str, document: dict[str, str]) -> None:
    document = {name: text.replace("_HOST", "_NAME") for name, text in document.items()}
    report, _ = fixed(at(OTHER, {**document, "app.py": code + ADMIN, "aurora.py": f"X = '{HOST}'\n"}))
    assert (report.findings, report.fixed) == ([], [])


def _without_prefix(document: dict[str, str]) -> dict[str, str]:
    emptied = {name: text.replace("prefix: /v2\n", "prefix: \n") for name, text in document.items()}
    return {name: text.replace("/v2", "") for name, text in emptied.items()}


def test_prefix_that_another_vendors_option_refers_to_stays() -> None:
    document = f"[api]\nprefix = /v2\nsolar = https://{HOST}%(prefix)s\ncrm = https://{OTHER}%(prefix)s\n"
    code = INI + "BASE = C['api']['solar']\n" + ADMIN + "requests.get(C['api']['crm'] + '/people')\n"
    report, after = fixed({"app.py": code, "c.ini": document})
    assert after["c.ini"] == document
    assert [found.rule for found in report.findings] == ["AUR102"]
    assert "part of another URL" in report.findings[0].message


def test_option_that_no_file_spells_is_unknown() -> None:
    document = "[solar]\nurl = https://%(host)s/v2\n"
    report, after = fixed({"app.py": INI + "BASE = C['solar']['url']\n" + ADMIN, "c.ini": document})
    assert after["c.ini"] == document
    assert report.fixed == []


def test_options_that_refer_to_each_other_end() -> None:
    document = f"[solar]\na = %(b)s/v2\nb = %(a)s\nurl = https://{HOST}/v2\n"
    _, after = fixed({"app.py": INI + "BASE = C['solar']['url']\n" + ADMIN, "c.ini": document})
    assert after["c.ini"] == document.replace(".com/v2", ".com")


def test_raw_parser_refers_to_nothing() -> None:
    """What is left in the URL then is no host, and nobody's."""
    document = f"[solar]\nhost = {HOST}\nurl = https://%(host)s/v2\n"
    code = INI.replace("ConfigParser()", "ConfigParser(interpolation=None)") + "BASE = C['solar']['url']\n"
    report, _ = fixed({"app.py": code + ADMIN, "c.ini": document})
    assert (report.findings, report.fixed) == ([], [])


HOSTS = [
    pytest.param("f\"https://api{os.environ['SUFFIX']}.aurorasolar.com\"", Certainty.PROVEN, id="suffix"),
    pytest.param("f\"https://{os.environ['PART']}.aurorasolar.com\"", Certainty.LIKELY, id="the-whole-label"),
    pytest.param("f\"{os.environ['SCHEME']}://api.aurorasolar.com\"", Certainty.PROVEN, id="scheme"),
    pytest.param("f\"https://api.{os.environ['DOMAIN']}.com\"", None, id="the-domain"),
    pytest.param("f\"https://app{os.environ['SUFFIX']}.aurorasolar.com\"", None, id="the-web-application"),
    pytest.param("f\"https://api{os.environ['SUFFIX']}.other.example\"", None, id="another-vendor"),
]


@pytest.mark.parametrize(("base", "certainty"), HOSTS)
def test_host_of_which_a_part_is_unknown(base: str, certainty: Certainty | None) -> None:
    code = f"import os, requests\nBASE = {base}\n"
    code += "requests.get(f\"{BASE}/v2/tenants/{os.environ['TENANT']}/designs/7/summary\")\n"
    report = check_texts({"app.py": code}, SETTINGS)
    assert [(found.rule, found.certainty) for found in report.findings] == (
        [("AUR102", certainty)] if certainty is not None else []
    )


def test_version_that_a_setting_gives_ties_the_answer() -> None:
    """A field of settings with the default `v2`: the version goes, and the level is proven to be Aurora's."""
    code = (
        "import requests\nfrom pydantic_settings import BaseSettings\n"
        f"class Conf(BaseSettings):\n    host: str = '{HOST}'\n    version: str = 'v2'\n"
        "    @property\n    def base(self):\n        return f'https://{self.host}/{self.version}'\n"
        "BASE = Conf().base\n"
    )
    report, after = fixed({"app.py": code + ADMIN})
    assert report.findings == []
    assert "return f'https://{self.host}'\n" in after["app.py"]
    assert "role_id" in after["app.py"]
