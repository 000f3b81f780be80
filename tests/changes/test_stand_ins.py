"""AUR601 on objects that unit tests hand straight to the code, where it has an answer otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import Settings, load_settings
from aurora_migrate.engine import Report, check_texts
from aurora_migrate.findings import Applicability

ADMIN = "00000000-0000-4000-8000-0000000000a1"
MEMBER = "00000000-0000-4000-8000-0000000000a2"

CODE = """
import requests

BASE = "https://api.aurorasolar.com/v2/tenants/t"


def fetch(user_id):
    return requests.get(f"{BASE}/users/{user_id}").json()["user"]


def summary(design_id):
    return requests.get(f"{BASE}/designs/{design_id}/summary").json()["design"]


def admins(users):
    return [user["email"] for user in users if user["user_level"] == "Admin"]


def label(user):
    return "%s (%s)" % (user["email"], user.get("user_level"))


def size(design):
    return design["system_size"] / 1000


def report(users, design):
    return admins(users), [label(user) for user in users], size(design)


def main():
    print(report([fetch("1")], summary("d")))
"""


def settings(tmp_path: Path) -> Settings:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.aurora-migrate]\nsystem-size = "stc"\n'
        f'[tool.aurora-migrate.roles]\n"Admin" = "{ADMIN}"\n"Team Member" = "{MEMBER}"\n'
    )
    return load_settings(tmp_path)


def migrated(tmp_path: Path, code: str, test: str) -> tuple[dict[str, str], Report]:
    """Both modules after a run with unsafe fixes, and the report."""
    texts = {"team.py": code, "test_team.py": test}
    report = check_texts(texts, settings(tmp_path), fix=Applicability.UNSAFE)
    assert report.errors == []
    return {**texts, **{path.name: new for path, (_, new) in report.changes.items()}}, report


FOLLOWING = [
    pytest.param(
        """
import team

def user(**changes):
    made = {"id": "u", "email": "a@b", "user_level": "Team Member"}
    made.update(changes)
    return made

def test_admins():
    assert team.admins([user(), user(user_level="Admin")]) == ["a@b"]
""",
        (f'"role_id": "{MEMBER}"}}', f'user(role_id="{ADMIN}")'),
        id="a helper that makes users, changed by keywords",
    ),
    pytest.param(
        """
import team

def test_label():
    assert team.label({"email": "x", "user_level": "Admin"}) == "x (Admin)"
""",
        (f'{{"email": "x", "role_id": "{ADMIN}"}}', '== "x (Admin)"'),
        id="a literal; what is shown to people stays",
    ),
    pytest.param(
        """
import team

def test_size():
    assert team.size({"system_size": 6000}) == 6.0
    assert team.size({"system_size": 5000, "system_size_stc": 5000}) == 5.0
""",
        ('{"system_size_stc": 6000}', '{"system_size_stc": 5000}'),
        id="a size, alone and beside its successor",
    ),
    pytest.param(
        """
import pytest
import team

@pytest.fixture
def users():
    return [dict(email="a", user_level="Admin"), dict(email="b", user_level="Team Member")]

def test_admins(users):
    assert team.admins(users) == ["a"]
""",
        (f'role_id="{ADMIN}"', f'role_id="{MEMBER}"'),
        id="a fixture of dict calls",
    ),
    pytest.param(
        """
from unittest.mock import Mock, patch
import team

def test_report():
    fake = Mock()
    fake.summary.return_value = {"system_size": 7000}
    assert team.size(fake.summary("d")) == 7.0
""",
        ('{"system_size_stc": 7000}',),
        id="what a mock gives",
    ),
]


@pytest.mark.parametrize(("test", "wanted"), FOLLOWING)
def test_objects_of_tests_follow_the_code(tmp_path: Path, test: str, wanted: tuple[str, ...]) -> None:
    after, report = migrated(tmp_path, CODE, test)
    assert list(report.findings) == []
    for each in wanted:
        assert each in after["test_team.py"]
    assert "user_level" not in after["test_team.py"]
    assert 'design["system_size_stc"]' in after["team.py"]


LEFT = [
    pytest.param(
        CODE.replace('[fetch("1")]', '[fetch("1"), {"email": "me", "user_level": "Admin"}]'),
        """
