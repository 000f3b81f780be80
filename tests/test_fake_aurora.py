"""The fake API answers each version as documented: paths, bodies, errors, state."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aurora_migrate.catalogue import load_catalogue
from tests.fake_aurora import constants as c
from tests.fake_aurora.client import BEARER, Client
from tests.fake_aurora.constants import V2018, V2022
from tests.fake_aurora.http import Request
from tests.fake_aurora.routing import ROUTES

TENANT = f"/tenants/{c.TENANT_ID}"
DESIGN = f"{TENANT}/designs/{c.DESIGN_ID}"
USER = {"first_name": "Jessica", "last_name": "Solar"}
MEMBER = c.ROLE_IDS["Team Member"]


@pytest.fixture
def old() -> Client:
    return Client(V2018)


@pytest.fixture
def new() -> Client:
    return Client(V2022)


class TestPaths:
    """The root, the prefix, the version header, other tenants and methods."""

    def test_root(self, old: Client, new: Client) -> None:
        assert old.raw("GET", "/", authorization=BEARER).status == 200
        assert new.raw("GET", "/", authorization=BEARER).status == 404

    def test_prefix(self, old: Client, new: Client) -> None:
        assert old.raw("GET", TENANT, authorization=BEARER).status == 404
        assert new.raw("GET", f"/v2{TENANT}", authorization=BEARER).status == 404
        assert old.raw("GET", f"/v2/v2{TENANT}", authorization=BEARER).status == 404

    def test_version_header_asks_for_the_current_version_only(self, old: Client, new: Client) -> None:
        asked: dict[str, Any] = {"authorization": BEARER, "aurora_api_version": V2022}
        assert old.raw("GET", TENANT, **asked).status == 200
        assert old.raw("GET", f"/v2{TENANT}", **asked).status == 404
        assert new.raw("GET", TENANT, **asked).status == 200
        for client in (old, new):
            for version in (V2018, "2024.05", "latest", ""):
                assert client.call("GET", TENANT, aurora_api_version=version).status == 400

    @pytest.mark.parametrize("version", c.VERSIONS)
    def test_other_tenant_and_other_method(self, version: str) -> None:
        client = Client(version)
        assert client.call("GET", "/tenants/somebody-else").status == 403
        assert client.call("DELETE", f"{TENANT}/projects").status == 405
        assert client.call("PATCH", f"{TENANT}/projects/{c.PROJECT_ID}").status == 405

    def test_plain_http_is_refused(self, new: Client) -> None:
        request = Request.from_target("GET", "http", TENANT, {"authorization": BEARER}, b"")
        assert new.api.respond(request).status == 403


class TestErrors:
    """Each version's own shape."""

    def test_validation(self, old: Client, new: Client) -> None:
        user = {"user": {"first_name": "A", "last_name": "B"}}
        then = old.call("POST", f"{TENANT}/users/invite", user)
        now = new.call("POST", f"{TENANT}/users/invite", user)
        assert (then.status, now.status) == (422, 422)
        assert then.body == {"error": {"email": ["can't be blank"], "username": ["can't be blank"]}}
        assert now.body == {
            "errors": [{"message": "email can't be blank"}, {"message": "username can't be blank"}]
        }

    def test_not_found_names_the_resource_in_2022(self, old: Client, new: Client) -> None:
        path = f"{TENANT}/projects/nowhere"
        assert old.call("GET", path).body == {"error": "Not Found"}
        message = "The project with id nowhere could not be found"
        assert new.call("GET", path).body == {"errors": [{"message": message}]}

    def test_open_design_request(self, old: Client, new: Client) -> None:
        for client in (old, new):
            body = {"design_request": {"project_id": c.PROJECT_ID, "sla": 60}}
            first = client.body("POST", f"{TENANT}/design_requests", body)["design_request"]["id"]
            again = client.call("POST", f"{TENANT}/design_requests", body)
            assert again.status == 422
            assert again.body.get("meta") == ({"design_request_id": first} if client is old else None)

    @pytest.mark.parametrize("version", c.VERSIONS)
    def test_body_that_is_no_json(self, version: str) -> None:
        client = Client(version)
        path = f"{client.prefix}{TENANT}/projects"
        request = Request.from_target("POST", "https", path, {"authorization": BEARER}, b"name=x")
        assert client.api.respond(request).status == 400


