"""AUR601: what stands in for the program's own methods, and doubles that answer by what they are asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from aurora_migrate.config import RoleSettings, Settings
from aurora_migrate.engine import check_texts
from aurora_migrate.findings import Applicability
from tests.files.tree import make_tree

ADMIN, MEMBER = "00000000-0000-4000-8000-0000000000a1", "00000000-0000-4000-8000-0000000000a2"
SETTINGS = Settings(root=Path("/"), roles=RoleSettings({"Admin": ADMIN, "Team Member": MEMBER}))
CODE = """\
import requests
class Aurora:
    def __init__(self, session=None):
        self.session = session or requests.Session()
        self.base = "https://api.aurorasolar.com/v2/tenants/T"
    def _do(self, verb, path, payload=None):
        resp = self.session.request(verb, self.base + path, json=payload)
        if not resp.ok:
            raise LookupError(resp.json()["error"])
        return resp.json()
    def user(self, uid):
        return self._do("GET", f"/users/{uid}")["user"]
    def promote(self, uid, level):
        return self._do("PUT", f"/users/{uid}", {"user": {"user_level": level}})["user"]
def level(aurora, uid):
    owner = aurora.user(uid)
    if owner["user_level"] == "Team Member":
        owner = aurora.promote(owner["id"], "Admin")
    return owner["user_level"]
if __name__ == "__main__":
    print(level(Aurora(), "u"))
"""
HTTPX = """\
import httpx
URL = "https://api.aurorasolar.com/v2/tenants/t/users"
def user(uid):
    r = httpx.get(URL + "/" + uid)
    if r.is_error:
        raise RuntimeError(r.json()["error"])
    return r.json()["user"]
def promote(uid):
    return httpx.put(URL + "/" + uid, json={"user": {"user_level": "Admin"}}).json()["user"]["user_level"]
if __name__ == "__main__":
    print(user("mo")["user_level"] == "Admin", promote("mo") == "Admin")
"""
OLD = ("user_level", '"Admin"', "/v2/", '{"error"')

TESTS = [
    pytest.param(
        CODE,
        """
        from unittest import mock
        from app import Aurora
        def test_do():
            with mock.patch.object(Aurora, "_do") as do:
                do.return_value = {"user": {"id": "u", "user_level": "Admin"}}
                assert Aurora().promote("u", "Admin")["user_level"] == "Admin"
            do.assert_called_once_with("PUT", "/users/u", {"user": {"user_level": "Admin"}})
        """,
        id="a method patched on its class",
    ),
    pytest.param(
        CODE,
        """
        from unittest import mock
        from app import Aurora
        def test_do():
            a = Aurora(mock.Mock())
            with mock.patch.object(a, "_do", return_value={"user": {"id": "u", "user_level": "Admin"}}) as do:
                a.promote("u", "Admin")
            verb, path, body = do.call_args.args
            assert (verb, path) == ("PUT", "/users/u")
            assert body["user"] == {"user_level": "Admin"}
            assert do.call_args.args[2]["user"]["user_level"] == "Admin"
        """,
        id="the arguments of a patched method",
    ),
    pytest.param(
        CODE,
        """
        from unittest import mock
        from app import Aurora, level
        def test_level():
            m = mock.MagicMock(spec=Aurora)
            m.user.return_value = {"id": "u1", "user_level": "Team Member"}
            m.promote.side_effect = lambda uid, new: {"id": uid, "user_level": new}
            assert level(m, "u1") == "Ad" + "min"
            m.promote.assert_called_once_with("u1", "Admin")
        """,
        id="a double that gives back what it is given",
    ),
    pytest.param(
        CODE,
        """
        from app import Aurora, level
        class Answer:
            ok = True
            def __init__(self, body): self.body = body
            def json(self): return self.body
        class FakeSession:
            def request(self, verb, url, json=None):
                body = {"user": {"id": "u1", "user_level": "Team Member"}}
                if verb == "PUT":
                    body["user"].update(json["user"])
                return Answer(body)
        def test_level():
            assert level(Aurora(FakeSession()), "u1") == "Ad" + "min"
        """,
        id="a fake that takes over what it is sent",
    ),
    pytest.param(
        HTTPX,
        """
        import httpx, pytest, respx
        import app
        @respx.mock
        def test_refused():
            respx.get(app.URL + "/u") % dict(status_code=403, json={"error": "no"})
            respx.get(app.URL + "/v") % httpx.Response(403, json={"error": "no"})
            with pytest.raises(RuntimeError, match="no"):
                app.user("u")
            with pytest.raises(RuntimeError, match="no"):
                app.user("v")
        """,
        id="respx's short form",
    ),
    pytest.param(
        HTTPX,
        """
        import json
        import httpx, pytest, respx
        import app
        PEOPLE = {
            "mo": {"id": "mo", "user_level": "Team Member"},
            "ada": {"id": "ada", "user_level": "Admin"},
        }
        def answer(request):
            uid = request.url.path.removeprefix("/v2/tenants/t/users/")
            if uid not in PEOPLE:
                return httpx.Response(404, json={"error": "Not Found"})
            if request.method == "PUT":
                PEOPLE[uid].update(json.loads(request.content)["user"])
            return httpx.Response(200, json={"user": PEOPLE[uid]})
        @pytest.fixture
        def little():
            with respx.mock as router:
                router.route(host="api.aurorasolar.com").mock(side_effect=answer)
                yield PEOPLE
        def test_user(little):
            assert app.user("ada")["user_level"] == "Admin"
        def test_promote(little):
            assert app.promote("mo") == "Ad" + "min"
            assert little["mo"]["user_level"] == "Admin"
        """,
        id="a store behind a fixture",
    ),
    pytest.param(
        HTTPX,
        """
        import httpx, respx
        import app
        def answer(request):
            if request.url.path != "/v2/tenants/t/users/mo":
                return httpx.Response(404, json={"error": "Not Found"})
            return httpx.Response(200, json={"user": {"id": "mo", "user_level": "Admin"}})
        @respx.mock
        def test_user():
            respx.get(url__startswith="https://api.aurorasolar.com/").mock(side_effect=answer)
            assert app.user("mo")["user_level"] == "Admin"
        """,
        id="a callback that chooses by the path",
    ),
]


@pytest.mark.parametrize(("code", "test"), TESTS)
def test_old_words_are_gone_and_the_suite_passes(code: str, test: str, tmp_path: Path) -> None:
    """Nothing of 2018.01 is left in the test, and it passes as it did before."""
    files = {"app.py": code, "test_app.py": dedent(test)}
    assert passes(tmp_path / "before", files)
    report = check_texts(files, SETTINGS, Applicability.UNSAFE)
    assert (report.errors, report.findings) == ([], [])
    after = {path.name: new for path, (_, new) in report.changes.items()}
    assert not [word for word in OLD if word in after["test_app.py"]]
    assert passes(tmp_path / "after", after)


def passes(folder: Path, files: Mapping[str, str]) -> bool:
    """Whether pytest passes in a folder with these files."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    return (
        subprocess.run(command, cwd=make_tree(folder, files), capture_output=True, check=False).returncode
        == 0
    )
