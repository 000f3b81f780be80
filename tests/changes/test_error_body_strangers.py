"""AUR301: what may be anybody's is left to the user, what can only be Aurora's is not."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed, reasons

STRANGE = [
    pytest.param(
        """\
def describe(body): return body["error"]
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise ValueError(describe(r.json()))
def recorded(path):
    with open(path) as file: print(describe(json.load(file)))
""",
        [("AUR301", 1)],
        id="a function also gets what a file holds",
    ),
    pytest.param(
        """\
def f(i, path):
    if path:
        body = json.load(open(path))
    else:
        body = requests.get(URL + "/users/" + i).json()
    print(body["error"])
""",
        [("AUR301", 6)],
        id="a file or the request, by a parameter",
    ),
    pytest.param(
        """\
import redis
cache = redis.Redis()
def body_of(i):
    kept = cache.get(i)
    if kept: return json.loads(kept)
    return requests.get(URL + "/users/" + i).json()
def show(i):
    print(body_of(i).get("error"))
""",
        [("AUR301", 8)],
        id="a cache of another program, else the request",
    ),
    pytest.param(
        """\
def explain(resp): return resp.json()["error"]
def crm(i):
    print(explain(requests.get("https://crm.example/leads/" + i)))
def f(i):
    print(explain(requests.get(URL + "/users/" + i)))
if __name__ == "__main__":
    f(sys.argv[1])
""",
        [("AUR301", 1)],
        id="another vendor's answer in a function that nothing calls",
    ),
    pytest.param(
        """\
import pika
def on_message(ch, method, props, raw):
    body = json.loads(raw)
    print(body["error"])
def direct(i):
    r = requests.get(URL + "/users/" + i)
    on_message(None, None, None, r.text)
pika.BlockingConnection().channel().basic_consume("q", on_message_callback=on_message)
""",
        [("AUR301", 4)],
        id="a message's callback that is also called with an answer",
    ),
    pytest.param(
        """\
def show(url):
    r = requests.get(url)
    if not r.ok: print(r.json()["error"])
show(URL + "/users/1")
show(sys.argv[1])
""",
        [("AUR301", 3)],
        id="a URL of the command line",
    ),
    pytest.param(
        """\
