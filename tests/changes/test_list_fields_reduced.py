"""Kind list-fields-reduced: where the retrieval of each item is put, and where it is left to a person."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

API = "https://api.aurorasolar.com/tenants/t"

REWRITES = [
    pytest.param(
        f"""
        import requests
        def run(d):
            got = requests.get("{API}/designs/" + d + "/financings")
            return [f["system_price"] for f in got.json()["financings"]]
        """,
        """
        import requests
        def run(d):
            got = requests.get("API/designs/" + d + "/financings")
            return [f["system_price"] for f in [
                requests.get("API/designs/" + d + "/financings/" + item["id"]).json()["financing"]
                for item in got.json()["financings"]
            ]]
        """,
        id="the path put together with plus",
    ),
    pytest.param(
        f"""
        import requests
        def run(s, d):
            items = s.get("{API}/designs/%s/financings?page=1" % d["id"]).json().get("financings")
            return items and items[0]["system_price"]
        s = requests.Session()
        run(s, {{"id": "1"}})
        """,
        """
        import requests
        def run(s, d):
            items = [
                s.get("API/designs/%s/financings/%s" % (d["id"], item["id"])).json()["financing"]
                for item in s.get("API/designs/%s/financings?page=1" % d["id"]).json().get("financings") or []
            ]
            return items and items[0]["system_price"]
        s = requests.Session()
        run(s, {"id": "1"})
        """,
        id="a percent template with a query, and a list that may be missing",
    ),
    pytest.param(
        f"""
        import requests
        class A:
            def _get(self, *parts, **params):
                return requests.get("/".join(("{API}",) + parts), params=params).json()
            def designs(self, p):
                return self._get("projects", p, "designs")["designs"]
            def financings(self, d):
                return self._get("designs", d, "financings", per_page=3)["financings"]
        for f in A().financings("1"):
            print(f["system_price"])
        """,
        """
        import requests
        class A:
            def _get(self, *parts, **params):
                return requests.get("/".join(("API",) + parts), params=params).json()
            def designs(self, p):
                return self._get("projects", p, "designs")["designs"]
            def financings(self, d):
                return [
                    self._get("designs", d, "financings", item["id"])["financing"]
                    for item in self._get("designs", d, "financings", per_page=3)["financings"]
                ]
        for f in A().financings("1"):
            print(f["system_price"])
        """,
        id="a helper that takes the path in parts",
    ),
    pytest.param(
        f"""
        import requests, time
        def run(d):
            for attempt in range(3):
                resp = requests.get(f"{API}/designs/{{d}}/financings")
                if resp.ok:
                    break
                time.sleep(1)
            return resp.json()["financings"]
        print(run("1")[0]["system_price"])
        """,
        """
        import requests, time
        def run(d):
            for attempt in range(3):
                resp = requests.get(f"API/designs/{d}/financings")
                if resp.ok:
                    break
                time.sleep(1)

            def retrieve_financing(item):
                for attempt in range(3):
                    resp = requests.get(f"API/designs/{d}/financings/{item['id']}")
                    if resp.ok:
                        break
                    time.sleep(1)
                return resp.json()["financing"]

            return [retrieve_financing(item) for item in resp.json()["financings"]]
        print(run("1")[0]["system_price"])
        """,
        id="a loop that tries again",
    ),
    pytest.param(
        f"""
        import aiohttp
        async def run(session: aiohttp.ClientSession, d):
            async with session.get(f"{API}/designs/{{d}}/financings", params={{"page": 1}}) as r:
                r.raise_for_status()
                items = (await r.json())["financings"]
            return items[0]["system_price"]
        """,
        """
        import aiohttp
        async def run(session: aiohttp.ClientSession, d):
            async with session.get(f"API/designs/{d}/financings", params={"page": 1}) as r:
                r.raise_for_status()

                async def retrieve_financing(item):
                    async with session.get(f"API/designs/{d}/financings/{item['id']}") as r:
                        r.raise_for_status()
                        return (await r.json())["financing"]

                items = [await retrieve_financing(item) for item in (await r.json())["financings"]]
            return items[0]["system_price"]
        """,
        id="a response that an async with opens",
    ),
    pytest.param(
        f"""
        import requests
        def run(d):
            r = requests.get(f"{API}/designs/{{d}}/financings")
            if r.status_code == 200:
                return r.json()["financings"]
            raise ValueError(r.status_code)
        print(run("1")[0]["system_price"])
        """,
        """
        import requests
        def run(d):
            r = requests.get(f"API/designs/{d}/financings")
            if r.status_code == 200:
                def retrieve_financing(item):
                    r = requests.get(f"API/designs/{d}/financings/{item['id']}")
                    if r.status_code == 200:
                        return r.json()["financing"]
                    raise ValueError(r.status_code)

                return [retrieve_financing(item) for item in r.json()["financings"]]
            raise ValueError(r.status_code)
        print(run("1")[0]["system_price"])
        """,
        id="the list read only if the answer is good",
    ),
    pytest.param(
        f"""
        import requests
        def run(d):
            body = requests.get(f"{API}/designs/{{d}}/financings").json()
            if not body["financings"]:
                return None
            total = sum(f["system_price"] for f in body["financings"])
            return total, max(f["lifetime_savings"] for f in body["financings"])
        """,
        """
        import requests
        def run(d):
            body = requests.get(f"API/designs/{d}/financings").json()
            if not body["financings"]:
                return None
            body["financings"] = [
                requests.get(f"API/designs/{d}/financings/{item['id']}").json()["financing"]
                for item in body["financings"]
            ]
            total = sum(f["system_price"] for f in body["financings"])
            return total, max(f["lifetime_savings"] for f in body["financings"])
        """,
        id="a list that is counted once and read twice",
    ),
    pytest.param(
        f"""
        import requests
        URL = '{API}/designs/{{}}/financings'
        def run(items):
            for item in items:
                for financing in requests.get(URL.format(item['id'])).json()['financings']:
                    print(financing['system_price'])
        """,
        """
        import requests
        URL = 'API/designs/{}/financings'
        def run(items):
            for item in items:
                for financing in [
                    requests.get(URL.format(item['id']) + '/' + listed['id']).json()['financing']
                    for listed in requests.get(URL.format(item['id'])).json()['financings']
                ]:
                    print(financing['system_price'])
        """,
        id="names that are taken, in single quotes",
    ),
    pytest.param(
        f"""
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="{API}")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            first, _ = await asyncio.gather(a.get("/designs/1/financings"), a.get("/designs/1/pricing"))
            print(first["financings"][0]["system_price"])
        """,
        """
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="API")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            first, _ = await asyncio.gather(a.get("/designs/1/financings"), a.get("/designs/1/pricing"))
            print([
                (await a.get(f"/designs/1/financings/{item['id']}"))["financing"]
                for item in first["financings"]
            ][0]["system_price"])
        """,
        id="answers that are gathered",
    ),
    pytest.param(
        f"""
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="{API}")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            first, price = await asyncio.gather(a.get("/designs/1/financings"), a.get("/designs/1/pricing"))
            if first["meta"]:
                raise ValueError(first)
            for f in first["financings"]:
                print(f["system_price"], price)
        """,
        """
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="API")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            first, price = await asyncio.gather(a.get("/designs/1/financings"), a.get("/designs/1/pricing"))
            if first["meta"]:
                raise ValueError(first)

            async def retrieve_financing(item):
                first = await a.get(f"/designs/1/financings/{item['id']}")
                if first["meta"]:
                    raise ValueError(first)
                return first["financing"]

            for f in [await retrieve_financing(item) for item in first["financings"]]:
                print(f["system_price"], price)
        """,
        id="a check of one of the gathered answers",
    ),
    pytest.param(
        f"""
        import requests
        class Api:
            def __call__(self, path):
                return requests.get("{API}" + path).json()
            def prices(self, d):
                return [f["system_price"] for f in self(f"/designs/{{d}}/financings")["financings"]]
        """,
        """
        import requests
        class Api:
            def __call__(self, path):
                return requests.get("API" + path).json()
            def prices(self, d):
                return [f["system_price"] for f in [
                    self(f"/designs/{d}/financings/{item['id']}")["financing"]
                    for item in self(f"/designs/{d}/financings")["financings"]
                ]]
        """,
        id="an object that is called",
    ),
    pytest.param(
        """
        import requests
        class Api:
            def _path(self, tail):
                return "/tenants/%s/%s" % ("t", tail)
            def get(self, tail, **query):
                return requests.get("https://api.aurorasolar.com" + self._path(tail), params=query).json()
            def prices(self, d):
                return [f["system_price"] for f in self.get("designs/%s/financings" % d)["financings"]]
        """,
        """
        import requests
        class Api:
            def _path(self, tail):
                return "/tenants/%s/%s" % ("t", tail)
            def get(self, tail, **query):
                return requests.get("https://api.aurorasolar.com" + self._path(tail), params=query).json()
            def prices(self, d):
                return [f["system_price"] for f in [
                    self.get("designs/%s/financings/%s" % (d, item["id"]))["financing"]
                    for item in self.get("designs/%s/financings" % d)["financings"]
                ]]
        """,
        id="a helper that makes the path on the way",
    ),
    pytest.param(
        f"""
        import functools, requests
        def retrying(times):
            def deco(fn):
                @functools.wraps(fn)
                def inner(self, *args, **kwargs):
                    for attempt in range(times):
                        try:
                            return fn(self, *args, **kwargs)
                        except requests.ConnectionError:
                            print("again")
                return inner
            return deco
        class Api:
            @retrying(3)
            def call(self, method, path, **more):
                return requests.request(method, "{API}" + path, **more).json()
            def prices(self, d):
                found = self.call("GET", f"/designs/{{d}}/financings")["financings"]
                return [f["system_price"] for f in found]
        """,
        """
        import functools, requests
        def retrying(times):
            def deco(fn):
                @functools.wraps(fn)
                def inner(self, *args, **kwargs):
                    for attempt in range(times):
                        try:
                            return fn(self, *args, **kwargs)
                        except requests.ConnectionError:
                            print("again")
                return inner
            return deco
        class Api:
            @retrying(3)
            def call(self, method, path, **more):
                return requests.request(method, "API" + path, **more).json()
            def prices(self, d):
                found = [
                    self.call("GET", f"/designs/{d}/financings/{item['id']}")["financing"]
                    for item in self.call("GET", f"/designs/{d}/financings")["financings"]
                ]
                return [f["system_price"] for f in found]
        """,
        id="a decorator that hands on all arguments",
    ),
    pytest.param(
        f"""
        import requests
        class Session(requests.Session):
            def request(self, method, url, *args, **kwargs):
                return super().request(method, "{API}" + url, *args, **kwargs)
        def prices(s: Session, d):
            return [f["system_price"] for f in s.get("/designs/" + d + "/financings").json()["financings"]]
        prices(Session(), "1")
        """,
        """
        import requests
        class Session(requests.Session):
            def request(self, method, url, *args, **kwargs):
                return super().request(method, "API" + url, *args, **kwargs)
        def prices(s: Session, d):
            return [f["system_price"] for f in [
                s.get("/designs/" + d + "/financings/" + item["id"]).json()["financing"]
                for item in s.get("/designs/" + d + "/financings").json()["financings"]
            ]]
        prices(Session(), "1")
        """,
        id="a session that makes each request's URL",
    ),
    pytest.param(
        f"""
        import requests
        def ask(method, what, body=None, **params):
            url = "{API}" + what
            if params:
                url += "?" + "&".join(f"{{k}}={{v}}" for k, v in params.items())
            return requests.request(method, url, json=body).json()
        def prices(d):
            return [f["system_price"] for f in ask("GET", f"/designs/{{d}}/financings")["financings"]]
        ask("POST", "/designs", {{"design": {{}}}}, dry=1)
        """,
        """
        import requests
        def ask(method, what, body=None, **params):
            url = "API" + what
            if params:
                url += "?" + "&".join(f"{k}={v}" for k, v in params.items())
            return requests.request(method, url, json=body).json()
        def prices(d):
            return [f["system_price"] for f in [
                ask("GET", f"/designs/{d}/financings/{item['id']}")["financing"]
                for item in ask("GET", f"/designs/{d}/financings")["financings"]
            ]]
        ask("POST", "/designs", {"design": {}}, dry=1)
        """,
        id="a helper with a query and a body that this call leaves out",
    ),
    pytest.param(
        f"""
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {{}}).items()]
            return path + "?" + "&".join(found)
        def ask(path, **query):
            return requests.get("{API}" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in ask("/designs/" + d + "/financings")["financings"]]
        """,
        """
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {}).items()]
            return path + "?" + "&".join(found)
        def ask(path, **query):
            return requests.get("API" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in [
                ask("/designs/" + d + "/financings/" + item["id"])["financing"]
                for item in ask("/designs/" + d + "/financings")["financings"]
            ]]
        """,
        id="a helper that puts an empty query behind, with plus",
    ),
    pytest.param(
        f"""
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {{}}).items()]
            return f"{{path}}?{{'&'.join(found)}}"
        def ask(path, **query):
            return requests.get("{API}" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in ask("/designs/" + d + "/financings")["financings"]]
        """,
        """
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {}).items()]
            return f"{path}?{'&'.join(found)}"
        def ask(path, **query):
            return requests.get("API" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in [
                ask("/designs/" + d + "/financings/" + item["id"])["financing"]
                for item in ask("/designs/" + d + "/financings")["financings"]
            ]]
        """,
        id="a helper that puts an empty query behind, with an f-string",
    ),
    pytest.param(
        f"""
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {{}}).items()]
            return "%s?%s" % (path, "&".join(found))
        def ask(path, **query):
            return requests.get("{API}" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in ask("/designs/" + d + "/financings")["financings"]]
        """,
        """
        import requests
        def target(path, query=None):
            found = ["%s=%s" % pair for pair in (query or {}).items()]
            return "%s?%s" % (path, "&".join(found))
        def ask(path, **query):
            return requests.get("API" + target(path, query or None)).json()
        def prices(d):
            return [f["system_price"] for f in [
                ask("/designs/" + d + "/financings/" + item["id"])["financing"]
                for item in ask("/designs/" + d + "/financings")["financings"]
            ]]
        """,
        id="a helper that puts an empty query behind, with a percent template",
    ),
]

BY_HAND = [
    pytest.param(
        f"""
        import requests
        def prices(d):
            url = "{API}/designs/" + d + "/financings" + "?"
            return [f["system_price"] for f in requests.get(url + "&".join([])).json()["financings"]]
        """,
        "query parameters",
        id="an empty query in the same expression",
    ),
    pytest.param(
        f"""
        import requests
        def get(url):
            return requests.get(url + "&".join([])).json()["financings"]
        def prices(d):
            return [f["system_price"] for f in get("{API}/designs/" + d + "/financings" + "?")]
        """,
        "query parameters",
        id="an empty query that a caller begins",
    ),
    pytest.param(
        f"""
        import requests
        def ask(what, body=None):
            return requests.request("GET", "{API}" + what, json=body).json()
        def prices(d, filters):
            return [f["system_price"] for f in ask(f"/designs/{{d}}/financings", filters)["financings"]]
        """,
        "the request has a body",
        id="a body that this call gives",
    ),
    pytest.param(
        f"""
        import requests
        def path(tail):
            return "/designs/" + tail + "/financings"
        def get(tail):
            return requests.get("{API}" + path(tail)).json()
        def prices(d):
            return [f["system_price"] for f in get(d)["financings"]]
        """,
        "cannot be told from other answers",
        id="a helper that ends the path itself",
    ),
    pytest.param(
        f"""
        import requests
        queue = ["1"]
        def run():
            items = requests.get("{API}/designs/" + queue.pop() + "/financings").json()["financings"]
            return items[0]["system_price"]
        """,
        "takes something out of queue",
        id="an argument with an effect",
    ),
    pytest.param(
        f"""
        import requests
        def run(d):
            try:
                r = requests.get(f"{API}/designs/{{d}}/financings")
                r.raise_for_status()
            except requests.HTTPError:
                return 0
            return sum(f["system_price"] for f in r.json()["financings"])
        """,
        "in a way that is no exception",
        id="a failure that is caught and returned",
    ),
    pytest.param(
        f"""
        import requests
        def run(d):
            url = f"{API}/designs/{{d}}/financings"
            print(f"{{requests.get(url).json()['financings'][0]['system_price']}}")
        """,
        "inside an f-string",
        id="the whole request inside an f-string",
    ),
    pytest.param(
        f"""
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="{API}")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            first, _ = await asyncio.gather(
                a.get("/designs/1/financings"), a.get("/designs/1/pricing"), return_exceptions=True
            )
            print(first["financings"][0]["system_price"])
        """,
        "awaited elsewhere",
        id="answers that are gathered with what failed",
    ),
    pytest.param(
        f"""
        import asyncio, httpx
        class A:
            def __init__(self):
                self.c = httpx.AsyncClient(base_url="{API}")
            async def get(self, path):
                return (await self.c.get(path)).json()
        async def main():
            a = A()
            both = await asyncio.gather(a.get("/designs/1/financings"), a.get("/designs/1/pricing"))
            print(both[0]["financings"][0]["system_price"])
        """,
        "awaited elsewhere",
        id="answers that are gathered in a list",
    ),
    pytest.param(
        f"""
        import requests
        def pages(tail, key):
            page = 1
            while True:
                batch = requests.get("{API}/" + tail, params={{"page": page}}).json()[key]
                yield from batch
                if len(batch) < 50:
                    return
                page += 1
        def run(d):
            list(pages("projects", "projects"))
            return [f["system_price"] for f in pages(f"designs/{{d}}/financings", "financings")]
        """,
        "reads other answers, too",
        id="a generator of pages that serves every list",
    ),
    pytest.param(
        """
        import os, requests
        aurora_url = os.environ["AURORA_URL"]
        def run(d):
            url = f"{aurora_url}/tenants/t/designs/{d}/financings"
            return [f["system_price"] for f in requests.get(url).json()["financings"]]
        """,
        "only likely",
        id="a host that only the environment knows",
    ),
    pytest.param(
        f"""
        import requests
        def run(d):
            r = requests.get(f"{API}/designs/{{d}}/financings"); r.raise_for_status()
            return [f["system_price"] for f in r.json()["financings"]]
        """,
        "several statements stand on one line",
        id="statements that share a line",
    ),
    pytest.param(
        f"""
        import requests
        def retrieve_financing():
            return None
        def run(d):
            r = requests.get(f"{API}/designs/{{d}}/financings")
            r.raise_for_status()
            return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`retrieve_financing`, which is taken",
        id="the name of the new function taken",
    ),
]


