"""Request bodies that a store keeps, too, and bodies that are written out as JSON texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from aurora_migrate import engine
from aurora_migrate.config import load_settings
from aurora_migrate.engine import Report
from aurora_migrate.findings import Applicability

HEAD = (
    'import json\nimport logging\n\nimport requests\nimport store\n\nT = "https://api.aurorasolar.com/tenants/t1"\n'
    "db = store.connect()\n\n\n"
)
CONFIG = '[tool.aurora-migrate.roles]\n"Admin" = "00000000-0000-4000-8000-0000000000a1"\n'
BODY = '    body = {"placement_options": {"row_spacing_meters": gap, "min_sap": 70}}\n'
RUN = '    requests.post(f"{T}/designs/{d}/auto_designer/run", json=body)\n'
POST = 'requests.post(f"{T}/designs/{d}/auto_designer/run", data='
INVITE = 'requests.post(f"{T}/users/invite", data='


def sent(body: str) -> str:
    """A program whose body of Run AutoDesigner is this expression."""
    return f"def run(d, sap):\n    {POST}{body})\n"


def invited(body: str) -> str:
    """The same of Invite User."""
    return f"def invite(mail):\n    {INVITE}{body})\n"


def checked(text: str, folder: Path) -> tuple[Report, str]:
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    report = engine.check_texts({"a.py": HEAD + text}, load_settings(folder), fix=Applicability.UNSAFE)
    assert not report.errors
    after = next((new for _, new in report.changes.values()), HEAD + text)
    return report, after.removeprefix(HEAD)


@pytest.mark.parametrize(
    "keeps",
    [
        pytest.param('db.save({"job": body})', id="inside another object"),
        pytest.param("db.save(job=body, tries=0)", id="by keyword"),
        pytest.param("db.jobs.append([d, body])", id="in a row of a table"),
        pytest.param('db.jobs.add({"job": [body]})', id="in a list of an object"),
        pytest.param("db[d] = body", id="under a key of a store"),
        pytest.param("db.job(d).options = body", id="as an attribute of a record"),
        pytest.param('db[d] = {"sent": body["placement_options"]}', id="the object alone, under a key"),
    ],
)
def test_what_a_store_keeps_is_by_hand(keeps: str, tmp_path: Path) -> None:
    text = f"def run(d, gap):\n{BODY}    {keeps}\n{RUN}"
    report, after = checked(text, tmp_path)
    assert after == text
    assert {found.rule for found in report.findings} == {"AUR501", "AUR503"}
    assert all("goes to `db" in found.message for found in report.findings if found.rule == "AUR501")


@pytest.mark.parametrize(
    "keeps",
    [
        pytest.param('logging.info("sent %s", {"job": body})', id="the log"),
        pytest.param("print({d: body})", id="the terminal"),
        pytest.param('json.dump({"job": body}, open("last.json", "w"))', id="a file with what was sent last"),
        pytest.param('db.save({"design": d, "gap": gap})', id="a store that gets something else"),
        pytest.param("jobs = {}\n    jobs[d] = gap", id="a mapping of the program"),
    ],
)
def test_what_only_shows_the_body_hinders_nothing(keeps: str, tmp_path: Path) -> None:
    report, after = checked(f"def run(d, gap):\n{BODY}    {keeps}\n{RUN}", tmp_path)
    assert not report.findings
    assert '{"placement_options": {"row_spacing": gap}, "irradiance_constraints": {"min_sap": 70}}' in after
    assert keeps in after


def test_a_user_that_a_store_keeps_is_by_hand(tmp_path: Path) -> None:
    text = (
        'def invite(mail):\n    user = {"email": mail, "user_level": "Admin"}\n'
        '    db.put({"invited": user})\n'
        '    requests.post(f"{T}/users/invite", json={"user": user})\n'
    )
    report, after = checked(text, tmp_path)
    assert after == text
    assert [found.rule for found in report.findings] == ["AUR201"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        pytest.param(
            sent("""'{"placement_options": {"min_sap": 3, "allow_filler_row": true}}'"""),
            ["AUR502", "AUR503"],
            id="a literal",
        ),
        pytest.param(
            sent("""f'{{"placement_options": {{"min_sap": {sap}}}}}'"""),
            ["AUR503"],
            id="an f-string",
        ),
        pytest.param(
            sent("""f'{{"mode": "max_fit", "placement_options": {sap}}}'"""),
            ["AUR503"],
            id="an f-string that is handed the object",
        ),
        pytest.param(
            invited("""'{"user": {"email": "%s", "user_level": "Admin"}}' % mail"""),
            ["AUR201"],
            id="text with %",
        ),
        pytest.param(
            invited("""b'{"user": {"user_level": "Admin"}}'"""),
            ["AUR201"],
            id="bytes",
        ),
        pytest.param(
            'BODY = """\n{\n  "user": {"email": "MAIL", "user_level": "Admin"}\n}\n"""\n\n\n'
            f'def invite(mail):\n    {INVITE}BODY.replace("MAIL", mail))\n',
            ["AUR201"],
            id="a constant whose marks are replaced",
        ),
        pytest.param(
            'GAP = \'{"placement_options": {"row_spacing_meters": 1}}\'\n\n\n'
            f"def run(d):\n    {POST}GAP)\n\n\ndef show():\n    print(GAP)\n",
            ["AUR501"],
            id="a constant with other uses, one name",
        ),
        pytest.param(
            sent("""'{"placement_options": {"min_sap": 1' + sap + '}}'"""),
            ["AUR503"],
            id="a text that something unknown is put into",
        ),
    ],
)
def test_a_body_that_is_a_text_is_by_hand(text: str, rules: Sequence[str], tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert after == text
    assert [found.rule for found in report.findings] == list(rules)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            """'{"placement_options": {"row_spacing_meters": 0.2}}'""",
            """'{"placement_options": {"row_spacing": 0.2}}'""",
            id="a literal",
        ),
        pytest.param(
            """f'{{"placement_options": {{"column_spacing_meters": {d}, "orientations": []}}}}'""",
            """f'{{"placement_options": {{"column_spacing": {d}, "orientations": []}}}}'""",
            id="an f-string",
        ),
        pytest.param(
            """'{"placement_options": {"row_spacing_meters": %s}}' % d""",
            """'{"placement_options": {"row_spacing": %s}}' % d""",
            id="text with %",
        ),
    ],
)
def test_a_name_inside_a_text_of_the_call_changes_there(before: str, after: str, tmp_path: Path) -> None:
    report, text = checked(f"def run(d):\n    {POST}{before})\n", tmp_path)
    assert not report.findings
    assert text == f"def run(d):\n    {POST}{after})\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            'def hr():\n    requests.post("https://hr.example/users", '
            """data='{"user": {"user_level": "x"}}')\n""",
            id="another vendor's text",
        ),
        pytest.param(invited("""'{"user": {"role_id": "r"}}'"""), id="the new name"),
        pytest.param(
            'def rename(p):\n    requests.put(f"{T}/projects/{p}", '
            """data='{"project": {"user_level": 1}}')\n""",
            id="another endpoint",
        ),
        pytest.param(
            invited("""'{"user": {"note": "user_level: Admin"}}'"""),
            id="the words in a value",
        ),
        pytest.param(
            sent("""'{"placement_options": {"row_spacing": 1, "orientations": []}}'"""),
            id="a text that is right already",
        ),
        pytest.param(invited('"user_level=Admin"'), id="no JSON at all"),
    ],
)
def test_silent_texts(text: str, tmp_path: Path) -> None:
    report, after = checked(text, tmp_path)
    assert not report.findings
    assert after == text
