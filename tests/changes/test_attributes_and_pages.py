"""Answers whose keys become attributes, parameters, columns or holes of a page: run before and after."""

from __future__ import annotations

import sys
from copy import deepcopy
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import Report, check, check_texts
from aurora_migrate.findings import Applicability

ADMIN = "00000000-0000-4000-8000-0000000000a1"
SETTINGS = Settings(root=Path("/"), system_size="stc", roles=RoleSettings({"Admin": ADMIN}))
HEAD = """\
import requests
def design(i):
    found = requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()["design"]
    return found
def user(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").json()["user"]
"""
OLD = {
    "design": {"id": "1", "name": "A", "system_size": 5},
    "user": {"id": "1", "user_level": "Admin"},
}
NEW = {
    "design": {"id": "1", "name": "A", "system_size_stc": 5},
    "user": {"id": "1", "role_id": ADMIN},
}

COMPLETE = [
    pytest.param(
        """
        class User:
            def __init__(self, body):
                self.__dict__.update(body)
            def boss(self):
                return self.user_level == "Admin"
        def f(i):
            return User(user(i)).boss()
        """,
        id="an object's own dict",
    ),
    pytest.param(
        """
        class Thing:
            def __init__(self, **given):
                for key, value in given.items():
                    setattr(self, key, value)
        def f(i):
            return Thing(**design(i)).system_size, Thing(**user(i)).user_level == "Admin"
        """,
        id="attributes of one class from two answers",
    ),
    pytest.param(
        """
        import json
        from types import SimpleNamespace
        def f(i):
            text = json.dumps({"designs": [design(i), design(i)]})
            found = json.loads(text, object_hook=lambda each: SimpleNamespace(**each))
            return sum(each.system_size for each in found.designs)
        """,
        id="namespaces in namespaces",
    ),
    pytest.param(
        """
        from typing import NamedTuple
        class Design(NamedTuple):
            name: str
            system_size: float
        def f(i):
            body = design(i)
            made = Design(**{key: body[key] for key in Design._fields})
            return made._asdict(), made.system_size
        """,
        id="a named tuple by its fields",
    ),
    pytest.param(
        """
        from pydantic import AliasChoices, AliasPath, BaseModel, Field
        class Design(BaseModel):
            size: float = Field(validation_alias=AliasChoices("systemSize", "system_size"))
        class Body(BaseModel):
            size: float = Field(validation_alias=AliasPath("design", "system_size"))
        def f(i):
            body = requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()
            return Design(**body["design"]).size, Body(**body).size
        """,
        id="aliases with choices and paths",
    ),
    pytest.param(
        """
        from pydantic import BaseModel, ConfigDict
        from pydantic.alias_generators import to_snake
        class Design(BaseModel):
            model_config = ConfigDict(alias_generator=to_snake)
            systemSize: float
        def f(i):
            return Design(**design(i)).model_dump()
        """,
        id="an alias generator",
    ),
    pytest.param(
        """
        import sqlite3
        def f(i):
            db = sqlite3.connect(":memory:")
            db.execute("create table designs (name text, size real)")
            db.execute("insert into designs values (:name, :system_size)", design(i))
            return db.execute("select * from designs").fetchall()
        """,
        id="parameters of a statement",
    ),
    pytest.param(
        """
        import pandas as pd
        def f(ids):
            df = pd.DataFrame([design(i) for i in ids])
            return df.query("system_size > 4").groupby("system_size").size().to_dict()
        """,
        id="an expression over columns",
    ),
    pytest.param(
        """
        from functools import reduce
        def f(i):
            body = requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()
            name = reduce(lambda held, key: held[key], "design.name".split("."), body)
            return name, design(i)["system_size"]
        """,
        id="a path of keys that stay",
    ),
    pytest.param(
        """
        class AttrDict(dict):
            def __init__(self, *given, **named):
                super().__init__(*given, **named)
                self.__dict__ = self
        def f(i):
            return AttrDict(design(i)).system_size
        """,
        id="a dict that is its own attributes",
    ),
    pytest.param(
        """
        class Design:
            def __init__(self, body):
                vars(self).update(body)
        def f(i):
            made = Design(design(i))
            return getattr(made, "system_size", 0) if hasattr(made, "system_size") else None
        """,
        id="attributes by their names",
    ),
    pytest.param(
        """
        from operator import attrgetter
        from types import SimpleNamespace
        size = attrgetter("system_size")
        def f(ids):
            return sorted((SimpleNamespace(**design(i)) for i in ids), key=size)[0].system_size
        """,
        id="a getter of an attribute",
    ),
    pytest.param(
        """
        class Key:
            def __set_name__(self, owner, name):
                self.name = name
            def __get__(self, made, kind=None):
                return made.body[self.name]
        class Design:
            system_size = Key()
            def __init__(self, body):
                self.body = body
        def f(i):
            return Design(design(i)).system_size
        """,
        id="a descriptor that knows its name",
    ),
    pytest.param(
        """
        from string import Template
        def f(i):
            return Template("$name: ${system_size} W").substitute(design(i))
        """,
        id="a template of the standard library",
    ),
    pytest.param(
        """
        from string import Template
        from types import SimpleNamespace
        class Thing(SimpleNamespace):
            def __contains__(self, name):
                return name in self.__dict__
        def f(i):
            made = Thing(**design(i))
            return Template("$name: $system_size W").substitute(vars(made)), made.system_size
        """,
        id="a namespace of the program's own, shown by a template",
    ),
    pytest.param(
        """
        import json
        from types import SimpleNamespace
        def f(i):
            text = json.dumps(requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").json())
            person = json.loads(text, object_hook=lambda found: SimpleNamespace(**found)).user
            return {"Admin": "*", "Team Member": "+"}.get(person.user_level, "-")
        """,
        id="a level looked up in a table",
    ),
    pytest.param(
        """
        class Record:
            def __init__(self, **fields):
                self.__dict__["fields"] = fields
            def __getattr__(self, name):
                return self.fields[name]
            def load(self, i):
                self.__dict__["fields"] = design(i)
                return self
        def f(i):
            return Record().load(i).system_size
        """,
        id="a record that looks its attributes up",
    ),
]

