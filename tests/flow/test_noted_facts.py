"""What the flow notes beside requests and reads: own mappings, bodies, takers, strangers."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from aurora_migrate.files.project import Project
from aurora_migrate.flow.explore import explore
from aurora_migrate.flow.facts import Body, Facts
from aurora_migrate.flow.modules import Module, Modules
from aurora_migrate.flow.strangers import strangers_at
from aurora_migrate.flow.trees import walk

HEAD = 'import json, requests\nURL = "https://api.aurorasolar.com/tenants/1"\n'
PATH = Path("/p/a.py")


def _facts(body: str) -> tuple[Facts, Module]:
    modules = Modules(Project.in_memory(Path("/p"), {PATH: HEAD + body}))
    module = modules.load(PATH)
    assert module is not None
    return explore(modules, [module], ["2018.01", "2022.09"], []), module


def _sources(module: Module, wanted: set[int]) -> list[str]:
    """The source of the nodes with these identities, in order."""
    found = [node for node in walk(module.tree) if id(node) in wanted]
    found.sort(key=module.location)
    return [" ".join(module.tree.code_for_node(node).split()) for node in found]


LOOKS = [
    pytest.param('d = {"a": 1}\nprint(d["a"])\n', ['d["a"]'], id="a subscript"),
    pytest.param('d = {"a": 1}\nprint(d.get("a"))\n', ['d.get("a")'], id="get"),
    pytest.param('d = {"a": 1}\nprint(d.pop("a", None))\n', ['d.pop("a", None)'], id="pop"),
    pytest.param('d = {"a": 1}\ndel d["a"]\n', ['d["a"]'], id="del"),
    pytest.param('d = {"a": 1}\nprint("a" in d)\n', ['"a" in d'], id="in"),
    pytest.param('def f(a): print(a)\nf(**{"a": 1})\n', ['**{"a": 1}'], id="a spread argument"),
    pytest.param(
        'def f(d): return d["a"]\nprint(f({"a": 1}))\n', ['d["a"]'], id="a function that is given it"
    ),
    pytest.param('d = {"a": 1}\nprint(d["b"])\n', [], id="another key"),
    pytest.param('d = {"a": 1}\nprint(d)\n', [], id="the whole mapping"),
]


@pytest.mark.parametrize(("body", "looks"), LOOKS)
def test_looks_into_own_mappings_are_noted(body: str, looks: list[str]) -> None:
    facts, module = _facts(body)
    assert _sources(module, {node for found in facts.looks.values() for node in found}) == looks


OWN_KEYS = [
    pytest.param('d = {"a": 1}\nprint(d["a"])\n', ['"a"', '"a"'], id="a key that is looked for"),
    pytest.param('d = {}\nd["a"] = 1\nkey = "a"\nprint(d[key])\n', ['"a"', '"a"'], id="a constant"),
    pytest.param('def f(i): print(requests.get(URL + "/users/" + i).json()["user"])\n', [], id="an answer"),
    pytest.param('print({}.get("a"))\n', [], id="an empty mapping"),
]


@pytest.mark.parametrize(("body", "keys"), OWN_KEYS)
def test_keys_of_own_mappings_are_noted(body: str, keys: list[str]) -> None:
    facts, module = _facts(body)
    looked = [each for each in _sources(module, facts.own_keys) if each == '"a"' or each == '"user"']
    assert looked == keys


OWN_LOOKERS = [
    pytest.param('d = {"a": 1}\nprint(d["a"])\n', ['d["a"]'], id="a key that is there"),
    pytest.param('d = {"a": 1}\nprint(d.get("b"))\n', [], id="a key that is not"),
    pytest.param(
        'def f(x): return x["user"]\nf({"user": 1})\nf(requests.get(URL + "/users/1").json())\n',
        ['x["user"]'],
        id="an own mapping and an answer",
    ),
    pytest.param(
        'def f(x): return x["user"]\nf(requests.get(URL + "/users/1").json())\n', [], id="an answer alone"
    ),
]


@pytest.mark.parametrize(("body", "lookers"), OWN_LOOKERS)
def test_what_finds_keys_of_own_mappings_is_noted(body: str, lookers: list[str]) -> None:
    facts, module = _facts(body)
    assert _sources(module, facts.own_lookers) == lookers


TAKERS = [
    pytest.param(
        'from ours import show\nshow(requests.get(URL + "/users/1").json()["user"])\n',
        ["show"],
        id="a function that is not seen",
    ),
    pytest.param(
        'from ours import show\nshow(user=requests.get(URL + "/users/1").json()["user"])\n',
        ["show"],
        id="by keyword",
    ),
    pytest.param(
        'from ours import show\nshow(**requests.get(URL + "/users/1").json()["user"])\n',
        ["show"],
        id="spread",
    ),
    pytest.param(
        'def show(x): return x["id"]\nshow(requests.get(URL + "/users/1").json()["user"])\n',
        [],
        id="a function of the program",
    ),
    pytest.param('from ours import show\nrequests.get(URL + "/users/1")\nshow(1)\n', [], id="nothing of it"),
]


@pytest.mark.parametrize(("body", "takers"), TAKERS)
def test_unseen_code_that_gets_parts_of_answers_is_noted(body: str, takers: list[str]) -> None:
    facts, _ = _facts(body)
    found = {name for (_, path), each in _keyed(facts) if "user" in path for _, _, name in each.values()}
    assert sorted(found) == takers


def _keyed(
    facts: Facts,
) -> list[tuple[tuple[int, tuple[object, ...]], dict[int, tuple[Module, cst.Call, str]]]]:
    return [(key, each) for key, each in facts.part_takers.items() if isinstance(key, tuple)]


BODIES = [
    pytest.param(
        'requests.post(URL + "/users", json={"user": {"a": 1, "b": 2}})\n',
        {"user": {"a", "b"}},
        id="written out",
    ),
    pytest.param(
        'u = {"a": 1}\nu["b"] = 2\nrequests.post(URL + "/users", json={"user": u})\nu["c"] = 3\n',
        {"user": {"a", "b"}},
        id="as it was when it was sent",
    ),
    pytest.param(
        'requests.post(URL + "/users", data=json.dumps({"user": {"a": 1}}))\n', {"user": {"a"}}, id="dumped"
    ),
    pytest.param(
        "from dataclasses import asdict, dataclass\n@dataclass\nclass U:\n    a: int\n    b: int\n"
        'requests.post(URL + "/users", json={"user": asdict(U(1, 2))})\n',
        {"user": {"a", "b"}},
        id="a model",
    ),
    pytest.param('requests.post(URL + "/users", json={"user": 1})\n', {"user": set()}, id="no object"),
    pytest.param('requests.get(URL + "/users", params={"user": 1})\n', {}, id="no body"),
]


@pytest.mark.parametrize(("body", "fields"), BODIES)
def test_bodies_hold_what_was_sent(body: str, fields: dict[str, set[str]]) -> None:
    facts, _ = _facts(body)
    (request,) = facts.requests.values()
    assert {entry.name: _names(inner) for each in request.bodies for entry, inner in each.fields} == fields


def _names(bodies: tuple[Body, ...]) -> set[str]:
    return {entry.name or "" for body in bodies for entry, _ in body.fields}


def test_a_body_with_unknown_contents_is_open() -> None:
    facts, _ = _facts('def f(more): requests.post(URL + "/users", json={"user": {"a": 1, **more}})\n')
    (request,) = facts.requests.values()
    (body,) = request.bodies
    ((_, user),) = body.at("user")
    assert user.open


STRANGERS = [
    pytest.param("def f(x): return x['a']\nf(json.load(open('b')))\n", True, id="a file"),
    pytest.param("from ours import load\ndef f(x): return x['a']\nf(load())\n", True, id="unseen code"),
    pytest.param("def f(x): return x['a']\n", True, id="a function that nothing calls"),
    pytest.param("x = {**json.loads(input()), 'b': 1}\nprint(x['a'])\n", False, id="an own mapping, in part"),
    pytest.param("def f(x): return x['a']\nf({'a': 1})\n", False, id="only own mappings"),
    pytest.param("def f(x): return x['a']\nf(requests.get(URL).json())\n", False, id="only answers"),
    pytest.param(
        "def f(n):\n    return f(n - 1) if n else requests.get(URL).json()\nprint(f(3)['a'])\n",
        False,
        id="recursion",
    ),
    pytest.param("x = None\ndef f():\n    if x: print(x['a'])\nf()\n", False, id="None"),
    pytest.param("def f(x): return x['b']\nf(json.load(open('b')))\n", False, id="another key"),
]


@pytest.mark.parametrize(("body", "strange"), STRANGERS)
def test_values_of_unknown_origin_are_noted_where_a_key_is_looked_for(body: str, strange: bool) -> None:
    facts, module = _facts(body)
    found = [node for node in walk(module.tree) if any(True for _ in strangers_at(facts, node, "a"))]
    looks = [node for node in found if isinstance(node, cst.Subscript)]
    assert bool(looks) is strange
