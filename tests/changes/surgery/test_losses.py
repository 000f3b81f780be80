"""Removed code that did more than compute: refused with what would be lost, or let go when nothing is."""

from __future__ import annotations

import textwrap

import pytest

from aurora_migrate.changes.surgery import Plan, Refused
from tests.changes.surgery.helper import Source, outcome

GET = "\n\ndef get(path, q=None):\n    return BASE + path + {}\n"


def _steps(operand: str, plan: Plan, source: Source) -> None:
    plan.take_out(source.use(f"BASE + path + {operand}", operand))


def _after(before: str, operand: str) -> str:
    text = textwrap.dedent(before).lstrip() + GET.format(operand)
    return outcome(text, lambda plan, source: _steps(operand, plan, source))


BODIES = [
    pytest.param("print(path)", "`sign` also prints", id="output"),
    pytest.param("time.sleep(1)", "`sign` also sleeps", id="pause"),
    pytest.param(
        "with open('audit') as log:\n        log.write(path)", "`sign` also opens a file", id="file"
    ),
    pytest.param("global CALLS\n    CALLS += 1", "`sign` also changes CALLS", id="global variable"),
    pytest.param("SEEN[path] = 1", "`sign` also changes SEEN", id="entry of a global"),
    pytest.param("path.pop()", "`sign` also takes something out of path", id="an argument loses something"),
    pytest.param("record(path)", "`record` also prints", id="in a function that it calls"),
    pytest.param("for p in path:\n        if p:\n            print(p)", "`sign` also prints", id="nested"),
    pytest.param("stats.increment('x')", "`sign` also calls stats.increment", id="method that acts"),
]


@pytest.mark.parametrize(("body", "reason"), BODIES)
def test_function_that_does_more_is_refused(body: str, reason: str) -> None:
    before = f"""
import time
from metrics import stats
CALLS = 0
SEEN = {{}}

def record(text):
    print(text)

def sign(path):
    {body}
    return 'x'

def calls():
    return CALLS, SEEN
"""
    with pytest.raises(Refused) as caught:
        _after(before, "sign(path)")
    assert caught.value.reason == reason


HARMLESS = [
    pytest.param("LOG.debug('signing %s', path)", id="message to the log"),
    pytest.param("if not path:\n        raise ValueError(path)", id="check"),
    pytest.param("assert path", id="assertion"),
    pytest.param("parts = []\n    parts.append(path)\n    parts.pop()", id="its own list"),
    pytest.param("global LAST\n    LAST = path", id="variable that nobody reads"),
    pytest.param("if False:\n        print(path)", id="code that never runs"),
]


@pytest.mark.parametrize("body", HARMLESS)
def test_function_that_only_computes_goes(body: str) -> None:
    after = _after(f"def sign(path):\n    {body}\n    return 'x'\n", "sign(path)")
    assert "def sign" not in after
    assert "return BASE + path\n" in after


OPERANDS = [
    pytest.param("sign(q.pop('path'))", "takes something out of q", id="pop"),
    pytest.param("sign(next(NUMBERS))", "takes the next item of an iterator", id="next"),
    pytest.param("sign(path, key := q)", "sets key", id="walrus"),
    pytest.param("sign(fetch(path))", "calls fetch", id="unknown function"),
]


@pytest.mark.parametrize(("operand", "does"), OPERANDS)
def test_operand_that_does_more_is_refused(operand: str, does: str) -> None:
    before = "from x import fetch\nNUMBERS = iter('ab')\n\ndef sign(path, key=None):\n    return path\n"
    before += "\nprint(NUMBERS, key)\n"
    with pytest.raises(Refused) as caught:
        _after(before, operand)
    assert caught.value.reason.endswith(f"also {does}")


def test_local_that_a_logging_function_makes_goes() -> None:
    before = "def sign(path):\n    LOG.info(path)\n    return path\n\n\n"
    before += "def get(path):\n    s = sign(path)\n    return BASE + path + s\n"
    after = outcome(before, lambda plan, source: plan.take_out(source.use("BASE + path + s", "s")))
    assert after == "def get(path):\n    return BASE + path\n"


def test_unpacked_names_go_together() -> None:
    text = "CREDS = (1, 2)\n\n\ndef get(path):\n    key, secret = CREDS\n    raw = '{key}'.format(key=key)\n"
    text += "    s = str(raw + secret)\n    return BASE + path + s\n"
    after = outcome(text, lambda plan, source: plan.take_out(source.use("BASE + path + s", "s")))
    assert after == "def get(path):\n    return BASE + path\n"


def test_unpacked_names_stay_while_one_is_read() -> None:
    text = "def get(path, pair):\n    key, s = pair\n    return BASE + path + s, key\n"
    after = outcome(text, lambda plan, source: plan.take_out(source.use("BASE + path + s", "s")))
    assert after == "def get(path, pair):\n    key, s = pair\n    return BASE + path, key\n"


@pytest.mark.parametrize(("body", "goes"), [("str(path)", True), ("print(path)", False)])
def test_lambda_is_looked_into(body: str, goes: bool) -> None:
    before = f"sign = lambda path: {body}\n"
    if goes:
        assert "return BASE + path\n" in _after(before, "sign(path)")
    else:
        with pytest.raises(Refused, match="also prints"):
            _after(before, "sign(path)")
