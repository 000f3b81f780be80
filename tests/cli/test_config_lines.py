"""The lines that `config` names: found in whatever way the settings are written, or not named at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.config.lines import key_lines
from aurora_migrate.config.origins import Origin, written
from aurora_migrate.config.source import loads

OURS = ("tool", "aurora-migrate")
LONG_TEXTS = r'''
a = """
[tool.aurora-migrate]
hosts = 1
\"""
"""""
b = {q}
[tool.aurora-migrate]
hosts = 1
\{q}'
c = ""
[tool.aurora-migrate]
hosts = 1
'''.replace("{q}", "'" * 3)


def lines(text: str) -> dict[str, int]:
    """The lines of our keys; a slash stands between the key of a table and one in it."""
    return {"/".join(keys[2:]): line for keys, line in key_lines(text).items() if keys[:2] == OURS}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("[tool.aurora-migrate]\nhosts = []", {"": 1, "hosts": 2}, id="a table"),
        pytest.param("[ tool . aurora-migrate ]  # ours\n\n\thosts=[]", {"": 1, "hosts": 3}, id="blanks"),
        pytest.param("\n[tool]\naurora-migrate.hosts = []", {"": 3, "hosts": 3}, id="a dotted key"),
        pytest.param(
            "tool.aurora-migrate = { hosts = [], auth = { token = 'x' } }",
            {"": 1, "hosts": 1, "auth": 1, "auth/token": 1},
            id="inline tables",
        ),
        pytest.param(
            "[tool.aurora-migrate.auth]\ntoken = 'x'\n[tool.aurora-migrate]\nhosts = []",
            {"": 1, "auth": 1, "auth/token": 2, "hosts": 4},
            id="an inner table first",
        ),
        pytest.param(
            '[\'tool\'."aurora-migrate"]\n"h\\u006fsts" = []', {"": 1, "hosts": 2}, id="quoted keys"
        ),
        pytest.param(
            "[tool.aurora-migrate.roles]\n'a.b' = 1\n\"]= #\" = 1\n'' = 1",
            {"": 1, "roles": 1, "roles/a.b": 2, "roles/]= #": 3, "roles/": 4},
            id="quoted keys that hold what ends keys",
        ),
        pytest.param(
            "[tool.aurora-migrate]\nhosts = [\n'a]', # ]\n\"]\",\n]\nignore = [[], [{a = ']'}]]\nselect = 1",
            {"": 1, "hosts": 2, "ignore": 6, "select": 7},
            id="lists over several lines",
        ),
        pytest.param(
            "[tool.aurora-migrate]\r\nhosts = [\r\n]\r\nselect = 1\r\n",
            {"": 1, "hosts": 2, "select": 4},
            id="lines that end as in Windows",
        ),
        pytest.param(
            "[[tool.x]]\nhosts = 1\n[[tool.x]]\nhosts = 2\n[tool.x.y]\n[tool.aurora-migrate]\nhosts = []",
            {"": 6, "hosts": 7},
            id="tables in lists before it",
        ),
        pytest.param(LONG_TEXTS, {"": 12, "hosts": 13}, id="long texts that hold what looks like it"),
        pytest.param(
            "a = 1979-05-27 07:32:00  # [x]\nb = -inf\n[tool.aurora-migrate]\nhosts = true",
            {"": 3, "hosts": 4},
            id="dates and numbers",
        ),
        pytest.param("[tool.other]\nhosts = []", {}, id="none of ours"),
        pytest.param("", {}, id="an empty file"),
    ],
)
def test_lines_are_found(text: str, expected: dict[str, int]) -> None:
    loads(text)
    assert lines(text) == expected


NOISE = (
    "x{} = 1\n",
    "x{} = [\n  1, # ]\n  2,\n]\n",
    "x{} = ['[', \"]\"]\n",
    'x{} = """\n[tool.aurora-migrate]\nhosts = 1\n"""\n',
    "x{} = '''\n#\n''''\n",
    "x{} = {{ hosts = ['}}'], y.z = \"}}\" }}\n",
    "# [tool.aurora-migrate] \"\"\" '''\n",
    "\n",
    '\'x{}=\' . "\\"" = "\\\\"\r\n',
    'x{} = "a # b" # "\n',
)
PIECES = st.lists(st.sampled_from(NOISE), max_size=8)


@given(PIECES, PIECES, PIECES)
def test_a_line_is_where_the_key_stands_whatever_stands_around_it(
    above: list[str], before: list[str], after: list[str]
) -> None:
    numbered = (piece.format(number) for number, piece in enumerate([*above, *before, *after]))
    pieces = list(numbered)
    table, key = len(above), len(above) + len(before)
    pieces.insert(key, "hosts = []\n")
    pieces.insert(table, "[tool.aurora-migrate]\n")
    loads("".join(pieces))
    found = lines("".join(pieces))
    assert found[""] == "".join(pieces[:table]).count("\n") + 1
    assert found["hosts"] == "".join(pieces[: key + 1]).count("\n") + 1


@given(st.text(alphabet="[]{}\"'=.,#\\\n ab"))
def test_a_text_that_is_no_toml_is_no_crash(text: str) -> None:
    key_lines(text)


@pytest.mark.parametrize("text", ["[a", "a", "a = [", "a = { b", "= 1", "a.b"])
def test_a_scanner_that_has_lost_its_way_tells_no_lines(text: str) -> None:
    assert key_lines(f"[tool.aurora-migrate]\nhosts = []\n{text}") == {}


def test_lines_are_those_of_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf[tool.aurora-migrate]\nhosts = []\n")
    assert written(path) == {(): Origin(path, 1), ("hosts",): Origin(path, 2)}


def test_lines_are_left_out_when_scanner_and_parser_disagree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[tool.aurora-migrate]\nhosts = []\n", encoding="utf-8")
    monkeypatch.setattr("aurora_migrate.config.lines.key_lines", lambda _: {OURS: 1})
    assert written(path) == {(): Origin(path), ("hosts",): Origin(path)}
