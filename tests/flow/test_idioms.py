"""One small program an idiom: Aurora's `/v2` is found and goes, on another vendor's host all stays silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import AuthSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

AURORA = "api.aurorasolar.com"
VENDOR = "api.vendor.example"

ONE_FILE = {
    "literal": 'import requests\nrequests.get("https://HOST/v2/tenants/1/projects")\n',
    "implicit concatenation": 'import requests\nrequests.get(\n    "https://HOST"\n'
    '    "/v2/tenants/1/projects"\n)\n',
    "plus": 'import requests\nBASE = "https://HOST"\ndef f(t):\n'
    '    return requests.get(BASE + "/v2/tenants/" + t)\n',
    "augmented": 'import requests\ndef f(t):\n    u = "https://HOST"\n    u += "/v2/tenants/" + t\n'
    "    return requests.get(u)\n",
    "f-string": 'import requests\nBASE = "https://HOST/v2"\ndef f(t):\n'
    '    return requests.get(f"{BASE}/tenants/{t!s}")\n',
    "nested f-string": "import requests\ndef f(t):\n"
    "    return requests.get(f\"https://HOST{f'/v2/tenants/{t}'}\")\n",
    "raw string": 'import requests\nrequests.get(r"https://HOST/v2/tenants/1")\n',
    "escapes": 'import requests\nrequests.get("https:\\x2f\\x2fHOST/v2/tenants/1")\n',
    "percent tuple": "import requests\ndef f(t):\n"
    '    return requests.get("https://%s/v2/tenants/%s" % ("HOST", t))\n',
    "percent dict": "import requests\ndef f(t):\n"
    '    return requests.get("https://HOST/v2/tenants/%(t)s" % {"t": t})\n',
    "format": 'import requests\nT = "{}/v2/tenants/{}"\ndef f(t):\n'
    '    return requests.get(T.format("https://HOST", t))\n',
    "format by name": "import requests\ndef f(t):\n"
    '    return requests.get("{b}/v2/tenants/{t}".format(b="https://HOST", t=t))\n',
    "format_map": 'import requests\nrequests.get("https://HOST/v2/tenants/{t}".format_map({"t": 1}))\n',
    "Template": 'import requests\nfrom string import Template\nU = Template("https://HOST/v2/tenants/$t")\n'
    "def f(t):\n    return requests.get(U.substitute(t=t))\n",
    "join": "import requests\ndef f(t):\n"
    '    return requests.get("/".join(["https://HOST", "v2", "tenants", t]))\n',
    "urljoin": "import requests\nfrom urllib.parse import urljoin\n"
    'def f(t):\n    return requests.get(urljoin("https://HOST/", "v2/tenants/" + t))\n',
    "urlunsplit": "import requests\nfrom urllib.parse import urlunsplit\n"
    'def f(t):\n    return requests.get(urlunsplit(("https", "HOST", "/v2/tenants/" + t, "", "")))\n',
    "posixpath": "import posixpath\nimport requests\n"
    'def f(t):\n    return requests.get("https://HOST/" + posixpath.join("v2", "tenants", t))\n',
    "replace": "import requests\ndef f(t):\n"
    '    return requests.get("https://HOST/v2/tenants/TEN".replace("TEN", t))\n',
    "rstrip": 'import requests\nB = "https://HOST/v2/"\ndef f(t):\n'
    '    return requests.get(B.rstrip("/") + "/tenants/" + t)\n',
    "conditional expression": "import os, requests\n"
    'B = "https://HOST/v2" if os.environ.get("X") else "https://HOST/v2"\n'
    'def f(t):\n    return requests.get(B + "/tenants/" + t)\n',
    "environment default": "import os, requests\n"
    'B = os.environ.get("API_URL", "https://HOST/v2")\ndef f(t):\n'
    '    return requests.get(B + "/tenants/" + t)\n',
    "or default": "import os, requests\n"
    'B = os.getenv("API_URL") or "https://HOST/v2"\ndef f(t):\n'
    '    return requests.get(B + "/tenants/" + t)\n',
    "config dict": "import requests\n"
    'C = {"api": {"base": "https://HOST", "prefix": "/v2"}}\n'
    'def f(t):\n    return requests.get(C["api"]["base"] + C["api"]["prefix"] + "/tenants/" + t)\n',
    "class attribute": "import requests\nclass Api:\n"
    '    base = "https://HOST/v2"\n    def get(self, t):\n'
    '        return requests.get(self.base + "/tenants/" + t)\n',
    "constructor default": "import requests\nclass Api:\n"
    '    def __init__(self, base="https://HOST/v2"):\n        self.base = base\n'
    '    def get(self, t):\n        return requests.get(f"{self.base}/tenants/{t}")\n',
    "property": "import requests\nclass Api:\n    @property\n"
    '    def base(self):\n        return "https://HOST/v2"\n'
    '    def get(self, t):\n        return requests.get(self.base + "/tenants/" + t)\n',
    "inheritance": "import requests\nclass Base:\n"
    "    def get(self, path):\n        return requests.get(self.host + path)\n"
    'class Api(Base):\n    host = "https://HOST"\n    def users(self, t):\n'
    '        return self.get("/v2/tenants/" + t + "/users")\n',
    "super": "import requests\nclass Base:\n    def __init__(self, url):\n        self.url = url\n"
    'class Api(Base):\n    def __init__(self):\n        super().__init__("https://HOST/v2")\n'
    '    def get(self, t):\n        return requests.get(self.url + "/tenants/" + t)\n',
    "dataclass": "import requests\nfrom dataclasses import dataclass\n@dataclass\nclass Api:\n"
    "    tenant: str\n"
    '    base: str = "https://HOST/v2"\n    def get(self):\n'
    '        return requests.get(f"{self.base}/tenants/{self.tenant}")\n',
    "enum": "import enum, requests\nclass Path(str, enum.Enum):\n"
    '    USERS = "/v2/tenants/{}/users"\ndef f(t):\n'
    '    return requests.get("https://HOST" + Path.USERS.format(t))\n',
    "namedtuple": "import requests\nfrom collections import namedtuple\nE = namedtuple('E', 'method path')\n"
    'USERS = E("GET", "/v2/tenants/1/users")\nrequests.request(USERS.method, "https://HOST" + USERS.path)\n',
    "wrapper of the path": 'import requests\ndef api(path):\n    return requests.get("https://HOST" + path)\n'
    'def f(t):\n    return api("/v2/tenants/" + t)\n',
    "wrapper of the URL": "import requests, time\ndef fetch(url, tries=3):\n    for _ in range(tries):\n"
    "        r = requests.get(url)\n        if r.ok:\n            return r\n        time.sleep(1)\n"
    'def f(t):\n    return fetch("https://HOST/v2/tenants/" + t)\n',
    "decorator": "import functools, requests\ndef retry(n):\n    def wrap(fn):\n"
    "        @functools.wraps(fn)\n"
    "        def inner(*a, **k):\n            return fn(*a, **k)\n        return inner\n    return wrap\n"
    '@retry(3)\ndef call(path):\n    return requests.get("https://HOST" + path)\ndef f(t):\n'
    '    return call("/v2/tenants/" + t)\n',
    "partial": "import requests\nfrom functools import partial\nget = partial(requests.get, timeout=5)\n"
    'def f(t):\n    return get("https://HOST/v2/tenants/" + t)\n',
    "closure": "import requests\ndef make(base):\n    def get(path):\n"
    "        return requests.get(base + path)\n    return get\n"
    'api = make("https://HOST")\ndef f(t):\n    return api("/v2/tenants/" + t)\n',
    "dispatch dict": "import requests\nM = {'get': requests.get, 'post': requests.post}\n"
    'def f(m, t):\n    return M[m]("https://HOST/v2/tenants/" + t)\n',
    "getattr": "import requests\n"
    'def call(m, path):\n    return getattr(requests, m)("https://HOST" + path)\ndef f(t):\n'
    '    return call("get", "/v2/tenants/" + t)\n',
    "keyword arguments": "import requests\ndef call(**kw):\n    return requests.get(**kw)\n"
    'def f(t):\n    return call(url="https://HOST/v2/tenants/" + t)\n',
    "thread pool": "import requests\nfrom concurrent.futures import ThreadPoolExecutor\n"
    'def get(path):\n    return requests.get("https://HOST" + path)\n'
    "def f(ts):\n    with ThreadPoolExecutor() as pool:\n"
    '        return [pool.submit(get, "/v2/tenants/" + t) for t in ts]\n',
    "generator": "import requests\ndef urls(ts):\n    for t in ts:\n"
    '        yield "https://HOST/v2/tenants/" + t\n'
    "def f(ts):\n    return [requests.get(u) for u in urls(ts)]\n",
    "unpacking": 'import requests\nbase, prefix = "https://HOST", "/v2"\ndef f(t):\n'
    '    return requests.get(base + prefix + "/tenants/" + t)\n',
    "walrus": 'import requests\ndef f(t):\n    if (u := "https://HOST/v2/tenants/" + t):\n'
    "        return requests.get(u)\n",
    "match": 'import requests\ndef f(kind, t):\n    match kind:\n        case "users":\n'
    '            path = "/v2/tenants/" + t + "/users"\n'
    '        case _:\n            path = "/v2/tenants/" + t\n'
    '    return requests.get("https://HOST" + path)\n',
    "early return": "import requests\ndef url(t, users):\n    if users:\n"
    '        return "https://HOST/v2/tenants/" + t + "/users"\n'
    '    return "https://HOST/v2/tenants/" + t\ndef f(t):\n    return requests.get(url(t, True))\n',
    "try": "import requests\ndef f(t):\n    try:\n"
    '        return requests.get("https://HOST/v2/tenants/" + t)\n    except OSError:\n'
    "        return None\n",
    "global session": "import requests\n_s = None\ndef session():\n    global _s\n    if _s is None:\n"
    "        _s = requests.Session()\n"
    '    return _s\ndef f(t):\n    return session().get("https://HOST/v2/tenants/" + t)\n',
    "session subclass": "import requests\nclass S(requests.Session):\n"
    "    def request(self, method, url, **kw):\n"
    '        return super().request(method, "https://HOST" + url, **kw)\ndef f(t):\n'
    '    return S().get("/v2/tenants/" + t)\n',
    "prepared request": "import requests\ndef f(t):\n    s = requests.Session()\n"
    '    return s.send(s.prepare_request(requests.Request("GET", "https://HOST/v2/tenants/" + t)))\n',
    "httpx client": "import httpx\n"
    'def f(t):\n    with httpx.Client(base_url="https://HOST/v2") as c:\n'
    '        return c.get(f"/tenants/{t}")\n',
    "httpx async": "import httpx\nasync def f(t):\n"
    '    async with httpx.AsyncClient(base_url="https://HOST") as c:\n'
    '        return await c.get(f"/v2/tenants/{t}")\n',
    "httpx URL": 'import httpx\nU = httpx.URL("https://HOST")\ndef f(t):\n'
    '    return httpx.get(U.join(f"/v2/tenants/{t}"))\n',
    "aiohttp": 'import aiohttp\nasync def f(t):\n    async with aiohttp.ClientSession("https://HOST") as s:\n'
    '        async with s.get("/v2/tenants/" + t) as r:\n            return await r.json()\n',
    "yarl": "import aiohttp\nfrom yarl import URL\nasync def f(s: aiohttp.ClientSession, t):\n"
    '    return await s.get(URL("https://HOST") / "v2" / "tenants" / t)\n',
    "urllib.request": "from urllib.request import Request, urlopen\ndef f(t):\n"
    '    return urlopen(Request("https://HOST/v2/tenants/" + t))\n',
    "urllib3": "import urllib3\nP = urllib3.PoolManager()\ndef f(t):\n"
    '    return P.request("GET", "https://HOST/v2/tenants/" + t)\n',
    "http.client": 'import http.client\ndef f(t):\n    c = http.client.HTTPSConnection("HOST")\n'
    '    c.request("GET", "/v2/tenants/" + t)\n',
    "argparse": "import argparse, requests\np = argparse.ArgumentParser()\n"
    'p.add_argument("--base", default="https://HOST/v2")\na = p.parse_args()\n'
    'requests.get(a.base + "/tenants/1")\n',
    "configparser": "import configparser, requests\nc = configparser.ConfigParser()\n"
    'c.read_dict({"api": {"base": "https://HOST/v2"}})\nrequests.get(c["api"]["base"] + "/tenants/1")\n',
    "tuple of vendors' settings": "import requests\n"
    'SITES = [("a", "https://HOST", "/v2/tenants/1"), ("b", "https://other.example", "/v2/tenants/2")]\n'
    "for name, host, path in SITES:\n    requests.get(host + path)\n",
}

SEVERAL_FILES = {
    "settings module": {
        "settings.py": 'API = "https://HOST/v2"\n',
        "client.py": "import requests\nimport settings\ndef f(t):\n"
        '    return requests.get(settings.API + "/tenants/" + t)\n',
    },
    "relative import in a package": {
        "app/__init__.py": "",
        "app/conf.py": 'ROOT = "https://HOST"\n',
        "app/api.py": "import requests\nfrom .conf import ROOT as R\ndef f(t):\n"
        '    return requests.get(R + "/v2/tenants/" + t)\n',
    },
    "re-export and src layout": {
        "src/app/__init__.py": "from .client import Client\n",
        "src/app/client.py": "import requests\nclass Client:\n    def __init__(self, base):\n"
        "        self.base = base\n"
        "    def get(self, path):\n        return requests.get(self.base + path)\n",
        "src/app/main.py": 'from app import Client\nc = Client("https://HOST")\ndef f(t):\n'
        '    return c.get("/v2/tenants/" + t)\n',
    },
    "star import": {
        "consts.py": 'BASE = "https://HOST"\nUSERS = "/v2/tenants/%s/users"\n',
        "jobs.py": "import requests\nfrom consts import *\ndef f(t):\n"
        "    return requests.get(BASE + USERS % t)\n",
    },
    "circular import": {
        "a.py": 'import b\nBASE = "https://HOST"\ndef url(t):\n    return BASE + b.path(t)\n',
        "b.py": 'import requests\nimport a\ndef path(t):\n    return "/v2/tenants/" + t\ndef f(t):\n'
        "    return requests.get(a.url(t))\n",
    },
    "a module that is missing": {
        "jobs.py": "import requests\nfrom nowhere import helper\nimport gone.deeper as g\n"
        'def f(t):\n    helper(g)\n    return requests.get("https://HOST/v2/tenants/" + t)\n'
    },
}


def programs() -> list[object]:
    found = [pytest.param({"job.py": text}, id=name) for name, text in ONE_FILE.items()]
    return [*found, *(pytest.param(files, id=name) for name, files in SEVERAL_FILES.items())]


def at(host: str, files: dict[str, str]) -> dict[str, str]:
    return {name: text.replace("HOST", host) for name, text in files.items()}


def settings() -> Settings:
    return Settings(Path("/"), None, (), (), (), (), (), (), AuthSettings())


@pytest.mark.parametrize("files", programs())
def test_prefix_is_found_and_taken_out_where_the_host_is_auroras(files: dict[str, str]) -> None:
    report = check_texts(at(AURORA, files), settings(), fix=Applicability.UNSAFE)
    assert {finding.rule for finding in report.fixed} == {"AUR102"}
    assert [finding.message for finding in report.findings] == []
    assert report.errors == []
    again = check_texts(at(AURORA, files) | _named(report.changes, files), settings())
    assert again.findings == []


def _named(changes: dict[Path, tuple[str, str]], files: dict[str, str]) -> dict[str, str]:
    return {name: new for name in files for path, (_, new) in changes.items() if str(path).endswith(name)}


@pytest.mark.parametrize("files", programs())
def test_the_same_program_for_another_vendor_is_silent(files: dict[str, str]) -> None:
    report = check_texts(at(VENDOR, files), settings(), fix=Applicability.UNSAFE)
    assert report.findings == report.fixed == []
    assert report.changes == {}
