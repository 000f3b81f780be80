"""Files of settings: what they say, and where; a place spells what is said to be there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.files.documents import Leaf, Node, Row, Table, is_document, is_environment, read_document

YAML = """\
# the desk's own
aurora:
  base: "https://api.aurorasolar.com/v2"   # with the version
  path: '/users/{id}'
  tenant: abc
  hosts: [one.example, two.example]
  retries: 3
  token: "with \\"quotes\\""
"""
TOML = """\
[aurora]
base = "https://api.aurorasolar.com/v2"  # with the version
retries = 3
paths.user = '/users/{id}'

[[site]]
name = "one"
[[site]]
"name" = "two"
"""
INI = """\
; deployed
[aurora]
Base_URL = https://api.aurorasolar.com/v2
timeout: 20
"""
ENV = """\
# the box
export AURORA_URL=https://api.aurorasolar.com/v2
TOKEN="a b" # secret
EMPTY=
# OLD=https://old.example
"""


def leaves(node: Node | None, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], Leaf]]:
    """All texts, numbers and keys with the way to them."""
    if isinstance(node, Table):
        for key, held in node.items:
            yield (*path, key.value, "key"), key
            yield from leaves(held, (*path, key.value))
    elif isinstance(node, Row):
        for index, held in enumerate(node.items):
            yield from leaves(held, (*path, index))
    elif node is not None:
        yield path, node


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "a.yaml",
            YAML,
            {("aurora", "base"): "https://api.aurorasolar.com/v2", ("aurora", "hosts", 1): "two.example"},
        ),
        ("a.yml", YAML, {("aurora", "path"): "/users/{id}", ("aurora", "tenant"): "abc"}),
        ("a.toml", TOML, {("aurora", "base"): "https://api.aurorasolar.com/v2", ("site", 1, "name"): "two"}),
        ("a.toml", TOML, {("aurora", "paths", "user"): "/users/{id}"}),
        (
            "a.ini",
            INI,
            {("aurora", "Base_URL"): "https://api.aurorasolar.com/v2", ("aurora", "timeout"): "20"},
        ),
        (".env", ENV, {("AURORA_URL",): "https://api.aurorasolar.com/v2", ("EMPTY",): ""}),
    ],
)
def test_what_is_said_stands_there(name: str, text: str, wanted: dict[tuple[object, ...], str]) -> None:
    found = dict(leaves(read_document(Path(name), text)))
    for path, value in wanted.items():
        leaf = found[path]
        assert leaf.value == value
        assert text[leaf.start : leaf.end] == value


@pytest.mark.parametrize(
    ("name", "text"), [("a.yaml", YAML), ("a.toml", TOML), ("a.ini", INI), (".env", ENV)]
)
def test_every_place_spells_its_text(name: str, text: str) -> None:
    placed = [leaf for _, leaf in leaves(read_document(Path(name), text)) if leaf.start >= 0]
    assert placed
    for leaf in placed:
        assert text[leaf.start : leaf.end] == leaf.value


def test_escapes_have_no_place() -> None:
    found = dict(leaves(read_document(Path("a.yaml"), YAML)))
    assert found["aurora", "token"] == Leaf('with "quotes"')


def test_comment_of_env_file_sets_nothing() -> None:
    assert ("OLD",) not in dict(leaves(read_document(Path(".env"), ENV)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "{{ jinja }}: ["),
        ("a.yaml", ""),
        ("a.toml", "= 3"),
        ("a.yaml", "a: " + "x" * 60_000),
        ("a.txt", "a: b"),
    ],
    ids=["template", "empty", "broken-toml", "too-long", "another-format"],
)
def test_what_is_no_document_says_nothing(name: str, text: str) -> None:
    assert read_document(Path(name), text) is None


def test_yaml_may_hold_several_documents() -> None:
    found = dict(leaves(read_document(Path("a.yaml"), "kind: Secret\n---\nurl: https://one.example/v2\n")))
    assert found[1, "url"].value == "https://one.example/v2"


def test_anchor_that_holds_itself_ends() -> None:
    assert read_document(Path("a.yaml"), "a: &x\n  b: *x\n") is not None


@pytest.mark.parametrize(
    "name", ["config.yaml", "conf/prod.yml", "a.toml", "a.ini", "x.json", ".env", ".env.prod", "local.env"]
)
def test_documents(name: str) -> None:
    assert is_document(Path(name))


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "setup.cfg", "a.py", "env.py", "notes.md", "package-lock.json", "environment"]
)
def test_no_documents(name: str) -> None:
    assert not is_document(Path(name))


def test_environment_files() -> None:
    assert [is_environment(Path(name)) for name in (".env", ".env.sample", "x.env", "env.yaml")] == [
        True,
        True,
        True,
        False,
    ]


SETTINGS = st.recursive(
    st.text(max_size=12) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(SETTINGS, st.sampled_from([None, "'", '"']), st.booleans())
def test_any_yaml_is_read_in_its_places(held: object, style: str | None, flow: bool) -> None:
    text = yaml.safe_dump(held, default_style=style, default_flow_style=flow, allow_unicode=True)
    for _, leaf in leaves(read_document(Path("a.yaml"), text)):
        if leaf.start >= 0:
            assert text[leaf.start : leaf.end] == leaf.value


@given(st.text(max_size=80), st.sampled_from(["a.toml", "a.ini", ".env", "a.yaml"]))
def test_any_text_is_survived(text: str, name: str) -> None:
    for _, leaf in leaves(read_document(Path(name), text)):
        if leaf.start >= 0:
            assert text[leaf.start : leaf.end] == leaf.value
