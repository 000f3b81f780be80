"""AUR302: what the report says to test instead of the words of a 404."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed, reasons

TESTS = [
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    return None if "not found" in r.text else r.json()["user"]
""",
        "r.status_code == 404",
        id="the raw answer",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    body = r.json()
    if body.get("error") == "Not Found": return None
    return body["user"]
""",
        "r.status_code == 404",
        id="the body in a variable",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, status, body):
        self.status = status
        self.text = body["error"]
    @property
    def missing(self): return self.text == "Not Found"
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise Refused(r.status_code, r.json())
def main():
    try: f("1")
    except Refused as e: print(e.missing, e.text)
main()
""",
        "self.status == 404",
        id="an exception that keeps the status",
    ),
    pytest.param(
        """\
def ask(i):
    r = requests.get(URL + "/users/" + i)
    return r.status_code, r.text
def f(i):
    status, text = ask(i)
    if status >= 400 and "not found" in text: return None
    return json.loads(text)["user"]
""",
        "status == 404",
        id="the status and the text as two results",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, response):
        self.response = response
    @property
    def missing(self): return "not found" in self.response.text
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise Refused(r)
def main():
    try: f("1")
    except Refused as e: print(e.missing)
main()
""",
        "self.response.status_code == 404",
        id="an exception that keeps the response",
    ),
]


@pytest.mark.parametrize(("body", "test"), TESTS)
def test_the_report_says_which_status_to_test(body: str, test: str) -> None:
    assert [reason for reason in reasons(body) if f"test `{test}` instead" in reason]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    return None if r.status_code == 404 else r.json()["user"]
""",
            id="the status",
        ),
        pytest.param(
            """\
def f(i):
    r = requests.get("https://crm.example/users/" + i)
    return None if "not found" in r.text else r.json()["user"]
""",
            id="another vendor's words",
        ),
        pytest.param(
            """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    return r.json()["user"]["title"] == "not found"
""",
            id="words that are no error",
        ),
    ],
)
def test_other_tests_are_silent(body: str) -> None:
    assert fixed(body) == (body, [])
