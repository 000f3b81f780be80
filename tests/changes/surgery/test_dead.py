"""What goes because only removed code used it, and what must stay."""

from __future__ import annotations

import textwrap

import libcst as cst
import pytest

from aurora_migrate.changes.surgery import Plan
from tests.changes.surgery.helper import Source, outcome, outcomes


def _without_query(plan: Plan, source: Source) -> None:
    """Take `sign(...)` or `self.sign(...)`-like operands marked by the name `QUERY` out of their sum."""
    for code in (
        "QUERY",
        "self.query",
        "signature",
        "sign(path)",
        "self._sign(path)",
        "auth.sign(path)",
        "Signer(KEY)",
    ):
        try:
            node = source.find(f"BASE + path + {code}", cst.BinaryOperation)
        except AssertionError:
            continue
        assert isinstance(node, cst.BinaryOperation)
        plan.take_out(source.use(f"BASE + path + {code}", code))
        return
    raise AssertionError("nothing to take out")


GOES = [
    pytest.param(
        """
        from urllib.parse import quote

        BASE = "https://x"


        def flat(body):
            pairs = []
            for key, value in body.items():
                if isinstance(value, dict):
                    pairs.extend(flat(value))
                else:
                    pairs.append((key, quote(str(value))))
            return pairs


        def sign(path, pairs):
            return path + str(pairs)


        def get(path, body):
            pairs = flat(body)
            signature = sign(path, pairs)
            return BASE + path + signature
        """,
        """
        BASE = "https://x"


        def get(path, body):
            return BASE + path
        """,
        id="a function that calls itself",
    ),
    pytest.param(
        """
        import hashlib
        import hmac
        import os

        BASE = os.environ["BASE"]
        SECRET = os.environ["SECRET"]


        def sign(path):
            mac = hmac.new(SECRET.encode(), path.encode(), hashlib.sha256)
            return mac.hexdigest()


        def get(path):
            return BASE + path + sign(path)
        """,
        """
        import os

        BASE = os.environ["BASE"]


        def get(path):
            return BASE + path
        """,
        id="function, its constant and its imports",
    ),
    pytest.param(
        """
        import hmac, json, time

        def get(path):
            stamp = time.strftime("%Y")
            parts = []
            for name in sorted(path):
                parts.append(name)
            if stamp:
                parts += [stamp]
            mac = hmac.new(b"x", digestmod="sha256")
            mac.update("".join(parts).encode())
            QUERY = mac.hexdigest()
            return json.dumps(BASE + path + QUERY)
        """,
        """
        import json

        def get(path):
            return json.dumps(BASE + path)
        """,
        id="locals, loops and objects that only they fed, imports on one line",
    ),
    pytest.param(
        """
        from base64 import (
            b64decode,  # for answers
            b64encode,  # for signatures
        )


        class Client:
            KEY = "k"

            def __init__(self, secret):
                self.plain = secret
                self._secret = secret.encode()

            def _sign(self, path):
                return b64encode(self._secret + self.KEY)

            def get(self, path):
                return BASE + path + self._sign(path)

            def read(self, text):
                return b64decode(text)
        """,
        """
        from base64 import (
            b64decode,  # for answers
        )


        class Client:
            def __init__(self, secret):
                self.plain = secret

            def get(self, path):
                return BASE + path

            def read(self, text):
                return b64decode(text)
        """,
        id="method, class attribute, computed attribute, one of several names",
    ),
    pytest.param(
        """
        import urllib.parse
        import urllib.request

        def get(path):
            QUERY = urllib.parse.quote(path)
            return urllib.request.urlopen(BASE + path + QUERY)
        """,
        """
        import urllib.request

        def get(path):
            return urllib.request.urlopen(BASE + path)
        """,
        id="one of two imports of a package",
    ),
    pytest.param(
        """
        import hmac

        class Signer:
            def __init__(self, key):
                self.mac = hmac.new(key)

        KEY = "x"

        def get(path):
            return BASE + path + Signer(KEY)
        """,
        """
        def get(path):
            return BASE + path
        """,
        id="class",
    ),
    pytest.param(
        """
        import hmac
        path = input()
        QUERY = hmac.new(b"k").hexdigest()
        print(BASE + path + QUERY)
        """,
        """
        path = input()
        print(BASE + path)
        """,
        id="script",
    ),
    pytest.param(
        """
        def get(path):
            import hmac
            QUERY = hmac.new(b"k").hexdigest()
            return BASE + path + QUERY
        """,
        """
        def get(path):
            return BASE + path
        """,
        id="import inside a function",
    ),
]