import team

def test_admins():
    assert team.admins([{"email": "x", "user_level": "Admin"}]) == ["x"]
""",
        {("team.py", "AUR202"), ("test_team.py", "AUR601")},
        id="the program has an object of its own there, too: both by hand",
    ),
    pytest.param(
        CODE,
        """
import team

def test_admins():
    assert team.admins([{"email": "x", "user_level": "Bo" + "ss"}]) == []
""",
        {("test_team.py", "AUR601")},
        id="a level that is put together",
    ),
    pytest.param(
        CODE,
        """
import team

def test_label():
    made = {"email": "x", "user_level": "Admin"}
    assert team.label(made) == "x (%s)" % made["user_level"]
""",
        {("test_team.py", "AUR601")},
        id="the test reads the level itself",
    ),
]


@pytest.mark.parametrize(("code", "test", "wanted"), LEFT)
def test_what_cannot_follow_is_left_by_hand(
    tmp_path: Path, code: str, test: str, wanted: set[tuple[str, str]]
) -> None:
    after, report = migrated(tmp_path, code, test)
    assert {(found.location.path.name, found.rule) for found in report.findings} == wanted
    assert after["test_team.py"] == test


UNTOUCHED = [
    pytest.param(
        """
import team

def test_own():
    lead = {"user_level": "Admin", "system_size": 5}
    assert lead["user_level"] == "Admin" and lead["system_size"] == 5
""",
        id="an object that goes nowhere",
    ),
    pytest.param(
        """
import team

def crm(lead):
    return lead["user_level"], lead["system_size"]

def test_crm():
    assert crm({"user_level": "Admin", "system_size": 5}) == ("Admin", 5)
""",
        id="an object for a function that gets no answers",
    ),
    pytest.param(
        f"""
import team

def test_label():
    assert team.label({{"email": "x", "role_id": "{ADMIN}"}}) == "x (Admin)"
""",
        id="an object that is migrated already",
    ),
]


@pytest.mark.parametrize("test", UNTOUCHED)
def test_other_objects_stay(tmp_path: Path, test: str) -> None:
    after, report = migrated(tmp_path, CODE, test)
    assert after["test_team.py"] == test
    assert list(report.findings) == []


def test_an_object_that_only_the_program_makes_is_no_stand_in(tmp_path: Path) -> None:
    code = CODE.replace('[fetch("1")]', '[fetch("1"), {"email": "me", "user_level": "Admin"}]')
    _, report = migrated(tmp_path, code, "import team\n")
    assert {found.rule for found in report.findings} == {"AUR202"}


ROWS = """
import requests

BASE = "https://api.aurorasolar.com/tenants/t"


def row(design_id):
    design = requests.get(f"{BASE}/designs/{design_id}/summary").json()["design"]
    return {"id": design["id"], "system_size": design["system_size"]}


def line(made):
    return "%s;%s" % (made["id"], made["system_size"])


def show(design_id):
    print(line(row(design_id)))
"""


def test_a_recorded_answer_for_code_that_gets_the_programs_own_objects_changes_no_code(
    tmp_path: Path,
) -> None:
    test = """
import responses
import team

DESIGN = {"id": "d", "system_size": 5}

@responses.activate
def test_show():
    responses.get(team.BASE + "/designs/d/summary", json={"design": DESIGN})
    team.show("d")

def test_line():
    assert team.line(DESIGN) == "d;5"
"""
    after, report = migrated(tmp_path, ROWS, test)
    assert after["team.py"] == ROWS.replace('design["system_size"]', 'design["system_size_stc"]')
    assert after["test_team.py"] == test
    assert [found.rule for found in report.findings] == ["AUR601"]


def test_a_level_that_only_tests_give_is_left_to_the_user(tmp_path: Path) -> None:
    code = """
import requests

def invite(email, level):
    body = {"user": {"email": email, "user_level": level}}
    requests.post("https://api.aurorasolar.com/tenants/t/users/invite", json=body)