LEFT = [
    pytest.param(
        """
        class Thing:
            def __init__(self, body):
                self.__dict__.update(body)
        def f(i):
            return [Thing(each).user_level == "Admin" for each in (user(i), {"user_level": "Admin"})]
        """,
        "AUR202",
        id="objects of the program's own, too",
    ),
    pytest.param(
        """
        class Thing:
            def __init__(self, body):
                self.__dict__.update(body)
        def crm(i):
            return requests.get(f"https://crm.example/users/{i}").json()
        def f(i):
            return [each.user_level == "Admin" for each in (Thing(user(i)), Thing(crm(i)))]
        """,
        "AUR202",
        id="another vendor's answer, too",
    ),
    pytest.param(
        """
        def f(i):
            found = {key.replace("_", "-"): value for key, value in user(i).items()}
            return found["user-level"] == "Admin"
        """,
        "AUR202",
        id="keys with other marks",
    ),
    pytest.param(
        """
        def f(i):
            found = {key.replace("_", ""): value for key, value in user(i).items()}
            return found["id"] == "1"
        """,
        "",
        id="another key of such an object",
    ),
    pytest.param(
        """
        class Thing:
            user_level = "own"
        def f(i):
            return Thing().user_level, user(i)["id"]
        """,
        "",
        id="an attribute of the program's own",
    ),
    pytest.param(
        """
        def f(i, db):
            db.execute("insert into users values (:id, :name)", user(i))
            return "user_level"
        """,
        "",
        id="parameters that stay",
    ),
    pytest.param(
        """
        import json
        from types import SimpleNamespace
        def f(i):
            text = requests.get(f"https://api.aurorasolar.com/tenants/1/users/{i}").text
            person = json.loads(text, object_hook=lambda found: SimpleNamespace(**found)).user
            return [getattr(person, name) for name in ("id", "user_level")]
        """,
        "AUR202",
        id="attributes by names of a list: such an object takes no keys",
    ),
]


def _fixed(body: str) -> tuple[str, str, Report]:
    before = HEAD + dedent(body)
    report = check_texts({"m.py": before}, SETTINGS, fix=Applicability.UNSAFE)
    return before, next((new for _, new in report.changes.values()), before), report


def _result(program: str, answers: object, monkeypatch: pytest.MonkeyPatch) -> object:
    fake = ModuleType("requests")
    monkeypatch.setattr(
        fake, "get", lambda url: SimpleNamespace(json=lambda: deepcopy(answers)), raising=False
    )
    monkeypatch.setitem(sys.modules, "requests", fake)
    space: dict[str, object] = {"__name__": "m"}
    exec(program, space)
    function = space["f"]
    assert callable(function)
    return function("1")


@pytest.mark.parametrize("body", COMPLETE)
def test_it_does_the_same_with_the_new_answers(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after, report = _fixed(body)
    assert report.findings == []
    assert _result(after, NEW, monkeypatch) == _result(before, OLD, monkeypatch)
    again = check_texts({"m.py": after}, SETTINGS, fix=Applicability.UNSAFE)
    assert again.findings == []
    assert not again.changes


@pytest.mark.parametrize(("body", "rule"), LEFT)
def test_what_is_not_auroras_alone_stays(body: str, rule: str) -> None:
    before, after, report = _fixed(body)
    assert after == before
    assert sorted({found.rule for found in report.findings}) == ([rule] if rule else [])


PAGE = """\
import flask, requests
def design(i):
    found = requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()["design"]
    return found
def show(i):
    return flask.render_template("design.html", design=design(i))
"""


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("{{ design.name }}: {{ design.system_size }} W", 1),
        ("{% for each in designs %}{{ each['system_size'] }}{% endfor %}", 1),
        ("{{ design.name }}: {{ design.system_size_stc }} W", 0),
        ("system_size is no member here", 0),
    ],
)
def test_pages_get_what_they_show(tmp_path: Path, page: str, found: int) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "design.html").write_text(page, encoding="utf-8")
    (tmp_path / "app.py").write_text(PAGE, encoding="utf-8")
    settings = Settings(root=tmp_path, system_size="stc")
    report = check([str(tmp_path)], settings, fix=Applicability.UNSAFE, write=False)
    assert report.findings == []
    assert [each.rule for each in report.fixed] == ["AUR401"] * found
    changed = "".join(new for _, new in report.changes.values())
    assert ('found["system_size"] = found["system_size_stc"]\n' in changed) is bool(found)
