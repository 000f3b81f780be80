"""AUR301: objects of fields and messages that become texts for a person become the messages."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed

FLATTENED = [
    pytest.param(
        """\
class Bad(Exception):
    def __init__(self, details):
        super().__init__("%d objections" % len(details))
        self.details = details
def f(i):
    r = requests.post(URL + "/users", json=i)
    if r.status_code == 422:
        body = r.json()
        raise Bad([f"{name} {text}" for name, texts in body["error"].items() for text in texts])
def main():
    try: f({})
    except Bad as e: print(e, *e.details, sep="\\n")
main()
""",
        """\
class Bad(Exception):
    def __init__(self, details):
        super().__init__("%d objections" % len(details))
        self.details = details
def f(i):
    r = requests.post(URL + "/users", json=i)
    if r.status_code == 422:
        body = r.json()
        raise Bad([item["message"] for item in body.get("errors") or body["error"]])
def main():
    try: f({})
    except Bad as e: print(e, *e.details, sep="\\n")
main()
""",
        id="a list that an exception carries and somebody prints",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    if not r.ok:
        sys.exit("\\n".join(n + ": " + m for n, ms in r.json()["error"].items() for m in ms))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    if not r.ok:
        sys.exit("\\n".join("""
        """item["message"] for body in [r.json()] for item in body.get("errors") or body["error"]))
""",
        id="joined at once",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok: raise ValueError("; ".join("%s %s" % (n, ", ".join(ms)) for n, ms in body["error"].items()))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok: raise ValueError("; ".join(item["message"] for item in body.get("errors") or body["error"]))
""",
        id="one text a field",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    if r.ok: return
    why = json.loads(r.text)["error"]
    raise ValueError([f"{k} {m}" for k, v in why.items() for m in v])
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    if r.ok: return
    why = [item for body in [json.loads(r.text)] for item in body.get("errors") or body["error"]]
    raise ValueError([item["message"] for item in why])
""",
        id="a body that must be read once only",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok: raise ValueError(", ".join(m for ms in body["error"].values() for m in ms))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok: raise ValueError(", ".join(item["message"] for item in body.get("errors") or body["error"]))
""",
        id="without the fields' names",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if r.ok: return
    lines = []
    for field, messages in body["error"].items():
        for message in messages:
            lines.append(f"{field}: {message}")
    log.error("refused: %s", "; ".join(lines))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if r.ok: return
    lines = []
    for item in body.get("errors") or body["error"]:
        lines.append(item["message"])
    log.error("refused: %s", "; ".join(lines))
""",
        id="two loops that fill a list",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        for field, messages in body["error"].items():
            for message in messages:
                print(f"  - {field.title()}: {message}")
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        for item in body.get("errors") or body["error"]:
            print(f"  - {item['message']}")
""",
        id="two loops that print",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    for field, messages in body.get("error", {}).items():
        print("%s: %s" % (field, ", ".join(messages)))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    for item in body.get("errors") or body.get("error") or []:
        print(item["message"])
""",
        id="one loop, a default",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    errors = r.json()["error"]
    if errors:
        print("\\n".join(f"{k} {v[0]}" for k, v in errors.items()))
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    errors = r.json().get("errors") or r.json()["error"]
    if errors:
        print("\\n".join(item["message"] for item in errors))
""",
        id="an object in a variable, the first of each field",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        lines = ["{}: {}.".format(k, v) for k, vs in body["error"].items() for v in vs]
        log.warning("no: %s", lines)
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        lines = [item["message"] + "." for item in body.get("errors") or body["error"]]
        log.warning("no: %s", lines)
""",
        id="format, with a full stop",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        lines = [i + ": " + k + " " + v for k, vs in body["error"].items() for v in vs]
        for line in lines: print(line)
""",
        """\
def f(i):
    r = requests.post(URL + "/users", json=i)
    body = r.json()
    if not r.ok:
        lines = [i + ": " + item["message"] for item in body.get("errors") or body["error"]]
        for line in lines: print(line)
""",
        id="other words before it stay",
    ),
    pytest.param(
        """\
def why(body): return [k + " " + v for k, vs in body["error"].items() for v in vs]
def f(i):
    r = requests.post(URL + "/users", json=i)
    if not r.ok: print("; ".join(why(r.json())))
""",
        """\
def why(body): return [item["message"] for item in body.get("errors") or body["error"]]
def f(i):
    r = requests.post(URL + "/users", json=i)
    if not r.ok: print("; ".join(why(r.json())))
