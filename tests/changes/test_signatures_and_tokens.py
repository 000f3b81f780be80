"""HMAC to bearer token on whole programs: what goes, what stays, and where the token must never go."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import AuthSettings, Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SIGN = (
    "import base64, hashlib, hmac, os, time\n"
    "import requests\n"
    'KEY, SECRET = os.environ["K"], os.environ["S"]\n'
    "def sign(method, path):\n"
    '    ts = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())\n'
    '    text = f"{method}\\n{path}\\nAuroraKey={KEY}\\nTimestamp={ts}\\n"\n'
    "    sig = base64.b64encode(hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()).decode()\n"
    '    return {"AuroraKey": KEY, "Timestamp": ts, "Signature": sig}\n'
)
BASE = '"https://api.aurorasolar.com"'
TOKEN = '"Authorization": "Bearer " + os.environ["AURORA_API_TOKEN"]'


def fixed(text: str) -> tuple[str, Report]:
    settings = Settings(Path("/"), None, (), (), (), (), (), (), AuthSettings())
    report = check_texts({"job.py": text}, settings, fix=Applicability.UNSAFE)
    assert report.errors == []
    return next((new for _, new in report.changes.values()), text), report


def test_parameters_go_with_the_helper_that_made_them_and_its_imports() -> None:
    after, report = fixed(SIGN + f'def f(p):\n    return requests.get({BASE} + p, params=sign("GET", p))\n')
    assert "sign" not in after.lower()
    assert "hmac" not in after
    assert "SECRET" not in after
    assert f"requests.get({BASE} + p, headers={{{TOKEN}}})" in after
    assert report.findings == []


def test_other_parameters_stay() -> None:
    after, _ = fixed(
        SIGN + f'def f(p, n):\n    q = {{"page": n, **sign("GET", p)}}\n'
        f"    return requests.get({BASE} + p, params=q)\n"
    )
    assert 'q = {"page": n}' in after
    assert "params=q" in after


def test_token_is_added_once_to_headers_that_only_aurora_gets() -> None:
    after, _ = fixed(
        SIGN + 'H = {"Accept": "application/json"}\n'
        f'def f(p):\n    return requests.get({BASE} + p, params=sign("GET", p), headers=H)\n'
        f'def g(p):\n    return requests.post({BASE} + p, params=sign("POST", p), headers=H)\n'
    )
    assert after.count(TOKEN) == 1
    assert f'H = {{"Accept": "application/json", {TOKEN}}}' in after


SHARERS = {
    "another vendor by name": 'requests.get("https://crm.example/v1", headers=H)',
    "a URL that nobody knows": "requests.get(url, headers=H)",
    "a library that nobody sees": "vendorlib.Client(headers=H)",
    "a copy of the headers": 'requests.put(url, headers={**H, "X": "1"})',
}


@pytest.mark.parametrize("sharer", [pytest.param(text, id=name) for name, text in SHARERS.items()])
def test_headers_that_others_get_are_left_alone(sharer: str) -> None:
    after, _ = fixed(
        SIGN + "import vendorlib\n"
        'H = {"Accept": "application/json"}\n'
        f'def f(p):\n    return requests.get({BASE} + p, params=sign("GET", p), headers=H)\n'
        f"def other(url):\n    return {sharer}\n"
    )
    assert 'H = {"Accept": "application/json"}\n' in after
    assert f"headers={{**H, {TOKEN}}}" in after
    assert sharer in after


SESSIONS = {
    "downloads from any URL": "def d(url):\n    return S.get(url)\n",
    "is handed to a library": "import crmlib\nC = crmlib.Client(session=S)\n",
    "also talks to another vendor": 'def c():\n    return S.get("https://crm.example/v1")\n',
}


@pytest.mark.parametrize("use", [pytest.param(text, id=name) for name, text in SESSIONS.items()])
def test_a_session_that_others_share_gets_no_token(use: str) -> None:
    after, _ = fixed(
        SIGN + "S = requests.Session()\n"
        f'def f(p):\n    return S.get({BASE} + p, params=sign("GET", p))\n'
        f'def g(p):\n    return S.put({BASE} + p, params=sign("PUT", p))\n' + use
    )
    assert "S.headers" not in after
    assert after.count(TOKEN) == 2


KEPT = {
    "another vendor's signature": "import hashlib, hmac, requests\ndef f(p, k):\n"
    "    s = hmac.new(k, p, hashlib.sha256).hexdigest()\n"
    '    return requests.get("https://pay.example" + p, params={"Key": "k", "Timestamp": 1,'
    ' "Signature": s})\n',
    "a bearer token already": f"import hmac, os, requests\ndef f(p):\n"
    f"    return requests.get({BASE} + p, headers={{{TOKEN}}})\n",
    "redaction of a log": "import re\ndef clean(line):\n"
    '    return re.sub("AuroraKey=[^&]*", "AuroraKey=x", line)\n',
    "a program for both versions": "import requests\nclass C:\n    def __init__(self, cred):\n"
    "        self.cred = cred\n"
    '    def url(self, p, version="2022.09"):\n'
    '        return "https://api.aurorasolar.com" + ("/v2" + p if version == "2018.01" else p)\n'
    '    def get(self, p, version="2022.09"):\n'
    "        return requests.get(self.url(p, version),"
    ' headers={"Authorization": "Bearer " + self.cred})\n',
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in KEPT.items()])
def test_what_needs_no_migration_is_silent(text: str) -> None:
    after, report = fixed(text)
    assert after == text
    assert report.findings == []


BY_HAND = {
    "another authorization": f'requests.get({BASE} + p, params=sign("GET", p), '
    'headers={"Authorization": "Basic x"})',
    "auth that would win": f'requests.get({BASE} + p, params=sign("GET", p), auth=("u", "p"))',
    "code that nobody sees": f'opener.fetch({BASE} + p, query=sign("GET", p))',
}


@pytest.mark.parametrize("call", [pytest.param(text, id=name) for name, text in BY_HAND.items()])
def test_what_cannot_be_proven_is_reported_with_the_text_to_write(call: str) -> None:
    text = SIGN + f"def f(p, opener):\n    return {call}\n"
    after, report = fixed(text)
    assert after == text
    assert [finding.rule for finding in report.findings] == ["AUR103"]
    assert "AURORA_API_TOKEN" in report.findings[0].advice


def test_a_helper_that_does_more_than_sign_is_not_deleted() -> None:
    text = SIGN.replace("    return {", '    print("signed", path)\n    return {')
    after, report = fixed(text + f'def f(p):\n    return requests.get({BASE} + p, params=sign("GET", p))\n')
    assert 'print("signed", path)' in after
    assert [finding.rule for finding in report.findings] in ([], ["AUR103"])


def test_separators_stay_right_when_the_signature_leaves_the_middle() -> None:
    after, _ = fixed(
        SIGN + "def f(p, q):\n    s = sign('GET', p)\n"
        f"    u = {BASE} + p + '?AuroraKey=' + s['AuroraKey'] + '&Timestamp=' + s['Timestamp']\n"
        "    u += '&Signature=' + s['Signature']\n    if q:\n        u += '&' + q\n"
        "    return requests.get(u)\n"
    )
    assert f"    u = {BASE} + p\n    if q:\n        u += '?' + q\n" in after


GROWN = {
    "spread in place": "q += [{signature}]",
    "extended": "q.extend([{signature}])",
    "appended": "q.append('AuroraKey=' + KEY)\n    q.append(f'Timestamp={{ts}}&Signature={{sig}}')",
    "added": "q = q + [{signature}]",
}


@pytest.mark.parametrize("grown", [pytest.param(text, id=name) for name, text in GROWN.items()])
def test_a_list_of_parameters_that_grows_gives_the_signature_up(grown: str) -> None:
    signature = '"AuroraKey=" + KEY, "Timestamp=" + ts, "Signature=" + sig'
    after, report = fixed(
        SIGN.replace(
            '    return {"AuroraKey": KEY, "Timestamp": ts, "Signature": sig}\n',
            '    q = ["%s=%s" % pair for pair in sorted((query or {}).items())]\n'
            f"    {grown.format(signature=signature)}\n"
            '    return path + "?" + "&".join(q)\n',
        ).replace("def sign(method, path)", "def sign(method, path, query=None)")
        + f'def ask(path, query=None):\n    return requests.get({BASE} + sign("GET", path, query))\n'
        'print(ask("/tenants/t/users", {"page": 2}), ask("/tenants/t/projects"))\n'
    )
    assert report.findings == []
    assert "Signature" not in after
    assert "hmac" not in after
    assert "sorted((query or {}).items())" in after
    assert f'requests.get({BASE} + sign("GET", path, query), headers={{{TOKEN}}})' in after


SETTING = """\
def env(name, default=None):
    value = os.environ.get(name, default)
    if {test}:
        raise SystemExit("missing: " + name)
    return value
