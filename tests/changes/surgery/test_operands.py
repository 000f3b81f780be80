"""Taking an operand out of each kind of container."""

from __future__ import annotations

import pytest

from aurora_migrate.changes.surgery import Plan, Refused
from tests.changes.surgery.helper import Source, outcome

CASES = [
    pytest.param("u = a + 'v2' + b\n", "a + 'v2'", "'v2'", "u = a + b\n", id="right side of an inner sum"),
    pytest.param("u = a + 'v2' + b\n", "a + 'v2'", "a", "u = 'v2' + b\n", id="left side of an inner sum"),
    pytest.param("u = a + str(q)\n", "a + str(q)", "str(q)", "u = a\n", id="last operand"),
    pytest.param("u = (a + q)\n", "(a + q)", "q", "u = a\n", id="parentheses of no more use"),
    pytest.param("f((a + q).x)\n", "(a + q)", "q", "f((a).x)\n", id="parentheses that something hangs on"),
    pytest.param("u = x % (a + q)\n", "(a + q)", "q", "u = x % (a)\n", id="parentheses of an operand stay"),
    pytest.param(
        "def f():\n    return(a + q)\n",
        "(a + q)",
        "q",
        "def f():\n    return(a)\n",
        id="return without space",
    ),
    pytest.param(
        "u = (\n    BASE  # base\n    + '/v2'  # version\n    + path  # tail\n)\n",
        "BASE  # base\n    + '/v2'",
        "'/v2'",
        "u = (\n    BASE  # base\n    + path  # tail\n)\n",
        id="comments of the others stay, operators leading",
    ),
    pytest.param(
        "u = (\n    BASE +  # base\n    '/v2' +  # version\n    path  # tail\n)\n",
        "BASE +  # base\n    '/v2'",
        "'/v2'",
        "u = (\n    BASE +  # base\n    path  # tail\n)\n",
        id="comments of the others stay, operators trailing",
    ),
    pytest.param(
        "u = (\n    BASE  # base\n    + path  # tail\n    + query  # signature\n)\n",
        "(\n    BASE  # base\n    + path  # tail\n    + query  # signature\n)",
        "query",
        "u = (\n    BASE  # base\n    + path  # tail\n)\n",
        id="comment above the closing parenthesis",
    ),
    pytest.param(
        "u = a + \\\n    q + b\n", "a + \\\n    q", "q", "u = a + \\\n    b\n", id="backslash continuation"
    ),
    pytest.param("u = f'{a}{q}/x'\n", "f'{a}{q}/x'", "{q}", "u = f'{a}/x'\n", id="f-string expression"),
    pytest.param(
        "u = f'{a}{q!r:>10}/x'\n",
        "f'{a}{q!r:>10}/x'",
        "{q!r:>10}",
        "u = f'{a}/x'\n",
        id="f-string with a format",
    ),
    pytest.param(
        "u = f'x{{{q}}}'\n",
        "f'x{{{q}}}'",
        "{q}",
        "u = 'x{}'\n",
        id="f-string without expressions loses its prefix",
    ),
    pytest.param(
        "u = 'a' 'b' 'c'\n", "'a' 'b' 'c'", "'b'", "u = 'a' 'c'\n", id="implicit concatenation, middle"
    ),
    pytest.param(
        "u = ('a'\n     'b'\n     'c')\n",
        "'b'\n     'c'",
        "'c'",
        "u = ('a'\n     'b')\n",
        id="implicit concatenation, last",
    ),
    pytest.param(
        "u = '%s/%s?%s' % (a, b, c)\n",
        "'%s/%s?%s' % (a, b, c)",
        "b",
        "u = '%s/?%s' % (a, c)\n",
        id="percent, middle",
    ),
    pytest.param(
        "u = '100%%%s%s' % (a, b)\n",
        "'100%%%s%s' % (a, b)",
        "b",
        "u = '100%%%s' % (a,)\n",
        id="percent, doubled sign counted right",
    ),
    pytest.param(
        "u = '100%%%s' % (a,)\n", "'100%%%s' % (a,)", "a", "u = '100%'\n", id="percent, nothing left to fill"
    ),
    pytest.param("u = '%s/x' % a\n", "'%s/x' % a", "a", "u = '/x'\n", id="percent, single value"),
    pytest.param(
        "u = '%(a)s%(b)s' % {'a': x, 'b': y}\n",
        "'%(a)s%(b)s' % {'a': x, 'b': y}",
        "'b': y",
        "u = '%(a)s' % {'a': x}\n",
        id="percent, names",
    ),
    pytest.param(
        "u = ('/%s'\n     '%s') % (a, b)\n",
        "('/%s'\n     '%s') % (a, b)",
        "b",
        "u = ('/%s'\n     '') % (a,)\n",
        id="percent, template in parts",
    ),
    pytest.param(
        "u = '{}/{}?{}'.format(a, b, c)\n",
        "'{}/{}?{}'.format(a, b, c)",
        "b",
        "u = '{}/?{}'.format(a, c)\n",
        id="format, automatic",
    ),
    pytest.param(
        "u = '{0}/{1}?{2}{1}'.format(a, b, c)\n",
        "'{0}/{1}?{2}{1}'.format(a, b, c)",
        "b",
        "u = '{0}/?{1}'.format(a, c)\n",
        id="format, numbered",
    ),
    pytest.param(
        "u = '{a}/{b.x!r:>4}'.format(a=1, b=2)\n",
        "'{a}/{b.x!r:>4}'.format(a=1, b=2)",
        "b=2",
        "u = '{a}/'.format(a=1)\n",
        id="format, keyword",
    ),
    pytest.param(
        "u = '{{}}{}'.format(a)\n", "'{{}}{}'.format(a)", "a", "u = '{}'\n", id="format, nothing left to fill"
    ),
    pytest.param(
        "u = '/'.join([a, 'v2', b])\n", "'/'.join([a, 'v2', b])", "'v2'", "u = '/'.join([a, b])\n", id="join"
    ),
    pytest.param(
        "u = '&'.join((a, b))\n", "'&'.join((a, b))", "b", "u = '&'.join((a,))\n", id="join of a tuple"
    ),
    pytest.param(
        "u = posixpath.join(a, 'v2', b)\n",
        "posixpath.join(a, 'v2', b)",
        "'v2'",
        "u = posixpath.join(a, b)\n",
        id="posixpath",
    ),
    pytest.param("u = urljoin(a, 'v2/')\n", "urljoin(a, 'v2/')", "'v2/'", "u = a\n", id="urljoin of one"),
    pytest.param("u = URL(a) / 'v2' / b\n", "URL(a) / 'v2'", "'v2'", "u = URL(a) / b\n", id="divide"),
    pytest.param(
        "d = {'a': 1, 'k': s, 'b': 2}\n",
        "{'a': 1, 'k': s, 'b': 2}",
        "'k': s",
        "d = {'a': 1, 'b': 2}\n",
        id="dict, middle",
    ),
    pytest.param("d = {'a': 1, 'k': s}\n", "{'a': 1, 'k': s}", "'k': s", "d = {'a': 1}\n", id="dict, last"),
    pytest.param("d = {'k': s}\n", "{'k': s}", "s", "d = {}\n", id="dict, only entry given by its value"),
    pytest.param(
        "d = {**a, **dict(b)}\n", "{**a, **dict(b)}", "**dict(b)", "d = {**a}\n", id="dict, unpacked"
    ),
    pytest.param(
        "d = {\n    'a': 1,  # a\n    # about k\n    'k': s,  # k\n    'b': 2,  # b\n}\n",
        "{\n    'a': 1,  # a\n    # about k\n    'k': s,  # k\n    'b': 2,  # b\n}",
        "'k': s",
        "d = {\n    'a': 1,  # a\n    'b': 2,  # b\n}\n",
        id="dict in lines: its comments go, the others stay",
    ),
    pytest.param(
        "d = {\n    'a': 1,  # a\n    'k': s  # k\n}\n",
        "{\n    'a': 1,  # a\n    'k': s  # k\n}",
        "'k': s",
        "d = {\n    'a': 1  # a\n}\n",
        id="dict in lines without trailing comma",
    ),
    pytest.param(
        "f(\n    a,\n    k=s,  # k\n    # end\n)\n",
        "f(\n    a,\n    k=s,  # k\n    # end\n)",
        "k=s",
        "f(\n    a,\n    # end\n)\n",
        id="call in lines with trailing comma",
    ),
    pytest.param(
        "f(a,\n  k=s,\n  b=1)\n", "f(a,\n  k=s,\n  b=1)", "k=s", "f(a,\n  b=1)\n", id="hanging call"
    ),
    pytest.param("d = dict(a=1, k=s)\n", "dict(a=1, k=s)", "k=s", "d = dict(a=1)\n", id="dict call"),
    pytest.param("d = a | {'k': s}\n", "a | {'k': s}", "{'k': s}", "d = a\n", id="union"),
    pytest.param(
        "d = a | {'k': s}\n", "{'k': s}", "'k': s", "d = a\n", id="union with a dict that is emptied"
    ),
    pytest.param(
        "x = 1\nd['k'] = s\ny = 2\n", "d['k'] = s", "d['k'] = s", "x = 1\ny = 2\n", id="subscript store"
    ),
    pytest.param(
        "x = 1; d['k'] = s; y = 2\n",
        "d['k'] = s",
        "d['k'] = s",
        "x = 1; y = 2\n",
        id="subscript store on a shared line",
    ),
    pytest.param(
        "x = 1\nd.update({'k': s})\n", "{'k': s}", "'k': s", "x = 1\n", id="update of what is emptied"
    ),
    pytest.param("x = 1\nd.update(q)\n", "d.update(q)", "q", "x = 1\n", id="update"),
    pytest.param(
        "d.update(k=s, b=1)\n",
        "d.update(k=s, b=1)",
        "k=s",
        "d.update(b=1)\n",
        id="update that keeps something",
    ),
    pytest.param("x = 1\nu += '?' + q\n", "u += '?' + q", "'?' + q", "x = 1\n", id="augmented assignment"),
    pytest.param(
        "if x:\n    d |= q\ny = 1\n", "d |= q", "q", "y = 1\n", id="block that is emptied, plain test"
    ),
    pytest.param(
        "if x():\n    d |= q\ny = 1\n",
        "d |= q",
        "q",
        "if x():\n    pass\ny = 1\n",
        id="block that is emptied, test that acts",
    ),
    pytest.param("u = u + q\nv = u\n", "u + q", "q", "v = u\n", id="self-assignment"),
    pytest.param("f(u, params=params)\n", "f(u, params=params)", "params=params", "f(u)\n", id="argument"),
    pytest.param("r = {'a': 'x' + q}\n", "'x' + q", "q", "r = {'a': 'x'}\n", id="nothing else goes"),
    pytest.param("s = {q}\n", "{q}", "q", "s = set()\n", id="set that is emptied"),
    pytest.param("x = [a, *q]\n", "[a, *q]", "*q", "x = [a]\n", id="list, unpacked"),
]


