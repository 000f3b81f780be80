"""AUR601 on whole tests: doubles and expectations that are rewritten, left by hand, and not touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aurora_migrate.config import Settings, load_settings
from aurora_migrate.config.settings import RoleSettings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

CLIENT = """
import os

import requests

HOST = "https://api.aurorasolar.com"
CRM = "https://crm.example/v2"


class Aurora:
    def __init__(self, tenant, session=None):
        self.base = HOST + "/v2/tenants/" + tenant
        self.http = session or requests.Session()

    def url(self, path):
        return self.base + path

    def user(self, user_id):
        return self.http.get(self.url("/users/" + user_id), timeout=5).json()["user"]

    def size(self, design_id):
        answer = self.http.get(self.url(f"/designs/{design_id}/summary"), timeout=5)
        return answer.json()["design"]["system_size"]


def users(tenant):
    return requests.get(HOST + "/v2/tenants/" + tenant + "/users", timeout=5).json()["users"]


def invite(tenant, email):
    body = {"user": {"email": email, "user_level": "Admin"}}
    answer = requests.post(HOST + f"/v2/tenants/{tenant}/users/invite", json=body, timeout=5)
    if answer.status_code == 422:
        raise ValueError(f"refused: {answer.json()['error']}")
    return answer.json()["user"]["id"]


def deals(tenant):
    return requests.get(CRM + "/tenants/" + tenant + "/users", timeout=5).json()["users"]
