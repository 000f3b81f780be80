"""Who gets in: the ways to sign that public 2018.01 clients use, and bearer tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fake_aurora import constants as c
from tests.fake_aurora.client import BEARER, Client
from tests.fake_aurora.constants import V2018, V2022
from tests.fake_aurora.signing import Style, signed_query

TENANT = f"/tenants/{c.TENANT_ID}"
DESIGN = f"{TENANT}/designs/{c.DESIGN_ID}"
USER = {"first_name": "Jessica", "last_name": "Solar"}


@pytest.fixture
def old() -> Client:
    return Client(V2018)


@pytest.fixture
def new() -> Client:
    return Client(V2022)


@pytest.mark.parametrize(
    "style",
    [
        pytest.param(Style(), id="as documented"),
        pytest.param(Style(strip_equals=True), id="one = stripped"),
        pytest.param(Style(escape_signature=False), id="signature not escaped"),
        pytest.param(Style(space="+"), id="timestamp with +"),
        pytest.param(Style(space="%2520"), id="timestamp escaped twice"),
    ],
)
class TestSignatures:
    """The ways to sign that public clients use."""

    def test_get_without_parameters(self, old: Client, style: Style) -> None:
        path = f"/v2{TENANT}/projects"
        assert old.raw("GET", path, query=signed_query("GET", path, style=style)).status == 200

    def test_get_with_parameters(self, old: Client, style: Style) -> None:
        path, parameters = f"/v2{TENANT}/projects", {"page": "2", "per_page": "2"}
        response = old.raw("GET", path, query=signed_query("GET", path, parameters, style=style))
        assert [project["id"] for project in response.body["projects"]] == [c.PROJECT_IDS[2]]

    def test_nested_body(self, old: Client, style: Style) -> None:
        path = f"/v2{DESIGN}/auto_designer/run"
        options = {"orientations": ["landscape", "portrait"], "row_spacing_meters": 0.5}
        body = {"mode": "max_fit", "placement_options": options}
        assert old.raw("POST", path, body, signed_query("POST", path, body=body, style=style)).status == 202

    def test_refused_by_2022(self, new: Client, style: Style) -> None:
        path = f"{TENANT}/projects"
        assert new.raw("GET", path, query=signed_query("GET", path, style=style)).status == 401


class TestAuthentication:
    """Who gets in."""

    @pytest.mark.parametrize("sort_key", [str, str.lower], ids=["bytewise", "without case"])
    def test_either_sorting_of_a_body_is_accepted(self, old: Client, sort_key: Callable[[str], str]) -> None:
        path, body = f"/v2{TENANT}/users", {"user": {**USER, "Zone": 1}}
        query = signed_query("POST", path, body=body, style=Style(sort_key=sort_key))
        assert old.raw("POST", path, body, query).body == {"error": {"Zone": ["is not a known field"]}}

    @pytest.mark.parametrize("style", [Style(secret="wrong"), Style(key="wrong")], ids=["secret", "key"])
    def test_wrong_credentials_are_refused(self, old: Client, style: Style) -> None:
        path = f"/v2{TENANT}/projects"
        assert old.raw("GET", path, query=signed_query("GET", path, style=style)).status == 401

    def test_signature_of_another_path_is_refused(self, old: Client) -> None:
        query = signed_query("GET", f"/v2{TENANT}/users")
        assert old.raw("GET", f"/v2{TENANT}/projects", query=query).status == 401

    def test_signature_of_other_parameters_is_refused(self, old: Client) -> None:
        path = f"/v2{TENANT}/projects"
        query = signed_query("GET", path, {"page": "1"}).replace("page=1", "page=2")
        assert old.raw("GET", path, query=query).status == 401

    def test_signature_without_the_parameters_is_refused(self, old: Client) -> None:
        path = f"/v2{TENANT}/projects"
        assert old.raw("GET", path, query="page=1&" + signed_query("GET", path)).status == 401

    def test_signature_of_another_body_is_refused(self, old: Client) -> None:
        path = f"/v2{TENANT}/users"
        query = signed_query("POST", path, body={"user": USER})
        assert old.raw("POST", path, {"user": {**USER, "last_name": "Lunar"}}, query).status == 401

    def test_body_values_are_signed_escaped(self, old: Client) -> None:
        path, body = f"/v2{TENANT}/users", {"user": {**USER, "title": "Größe & Co/ 1+1"}}
        assert old.raw("POST", path, body, signed_query("POST", path, body=body)).status == 200

    @pytest.mark.parametrize("version", c.VERSIONS)
    def test_bearer_is_accepted_by_both_versions(self, version: str) -> None:
        assert Client(version).call("GET", TENANT).status == 200

    @pytest.mark.parametrize("version", c.VERSIONS)
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"authorization": "Bearer wrong"},
            {"authorization": c.BEARER_TOKEN},
            {"authentication": BEARER},
        ],
        ids=["none", "wrong", "no scheme", "wrong header"],
    )
    def test_nobody_else_gets_in(self, version: str, headers: dict[str, str]) -> None:
        client = Client(version)
        assert client.raw("GET", client.prefix + TENANT, **headers).status == 401

    @pytest.mark.parametrize("name", ["AuroraKey", "Timestamp", "Signature"])
    def test_leftover_of_signing_is_refused_by_2022(self, new: Client, name: str) -> None:
        assert new.call("GET", TENANT, query=f"{name}=x").status == 400

    def test_leftover_of_signing_beside_a_token_passes_in_2018(self, old: Client) -> None:
        assert old.call("GET", TENANT, query="AuroraKey=x").status == 200