""",
        id="a helper's result",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    text = ""
    for k, vs in (body.get("error") or {}).items():
        for v in vs:
            text += k + " " + v + ". "
    print(text)
""",
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    text = ""
    for item in body.get("errors") or body.get("error") or []:
        text += item["message"] + ". "
    print(text)
""",
        id="a text that grows",
    ),
]

LEFT = [
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    return {k: ", ".join(vs) for k, vs in body["error"].items()}
""",
        [("AUR301", 3)],
        id="a dict by field",
    ),
    pytest.param(
        """\
class Bad(Exception):
    def __init__(self, errors): self.errors = errors
def f(i):
    r = requests.post(URL + "/users", json=i)
    if not r.ok: raise Bad([k + " " + m for k, ms in r.json()["error"].items() for m in ms])
def main():
    try: f({})
    except Bad as e:
        if "email has already been taken" in e.errors: return
        print(e.errors)
main()
""",
        [("AUR301", 5), ("AUR301", 9)],
        id="an exception's list that is searched",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    print("; ".join(f"{k} {v}" for k, vs in body["error"].items() if k != "base" for v in vs))
""",
        [("AUR301", 3)],
        id="a field is left out",
    ),
    pytest.param(
        """\
LABELS = {"email": "E-mail"}
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    print("; ".join(LABELS[k] + " " + v for k, vs in body["error"].items() for v in vs))
""",
        [("AUR301", 4)],
        id="a field's name is looked up",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    print(", ".join(k for k, vs in body["error"].items()))
""",
        [("AUR301", 3)],
        id="only the names of the fields",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    for k, v in [(k, v) for k, vs in body["error"].items() for v in vs]: print(k, v)
""",
        [("AUR301", 3)],
        id="pairs of field and message",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    by_field = {}
    for k, vs in body["error"].items():
        for v in vs:
            by_field.setdefault(k, []).append(f"{k} {v}")
    print(by_field)
""",
        [("AUR301", 4)],
        id="lists by field",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    for k, vs in body["error"].items():
        i.pop(k)
        for v in vs: print(f"{k} {v}")
""",
        [("AUR301", 3)],
        id="a loop that does more",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    for k, vs in body["error"].items():
        for v in vs: print(f"{k} {v}")
    print(k)
""",
        [("AUR301", 3)],
        id="a variable of the loop is used behind it",
    ),
    pytest.param(
        """\
from ours import notify
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    notify([f"{k} {v}" for k, vs in body["error"].items() for v in vs])
""",
        [("AUR301", 4)],
        id="texts that go to code nobody sees",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    lines = [f"{k} {v}" for k, vs in body["error"].items() for v in vs]
    if any(line.startswith("email") for line in lines): return None
    print(lines)
""",
        [("AUR301", 3), ("AUR301", 4)],
        id="a text that is searched",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    lines = [f"{k} {v}" for k, vs in body["error"].items() for v in vs]
    if lines[0] == "email has already been taken": return None
    print(lines)
""",
        [("AUR301", 3), ("AUR301", 4)],
        id="the first text is compared",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    errors = body["error"]
    if "email" in errors: return None
    print([f"{k} {v}" for k, vs in errors.items() for v in vs])
""",
        [("AUR301", 3), ("AUR301", 4), ("AUR301", 5)],
        id="a field is asked for, too",
    ),
    pytest.param(
        """\
def lines(body): return [f"{k} {v}" for k, vs in body["error"].items() for v in vs]
def f(i): print(lines(requests.post(URL + "/users", json=i).json()))
def kept(path): print(lines(json.load(open(path))))
""",
        [("AUR301", 1)],
        id="a file's contents come by, too",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.post(URL + "/users", json=i).json()
    errors = body["error"]
    log.info("%s", errors)
    print([f"{k} {v}" for k, vs in errors.items() for v in vs])
""",
        [("AUR301", 3), ("AUR301", 5)],
        id="the object is shown, too",
    ),
]


@pytest.mark.parametrize(("before", "after"), FLATTENED)
def test_texts_of_fields_become_messages(before: str, after: str) -> None:
    assert fixed(before) == (after, [])


@pytest.mark.parametrize(("body", "left"), LEFT)
def test_what_needs_the_fields_is_left_to_the_user(body: str, left: list[tuple[str, int]]) -> None:
    assert fixed(body) == (body, left)
