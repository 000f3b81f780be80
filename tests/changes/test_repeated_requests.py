"""A request is only repeated where it asks the same; a mapping only loses entries that nobody else sees."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

HEAD = """\
import copy, json, requests
T = "https://api.aurorasolar.com/tenants/t1"
"""

LEFT = [
    pytest.param(
        """
        url = f"{T}/designs/{d}/financings"
        r = requests.get(url, headers=h)
        url = "https://lender.example/rates"
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`url` is another one by then",
        id="the url is another one",
    ),
    pytest.param(
        """
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        h["Authorization"] = "Bearer lender"
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`h` is another one by then",
        id="a header is written",
    ),
    pytest.param(
        """
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        lender = h
        lender.update(Authorization="Bearer lender")
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`h` is another one by then",
        id="the headers change under another name",
    ),
    pytest.param(
        """
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        d += "-old"
        print(d)
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`d` is another one by then",
        id="the id grows",
    ),
    pytest.param(
        """
        session = requests.Session()
        r = session.get(f"{T}/designs/{d['id']}/financings")
        session.headers["Authorization"] = "Bearer lender"
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`session` is another one by then",
        id="the session's headers change",
    ),
    pytest.param(
        """
        session = requests.Session()
        r = session.get(f"{T}/designs/{d['id']}/financings")
        number = d.pop("id")
        return number, [f["system_price"] for f in r.json()["financings"]]
        """,
        "`d` is another one by then",
        id="the id is taken out of its row",
    ),
    pytest.param(
        """
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        total = 0
        for d in ("a", "b"):
            total += sum(f["system_price"] for f in r.json()["financings"])
        return total
        """,
        "`d` is another one by then",
        id="a later loop uses the name of the id",
    ),
    pytest.param(
        """
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        total = 0
        for lender in ("a", "b"):
            total += sum(f["system_price"] for f in r.json()["financings"])
            h["Lender"] = lender
        return total
        """,
        "`h` is another one by then",
        id="changed behind the list, in a loop around it",
    ),
    pytest.param(
        """
        def turn(headers):
            headers["Authorization"] = "Bearer lender"
        r = requests.get(f"{T}/designs/{d}/financings", headers=h)
        turn(h)
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "`h` is another one by then",
        id="a function that changes what it is given",
    ),
    pytest.param(
        """
        answers = []
        for d in h:
            r = requests.get(f"{T}/designs/{d}/financings")
            answers.append((d, r))
        return {d: [f["system_price"] for f in r.json()["financings"]] for d, r in answers}
        """,
        "they are read later",
        id="a loop that gathers answers",
    ),
    pytest.param(
        """
        answers = [(d, requests.get(f"{T}/designs/{d}/financings")) for d in h]
        for d, r in answers:
            for f in r.json()["financings"]:
                print(d, f["system_price"])
        """,
        "read later",
        id="a comprehension of answers",
    ),
    pytest.param(
        """
        answers = {d: requests.get(f"{T}/designs/{d}/financings") for d in h}
        return [f["system_price"] for f in answers["one"].json()["financings"]]
        """,
        "read later",
        id="answers by their designs",
    ),
    pytest.param(
        """
        answers = {}
        for each in h:
            answers[each] = requests.get(f"{T}/designs/{d}/financings").json()
        return [f["system_price"] for f in answers["one"]["financings"]]
        """,
        "changes `answers`",
        id="a loop that writes into a mapping",
    ),
    pytest.param(
        """
        answers = []
        r = requests.get(f"{T}/designs/{d}/financings")
        answers.append(r)
        return answers, [f["system_price"] for f in r.json()["financings"]]
        """,
        "changes `answers`",
        id="an answer that is kept, too",
    ),
    pytest.param(
        """
        r, note = requests.get(f"{T}/designs/{d}/financings"), requests.post("https://log.example/")
        return [f["system_price"] for f in r.json()["financings"]]
        """,
        "read later",
        id="two requests in one statement",
    ),
    pytest.param(
        """
        items = requests.get(f"{T}/designs/{d}/financings").json()["financings"]
        for f in items:
            f.update(requests.get(f"{T}/designs/{d}/financings/{f['id']}").json()["financing"])
        return [f["system_price"] for f in items]
        """,
        "retrieves items of the list itself",
        id="items that are completed in place",
    ),
    pytest.param(
        """
        prices = []
        for f in requests.get(f"{T}/designs/{d}/financings").json()["financings"]:
            if "system_price" not in f:
                f = requests.get(f"{T}/designs/{d}/financings/" + f["id"]).json()["financing"]
            prices.append(f["system_price"])
        return prices
        """,
        "retrieves items of the list itself",
        id="items that are retrieved where a field is missing",
    ),
    pytest.param(
        """
        def details(number):
            return requests.get(f"{T}/designs/{d}/financings/{number}").json()["financing"]
        items = requests.get(f"{T}/designs/{d}/financings").json()["financings"]
        return [({**f, **details(f["id"])})["system_price"] for f in items]
        """,
        "retrieves items of the list itself",
        id="items laid over with their details",
    ),
    pytest.param(
        """
        def load():
            items = requests.get(f"{T}/designs/{d}/financings").json()["financings"]
            for f in items:
                f.update(requests.get(f"{T}/designs/{d}/financings/{f['id']}").json()["financing"])
            return items
        return [f["system_price"] for f in load()]
        """,
        "retrieves items of the list itself",
        id="items that another function completes",
    ),
    pytest.param(
        """
        items = requests.get(f"{T}/designs/{d}/financings").json()["financings"]
        for place, f in enumerate(items):
            items[place] = requests.get(f"{T}/designs/{d}/financings/{f['id']}").json()["financing"]
        return [f["system_price"] for f in items]
        """,
        "retrieves items of the list itself",
        id="items whose places the retrieved ones take",
    ),
]

REPEATED = [
    pytest.param(
        """
        def get(path):
            return requests.get(f"{T}{path}", headers=h).json()
        def listed():
            return get(f"/designs/{d}/financings")["financings"]
        def selected():
            for f in listed():
                if f["selected_in_sales_mode"]:
                    return get(f"/designs/{d}/financings/{f['id']}")["financing"]["lifetime_savings"]
        def prices():
            return [f["system_price"] for f in listed()]
        return selected(), prices()
        """,
        "{item['id']}",
        id="another function asks for one item, through the same helper",
    ),
    pytest.param(
        """
        def listed():
            return requests.get(f"{T}/designs/{d}/financings", headers=h).json()["financings"]
        def selected():
            for f in listed():
                if f["selected_in_sales_mode"]:
                    path = f"{T}/designs/{d}/financings/{f['id']}"
                    return requests.get(path, headers=h).json()["financing"]
        def prices():
            return [f["system_price"] for f in listed()]
        return selected()["lifetime_savings"], prices()
        """,
        "{item['id']}",
        id="another function asks for the one item that is selected",
    ),
    pytest.param(
        """
        url = f"{T}/designs/{d}/financings"
        r = requests.get(url, headers=h)
        seen = {}
        seen["url"] = url
        found = [f["system_price"] for f in r.json()["financings"]]
        url = "https://lender.example/rates"
        return found, requests.get(url)
        """,
        "requests.get(f\"{url}/{item['id']}\", headers=h)",
        id="a name that changes behind the list",
    ),
    pytest.param(
        """
        found = []
        for each in d:
            url = f"{T}/designs/{each}/financings"
            r = requests.get(url, headers=h)
            found += [f["system_price"] for f in r.json()["financings"]]
            url = "done"
        return found
        """,
        "requests.get(f\"{url}/{item['id']}\", headers=h)",
        id="request and list in the same round of a loop",
    ),
    pytest.param(
        """
        query = {"page": 1}
        found = []
        while d:
            r = requests.get(f"{T}/designs/{d}/financings", params=query, headers=h)
            query["page"] += 1
            found += [f["system_price"] for f in r.json()["financings"]]
        return found
        """,
        "requests.get(f\"{T}/designs/{d}/financings/{item['id']}\", headers=h)",
        id="query parameters that the repeated call does not have",
    ),
]

CLASS = """\
import requests
T = "https://api.aurorasolar.com/tenants/t1"
class Client:
    def __init__(self):
        self.session = requests.Session()
        self.calls = 0
    def count(self):
        self.calls += 1
    def get(self, path):
        self.count()
        return self.session.get(f"{T}{path}").json()
    def prices(self, d):
        data = self.get(f"/designs/{d}/financings")
        BETWEEN
        return [f["system_price"] for f in data["financings"]]
"""

COPY = 'json={"design": {"project_id": src["project_id"], "name": "n", "external_provider_id": "x"}}'
PARAMETERS = [
    pytest.param(
        """
        query = {"site_model_design_id": src["id"], "include_design": "true"}
        requests.post("https://cad.example/designs", params=query)
        return requests.post(f"{T}/designs", params=query, COPY)
        """,
        True,
        id="another request has the same parameters",
    ),
    pytest.param(
        """
        query = {"include_design": "true"}
        query["site_model_design_id"] = src["id"]
        r = requests.post(f"{T}/designs", params=query, COPY)
        return r, query
        """,
        True,
        id="the parameters are returned",
    ),
    pytest.param(
        """
        query = dict(site_model_design_id=src["id"], include_design="true")
        h.append(query)
        return requests.post(f"{T}/designs", params=query, COPY)
        """,
        True,
        id="the parameters are handed on",
    ),
    pytest.param(
        """
        query = {"site_model_design_id": src["id"], "include_design": "true", "draft": "1"}
        print(query["site_model_design_id"])
        return requests.post(f"{T}/designs", params=query, COPY)
        """,
        False,
        id="looked at, and with a parameter that stays",
    ),
    pytest.param(
        """
        base = {"site_model_design_id": src["id"]}
        print(base)
        return requests.post(f"{T}/designs", params={**base, "include_design": "true", "draft": "1"}, COPY)
        """,
        False,
        id="spread, and looked at",
    ),
    pytest.param(
        """
        query = {"site_model_design_id": src["id"], "include_design": "true"}
        src["id"] = "none"
        return requests.post(f"{T}/designs", params=query, COPY)
        """,
        False,
        id="the id changes before the call",
    ),
]


def _fixed(body: str, codes: tuple[str, ...], head: str = "") -> tuple[str, str, Report]:
    program = HEAD + "def run(d, h):\n" + indent(head + dedent(body).strip("\n"), "    ") + "\n"
    settings = Settings(root=Path("/"), select=codes)
    report = check_texts({"program.py": program}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    return program, next((new for _, new in report.changes.values()), program), report


@pytest.mark.parametrize(("body", "reason"), LEFT)
def test_a_request_that_would_ask_something_else_is_not_repeated(body: str, reason: str) -> None:
    program, result, report = _fixed(body, ("AUR402",))
    assert result == program
    assert report.findings
    assert all(reason in found.message for found in report.findings)


@pytest.mark.parametrize(("body", "repeated"), REPEATED)
def test_changes_elsewhere_do_not_stop_a_repetition(body: str, repeated: str) -> None:
    _, result, report = _fixed(body, ("AUR402",))
    assert repeated in result
    assert not report.findings


@pytest.mark.parametrize(("body", "dropped"), PARAMETERS)
def test_parameters_with_other_uses_stay_as_they_are(body: str, dropped: bool) -> None:
    head = 'src = requests.get(f"{T}/designs/{d}").json()["design"]\n'
    program, result, report = _fixed(body.replace("COPY", COPY), ("AUR403",), head)
    old, new = 'f"{T}/designs", params=query, json', "f\"{T}/designs/{src['id']}/duplicate\", json"
    assert result == (program.replace(old, new) if dropped else program)
    assert bool(report.findings) is not dropped


@pytest.mark.parametrize(
    ("between", "repeated"),
    [
        pytest.param("self.count()", True, id="a method that counts"),
        pytest.param("self.last = d", True, id="an attribute that the request does not look at"),
        pytest.param('self.session.headers["A"] = "lender"', False, id="the session that the method uses"),
        pytest.param("self.session = requests.Session()", False, id="another session"),
    ],
)
def test_a_client_is_as_it_was_unless_what_its_method_uses_changes(between: str, repeated: bool) -> None:
    settings = Settings(root=Path("/"), select=("AUR402",))
    program = CLASS.replace("BETWEEN", between)
    report = check_texts({"program.py": program}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    assert bool(report.changes) is repeated
    assert bool(report.findings) is not repeated
