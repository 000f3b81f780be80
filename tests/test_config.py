"""Settings: where they come from, what they default to, and that a mistake ends in one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import AuthSettings, ConfigError, Settings, load_settings


def write(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_no_file_means_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings == Settings(root=tmp_path)
    assert settings.auth == AuthSettings('os.environ["AURORA_API_TOKEN"]', "import os")


def test_every_key_is_read(tmp_path: Path) -> None:
    source = write(
        tmp_path,
        """
        [tool.aurora-migrate]
        select = ["AUR1"]
        ignore = ["AUR105"]
        extend-select = ["AUR104"]
        exclude = ["legacy/"]
        hosts = ["Aurora-Proxy.example.com:8443"]
        base-url-names = ["API_BASE", "settings.base_url"]
        [tool.aurora-migrate.auth]
        token = "settings.AURORA_TOKEN"
        import = "from django.conf import settings"
        """,
    )
    assert load_settings(tmp_path) == Settings(
        root=tmp_path,
        source=source,
        select=("AUR1",),
        ignore=("AUR105",),
        extend_select=("AUR104",),
        exclude=("legacy/",),
        hosts=("aurora-proxy.example.com:8443",),
        base_url_names=("API_BASE", "settings.base_url"),
        auth=AuthSettings("settings.AURORA_TOKEN", "from django.conf import settings"),
    )


def test_nearest_table_wins_and_is_found_from_a_file(tmp_path: Path) -> None:
    write(tmp_path, '[tool.aurora-migrate]\nselect = ["AUR101"]\n')
    near = write(tmp_path / "service", '[tool.aurora-migrate]\nselect = ["AUR102"]\n')
    module = write(tmp_path / "service" / "app", "", "client.py")
    settings = load_settings(module)
    assert (settings.source, settings.root, settings.select) == (near, near.parent, ("AUR102",))


def test_pyproject_without_our_table_is_passed_over_even_if_broken(tmp_path: Path) -> None:
    outer = write(tmp_path, '[tool.aurora-migrate]\nselect = ["AUR101"]\n')
    write(tmp_path / "inner", "this is [ no TOML")
    assert load_settings(tmp_path / "inner").source == outer


def test_nearest_pyproject_is_the_root_when_none_has_our_table(tmp_path: Path) -> None:
    write(tmp_path, "[project]\nname = 'x'\n")
    (tmp_path / "src").mkdir()
    assert load_settings(tmp_path / "src") == Settings(root=tmp_path)


def test_own_token_does_not_bring_the_default_import(tmp_path: Path) -> None:
    write(tmp_path, '[tool.aurora-migrate.auth]\ntoken = "TOKEN"\n')
    assert load_settings(tmp_path).auth == AuthSettings("TOKEN", "")


def test_explicit_file_is_used_instead(tmp_path: Path) -> None:
    write(tmp_path, '[tool.aurora-migrate]\nselect = ["AUR101"]\n')
    other = write(tmp_path / "etc", '[tool.aurora-migrate]\nselect = ["AUR105"]\n', "aurora.toml")
    settings = load_settings(tmp_path, other)
    assert (settings.root, settings.source, settings.select) == (tmp_path, other, ("AUR105",))


def test_file_with_a_bom_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b'\xef\xbb\xbf[tool.aurora-migrate]\nignore = ["AUR101"]\n')
    assert load_settings(tmp_path).ignore == ("AUR101",)


def test_start_that_does_not_exist_is_no_error(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "gone" / "x.py").root == tmp_path / "gone"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("selct = ['ALL']", "selct: there is no such key (did you mean select?)", id="misspelt"),
        pytest.param("zzz = 1", "(valid are select, ignore, extend-select,", id="nothing-like-it"),
        pytest.param("select = 'ALL'", "select: must be a list of strings, not a string", id="string"),
        pytest.param("select = []", "select: is empty", id="empty-select"),
        pytest.param("ignore = [1]", "ignore: must hold strings only, not a number", id="number-in-list"),
        pytest.param("ignore = [true]", "must hold strings only, not true or false", id="flag-in-list"),
        pytest.param("exclude = [' ']", "exclude: holds an empty string", id="blank"),
        pytest.param(
            "hosts = ['https://x.example']", "hosts: 'https://x.example' is no host name", id="scheme"
        ),
        pytest.param("hosts = ['x.example/v2']", "is no host name", id="path"),
        pytest.param("base-url-names = ['a b']", "base-url-names: 'a b' is no name", id="name"),
        pytest.param("auth = 1", "[tool.aurora-migrate.auth] must be a table, not a number", id="auth"),
        pytest.param("auth.tokn = 'x'", "tokn: there is no such key (did you mean token?)", id="auth-key"),
        pytest.param("auth.token = 'a b'", "token: 'a b' is no Python expression", id="token"),
        pytest.param("auth.token = ''", "token: '' is no Python expression", id="no-token"),
        pytest.param("auth.token = 'T  # mine'", "is no Python expression", id="token-comment"),
        pytest.param("auth.token = 3", "token: must be a string, not a number", id="token-number"),
        pytest.param("auth.import = 'x = 1'", "import: 'x = 1' is no Python import statement", id="import"),
        pytest.param("auth.import = 'import'", "is no Python import statement", id="import-syntax"),
    ],
)
def test_mistake_is_named(text: str, complaint: str, tmp_path: Path) -> None:
    source = write(tmp_path, f"[tool.aurora-migrate]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert str(caught.value).startswith(f"{source}: ")
    assert complaint in str(caught.value)


def test_hash_in_a_string_is_no_comment(tmp_path: Path) -> None:
    write(tmp_path, "[tool.aurora-migrate]\nauth.token = 'vault[\"aurora#token\"]'\n")
    assert load_settings(tmp_path).auth.token == 'vault["aurora#token"]'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("[tool.aurora-migrate", "is no valid TOML", id="syntax"),
        pytest.param("tool = 3  # aurora-migrate", "has no [tool.aurora-migrate] table", id="no-table"),
        pytest.param("tool.aurora-migrate = 3", "[tool.aurora-migrate] must be a table", id="scalar"),
    ],
)
def test_explicit_file_must_be_usable(text: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path, write(tmp_path, text, "other.toml"))
    assert complaint in str(caught.value)


def test_explicit_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_settings(tmp_path, tmp_path / "missing.toml")