import sqlite3
db = sqlite3.connect("x")
def show(row): print("failed: %s" % row["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
def old():
    for row in db.execute("select * from failures"): show(row)
""",
        [("AUR301", 3)],
        id="rows of a database",
    ),
    pytest.param(
        """\
class Shown:
    def __init__(self, body): self.body = body
    def __str__(self): return "failed: " + self.body["error"]
def f(i): print(Shown(requests.get(URL + "/users/" + i).json()))
def old(path): print(Shown(json.loads(open(path).read())))
""",
        [("AUR301", 3)],
        id="an attribute that is also filled from a file",
    ),
    pytest.param(
        """\
def show(bodies):
    for body in bodies: print(body["error"])
def f(i): show([requests.get(URL + "/users/" + i).json()])
def old(path): show([json.loads(line) for line in open(path)])
""",
        [("AUR301", 2)],
        id="a list of what the lines of a file say",
    ),
    pytest.param(
        """\
def show(i, body=None):
    body = body or requests.get(URL + "/users/" + i).json()
    print(body["error"])
""",
        [("AUR301", 3)],
        id="a parameter that callers outside may fill",
    ),
    pytest.param(
        """\
from flask import Flask, request
app = Flask(__name__)
def show(body): print(body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
@app.route("/hook")
def hook(): show(request.get_json())
""",
        [("AUR301", 3)],
        id="what a web request brings",
    ),
    pytest.param(
        """\
from vendor import client
def show(body): print(body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
def other(): show(client.fetch())
""",
        [("AUR301", 2)],
        id="the answer of a package that is not seen",
    ),
    pytest.param(
        """\
from dataclasses import dataclass
@dataclass
class Refused:
    error: str
def show(body):
    print(Refused(**body).error)
def f(i): show(requests.get(URL + "/users/" + i).json())
def old(path): show(json.load(open(path)))
""",
        [("AUR301", 4)],
        id="a model that is also made of a file's contents",
    ),
    pytest.param(
        """\
def show(body):
    if "error" in body: print("failed")
def f(i): show(requests.get(URL + "/users/" + i).json())
def old(path): show(json.load(open(path)))
""",
        [("AUR301", 2)],
        id="a test for the key",
    ),
    pytest.param(
        """\
def show(body): print(body.pop("error", None))
def f(i): show(requests.get(URL + "/users/" + i).json())
def old(path): show(json.load(open(path)))
""",
        [("AUR301", 1)],
        id="pop",
    ),
    pytest.param(
        """\
def show(body): print(body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
def old(path):
    data = json.load(open(path))
    show(data["answer"])
""",
        [("AUR301", 1)],
        id="what lies deeper in a file's contents",
    ),
    pytest.param(
        """\
def f(i, path):
    body = {**json.load(open(path)), **requests.get(URL + "/users/" + i).json()}
    print(body["error"])
""",
        [("AUR301", 3)],
        id="a file's contents under the answer's",
    ),
    pytest.param(
        """\
def show(text): print(json.loads(text)["error"])
def f(i): show(requests.get(URL + "/users/" + i).text)
def old(path): show(open(path).read())
""",
        [("AUR301", 1)],
        id="the text of a file",
    ),
    pytest.param(
        """\
def show(text): print(json.loads(text)["error"])
def f(i): show(requests.get(URL + "/users/" + i).text)
for line in sys.stdin: show(line)
""",
        [("AUR301", 1)],
        id="lines of the standard input",
    ),
    pytest.param(
        """\
def show(i, host):
    r = requests.get(host + "/users/" + i)
    if not r.ok: print(r.json()["error"])
for host in [URL, *sys.argv[1:]]: show("1", host)
""",
        [("AUR301", 3)],
        id="hosts of which one is known",
    ),
    pytest.param(
        """\
import pickle
def show(body): print(body["error"])
show(requests.get(URL + "/users/1").json())
show(pickle.load(open("x", "rb")))
""",
        [("AUR301", 2)],
        id="pickled objects",
    ),
    pytest.param(
        """\
def show(fetch):
    body = fetch()
    print(body["error"])
def ours(): return requests.get(URL + "/users/1").json()
show(ours)
from other import theirs
show(theirs)
""",
        [("AUR301", 3)],
        id="a function of a package that is not seen",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, body): self.body = body
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise Refused(r.json())
def old(path):
    raise Refused(json.load(open(path)))
def main():
    try:
        f("1"); old("x")
    except Refused as e:
        print(e.body["error"])
""",
        [("AUR301", 12)],
        id="what an exception carries",
    ),
]

KNOWN = [
    pytest.param(
        """\
def get(i, left=3):
    r = requests.get(URL + "/users/" + i)
    if r.status_code == 429 and left: return get(i, left - 1)
    return r
def show(i):
    r = get(i)
    if not r.ok: print(r.json()["error"])
""",
        id="a request that is sent again by recursion",
    ),
    pytest.param(
        """\
import time
def get(i, left=3):
    r = requests.get(URL + "/users/" + i)
    if r.status_code == 429 and left:
        time.sleep(1)
        return get(i, left - 1)
    body = r.json()
    if not r.ok: raise ValueError(body["error"])
    return body
""",
        id="recursion with the body",
    ),
    pytest.param(
        """\
def show(r):
    if not r.ok: print(r.json()["error"])
def f(i): show(requests.get(URL + "/users/" + i))
def g(i): show(requests.get(URL + "/projects/" + i))
""",
        id="a helper whose callers are all seen",
    ),
    pytest.param(
        """\
from tenacity import retry, stop_after_attempt
@retry(stop=stop_after_attempt(3))
def get(i): return requests.get(URL + "/users/" + i)
def show(i):
    r = get(i)
    if not r.ok: print(r.json()["error"])
""",
        id="tenacity",
    ),
    pytest.param(
        """\
import backoff
@backoff.on_exception(backoff.expo, Exception)
def get(i): return requests.get(URL + "/users/" + i)
def show(i):
    r = get(i)
    if not r.ok: print(r.json()["error"])
""",
        id="backoff",
    ),
    pytest.param(
        """\
from ours import timed
@timed
def get(i): return requests.get(URL + "/users/" + i)
def show(i):
    r = get(i)
    if not r.ok: print(r.json()["error"])
""",
        id="a decorator that is not seen",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    try: body = r.json()
    except ValueError: body = {}
    print(body.get("error"))
""",
        id="an empty dict in its place",
    ),
    pytest.param(
        """\
def say(r, *args, **kwargs):
    if not r.ok: print(r.json()["error"])
s = requests.Session()
s.hooks["response"].append(say)
def f(i): return s.get(URL + "/users/" + i)
""",
        id="a response hook",
    ),
    pytest.param(
        """\
def say(r, *args, **kwargs):
    if not r.ok: print(r.json()["error"])
s = requests.Session()
s.hooks = {"response": [say]}
def f(i): return s.get(URL + "/users/" + i)
""",
        id="a dict of hooks",
    ),
    pytest.param(
        """\
from concurrent.futures import ThreadPoolExecutor
def get(i): return requests.get(URL + "/users/" + i)
def main():
    with ThreadPoolExecutor() as pool:
        for r in pool.map(get, "123"):
            if not r.ok: print(r.json()["error"])
""",
        id="an executor's map",
    ),
    pytest.param(
        """\
from concurrent.futures import ThreadPoolExecutor, as_completed
def get(i): return requests.get(URL + "/users/" + i)
def main():
    with ThreadPoolExecutor() as pool:
        for done in as_completed([pool.submit(get, i) for i in "123"]):
            r = done.result()
            if not r.ok: print(r.json()["error"])
""",
        id="submitted calls",
    ),
    pytest.param(
        """\
class Answer:
    def __init__(self, i):
        self.r = requests.get(URL + "/users/" + i)
    def why(self):
        return "failed: %s" % self.r.json()["error"]
print(Answer("1").why())
""",
        id="a response in an attribute",
    ),
    pytest.param(
        """\
def f(i):
    try:
        r = requests.get(URL + "/users/" + i)
        r.raise_for_status()
    except requests.HTTPError as e:
        print(e.response.json()["error"])
""",
        id="an exception's response",
    ),
    pytest.param(
        """\
def get(path):
    r = requests.get(URL + path)
    r.raise_for_status()
    return r.json()
def f(i):
    try:
        return get("/users/" + i)
    except requests.HTTPError as e:
        print(e.response.json()["error"])
""",
        id="an exception's response, raised in a helper",
    ),
    pytest.param(
        """\
def get(session, path):
    r = session.get(URL + path)
    if not r.ok: raise ValueError(r.json()["error"])
    return r.json()
""",
        id="a session that callers give",
    ),
    pytest.param(
        """\
class Client:
    def __init__(self, session=None): self.session = session or requests.Session()
    def request(self, method, path, **kw):
        r = self.session.request(method, URL + path, **kw)
        if not r.ok: raise ValueError(r.json()["error"])
        return r.json()
    def user(self, i): return self.request("GET", "/users/" + i)
""",
        id="a client that makes its session if none is given",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, response):
        self.body = response.json()
        super().__init__(self.body["error"])
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok: raise Refused(r)
def main():
    try: f("1")
    except Refused as e: print(e.body["error"])
""",
        id="an exception that carries the body",
    ),
    pytest.param(
        """\
import asyncio, httpx
async def get(c, i): return await c.get(URL + "/users/" + i)
async def main():
    async with httpx.AsyncClient() as c:
        for r in await asyncio.gather(*(get(c, i) for i in "12")):
            if r.is_error: print(r.json()["error"])
""",
        id="gathered answers",
    ),
    pytest.param(
        """\
def pages():
    page = 1
    while True:
        body = requests.get(URL + "/users", params={"page": page}).json()
        if "error" in body: raise ValueError(body["error"])
        yield from body["users"]
        page += 1
""",
        id="pages",
    ),
    pytest.param(
        """\
def check(d):
    for i, r in d.items():
        if not r.ok: print(i, r.json()["error"])
def main():
    d = {}
    for i in sys.argv[1:]: d[i] = requests.get(URL + "/users/" + i)
    check(d)
""",
        id="answers in a dict",
    ),
    pytest.param(
        """\
from functools import partial
def get(method, path):
    r = requests.request(method, URL + path)
    if not r.ok: raise ValueError(r.json().get("error"))
    return r.json()
read = partial(get, "GET")
print(read("/users/1"))
""",
        id="functools.partial",
    ),
    pytest.param(
        """\
from functools import lru_cache
@lru_cache(maxsize=None)
def get(i):
    return requests.get(URL + "/users/" + i).json()
def show(i): print(get(i)["error"])
""",
        id="lru_cache",
    ),
    pytest.param(
        """\
def f(ids):
    body = None
    for i in ids:
        if body and "error" in body: print(body["error"])
        body = requests.get(URL + "/users/" + i).json()
""",
        id="the answer before",
    ),
    pytest.param(
        """\
cache = {}
def body_of(i):
    if i not in cache:
        cache[i] = requests.get(URL + "/users/" + i).json()
    return cache[i]
def show(i): print(body_of(i)["error"])
""",
        id="a dict of answers",
    ),
    pytest.param(
        """\
last = None
def f(i):
    global last
    last = requests.get(URL + "/users/" + i).json()
def show():
    if last: print(last["error"])
""",
        id="a module variable",
    ),
    pytest.param(
        """\
from contextlib import contextmanager
@contextmanager
def refusals(r):
    yield
    if not r.ok: print(r.json()["error"])
def f(i):
    r = requests.get(URL + "/users/" + i)
    with refusals(r): pass
""",
        id="a context manager",
    ),
    pytest.param(
        """\
class A:
    def __init__(self, r): self.r = r
    @property
    def body(self): return self.r.json()
    def why(self): return str(self.body["error"])
def f(i):
    a = A(requests.get(URL + "/users/" + i))
    print(a.why())
""",
        id="a property",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    body = r.json()
    if isinstance(body, dict) and "error" in body: print(body["error"])
""",
        id="a test for a dict",
    ),
    pytest.param(
        """\
def call(method, path, **kw):
    for attempt in range(3):
        r = requests.request(method, URL + path, **kw)
        if r.status_code != 429: break
    if r.status_code >= 400:
        raise RuntimeError(r.json().get("error", r.text))
    return r.json()
""",
        id="a loop of attempts",
    ),
    pytest.param(
        """\
import queue
waiting = queue.Queue()
def f(i):
    waiting.put(requests.get(URL + "/users/" + i).json())
def work():
    while True:
        body = waiting.get()
        if "error" in body: print(body["error"])
""",
        id="a queue that only answers are put into",
    ),
    pytest.param(
        """\
from celery import shared_task
@shared_task
def show(body): print(body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
""",
        id="a task that the program calls itself",
    ),
]


@pytest.mark.parametrize(("body", "left"), STRANGE)
def test_what_comes_from_elsewhere_is_left_to_the_user(body: str, left: list[tuple[str, int]]) -> None:
    assert fixed(body) == (body, left)


@pytest.mark.parametrize("body", KNOWN)
def test_what_can_only_be_auroras_is_rewritten(body: str) -> None:
    after, left = fixed(body)
    assert left == []
    assert '"errors"' in after


TOLERANT = [
    pytest.param(
        """\
def show(body): print(body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
def kept(path): show(json.load(open(path)))
""",
        'one text of either shape is `"; ".join(item["message"] for item in body.get("errors") or []) '
        'or body["error"]`',
        id="a name",
    ),
    pytest.param(
        """\
def show(r): print(r.json().get("error", "?"))
def f(i): show(requests.get(URL + "/users/" + i))
def lead(i): show(requests.get("https://crm.example/leads/" + i))
""",
        '`"; ".join(item["message"] for body in [r.json()] for item in body.get("errors") or []) '
        'or r.json().get("error", "?")`',
        id="the body of a response",
    ),
    pytest.param(
        """\
def load(i, path):
    return json.load(open(path)) if path else requests.get(URL + "/users/" + i).json()
def show(i, path): print(load(i, path)["error"])
""",
        "with `load(i, path)` in a variable `body`, one text of either shape is "
        '`"; ".join(item["message"] for item in body.get("errors") or []) or body["error"]`',
        id="a call that must not be made twice",
    ),
]


@pytest.mark.parametrize(("body", "text"), TOLERANT)
def test_the_report_has_the_text_for_both_shapes(body: str, text: str) -> None:
    (reason,) = reasons(body)
    assert text in reason


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            """\
def show(body): print("; ".join(item["message"] for item in body.get("errors") or []) or body["error"])
def f(i): show(requests.get(URL + "/users/" + i).json())
def kept(path): show(json.load(open(path)))
""",
            id="a name",
        ),
        pytest.param(
            """\
def why(r):
    return "; ".join(
        item["message"] for body in [r.json()] for item in body.get("errors") or []
    ) or r.json().get("error", "?")
def f(i): print(why(requests.get(URL + "/users/" + i)))
def lead(i): print(why(requests.get("https://crm.example/leads/" + i)))
""",
            id="the body of a response",
        ),
    ],
)
def test_the_text_for_both_shapes_is_silent(body: str) -> None:
    assert fixed(body) == (body, [])
