"""Kind query-removed: calls become those of the endpoint that takes over, only on evidence that they can."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

HEAD = """\
import requests
B = "https://api.aurorasolar.com/tenants/t"
s = requests.Session()
def get(tail):
    return s.get(B + tail).json()["design"]
"""
BODY = 'json={"design": {"project_id": a["project_id"], "name": "n", "external_provider_id": "x"}}'

REWRITES = [
    pytest.param(
        f"""
        def run(d):
            a = get("/designs/" + d)
            query = {{"include_design": True, "site_model_design_id": a["id"]}}
            s.post(f"{{B}}/designs", params=query, {BODY})
        """,
        f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(f"{{B}}/designs/{{a['id']}}/duplicate", {BODY})
        """,
        id="the answer names both",
    ),
    pytest.param(
        f"""
        def run(ids):
            for d in ids:
                a = get("/designs/" + d + "/summary")
                s.post(B + "/designs", {BODY}, params=dict(include_design="true", site_model_design_id=d))
        """,
        f"""
        def run(ids):
            for d in ids:
                a = get("/designs/" + d + "/summary")
                s.post(B + "/designs/" + d + "/duplicate", {BODY})
        """,
        id="the answer was asked for with the same id",
    ),
    pytest.param(
        f"""
        def run(d):
            a = get(f"/designs/{{d}}")
            return s.post(f"{{B}}/designs?include_design=true&site_model_design_id={{d}}", {BODY})
        """,
        f"""
        def run(d):
            a = get(f"/designs/{{d}}")
            return s.post(f"{{B}}/designs/{{d}}/duplicate", {BODY})
        """,
        id="in the text of the URL",
    ),
    pytest.param(
        f"""
        def copy(a):
            query = {{"site_model_design_id": a["id"], "include_design": "true"}}
            s.post(B + "/designs", params=query, {BODY})
        for found in s.get(B + "/projects/1/designs").json()["designs"]:
            copy(found)
        """,
        f"""
        def copy(a):
            s.post(B + "/designs/" + a["id"] + "/duplicate", {BODY})
        for found in s.get(B + "/projects/1/designs").json()["designs"]:
            copy(found)
        """,
        id="a design that a caller gives",
    ),
    pytest.param(
        """
        for a in s.get(B + "/projects/1/designs").json()["designs"]:
            body = {"design": {"project_id": a["project_id"], "name": "n", "external_provider_id": "x"}}
            query = {"site_model_design_id": a["id"], "include_design": "true", "trace": "1"}
            s.post(B + "/designs", json=body, params=query)
        """,
        """
        for a in s.get(B + "/projects/1/designs").json()["designs"]:
            body = {"design": {"project_id": a["project_id"], "name": "n", "external_provider_id": "x"}}
            query = {"trace": "1"}
            s.post(B + "/designs/" + a["id"] + "/duplicate", json=body, params=query)
        """,
        id="the items of a list, beside another parameter",
    ),
    pytest.param(
        """
        def copy(source, project):
            body = {"design": {"project_id": project, "name": "n", "external_provider_id": "x"}}
            query = {"site_model_design_id": source, "include_design": "true"}
            return s.post(B + "/designs", params=query, json=body)
        first = get("/designs/d1")
        copy(first["id"], project=first["project_id"])
        """,
        """
        def copy(source, project):
            body = {"design": {"project_id": project, "name": "n", "external_provider_id": "x"}}
            return s.post(B + "/designs/" + source + "/duplicate", json=body)
        first = get("/designs/d1")
        copy(first["id"], project=first["project_id"])
        """,
        id="parameters that each call gives the two of one answer",
    ),
    pytest.param(
        f"""
        def run(d):
            a = get("/designs/" + d)
            query = {{"site_model_design_id": d, "include_design": "true"}}
            s.post(B + "/designs", params=query, {BODY})
        run("d1")
        """,
        f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(B + "/designs/" + d + "/duplicate", {BODY})
        run("d1")
        """,
        id="an id that is written out",
    ),
]

BY_HAND = [
    pytest.param(
        """
        def copy(source, project):
            body = {"design": {"project_id": project, "name": "n", "external_provider_id": "x"}}
            query = {"site_model_design_id": source, "include_design": "true"}
            return s.post(B + "/designs", params=query, json=body)
        one = get("/designs/d1")
        other = get("/designs/d2")
        copy(one["id"], other["project_id"])
        """,
        "nothing shows",
        id="a call that gives the two of two answers",
    ),
    pytest.param(
        """
        def copy(source, project):
            body = {"design": {"project_id": project, "name": "n", "external_provider_id": "x"}}
            query = {"site_model_design_id": source, "include_design": "true"}
            return s.post(B + "/designs", params=query, json=body)
        first = get("/designs/d1")
        copy(first["id"], first["project_id"])
        clone = copy
        clone("d9", first["project_id"])
        """,
        "nothing shows",
        id="a function that goes by another name, too",
    ),
    pytest.param(
        """
        def copy(source, project):
            body = {"design": {"project_id": project, "name": "n", "external_provider_id": "x"}}
            query = {"site_model_design_id": source, "include_design": "true"}
            return s.post(B + "/designs", params=query, json=body)
        first = get("/designs/d1")
        copy(first["id"], first["project_id"])
        copy(first["id"], "another")
        """,
        "nothing shows",
        id="a call that gives another project",
    ),
    pytest.param(
        f"""
        def run(d, e):
            a = get("/designs/" + d); b = get("/designs/" + e)
            query = {{"site_model_design_id": b["id"], "include_design": "true"}}
            s.post(B + "/designs", params=query, {BODY})
        """,
        "nothing shows",
        id="two answers of the same kind",
    ),
    pytest.param(
        f"""
        def run(d, e):
            a = get("/designs/" + d)
            d = e
            s.post(B + "/designs", params={{"site_model_design_id": d, "include_design": "true"}}, {BODY})
        """,
        "nothing shows",
        id="an id that is another one by then",
    ),
    pytest.param(
        f"""
        def run(d):
            a = get("/designs/" + d)
            query = {{"site_model_design_id": d}}
            if d:
                query["include_design"] = "true"
            s.post(B + "/designs", params=query, {BODY})
        """,
        "under a condition",
        id="a parameter that is given at times",
    ),
    pytest.param(
        f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(B + "/designs", params={{"site_model_design_id": d}}, {BODY})
        """,
        "means something else than a whole copy",
        id="the model alone",
    ),
    pytest.param(
        f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(f"{{B}}/designs?site_model_design_id={{d}}&include_design=false", {BODY})
        """,
        "not written as true",
        id="a design that was not to be copied",
    ),
    pytest.param(
        """
        def run(row):
            query = {"site_model_design_id": row["template"], "include_design": "true"}
            body = {"project_id": row["project_id"], "name": "n", "external_provider_id": "x"}
            s.post(B + "/designs", params=query, json={"design": body})
        """,
        "nothing shows",
        id="a row of the program's own",
    ),
    pytest.param(
        """
        def run(d):
            a = get("/designs/" + d)
            query = {"site_model_design_id": d, "include_design": "true"}
            s.post(B + "/designs", params=query, json={"design": {"project_id": a["project_id"]}})
        """,
        "has no `name`, and the copy would take the original's",
        id="a copy without a name of its own",
    ),
    pytest.param(
        """
        class Study:
            def __init__(self, d):
                self.a = get("/designs/" + d)
            def turn_to(self, d):
                self.a = get("/designs/" + d)
            def copy(self):
                query = {"site_model_design_id": self.a["id"], "include_design": True}
                body = {"project_id": self.a["project_id"], "name": "n", "external_provider_id": "x"}
                s.post(B + "/designs", params=query, json={"design": body})
        """,
        "gets its value at several places",
        id="an attribute that is set again",
    ),
    pytest.param(
        """
        class Study:
            def __init__(self, d):
                self.a = get("/designs/" + d)
        def copy(one, other):
            body = {"project_id": other.a["project_id"], "name": "n", "external_provider_id": "x"}
            query = {"site_model_design_id": one.a["id"], "include_design": True}
            s.post(B + "/designs", params=query, json={"design": body})
        copy(Study("1"), Study("2"))
        """,
        "nothing shows",
        id="attributes of two objects",
    ),
    pytest.param(
        """
        def run(d):
            a = get("/designs/" + d)
            body = dict(project_id=a["project_id"], external_provider_id="x")
            s.post(B + "/designs?include_design=true&site_model_design_id=" + d, json={"design": body})
        """,
        "has no `name`, and the copy would take the original's",
        id="a copy without a name of its own, in a dict made before",
    ),
]

EMPTIED = [
    pytest.param(
        """
        class Study:
            def __init__(self, d):
                self.old = get("/designs/" + d)
            def copy(self, name):
                query = {"site_model_design_id": self.old["id"], "include_design": True}
                new = {"name": name, "project_id": self.old["project_id"]}
                return s.post(B + "/designs", params=query, json={"design": new})
        """,
        """
        class Study:
            def __init__(self, d):
                self.old = get("/designs/" + d)
            def copy(self, name):
                new = {"name": name, "project_id": self.old["project_id"], "external_provider_id": None}
                return s.post(B + "/designs/" + self.old["id"] + "/duplicate", json={"design": new})
        """,
        id="an attribute that is set when the object is made",
    ),
    pytest.param(
        """
        def run(d, n):
            a = get(f"/designs/{d}")
            return s.post(
                f"{B}/designs?include_design=true&site_model_design_id={d}",
                json={
                    "design": {
                        "project_id": a["project_id"],
                        "name": n,
                    },
                },
            )
        """,
        """
        def run(d, n):
            a = get(f"/designs/{d}")
            return s.post(
                f"{B}/designs/{d}/duplicate",
                json={
                    "design": {
                        "project_id": a["project_id"],
                        "name": n,
                        "external_provider_id": None,
                    },
                },
            )
        """,
        id="in a dict of several lines",
    ),
    pytest.param(
        """
        def run(d, n):
            a = get(f"/designs/{d}")
            new = dict(name=n)
            new["project_id"] = a["project_id"]
            query = dict(site_model_design_id=d, include_design="true")
            return s.post(B + "/designs", params=query, json={"design": new})
        """,
        """
        def run(d, n):
            a = get(f"/designs/{d}")
            new = dict(name=n, external_provider_id=None)
            new["project_id"] = a["project_id"]
            return s.post(B + "/designs/" + d + "/duplicate", json={"design": new})
        """,
        id="in a call of dict",
    ),
    pytest.param(
        """
        def run(d, fields):
            a = get(f"/designs/{d}")
            body = {"design": {**fields, "project_id": a["project_id"]}}
            return s.post(f"{B}/designs?include_design=true&site_model_design_id={d}", json=body)
        """,
        """
        def run(d, fields):
            a = get(f"/designs/{d}")
            body = {"design": {**fields, "project_id": a["project_id"]}}
            return s.post(f"{B}/designs/{d}/duplicate", json=body)
        """,
        id="a body that may name it is left as it is",
    ),
]


def _fixed(program: str, endpoints: dict[str, str] | None = None) -> tuple[str, Report]:
    settings = Settings(root=Path("/"), select=("AUR403",), endpoints=endpoints or {})
    report = check_texts({"program.py": HEAD + dedent(program)}, settings, fix=Applicability.UNSAFE)
    assert not report.errors
    result = next((new for _, new in report.changes.values()), HEAD + dedent(program))
    return result.removeprefix(HEAD), report


@pytest.mark.parametrize(("before", "after"), [*REWRITES, *EMPTIED])
def test_a_copy_in_its_own_project_becomes_a_duplicate(before: str, after: str) -> None:
    result, report = _fixed(before)
    assert result == dedent(after)
    assert not report.findings


@pytest.mark.parametrize(("program", "reason"), BY_HAND)
def test_without_evidence_a_copy_is_left_by_hand(program: str, reason: str) -> None:
    result, report = _fixed(program)
    assert result == dedent(program)
    assert report.findings
    assert all(reason in found.message for found in report.findings)
    assert all(found.fix is None for found in report.findings)


def test_the_settings_give_the_path_of_the_successor() -> None:
    program = f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(f"{{B}}/designs", params={{"site_model_design_id": d, "include_design": "true"}}, {BODY})
        """
    path = "/tenants/{tenant_id}/designs/{design_id}/copies"
    result, _ = _fixed(program, {"duplicate-design": path})
    assert 's.post(f"{B}/designs/{d}/copies", json=' in result


def test_a_successor_somewhere_else_is_left_by_hand() -> None:
    program = f"""
        def run(d):
            a = get("/designs/" + d)
            s.post(f"{{B}}/designs", params={{"site_model_design_id": d, "include_design": "true"}}, {BODY})
        """
    result, report = _fixed(program, {"duplicate-design": "/copies/{design_id}"})
    assert result == dedent(program)
    assert all("does not go on from" in found.message for found in report.findings)