"""
ADMIN = "00000000-0000-4000-8000-0000000000a1"


def settings(tmp_path: Path) -> Settings:
    (tmp_path / "pyproject.toml").write_text(
        f'[tool.aurora-migrate]\nsystem-size = "stc"\n[tool.aurora-migrate.roles]\n"Admin" = "{ADMIN}"\n'
    )
    return load_settings(tmp_path)


def migrated(tmp_path: Path, test: str) -> tuple[str, Report]:
    """The test module after a run with unsafe fixes, and the report."""
    texts = {"aurora_client.py": CLIENT, "test_client.py": test}
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    return after.get("test_client.py", test), report


def left(report: Report) -> list[tuple[str, int]]:
    return [
        (found.rule, found.location.start.line)
        for found in report.findings
        if found.location.path.name == "test_client.py"
    ]


REWRITTEN = [
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    users = {"users": []}
    responses.add(method=responses.GET, url="https://api.aurorasolar.com/v2/tenants/t/users", json=users)
    assert aurora_client.users("t") == []
    responses.assert_call_count("https://api.aurorasolar.com/v2/tenants/t/users", 1)
""",
        ('url="https://api.aurorasolar.com/tenants/t/users"', 'count("https://api.aurorasolar.com/tenants'),
        id="responses.add with keywords, and assert_call_count",
    ),
    pytest.param(
        """
import responses
import aurora_client

ROOT = "https://api.aurorasolar.com/v2"

def test_it():
    with responses.RequestsMock() as rsps:
        rsps.get(f"{ROOT}/tenants/t/users", json={"users": []})
        aurora_client.users("t")
        assert [c.request.path_url for c in rsps.calls] == ["/v2/tenants/t/users"]
""",
        ('ROOT = "https://api.aurorasolar.com"', '== ["/tenants/t/users"]'),
        id="a constant, and the list of all paths",
    ),
    pytest.param(
        """
import requests_mock
import aurora_client

def test_it():
    with requests_mock.Mocker() as m:
        answers = [{"json": {"users": []}, "status_code": 200}]
        put = m.get("https://api.aurorasolar.com/v2/tenants/t/users", answers)
        aurora_client.users("t")
        assert put.last_request.path == "/v2/tenants/t/users"
        assert m.request_history[0].url.endswith("/v2/tenants/t/users")
""",
        ('m.get("https://api.aurorasolar.com/tenants', 'path == "/tenants', 'endswith("/tenants'),
        id="requests-mock, a list of answers, last_request and request_history",
    ),
    pytest.param(
        """
import re
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get(re.compile(r"https://api\\.aurorasolar\\.com/v2/tenants/\\w+/users$"), json={"users": []})
    aurora_client.users("t")
""",
        (r'r"https://api\.aurorasolar\.com/tenants/\w+/users$"',),
        id="a regular expression whose beginning is literal",
    ),
    pytest.param(
        """
from unittest.mock import patch
import aurora_client

def test_it():
    with patch("aurora_client.requests.post") as post:
        post.return_value.status_code = 200
        post.return_value.json.return_value = {"user": {"id": "u", "user_level": "Admin"}}
        aurora_client.invite("t", "a@b")
    assert post.call_args.args[0] == "https://api.aurorasolar.com/v2/tenants/t/users/invite"
    assert post.call_args.kwargs["json"]["user"]["user_level"] == "Admin"
""",
        (
            f'"role_id": "{ADMIN}"',
            '== "https://api.aurorasolar.com/tenants/t/users/invite"',
            f'["user"]["role_id"] == "{ADMIN}"',
        ),
        id="patch, return_value, call_args",
    ),
    pytest.param(
        """
from unittest.mock import MagicMock
import aurora_client

def test_it():
    session = MagicMock()
    session.get.return_value.json.return_value = {"design": {"system_size": 5000}}
    assert aurora_client.Aurora("t", session).size("d") == 5000
    url = "https://api.aurorasolar.com/v2/tenants/t/designs/d/summary"
    session.get.assert_called_once_with(url, timeout=5)
""",
        ('{"system_size_stc": 5000}', 'url = "https://api.aurorasolar.com/tenants/t/designs'),
        id="a mock in the place of a session",
    ),
    pytest.param(
        """
import aurora_client

class FakeResponse:
    status_code = 200

    def __init__(self, body):
        self.body = body

    def json(self):
        return self.body

def test_it(monkeypatch):
    def post(url, json, timeout):
        assert url == "https://api.aurorasolar.com/v2/tenants/t/users/invite"
        assert json == {"user": {"email": "a@b", "user_level": "Admin"}}
        return FakeResponse({"user": {"id": "u", "user_level": "Admin"}})

    monkeypatch.setattr(aurora_client.requests, "post", post)
    assert aurora_client.invite("t", "a@b") == "u"
""",
        (
            '== "https://api.aurorasolar.com/tenants/t/users/invite"',
            f'{{"id": "u", "role_id": "{ADMIN}"}}',
        ),
        id="a fake function and a hand-written response",
    ),
    pytest.param(
        """
import pytest
import responses
import aurora_client

@pytest.mark.parametrize("body", [{"error": {"email": ["is taken", "is odd"]}}, {"error": "Bad"}])
@responses.activate
def test_it(body):
    responses.post("https://api.aurorasolar.com/v2/tenants/t/users/invite", json=body, status=422)
    with pytest.raises(ValueError, match="refused"):
        aurora_client.invite("t", "a@b")
""",
        (
            '{"errors": [{"message": "email is taken"}, {"message": "email is odd"}]}',
            '{"errors": [{"message": "Bad"}]}',
        ),
        id="recorded refusals, by field and as a text, in parametrize",
    ),
    pytest.param(
        """
import json
import responses
import aurora_client

@responses.activate
def test_it():
    def answer(request):
        sent = json.loads(request.body)
        assert sent["user"]["user_level"] == "Admin"
        return 200, {}, json.dumps({"user": {"id": "u", "user_level": "Admin"}})

    responses.add_callback("POST", "https://api.aurorasolar.com/v2/tenants/t/users/invite", callback=answer)
    aurora_client.invite("t", "a@b")
""",
        (f'sent["user"]["role_id"] == "{ADMIN}"', f'{{"id": "u", "role_id": "{ADMIN}"}}'),
        id="a callback that looks at the request",
    ),
    pytest.param(
        """
import unittest
import requests_mock
import aurora_client

class UserTest(unittest.TestCase):
    def setUp(self):
        self.aurora = aurora_client.Aurora("t")

    @requests_mock.Mocker()
    def test_it(self, m):
        body = {"user": {"id": "7", "user_level": "Admin"}}
        m.get("https://api.aurorasolar.com/v2/tenants/t/users/7", json=body)
        self.assertEqual(self.aurora.user("7")["user_level"], "Admin")
        self.assertEqual(m.last_request.path, "/v2/tenants/t/users/7")
        self.assertEqual(self.aurora.url("/x"), "https://api.aurorasolar.com/v2/tenants/t/x")
""",
        (
            f'"role_id": "{ADMIN}"',
            f'["role_id"], "{ADMIN}")',
            'path, "/tenants/t/users/7")',
            '"https://api.aurorasolar.com/tenants/t/x")',
        ),
        id="a TestCase with setUp and a decorator that hands over the mocker",
    ),
    pytest.param(
        """
import copy
import aurora_client

URL = "https://api.aurorasolar.com/v2/tenants/t/designs/d/summary"
SUMMARY = {"design": {"system_size": 5, "system_size_stc": 5}}

def test_it(requests_mock):
    bigger = copy.deepcopy(SUMMARY)
    bigger["design"]["system_size"] = 7
    requests_mock.get(URL, json=bigger)
    assert aurora_client.Aurora("t").size("d") == 7
    paths = [request.path for request in requests_mock.request_history]
    assert paths.count("/v2/tenants/t/designs/d/summary") == 1
""",
        (
            'SUMMARY = {"design": {"system_size_stc": 5}}',
            'bigger["design"]["system_size_stc"] = 7',
            'count("/tenants/t/designs/d/summary")',
        ),
        id="a recorded answer that is changed before it is given, paths that are counted",
    ),
]