class TestUsers:
    """`user_level` and `role_id`."""

    def test_each_version_reads_its_own_field(self, old: Client, new: Client) -> None:
        path = f"{TENANT}/users/{c.USER_MEMBER_ID}"
        then, now = old.body("GET", path)["user"], new.body("GET", path)["user"]
        assert (then.pop("user_level"), now.pop("role_id")) == ("Team Member", MEMBER)
        assert then == now

    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "/users"), ("POST", "/users/invite"), ("PUT", f"/users/{c.USER_ADMIN_ID}")],
        ids=["create", "invite", "update"],
    )
    def test_each_version_refuses_the_other_field(
        self, old: Client, new: Client, method: str, path: str
    ) -> None:
        user = {**USER, "email": "jessica@customer.example"}
        level, role = {**user, "user_level": "Team Member"}, {**user, "role_id": MEMBER}
        assert old.call(method, TENANT + path, {"user": role}).status == 422
        assert new.call(method, TENANT + path, {"user": level}).status == 422
        assert old.call(method, TENANT + path, {"user": level}).status == 200
        assert new.call(method, TENANT + path, {"user": role}).status == 200
        assert old.api.state.snapshot() == new.api.state.snapshot()

    def test_values_must_be_known(self, old: Client, new: Client) -> None:
        assert old.call("POST", f"{TENANT}/users", {"user": {**USER, "user_level": MEMBER}}).status == 422
        assert new.call("POST", f"{TENANT}/users", {"user": {**USER, "role_id": "Team Member"}}).status == 422

    def test_list_is_short_and_filtered_by_partner(self, new: Client) -> None:
        users = new.body("GET", f"{TENANT}/users", query=f"partner_id={c.PARTNER_ID}")["users"]
        assert [user["id"] for user in users] == [c.USER_MEMBER_ID]
        assert set(users[0]) == {"id", "email", "account_status", "first_name", "last_name"}

    def test_activation_answers_204(self, new: Client) -> None:
        response = new.call("PUT", f"{TENANT}/users/{c.USER_PENDING_ID}/activate")
        assert (response.status, response.body) == (204, None)
        assert new.api.state["users"][c.USER_PENDING_ID]["account_status"] == "active"


class TestDesigns:
    """Summary, financings, copies."""

    def test_system_size_is_gone_in_2022(self, old: Client, new: Client) -> None:
        then, now = (
            old.body("GET", f"{DESIGN}/summary")["design"],
            new.body("GET", f"{DESIGN}/summary")["design"],
        )
        assert then.pop("system_size") == now["system_size_stc"] == 8000
        assert then == now

    def test_list_financings_is_short_in_2022(self, old: Client, new: Client) -> None:
        path = f"{DESIGN}/financings"
        then, now = old.body("GET", path)["financings"], new.body("GET", path)["financings"]
        assert set(now[1]) == {"id", "name", "selected_in_sales_mode", "financing_option"}
        retrieved = new.body("GET", f"{path}/{c.FINANCING_IDS[1]}")["financing"]
        assert then[1] == retrieved
        assert retrieved["loan_principal"] == 24000.0

    def test_financing_belongs_to_its_design(self, new: Client) -> None:
        path = f"{TENANT}/designs/{c.DESIGN_IDS[1]}/financings"
        assert new.body("GET", path) == {"financings": []}
        assert new.call("GET", f"{path}/{c.FINANCING_IDS[0]}").status == 404

    def test_duplicate_replaces_the_copying_parameters(self, old: Client, new: Client) -> None:
        design = {"design": {"project_id": c.PROJECT_ID, "name": "Copy", "external_provider_id": "x"}}
        query = f"site_model_design_id={c.DESIGN_ID}&include_design=true"
        assert new.call("POST", f"{TENANT}/designs", design, query).status == 400
        assert old.call("POST", f"{DESIGN}/duplicate", design).status == 404
        then = old.body("POST", f"{TENANT}/designs", design, query)
        now = new.body("POST", f"{DESIGN}/duplicate", design)
        assert then == now
        assert old.api.state.snapshot() == new.api.state.snapshot()

    def test_duplicate_stays_in_its_project(self, new: Client) -> None:
        body = {"design": {"project_id": c.PROJECT_IDS[1]}}
        assert new.call("POST", f"{DESIGN}/duplicate", body).status == 422
        assert new.body("POST", f"{DESIGN}/duplicate")["design"]["project_id"] == c.PROJECT_ID

    def test_model_alone_is_not_the_whole_design(self, old: Client) -> None:
        body = {"design": {"project_id": c.PROJECT_ID}}
        created = old.body("POST", f"{TENANT}/designs", body, f"site_model_design_id={c.DESIGN_ID}")["design"]
        assert old.api.state["designs"][created["id"]]["site_model"] == "model-1"
        assert old.api.state["designs"][created["id"]]["system"] is None


