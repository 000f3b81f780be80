"""Cutting literals, removing statements, replacing expressions."""

from __future__ import annotations

import libcst as cst
import pytest

from aurora_migrate.changes.surgery import Plan, Refused
from tests.changes.surgery.helper import Source, Steps, outcome

CUTS = [
    pytest.param("u = '/v2/x'\n", "'/v2/x'", 0, 3, "u = '/x'\n", id="plain"),
    pytest.param('u = "/v2/x"', '"/v2/x"', 0, 3, 'u = "/x"', id="no final newline"),
    pytest.param("u = ('/v2/x')\n", "('/v2/x')", 0, 3, "u = ('/x')\n", id="parenthesised"),
    pytest.param("u = rb'\\/v2/x'\n", "rb'\\/v2/x'", 1, 4, "u = rb'\\/x'\n", id="raw bytes"),
    pytest.param(
        "u = '\\x2f\\u0076\\N{DIGIT TWO}\\57x'\n",
        "'\\x2f\\u0076\\N{DIGIT TWO}\\57x'",
        0,
        3,
        "u = '\\57x'\n",
        id="escapes",
    ),
    pytest.param("u = b'\\u/v2'\n", "b'\\u/v2'", 2, 5, "u = b'\\u'\n", id="no unicode escape in bytes"),
    pytest.param(
        "u = 'a\\\nb/v2/x'\n", "'a\\\nb/v2/x'", 2, 5, "u = 'a\\\nb/x'\n", id="line continuation inside"
    ),
    pytest.param(
        "u = '''a\r\n/v2/x'''\r\n",
        "'''a\r\n/v2/x'''",
        2,
        5,
        "u = '''a\r\n/x'''\r\n",
        id="triple quotes, CRLF is one character",
    ),
    pytest.param(
        "\tu = 1\n".lstrip() + "\x0c\nv = '/v2/x'\n",
        "'/v2/x'",
        0,
        3,
        "u = 1\n\x0c\nv = '/x'\n",
        id="form feed elsewhere",
    ),
    pytest.param(
        "try:\n    u = '/v2'\nexcept X :\n    pass\n",
        "'/v2'",
        0,
        3,
        "try:\n    u = ''\nexcept X :\n    pass\n",
        id="spaces that are not printed back",
    ),
    pytest.param("u = B + '/v2' + p\n", "'/v2'", 0, 3, "u = B + p\n", id="all of an operand"),
    pytest.param("u = '/v2' '/x'\n", "'/v2'", 0, 3, "u = '/x'\n", id="all of a part"),
    pytest.param(
        "u = os.environ.get('B', '/v2')\n",
        "'/v2'",
        0,
        3,
        "u = os.environ.get('B', '')\n",
        id="all of an argument stays a string",
    ),
]


@pytest.mark.parametrize(("before", "node", "start", "end", "after"), CUTS)
def test_cut(before: str, node: str, start: int, end: int, after: str) -> None:
    def steps(plan: Plan, source: Source) -> None:
        plan.cut(source.module, source.find(node, cst.SimpleString), start, end)

    assert outcome(before, steps) == after


TEXTS = [
    pytest.param("u = f'{b}/v2/{x}'\n", "/v2/", 0, 3, "u = f'{b}/{x}'\n", id="f-string part"),
    pytest.param(
        "u = f'{{b}}/v2/{x}'\n",
        "{{b}}/v2/",
        3,
        6,
        "u = f'{{b}}/{x}'\n",
        id="doubled braces are one character",
    ),
    pytest.param("u = f'\\{b}/v2/'\n", "/v2/", 0, 3, "u = f'\\{b}/'\n", id="backslash before a brace"),
    pytest.param('u = f"""{b}\n/v2/{x}"""\n', "/v2/", 1, 4, 'u = f"""{b}\n/{x}"""\n', id="triple quotes"),
]


@pytest.mark.parametrize(("before", "node", "start", "end", "after"), TEXTS)
def test_cut_of_f_string_text(before: str, node: str, start: int, end: int, after: str) -> None:
    def steps(plan: Plan, source: Source) -> None:
        plan.cut(source.module, source.find(node, cst.FormattedStringText), start, end)

    assert outcome(before, steps) == after