@pytest.mark.parametrize(("test", "wanted"), REWRITTEN)
def test_doubles_follow_the_code_under_test(tmp_path: Path, test: str, wanted: tuple[str, ...]) -> None:
    after, report = migrated(tmp_path, test)
    assert left(report) == []
    for each in wanted:
        assert each in after
    again = check_texts(
        {"aurora_client.py": CLIENT.replace("/v2/t", "/t"), "test_client.py": after}, settings(tmp_path)
    )
    assert [found for found in left(again) if found[0] == "AUR601"] == []


LEFT = [
    pytest.param(
        """
from unittest.mock import Mock, patch
import aurora_client

@patch("aurora_client.requests.get")
def test_it(get):
    get.return_value = Mock(status_code=404)
    get.return_value.json.return_value = {"error": "Not Found"}
    for fetch in (aurora_client.users, aurora_client.deals):
        fetch("t")
""",
        [("AUR601", 8)],
        id="one answer for two servers",
    ),
    pytest.param(
        """
import responses
import aurora_client

PROBLEM = {"error": {"email": ["is " + "taken"]}}

@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/v2/tenants/t/users/invite", json=PROBLEM, status=422)
    aurora_client.invite("t", "a@b")
""",
        [("AUR601", 5)],
        id="messages that are put together",
    ),
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    text = '{"design": {"system_size": 7}}'
    responses.get("https://api.aurorasolar.com/v2/tenants/t/designs/d/summary", body=text)
    assert aurora_client.Aurora("t").size("d") == 7
""",
        [("AUR601", 7)],
        id="a recorded body that is a text",
    ),
    pytest.param(
        """
import responses
import aurora_client

SHARED = {"error": "Not Found"}

@responses.activate
def test_it():
    responses.get("https://api.aurorasolar.com/v2/tenants/t/users", json=SHARED, status=404)
    responses.get("https://crm.example/v2/tenants/t/users", json=SHARED, status=404)
    aurora_client.users("t")
    aurora_client.deals("t")
""",
        [("AUR601", 5)],
        id="a body that another server records, too",
    ),
]


@pytest.mark.parametrize(("test", "lines"), LEFT)
def test_what_cannot_be_told_is_left_by_hand(tmp_path: Path, test: str, lines: list[tuple[str, int]]) -> None:
    _, report = migrated(tmp_path, test)
    assert left(report) == lines


UNTOUCHED = [
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get("https://crm.example/v2/tenants/t/users", json={"users": [{"user_level": "Admin"}]})
    assert aurora_client.deals("t")[0]["user_level"] == "Admin"
    assert responses.calls[0].request.path_url == "/v2/tenants/t/users"
""",
        id="another server with the same paths and fields",
    ),
    pytest.param(
        """
from unittest.mock import patch
import aurora_client

@patch("aurora_client.requests.get")
def test_it(get):
    get.return_value.json.return_value = {"users": [{"user_level": "Admin"}]}
    aurora_client.deals("t")
    get.assert_called_once_with("https://crm.example/v2/tenants/t/users", timeout=5)
""",
        id="a patched function that another server's code calls",
    ),
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get("https://api.aurorasolar.com/tenants/t/users", json={"users": []})
    aurora_client.users("t")
    assert "/v2" not in responses.calls[0].request.url
