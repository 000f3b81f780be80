"""What the report of a fix leaves by hand is what a check finds afterwards: nothing is lost or made up."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

SETTINGS = Settings(root=Path("/"), system_size="stc", filler_row_locations=("top",))
TENANT = "https://api.aurorasolar.com/tenants/t"


def _fixed(**modules: str) -> tuple[dict[str, str], Report, Report]:
    """The texts after the fix, what its report says, and what a check says then."""
    before = {f"{name}.py": dedent(text).replace("TENANT", TENANT) for name, text in modules.items()}
    report = check_texts(before, SETTINGS, fix=Applicability.UNSAFE)
    after = before | {path.name: new for path, (_, new) in report.changes.items()}
    return after, report, check_texts(after, SETTINGS)


def _places(report: Report) -> list[tuple[str, str, int]]:
    return sorted(
        (found.rule, found.location.path.name, found.location.start.line) for found in report.findings
    )


def test_looks_that_have_their_old_name_again_are_done() -> None:
    after, report, again = _fixed(
        client="""
        import requests
        class Client:
            def summary(self, i):
                return requests.get(f"TENANT/designs/{i}/summary").json()["design"]
        """,
        sizes="""
        import json
        from client import Client
        KEYS = ["system_size"]
        def rows(i):
            design = Client().summary(i)
            return [design[key] for key in KEYS], KEYS
        def total(ids, path):
            kept = [Client().summary(i) for i in ids]
            kept.extend(json.load(open(path)))
            return sum(each["system_size"] for each in kept)
        """,
    )
    assert 'design["system_size"] = design["system_size_stc"]\n' in after["client.py"]
    assert 'each["system_size"] for each in kept' in after["sizes.py"]
    assert _places(report) == _places(again) == []


SENT = """
import requests
def run(design, fill):
    body = {"mode": "max_fit", "placement_options": {"orientations": ["portrait"]}}
    if fill:
        body["placement_options"]["allow_filler_row"] = True
    return requests.post(f"TENANT/designs/{design}/auto_designer/run", json=body)
"""


@pytest.mark.parametrize(
    ("look", "found"),
    [
        pytest.param(
            '["placement_options"].get("allow_filler_row", False) is True', 1, id="whether it was sent"
        ),
        pytest.param('["placement_options"]["allow_filler_row"] is True', 1, id="how it was sent"),
        pytest.param('["placement_options"].get("allow_filler_row") is None', 0, id="that it was not"),
        pytest.param('["mode"] == "max_fit"', 0, id="what stays"),
        pytest.param('["placement_options"].get("colour") == 1', 0, id="another key"),
    ],
)
def test_a_look_of_a_test_at_what_is_no_longer_sent_stays_named(look: str, found: int) -> None:
    _, report, again = _fixed(
        runs=SENT,
        test_runs=f"""
        import json
        import responses
        import runs
        @responses.activate
        def test_it():
            responses.add(responses.POST, "TENANT/designs/d/auto_designer/run", json={{"job_id": "j"}})
            runs.run("d", True)
            sent = json.loads(responses.calls[0].request.body)
            assert sent{look}
        """,
    )
    assert _places(again) == _places(report)
    assert [place[0] for place in _places(report)] == ["AUR601"] * found


COPY = """
import requests
def copy(design, whole):
    params = {"site_model_design_id": design["id"]}
    if whole:
        params["include_design"] = "true"
    body = {"design": {"project_id": design["project_id"]}}
    return requests.post("TENANT/designs", params=params, json=body).json()["design"]
"""


def test_the_call_is_named_where_its_parameters_stand_elsewhere() -> None:
    _, report, again = _fixed(copies=COPY)
    assert _places(report) == _places(again)
    assert [found.message.rpartition("; ")[2] for found in report.findings] == [
        "the call is at copies.py:8"
    ] * 2


def test_the_call_is_not_named_where_its_parameters_stand_in_it() -> None:
    _, report, _ = _fixed(
        copies="""
        import requests
        def copy(design):
            return requests.post("TENANT/designs", params={"site_model_design_id": design}, json={})
        """
    )
    assert ["the call is at" in found.message for found in report.findings] == [False]


@pytest.mark.parametrize(
    ("library", "asserted", "lines"),
    [
        ("requests_mock", 'made.last_request.qs == {"include_design": ["true"]}', 1),
        ("requests_mock", '"include_design" in made.last_request.qs', 1),
        ("requests_mock", 'made.last_request.qs == {"page": ["1"]}', 0),
        ("requests_mock", 'made.last_request.json() == {"include_design": ["true"]}', 0),
        ("requests_mock", '"include_design" not in made.last_request.qs', 0),
    ],
)
def test_a_query_that_a_test_expects_is_named(library: str, asserted: str, lines: int) -> None:
    _, report, again = _fixed(
        copies=COPY,
        test_copies=f"""
        import copies
        def test_it({library}):
            made = {library}.post("TENANT/designs", json={{"design": {{"id": "d"}}}})
            copies.copy({{"id": "1", "project_id": "2"}}, True)
            assert {asserted}
        """,
    )
    assert _places(report) == _places(again)
    assert [line for _, name, line in _places(report) if name == "test_copies.py"][1:] == [6] * lines


@pytest.mark.parametrize(
    ("read", "found"),
    [('answer.json()["meta"]["id"]', 1), ('answer.json()["errors"]', 0), ("answer.status_code", 0)],
)
def test_what_stands_beside_recorded_messages_is_named_where_it_is_read(read: str, found: int) -> None:
    _, report, again = _fixed(
        opening=f"""
        import requests
        def open_request(body):
            answer = requests.post("TENANT/design_requests", json=body)
            if not answer.ok:
                return {read}
            return answer.json()["design_request"]
        """,
        test_opening="""
        import opening
        def test_it(requests_mock):
            requests_mock.post(
                "TENANT/design_requests", status_code=422, json={"error": "open already", "meta": {"id": "r"}}
            )
            assert opening.open_request({}) is not None
        """,
    )
    assert _places(report) == _places(again)
    assert [name for rule, name, _ in _places(report) if rule == "AUR601"] == ["test_opening.py"] * found