HOST, TENANT = env("HOST", "https://api.aurorasolar.com"), env("TENANT")
KEY, SECRET = env("K"), env("S")
"""


@pytest.mark.parametrize("test", ["value is None", "not value", "value == None or not value"])
def test_settings_that_cannot_be_none_do_not_multiply(test: str) -> None:
    text = SIGN.replace('KEY, SECRET = os.environ["K"], os.environ["S"]\n', SETTING.format(test=test))
    after, report = fixed(
        text.replace(
            '    return {"AuroraKey": KEY, "Timestamp": ts, "Signature": sig}\n', "    return sig, ts\n"
        )
        + "def url(path, query=None):\n"
        '    sig, ts = sign("GET", path)\n'
        '    more = "&".join("{}={}".format(k, v) for k, v in query.items()) + "&" if query else ""\n'
        '    return "{}{}?{}AuroraKey={}&Timestamp={}&Signature={}".format(HOST, path, more, KEY, ts, sig)\n'
        "def users(page=1):\n"
        '    return requests.get(url("/tenants/" + TENANT + "/users", {"page": page}))\n'
        'print(users(), users(2), requests.get(url("/tenants/" + TENANT)))\n'
    )
    assert report.findings == []
    assert "Signature" not in after
    assert after.count(TOKEN) == 2
