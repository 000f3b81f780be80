"""One small program an idiom: what Aurora's answer holds is followed to where it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts

AURORA = "api.aurorasolar.com"
VENDOR = "api.vendor.example"
RULE = "AUR401"

FETCH = """
import requests
def fetch(i):
    return requests.get("https://HOST/tenants/1/designs/" + i + "/summary").json()["design"]
"""

# A line that ends in `# <-` is one that must be found; `FETCH` gives the design of one id.
IDIOMS = {
    "one chain": """
import requests
print(requests.get("https://HOST/tenants/1/designs/2/summary").json()["design"]["system_size"])  # <-
""",
    "a chain of .get": """
import requests
r = requests.get("https://HOST/tenants/1/designs/2/summary")
print(r.json().get("design", {}).get("system_size", 0))  # <-
""",
    "the wrapper with the body as its default": """
import requests
def f(i):
    data = requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()
    design = data.get("design", data)
    return design["system_size"]  # <-
""",
    "helper of the path": """
import requests
def api(path, **kw):
    r = requests.get("https://HOST" + path, **kw)
    r.raise_for_status()
    return r.json()
def f(i):
    return api(f"/tenants/1/designs/{i}/summary", timeout=3)["design"]["system_size"]  # <-
""",
    "client class": """
import requests
class Client:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()
    def _get(self, path):
        return self.session.get(self.base + path).json()
    def summary(self, i):
        return self._get("/tenants/1/designs/%s/summary" % i)["design"]
def f(i):
    return Client("https://HOST").summary(i)["system_size"]  # <-
""",
    "json.loads of the text": """
import json, requests
def f(i):
    r = requests.get(f"https://HOST/tenants/1/designs/{i}/summary")
    return json.loads(r.text)["design"]["system_size"]  # <-
""",
    "json.loads of the content": """
import json, requests
def f(i):
    r = requests.get(f"https://HOST/tenants/1/designs/{i}/summary")
    return json.loads(r.content.decode("utf-8"))["design"]["system_size"]  # <-
""",
    "urllib and json.load": """
import json, urllib.request
def f(i):
    with urllib.request.urlopen(f"https://HOST/tenants/1/designs/{i}/summary") as answer:
        return json.load(answer)["design"]["system_size"]  # <-
""",
    "urllib Request and read": """
import json
from urllib.request import Request, urlopen
def f(i, token):
    q = Request(f"https://HOST/tenants/1/designs/{i}/summary", headers={"Authorization": token})
    body = json.loads(urlopen(q).read().decode())
    return body["design"]["system_size"]  # <-
""",
    "urllib3": """
import json, urllib3
POOL = urllib3.PoolManager()
def f(i):
    r = POOL.request("GET", f"https://HOST/tenants/1/designs/{i}/summary")
    return json.loads(r.data)["design"]["system_size"]  # <-
""",
    "http.client": """
import http.client, json
def f(i):
    c = http.client.HTTPSConnection("HOST")
    c.request("GET", f"/tenants/1/designs/{i}/summary")
    return json.loads(c.getresponse().read())["design"]["system_size"]  # <-
""",
    "httpx client with a base URL": """
import httpx
API = httpx.Client(base_url="https://HOST")
def f(i):
    return API.get(f"/tenants/1/designs/{i}/summary").json()["design"]["system_size"]  # <-
""",
    "httpx async": """
import httpx
async def f(i):
    async with httpx.AsyncClient(base_url="https://HOST") as c:
        r = await c.get(f"/tenants/1/designs/{i}/summary")
        r.raise_for_status()
        return r.json()["design"]["system_size"]  # <-
""",
    "aiohttp": """
import aiohttp
async def f(i):
    async with aiohttp.ClientSession() as s:
        async with s.get(f"https://HOST/tenants/1/designs/{i}/summary") as r:
            body = await r.json()
    return body["design"]["system_size"]  # <-
""",
    "aiohttp, awaited in place": """
import aiohttp
async def f(s: aiohttp.ClientSession, i):
    r = await s.get(f"https://HOST/tenants/1/designs/{i}/summary")
    return (await r.json())["design"]["system_size"]  # <-
""",
    "walrus": FETCH
    + """
def f(i):
    if (design := fetch(i)) and (size := design.get("system_size")):  # <-
        return size
""",
    "a tuple that is returned": FETCH
    + """
def both(i):
    return i, fetch(i)
def f(i):
    _, design = both(i)
    return design["system_size"]  # <-
""",
    "a list comprehension, then a loop": FETCH
    + """
def f(ids):
    for design in [fetch(i) for i in ids]:
        print(design["system_size"])  # <-
""",
    "a generator, summed": FETCH
    + """
def f(ids):
    return sum(fetch(i)["system_size"] for i in ids)  # <-
