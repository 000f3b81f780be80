"""Programs that talk to two vendors by the same idioms: texts, ways to carry them, ways to send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

TENANTS = "/v2/tenants/"
"""What Aurora's path and another vendor's have in common."""


@dataclass
class Part:
    """One vendor's share of a program: its lines by file, `tag` in all of its names."""

    tag: str
    lines: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"{self.tag}_{self.count}"

    def add(self, *lines: str, file: str = "job.py") -> None:
        self.lines.setdefault(file, []).extend(lines)


Text = Callable[[str, str], str]
"""A URL's expression, made of those of the host's base and of the tenant."""
Carrier = Callable[[Part, str], str]
"""Puts the value of an expression somewhere, and gives the expression that takes it from there."""
Client = Callable[[Part, str], None]
"""Sends a request to the URL of an expression over the parameter `tenant`."""

TEXTS: dict[str, Text] = {
    "plus": lambda base, tenant: f'{base} + "{TENANTS}" + {tenant} + "/users"',
    "an f-string": lambda base, tenant: f'f"{{{base}}}{TENANTS}{{{tenant}}}/users"',
    "percent": lambda base, tenant: f'"%s{TENANTS}%s/users" % ({base}, {tenant})',
    "format": lambda base, tenant: f'"{{}}{TENANTS}{{}}/users".format({base}, {tenant})',
    "format by name": lambda base, tenant: f'"{{b}}{TENANTS}{{t}}/users".format(b={base}, t={tenant})',
    "join": lambda base, tenant: f'"/".join([{base}, "v2", "tenants", {tenant}, "users"])',
    "urljoin": lambda base, tenant: f'urljoin({base}, "{TENANTS}" + {tenant} + "/users")',
    "Template": lambda base, tenant: f'Template("$b{TENANTS}$t/users").substitute(b={base}, t={tenant})',
    "replace": lambda base, tenant: f'({base} + "{TENANTS}TEN/users").replace("TEN", {tenant})',
    "a path object": lambda base, tenant: f'{base} + str(PurePosixPath("/v2/tenants") / {tenant} / "users")',
}


def _assigned(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"{name} = {value}")
    return name


def _entry(part: Part, value: str) -> str:
    name = part.name()
    part.add(f'{name} = {{"url": {value}, "timeout": 5}}')
    return f"{name}['url']"


def _nested_entry(part: Part, value: str) -> str:
    name = part.name()
    part.add(f'{name} = {{"api": {{"url": {value}}}}}')
    return f"{name}['api']['url']"


def _class_attribute(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"class {name}:", f"    url = {value}")
    return f"{name}.url"


def _instance_attribute(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"class {name}:", "    def __init__(self, url):", "        self.url = url")
    return _assigned(part, f"{name}({value})") + ".url"


def _property(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"class {name}:", "    @property", "    def url(self):", f"        return {value}")
    return f"{name}().url"


def _closure(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"def {name}(url):", "    def give():", "        return url", "    return give")
    return _assigned(part, f"{name}({value})") + "()"


def _default(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"def {name}(url={value}):", "    return url")
    return f"{name}()"


def _environment(part: Part, value: str) -> str:
    return _assigned(part, f'os.environ.get("{part.tag.upper()}_URL", {value})')


def _module(part: Part, value: str) -> str:
    name = part.name()
    home = f"conf_{name}"
    part.add(f"from job_names import {part.tag}_none", f"import {home}")
    part.add(f"URL = {value}" if _is_literal(value) else "URL = None", file=f"{home}.py")
    return f"{home}.URL" if _is_literal(value) else value


def _is_literal(value: str) -> bool:
    return value.startswith('"')


def _tuple(part: Part, value: str) -> str:
    name = part.name()
    part.add(f'{name} = ("{part.tag}", {value})')
    return f"{name}[1]"


def _named_tuple(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"class {name}(NamedTuple):", "    url: str")
    return _assigned(part, f"{name}({value})") + ".url"


def _lambda(part: Part, value: str) -> str:
    return _assigned(part, f"lambda: {value}") + "()"


def _partial(part: Part, value: str) -> str:
    return _assigned(part, f"partial(str, {value})") + "()"


