"""AUR301: tests for an error ask for both keys; what already knows the new shape is left alone."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed, spelled_out

GET = """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    body = r.json()
"""

TESTED = [
    pytest.param(
        """\
    if "error" in body:
        print(body["error"])
""",
        """\
    if "errors" in body or "error" in body:
        print(STRICT<body>)
""",
        id="the key is looked for",
    ),
    pytest.param(
        """\
    if not "error" in r.json():
        return r.json()["user"]
    raise ValueError(body["error"])
""",
        """\
    if not ("errors" in r.json() or "error" in r.json()):
        return r.json()["user"]
    raise ValueError(STRICT<body>)
""",
        id="not, and the body is taken anew",
    ),
    pytest.param(
        """\
    if "error" not in body and "user" in body:
        return body["user"]
    raise ValueError(body["error"])
""",
        """\
    if ("errors" not in body and "error" not in body) and "user" in body:
        return body["user"]
    raise ValueError(STRICT<body>)
""",
        id="not in",
    ),
    pytest.param(
        """\
    if "error" in body or "message" in body: print("refused")
    if body.get("error") or body.get("message"): print("refused")
""",
        """\
    if "errors" in body or "error" in body: print("refused")
    if body.get("errors") or body.get("error"): print("refused")
""",
        id="both old keys",
    ),
    pytest.param(
        """\
    failed = body.get("error")
    if failed and i: print("refused")
    return bool(body.get("error"))
""",
        """\
    failed = body.get("errors") or body.get("error")
    if failed and i: print("refused")
    return bool(body.get("errors") or body.get("error"))
""",
        id="asked whether it is empty",
    ),
    pytest.param(
        """\
    if "error" not in requests.get(URL).json(): print("ok")
    if requests.get(URL).json().get("error"): print("no")
""",
        """\
    if not any("errors" in data or "error" in data for data in [requests.get(URL).json()]): print("ok")
    if any(data.get("errors") or data.get("error") for data in [requests.get(URL).json()]): print("no")
""".replace("data", "answer"),
        id="nothing is sent twice",
    ),
]


@pytest.mark.parametrize(("before", "after"), TESTED)
def test_tests_ask_for_both_keys(before: str, after: str) -> None:
    assert fixed(GET + before) == (GET + spelled_out(after), [])
    assert fixed(GET + spelled_out(after)) == (GET + spelled_out(after), [])


KNOWN = [
    pytest.param('    return body["errors"] if "errors" in body else body["error"]\n', id="a conditional"),
    pytest.param('    return body.get("errors", body.get("error"))\n', id="a default"),
    pytest.param('    return body.get("errors") or body.get("error")\n', id="or"),
    pytest.param(
        '    if "errors" in body or "error" in body:\n'
        '        print([e["message"] for e in body.get("errors") or body["error"]])\n',
        id="tests for both",
    ),
    pytest.param(
        """\
    if "errors" in body:
        text = "; ".join(e["message"] for e in body["errors"])
    elif "error" in body:
        text = body["error"]
    print(text)
""",
        id="elif",
    ),
    pytest.param(
        """\
    errors = body.get("errors")
    if errors is None:
        errors = body.get("error")
    print(errors)
""",
        id="a variable that is None",
    ),
    pytest.param(
        """\
    errors = body.get("errors")
    if errors:
        return [e["message"] for e in errors]
    return body.get("error")
""",
        id="an early return",
    ),
    pytest.param(
        """\
    try:
        text = body["errors"][0]["message"]
    except KeyError:
        text = body["error"]
    print(text)
""",
        id="an exception",
    ),
    pytest.param(
        """\
    key = "errors" if "errors" in body else "error"
    print(body[key])
""",
        id="the key is chosen",
    ),
]


@pytest.mark.parametrize("known", KNOWN)
def test_what_knows_the_new_shape_is_left_alone(known: str) -> None:
    assert fixed(GET + known) == (GET + known, [])


def test_what_is_guarded_by_the_version_is_left_alone() -> None:
    body = """\
def f(i, version):
    body = requests.get(URL + "/users/" + i, headers={"Aurora-API-Version": version}).json()
    if version == "2018.01":
        return body["error"]
    return body["errors"]
"""
    assert fixed(body) == (body, [])
