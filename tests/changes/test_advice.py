"""AUR901 to AUR907 on small programs: what is found, line by line, and what is none of Aurora's affair."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import Settings
from aurora_migrate.findings import Applicability

HEAD = """\
import dataclasses, enum, re, typing, uuid
import attrs, httpx, pydantic, requests
from collections import Counter, defaultdict

S = requests.Session()
TENANT = "https://api.aurorasolar.com/tenants/t"
CRM = "https://crm.example/tenants/t"


def get(path, host=TENANT):
    return S.get(host + path).json()


"""
FIRST = HEAD.count("\n") + 1


def found(code: str, program: str) -> list[int]:
    """The lines of the program (without HEAD) where the rule finds something."""
    settings = Settings(root=Path("/in-memory"), select=(code,))
    report = engine.check_texts({"program.py": HEAD + program}, settings)
    assert not report.errors
    return sorted({each.location.start.line - FIRST + 1 for each in report.findings})


def lines(program: str) -> list[int]:
    """The lines that a case marks with `# !`."""
    return [number for number, line in enumerate(program.splitlines(), 1) if line.rstrip().endswith("# !")]


LIST_ORDER = [
    pytest.param('get("/users")["users"][0]  # !\n', id="the first"),
    pytest.param(
        'users = get("/users").get("users", [])\nprint(users[-1])  # !\n', id="the last, with a default"
    ),
    pytest.param(
        'users = get("/users")["users"]\nprint(users[:2], users[1:])  # !\n', id="slices at fixed places"
    ),
    pytest.param('it = iter(get("/users")["users"])\nprint(next(it))  # !\n', id="an iterator asked for one"),
    pytest.param('for u in reversed(get("/users")["users"]):  # !\n    print(u)\n', id="reversed"),
    pytest.param('first, *rest = get("/users")["users"]  # !\n', id="unpacked"),
    pytest.param('users = get("/users")["users"]\nprint(users.pop(0))  # !\n', id="popped"),
    pytest.param(
        'for u, r in zip(get("/users")["users"], get("/roles")["roles"]):  # !\n    print(u, r)\n',
        id="two lists side by side",
    ),
    pytest.param(
        'users, roles = get("/users")["users"], get("/roles")["roles"]\n'
        "for i in range(len(users)):\n    print(users[i], roles[i])  # !\n",
        id="the positions of another list",
    ),
    pytest.param(
        'names = [u["name"] for u in get("/users")["users"]]\nprint(names[0])  # !\n', id="a list of names"
    ),
    pytest.param(
        "every = []\nfor page in (1, 2):\n"
        "    every.extend(get('/projects')['projects'])\nprint(every[0])  # !\n",
        id="pages put together",
    ),
    pytest.param(
        'for u, n in zip(get("/users")["users"], ["a", "b"]):  # !\n    print(u, n)\n',
        id="names of one's own",
    ),
    pytest.param('users = sorted(get("/users")["users"], key=str)\nprint(users[0])\n', id="sorted"),
    pytest.param(
        'users = get("/users")["users"]\nusers.sort(key=str)\nprint(users[0])\n', id="sorted in place"
    ),
    pytest.param(
        'users = list(get("/users")["users"])\nusers.sort(key=str)\nprint(users[0])\n', id="a sorted copy"
    ),
    pytest.param('print([u for u in get("/users")["users"] if u["email"]][0])\n', id="filtered"),
    pytest.param(
        'print(max(get("/users")["users"], key=len), min(get("/roles")["roles"], key=len))\n',
        id="the largest",
    ),
    pytest.param(
        'users = get("/users")["users"]\nwhile users:\n    print(users.pop())\n', id="a list that is emptied"
    ),
    pytest.param('[user] = get("/users")["users"]\n', id="the only one, unpacked"),
    pytest.param(
        'users = get("/users")["users"]\nif len(users) == 1:\n    print(users[0])\n',
        id="the only one, counted",
    ),
    pytest.param(
        'users = get("/users")["users"]\nfor i, u in enumerate(users):\n    print(users[i] is u)\n',
        id="one's own positions",
    ),
    pytest.param('print(get("/projects/p")["project"]["name"][0])\n', id="a text"),
    pytest.param('print(get("/designs/d/summary")["design"]["arrays"][0])\n', id="a list inside one object"),
    pytest.param('print(get("/users", CRM)["users"][0])\n', id="another vendor's list"),
]

CLOSED = "parts = get('/designs/d/summary')['design']['bill_of_materials']\nfor p in parts:\n"
ENUM = [
    pytest.param(
        CLOSED + "    k = p['component_type']\n    if k == 'a':  # !\n"
        "        print(1)\n    elif k == 'b':\n        print(2)\n",
        id="if and elif",
    ),
    pytest.param(
        CLOSED
        + "    if p['component_type'] == 'a':  # !\n        print(1)\n    elif p['component_type'] == 'b':\n"
        + "        print(2)\n    else:\n        raise ValueError(p)\n",
        id="an else that refuses",
    ),
    pytest.param(
        CLOSED + "    match p['component_type']:  # !\n        case 'a' | 'b':\n"
        "            print(1)\n        case 'c':\n            print(2)\n",
        id="match",
    ),
    pytest.param(
        "L = {'a': 1, 'b': 2}\n" + CLOSED + "    print(L[p['component_type']])  # !\n", id="a look-up"
    ),
    pytest.param(
        "L = {'a': 1, 'b': 2}\n" + CLOSED + "    L[p['component_type']] += 1  # !\n",
        id="a count in a fixed dict",
    ),
    pytest.param(
        "class K(enum.Enum):\n    A = 'a'\n\n\n" + CLOSED + "    print(K(p['component_type']))  # !\n",
        id="an enumeration",
    ),
    pytest.param(
        "class P(pydantic.BaseModel):\n    component_type: typing.Literal['a', 'b']  # !\n\n\n"
        + CLOSED
        + "    P(**p)\n",
        id="a literal type in a model",
    ),
    pytest.param(
        "class K(enum.Enum):\n    A = 'a'\n\n\nclass P(pydantic.BaseModel):\n    component_type: K  # !\n\n\n"
        + CLOSED
        + "    P.model_validate(p)\n",
        id="an enumeration in a model",
    ),
    pytest.param(
        CLOSED + "    k = p['component_type']\n    if k == 'a':\n        print(1)\n"
        "    elif k == 'b':\n        print(2)\n    else:\n        print(3)\n",
        id="else",
    ),
    pytest.param(
        CLOSED + "    if p['component_type'] == 'a':\n        continue\n"
        "    if p['component_type'] == 'b':\n        continue\n    print(p)\n",
        id="what follows is the default",
    ),
    pytest.param(
        CLOSED + "    if p['component_type'] == 'a':\n        print(p['quantity'])\n",
        id="one value picked out",
    ),
    pytest.param(
        CLOSED + "    match p['component_type']:\n        case 'a':\n"
        "            print(1)\n        case other:\n            print(other)\n",
        id="match with a default",
    ),
    pytest.param("L = {'a': 1}\n" + CLOSED + "    print(L.get(p['component_type'], 0))\n", id="get"),
    pytest.param(
        "L = {'a': 1}\n"
        + CLOSED
        + "    if p['component_type'] in L:\n        print(L[p['component_type']])\n",
        id="asked before",
    ),
    pytest.param(
        "L = {'a': 1}\n"
        + CLOSED
        + "    try:\n        print(L[p['component_type']])\n    except KeyError:\n        print('?')\n",
        id="the error is taken",
    ),
    pytest.param("N = Counter()\n" + CLOSED + "    N[p['component_type']] += 1\n", id="a counter"),
    pytest.param(
        "N = defaultdict(int, {'a': 1, 'b': 2})\n" + CLOSED + "    N[p['component_type']] += 1\n",
        id="a defaultdict",
    ),
    pytest.param(
        "class K(enum.Enum):\n    A = 'a'\n\n    @classmethod\n"
        "    def _missing_(cls, value):\n        return cls.A\n\n\n"
        + CLOSED
        + "    print(K(p['component_type']))\n",
        id="an enumeration with a place for others",
    ),
    pytest.param(
        "class P(pydantic.BaseModel):\n    component_type: str\n    name: typing.Literal['x']\n\n\n"
        + CLOSED
        + "    P(**p)\n",
        id="a literal type of another field",
    ),
]

IDS = [
    pytest.param('p = get("/projects/p")["project"]\nassert len(p["id"]) == 36  # !\n', id="length"),
    pytest.param('p = get("/projects/p")["project"]\nprint(p["owner_id"][:8])  # !\n', id="a piece"),
    pytest.param('p = get("/projects/p")["project"]\nprint(p["id"].split("-")[0])  # !\n', id="split"),
    pytest.param(
        'for p in get("/projects")["projects"]:\n    print(uuid.UUID(p["id"]).hex)  # !\n', id="a UUID"
    ),
    pytest.param('p = get("/projects/p")["project"]\nprint(int(p["id"], 16))  # !\n', id="a number"),
    pytest.param(
        'p = get("/projects/p")["project"]\nif re.fullmatch(r"[0-9a-f-]+", p["id"]):  # !\n    print(p)\n',
        id="a pattern",
    ),
    pytest.param(
        "@dataclasses.dataclass\nclass P:\n    id: str\n\n\n"
        'p = P(get("/projects/p")["project"]["id"])\nprint(p.id[:4])  # !\n',
        id="kept in a dataclass",
    ),
    pytest.param(
        'for t in get("/users/u")["user"]["team_ids"]:\n    print(len(t))  # !\n', id="a list of ids"
    ),
    pytest.param(
        'p = get("/projects/p")["project"]\nprint({p["id"]: p}, p["id"] == "x", str(p["id"]))\n',
        id="kept whole",
    ),
    pytest.param('p = get("/projects/p")["project"]\nprint(len(p["name"]), p["name"][:8])\n', id="a name"),
    pytest.param(
        'p = get("/projects/p")["project"]\nprint(int(p["external_provider_id"]))\n',
        id="the customer's own id",
    ),
    pytest.param('p = get("/projects/p", CRM)["project"]\nprint(len(p["id"]))\n', id="another vendor's id"),
    pytest.param(
        "@dataclasses.dataclass\nclass P:\n    id: uuid.UUID\n\n\nP(**get('/projects/p')['project'])\n",
        id="an annotation only",
    ),
    pytest.param('print(len(get("/users")["users"]))\n', id="how many there are"),
]

MODELS = [
    pytest.param(
        "@dataclasses.dataclass\nclass P:\n    id: str\n\n\nP(**get('/projects/p')['project'])  # !\n",
        id="a dataclass",
    ),
    pytest.param(
        "@attrs.define\nclass P:\n    id: str\n\n\nP(**get('/projects/p')['project'])  # !\n", id="attrs"
    ),
    pytest.param(
        "class P(typing.NamedTuple):\n    id: str\n\n\nP(**get('/projects/p')['project'])  # !\n",
        id="a named tuple",
    ),
    pytest.param(
        "def show(id, name):\n    print(id, name)\n\n\nshow(**get('/projects/p')['project'])  # !\n",
        id="a function",
    ),
    pytest.param(
        "class P:\n    def __init__(self, id):\n        self.id = id\n"
        "\n\nP(**get('/projects/p')['project'])  # !\n",
        id="a constructor",
    ),
    pytest.param(
        "class P(pydantic.BaseModel, extra='forbid'):  # !\n"
        "    id: str\n\n\nP(**get('/projects/p')['project'])\n",
        id="class keyword",
    ),
    pytest.param(
        "class P(pydantic.BaseModel):\n    model_config = {'extra': 'forbid'}  # !\n    id: str\n\n\n"
        "P.model_validate(get('/projects/p')['project'])\n",
        id="a plain dict as config",
    ),
    pytest.param(
        "class P(pydantic.BaseModel):\n    id: str\n\n    class Config:\n"
        "        extra = pydantic.Extra.forbid  # !\n\n\n"
        "P.parse_obj(get('/projects/p')['project'])\n",
        id="a Config class",
    ),
    pytest.param(
        "class P(pydantic.BaseModel):\n    id: str\n\n\nP(**get('/projects/p')['project'])\n",
        id="ignores by itself",
    ),
    pytest.param(
        "@dataclasses.dataclass\nclass P:\n    id: str\n\n\nP(id=get('/projects/p')['project']['id'])\n",
        id="field by field",
    ),
    pytest.param(
        "def show(id, **rest):\n    print(id, rest)\n\n\nshow(**get('/projects/p')['project'])\n",
        id="takes the rest",
    ),
    pytest.param("print(dict(**get('/projects/p')['project']))\n", id="a dict"),
    pytest.param(
        "@dataclasses.dataclass\nclass P:\n    id: str\n\n\nP(**get('/projects/p', CRM)['project'])\n",
        id="another vendor",
    ),
    pytest.param(
        "class P(pydantic.BaseModel, extra='forbid'):\n    id: str\n"
        "\n\nP(id=get('/projects/p')['project']['id'])\n",
        id="forbids, but is given fields",
    ),
]

UNKNOWN = [
    pytest.param('S.get(TENANT + "/site-models")  # !\n', id="an invented path"),
    pytest.param(
        'S.patch(TENANT + "/projects/p", json={})  # !\n', id="a method that the path does not have"
    ),
    pytest.param('S.get("https://api.aurorasolar.com/v1/users")  # !\n', id="version 1"),
    pytest.param(
        'httpx.post("https://api.aurorasolar.com/v2/tenants/t/rollback")  # !\n',
        id="a guess behind the old prefix",
    ),
    pytest.param(
        'def f(p):\n    S.get(f"{TENANT}/projects/{p}/financings")  # !\n', id="a list under the wrong parent"
    ),
    pytest.param('S.get(TENANT + "/projects?page=2")\n', id="a query"),
    pytest.param('S.head(TENANT + "/anything")\n', id="HEAD"),
    pytest.param('def f(kind, id):\n    S.get(f"{TENANT}/{kind}/{id}")\n', id="of which too little is known"),
    pytest.param("def f(tail):\n    S.get(TENANT + tail)\n", id="a tail that nobody gives"),
    pytest.param('S.get("https://app.aurorasolar.com/site-models")\n', id="the web application"),
    pytest.param('S.get(CRM + "/site-models")\n', id="another vendor"),
    pytest.param('S.get("https://api.aurorasolar.com/v2/tenants/t/projects")\n', id="the old prefix"),
]


@pytest.mark.parametrize("program", LIST_ORDER)
def test_lists_taken_by_position(program: str) -> None:
    assert found("AUR901", program) == lines(program)


@pytest.mark.parametrize("program", ENUM)
def test_closed_enumerations(program: str) -> None:
    assert found("AUR902", program) == lines(program)


@pytest.mark.parametrize("program", IDS)
def test_ids_taken_apart(program: str) -> None:
    assert found("AUR903", program) == lines(program)


@pytest.mark.parametrize("program", MODELS)
def test_models_that_take_no_other_property(program: str) -> None:
    assert found("AUR905", program) == lines(program)


@pytest.mark.parametrize("program", UNKNOWN)
def test_paths_that_are_no_endpoint(program: str) -> None:
    assert found("AUR907", program) == lines(program)


def test_what_a_test_does_with_its_own_double_is_left_alone() -> None:
    test = "def test_it():\n    assert S.get(TENANT + '/site-models').json()['users'][0]['id'][:3] == 'abc'\n"
    settings = Settings(root=Path("/in-memory"), select=("AUR9",))
    assert engine.check_texts({"test_program.py": HEAD + test}, settings).findings == []


def test_a_message_that_another_rule_reports_is_reported_once() -> None:
    program = HEAD + (
        "def f():\n    r = S.get(TENANT)\n    if r.status_code == 404:\n"
        "        return any('not be found' in e['message'] for e in r.json()['errors'])\n"
    )
    settings = Settings(root=Path("/in-memory"), extend_select=("AUR904",))
    report = engine.check_texts({"program.py": program}, settings, fix=Applicability.UNSAFE)
    places = [(each.location.start.line, each.location.start.column) for each in report.findings]
    assert len(places) == len(set(places)) <= 1