@pytest.mark.parametrize(("before", "container", "operand", "after"), CASES)
def test_operand_goes_and_the_rest_stays(before: str, container: str, operand: str, after: str) -> None:
    assert (
        outcome(before, lambda plan, source: plan.take_out(source.use(container, operand)), clean=False)
        == after
    )


BOTH = [
    pytest.param("u = a + b\n", "u = ''\n", id="assignment"),
    pytest.param(
        's = "x"\nt = "y"\nu = a + b\n', 's = "x"\nt = "y"\nu = ""\n', id="assignment, the user's quotes"
    ),
    pytest.param("f('', a + b)\n", "f('', '')\n", id="argument"),
    pytest.param("u = x + (a + b)\n", "u = x\n", id="sum in a sum"),
    pytest.param("u = f'/x{a + b}/y'\n", "u = '/x/y'\n", id="sum in an f-string"),
    pytest.param("u = '/x/%s/%s' % (a + b, c)\n", "u = '/x//%s' % (c,)\n", id="sum in a percent template"),
    pytest.param(
        "u = '/x/{}/{}'.format(a + b, c)\n", "u = '/x//{}'.format(c)\n", id="sum in a format template"
    ),
    pytest.param("u = '/'.join([c, a + b])\n", "u = '/'.join([c])\n", id="sum in a join"),
    pytest.param("u += a + b\nx = ''\n", "x = ''\n", id="augmented assignment"),
]


