"""New entries, arguments, statements and imports, in the user's own style."""

from __future__ import annotations

import libcst as cst
import pytest

from aurora_migrate.changes.surgery import Plan, Refused
from tests.changes.surgery.helper import Source, outcome

ENTRIES = [
    pytest.param("h = {}\n", "{}", 'h = {"A": t}\n', id="empty"),
    pytest.param("h = {'a': 1}\n", "{'a': 1}", "h = {'a': 1, 'A': t}\n", id="single quotes"),
    pytest.param('h = { "a":1, }\n', '{ "a":1, }', 'h = { "a":1, "A":t, }\n', id="spaces and trailing comma"),
    pytest.param(
        "h = {\n    'a': 1,  # one\n}\n",
        "{\n    'a': 1,  # one\n}",
        "h = {\n    'a': 1,  # one\n    'A': t,\n}\n",
        id="in lines",
    ),
    pytest.param(
        "h = {\n\t'a': 1  # one\n}\n",
        "{\n\t'a': 1  # one\n}",
        "h = {\n\t'a': 1,  # one\n\t'A': t\n}\n",
        id="in lines, tabs, no trailing comma",
    ),
    pytest.param(
        "h = {'a': 1,\n     'b': 2}\n",
        "{'a': 1,\n     'b': 2}",
        "h = {'a': 1,\n     'b': 2,\n     'A': t}\n",
        id="hanging",
    ),
    pytest.param(
        "h = {\n    'a': 1, 'b': 2\n}\n",
        "{\n    'a': 1, 'b': 2\n}",
        "h = {\n    'a': 1, 'b': 2, 'A': t\n}\n",
        id="filled lines",
    ),
    pytest.param(
        "h = {\n    # none\n}\n",
        "{\n    # none\n}",
        'h = {\n    # none\n    "A": t,\n}\n',
        id="comment inside empty braces",
    ),
    pytest.param(
        "h = {'a': 1, **b}\n", "{'a': 1, **b}", "h = {'a': 1, **b, 'A': t}\n", id="after an unpacked one"
    ),
    pytest.param("h = dict(a=1)\n", "dict(a=1)", "h = dict(a=1, A=t)\n", id="dict call"),
]


@pytest.mark.parametrize(("before", "mapping", "after"), ENTRIES)
def test_entry_is_added(before: str, mapping: str, after: str) -> None:
    def steps(plan: Plan, each: Source) -> None:
        kind = cst.Dict if mapping.startswith("{") else cst.Call
        plan.add_entry(each.module, each.find(mapping, kind), "A", "t")

    assert outcome(before, steps) == after


def test_entry_takes_the_place_of_a_removed_one() -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.take_out(each.use("{'k': s}", "'k': s"))
        plan.add_entry(each.module, each.find("{'k': s}", cst.Dict), "A", "t")

    assert outcome("h = {'k': s}\n", steps) == "h = {'A': t}\n"


KEYWORDS = [
    pytest.param("f()\n", "f(h=x)\n", id="empty"),
    pytest.param("f(a)\n", "f(a, h=x)\n", id="positional"),
    pytest.param("f(a, *b, c = 1)\n", "f(a, *b, c = 1, h = x)\n", id="spaced keywords"),
    pytest.param("f(a, **k)\n", "f(a, h=x, **k)\n", id="before unpacked keywords"),
    pytest.param(
        "f(\n    a,\n    b=1,\n)\n", "f(\n    a,\n    b=1,\n    h=x,\n)\n", id="in lines with trailing comma"
    ),
    pytest.param("f(\n    a,\n    b=1\n)\n", "f(\n    a,\n    b=1,\n    h=x\n)\n", id="in lines without"),
    pytest.param("f(\n    a, b=1  # c\n)\n", "f(\n    a, b=1, h=x  # c\n)\n", id="filled line"),
    pytest.param("f(a,\n  b=1)\n", "f(a,\n  b=1,\n  h=x)\n", id="hanging"),
    pytest.param(
        "f(\n    a,\n    # rest\n    **k,\n)\n",
        "f(\n    a,\n    h=x,\n    # rest\n    **k,\n)\n",
        id="comment of unpacked keywords stays with them",
    ),
    pytest.param("f(i for i in x)\n", "f((i for i in x), h=x)\n", id="sole generator"),
]