def _text(code: str) -> str:
    return textwrap.dedent(code).lstrip("\n")


@pytest.mark.parametrize(("before", "after"), GOES)
def test_goes(before: str, after: str) -> None:
    assert outcome(_text(before), _without_query) == _text(after)


STAYS = [
    pytest.param(
        "import hmac\n\ndef get(path):\n    return BASE + path + QUERY\n", id="import that was dead before"
    ),
    pytest.param(
        "def get(path):\n    old = 1\n    return BASE + path + QUERY\n", id="local that was dead before"
    ),
    pytest.param(
        (
            "def sign(path):\n    return 1\n\ndef get(path):\n    return BASE + path + sign(path)\n"
            "\nx = sign(1)\n"
        ),
        id="function used elsewhere",
    ),
    pytest.param(
        (
            '__all__ = ["sign"]\n\ndef sign(path):\n    return 1\n'
            "\ndef get(path):\n    return BASE + path + sign(path)\n"
        ),
        id="name in __all__",
    ),
    pytest.param(
        (
            "@app.route('/sign')\ndef sign(path):\n    return 1\n"
            "\ndef get(path):\n    return BASE + path + sign(path)\n"
        ),
        id="decorated function",
    ),
    pytest.param(
        (
            "class A(Base):\n    def sign(self, path):\n        return 1\n"
            "\n    def get(self, path):\n        return BASE + path + self.query\n"
        ),
        id="method of a class with unknown bases",
    ),
    pytest.param(
        "def count(n):\n    print(n)\n    return count(n - 1) if n else 0\n\n"
        "def even(n):\n    return odd(n)\n\ndef odd(n):\n    send(n)\n    return even(n)\n\n"
        "def get(path):\n    QUERY = count(3) + even(2)\n    return BASE + path + QUERY\n",
        id="local made by functions that call themselves and act",
    ),
    pytest.param(
        "def get(path):\n    QUERY = send(path)\n    return BASE + path + QUERY\n",
        id="local made by a call that may act",
    ),
    pytest.param(
        ("def get(path, session):\n    QUERY = session.get('users')\n    return BASE + path + QUERY\n"),
        id="`.get` of something that is no mapping",
    ),
    pytest.param(
        ("def get(path):\n    QUERY = path\n    QUERY, other = 1, 2\n    return BASE + path + QUERY\n"),
        id="local that is also unpacked into",
    ),
    pytest.param(
        (
            "class A:\n    def get(self, path):\n        QUERY = self.params\n"
            "        QUERY['x'] = 1\n        return BASE + path + QUERY\n"
        ),
        id="object that others hold is changed",
    ),
    pytest.param(
        "def get(path, QUERY):\n    QUERY['x'] = 1\n    return BASE + path + QUERY\n",
        id="parameter is changed",
    ),
    pytest.param(
        "def get(path):\n    global QUERY\n    QUERY = 1\n    return BASE + path + QUERY\n", id="global"
    ),
    pytest.param(
        (
            "class A:\n    def __init__(self, query):\n        self.query = query\n"
            "\n    def get(self, path):\n        return BASE + path + self.query\n"
        ),
        id="attribute that only stores a parameter",
    ),
    pytest.param(
        (
            "class A:\n    def __init__(self):\n        self.query = connect()\n"
            "\n    def get(self, path):\n        return BASE + path + self.query\n"
        ),
        id="attribute made by a call that may act",
    ),
    pytest.param(
        (
            "try:\n    import hmac\nexcept ImportError:\n    raise\n"
            "\ndef get(path):\n    QUERY = hmac.new(b'')\n    return BASE + path + QUERY\n"
        ),
        id="guarded import",
    ),
    pytest.param(
        (
            "import hmac  # noqa: F401\n\ndef get(path):\n    QUERY = hmac.new(b'')\n"
            "    return BASE + path + QUERY\n"
        ),
        id="import marked as wanted",
    ),
    pytest.param(
        "def get(path):\n    QUERY = list(map(send, path))\n    return BASE + path + QUERY\n",
        id="a function that is only handed over and may act",
    ),
    pytest.param(
        "def get(path):\n    QUERY = sorted(path, key=lambda x: send(x))\n    return BASE + path + QUERY\n",
        id="a lambda that may act",
    ),
    pytest.param(
        "def test_sign():\n    pass\n\ndef get(path):\n    return BASE + path + QUERY\n", id="test functions"
    ),
]