""",
        id="what must not come back",
    ),
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get("https://api.aurorasolar.com/tenants/t/users", json={"users": []})
    aurora_client.users("t")
    sent = responses.calls[0].request
    assert not sent.path_url.startswith("/v2/")
    assert sent.path_url != "/v2/tenants/t/users"
    assert "/v2/tenants/t/users" not in sent.url
""",
        id="whole old paths that must not come back",
    ),
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    body = {"errors": [{"message": "no"}]}
    responses.post("https://api.aurorasolar.com/tenants/t/users/invite", json=body, status=422)
    aurora_client.invite("t", "a@b")
""",
        id="a refusal in the new shape",
    ),
    pytest.param(
        """
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get("https://api.aurorasolar.com/tenants/t/users", json={"error": "maintenance"}, status=503)
    aurora_client.users("t")
""",
        id="a failure of the server",
    ),
    pytest.param(
        """
from unittest.mock import Mock

def test_it():
    store = Mock()
    store.get.return_value.json.return_value = {"user": {"user_level": "Admin"}, "error": "x"}
    assert store.get("/v2/users/7").json()["user"]["user_level"] == "Admin"
""",
        id="a mock that no code under test sends with",
    ),
]


@pytest.mark.parametrize("test", UNTOUCHED)
def test_other_doubles_are_left_alone(tmp_path: Path, test: str) -> None:
    after, report = migrated(tmp_path, test)
    assert after == test
    assert left(report) == []


def test_roles_that_are_not_configured_leave_recorded_levels_by_hand(tmp_path: Path) -> None:
    test = """
import responses
import aurora_client

@responses.activate
def test_it():
    responses.get("https://api.aurorasolar.com/v2/tenants/t/users/7", json={"user": {"user_level": "Admin"}})
    aurora_client.Aurora("t").user("7")
"""
    texts = {"aurora_client.py": CLIENT, "test_client.py": test}
    bare = replace(settings(tmp_path), roles=RoleSettings())
    report = check_texts(texts, bare, fix=Applicability.UNSAFE)
    assert left(report) == [("AUR601", 7)]


SIGNED = """
import base64, hashlib, hmac, os
import requests

HOST = "https://api.aurorasolar.com"


def signed(method, path):
    text = "\\n".join([method, path, "AuroraKey=" + os.environ["KEY"]]) + "\\n"
    digest = hmac.new(os.environ["SECRET"].encode(), text.encode(), hashlib.sha256).digest()
    return {"AuroraKey": os.environ["KEY"], "Signature": base64.b64encode(digest).decode()}


def users():
    path = "/v2/tenants/t/users"
    return requests.get(HOST + path, params=signed("GET", path)).json()["users"]


def leads(page):
    return requests.get("https://crm.example/v2/leads", params={"Signature": page}).json()
"""


def test_a_signature_that_a_test_looks_for_is_left_by_hand(tmp_path: Path) -> None:
    test = """
from unittest import mock
import client

@mock.patch("client.requests.get")
def test_it(get):
    client.users()
    query = get.call_args[1]["params"]
    assert query["AuroraKey"] == "key"
    assert len(query["Signature"]) == 43
"""
    report = check_texts(
        {"client.py": SIGNED, "test_client.py": test}, settings(tmp_path), fix=Applicability.UNSAFE
    )
    assert left_in(report, "test_client.py") == [("AUR601", 9), ("AUR601", 10)]


def test_the_query_of_another_server_is_not_ours(tmp_path: Path) -> None:
    test = """
from unittest import mock
import client

@mock.patch("client.requests.get")
def test_it(get):
    client.leads(2)
    assert get.call_args.kwargs["params"]["Signature"] == 2