""",
    "a list that is filled in a loop": FETCH
    + """
def f(ids):
    found = []
    for i in ids:
        found.append(fetch(i))
    return [d["system_size"] for d in found]  # <-
""",
    "a dict by id, its values": FETCH
    + """
def f(ids):
    known = {i: fetch(i) for i in ids}
    return [d["system_size"] for d in known.values()]  # <-
""",
    "a dict by id, its items": FETCH
    + """
def f(ids):
    known = {}
    for i in ids:
        known[i] = fetch(i)
    for i, d in known.items():
        print(i, d["system_size"])  # <-
""",
    "a cache in a module": FETCH
    + """
CACHE = {}
def cached(i):
    if i not in CACHE:
        CACHE[i] = fetch(i)
    return CACHE[i]
def f(i):
    return cached(i)["system_size"]  # <-
""",
    "zip": FETCH
    + """
def f(ids):
    for i, d in zip(ids, [fetch(i) for i in ids]):
        print(i, d["system_size"])  # <-
""",
    "enumerate": FETCH
    + """
def f(ids):
    for n, d in enumerate(fetch(i) for i in ids):
        print(n, d["system_size"])  # <-
""",
    "sorted with a key": FETCH
    + """
def f(ids):
    return sorted([fetch(i) for i in ids], key=lambda d: d["system_size"])  # <-
""",
    "sort in place": FETCH
    + """
def f(ids):
    designs = [fetch(i) for i in ids]
    designs.sort(key=lambda d: -d["system_size"])  # <-
    return designs
""",
    "max and min with a key": FETCH
    + """
def f(ids):
    designs = [fetch(i) for i in ids]
    best = max(designs, key=lambda d: d["system_size"])  # <-
    least = min(designs, key=lambda d: d.get("system_size"))  # <-
    return best, least
""",
    "what max gives": FETCH
    + """
def f(ids):
    best = max((fetch(i) for i in ids), key=lambda d: d["created_at"])
    return best["system_size"]  # <-
""",
    "itemgetter as a key": FETCH
    + """
from operator import itemgetter
def f(ids):
    return sorted([fetch(i) for i in ids], key=itemgetter("system_size"))  # <-
""",
    "itemgetter of several": FETCH
    + """
import operator
pick = operator.itemgetter("design_id", "system_size")  # <-
def f(i):
    return pick(fetch(i))
""",
    "map with a lambda": FETCH
    + """
def f(ids):
    return list(map(lambda d: d["system_size"], [fetch(i) for i in ids]))  # <-
""",
    "filter with a function": FETCH
    + """
def large(design):
    return design["system_size"] > 5000  # <-
def f(ids):
    return list(filter(large, [fetch(i) for i in ids]))
""",
    "next of a generator": FETCH
    + """
def f(ids):
    found = next(d for d in map(fetch, ids) if d["design_id"])
    return found["system_size"]  # <-
""",
    "gather of a generator": """
import asyncio, httpx
async def one(c, i):
    return (await c.get(f"https://HOST/tenants/1/designs/{i}/summary")).json()["design"]
async def f(ids):
    async with httpx.AsyncClient() as c:
        found = await asyncio.gather(*(one(c, i) for i in ids))
    return [d["system_size"] for d in found]  # <-
""",
    "gather of a list": """
import asyncio, httpx
async def one(c, i):
    return (await c.get(f"https://HOST/tenants/1/designs/{i}/summary")).json()["design"]
async def f(ids):
    async with httpx.AsyncClient() as c:
        tasks = [asyncio.create_task(one(c, i)) for i in ids]
        for d in await asyncio.gather(*tasks):
            print(d["system_size"])  # <-
""",
    "as_completed": """
import asyncio, httpx
async def one(c, i):
    return (await c.get(f"https://HOST/tenants/1/designs/{i}/summary")).json()["design"]
async def f(c: httpx.AsyncClient, ids):
    for task in asyncio.as_completed([one(c, i) for i in ids]):
        d = await task
        print(d["system_size"])  # <-
""",
    "a pool's map": FETCH
    + """
from concurrent.futures import ThreadPoolExecutor
def f(ids):
    with ThreadPoolExecutor(4) as pool:
        for d in pool.map(fetch, ids):
            print(d["system_size"])  # <-
""",
    "a pool's futures": FETCH
    + """
from concurrent.futures import ThreadPoolExecutor, as_completed
def f(ids):
    with ThreadPoolExecutor(4) as pool:
        futures = {pool.submit(fetch, i): i for i in ids}
        for future in as_completed(futures):
            print(future.result()["system_size"])  # <-
""",
    "a generator function": FETCH
    + """
def designs(ids):
    for i in ids:
        yield fetch(i)
