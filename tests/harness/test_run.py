"""Programs run unmodified: every HTTP library is led to the fake servers, everything else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_aurora import constants as c
from tests.fake_aurora.constants import V2018, V2022
from tests.harness.run import TIMED_OUT, Outcome, run_program
from tests.harness.world import shared_world

ENV = {"TENANT": c.TENANT_ID, "TOKEN": c.BEARER_TOKEN}
HEAD = f"""\
import asyncio, http.client, json, os, socket, sys, urllib.request
HOST = "{c.API_HOST}"
HEADERS = {{"Authorization": "Bearer " + os.environ["TOKEN"], "Content-Type": "application/json"}}
PATH = sys.argv[1] + "/tenants/" + os.environ["TENANT"] + "/projects"
URL = "https://" + HOST + PATH
CRM = "https://crm.example.com/v2/leads?source=aurora"
BODY = {{"project": {{"name": "Roof"}}}}
"""
LIBRARIES = {
    "requests": """
import requests
def show(response): print(response.status_code, response.json())
with requests.Session() as session:
    show(session.post(URL, json=BODY, headers=HEADERS))
    show(session.post(CRM, json=[1]))
""",
    "httpx": """
import httpx
def show(response): print(response.status_code, response.json())
with httpx.Client() as client:
    show(client.post(URL, json=BODY, headers=HEADERS))
    show(client.post(CRM, json=[1]))
""",
    "httpx async": """
import httpx
def show(response): print(response.status_code, response.json())
async def main():
    async with httpx.AsyncClient() as client:
        show(await client.post(URL, json=BODY, headers=HEADERS))
        show(await client.post(CRM, json=[1]))
asyncio.run(main())
""",
    "aiohttp": """
import aiohttp
async def main():
    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json=BODY, headers=HEADERS) as response:
            print(response.status, await response.json())
        async with session.post(CRM, json=[1]) as response:
            print(response.status, await response.json())
asyncio.run(main())
""",
    "urllib3": """
import urllib3
pool = urllib3.PoolManager()
for url, body in ((URL, BODY), (CRM, [1])):
    response = pool.request("POST", url, body=json.dumps(body), headers=HEADERS)
    print(response.status, response.json())
""",
    "urllib.request": """
for url, body in ((URL, BODY), (CRM, [1])):
    request = urllib.request.Request(url, json.dumps(body).encode(), HEADERS)
    with urllib.request.urlopen(request) as response:
        print(response.status, json.load(response))
""",
    "http.client": """
for host, path, body in ((HOST, PATH, BODY), ("crm.example.com", "/v2/leads?source=aurora", [1])):
    connection = http.client.HTTPSConnection(host)
    connection.request("POST", path, json.dumps(body), HEADERS)
    response = connection.getresponse()
    print(response.status, json.load(response))
""",
}
ANSWERS = {"crm.example.com": {"POST /v2/leads": {"lead": 7}}}


def run(directory: Path, source: str, version: str = V2022, timeout: float = 30) -> Outcome:
    """Run a program's text; its first argument is the path's prefix in that version."""
    (directory / "main.py").write_text(HEAD + source, encoding="utf-8")
    command = ["python", "main.py", "/v2" if version == V2018 else ""]
    servers = shared_world()[version]
    return run_program(directory, command, servers, ENV, answers=ANSWERS, timeout=timeout)


@pytest.mark.parametrize("version", c.VERSIONS)
@pytest.mark.parametrize("library", LIBRARIES)
def test_library_is_led_to_the_fake_servers(tmp_path: Path, library: str, version: str) -> None:
    outcome = run(tmp_path, LIBRARIES[library], version)
    assert outcome.ok, outcome.explain()
    created, lead = outcome.stdout.splitlines()
    assert created.startswith("200 {'project': ")
    assert lead == "200 {'lead': 7}"
    assert [project["name"] for project in outcome.state["projects"].values()][3:] == ["Roof"]
    [request] = outcome.requests
    assert (request.host, request.body, request.status) == (c.API_HOST, {"project": {"name": "Roof"}}, 200)
    [other] = outcome.vendor_requests
    assert (other.method, other.host, other.path) == ("POST", "crm.example.com", "/v2/leads")
    assert (other.query, other.body) == ([("source", "aurora")], [1])


def test_state_and_logs_are_fresh_each_run(tmp_path: Path) -> None:
    first, second = (run(tmp_path, LIBRARIES["http.client"]) for _ in range(2))
    assert (first.stdout, first.state) == (second.stdout, second.state)
    assert first.requests == second.requests
    assert len(second.vendor_requests) == 1


def test_sandbox_is_aurora_and_the_web_application_is_not(tmp_path: Path) -> None:
    source = f"""
for host in ("{c.SANDBOX_HOST}", "v2.aurorasolar.com", "app.aurorasolar.com"):
    connection = http.client.HTTPSConnection(host)
    connection.request("GET", PATH, headers=HEADERS)
    connection.getresponse()
"""
    outcome = run(tmp_path, source)
    assert [entry.host for entry in outcome.requests] == [c.SANDBOX_HOST]
    assert [entry.host for entry in outcome.vendor_requests] == ["v2.aurorasolar.com", "app.aurorasolar.com"]


def test_other_vendors_answer_plain_http_on_any_port(tmp_path: Path) -> None:
    source = "print(urllib.request.urlopen('http://metrics.example.com:9091/push').read())"
    outcome = run(tmp_path, source)
    assert outcome.stdout == "b'{}'\n"
    assert outcome.vendor_requests[0].host == "metrics.example.com:9091"


def test_chunked_body_is_read(tmp_path: Path) -> None:
    source = "import requests\nrequests.post(CRM, data=iter([b'[1,', b'2]']))"
    assert run(tmp_path, source).vendor_requests[0].body == [1, 2]


def test_numeric_address_is_refused(tmp_path: Path) -> None:
    outcome = run(tmp_path, "socket.create_connection(('192.0.2.1', 443))")
    assert not outcome.ok
    assert "ConnectionRefusedError: no network in this test: 192.0.2.1 port 443" in outcome.stderr


def test_certificate_of_another_host_is_no_good(tmp_path: Path) -> None:
    source = """
connection = http.client.HTTPSConnection(HOST)
connection.sock = connection._context.wrap_socket(
    socket.create_connection((HOST, 443)), server_hostname="crm.example.com")
connection._context.check_hostname or sys.exit("not checked")
print(connection.sock.getpeercert()["subjectAltName"])
"""
    assert run(tmp_path, source).stdout == "(('DNS', 'crm.example.com'),)\n"


def test_untrusted_without_the_test_authority(tmp_path: Path) -> None:
    source = "os.environ.pop('SSL_CERT_FILE')\nurllib.request.urlopen(URL)"
    outcome = run(tmp_path, source)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.stderr
    assert outcome.requests == []


def test_child_sees_only_its_own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AURORA_API_TOKEN", "from outside")
    source = "import time\nprint(os.environ.get('AURORA_API_TOKEN'), time.tzname[0])"
    assert run(tmp_path, source).stdout == "None UTC\n"


def test_program_that_never_ends_is_killed(tmp_path: Path) -> None:
    outcome = run(tmp_path, "import time\nprint('on my way', flush=True)\ntime.sleep(60)", timeout=1)
    assert (outcome.returncode, outcome.stdout) == (TIMED_OUT, "on my way\n")
