"""AUR301: what a program shows of an error becomes the joined messages, however it comes by them."""

from __future__ import annotations

import pytest

from tests.changes.error_programs import fixed, spelled_out

REWRITTEN = [
    pytest.param(
        """\
def f(i):
    b = requests.get(URL + "/users/" + i).json()
    why = b.pop("error", None)
    if why is not None:
        print("refused:", why)
        return None
    return b["user"]
""",
        """\
def f(i):
    b = requests.get(URL + "/users/" + i).json()
    why = "; ".join(item["message"] for item in b.pop("errors", None) or b.pop("error", None) or []) or None
    if why is not None:
        print("refused:", why)
        return None
    return b["user"]
""",
        id="taken out with pop and compared with None",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if body.get("error") is None:
        return body["user"]
    log.error(body["error"])
""",
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if (body.get("errors") or body.get("error")) is None:
        return body["user"]
    log.error(STRICT<body>)
""",
        id="compared with None",
    ),
    pytest.param(
        """\
def refusal(r):
    return r.json()["error"]
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        print(refusal(r))
def g(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        sys.exit("no " + refusal(r))
""",
        """\
def refusal(r):
    return STRICT<r.json()>
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        print(refusal(r))
def g(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        sys.exit("no " + refusal(r))
""",
        id="returned to callers that print it",
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
    if not ok:
        print("refused", why)
main()
""",
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    if r.ok:
        return True, None
    return False, STRICT<r.json()>
def main():
    ok, why = f("1")
    if not ok:
        print("refused", why)
main()
""",
        id="one of two results, printed by the caller",
    ),
    pytest.param(
        """\
def run(ids):
    failures = {}
    for i in ids:
        r = requests.get(URL + "/users/" + i)
        if not r.ok:
            failures[i] = r.json().get("error", "unknown")
    for i, why in failures.items():
        print(i, why)
""",
        """\
def run(ids):
    failures = {}
    for i in ids:
        r = requests.get(URL + "/users/" + i)
        if not r.ok:
            failures[i] = LOOSE<r.json()> or "unknown"
    for i, why in failures.items():
        print(i, why)
""",
        id="kept in a dict that is printed",
    ),
    pytest.param(
        """\
ERROR = "error"
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if ERROR in body:
        raise RuntimeError(body[ERROR])
    return body["user"]
""",
        """\
ERROR = "error"
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if "errors" in body or "error" in body:
        raise RuntimeError(STRICT<body>)
    return body["user"]
""",
        id="the key is a constant",
    ),
    pytest.param(
        """\
why = lambda r: r.json().get("error", "?")
def f(ids):
    answers = [requests.get(URL + "/users/" + i) for i in ids]
    print(", ".join(str(a.json()["error"]) for a in answers if not a.ok))
    for a in answers:
        log.warning(why(a))
""",
        """\
why = lambda r: LOOSE<r.json()> or "?"
def f(ids):
    answers = [requests.get(URL + "/users/" + i) for i in ids]
    print(", ".join(str(STRICT<a.json()>) for a in answers if not a.ok))
    for a in answers:
        log.warning(why(a))
""",
        id="in a lambda and inside a generator expression",
    ),
    pytest.param(
        """\
import aiohttp
async def f(i):
    async with aiohttp.ClientSession() as s:
        async with s.get(URL + "/users/" + i) as r:
            if r.status >= 400:
                raise RuntimeError((await r.json())["error"])
            return (await r.json())["user"]
""",
        """\
import aiohttp
async def f(i):
    async with aiohttp.ClientSession() as s:
        async with s.get(URL + "/users/" + i) as r:
            if r.status >= 400:
                raise RuntimeError(STRICT<await r.json()>)
            return (await r.json())["user"]
""",
        id="behind await",
    ),
    pytest.param(
        """\
import http.client
def f(i):
    c = http.client.HTTPSConnection("api.aurorasolar.com")
    c.request("GET", "/tenants/t1/users/" + i)
    r = c.getresponse()
    data = json.loads(r.read())
    if r.status != 200:
        sys.stderr.write("%s\\n" % data["error"])
    return data.get("user")
""",
        """\
import http.client
def f(i):
    c = http.client.HTTPSConnection("api.aurorasolar.com")
    c.request("GET", "/tenants/t1/users/" + i)
    r = c.getresponse()
    data = json.loads(r.read())
    if r.status != 200:
        sys.stderr.write("%s\\n" % STRICT<data>)
    return data.get("user")
""",
        id="of http.client, written to stderr",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + '/users/' + i)
    if not r.ok:
        print(f'{i}: {r.json()["error"]}')
        print(f'''{i}: {r.json()["error"]!r:>30}''')
""",
        """\
def f(i):
    r = requests.get(URL + '/users/' + i)
    if not r.ok:
        print(f'{i}: {STRICT<r.json()>}')
        print(f'''{i}: {STRICT<r.json()>!r:>30}''')
""",
        id="inside f-strings of either quote",
    ),
    pytest.param(
        """\
from dataclasses import dataclass
@dataclass
class Result:
    ok: bool
    detail: str = ""
def f(i):
    r = requests.get(URL + "/users/" + i)
    return Result(r.ok, "" if r.ok else r.json()["error"])
res = f("1")
if not res.ok:
    print(res.detail)
""",
        """\
from dataclasses import dataclass
@dataclass
class Result:
    ok: bool
    detail: str = ""
def f(i):
    r = requests.get(URL + "/users/" + i)
    return Result(r.ok, "" if r.ok else STRICT<r.json()>)
res = f("1")
if not res.ok:
    print(res.detail)
""",
        id="in a field of a dataclass that is printed",
    ),
    pytest.param(
        """\
def words(error):
    if isinstance(error, str):
        return error
    parts = []
    for field, texts in error.items():
        for text in texts:
            parts.append(f"{field} {text}")
    return ", ".join(parts)
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if not r.ok:
        raise ValueError(words(r.json()["error"]))
""",
        """\
def words(error):
    if isinstance(error, str):
        return error
    parts = []
    for field, texts in error.items():
        for text in texts:
            parts.append(f"{field} {text}")
    return ", ".join(parts)
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if not r.ok:
        raise ValueError(words(STRICT<r.json()>))
""",
        id="given to a function that puts objects in words",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if r.ok:
        return r.json()
    elif (why := r.json().get("error", r.json().get("message", "no reason"))):
        log.error("%s", why)
""",
        """\
def f(i):
    r = requests.post(URL + "/users/invite", json={"user": i})
    if r.ok:
        return r.json()
    elif (why := LOOSE<r.json()> or "no reason"):
        log.error("%s", why)
""",
        id="a get in the default of a get, in a walrus",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    assert "error" not in body, body["error"]
    return body["user"]
""",
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    assert "errors" not in body and "error" not in body, STRICT<body>
    return body["user"]
""",
        id="the message of an assert",
    ),
    pytest.param(
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if not body.get("error"): return body["user"]
    raise RuntimeError(
        "Aurora says: "   # for the log
        + str(body["error"])   # text or dict
    )
""",
        """\
def f(i):
    body = requests.get(URL + "/users/" + i).json()
    if not (body.get("errors") or body.get("error")): return body["user"]
    raise RuntimeError(
        "Aurora says: "   # for the log
        + str(STRICT<body>)   # text or dict
    )
""",
        id="between comments, on several lines",
    ),
    pytest.param(
        """\
class ApiError(Exception):
    def __init__(self, response):
        self.response = response
        super().__init__(self.detail)
    @property
    def detail(self):
        try:
            return self.response.json()["error"]
        except (ValueError, KeyError):
            return self.response.reason
    def __str__(self):
        return "%s (%d)" % (self.detail, self.response.status_code)
class Api:
    def __init__(self):
        self.s = requests.Session()
    def call(self, verb, path, **kw):
        r = self.s.request(verb, URL + path, **kw)
        if r.status_code >= 400:
            raise ApiError(r)
        return r.json()
def main():
    try:
        print(Api().call("GET", "/users/1"))
    except ApiError as e:
        print(e, e.detail, file=sys.stderr)
main()
""",
        """\
class ApiError(Exception):
    def __init__(self, response):
        self.response = response
        super().__init__(self.detail)
    @property
    def detail(self):
        try:
            return STRICT<self.response.json()>
        except (ValueError, KeyError):
            return self.response.reason
    def __str__(self):
        return "%s (%d)" % (self.detail, self.response.status_code)
class Api:
    def __init__(self):
        self.s = requests.Session()
    def call(self, verb, path, **kw):
        r = self.s.request(verb, URL + path, **kw)
        if r.status_code >= 400:
            raise ApiError(r)
        return r.json()
def main():
    try:
        print(Api().call("GET", "/users/1"))
    except ApiError as e:
        print(e, e.detail, file=sys.stderr)
main()
""",
        id="an error class with a property and __str__",
    ),
    pytest.param(
        """\
def check(r):
    try:
        r.raise_for_status()
    except requests.HTTPError as e:
        raise SystemExit("Aurora: " + e.response.json().get("message", e.response.text))
    return r.json()
def f(i):
    return check(requests.get(URL + "/users/" + i))["user"]
""",
        """\
def check(r):
    try:
        r.raise_for_status()
    except requests.HTTPError as e:
        raise SystemExit("Aurora: " + (LOOSE<e.response.json()> or e.response.text))
    return r.json()
def f(i):
    return check(requests.get(URL + "/users/" + i))["user"]
""",
        id="an exception of the library, its text as default",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    body = r.json()
    why = body["error"] if "error" in body else body.get("message")
    print(f"{u}: {why}")
""",
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    body = r.json()
    why = STRICT<body> if ("errors" in body or "error" in body) else LOOSE<body>
    print(f"{u}: {why}")
""",
        id="either branch of a conditional expression",
    ),
    pytest.param(
        """\
import tenacity
class Busy(Exception): pass
@tenacity.retry(retry=tenacity.retry_if_exception_type(Busy))
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if r.status_code == 429:
        raise Busy(r.json()["error"])
    return r
""",
        """\
import tenacity
class Busy(Exception): pass
@tenacity.retry(retry=tenacity.retry_if_exception_type(Busy))
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if r.status_code == 429:
        raise Busy(STRICT<r.json()>)
    return r
""",
        id="an exception class of the project without a constructor",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if not r.ok:
        log.error("refused", extra={"error": r.json()["error"], "status": r.status_code})
        log.error("%(status)s %(error)s", {"status": r.status_code, "error": r.json().get("error")})
        print("%(e)s" % dict(e=r.json()["error"]))
""",
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    if not r.ok:
        log.error("refused", extra={"error": STRICT<r.json()>, "status": r.status_code})
        log.error("%(status)s %(error)s", {"status": r.status_code, "error": LOOSE<r.json()>})
        print("%(e)s" % dict(e=STRICT<r.json()>))
""",
        id="in dicts that only a log or % takes",
    ),
    pytest.param(
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    print(r.json()["error"][:200].strip().capitalize())
""",
        """\
def f(u):
    r = requests.post(URL + "/users/invite", json={"user": u})
    print(STRICT<r.json()>[:200].strip().capitalize())
""",
        id="cut and dressed up",
    ),
    pytest.param(
        """\
def refusals(users):
    for u in users:
        r = requests.post(URL + "/users/invite", json={"user": u})
        if not r.ok:
            yield u, r.json()["error"]
def main():
    for u, why in refusals([1]):
        print(u, why)
main()
""",
        """\
def refusals(users):
    for u in users:
        r = requests.post(URL + "/users/invite", json={"user": u})
        if not r.ok:
            yield u, STRICT<r.json()>
def main():
    for u, why in refusals([1]):
        print(u, why)
main()
""",
        id="yielded to a loop that prints it",
    ),
    pytest.param(
        """\
def hook(r, *args, **kwargs):
    if not r.ok:
        print(r.json()["error"])
def f(u):
    return requests.post(URL + "/users/invite", json={"user": u}, hooks={"response": hook})
""",
        """\
def hook(r, *args, **kwargs):
    if not r.ok:
        print(STRICT<r.json()>)
def f(u):
    return requests.post(URL + "/users/invite", json={"user": u}, hooks={"response": hook})
""",
        id="in a response hook of a call",
    ),
    pytest.param(
        """\
import httpx
def hook(response):
    if response.is_error:
        response.read()
        raise RuntimeError(response.json()["error"])
c = httpx.Client(base_url=URL, event_hooks={"response": [hook]})
def f(u):
    return c.get("/users/" + u).json()
""",
        """\
import httpx
def hook(response):
    if response.is_error:
        response.read()
        raise RuntimeError(STRICT<response.json()>)
c = httpx.Client(base_url=URL, event_hooks={"response": [hook]})
def f(u):
    return c.get("/users/" + u).json()
""",
        id="in an event hook of a client",
    ),
    pytest.param(
        """\
class Refused(Exception):
    def __init__(self, messages):
        super().__init__(", ".join(messages))
        self.messages = messages
def check(r):
    if r.ok:
        return r
    error = r.json().get("error", "no reason")
    if isinstance(error, dict):
        raise Refused([f"{field} {text}" for field, texts in error.items() for text in texts])
    raise Refused([str(error)])
def f(i):
    try:
        check(requests.get(URL + "/users/" + i))
    except Refused as e:
        print(" and ".join(e.messages))
""",
        """\
class Refused(Exception):
    def __init__(self, messages):
        super().__init__(", ".join(messages))
        self.messages = messages
def check(r):
    if r.ok:
        return r
    error = LOOSE-LIST<r.json()> or ["no reason"]
    if isinstance(error, dict):
        raise Refused([f"{field} {text}" for field, texts in error.items() for text in texts])
    raise Refused(error)
def f(i):
    try:
        check(requests.get(URL + "/users/" + i))
    except Refused as e:
        print(" and ".join(e.messages))
""",
        id="one text or several, kept as a list of messages",
    ),
    pytest.param(
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    problems = []
    if not r.ok:
        problems += [r.json()["error"]]
    for problem in problems:
        print(problem)
""",
        """\
def f(i):
    r = requests.get(URL + "/users/" + i)
    problems = []
    if not r.ok:
        problems += STRICT-LIST<r.json()>
    for problem in problems:
        print(problem)
""",
        id="the only element of a list where it is read",
    ),
    pytest.param(
        """\
def trace(*what):
    print(" ".join(map(str, what)))
def note(fmt, *values, **more):
    for each in more.values():
        log.info(each)
    log.warning(fmt % values)
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        trace("refused", i, r.json()["error"])
        note("%s: %s", i, r.json()["error"], why=r.json()["error"])
""",
        """\
def trace(*what):
    print(" ".join(map(str, what)))
def note(fmt, *values, **more):
    for each in more.values():
        log.info(each)
    log.warning(fmt % values)
def f(i):
    r = requests.get(URL + "/users/" + i)
    if not r.ok:
        trace("refused", i, STRICT<r.json()>)
        note("%s: %s", i, STRICT<r.json()>, why=STRICT<r.json()>)
""",
        id="functions that gather what they are given",
    ),
]


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_what_people_read_is_rewritten(before: str, after: str) -> None:
    assert fixed(before) == (spelled_out(after), [])


@pytest.mark.parametrize(("before", "after"), REWRITTEN)
def test_the_result_stays_as_it_is(before: str, after: str) -> None:
    assert fixed(spelled_out(after)) == (spelled_out(after), [])