@pytest.mark.parametrize(("before", "after"), KEYWORDS)
def test_keyword_is_added(before: str, after: str) -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.add_keyword(each.module, each.call(before.strip()), "h", "x")

    assert outcome(before, steps) == after


def test_keyword_that_is_there_is_refused() -> None:
    with pytest.raises(Refused):
        outcome("f(h=1)\n", lambda plan, each: plan.add_keyword(each.module, each.call("f(h=1)"), "h", "x"))


INSERTED = [
    pytest.param("a = 1\nk = 2\n", "a = 1\nn = 0\nk = 2\nm = 9\n", id="lines"),
    pytest.param(
        "a = 1\n\n# about k\nk = 2",
        "a = 1\n\nn = 0\n# about k\nk = 2\nm = 9",
        id="comments stay with their statement",
    ),
    pytest.param("if x: k = 2\n", "if x: n = 0; k = 2; m = 9\n", id="one-line suite"),
    pytest.param("a = 1; k = 2; b = 3\n", "a = 1; n = 0; k = 2; m = 9; b = 3\n", id="shared line"),
    pytest.param(
        "def f():\r\n\tk = 2\r\n", "def f():\r\n\tn = 0\r\n\tk = 2\r\n\tm = 9\r\n", id="CRLF and tabs"
    ),
]


@pytest.mark.parametrize(("before", "after"), INSERTED)
def test_statements_are_inserted(before: str, after: str) -> None:
    def steps(plan: Plan, each: Source) -> None:
        anchor = each.find("k = 2", cst.Assign)
        plan.insert_before(each.module, anchor, "n = 0")
        plan.insert_after(each.module, anchor, "m = 9")

    assert outcome(before, steps) == after


IMPORTS = [
    pytest.param("x = 1\n", "import os\n\nx = 1\n", id="no imports"),
    pytest.param("def f():\n    pass\n", "import os\n\n\ndef f():\n    pass\n", id="no imports, a function"),
    pytest.param('"""Doc."""\n\nx = 1\n', '"""Doc."""\n\nimport os\n\nx = 1\n', id="after the docstring"),
    pytest.param(
        "#!/bin/x\n# licence\n\nx = 1\n", "#!/bin/x\n# licence\n\nimport os\n\nx = 1\n", id="after the header"
    ),
    pytest.param(
        "from __future__ import annotations\n\nx = 1\n",
        "from __future__ import annotations\n\nimport os\n\nx = 1\n",
        id="after __future__",
    ),
    pytest.param(
        "import json\nimport sys\n\nimport requests\n",
        "import json\nimport os\nimport sys\n\nimport requests\n",
        id="sorted",
    ),
    pytest.param(
        "import json\nfrom a import b\nfrom datetime import date\n",
        "import json\nimport os\nfrom a import b\nfrom datetime import date\n",
        id="plain imports first",
    ),
    pytest.param(
        "import sys\nimport json\nimport re\n\nx = 1\n",
        "import sys\nimport json\nimport re\nimport os\n\nx = 1\n",
        id="unsorted",
    ),
    pytest.param("import requests\n", "import os\n\nimport requests\n", id="above other people's modules"),
    pytest.param(
        '"""Doc."""\n\n# http\nimport requests\n',
        '"""Doc."""\n\nimport os\n\n# http\nimport requests\n',
        id="above a comment",
    ),
    pytest.param("import json, hmac, base64\n", "import json, hmac, base64, os\n", id="one line of imports"),
    pytest.param("import os\n\nx = 1\n", "import os\n\nx = 1\n", id="is there"),
    pytest.param("import os.path\n\nx = 1\n", "import os.path\n\nx = 1\n", id="is there by a submodule"),
    pytest.param("import json, os\n", "import json, os\n", id="is there among others"),
    pytest.param(
        "def f():\n    import os\n", "import os\n\n\ndef f():\n    import os\n", id="only in a function"
    ),
]


@pytest.mark.parametrize(("before", "after"), IMPORTS)
def test_import_is_added(before: str, after: str) -> None:
    assert outcome(before, lambda plan, each: plan.add_import(each.module, "import os")) == after


