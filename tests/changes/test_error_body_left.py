"""AUR301 and AUR302: what a program decides by an error is left; who knows the new shape is left alone."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed

LEFT = [
    pytest.param(
        """\
def decide(*what):
    for each in what:
        if each == "has already been taken":
            return True
def pick(*what):
    return what[1]["email"]
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        decide("refused", r.json()["error"])
        pick("refused", r.json()["error"])
""",
        [("AUR301", 3), ("AUR301", 6), ("AUR301", 10), ("AUR301", 11)],
        id="functions that decide by what they gather",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    return r.json().get("error")
""",
        [("AUR301", 3)],
        id="returned by a function that nothing calls",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    if r.ok:
        return True, None
    return False, r.json()["error"]
def main():
    ok, why = f("1")
    if why == "Forbidden":
        print("refused")
main()
""",
        [("AUR301", 5), ("AUR301", 8)],
        id="one of two results, compared by the caller",
    ),
    pytest.param(
        """\
def run(ids):
    failures = []
    for i in ids:
        r = requests.get(URL + "/users/" + i)
        if not r.ok:
            failures.append({"id": i, "error": r.json()["error"]})
    with open("failed.json", "w") as f:
        json.dump(failures, f)
""",
        [("AUR301", 6)],
        id="kept in a list that becomes JSON",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    for key in ("error", "message"):
        if key in body:
            raise RuntimeError(body[key])
    return body["user"]
""",
        [("AUR301", 4), ("AUR301", 5)],
        id="the key runs through a list",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, r):
        super().__init__(r.json()["error"])
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if not r.ok:
        raise Refused(r)
def main():
    try:
        f({})
    except Refused as e:
        if "already" in str(e):
            return
        raise