def _fixed(program: str) -> tuple[str, Report]:
    settings = Settings(root=Path("/"), select=("AUR402",))
    report = check_texts({"program.py": program}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    return next((new for _, new in report.changes.values()), program), report


@pytest.mark.parametrize(("before", "after"), REWRITES)
def test_each_item_is_retrieved_where_the_list_is_born(before: str, after: str) -> None:
    result, report = _fixed(dedent(before))
    ast.parse(result)
    assert result == dedent(after).replace("API", API)
    assert not report.findings


@pytest.mark.parametrize(("before", "after"), REWRITES)
def test_the_result_stays_as_it_is(before: str, after: str) -> None:
    program = dedent(after).replace("API", API)
    result, report = _fixed(program)
    assert result == program
    assert not report.findings


@pytest.mark.parametrize(("program", "reason"), BY_HAND)
def test_what_cannot_be_placed_is_left_with_its_reason(program: str, reason: str) -> None:
    result, report = _fixed(dedent(program))
    assert result == dedent(program)
    assert [reason in found.message for found in report.findings] == [True]


def test_the_advice_shows_the_call_for_one_item() -> None:
    program = dedent(
        f"""
        import requests
        def run(design):
            r = requests.get("{API}/designs/" + design + "/financings", timeout=3)
            if not r.ok:
                return []
            return [f["system_price"] for f in r.json()["financings"]]
        """
    )
    _, report = _fixed(program)
    call = f'requests.get("{API}/designs/" + design + "/financings/" + item["id"], timeout=3)'
    assert call in report.findings[0].advice


def test_methods_of_an_item_are_no_fields() -> None:
    program = dedent(
        f"""
        import requests
        def run(design):
            found = requests.get("{API}/designs/" + design + "/financings").json()["financings"]
            return [f["name"] if f.has_key("name") else f.popitem() for f in found if not f.clear()]
        """
    )
    result, report = _fixed(program)
    assert result == program
    assert report.findings == []