"""
    report = check_texts(
        {"client.py": SIGNED, "test_client.py": test}, settings(tmp_path), fix=Applicability.UNSAFE
    )
    assert left_in(report, "test_client.py") == []


def test_what_an_unseen_script_sends_is_told_by_what_is_answered(tmp_path: Path) -> None:
    test = """
import json
import runpy
import responses
import aurora_client

@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/v2/tenants/t/users/invite", json={"user": {"id": "u"}})
    runpy.run_path("script.py")
    sent = json.loads(responses.calls[0].request.body)
    assert sent["user"]["user_level"] == "Admin"
"""
    after, report = migrated(tmp_path, test)
    assert f'sent["user"]["role_id"] == "{ADMIN}"' in after
    assert left(report) == []
    two = test.replace("    runpy", '    responses.post("https://crm.example/v2/people", json={})\n    runpy')
    after, report = migrated(tmp_path, two)
    assert 'sent["user"]["user_level"] == "Admin"' in after
    assert left(report) == [("AUR601", 13)]


PATHS = """
import os

import requests

HOST = "https://api.aurorasolar.com"
TENANT_PATH = "/v2/tenants/" + os.environ.get("AURORA_TENANT_ID", "t")
CRM = "https://crm.example/v2"


def call(method, path):
    return requests.request(method, HOST + path).json()


def crm(path):
    return requests.get(CRM + path).json()


def link(design):
    call("POST", TENANT_PATH + "/designs/" + design + "/web_proposal/generate_url")
    return call("GET", TENANT_PATH + "/designs/" + design + "/web_proposal")["web_proposal"]["url"]


def leads():
    return crm("/v2/leads")
"""
REPLACED = [
    pytest.param(
        """
from unittest import mock
import paths

def test_it():
    replies = [{}, {"web_proposal": {"url": "x"}}]
    with mock.patch.object(paths, "call", side_effect=replies) as call:
        assert paths.link("d") == "x"
    assert call.call_args[0] == ("GET", "/v2/tenants/t/designs/d/web_proposal")
    assert [each[0] for each in call.call_args_list] == [
        ("POST", "/v2/tenants/t/designs/d/web_proposal/generate_url"),
        ("GET", "/v2/tenants/t/designs/d/web_proposal"),
    ]
""",
        True,
        id="paths that a function of the project was given",
    ),
    pytest.param(
        """
from unittest import mock
import paths

def test_it():
    with mock.patch.object(paths, "crm", return_value=[]) as crm:
        assert paths.leads() == []
    assert crm.call_args[0] == ("/v2/leads",)
    assert crm.call_args.args[0] == "/v2/leads"
""",
        False,
        id="paths for another server",
    ),
]


@pytest.mark.parametrize(("test", "changes"), REPLACED)
def test_what_a_replaced_function_was_given(tmp_path: Path, test: str, changes: bool) -> None:
    texts = {"paths.py": PATHS, "test_paths.py": test}
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    after = {path.name: new for path, (_, new) in report.changes.items()}
    assert after.get("test_paths.py", test) == (test.replace("/v2/", "/") if changes else test)
    assert list(report.findings) == []


def test_a_subscript_under_not_is_a_look(tmp_path: Path) -> None:
    code = """
import requests

def start(design):
    body = {"placement_options": {"orientations": ["portrait"], "allow_filler_row": False}}
    url = "https://api.aurorasolar.com/v2/tenants/t/designs/" + design + "/auto_designer/run"
    return requests.post(url, json=body).json()["job_id"]
"""
    test = """
import json
import responses
import plan

@responses.activate
def test_it():
    responses.post("https://api.aurorasolar.com/v2/tenants/t/designs/d/auto_designer/run", json={"job_id": 1})
    plan.start("d")
    options = json.loads(responses.calls[0].request.body)["placement_options"]
    assert not options["allow_filler_row"]
    assert not options.get("allow_filler_row")
    assert "allow_filler_row_meters" not in options
"""
    report = check_texts(
        {"plan.py": code, "test_plan.py": test}, settings(tmp_path), fix=Applicability.UNSAFE
    )
    assert left_in(report, "test_plan.py") == [("AUR601", 11)]


def left_in(report: Report, name: str) -> list[tuple[str, int]]:
    return [(f.rule, f.location.start.line) for f in report.findings if f.location.path.name == name]