OLD_BODY = {
    "mode": "max_fit",
    "placement_options": {
        "orientations": ["landscape"],
        "row_spacing_meters": 0.5,
        "flat_face_panel_tilt_deg": 10,
        "min_sap": 0.8,
        "azimuth_min_deg": 90,
        "allow_filler_row": False,
    },
}
NEW_BODY = {
    "mode": "max_fit",
    "placement_options": {"orientations": ["landscape"], "row_spacing": 0.5},
    "flat_face_placement_options": {"flat_face_panel_tilt": 10},
    "irradiance_constraints": {"min_sap": 0.8},
    "placement_constraints": {"azimuth_min_deg": 90},
}
LIST_NAMES = ("flat_face_orientations", "filler_row_locations")
OLD_NAMES = (
    *LIST_NAMES,
    "row_spacing_meters",
    "column_spacing_meters",
    "panel_tilt_deg",
    "pitched_face_tilt_threshold_deg",
    "flat_face_row_spacing_meters",
    "flat_face_column_spacing_meters",
    "flat_face_panel_tilt_deg",
    "min_sap",
    "min_tsrf",
    "min_contiguous_panels",
    "azimuth_min_deg",
    "azimuth_max_deg",
    "allow_filler_row",
)


class TestAutoDesigner:
    """Fields move from `placement_options` into three new objects."""

    def test_each_version_takes_its_own_body_to_the_same_effect(self, old: Client, new: Client) -> None:
        path = f"{DESIGN}/auto_designer/run"
        then, now = old.call("POST", path, OLD_BODY), new.call("POST", path, NEW_BODY)
        assert (then.status, now.status) == (202, 202)
        assert old.api.state.snapshot() == new.api.state.snapshot()
        assert old.call("POST", path, NEW_BODY).status == 422
        assert new.call("POST", path, OLD_BODY).status == 422

    @pytest.mark.parametrize("name", OLD_NAMES)
    def test_2022_refuses_each_old_place(self, old: Client, new: Client, name: str) -> None:
        body = {"placement_options": {name: ["start"] if name in LIST_NAMES else 1}}
        assert old.call("POST", f"{DESIGN}/auto_designer/run", body).status == 202
        assert new.call("POST", f"{DESIGN}/auto_designer/run", body).status == 422

    def test_values_keep_their_type(self, new: Client) -> None:
        body = {"placement_options": {"row_spacing": "0.5"}}
        assert new.call("POST", f"{DESIGN}/auto_designer/run", body).status == 422

    def test_status(self, new: Client) -> None:
        job = new.call("POST", f"{DESIGN}/auto_designer/run", NEW_BODY).body["job_id"]
        path, query = f"{DESIGN}/auto_designer/status", f"job_id={job}"
        jobs = [new.body("GET", path, query=query)["auto_designer_job"] for _ in range(2)]
        assert [entry["status"] for entry in jobs] == ["in-progress", "succeeded"]
        assert new.call("GET", path).status == 400
        assert new.call("GET", f"{DESIGN}/performance_simulation/status", query=query).status == 404


def test_every_endpoint_of_the_catalogue_is_here_but_those_of_2024() -> None:
    here = {(entry.method, re.sub(r"\{\w+\}", "{}", entry.template)) for entry in ROUTES}
    named = {(entry.method, re.sub(r"\{\w+\}", "{}", entry.path)) for entry in load_catalogue().endpoints}
    assert {path.split("/")[3] for _, path in named - here} <= {"agreements"}
    assert here <= named