def f(ids):
    for d in designs(ids):
        print(d["system_size"])  # <-
""",
    "yield from": FETCH
    + """
def inner(ids):
    yield from (fetch(i) for i in ids)
def f(ids):
    return [d["system_size"] for d in inner(ids)]  # <-
""",
    "an async generator": """
import httpx
async def designs(ids):
    async with httpx.AsyncClient() as c:
        for i in ids:
            r = await c.get(f"https://HOST/tenants/1/designs/{i}/summary")
            yield r.json()["design"]
async def f(ids):
    async for d in designs(ids):
        print(d["system_size"])  # <-
    return [d["system_size"] async for d in designs(ids)]  # <-
""",
    "a retrying decorator": """
import functools, requests
def retry(times):
    def wrap(fn):
        @functools.wraps(fn)
        def inner(*args, **kwargs):
            for _ in range(times):
                try:
                    return fn(*args, **kwargs)
                except requests.ConnectionError:
                    pass
        return inner
    return wrap
@retry(3)
def fetch(i):
    return requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()
def f(i):
    return fetch(i)["design"]["system_size"]  # <-
""",
    "a decorator that unwraps": """
import functools, requests
def body(key):
    def wrap(fn):
        @functools.wraps(fn)
        def inner(*args):
            return fn(*args).json()[key]
        return inner
    return wrap
@body("design")
def fetch(i):
    return requests.get(f"https://HOST/tenants/1/designs/{i}/summary")
def f(i):
    return fetch(i)["system_size"]  # <-
""",
    "tenacity and lru_cache": """
import requests
from functools import lru_cache
from tenacity import retry, stop_after_attempt
@lru_cache(maxsize=None)
@retry(stop=stop_after_attempt(3))
def fetch(i):
    return requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()
def f(i):
    return fetch(i)["design"]["system_size"]  # <-
""",
    "a cached property": """
import requests
from functools import cached_property
class Design:
    def __init__(self, i):
        self.i = i
    @cached_property
    def summary(self):
        return requests.get(f"https://HOST/tenants/1/designs/{self.i}/summary").json()["design"]
    @property
    def kw(self):
        return self.summary["system_size"] / 1000  # <-
""",
    "an attribute set in another method": """
import requests
class Job:
    def load(self, i):
        self.design = requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()["design"]
        return self
    def kw(self):
        return self.design["system_size"] / 1000  # <-
""",
    "an object that wraps the body": """
import requests
class Design:
    def __init__(self, data):
        self._data = data
    def kw(self):
        return self._data["system_size"] / 1000  # <-
def load(i):
    return Design(requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()["design"])
def f(i):
    return load(i).kw()
""",
    "__getitem__ hands on": """
import requests
class Design:
    def __init__(self, i):
        self.data = requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()["design"]
    def __getitem__(self, name):
        return self.data[name]
def f(i):
    return Design(i)["system_size"]  # <-
""",
    "copies": FETCH
    + """
import copy
def f(i):
    a, b, c, d = dict(fetch(i)), {**fetch(i)}, fetch(i).copy(), copy.deepcopy(fetch(i))
    print(a["system_size"])  # <-
    print(b["system_size"])  # <-
    print(c["system_size"])  # <-
    print(d["system_size"])  # <-
""",
    "merged with more": FETCH
    + """
def f(i):
    row = fetch(i) | {"seen": True}
    other = {"seen": True, **fetch(i)}
    return row["system_size"] + other["system_size"]  # <-
""",
    "one of two": FETCH
    + """
def f(i, j):
    design = fetch(i) if i else fetch(j)
    return (design or {})["system_size"]  # <-
""",
    "match": FETCH
    + """
def f(i):
    match fetch(i):
        case {"system_size": size}:  # <-
            return size
""",
    "a callback": """
import requests
def load(i, done):
    done(requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()["design"])
def show(design):
    print(design["system_size"])  # <-
def f(i):
    load(i, show)
""",
    "a closure": FETCH
    + """
def reader(i):
    design = fetch(i)
    def kw():
        return design["system_size"]  # <-
    return kw
def f(i):
    return reader(i)()
""",
    "a membership test": FETCH
    + """
def f(i):
    return "system_size" in fetch(i)  # <-
""",
    "pop and del": FETCH
    + """
def f(i):
    a, b = fetch(i), fetch(i)
    size = a.pop("system_size", None)  # <-
    del b["system_size"]  # <-
    return size
""",
    "an f-string": FETCH
    + """
def f(i):
    d = fetch(i)
    return f"{d['system_size'] / 1000:.1f} kW"  # <-
""",
    "a percent template": FETCH
    + """
def f(i):
    return "%(system_size)d W" % fetch(i)  # <-
""",
    "str.format with **": FETCH
    + """
