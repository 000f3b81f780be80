"""The byte screen and the import graph: what is worth parsing, and that LibCST is not imported to tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_migrate.config import Settings
from aurora_migrate.files.discovery import discover
from aurora_migrate.files.imports import import_statements
from aurora_migrate.files.screen import read_bytes, screen
from tests.files.tree import make_tree

API = "https://api.aurorasolar.com/v2"
HOST = 'BASE = "https://api.aurorasolar.com/v2"\n'


def relevant(root: Path, files: dict[str, str], settings: Settings | None = None) -> list[str]:
    settings = settings or Settings(root=root)
    found = screen(discover([make_tree(root, files)], settings).files, root, settings)
    assert not found.unreadable
    return [os.path.relpath(path, root) for path in found.relevant]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HOST, id="host"),
        pytest.param('HOST = "API.AURORASOLAR.COM"\n', id="host-in-capitals"),
        pytest.param("from AuroraSolarClient import AuroraSolarClient\n", id="sdk"),
        pytest.param('params["AuroraKey"] = key\n', id="signing"),
        pytest.param('url = os.environ["AURORA_URL"] + "/v2/tenants/" + t\n', id="environment-and-path"),
        pytest.param('aurora.get(f"/tenants/{t}")\n', id="client-and-path"),
    ],
)
def test_file_that_speaks_of_aurora_is_relevant(text: str, tmp_path: Path) -> None:
    assert relevant(tmp_path, {"a.py": text, "b.py": "x = 1\n"}) == ["a.py"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('url = f"https://other.example/v2/tenants/{t}"\n', id="other-vendor"),
        pytest.param('ENGINE = "aurora-mysql"\n', id="database"),
        pytest.param('urls = {"/v2/clusters": aurora_cluster}\n', id="database-and-prefix"),
        pytest.param('Aurora({"user_level": "Admin"})\n', id="name-and-field"),
        pytest.param("import hmac\nhmac.new(k, m, 'sha256')\n", id="hmac"),
        pytest.param("", id="empty"),
    ],
)
def test_lookalike_is_not(text: str, tmp_path: Path) -> None:
    assert relevant(tmp_path, {"a.py": text}) == []


def test_mention_counts_when_another_file_of_the_product_has_the_word(tmp_path: Path) -> None:
    settings = 'URL = os.environ["AURORA_URL"]\n'
    files = {"settings.py": settings, "client.py": 'import settings\nP = "/v2/tenants/"\n'}
    assert relevant(tmp_path, files) == ["client.py", "settings.py"]


def test_prefix_in_another_file_does_not_make_a_mention_count(tmp_path: Path) -> None:
    settings = 'URL = os.environ["AURORA_URL"]\n'
    files = {"settings.py": settings, "client.py": 'import settings\nP = "/v2/clusters"\n'}
    assert relevant(tmp_path, files) == []


def test_mention_in_one_installed_package_does_not_count_for_another(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    files = {"pygments_like/style.py": "aurora = 1\n", "keystone_like/a.py": '"/v2/tenants"\n'}
    assert relevant(packages, files) == []
    assert relevant(packages, {"pygments_like/b.py": '"/v2/tenants"\n'}) == ["pygments_like/style.py"]


def test_settings_make_seeds(tmp_path: Path) -> None:
    files = {"a.py": 'x = "https://solar.proxy.example/x"\n', "b.py": "get(SOLAR_BASE)\n", "c.py": "y = 1\n"}
    settings = Settings(root=tmp_path, hosts=("solar.proxy.example",), base_url_names=("conf.SOLAR_BASE",))
    assert relevant(tmp_path, files, settings) == ["a.py", "b.py"]
    assert relevant(tmp_path, files) == []


@pytest.mark.parametrize(
    ("settings", "client", "statement"),
    [
        pytest.param("settings.py", "client.py", "from settings import BASE", id="flat"),
        pytest.param("settings.py", "client.py", "import settings as s", id="alias"),
        pytest.param("settings.py", "client.py", "if x: import os; import settings", id="one-line"),
        pytest.param("settings.py", "client.py", "try: import settings\nexcept ImportError: pass", id="try"),
        pytest.param("settings.py", "client.py", "def f():\n    import settings", id="in-a-function"),
        pytest.param("settings.py", "client.py", "import os, \\\n  settings", id="continued"),
        pytest.param(
            "settings.py", "client.py", "from settings \\\n  import BASE", id="continued-before-import"
        ),
        pytest.param("settings.py", "client.py", "from settings import *", id="star"),
        pytest.param("settings.py", "client.py", "importlib.import_module('settings')", id="dynamic"),
        pytest.param("p/settings.py", "p/client.py", "from .settings import BASE", id="relative"),
        pytest.param(
            "p/settings.py", "p/client.py", "from . import (  # (a)\n  os,\n  settings,\n)", id="brackets"
        ),
        pytest.param("p/settings.py", "p/q/client.py", "from ..settings import BASE", id="relative-up"),
        pytest.param("p/settings.py", "client.py", "from p import settings", id="module-of-package"),
        pytest.param("p/settings.py", "client.py", "import p.settings", id="namespace-package"),
        pytest.param("src/p/settings.py", "tests/client.py", "from p.settings import BASE", id="src-layout"),
        pytest.param("p/__init__.py", "client.py", "from p import BASE", id="package"),
        pytest.param("p/__init__.py", "p/client.py", "from . import BASE", id="own-package"),
        pytest.param("settings.py", "client.py", "import settings\nprint 'Python 2'", id="python-2"),
        pytest.param("settings.py", "client.py", "import os\rimport settings\r", id="carriage-returns"),
        pytest.param("éclair.py", "client.py", "from éclair import BASE", id="not-ascii"),
    ],
)
def test_importer_of_a_relevant_file_is_relevant(
    settings: str, client: str, statement: str, tmp_path: Path
) -> None:
    found = relevant(tmp_path, {settings: HOST, client: statement, "unrelated.py": "import os\n"})
    assert sorted(found) == sorted([settings, client])


def test_importers_count_transitively_and_through_re_exports(tmp_path: Path) -> None:
    files = {
        "pkg/settings.py": HOST,
        "pkg/__init__.py": "from .settings import BASE\n",
        "pkg/client.py": "from pkg import BASE\n",
        "sync.py": "import pkg.client\n",
        "main.py": "import sync\n",
        "other.py": "import json\n",
    }
    assert relevant(tmp_path, files) == sorted(set(files) - {"other.py"})


def test_what_a_relevant_file_imports_is_relevant_too(tmp_path: Path) -> None:
    files = {"client.py": HOST + "import paths\n", "paths.py": "import parts\n", "parts.py": "", "x.py": ""}
    assert relevant(tmp_path, files) == ["client.py", "parts.py", "paths.py"]


def test_importing_a_sibling_is_no_import_of_the_package(tmp_path: Path) -> None:
    files = {"p/__init__.py": HOST, "p/models.py": "", "a.py": "from p.models import M\n"}
    assert relevant(tmp_path, files) == ["p/__init__.py"]


def test_near_module_hides_a_far_one_of_the_same_name(tmp_path: Path) -> None:
    files = {"settings.py": HOST, "tool/settings.py": "", "tool/run.py": "import settings\n"}
    assert relevant(tmp_path, files) == ["settings.py"]


def test_import_cycle_ends(tmp_path: Path) -> None:
    assert relevant(tmp_path, {"a.py": HOST + "import b\n", "b.py": "import a\n"}) == ["a.py", "b.py"]


def test_file_that_is_no_text_is_kept_when_it_speaks_of_aurora(tmp_path: Path) -> None:
    (tmp_path / "wide.py").write_bytes(HOST.encode("utf-16"))
    (tmp_path / "other.py").write_bytes("x = 1".encode("utf-16"))
    (tmp_path / "nul.py").write_bytes(b"\0\0" + HOST.encode())
    (tmp_path / "cut.py").write_bytes(b"\xff\xfeu")
    assert relevant(tmp_path, {}) == ["nul.py", "wide.py"]


def test_file_that_cannot_be_read_is_named_and_one_that_is_gone_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_tree(tmp_path, {"locked.py": "", "a.py": HOST})
    opening = os.open

    def refuse(path: str, flags: int) -> int:
        if path.endswith("locked.py"):
            raise PermissionError(13, "Permission denied")
        return opening(path, flags)

    monkeypatch.setattr(os, "open", refuse)
    files = [str(tmp_path / name) for name in ("a.py", "gone.py", "locked.py")]
    found = screen(files, tmp_path, Settings(root=tmp_path))
    assert found.relevant == (tmp_path / "a.py",)
    assert [(u.path.name, u.reason) for u in found.unreadable] == [
        ("locked.py", "cannot be read: permission denied")
    ]


def test_large_file_is_read_whole(tmp_path: Path) -> None:
    data = b"#" * (3 << 20) + b"\n" + HOST.encode()
    (tmp_path / "big.py").write_bytes(data)
    assert read_bytes(str(tmp_path / "big.py")) == data
    assert relevant(tmp_path, {}) == ["big.py"]


def test_prose_about_imports_is_told_from_statements() -> None:
    data = b'"""Please import this."""\nx = 1  # import y\nimportant = 2\nimport z  # import w\n'
    assert list(import_statements(data)) == [b"import z  "]


def test_libcst_is_never_imported(tmp_path: Path) -> None:
    make_tree(tmp_path, {"a.py": HOST, "b.py": "import a\n"})
    program = (
        "import sys; from pathlib import Path\n"
        "from aurora_migrate.config import Settings\n"
        "from aurora_migrate.files.screen import screen\n"
        "root = Path(sys.argv[1])\n"
        "print(len(screen([str(root / 'a.py'), str(root / 'b.py')], root, Settings(root=root)).relevant))\n"
        "print('libcst' in sys.modules)\n"
    )
    arguments = [sys.executable, "-c", program, str(tmp_path)]
    result = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["2", "False"]


class TestDocuments:
    """Files of settings that spell Aurora's host: whose they are."""

    def relevant(self, root: Path, files: dict[str, str]) -> list[str]:
        settings = Settings(root=root)
        found = discover([make_tree(root, files)], settings)
        result = screen(found.files, root, settings, None, found.documents)
        return [os.path.relpath(path, root) for path in (*result.telling, *result.relevant)]

    def test_what_names_one_is_relevant(self, tmp_path: Path) -> None:
        files = {"a.py": "C = load('c.yaml')\n", "b.py": "x = 1\n", "c.yaml": f"u: {API}\n"}
        assert self.relevant(tmp_path, files) == ["c.yaml", "a.py"]

    def test_what_reads_a_name_that_one_sets_is_relevant(self, tmp_path: Path) -> None:
        files = {
            "a.py": "os.environ['SOLAR']\n",
            "b.py": "import requests\n",
            ".env": f"export SOLAR={API}\nX=1\n",
        }
        assert self.relevant(tmp_path, files) == [".env", "a.py"]

    def test_what_may_send_is_relevant_where_nothing_names_one(self, tmp_path: Path) -> None:
        files = {"a.py": "import requests\n", "b.py": "x = 1\n", "c.yaml": f"u: {API}\n"}
        assert self.relevant(tmp_path, files) == ["c.yaml", "a.py"]

    @pytest.mark.parametrize("text", ["u: https://api.other.example/v2\n", "theme: aurora\n"])
    def test_documents_of_others_tell_nothing(self, text: str, tmp_path: Path) -> None:
        assert self.relevant(tmp_path, {"a.py": "import requests\nload('c.yaml')\n", "c.yaml": text}) == []

    def test_documents_of_other_tools_are_not_read(self, tmp_path: Path) -> None:
        files = {"a.py": "import requests\n", "package-lock.json": API, "node_modules/x/c.json": API}
        assert self.relevant(tmp_path, files) == []
