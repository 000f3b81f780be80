"""Projects and their consumption profiles."""

from __future__ import annotations

from tests.fake_aurora.constants import TENANT_ID, USER_ADMIN_ID
from tests.fake_aurora.errors import invalid
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, refuse_unknown, route
from tests.fake_aurora.state import Record

# Names of 2024.05 (mailing_address, location, preferred_solar_modules) are unknown to both versions.
WRITABLE = frozenset(
    (
        "name",
        "external_provider_id",
        "customer_salutation",
        "customer_first_name",
        "customer_last_name",
        "customer_email",
        "customer_phone",
        "customer_address",
        "address",
        "latitude",
        "longitude",
        "project_type",
        "owner_id",
        "status",
        "preferred_solar_panels",
    )
)


def _fields(call: Call) -> Record:
    fields = call.wrapped("project")
    refuse_unknown(fields, WRITABLE)
    if "owner_id" in fields and fields["owner_id"] not in call.state["users"]:
        raise invalid(owner_id="is not the id of a user")
    return fields


@route("GET", "/tenants/{tenant_id}/projects")
def list_projects(call: Call) -> Response:
    return Response(body={"projects": call.page(list(call.state["projects"].values()))})


@route("POST", "/tenants/{tenant_id}/projects")
def create_project(call: Call) -> Response:
    fields = _fields(call)
    identifier = call.state.new_id()
    blank: Record = dict.fromkeys(sorted(WRITABLE))
    project: Record = {
        **blank,
        "project_type": "residential",
        "owner_id": USER_ADMIN_ID,
        "status": "In Progress",
        "preferred_solar_panels": [],
        **fields,
        "id": identifier,
        "tenant_id": TENANT_ID,
        "created_at": call.state.moment(),
    }
    call.state["projects"][identifier] = project
    call.state["consumption_profiles"][identifier] = {"monthly_energy": [None] * 12}
    return Response(body={"project": project})


@route("GET", "/tenants/{tenant_id}/projects/{project_id}")
def retrieve_project(call: Call) -> Response:
    return Response(body={"project": call.record("projects", "project_id", "project")})


@route("PUT", "/tenants/{tenant_id}/projects/{project_id}")
def update_project(call: Call) -> Response:
    project = call.record("projects", "project_id", "project")
    project.update(_fields(call))
    return Response(body={"project": project})


@route("GET", "/tenants/{tenant_id}/projects/{project_id}/consumption_profile")
def retrieve_consumption_profile(call: Call) -> Response:
    call.record("projects", "project_id", "project")
    return Response(body={"consumption_profile": call.state["consumption_profiles"][call.ids["project_id"]]})


@route("PUT", "/tenants/{tenant_id}/projects/{project_id}/consumption_profile")
def update_consumption_profile(call: Call) -> Response:
    call.record("projects", "project_id", "project")
    fields = call.wrapped("consumption_profile")
    refuse_unknown(fields, {"monthly_energy"})
    energy = fields.get("monthly_energy")
    if not isinstance(energy, list) or len(energy) != 12:
        raise invalid(monthly_energy="must have 12 values")
    profile = call.state["consumption_profiles"][call.ids["project_id"]]
    profile["monthly_energy"] = energy
    return Response(body={"consumption_profile": profile})