def _generator(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"def {name}():", f"    yield {value}")
    return f"next({name}())"


def _enumeration(part: Part, value: str) -> str:
    name = part.name()
    part.add(f"class {name}(enum.Enum):", f"    URL = {value}")
    return f"{name}.URL.value"


CARRIERS: dict[str, Carrier] = {
    "a constant": _assigned,
    "an entry": _entry,
    "a nested entry": _nested_entry,
    "a class attribute": _class_attribute,
    "an object's attribute": _instance_attribute,
    "a property": _property,
    "a closure": _closure,
    "a default": _default,
    "the environment's default": _environment,
    "another module": _module,
    "a tuple": _tuple,
    "a named tuple": _named_tuple,
    "a lambda": _lambda,
    "partial": _partial,
    "a generator": _generator,
    "an enumeration": _enumeration,
}


def _called(call: str) -> Client:
    def client(part: Part, url: str) -> None:
        part.add(f"def {part.name()}(tenant):", f"    return {call.format(url=url)}")

    return client


def _object(part: Part, url: str) -> None:
    name = part.name()
    part.add(f"class {name}:", "    session = requests.Session()", "    def users(self, tenant):")
    part.add(f"        return self.session.get({url})")
    part.add(f"def {part.name()}(tenant):", f"    return {name}().users(tenant)")


def _threads(part: Part, url: str) -> None:
    part.add(f"def {part.name()}(tenants):", "    with ThreadPoolExecutor() as pool:")
    part.add(f"        return [pool.submit(requests.get, {url}) for tenant in tenants]")


def _asynchronous(part: Part, url: str) -> None:
    part.add(f"async def {part.name()}(tenant):", "    async with httpx.AsyncClient() as client:")
    part.add(f"        return (await client.get({url})).json()")


CLIENTS: dict[str, Client] = {
    "requests": _called("requests.get({url})"),
    "requests.request": _called('requests.request("GET", {url}, timeout=5)'),
    "a session": _called("requests.Session().get({url}, headers={{}})"),
    "httpx": _called("httpx.get({url})"),
    "urlopen": _called("urlopen({url})"),
    "a Request": _called("urlopen(Request({url}))"),
    "a helper that both share": _called("send({url})"),
    "a decorated helper": _called("patiently({url})"),
    "a method chosen by name": _called('getattr(requests, "get")({url})'),
    "an object": _object,
    "threads": _threads,
    "async": _asynchronous,
}

HEAD = """\
import enum
import functools
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import PurePosixPath
from string import Template
from typing import NamedTuple
from urllib.parse import urljoin
from urllib.request import Request, urlopen
import httpx
import requests
def send(url):
    return requests.get(url, timeout=5)
def retry(times):
    def wrap(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            for _ in range(times):
                return function(*args, **kwargs)
        return inner
    return wrap
@retry(3)
def patiently(url):
    return send(url)
"""


@dataclass(frozen=True)
class Way:
    """How one program makes and sends its URLs."""

    carriers: tuple[str, ...]
    text: str
    client: str

    def share(self, tag: str, host: str) -> Part:
        """One vendor's part of a program."""
        part = Part(tag)
        base = f'"https://{host}"'
        for name in self.carriers:
            base = CARRIERS[name](part, base)
        CLIENTS[self.client](part, TEXTS[self.text](base, "tenant"))
        return part


def ways() -> st.SearchStrategy[Way]:
    """Any way: one to three carriers, one text, one client."""
    carriers = st.lists(st.sampled_from(sorted(CARRIERS)), min_size=1, max_size=3).map(tuple)
    return st.builds(Way, carriers, st.sampled_from(sorted(TEXTS)), st.sampled_from(sorted(CLIENTS)))


def program(parts: list[Part]) -> dict[str, str]:
    """The program that these parts make, one behind the other in each file."""
    names = "".join(f"{part.tag}_none = None\n" for part in parts)
    files: dict[str, str] = {"job.py": HEAD, "job_names.py": names}
    for part in parts:
        for file, lines in part.lines.items():
            files[file] = files.get(file, "") + "".join(f"{line}\n" for line in lines)
    return files
