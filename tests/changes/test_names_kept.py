"""Fields of answers whose names the program also uses itself: what is kept, and what only looks alike."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), system_size="stc")
DESIGN = """\
import dataclasses, pydantic, requests
def design(i):
    return requests.get(f"https://api.aurorasolar.com/tenants/1/designs/{i}/summary").json()["design"]
"""
COPIED = '["system_size"] = design_["system_size_stc"]'
MOVED = '["system_size"] = design_.pop("system_size_stc", None)'


def _fixed(program: str) -> tuple[str, int]:
    """The program below `DESIGN` after the fixes, and how many findings are left."""
    result = check_texts({"m.py": DESIGN + dedent(program)}, SETTINGS, fix=Applicability.UNSAFE)
    changed = {path.name: new for path, (_, new) in result.changes.items()}
    left = [finding for finding in result.findings if finding.rule == "AUR401"]
    return changed.get("m.py", DESIGN + dedent(program)), len(left)


@pytest.mark.parametrize(
    ("program", "kept"),
    [
        pytest.param(
            """
            @dataclasses.dataclass
            class Sizes:
                system_size: float
                system_size_stc: float
            def f(i):
                found = design(i)
                return Sizes(**{k: v for k, v in found.items() if k in Sizes.__dataclass_fields__})
            """,
            COPIED,
            id="a class that has a field for the successor, too, is given both",
        ),
        pytest.param(
            """
            def show(system_size, system_size_stc=None, **rest):
                print(system_size, system_size_stc)
            def f(i):
                show(**design(i))
            """,
            COPIED,
            id="a function that has a parameter for the successor, too, is given both",
        ),
        pytest.param(
            """
            def show(system_size, **rest):
                return system_size, rest["system_size_stc"]
            def f(i):
                return show(**design(i))
            """,
            COPIED,
            id="what a function looks at in its `**rest` stays there",
        ),
        pytest.param(
            """
            class Both(pydantic.BaseModel):
                system_size: float
                system_size_stc: float
            def f(i):
                both = Both(**design(i))
                return both.system_size - both.system_size_stc
            """,
            COPIED,
            id="a model has no field twice",
        ),
        pytest.param(
            """
            class Both(pydantic.BaseModel):
                size: float = pydantic.Field(alias="system_size")
                stc: float = pydantic.Field(alias="system_size_stc")
            def f(i):
                return Both(**design(i)).size
            """,
            COPIED,
            id="and no alias twice",
        ),
        pytest.param(
            """
            class Size(pydantic.BaseModel):
                system_size: float
            def f(i):
                return Size.model_validate(design(i)).model_dump_json()
            """,
            MOVED,
            id="a model that is dumped keeps its field's name",
        ),
        pytest.param(
            """
            class Size(pydantic.BaseModel):
                size: float = pydantic.Field(alias="system_size")
            def f(i):
                return Size.model_validate(design(i)).model_dump(by_alias=True)
            """,
            MOVED,
            id="a model that is dumped by its aliases keeps them",
        ),
        pytest.param(
            """
            def f(i):
                return [v for k, v in design(i).items() if k in ("system_size", "system_size_stc")]
            """,
            COPIED,
            id="names that keys are held against stay, the successor among them",
        ),
        pytest.param(
            """
            def show(system_size, **rest):
                return system_size
            def f(i):
                return show(**design(i))
            """,
            MOVED,
            id="where the program does not know the successor, the old name takes its place",
        ),
    ],
)
def test_the_object_gets_its_old_name_back_and_the_program_stays(program: str, kept: str) -> None:
    text, left = _fixed(program)
    assert kept in text
    assert text.endswith(dedent(program))
    assert left == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """
            class Size(pydantic.BaseModel):
                size: float = pydantic.Field(alias="system_size")
            def f(i):
                size = Size.model_validate(design(i))
                return size.size, size.model_dump()
            """,
            """
            class Size(pydantic.BaseModel):
                size: float = pydantic.Field(alias="system_size_stc")
            def f(i):
                size = Size.model_validate(design(i))
                return size.size, size.model_dump()
            """,
            id="of a field with an alias only the alias is renamed",
        ),
        pytest.param(
            """
            class Size(pydantic.BaseModel):
                system_size: float
            def f(i):
                return Size.model_validate(design(i)).system_size
            """,
            """
            class Size(pydantic.BaseModel):
                system_size_stc: float
            def f(i):
                return Size.model_validate(design(i)).system_size_stc
            """,
            id="a field without one is renamed itself",
        ),
        pytest.param(
            'def f(i):\n    return [v for k, v in design(i).items() if k == "system_size"]\n',
            'def f(i):\n    return [v for k, v in design(i).items() if k == "system_size_stc"]\n',
            id="a key that is compared as a whole is renamed",
        ),
    ],
)
def test_renamed(before: str, after: str) -> None:
    assert _fixed(before) == (DESIGN + dedent(after), 0)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            'def f(i):\n    return {k: v for k, v in design(i).items() if k.startswith("system_size")}\n',
            id="keys that begin with the name may be others",
        ),
        pytest.param(
            'def f(i):\n    return [k for k in design(i).keys() if "system_size" in k]\n',
            id="so may keys that have the name in them",
        ),
        pytest.param(
            'SIZE = "system_size"\ndef f(i):\n    return [k for k in design(i).keys() if SIZE in k]\n',
            id="the name of a constant is no other case",
        ),
        pytest.param(
            """
            @dataclasses.dataclass
            class Size:
                system_size: float
                design_id: str = ""
            def show(system_size_stc, **rest):
                print(system_size_stc)
            def f(i):
                found = design(i)
                show(**found)
                return dataclasses.asdict(Size(**found))
            """,
            id="what one place must not get another one needs",
        ),
    ],
)
def test_by_hand(program: str) -> None:
    text, left = _fixed(program)
    assert (text, left > 0) == (DESIGN + dedent(program), True)
