"""Settings: where they come from, what they default to, and that a mistake ends in one clear sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_migrate.config import (
    KEYS,
    AuthSettings,
    ConfigError,
    Overrides,
    RoleSettings,
    Settings,
    load_settings,
    nearest_name,
)

ROLE = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
DUPLICATE = "/tenants/{tenant_id}/designs/{design_id}/duplicate"


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
        system-size = "stc"
        filler-row-locations = ["ridge", "eave"]
        [tool.aurora-migrate.auth]
        token = "settings.AURORA_TOKEN"
        import = "from django.conf import settings"
        [tool.aurora-migrate.roles]
        resolver = "app.roles:Roles.id_of"
        "Team Member" = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
        [tool.aurora-migrate.endpoints]
        duplicate-design = "/tenants/{tenant_id}/designs/{design_id}/duplicate"
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
        system_size="stc",
        filler_row_locations=("ridge", "eave"),
        roles=RoleSettings({"Team Member": ROLE}, "app.roles:Roles.id_of"),
        endpoints={"duplicate-design": DUPLICATE},
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


def test_settings_that_are_left_out_are_told_from_empty_ones(tmp_path: Path) -> None:
    write(tmp_path, "[tool.aurora-migrate]\n")
    settings = load_settings(tmp_path)
    assert (settings.system_size, settings.filler_row_locations) == ("", None)
    assert (settings.roles, settings.endpoints) == (RoleSettings({}, ""), {})
    write(tmp_path, "[tool.aurora-migrate]\nfiller-row-locations = []\n")
    assert load_settings(tmp_path).filler_row_locations == ()


@pytest.mark.parametrize("rating", ["stc", "ac", "ptc"])
def test_a_size_is_one_of_the_three_ratings(rating: str, tmp_path: Path) -> None:
    write(tmp_path, f"[tool.aurora-migrate]\nsystem-size = '{rating}'\n")
    assert load_settings(tmp_path).system_size == rating


@pytest.mark.parametrize(
    "level", ["Admin", "team_member", "Équipe / 東京", "select", "a.b", " x ", "Resolver"]
)
def test_any_text_is_a_user_level(level: str, tmp_path: Path) -> None:
    write(tmp_path, f"[tool.aurora-migrate.roles]\n'{level}' = '{ROLE.upper()}'\n")
    assert load_settings(tmp_path).roles == RoleSettings({level: ROLE.upper()})


def test_levels_keep_the_order_of_the_file_and_may_share_a_role(tmp_path: Path) -> None:
    write(tmp_path, f"[tool.aurora-migrate.roles]\nB = '{ROLE}'\nA = '{ROLE}'\n")
    assert list(load_settings(tmp_path).roles.levels.items()) == [("B", ROLE), ("A", ROLE)]


@pytest.mark.parametrize("resolver", ["roles:get", "app.lib.roles:Roles.id_of", "größe:_x1"])
def test_functions_are_named_as_entry_points_are(resolver: str, tmp_path: Path) -> None:
    write(tmp_path, f"[tool.aurora-migrate]\nroles.resolver = '{resolver}'\n")
    assert load_settings(tmp_path).roles == RoleSettings(resolver=resolver)


@pytest.mark.parametrize("path", ["/versions", DUPLICATE, "/x-y_z.v1/{a}:copy/%20"])
def test_a_path_template_is_taken_as_it_is(path: str, tmp_path: Path) -> None:
    write(tmp_path, f"[tool.aurora-migrate]\nendpoints.duplicate-design = '{path}'\n")
    assert load_settings(tmp_path).endpoints == {"duplicate-design": path}


def test_a_setting_is_given_by_its_key(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, system_size="ac", exclude=("x/",), roles=RoleSettings({"Admin": ROLE}))
    assert settings.value("system-size") == "ac"
    assert settings.value("filler-row-locations") is None
    assert settings.value("roles") == RoleSettings({"Admin": ROLE})
    assert {key: settings.value(key) for key in KEYS}["exclude"] == ("x/",)


@pytest.mark.parametrize("key", ["system_size", "root", "source", "auth.token", "nothing"])
def test_what_is_no_key_gives_no_setting(key: str, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match=key):
        Settings(root=tmp_path).value(key)


def test_settings_can_be_hashed(tmp_path: Path) -> None:
    settings = Settings(
        root=tmp_path, endpoints={"duplicate-design": DUPLICATE}, roles=RoleSettings({"A": ROLE})
    )
    assert hash(settings) == hash(Settings(root=tmp_path))


def test_the_command_line_chooses_instead_of_the_file_but_ignores_on_top(tmp_path: Path) -> None:
    settings = Settings(root=tmp_path, select=("A",), ignore=("B",), extend_select=("C",))
    assert Overrides().applied(settings) == settings
    more = Overrides(ignore=("D",), extend_select=("E",)).applied(settings)
    assert (more.select, more.ignore, more.extend_select) == (("A",), ("B", "D"), ("C", "E"))
    instead = Overrides(select=("D",), ignore=("E",)).applied(settings)
    assert (instead.select, instead.ignore, instead.extend_select) == (("D",), ("E",), ())


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


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[tool.aurora]\nx = 1", id="another tool of that name"),
        pytest.param("[tool.aurora-migrations]", id="one with a longer name"),
        pytest.param("[tool.uv.sources]\naurora-migrate = { path = '..' }", id="our package as a dependency"),
        pytest.param(
            "[dependency-groups]\naurora-migrate = ['aurora-migrate']", id="a group of dependencies"
        ),
        pytest.param("[project]\nname = 'aurora_migrate'", id="our own project"),
        pytest.param("name = aurora [", id="no TOML at all"),
    ],
)
def test_other_mentions_of_aurora_are_no_mistake(text: str, tmp_path: Path) -> None:
    write(tmp_path, text)
    assert load_settings(tmp_path) == Settings(root=tmp_path)


@pytest.mark.parametrize(
    ("name", "valid", "hint"),
    [
        ("SYSTEM_SIZE", ["select", "system-size"], " (did you mean system-size?)"),
        ("aur12", ["AUR102", "hosts"], " (did you mean AUR102?)"),
        ("nothing", ["select", "hosts"], ""),
    ],
    ids=["whatever its case and joints", "near enough", "nothing like it"],
)
def test_nearest_name_is_offered(name: str, valid: list[str], hint: str) -> None:
    assert nearest_name(name, valid) == hint


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


def test_folders_above_a_path_are_those_above_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "here", '[tool.aurora-migrate]\nselect = ["AUR101"]\n')
    (tmp_path / "there").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert load_settings(Path("../there")) == Settings(root=tmp_path / "there")