def f(i):
    return "{system_size} W".format(**fetch(i))  # <-
""",
    "keys compared in a loop": FETCH
    + """
def f(i):
    for key, value in fetch(i).items():
        if key == "system_size":  # <-
            return value
""",
    "a key constant": FETCH
    + """
SIZE = "system_size"
def f(i):
    return fetch(i)[SIZE]  # <-
""",
    "names in a tuple": FETCH
    + """
FIELDS = ("design_id", "system_size")
def f(i):
    design = fetch(i)
    return [design[name] for name in FIELDS]  # <-
""",
    "a helper that digs": FETCH
    + """
def dig(data, *path):
    for step in path:
        data = data.get(step) or {}
    return data
def f(i):
    return dig(fetch(i), "system_size")  # <-
""",
    "a session subclass that parses": """
import requests
class Api(requests.Session):
    def fetch(self, path):
        return self.get("https://HOST" + path).json()
def f(i):
    with Api() as api:
        return api.fetch(f"/tenants/1/designs/{i}/summary")["design"]["system_size"]  # <-
""",
    "a response hook": """
import requests
def note(response, *args, **kwargs):
    print(response.json()["design"]["system_size"])  # <-
def f(i):
    return requests.get(f"https://HOST/tenants/1/designs/{i}/summary", hooks={"response": note})
""",
    "a dataclass by keywords": FETCH
    + """
from dataclasses import dataclass
@dataclass
class Summary:
    size: float
def f(i):
    d = fetch(i)
    return Summary(size=d["system_size"])  # <-
""",
    "a simple namespace": FETCH
    + """
from types import SimpleNamespace
def f(i):
    design = SimpleNamespace(**fetch(i))  # <-
    return design.system_size
""",
    "a queue": FETCH
    + """
import queue
def f(ids):
    waiting = queue.Queue()
    for i in ids:
        waiting.put(fetch(i))
    return waiting.get()["system_size"]  # <-
""",
    "a defaultdict of lists": FETCH
    + """
from collections import defaultdict
def f(ids):
    groups = defaultdict(list)
    for i in ids:
        d = fetch(i)
        groups[d["project_id"]].append(d)
    for designs in groups.values():
        print(sum(d["system_size"] for d in designs))  # <-
""",
    "counted": FETCH
    + """
from collections import Counter
def f(ids):
    return Counter(fetch(i)["system_size"] for i in ids)  # <-
""",
    "star arguments": FETCH
    + """
def show(*designs):
    for d in designs:
        print(d["system_size"])  # <-
def f(ids):
    show(*[fetch(i) for i in ids])
""",
    "parameters filled by **": FETCH
    + """
def show(design_id, system_size, **rest):  # <-
    print(design_id, system_size)
def f(i):
    show(**fetch(i))
""",
    "the body is kept by a context manager": """
import contextlib, requests
@contextlib.contextmanager
def design(i):
    yield requests.get(f"https://HOST/tenants/1/designs/{i}/summary").json()["design"]
def f(i):
    with design(i) as d:
        return d["system_size"]  # <-
""",
    "typing.cast": FETCH
    + """
from typing import Any, cast
def f(i):
    return cast(dict[str, Any], fetch(i))["system_size"]  # <-
""",
    "a dispatch by name": FETCH
    + """
COLUMNS = {"size": lambda d: d["system_size"], "id": lambda d: d["design_id"]}  # <-
def f(i):
    d = fetch(i)
    return {name: read(d) for name, read in COLUMNS.items()}
""",
    "functools.reduce": FETCH
    + """
from functools import reduce
def f(ids):
    return reduce(lambda total, d: total + d["system_size"], [fetch(i) for i in ids], 0)  # <-
""",
    "an error handler's other way": FETCH
    + """
def f(i):
    try:
        return fetch(i)["system_size"]  # <-
    except KeyError:
        return fetch(i)["system_size_stc"]
""",
}


def _found(program: str, host: str) -> list[int]:
    report = check_texts({"program.py": program.replace("HOST", host)}, Settings(root=Path("/")))
    assert not report.errors
    return sorted({found.location.start.line for found in report.findings if found.rule == RULE})


def _wanted(program: str) -> list[int]:
    return [number for number, line in enumerate(program.splitlines(), 1) if line.endswith("# <-")]


@pytest.mark.parametrize("program", IDIOMS.values(), ids=IDIOMS.keys())
def test_an_answer_is_followed_to_where_it_is_read(program: str) -> None:
    assert _wanted(program)
    assert _found(program, AURORA) == _wanted(program)


@pytest.mark.parametrize("program", IDIOMS.values(), ids=IDIOMS.keys())
def test_another_vendors_answer_is_left_alone(program: str) -> None:
    assert _found(program, VENDOR) == []