@pytest.mark.parametrize("before", STAYS)
def test_stays(before: str) -> None:
    def line_of(text: str) -> list[str]:
        return [line for line in text.splitlines() if "return BASE" not in line]

    kept = outcome(before, _without_query)
    expected = line_of(before)
    if "import hmac" in before and "QUERY = hmac" in before:
        expected.remove("    QUERY = hmac.new(b'')")
    assert line_of(kept) == expected


def test_dead_code_goes_through_modules() -> None:
    client = "from auth import sign\n\n\ndef get(path):\n    return BASE + path + sign(path)\n"
    auth = (
        "import hmac\nfrom settings import SECRET\n\nNAME = 'n'\n\n\n"
        "def sign(path):\n    return hmac.new(SECRET, path)\n"
        "\n\ndef name():\n    return NAME\n"
    )
    after = outcomes(client, _without_query, {"auth": auth, "settings": "SECRET = 'x'\nURL = 'y'\n"})
    assert after["client"] == "def get(path):\n    return BASE + path\n"
    assert after["auth"] == "NAME = 'n'\n\n\ndef name():\n    return NAME\n"
    assert after["settings"] == "URL = 'y'\n"


OTHERS = [
    pytest.param("from client import sign\n", id="from-import"),
    pytest.param("from client import *\n", id="star import"),
    pytest.param("import client\nclient.sign(1)\n", id="attribute"),
    pytest.param("def f(c):\n    return c.sign(1)\n", id="attribute of something unknown"),
    pytest.param("patch('client.sign')\n", id="string"),
    pytest.param("getattr(x, 'sign')\n", id="bare string"),
]


@pytest.mark.parametrize("other", OTHERS)
def test_function_that_another_module_mentions_stays(other: str) -> None:
    before = "def sign(path):\n    return 1\n\n\ndef get(path):\n    return BASE + path + sign(path)\n"
    after = outcomes(before, _without_query, {"other": other})
    assert after["client"] == before.replace(" + sign(path)", "")
    assert after["other"] == other


UNRELATED = [
    pytest.param("import key\nkey.sign(1)\n", id="attribute of another library"),
    pytest.param("def sign(path):\n    return 2\n\nsign(1)\n", id="a function of the same name"),
    pytest.param("import sign2\nprint('sign it')\n", id="a sentence"),
]


@pytest.mark.parametrize("other", UNRELATED)
def test_function_that_another_module_only_seems_to_mention_goes(other: str) -> None:
    before = "def sign(path):\n    return 1\n\n\ndef get(path):\n    return BASE + path + sign(path)\n"
    after = outcomes(before, _without_query, {"other": other})
    assert after["client"] == "def get(path):\n    return BASE + path\n"
    assert after["other"] == other


IMPORT_MENTIONS = [
    pytest.param("patch('client.hmac.new')\n", True, id="patched through the module"),
    pytest.param("from client import hmac\n", True, id="imported through the module"),
    pytest.param("import client\nclient.hmac\n", True, id="read through the module"),
    pytest.param("import hmac\nhmac.new(b'')\n", False, id="its own import"),
    pytest.param("x.hmac\n", False, id="attribute of that name"),
]


@pytest.mark.parametrize(("other", "stays"), IMPORT_MENTIONS)
def test_import_that_another_module_mentions(other: str, stays: bool) -> None:
    before = "import hmac\n\n\ndef get(path):\n    QUERY = hmac.new(b'')\n    return BASE + path + QUERY\n"
    after = outcomes(before, _without_query, {"other": other})
    assert ("import hmac" in after["client"]) is stays
    assert after["other"] == other


def test_cleaning_can_be_left_out() -> None:
    before = "import hmac\nQUERY = hmac.new(b'')\nx = BASE + path + QUERY\n"
    assert outcome(before, _without_query, clean=False) == before.replace(" + QUERY", "")


def test_import_that_the_plan_adds_stays() -> None:
    def steps(plan: Plan, source: Source) -> None:
        _without_query(plan, source)
        plan.add_import(source.module, "import os")

    assert (
        outcome("import re\n\nx = BASE + path + QUERY\n", steps)
        == "import os\nimport re\n\nx = BASE + path\n"
    )
