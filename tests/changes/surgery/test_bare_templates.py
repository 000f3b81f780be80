"""Templates of which one bare placeholder is left give way to its value."""

from __future__ import annotations

import pytest

from tests.changes.surgery.helper import outcome

GIVES_WAY = [
    pytest.param("u = '{}{}'.format(a, q)\n", "'{}{}'.format(a, q)", "u = a\n", id="format"),
    pytest.param("u = '{0}{1}'.format(a, q)\n", "'{0}{1}'.format(a, q)", "u = a\n", id="format, numbered"),
    pytest.param(
        "u = '{a}{q}'.format(a=x, q=q)\n", "'{a}{q}'.format(a=x, q=q)", "u = x\n", id="format, by names"
    ),
    pytest.param("u = '%s%s' % (a, q)\n", "'%s%s' % (a, q)", "u = a\n", id="percent"),
    pytest.param("u = f'{a}{q}'\n", "f'{a}{q}'", "u = a\n", id="f-string"),
    pytest.param("a = '{}{}'.format(a, q)\nb = a\n", "'{}{}'.format(a, q)", "b = a\n", id="self-assignment"),
    pytest.param("a = '%s%s' % (a, q)\nb = a\n", "'%s%s' % (a, q)", "b = a\n", id="self-assignment, percent"),
    pytest.param("u = '%s%s' % (a.b(), q) + c\n", "'%s%s' % (a.b(), q)", "u = a.b() + c\n", id="in a sum"),
]

STAYS = [
    pytest.param(
        "u = '/{}{}'.format(a, q)\n", "'/{}{}'.format(a, q)", "u = '/{}'.format(a)\n", id="text beside it"
    ),
    pytest.param(
        "u = '/%s%s/x' % (a, q)\n", "'/%s%s/x' % (a, q)", "u = '/%s/x' % (a,)\n", id="percent, text beside it"
    ),
    pytest.param(
        "u = '{:>9}{}'.format(a, q)\n", "'{:>9}{}'.format(a, q)", "u = '{:>9}'.format(a)\n", id="padded"
    ),
    pytest.param(
        "u = '{!r}{}'.format(a, q)\n", "'{!r}{}'.format(a, q)", "u = '{!r}'.format(a)\n", id="converted"
    ),
    pytest.param("u = '%d%s' % (a, q)\n", "'%d%s' % (a, q)", "u = '%d' % (a,)\n", id="number"),
    pytest.param(
        "u = '{}{}'.format(a + b, q)\n", "'{}{}'.format(a + b, q)", "u = '{}'.format(a + b)\n", id="a sum"
    ),
    pytest.param("u = f'{a!r}{q}'\n", "f'{a!r}{q}'", "u = f'{a!r}'\n", id="f-string, converted"),
]


@pytest.mark.parametrize(("before", "container", "after"), [*GIVES_WAY, *STAYS])
def test_template_of_which_one_placeholder_is_left(before: str, container: str, after: str) -> None:
    operand = "{q}" if container.startswith("f") else "q=q" if "q=q" in container else "q"
    assert (
        outcome(before, lambda plan, source: plan.take_out(source.use(container, operand)), clean=False)
        == after
    )