TAKEN = [
    pytest.param("os = 1\n", id="variable"),
    pytest.param("def os():\n    pass\n", id="function"),
    pytest.param("from x import os\n", id="another import"),
    pytest.param("import sys as os\n", id="an alias"),
    pytest.param("def f(os):\n    return os\n", id="parameter"),
    pytest.param("try:\n    import os\nexcept ImportError:\n    os = None\n", id="guarded import"),
]


@pytest.mark.parametrize("before", TAKEN)
def test_import_is_refused_where_the_name_is_taken(before: str) -> None:
    with pytest.raises(Refused, match="taken"):
        outcome(before, lambda plan, each: plan.add_import(each.module, "import os"))


FROM_IMPORTS = [
    pytest.param("from keys import a\n", "from keys import a, token\n", id="joined"),
    pytest.param(
        "from keys import (\n    a,\n    b,\n)\n",
        "from keys import (\n    a,\n    b,\n    token,\n)\n",
        id="joined in lines",
    ),
    pytest.param(
        "from keys import a as token2\nx = 1\n",
        "from keys import a as token2, token\nx = 1\n",
        id="joined to an alias",
    ),
    pytest.param(
        "import os\n\nimport abc2\n", "import os\n\nimport abc2\nfrom keys import token\n", id="own line"
    ),
    pytest.param(
        "import os\n\nfrom abc2 import x\nfrom zoo import y\n",
        "import os\n\nfrom abc2 import x\nfrom keys import token\nfrom zoo import y\n",
        id="own sorted line",
    ),
]


@pytest.mark.parametrize(("before", "after"), FROM_IMPORTS)
def test_from_import_is_added(before: str, after: str) -> None:
    assert outcome(before, lambda plan, each: plan.add_import(each.module, "from keys import token")) == after


PLACED = [
    pytest.param(
        "import a\nuse()\nimport os\n", "import os\n\nimport a\nT()\nimport os\n", id="import below the use"
    ),
    pytest.param(
        "from __future__ import annotations\nuse()\nfrom functools import partial\n",
        "from __future__ import annotations\n\nimport os\n\nT()\nfrom functools import partial\n",
        id="other imports below the use",
    ),
    pytest.param(
        "def f():\n    use()\nimport os\nf()\n",
        "def f():\n    T()\nimport os\nf()\n",
        id="import above the call",
    ),
    pytest.param(
        "import a\ndef f():\n    use()\nf()\nimport os\n",
        "import os\n\nimport a\ndef f():\n    T()\nf()\nimport os\n",
        id="import below the call",
    ),
    pytest.param(
        "import a\na.load()\nimport os\nuse()\n",
        "import a\na.load()\nimport os\nT()\n",
        id="import below a foreign call",
    ),
    pytest.param(
        "try:\n    import a\nexcept ImportError:\n    raise\nuse()\n",
        "import os\n\ntry:\n    import a\nexcept ImportError:\n    raise\nT()\n",
        id="guarded imports only",
    ),
    pytest.param(
        "import a\nif a.x:\n    def f(): use()\n    f()\nimport os\n",
        "import os\n\nimport a\nif a.x:\n    def f(): T()\n    f()\nimport os\n",
        id="in a branch",
    ),
]


@pytest.mark.parametrize(("before", "after"), PLACED)
def test_import_stands_above_the_first_run(before: str, after: str) -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.replace(each.module, each.call("use()"), "T()")
        plan.add_import(each.module, "import os")

    assert outcome(before, steps, clean=False) == after


def test_import_is_added_once() -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.add_import(each.module, "import os")
        plan.add_import(each.module, "import os")

    assert outcome("import hmac, json\n", steps) == "import hmac, json, os\n"
    assert outcome("import hmac\n\nimport requests\n", steps) == "import hmac\nimport os\n\nimport requests\n"


def test_import_is_refused_where_the_function_imports_it_later() -> None:
    def steps(plan: Plan, each: Source) -> None:
        plan.replace(each.module, each.call("use()"), "T()")
        plan.add_import(each.module, "import os")

    with pytest.raises(Refused, match="taken by an import inside a function"):
        outcome("def f():\n    use()\n    import os\n", steps)
    assert outcome("def f():\n    import os\n    use()\n", steps).endswith("    import os\n    T()\n")
