"""Request bodies that somebody else reads or gets, too: what must move with them, or stay by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.engine import Report
from aurora_migrate.findings import Applicability

HEAD = 'import requests\n\nT = "https://api.aurorasolar.com/tenants/t1"\n\n\n'
CONFIG = (
    '[tool.aurora-migrate.roles]\n"Admin" = "00000000-0000-4000-8000-0000000000a1"\n'
    '"Team Member" = "00000000-0000-4000-8000-0000000000a2"\n'
)
RUN = 'requests.post(f"{T}/designs/{d}/auto_designer/run", json=body)\n'
USER = '{"user": {"email": email, "user_level": "Admin"}}'
INVITE = 'requests.post(f"{T}/users/invite", json='


def checked(text: str, folder: Path) -> tuple[Report, str]:
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    report = engine.check_texts({"a.py": HEAD + text}, load_settings(folder), fix=Applicability.UNSAFE)
    assert not report.errors
    after = next((new for _, new in report.changes.values()), HEAD + text)
    return report, after.removeprefix(HEAD)


SHOW = 'def show(opts):\n    print(opts["row_spacing_meters"])\n\n\n'


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(
            f'{SHOW}def run(d):\n    opts = {{"row_spacing_meters": 1}}\n    show(opts)\n'
            f'    body = {{"placement_options": opts}}\n    {RUN}\n\n'
            'def own():\n    show({"row_spacing_meters": 2})\n\n\nrun("d")\nown()\n',
            ["AUR501"],
            id="a function looks into the body and into an object of the program's own",
        ),
        pytest.param(
            'def body_for(gap):\n    return {"placement_options": {"min_sap": 0.5, "row_spacing": gap}}\n\n\n'
            f"def run(d):\n    body = body_for(1)\n    {RUN}    return body\n\n\n"
            'def report(d):\n    print("sap", run(d)["placement_options"]["min_sap"])\n',
            ["AUR503"],
            id="a caller reads what moves out of the body that it is given back",
        ),
        pytest.param(
            'def run(d):\n    body = {"placement_options": {"min_sap": 0.5, "row_spacing": 1}}\n'
            f"    {RUN}    return body\n\n\n"
            "def report(d):\n    for name, value in run(d).items():\n"
            '        if name == "placement_options":\n            print(value["min_sap"])\n',
            ["AUR503"],
            id="a caller reads what moves going through the body",
        ),
        pytest.param(
            'def run(d):\n    options = {"placement_options": {"min_sap": 0.5, "row_spacing": 1}}\n'
            '    body = dict(options, mode="max_fit")\n'
            '    requests.post("https://rack.example/quotes", json=body["placement_options"])\n'
            f"    {RUN}",
            ["AUR503"],
            id="another vendor gets the object out of a copy of the body",
        ),
        pytest.param(
            'def run(d):\n    body = {"placement_options": {"min_sap": 0.5, "row_spacing": 1}}\n'
            f'    log = dict(body["placement_options"])\n    {RUN}    print(log["min_sap"])\n',
            ["AUR503"],
            id="a copy of the object is read",
        ),
        pytest.param(
            f"def body(email):\n    return {USER}\n\n\n"
            f"def invite(email):\n    return {INVITE}body(email))\n\n\n"
            "def other(url, email):\n    return requests.post(url, json=body(email))\n",
            ["AUR201"],
            id="the body also goes where an unseen caller says",
        ),
        pytest.param(
            f"def post(url, email):\n    return requests.post(url, json={USER})\n\n\n"
            'def ours(email):\n    return post(f"{T}/users/invite", email)\n\n\n'
            'def theirs(email):\n    return post("https://crm.example/users", email)\n',
            ["AUR201"],
            id="a helper sends the body to another vendor, too",
        ),
        pytest.param(
            "def sender(fn):\n    def inner(*a):\n"
            '        body = {"user": {"email": a[0], "user_level": "Admin"}}\n'
            "        return requests.post(fn(*a), json=body)\n\n    return inner\n\n\n"
            '@sender\ndef ours(email):\n    return f"{T}/users/invite"\n\n\n'
            '@sender\ndef theirs(email):\n    return "https://crm.example/users"\n',
            ["AUR201"],
            id="a decorator sends the body to another vendor, too",
        ),
        pytest.param(
            "def promote(uid):\n"
            '    user = requests.get(f"{T}/users/{uid}").json()["user"]\n'
            '    print(user["user_level"])\n    user["user_level"] = "Admin"\n'
            '    requests.put(f"{T}/users/{uid}", json={"user": user})\n'
            '    return user["user_level"] == "Admin"\n',
            ["AUR202", "AUR201"],
            id="what is stored into an answer is read again",
        ),
        pytest.param(
            'def invite(email, version):\n    user = {"email": email, "user_level": "Admin"} '
            'if version == "2018.01" else {"email": email, "role_id": "R"}\n'
            '    return requests.post(f"{T}/users/invite", json={"user": user}, '
            'headers={"Aurora-API-Version": version})\n',
            [],
            id="the body of each version is chosen by the version",
        ),
    ],
)
def test_body_stays_as_it_is(text: str, rules: Sequence[str], tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert after == text
    assert [finding.rule for finding in report.findings] == rules


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param(
            f'{SHOW}def run(d):\n    opts = {{"row_spacing_meters": 1}}\n    show(opts)\n'
            f'    body = {{"placement_options": opts}}\n    {RUN}\n\n'
            'def other(d):\n    opts = {"row_spacing_meters": 2}\n    show(opts)\n'
            f'    body = {{"placement_options": opts}}\n    {RUN}\n\nrun("d")\nother("e")\n',
            '"row_spacing_meters"',
            '"row_spacing"',
            id="a function looks into two bodies",
        ),
        pytest.param(
            'def run(d):\n    body = {"mode": "x", "placement_options": {}}\n'
            f'    body["placement_options"]["min_sap"] = 1\n    {RUN}',
            'body["placement_options"]["min_sap"]',
            'body.setdefault("irradiance_constraints", {})["min_sap"]',
            id="a field stored into an object that was empty",
        ),
        pytest.param(
            'def run(d):\n    body = {"mode": "x", "placement_options": {}}\n'
            f'    body["placement_options"].setdefault("min_sap", 1)\n    {RUN}',
            'body["placement_options"].setdefault(',
            'body.setdefault("irradiance_constraints", {}).setdefault(',
            id="a default put into an object that was empty",
        ),
        pytest.param(
            "def promote(uid):\n"
            '    user = requests.get(f"{T}/users/{uid}").json()["user"]\n'
            '    user["user_level"] = "Admin"\n'
            '    requests.put(f"{T}/users/{uid}", json={"user": user})\n',
            'user["user_level"] = "Admin"',
            'user["role_id"] = "00000000-0000-4000-8000-0000000000a1"',
            id="what is stored into an answer is only sent back",
        ),
        pytest.param(
            "def run(d, gap):\n    body = {\n        # options\n"
            '        "placement_options": {\n            # energy\n            "min_sap": 0.5,  # sap\n'
            '            "row_spacing": gap,  # rows\n        },\n    }\n'
            f"    {RUN}",
            '            # energy\n            "min_sap": 0.5,  # sap\n'
            '            "row_spacing": gap,  # rows\n        },\n',
            '            "row_spacing": gap,  # rows\n        },\n'
            '        "irradiance_constraints": {\n            # energy\n'
            '            "min_sap": 0.5,  # sap\n        },\n',
            id="comments go with their fields",
        ),
        pytest.param(
            f"def post(url, email):\n    return requests.post(url, json={USER})\n\n\n"
            'def ours(email):\n    return post(f"{T}/users/invite", email)\n',
            '"user_level": "Admin"',
            '"role_id": "00000000-0000-4000-8000-0000000000a1"',
            id="a helper that only Aurora's callers use",
        ),
    ],
)
def test_body_is_rewritten(text: str, old: str, new: str, tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert after == text.replace(old, new)
    assert not report.findings


def test_comments_among_leading_commas_stay_once(tmp_path: Path) -> None:
    text = (
        'def run(d, gap):\n    body = {"placement_options": {\n            # spacing\n'
        '            "row_spacing": gap, "min_sap": 0.5\n'
        '            , "flat_face_row_spacing": gap  # flat\n'
        '            , "min_tsrf": 0.4  # quality\n        }}\n'
        f"    {RUN}"
    )
    report, after = checked(text, tmp_path)
    assert not report.findings
    for comment, beside in (
        ("# spacing", ""),
        ("# flat", '"flat_face_row_spacing": gap'),
        ("# quality", ": 0.4"),
    ):
        (line,) = [each for each in after.splitlines() if comment in each]
        assert beside in line
