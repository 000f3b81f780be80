"""AUR601 on fakes that the tests write themselves: sessions that answer by URL, with what they record."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings, load_settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

ROLE = "00000000-0000-4000-8000-0000000000a2"
CODE = """
class Trouble(Exception):
    pass


class Aurora:
    def __init__(self, session, tenant):
        self.session = session
        self.url = "https://api.aurorasolar.com/v2/tenants/" + tenant

    def _get(self, path):
        response = self.session.get(self.url + path, timeout=5)
        if response.status_code >= 400:
            raise Trouble(response.json()["error"])
        return response.json()

    def level(self, user_id):
        return self._get("/users/" + user_id)["user"]["user_level"]


class Crm:
    def __init__(self, session):
        self.session = session

    def lead(self, number):
        response = self.session.get("https://crm.example/v2/leads/" + number)
        return response.json()["lead"]["user_level"]


def main():
    import requests

    print(Aurora(requests.Session(), "t").level("u"), Crm(requests.Session()).lead("l"))
"""
FAKES = """
class Response:
    def __init__(self, body, status_code=200):
        self.body = body
        self.status_code = status_code

    def json(self):
        return self.body


class Session:
    def __init__(self, answers):
        self.answers = answers

    def get(self, url, **rest):
        answer = self.answers["GET " + url]
        return Response(*answer) if isinstance(answer, tuple) else Response(answer)
"""
TEST = """
import pytest
import client
from fakes import Session

HOST = "https://api.aurorasolar.com"


def test_level():
    session = Session({f"GET {HOST}/v2/tenants/t/users/u": {"user": {"user_level": "Team Member"}}})
    assert client.Aurora(session, "t").level("u") == "Team Member"
    assert ("GET", HOST + "/v2/tenants/t/users/u") not in {("GET", HOST + "/v2/tenants/t/teams"): 1}


def test_refused():
    session = Session({})
    session.answers["GET " + HOST + "/v2/tenants/t/users/x"] = ({"error": "Not Found"}, 404)
    with pytest.raises(client.Trouble, match="Not Found"):
        client.Aurora(session, "t").level("x")


def test_lead():
    session = Session({"GET https://crm.example/v2/leads/l": {"lead": {"user_level": "Team Member"}}})
    assert client.Crm(session).lead("l") == "Team Member"
"""


def settings(tmp_path: Path) -> Settings:
    (tmp_path / "pyproject.toml").write_text(f'[tool.aurora-migrate.roles]\n"Team Member" = "{ROLE}"\n')
    return load_settings(tmp_path)


def migrated(tmp_path: Path, test: str) -> tuple[str, list[tuple[str, str]]]:
    texts = {"client.py": CODE, "tests/fakes.py": FAKES, "tests/test_client.py": test}
    texts["tests/test_client.py"] = test.replace("from fakes", "from tests.fakes")
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    return after["test_client.py"], [(f.rule, f.location.path.name) for f in report.findings]


KEPT = [
    pytest.param(f'f"GET {{HOST}}/tenants/t/users/u": {{"user": {{"role_id": "{ROLE}"}}}}', id="by URL"),
    pytest.param('{("GET", HOST + "/tenants/t/teams"): 1}', id="by method and URL"),
    pytest.param(
        '["GET " + HOST + "/tenants/t/users/x"] = ({"errors": [{"message": "Not Found"}]}, 404)',
        id="a refusal that is stored later",
    ),
    pytest.param(
        '{"GET https://crm.example/v2/leads/l": {"lead": {"user_level": "Team Member"}}}',
        id="another server's answer stays",
    ),
]


@pytest.mark.parametrize("wanted", KEPT)
def test_answers_by_url_follow(tmp_path: Path, wanted: str) -> None:
    after, findings = migrated(tmp_path, TEST)
    assert wanted in after
    assert findings == []


def test_urls_of_other_servers_and_plain_keys_stay(tmp_path: Path) -> None:
    test = """
import client
from fakes import Session

ROOT = "https://crm.example"


def test_lead():
    session = Session({f"GET {ROOT}/v2/leads/l": {"lead": {"user_level": "x"}}, "GET /v2/leads": {}})
    assert client.Crm(session).lead("l") == "x"
    assert {"GET": 1, "PUT /v2/tenants/t/users": 2}["GET"] == 1
    assert client.Aurora(session, "t").url.startswith("https://api.aurorasolar.com")
"""
    texts = {"client.py": CODE, "tests/fakes.py": FAKES}
    texts["tests/test_client.py"] = test.replace("from fakes", "from tests.fakes")
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    assert "test_client.py" not in {path.name for path in report.changes}
