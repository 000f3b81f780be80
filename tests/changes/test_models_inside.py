"""Fields of models that libraries make inside other models: the model changes with every use of it."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.changes.test_response_fields import ADMIN, SETTINGS

HEAD = """import attr, cattrs, msgspec, requests
from dataclasses import InitVar, dataclass, field
from typing import Generic, List, TypeVar
from pydantic import BaseModel, Field, RootModel, TypeAdapter
URL = "https://api.aurorasolar.com/tenants/1"
def design(i):
    return requests.get(URL + f"/designs/{i}/summary")
def user(i):
    return requests.get(URL + f"/users/{i}")
"""
MODELS = """
class Design(BaseModel):
    id: str
    system_size: float
"""
OUTER = MODELS + "class Body(BaseModel):\n    design: Design\n"
ALIASED = """
class Design(BaseModel):
    watts: float = Field(0.0, alias="system_size")
class Body(BaseModel):
    design: Design
"""
RENAMED = {
    "by the text of an answer": OUTER
    + "def f(i):\n    return Body.parse_raw(design(i).text).design.system_size\n",
    "by an adapter of a list": MODELS
    + "ROWS = TypeAdapter(list[Design])\ndef f(ids):\n"
    + "    rows = ROWS.validate_python([design(i).json()['design'] for i in ids])\n"
    + "    return sum(row.system_size for row in rows)\n",
    "in a model without fields": MODELS
    + "class Bodies(RootModel[dict[str, Design]]):\n    pass\ndef f(i):\n"
    + "    return Bodies.model_validate(design(i).json()).root['design'].system_size\n",
    "in a generic model": MODELS
    + "T = TypeVar('T')\nclass Of(BaseModel, Generic[T]):\n    design: T\n"
    + "def f(i):\n    return Of[Design].model_validate(design(i).json()).design.system_size\n",
    "under an alias": ALIASED
    + "def f(i):\n    return Body.model_validate_json(design(i).text).design.watts\n",
    "by msgspec": (
        "class Design(msgspec.Struct):\n    system_size: float\n"
        "class Body(msgspec.Struct):\n    design: Design\n"
        "def f(i):\n    return msgspec.json.decode(design(i).content, type=Body).design.system_size\n"
    ),
    "by cattrs": (
        "@attr.define\nclass Design:\n    system_size: float\n"
        "@attr.define\nclass Body:\n    design: Design\n"
        "def f(i):\n    return cattrs.Converter().structure(design(i).json(), Body).design.system_size\n"
    ),
}


@pytest.mark.parametrize("body", RENAMED.values(), ids=RENAMED)
def test_the_field_and_its_uses_get_the_new_name(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [found.message for found in [*report.findings, *report.errors]] == []
    new = [text for _, text in report.changes.values()]
    assert new == [HEAD + body.replace("system_size", "system_size_stc")]


def test_a_model_inside_another_is_never_left_behind_by_its_uses() -> None:
    """The attribute would be asked for under a name that the model has not got."""
    body = """
class User(BaseModel):
    user_level: str
class Body(BaseModel):
    user: User
def f(i):
    print(Body.model_validate(user(i).json()).user.user_level)
"""
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    text = next((new for _, new in report.changes.values()), HEAD + body)
    assert ("    user_level: str" in text) == (".user.user_level" in text)


def test_tests_of_a_field_inside_a_model_are_rewritten() -> None:
    body = """
class User(BaseModel):
    user_level: str
class Body(BaseModel):
    user: User
def f(i):
    return Body.model_validate(user(i).json()).user.user_level == "Admin"
"""
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    after = body.replace("user_level", "role_id").replace('"Admin"', f'"{ADMIN}"')
    assert [new for _, new in report.changes.values()] == [HEAD + after]


SHOWN = {
    "a dump of the model around it": OUTER
    + "def f(i):\n    return Body.model_validate(design(i).json()).model_dump()['design']['system_size']\n",
    "a dump that goes to another vendor": OUTER
    + "def f(i):\n    body = Body.model_validate(design(i).json())\n"
    + "    requests.post('https://crm.example/designs', json=body.design.model_dump())\n",
    "a mapping that the model is made of": OUTER
    + "OWN = Body(design={'id': '1', 'system_size': 5})\n"
    + "def f(i):\n    return Body.model_validate(design(i).json()).design.system_size\n",
    "a mapping that is spread": MODELS
    + "own = {'id': '1', 'system_size': 5}\nOWN = Design(**own)\n"
    + "def f(i):\n    return Design(**design(i).json()['design']).system_size\n",
}


@pytest.mark.parametrize("body", SHOWN.values(), ids=SHOWN)
def test_a_field_whose_name_others_know_keeps_it(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    text = next((new for _, new in report.changes.values()), HEAD + body)
    assert "    system_size: float\n" in text
    assert report.findings or '["system_size"] = ' in text


LEFT = {
    "a model of something else": OUTER
    + "class Kept(BaseModel):\n    design: Design\ndef f(i, text):\n"
    + "    design(i)\n    return Kept.parse_raw(text).design.system_size\n",
    "the other keys of another vendor's answer": (
        "class User(BaseModel):\n    model_config = {'extra': 'allow'}\n    id: str\n"
        "def f(i):\n    user(i)\n"
        "    body = requests.get(f'https://api.vendor.example/tenants/1/users/{i}').json()\n"
        "    return User(**body['user']).user_level\n"
    ),
    "a field that is not the answer's": (
        "@dataclass\nclass Design:\n    system_size: int\n    raw: InitVar[dict] = None\n"
        "    def __post_init__(self, raw):\n        self.id = raw['id']\n"
        "def f(i):\n    return Design(3, raw=design(i).json()['design']).system_size\n"
    ),
    "what a converter gets from elsewhere": (
        "@attr.define\nclass Own:\n    kw: float = attr.field(converter=lambda row: row['system_size'])\n"
        "def f(i):\n    design(i)\n    return Own({'system_size': 5}).kw\n"
    ),
    "a default by a method": (
        "@attr.s\nclass Own:\n    level = attr.ib()\n    @level.default\n    def _level(self):\n"
        "        return {'user_level': 1}\ndef f(i):\n    user(i)\n    return Own().level['user_level']\n"
    ),
}


@pytest.mark.parametrize("body", LEFT.values(), ids=LEFT)
def test_other_models_stay(body: str) -> None:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert [*report.findings, *report.errors] == []
    assert report.changes == {}
