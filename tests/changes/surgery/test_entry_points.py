"""Definitions that only look dead: named in files of the project, or reached by computed names."""

from __future__ import annotations

import pytest

from aurora_migrate.changes.surgery import Plan
from tests.changes.surgery.helper import Source, applied, outcome

FUNCTION = (
    "def cmd_sign(path):\n    return path\n\n\ndef get(path):\n    return BASE + path + cmd_sign(path)\n"
)
METHOD = (
    "class Cli:\n    def cmd_sign(self, path):\n        return path\n\n"
    "    def get(self, path):\n        return BASE + path + self.cmd_sign(path)\n"
)


def _function_goes(rest: str) -> bool:
    after = outcome(
        FUNCTION + rest, lambda p, s: p.take_out(s.use("BASE + path + cmd_sign(path)", "cmd_sign(path)"))
    )
    return "def cmd_sign" not in after


def _method_goes(rest: str) -> bool:
    operand = "self.cmd_sign(path)"
    after = outcome(METHOD + rest, lambda p, s: p.take_out(s.use(f"BASE + path + {operand}", operand)))
    return "def cmd_sign" not in after


def test_function_that_a_project_file_mentions_stays() -> None:
    source = Source(FUNCTION)
    plan = Plan()
    plan.take_out(source.use("BASE + path + cmd_sign(path)", "cmd_sign(path)"))
    edits = plan.edits([source.module], mentioned={"cmd_sign"}.__contains__)
    assert applied(source.module.text, list(edits)) == FUNCTION.replace(" + cmd_sign(path)", "")


FUNCTION_STAYS = [
    pytest.param("globals()['cmd_' + name]()\n", id="sum"),
    pytest.param("globals()[f'cmd_{name}']()\n", id="f-string"),
    pytest.param("globals()['cmd_%s' % name]()\n", id="percent"),
    pytest.param("globals().get('cmd_{}'.format(name))()\n", id="get"),
    pytest.param("globals()[name]()\n", id="unknown name"),
    pytest.param("globals()['cmd_sign']()\n", id="literal name"),
    pytest.param("for each in vars(): print(each)\n", id="all names"),
    pytest.param("getattr(sys.modules[__name__], 'cmd_' + name)()\n", id="module object"),
    pytest.param("eval(name + '()')\n", id="eval"),
]


@pytest.mark.parametrize("rest", FUNCTION_STAYS)
def test_function_that_a_computed_name_may_reach_stays(rest: str) -> None:
    assert not _function_goes(rest)


FUNCTION_GOES = [
    pytest.param("globals()['do_' + name]()\n", id="another beginning"),
    pytest.param("globals()['get']('x')\n", id="another name"),
    pytest.param("getattr(session, method)('x')\n", id="another library's object"),
    pytest.param("vars(arguments)[name]\n", id="attributes of an object"),
    pytest.param("class A:\n    def f(self, n): return getattr(self, n)\n", id="an object's own attributes"),
]


@pytest.mark.parametrize("rest", FUNCTION_GOES)
def test_function_that_computed_names_do_not_reach_goes(rest: str) -> None:
    assert _function_goes(rest)


METHOD_STAYS = [
    pytest.param(
        "\n    def run(self, name):\n        getattr(self, 'cmd_' + name)()\n", id="beginning known"
    ),
    pytest.param("\n    def run(self, name):\n        getattr(self, name)()\n", id="nothing known"),
    pytest.param(
        "\n    def run(self, name):\n        vars(type(self))[name](self)\n", id="vars of the class"
    ),
    pytest.param("\ngetattr(Cli(), f'cmd_{name}')()\n", id="from outside"),
]


@pytest.mark.parametrize("rest", METHOD_STAYS)
def test_method_that_a_computed_name_may_reach_stays(rest: str) -> None:
    assert not _method_goes(rest)


METHOD_GOES = [
    pytest.param(
        "\n    def run(self, name):\n        getattr(self, 'do_' + name)()\n", id="another beginning"
    ),
    pytest.param("\n    def run(self, name):\n        getattr(self.session, name)()\n", id="another object"),
]


@pytest.mark.parametrize("rest", METHOD_GOES)
def test_method_that_computed_names_do_not_reach_goes(rest: str) -> None:
    assert _method_goes(rest)


@pytest.mark.parametrize("use", ["'%(key)s' % locals()", "eval('key')", "vars()['key']"])
def test_locals_stay_where_names_are_used_unseen(use: str) -> None:
    text = f"def get(path):\n    key = 'k'\n    print({use})\n    return BASE + path + key\n"
    after = outcome(text, lambda p, s: p.take_out(s.use("BASE + path + key", "key")))
    assert after == text.replace(" + key\n", "\n")