"""
    test = 'import team\n\ndef test_invite():\n    team.invite("a@b", "Admin")\n'
    after, report = migrated(tmp_path, code, test)
    assert after == {"team.py": code, "test_team.py": test}
    assert "nothing but tests is seen to give the value" in report.findings[0].message
    program = code + 'invite("x@y", "Team Member")\n'
    after, report = migrated(tmp_path, program, test)
    assert list(report.findings) == []
    assert after["test_team.py"] == test.replace('"Admin"', f'"{ADMIN}"')


def test_an_item_of_an_answer_that_stays_is_left_as_it_is(tmp_path: Path) -> None:
    code = """
import requests

BASE = "https://api.aurorasolar.com/tenants/t"


def level(user_id):
    return requests.get(f"{BASE}/users/{user_id}").json()["user"]["user_level"] == "Admin"


def names():
    return [each["user_level"] for each in requests.get(BASE + "/users").json()["users"]]
"""
    test = """
import responses
import team

USERS = [{"id": "u", "user_level": "Admin"}, {"id": "v", "user_level": "Team Member"}]

@responses.activate
def test_names():
    responses.get(team.BASE + "/users", json={"users": USERS})
    assert team.names() == ["Admin", "Team Member"]

@responses.activate
def test_level():
    responses.get(team.BASE + "/users/u", json={"user": USERS[0]})
    assert team.level("u")
"""
    after, report = migrated(tmp_path, code, test)
    assert after["test_team.py"] == test
    assert [found.rule for found in report.findings] == ["AUR601"]
    assert "the same object also goes to" in report.findings[0].message


@pytest.mark.parametrize("shared", [True, False], ids=["one object", "two objects"])
def test_what_a_test_expects_of_a_whole_answer_changes_in_the_test(tmp_path: Path, shared: bool) -> None:
    made = '{"id": "u", "user_level": "Admin"}'
    test = f"""
import responses
import team

USER = {made}

@responses.activate
def test_fetch():
    responses.get(team.BASE + "/users/1", json={{"user": {"USER" if shared else made}}})
    assert team.fetch("1") == USER
"""
    after, report = migrated(tmp_path, CODE, test)
    assert list(report.findings) == []
    assert after["test_team.py"] == test.replace("user_level", "role_id").replace('"Admin"', f'"{ADMIN}"')
    assert 'return requests.get(f"{BASE}/users/{user_id}").json()["user"]\n' in after["team.py"]


def test_options_that_only_tests_give_are_not_selected_by_their_names(tmp_path: Path) -> None:
    code = """
import requests

def run(design_id, options):
    url = f"https://api.aurorasolar.com/tenants/t/designs/{design_id}/auto_designer/run"
    return requests.post(url, json={"placement_options": options}).json()["job_id"]
"""
    test = """
import team

def test_run():
    team.run("d", {"orientations": ["portrait"], "min_tsrf": 80})
"""
    after, report = migrated(tmp_path, code, test)
    assert after == {"team.py": code, "test_team.py": test}
    assert "nothing but tests is seen to give the object" in report.findings[0].message
    program = code + 'run("d", {"orientations": ["portrait"], "min_tsrf": 80})\n'
    after, report = migrated(tmp_path, program, test)
    assert list(report.findings) == []


def test_a_refusal_with_two_texts_gets_one_list(tmp_path: Path) -> None:
    code = """
import requests

BASE = "https://api.aurorasolar.com/tenants/t"


def fetch(user_id):
    answer = requests.get(f"{BASE}/users/{user_id}")
    if not answer.ok:
        raise ValueError(answer.json()["error"])
    return answer.json()["user"]
"""
    test = """
import responses
import team

@responses.activate
def test_refused():
    responses.get(team.BASE + "/users/u", json={"error": "Not Found", "message": "No user u"}, status=404)
    team.fetch("u")
"""
    after, report = migrated(tmp_path, code, test)
    assert after["test_team.py"] == test.replace(
        '"error": "Not Found"', '"errors": [{"message": "Not Found"}]'
    )
    (found,) = report.findings
    assert "`error` beside it becomes the list of messages" in found.message
