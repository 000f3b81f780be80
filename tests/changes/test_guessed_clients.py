"""Calls of a client that nobody is seen to give: reported where class and names fit, never rewritten."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability, Certainty

ROLES = {"Admin": "00000000-0000-4000-8000-0000000000a1"}
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=RoleSettings(ROLES))
CLIENT = """\
import requests
class AuroraClient:
    def __init__(self, tenant):
        self.base = f"https://api.aurorasolar.com/tenants/{tenant}"
        self.http = requests.Session()
    def get_user(self, i): return self.http.get(f"{self.base}/users/{i}").json()["user"]
    def size(self, i): return self.summary(i)["system_size"]
    def summary(self, i): return self.http.get(f"{self.base}/designs/{i}/summary").json()["design"]
    def save(self, i, fields): return self.http.put(f"{self.base}/users/{i}", json={"user": fields})
    def plan(self, i, options):
        return self.http.post(f"{self.base}/designs/{i}/auto_designer/run", json=options)
    def financings(self, i): return self.http.get(f"{self.base}/designs/{i}/financings").json()["financings"]
"""
CRM = """\
import requests
class CrmClient:
    def get_user(self, i): return requests.get(f"https://crm.example.com/users/{i}").json()
"""

FOUND = [
    pytest.param(
        "def f(api, i): return api.get_user(i)['user_level'] == 'Admin'\n", {"AUR202"}, id="a parameter"
    ),
    pytest.param(
        "def f(ctx, i): return ctx['aurora'].summary(i)['system_size']\n", {"AUR401"}, id="a context's key"
    ),
    pytest.param(
        "from flask import current_app\n"
        "def f(i): return current_app.extensions['aurora'].summary(i).get('system_size')\n",
        {"AUR401"},
        id="what a framework keeps",
    ),
    pytest.param(
        "from app import get_aurora\n"
        "def f(i):\n    found = get_aurora().get_user(i)\n    return found['user_level']\n",
        {"AUR202"},
        id="what an unseen function gives",
    ),
    pytest.param(
        "def f(aurora_client, i): aurora_client.save(i, {'user_level': 'Admin'})\n", {"AUR201"}, id="a body"
    ),
    pytest.param(
        "def f(client, i):\n"
        "    client.plan(i, {'placement_options': {'row_spacing_meters': 1, 'allow_filler_row': True}})\n",
        {"AUR501", "AUR502"},
        id="a body of options",
    ),
    pytest.param(
        "def f(sdk, i): return [item['lender'] for item in sdk.financings(i)]\n",
        {"AUR402"},
        id="items of a list",
    ),
    pytest.param(
        "def g(api, i): return api.get_user(i)\ndef f(api, i): return g(api, i)['user_level']\n",
        {"AUR202"},
        id="by a helper",
    ),
]

FOUND += [
    pytest.param(
        "from flask import Flask, current_app\nfrom aurora import AuroraClient\n"
        "app = Flask('x')\napp.solar = AuroraClient('t')\n"
        "def f(i): return current_app.solar.get_user(i)['user_level']\n",
        {"AUR202"},
        id="a name that the class's object was given",
    ),
    pytest.param(
        "from dependency_injector import containers, providers\n"
        "from dependency_injector.wiring import Provide, inject\nfrom aurora import AuroraClient\n"
        "class Container(containers.DeclarativeContainer):\n    roofs = providers.Singleton(AuroraClient)\n"
        "@inject\ndef f(i, api=Provide[Container.roofs]): return api.get_user(i)['user_level']\n"
        "def g(i): return Container().roofs().get_user(i)['user_level']\n",
        {"AUR202"},
        id="what a container provides",
    ),
]

SILENT = [
    pytest.param(
        "def f(crm, i): return crm.get_user(i)['user_level']\n",
        id="another's name",
    ),
    pytest.param(
        "def f(directory, i): return directory.get_user(i)['user_level']\n", id="a name that says nothing"
    ),
    pytest.param(
        "def f(api, i): return api.get_member(i)['user_level']\n",
        id="a method that no class has",
    ),
    pytest.param(
        "import hubspot\napi = hubspot.Client()\ndef f(i): return api.get_user(i)['user_level']\n",
        id="another library's object",
    ),
    pytest.param(
        "class Own:\n    def get_user(self, i): return {'user_level': 'Admin'}\n"
        "def g(api, i): return api.get_user(i)['user_level']\ng(Own(), 1)\n",
        id="an object that is seen",
    ),
    pytest.param(
        "def f(api): return api.size('1')\n",
        id="a value of which nothing is known by then",
    ),
]


def _checked(body: str, *more: str) -> tuple[Report, str]:
    texts = {"aurora.py": CLIENT, "ops.py": dedent(body)}
    texts.update({f"more{number}.py": text for number, text in enumerate(more)})
    report = check_texts(texts, SETTINGS, fix=Applicability.UNSAFE)
    assert report.errors == []
    changed = {path.name: new for path, (_, new) in report.changes.items()}
    return report, changed.get("ops.py", texts["ops.py"])


@pytest.mark.parametrize(("body", "codes"), FOUND)
def test_it_is_reported_with_what_to_do_and_left(body: str, codes: set[str]) -> None:
    report, text = _checked(body)
    assert text == dedent(body)
    found = [finding for finding in report.findings if finding.location.path.name == "ops.py"]
    assert {finding.rule for finding in found} == codes
    assert {finding.certainty for finding in found} == {Certainty.LIKELY}
    assert all("annotate it so" in finding.message for finding in found)


@pytest.mark.parametrize("body", SILENT)
def test_it_says_nothing(body: str) -> None:
    report, text = _checked(body)
    assert text == body
    assert [finding for finding in report.findings if finding.location.path.name == "ops.py"] == []


def test_the_client_itself_is_fixed_all_the_same() -> None:
    report, _ = _checked("def f(api, i): return api.size(i)\n")
    assert report.findings == []
    assert any("system_size_stc" in new for _, new in report.changes.values())


def test_one_of_two_classes_is_told_by_its_words() -> None:
    body = "def f(crm_client, i): return crm_client.get_user(i)['user_level']\n"
    assert _checked(body, CRM)[0].findings == []
    generic = "def f(client, i): return client.get_user(i)['user_level']\n"
    assert _checked(generic, CRM)[0].findings == []
    ours = "def f(aurora_client, i): return aurora_client.get_user(i)['user_level']\n"
    assert {finding.rule for finding in _checked(ours, CRM)[0].findings} == {"AUR202"}


def test_an_annotation_is_proof() -> None:
    body = (
        "from aurora import AuroraClient\n"
        "def f(api: AuroraClient, i): return api.get_user(i)['user_level'] == 'Admin'\n"
    )
    report, text = _checked(body)
    assert report.findings == []
    assert ROLES["Admin"] in text
