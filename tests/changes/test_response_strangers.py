"""Fields of answers, read where other objects come by of which nobody can say whose they are."""

from __future__ import annotations

import pytest

from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability
from tests.changes.error_programs import HEAD
from tests.changes.test_response_fields import SETTINGS


def _fixed(body: str) -> tuple[str, Report]:
    report = check_texts({"a.py": HEAD + body}, SETTINGS, Applicability.UNSAFE)
    assert report.errors == []
    text = next((new for _, new in report.changes.values()), HEAD + body)
    compile(text, "a.py", "exec")
    return text, report


STRANGE = [
    pytest.param(
        """\
def report(i, user=None):
    user = user or requests.get(URL + "/users/" + i).json()["user"]
    print(user["user_level"])
""",
        'may give to `report`; for both write `user["role_id" if "role_id" in user else "user_level"]`',
        id="a parameter that callers outside may fill",
    ),
    pytest.param(
        """\
def show(body):
    for f in body["financings"]: print(f["lender"])
def ours(d): show(requests.get(URL + "/designs/" + d + "/financings").json())
def kept(path): show(json.load(open(path)))
""",
        "the list cannot be told from other answers",
        id="the body of a list, or a file",
    ),
]

STRANGE += [
    pytest.param(
        """\
import pandas as pd
def total(rows): return pd.DataFrame(rows)["system_size"].sum()
def f(ids):
    return total([requests.get(URL + "/designs/" + i + "/summary").json()["design"] for i in ids])
def kept(path): return total(json.load(open(path)))
""",
        "look for `system_size_stc` first, and for `system_size` where it is not there",
        id="a table's column",
    ),
    pytest.param(
        """\
import pandas as pd
def f(ids, path):
    rows = [requests.get(URL + "/designs/" + i + "/summary").json()["design"] for i in ids]
    rows.extend(json.load(open(path)))
    return pd.DataFrame(rows)["system_size"].sum()
""",
        "may give to `f`",
        id="a table of both",
    ),
]

OWN_BIRTH = [
    pytest.param(
        """\
def size(summary): return summary["system_size"]
def f(d):
    design = requests.get(URL + "/designs/" + d + "/summary").json()["design"]
    return size(design)
def kept(path): return size(json.load(open(path)))
""",
        'design["system_size"] = design["system_size_stc"]\n',
        'return summary["system_size"]\n',
        id="the size is given its old name where the answer comes in",
    ),
    pytest.param(
        """\
def kept(d, path):
    if path: return json.load(open(path))
    return requests.get(URL + "/designs/" + d + "/summary").json()["design"]
def size(d, path):
    design = kept(d, path)
    print("%s W" % design.get("system_size"))
""",
        'if "system_size_stc" in design:\n        design["system_size"] = design["system_size_stc"]\n',
        'print("%s W" % design.get("system_size"))\n',
        id="a file or the answer",
    ),
    pytest.param(
        """\
def is_admin(user): return user["user_level"] == "Admin"
def f(i):
    user = requests.get(URL + "/users/" + i).json()["user"]
    return is_admin(user)
def old(db): return [row for row in db.execute("select * from users") if is_admin(row)]
""",
        'user["user_level"] = USER_LEVELS.get(user["role_id"])\n',
        'return user["user_level"] == "Admin"\n',
        id="so is the level",
    ),
    pytest.param(
        """\
from operator import itemgetter
size = itemgetter("system_size")
def f(d):
    design = requests.get(URL + "/designs/" + d + "/summary").json()["design"]
    return size(design)
def kept(path): return size(json.load(open(path)))
""",
        'design["system_size"] = design["system_size_stc"]\n',
        'itemgetter("system_size")\n',
        id="an itemgetter",
    ),
    pytest.param(
        """\
def say(design): return "%(system_size)s W" % design
def f(d):
    design = requests.get(URL + "/designs/" + d + "/summary").json()["design"]
    return say(design)
def kept(path): return say(json.load(open(path)))
""",
        'design["system_size"] = design["system_size_stc"]\n',
        '"%(system_size)s W"',
        id="a template",
    ),
    pytest.param(
        """\
def level(user):
    match user:
        case {"user_level": "Admin"}: return 1
def f(i):
    user = requests.get(URL + "/users/" + i).json()["user"]
    return level(user)
def kept(path): return level(json.load(open(path)))
""",
        'user["user_level"] = USER_LEVELS.get(user["role_id"])\n',
        'case {"user_level": "Admin"}: return 1\n',
        id="a pattern",
    ),
    pytest.param(
        """\
def show(f): print(f["name"], f["lender"])
def ours(d):
    for f in requests.get(URL + "/designs/" + d + "/financings").json()["financings"]:
        show(f)
def kept(path):
    for f in json.load(open(path)):
        show(f)
""",
        'URL + "/designs/" + d + "/financings/" + item["id"]',
        "for f in json.load(open(path)):\n",
        id="each financing is retrieved where the list comes in",
    ),
]

KNOWN = [
    pytest.param(
        """\
import pandas as pd
def f(ids):
    rows = [requests.get(URL + "/designs/" + i + "/summary").json()["design"] for i in ids]
    return pd.DataFrame(rows)["system_size"].sum()
""",
        '["system_size_stc"].sum()',
        id="a table of answers alone",
    ),
    pytest.param(
        """\
def size(summary): return summary["system_size"]
def f(d): return size(requests.get(URL + "/designs/" + d + "/summary").json()["design"])
""",
        'return summary["system_size_stc"]',
        id="a helper whose callers are all seen",
    ),
    pytest.param(
        """\
def pick(thing, name): return thing[name]
def f(d): return pick(requests.get(URL + "/designs/" + d + "/summary").json()["design"], "system_size")
def g(path): return pick(json.load(open(path)), "colour")
""",
        '["design"], "system_size_stc")',
        id="a helper that looks for another key in what comes from elsewhere",
    ),
]


@pytest.mark.parametrize(("body", "reason"), STRANGE)
def test_what_may_be_anybodys_is_left_to_the_user(body: str, reason: str) -> None:
    after, report = _fixed(body)
    assert after == HEAD + body
    assert len(report.findings) == 1
    assert reason in report.findings[0].message


@pytest.mark.parametrize(("body", "there", "same"), OWN_BIRTH)
def test_the_answer_is_made_as_it_was_where_it_comes_in(body: str, there: str, same: str) -> None:
    after, report = _fixed(body)
    assert report.findings == []
    assert there in after
    assert same in after


@pytest.mark.parametrize(("body", "renamed"), KNOWN)
def test_what_can_only_be_auroras_is_renamed(body: str, renamed: str) -> None:
    after, report = _fixed(body)
    assert report.findings == []
    assert renamed in after