READ_PATHS = {
    "/roles": "roles",
    "/teams": "teams",
    "/partners": "partners",
    "/components/modules": "modules",
    "/components/inverters": "inverters",
    "/components/dc_optimizers": "dc_optimizers",
    "/webhooks": "webhooks",
    "/design_requests": "design_requests",
    f"/projects/{c.PROJECT_ID}/designs": "designs",
    f"/projects/{c.PROJECT_ID}/consumption_profile": "consumption_profile",
    f"/designs/{c.DESIGN_ID}": "design",
    f"/designs/{c.DESIGN_ID}/assets": "assets",
    f"/designs/{c.DESIGN_ID}/assets/{c.ASSET_ID}": "asset",
    f"/designs/{c.DESIGN_ID}/pricing": "pricing",
    f"/designs/{c.DESIGN_ID}/roof_summary": "roofs",
    f"/designs/{c.DESIGN_ID}/racking_arrays": "racking_arrays",
    f"/designs/{c.DESIGN_ID}/web_proposal": "web_proposal",
    "": "tenant",
    "/sso_provider": "sso_provider",
}


class TestOtherResources:
    """The same in both versions."""

    @pytest.mark.parametrize(("path", "wrapper"), READ_PATHS.items(), ids=lambda value: value or "tenant")
    def test_reads_are_alike(self, old: Client, new: Client, path: str, wrapper: str) -> None:
        body = old.body("GET", TENANT + path)
        assert body[wrapper]
        assert body == new.body("GET", TENANT + path)

    @pytest.mark.parametrize("version", c.VERSIONS)
    def test_writes_show_in_the_state(self, version: str) -> None:
        client = Client(version)
        hook = {"event": "project_changed", "url_template": "https://x.example/"}
        identifier = client.body("POST", f"{TENANT}/webhooks", {"webhook": hook})["webhook"]["id"]
        path = f"{TENANT}/webhooks/{identifier}"
        assert client.body("PUT", path, {"webhook": {"enabled": False}})["webhook"]["enabled"] is False
        assert client.call("DELETE", path).status == 204
        assert client.call("GET", path).status == 404
        project = client.body("POST", f"{TENANT}/projects", {"project": {"name": "New"}})["project"]
        profile = {"consumption_profile": {"monthly_energy": [1] * 12}}
        client.body("PUT", f"{TENANT}/projects/{project['id']}/consumption_profile", profile)
        client.body("POST", f"{DESIGN}/web_proposal/generate_url")
        client.body("POST", f"{DESIGN}/proposals/default")
        snapshot = client.api.state.snapshot()
        assert snapshot["projects"][project["id"]]["name"] == "New"
        assert snapshot["consumption_profiles"][project["id"]]["monthly_energy"] == [1] * 12
        assert snapshot["web_proposals"] == {c.DESIGN_ID: {"generated": 1}}
        client.api.reset()
        assert client.api.state.snapshot() == Client(version).api.state.snapshot() != snapshot
        assert client.api.log == []

    @pytest.mark.parametrize("name", ["mailing_address", "location", "preferred_solar_modules"])
    def test_names_of_2024_are_unknown(self, new: Client, name: str) -> None:
        assert new.call("POST", f"{TENANT}/projects", {"project": {name: "x"}}).status == 422

    def test_page_size_is_limited(self, new: Client) -> None:
        assert new.call("GET", f"{TENANT}/projects", query="per_page=250").status == 200
        assert new.call("GET", f"{TENANT}/projects", query="per_page=251").status == 422

    def test_log_keeps_the_request(self, new: Client) -> None:
        new.call("POST", f"{TENANT}/projects", {"project": {"name": "New"}}, "dry=1", host="x.example")
        entry = new.api.log[-1]
        assert (entry.method, entry.host, entry.path) == ("POST", "x.example", f"{TENANT}/projects")
        assert (entry.query, entry.status) == ([("dry", "1")], 200)
        assert entry.body == {"project": {"name": "New"}}
        assert entry.headers["authorization"] == BEARER