def test_cut_beside_a_structural_change_of_the_same_string() -> None:
    def steps(plan: Plan, source: Source) -> None:
        plan.cut(source.module, source.find("?", cst.FormattedStringText), 0, 1)
        plan.take_out(source.use("f'{b}/v2/x?{q}'", "{q}"))

    with pytest.raises(AssertionError, match="occurs 0 times"):
        outcome("u = f'{b}/v2/x?{q}'\n", steps)

    def whole(plan: Plan, source: Source) -> None:
        text = source.find("/v2/x?", cst.FormattedStringText)
        plan.cut(source.module, text, 0, 3)
        plan.cut(source.module, text, 5, 6)
        plan.take_out(source.use("f'{b}/v2/x?{q}'", "{q}"))

    assert outcome("u = f'{b}/v2/x?{q}'\n", whole) == "u = f'{b}/x'\n"


def test_the_same_cut_twice_is_made_once_and_overlapping_ones_are_joined() -> None:
    def steps(plan: Plan, source: Source) -> None:
        node = source.find("'/v2/x'", cst.SimpleString)
        plan.cut(source.module, node, 0, 3)
        plan.cut(source.module, node, 0, 3)
        plan.cut(source.module, node, 2, 4)

    assert outcome("u = '/v2/x'\n", steps) == "u = 'x'\n"


@pytest.mark.parametrize(
    ("start", "end", "replacement"),
    [pytest.param(0, 9, "", id="outside"), pytest.param(0, 3, "'", id="quote in a raw string")],
)
def test_impossible_cuts_are_refused(start: int, end: int, replacement: str) -> None:
    def steps(plan: Plan, source: Source) -> None:
        plan.cut(source.module, source.find("r'/v2/x'", cst.SimpleString), start, end, replacement)

    with pytest.raises(Refused):
        outcome("u = r'/v2/x'\n", steps)


def _remove(*codes: str) -> Steps:
    def steps(plan: Plan, source: Source) -> None:
        for code in codes:
            plan.remove_statement(source.module, source.find(code))

    return steps


REMOVED = [
    pytest.param("a = 1\nk = 2\nb = 3\n", "k = 2", "a = 1\nb = 3\n", id="line"),
    pytest.param("a = 1\nk = 2", "k = 2", "a = 1", id="last line without newline"),
    pytest.param("a = 1; k = 2\n", "k = 2", "a = 1\n", id="last of several"),
    pytest.param("k = 2; a = 1;\n", "k = 2", "a = 1;\n", id="first of several, closing semicolon stays"),
    pytest.param(
        "a = 1\n\n# about k\nk = 2\n\nb = 3\n",
        "k = 2",
        "a = 1\n\nb = 3\n",
        id="its comment goes, one blank line stays",
    ),
    pytest.param(
        "a = 1\n# section\n\nk = 2\nb = 3\n",
        "k = 2",
        "a = 1\n# section\n\nb = 3\n",
        id="comment above a blank line stays",
    ),
    pytest.param(
        "a = 1\n\n\ndef k():\n    pass\n\n\nb = 2\n",
        "def k():\n    pass",
        "a = 1\n\n\nb = 2\n",
        id="function",
    ),
    pytest.param(
        "class A:\n    def k(self):\n        pass\n\n    x = 1\n",
        "def k(self):\n    pass",
        "class A:\n    x = 1\n",
        id="first of a class",
    ),
    pytest.param("def f():\n    k = 2\n", "k = 2", "def f():\n    pass\n", id="only one of a function"),
    pytest.param(
        "def f():\n    # why\n\n    k = 2\n",
        "k = 2",
        "def f():\n    pass\n    # why\n",
        id="a comment of the block stays",
    ),
    pytest.param(
        "def f():\n    'doc'\n    k = 2\n", "k = 2", "def f():\n    'doc'\n", id="docstring stands alone"
    ),
    pytest.param("if x: k = 2\ny = 1\n", "k = 2", "y = 1\n", id="one-line suite, plain test"),
    pytest.param(
        "if x(): k = 2\ny = 1\n", "k = 2", "if x(): pass\ny = 1\n", id="one-line suite, test that acts"
    ),
    pytest.param("if x: a = 1; k = 2\n", "k = 2", "if x: a = 1\n", id="one-line suite of several"),
    pytest.param(
        "if x:\n    k = 2\nelse:\n    a = 1\n",
        "k = 2",
        "if x:\n    pass\nelse:\n    a = 1\n",
        id="if with else",
    ),
    pytest.param("if x:\n    a = 1\nelse:\n    k = 2\n", "k = 2", "if x:\n    a = 1\n", id="else"),
    pytest.param("if x:\n    a = 1\nelif y == 2:\n    k = 2\n", "k = 2", "if x:\n    a = 1\n", id="elif"),
    pytest.param("for i in x:\n    k = 2\na = 1\n", "k = 2", "a = 1\n", id="loop over a name"),
    pytest.param("for i in x():\n    k = 2\n", "k = 2", "for i in x():\n    pass\n", id="loop over a call"),
    pytest.param(
        "try:\n    k = 2\nexcept E:\n    pass\n", "k = 2", "try:\n    pass\nexcept E:\n    pass\n", id="try"
    ),
    pytest.param("with x:\n    k = 2\n", "k = 2", "with x:\n    pass\n", id="with"),
    pytest.param(
        "#!/bin/python\n# licence\nk = 2\nb = 3\n",
        "k = 2",
        "#!/bin/python\n# licence\nb = 3\n",
        id="header stays",
    ),
    pytest.param("k = 2\n\n\nb = 3\n", "k = 2", "b = 3\n", id="first of a file"),
    pytest.param(
        "a = 1\r\n\tk = 2\r\n".replace("\t", "") + "b = 3\r\n", "k = 2", "a = 1\r\nb = 3\r\n", id="CRLF"
    ),
    pytest.param(
        "class A:\n\tx = 1\n\n\tk = 2\n\n\ty = 3\n", "k = 2", "class A:\n\tx = 1\n\n\ty = 3\n", id="tabs"
    ),
    pytest.param(
        "a = 1\n\x0c\nb = 1\nk = 2\nc = 1\n", "k = 2", "a = 1\n\x0c\nb = 1\nc = 1\n", id="form feed elsewhere"
    ),
]


