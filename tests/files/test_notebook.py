"""Notebooks: their code cells are one program, and all that is not changed stays byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.files import notebook
from aurora_migrate.files.source import UnreadableFile, decode, encode

PATH = Path("/project/sizes.ipynb")
PYTHON = {"kernelspec": {"language": "python"}, "language_info": {"name": "python"}}

characters = st.characters(codec="utf-8", exclude_characters="\0\r\n")
lines = st.text(characters, max_size=12).filter(lambda line: "# " not in line)
sources = st.lists(lines, max_size=4).map("\n".join)
notebooks = st.lists(
    sources.flatmap(lambda one: st.sampled_from([one, one.splitlines(keepends=True)])), max_size=4
)


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": ["é"], "source": source}


def text(*cells: dict[str, Any], metadata: dict[str, Any] = PYTHON, **style: Any) -> str:
    """A notebook's JSON, as Jupyter writes it unless `style` says otherwise."""
    whole = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, **{"indent": 1, "ensure_ascii": False, **style}) + "\n"


def program(raw: str) -> str:
    return decode(PATH, raw.encode()).text


def written(raw: str, old: str, new: str) -> str:
    """The notebook after a replacement in its program."""
    source = decode(PATH, raw.encode())
    assert old in source.text
    return encode(source, source.text.replace(old, new)).decode()


@given(notebooks)
def test_a_notebook_that_nobody_changes_is_written_as_it_was(cells: list[str | list[str]]) -> None:
    raw = text(*map(code, cells))
    source = decode(PATH, raw.encode())
    assert encode(source, source.text).decode() == raw


@pytest.mark.parametrize(
    "style",
    [
        pytest.param({}, id="as Jupyter writes it"),
        pytest.param({"indent": 2}, id="two spaces"),
        pytest.param({"indent": None}, id="on one line"),
        pytest.param({"ensure_ascii": True}, id="escaped"),
        pytest.param({"indent": "\t", "sort_keys": True}, id="tabs and sorted keys"),
    ],
)
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(["a = 1\n", "url = '/v2/ö'\n", "b = 'ü'"], id="lines"),
        pytest.param("a = 1\nurl = '/v2/ö'\nb = 'ü'", id="one text"),
    ],
)
def test_only_the_changed_line_is_another(source: str | list[str], style: dict[str, Any]) -> None:
    before = text(code("x = 1"), code(source), code(["/v1\n", "last"]), **style)
    after = text(
        code("x = 1"),
        code(json.loads(json.dumps(source).replace("/v2", ""))),
        code(["/v1\n", "last"]),
        **style,
    )
    assert written(before, "/v2", "") == after


def test_lines_are_added_in_the_manner_of_the_cell() -> None:
    two, one = ["a = 1\n", "b = 2"], ["c = 3"]
    before = text(code(two), code(one))
    longer = text(code(["a = 1\n", "b = 2\n", "b2 = 2"]), code(one))
    assert written(before, "b = 2", "b = 2\nb2 = 2") == longer
    assert written(before, "c = 3", "c = 3\nd = 4") == text(code(two), code(["c = 3\n", "d = 4"]))


def test_a_cell_may_lose_all_that_is_in_it() -> None:
    assert json.loads(written(text(code(["a = 1"])), "a = 1", ""))["cells"][0]["source"] == []


def test_cells_that_are_no_python_are_left_out() -> None:
    markdown = {"cell_type": "markdown", "metadata": {}, "source": ["/v2 = 1"]}
    raw = text(markdown, code("%%bash\necho /v2"), code("a = 1"), {"cell_type": "raw", "source": "/v2"})
    assert program(raw) == "# %% cell 3\na = 1\n"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("%matplotlib inline", id="magic"),
        pytest.param("    !ls -la {path}", id="command in a block"),
        pytest.param("files = !ls", id="variable from a command"),
        pytest.param("took = %timeit -o f()", id="variable from a magic"),
        pytest.param("frame.head?", id="help"),
        pytest.param("%%time", id="cell magic over python"),
    ],
)
def test_what_only_ipython_knows_is_a_pass_and_comes_back(line: str) -> None:
    lead = "if path:\n    pass\n" if line.startswith(" ") else ""
    raw = text(code(f"{lead}{line}\nurl = '/v2'"))
    compile(program(raw), "cell", "exec")
    assert line.strip() in program(raw)
    assert json.loads(written(raw, "/v2", ""))["cells"][0]["source"] == f"{lead}{line}\nurl = ''"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("text = '''\n%not magic\n!nor this\n'''", id="inside a string"),
        pytest.param("rest = (17\n% 5)", id="a modulo in brackets"),
        pytest.param("rest = 17 \\\n% 5", id="a modulo on a continued line"),
    ],
)
def test_what_only_looks_like_a_magic_is_python(source: str) -> None:
    assert program(text(code(source))) == f"# %% cell 1\n{source}\n"


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"kernelspec": {"language": "R"}}, id="by the kernel"),
        pytest.param({"language_info": {"name": "julia"}}, id="by the language"),
    ],
)
def test_another_language_is_no_program(metadata: dict[str, Any]) -> None:
    assert program(text(code("x <- '/v2'"), metadata=metadata)) == ""


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param("{", "JSON cannot be read", id="cut off"),
        pytest.param("[]", "no list of cells", id="a list"),
        pytest.param('{"worksheets": []}', "no list of cells", id="format 3"),
        pytest.param("", "JSON cannot be read", id="empty"),
        pytest.param(text(code("# %% cell 7")), "cannot be told from a mark", id="a mark of its own"),
    ],
)
def test_what_is_no_notebook_says_why(raw: str, reason: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        decode(PATH, raw.encode())
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("# %% cell 2\n", "", id="joined"),
        pytest.param("b = 2", "# %% cell 5\nb = 2", id="torn apart"),
        pytest.param("# %% cell 1\n", "import os\n# %% cell 1\n", id="code above the first"),
    ],
)
def test_a_program_with_other_cells_is_refused(old: str, new: str) -> None:
    with pytest.raises(UnreadableFile):
        written(text(code("a = 1"), code("b = 2")), old, new)


@pytest.mark.parametrize(
    ("line", "place"),
    [(1, (1, 1)), (2, (1, 1)), (3, (1, 2)), (4, (3, 1)), (5, (3, 1)), (6, (3, 2)), (7, (3, 3))],
)
def test_lines_of_the_program_are_lines_of_cells(line: int, place: tuple[int, int]) -> None:
    markdown = {"cell_type": "markdown", "source": "two"}
    found = program(text(code("a\nb"), markdown, code("c\nd"))).split("\n")
    assert notebook.cell_of(found, line) == place