main()
""",
        [("AUR301", 3), ("AUR301", 12)],
        id="an exception's text is searched",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if not r.ok:
        raise RuntimeError(f"{r.status_code}: {r.json()['error']}")
def main():
    try:
        f({})
    except RuntimeError as e:
        message = str(e)
        if message.endswith("taken"):
            return
        raise
main()
""",
        [("AUR301", 4), ("AUR301", 10)],
        id="the text of a built-in exception is searched",
    ),
    pytest.param(
        """\
def f(i):
    match requests.get(URL + "/users/" + i).json():
        case {"user": user}:
            return user
        case {"error": why}:
            print(why)
""",
        [("AUR301", 5)],
        id="a pattern looks for the key",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    error = r.json().get("error", "")
    if error.lower().startswith("not found"):
        return None
    print(error)
""",
        [("AUR301", 3), ("AUR302", 4)],
        id="compared further down, and with the words of a 404",
    ),
    pytest.param(
        """\
import re
def f(i):
    r = requests.get(URL + "/users/" + i)
    if re.search(r"not\\s+found", r.text, re.I):
        return None
    if r.status_code == 422 and re.search("taken", r.text):
        return 1
    return r.json()
""",
        [("AUR302", 4), ("AUR301", 6)],
        id="regular expressions over the raw answer",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok and "taken" in str(r.json()):
        return None
    return r.json()["user"]
""",
        [("AUR301", 3)],
        id="the body as Python prints it is searched",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        requests.post("https://hooks.slack.example/x", json={"text": "Aurora: %s" % r.json()["error"]})
        requests.post("https://other.example/x", json={"error": r.json()["error"]})
""",
        [("AUR301", 5)],
        id="sent to another service as it is",
    ),
    pytest.param(
        """\
from flask import jsonify
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        return jsonify({"error": r.json()["error"]}), 502
    return jsonify(r.json()["user"])
""",
        [("AUR301", 5)],
        id="answered to the program's own clients",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if r.ok:
        return r.json()["user"]
    error = r.json()["error"]
    if isinstance(error, dict):
        kind = "validation"
        text = "; ".join(error)
    else:
        kind = "other"
        text = error
    print(kind, text)
""",
        [("AUR301", 5), ("AUR301", 6)],
        id="what objects get is more than words",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/designs/" + i)
    if r.status_code == 404:
        if r.json()["error"] == "Design is archived":
            return "archived"
        return None
    return r.json()
""",
        [("AUR302", 4)],
        id="compared where the status is 404 already",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    error = str(r.json().get("error"))
    if error.startswith("Forbidden") or "%s!" % error == "x!":
        return None
    print(error)
""",
        [("AUR301", 3), ("AUR301", 4)],
        id="compared as str()",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    error = r.json().get("error", {})
    for message in error.get("email", []):
        print(message)
""",
        [("AUR301", 3), ("AUR301", 4)],
        id="one field after another",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    print(r.json().get("error", {}).get("email"))
""",
        [("AUR301", 3)],
        id="one field in one go",
    ),
    pytest.param(
        """\
TEXTS = {"Forbidden": "You may not do that", "Not Found": "There is no such user"}
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    error = r.json()["error"]
    print(TEXTS.get(error, error))
    print(TEXTS[r.json()["error"]])
""",
        [("AUR302", 1), ("AUR301", 4), ("AUR301", 5), ("AUR301", 6)],
        id="looked up in a table of texts",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if r.json().get("error") in ("Forbidden", "Unauthorized"):
        raise PermissionError(u)
""",
        [("AUR301", 3)],
        id="one of several texts",
    ),
    pytest.param(
        """\
class Failed(Exception):
    def __init__(self, status, text):
        self.status = status
        self.text = text
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if not r.ok:
        raise Failed(r.status_code, r.json()["error"])
def g():
    try:
        f({})
    except Failed as failed:
        if failed.text == "Forbidden":
            print("no")
""",
        [("AUR301", 8), ("AUR301", 13)],
        id="an attribute of a caught exception is compared",
    ),
    pytest.param(
        """\
def reason(r):
    return r.json().get("error", "?")
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if not r.ok:
        print(reason(r))
    c = requests.post("https://crm.example/x")
    if not c.ok:
        print(reason(c))
""",
        [("AUR301", 2)],
        id="a helper reads another vendor's answers, too",
    ),
    pytest.param(
        """\
from urllib.request import Request, urlopen
from urllib.error import HTTPError
def f(u):
    try:
        return json.load(urlopen(Request(URL + "/users/" + u)))
    except HTTPError as e:
        problem = json.loads(e.read().decode("utf-8"))
        print("HTTP %d: %s" % (e.code, problem.get("error") or problem.get("message") or e.reason))
        if e.code == 404 and problem.get("error", "").startswith("No"):
            return None
""",
        [("AUR302", 9)],
        id="of urllib, shown and tested for a 404",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    error = r.json()["error"]
    print(len(error), error)
""",
        [("AUR301", 3), ("AUR301", 4)],
        id="its length is shown",
    ),
    pytest.param(
        """\
def f(u):
    body = requests.post(URL + "/users/invite", json={"user": u}).json()
    body.setdefault("error", None)
    return body["user"]
""",
        [("AUR301", 3)],
        id="written with setdefault",
    ),
    pytest.param(
        """\
def f(u):
    body = requests.post(URL + "/users/invite", json={"user": u}).json()
    if body.get("error") and body["error"].get("email"):
        print("mail is wrong")
    elif body.get("error"):
        print(body["error"])
""",
        [("AUR301", 3), ("AUR301", 5)],
        id="tests that fields hang on",
    ),
    pytest.param(
        """\
def words(body):
    error = body.get("error")
    if isinstance(error, str):
        return [error]
    return [f"{field} {text}" for field, texts in error.items() for text in texts]
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        print(" and ".join(words(r.json())))
""",
        [("AUR301", 2)],
        id="a list of one text where objects give several, told apart by the text",
    ),
]

SILENT = [
    pytest.param(
        """\
VERSION = "2018.01"
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if VERSION == "2018.01":
        why = body.get("error")
    else:
        why = "; ".join(e["message"] for e in body["errors"])
    print(why)
""",
        id="guarded by the version",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    try:
        why = body["errors"][0]["message"]
    except KeyError:
        why = body["error"]
    print(why)
""",
        id="the old shape as a last resort",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if "errors" in body:
        print(body["errors"][0]["message"])
        return
    print(body.get("error"))
""",
        id="the new shape first, with an early return",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if "user" not in body:
        body["error"] = "no user"
    if body.get("error"):
        print(body["error"])
""",
        id="a key that the program itself writes",
    ),
    pytest.param(
        """\
def f(i):
    job = requests.get(URL + "/designs/" + i + "/auto_designer/status").json()["auto_designer_job"]
    if job["error"]:
        raise RuntimeError(job["error"])
""",
        id="the error of a job",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        log.error(json.dumps(r.json()))
        log.error(r.text)
    r.raise_for_status()
""",
        id="the whole answer is logged",
    ),
]


@pytest.mark.parametrize(("before", "left"), LEFT)
def test_what_a_program_decides_by_is_left(before: str, left: list[tuple[str, int]]) -> None:
    text, found = fixed(before)
    assert found == left
    assert fixed(text) == (text, left)


@pytest.mark.parametrize("body", SILENT)
def test_who_knows_the_new_shape_is_left_alone(body: str) -> None:
    assert fixed(body) == (body, [])