@pytest.mark.parametrize(("before", "after"), BOTH)
def test_sum_that_is_emptied(before: str, after: str) -> None:
    def steps(plan: Plan, source: Source) -> None:
        code = "(a + b)" if "x + (a + b)" in before else "a + b"
        plan.take_out(source.use(code, "a"))
        plan.take_out(source.use(code, "b"))

    if '"' not in before and "'" not in before:
        after = after.replace("''", '""')
    assert outcome(before, steps, clean=False) == after


REFUSED = [
    pytest.param("u = T % (a, b)\n", "T % (a, b)", "b", id="template elsewhere"),
    pytest.param("u = '%*d%s' % (w, a, b)\n", "'%*d%s' % (w, a, b)", "b", id="width from the values"),
    pytest.param("u = '%s%s' % (*a, b)\n", "'%s%s' % (*a, b)", "b", id="unpacked values"),
    pytest.param("u = T.format(a)\n", "T.format(a)", "a", id="format template elsewhere"),
    pytest.param("u = '{}{}'.format(*a, b)\n", "'{}{}'.format(*a, b)", "b", id="format with unpacked values"),
    pytest.param("u = '{:{}}{}'.format(a, w, b)\n", "'{:{}}{}'.format(a, w, b)", "b", id="nested fields"),
    pytest.param("u = '%(a)s%(b)s' % d\n", "'%(a)s%(b)s' % d", "d", id="named values from elsewhere"),
]


@pytest.mark.parametrize(("before", "container", "operand"), REFUSED)
def test_what_cannot_be_done_with_certainty_is_refused(before: str, container: str, operand: str) -> None:
    with pytest.raises(Refused):
        outcome(before, lambda plan, source: plan.take_out(source.use(container, operand)))