@pytest.mark.parametrize(("before", "statement", "after"), REMOVED)
def test_statement_goes(before: str, statement: str, after: str) -> None:
    assert outcome(before, _remove(statement), clean=False) == after


def test_line_that_cannot_be_printed_back_is_refused() -> None:
    with pytest.raises(Refused, match="printed back"):
        outcome("try:\n    pass\nexcept X : k = 2; a = 1\n", _remove("k = 2"))


REPLACED = [
    pytest.param("x = sign(a)\n", "sign(a)", "h", "x = h\n", id="call"),
    pytest.param("x = sign(a).y\n", "sign(a)", "a + b", "x = (a + b).y\n", id="under an attribute"),
    pytest.param("x = sign(a) * 2\n", "sign(a)", "a + b", "x = (a + b) * 2\n", id="under a product"),
    pytest.param("x = sign(a) + c\n", "sign(a)", "a + b", "x = a + b + c\n", id="left of a sum"),
    pytest.param(
        "x = (sign(a)) * 2\n", "(sign(a))", "a + b", "x = (a + b) * 2\n", id="parentheses that are there"
    ),
    pytest.param("x = sign('a', 'b')\n", "'b'", '"c"', "x = sign('a', 'c')\n", id="the user's quotes"),
    pytest.param(
        "x = sign('a', b)\n",
        "b",
        "f\"Bearer {e['T']}\"",
        "x = sign('a', f'Bearer {e[\"T\"]}')\n",
        id="quotes inside an f-string",
    ),
    pytest.param(
        "x = sign('a', b)\n", "b", '"don\'t"', "x = sign('a', \"don't\")\n", id="quotes that are needed stay"
    ),
]


@pytest.mark.parametrize(("before", "node", "source", "after"), REPLACED)
def test_expression_is_replaced(before: str, node: str, source: str, after: str) -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.replace(each.module, each.find(node, cst.BaseExpression), source)

    assert outcome(before, steps) == after


def test_replacement_that_would_swallow_another_change_is_refused() -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.cut(each.module, each.find("'/v2'", cst.SimpleString), 0, 3)
        plan.replace(each.module, each.find("sign('/v2')", cst.Call), "x")

    with pytest.raises(Refused):
        outcome("x = sign('/v2')\n", steps)
