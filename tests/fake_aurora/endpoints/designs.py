"""Designs: list, retrieve, create (2018.01 copies by query parameter), duplicate (2022.09)."""

from __future__ import annotations

from tests.fake_aurora.constants import V2022
from tests.fake_aurora.errors import ApiError, invalid
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, only, refuse_unknown, route
from tests.fake_aurora.state import Record

PUBLIC = ("id", "external_provider_id", "project_id", "name", "design_request_id", "created_at")
WRITABLE = frozenset(("project_id", "name", "external_provider_id"))
COPYING_PARAMETERS = ("site_model_design_id", "include_design")


def _public(design: Record) -> Record:
    return only(design, *PUBLIC)


@route("GET", "/tenants/{tenant_id}/projects/{project_id}/designs")
def list_designs(call: Call) -> Response:
    project = call.record("projects", "project_id", "project")
    designs = [d for d in call.state["designs"].values() if d["project_id"] == project["id"]]
    return Response(body={"designs": [_public(design) for design in designs]})


@route("GET", "/tenants/{tenant_id}/designs/{design_id}")
def retrieve_design(call: Call) -> Response:
    return Response(body={"design": _public(call.record("designs", "design_id", "design"))})


@route("POST", "/tenants/{tenant_id}/designs")
def create_design(call: Call) -> Response:
    fields = call.wrapped("design")
    refuse_unknown(fields, WRITABLE)
    copied = _copied(call)
    if "project_id" not in fields:
        raise invalid(project_id="can't be blank")
    call.find("projects", fields["project_id"], "project")
    return _store(call, {"site_model": None, "system": None, **copied, **fields})


@route("POST", "/tenants/{tenant_id}/designs/{design_id}/duplicate", versions=(V2022,))
def duplicate_design(call: Call) -> Response:
    """Always into the original's project, so another `project_id` is refused; the body is optional."""
    original = call.record("designs", "design_id", "design")
    fields = call.wrapped("design") if call.body else {}
    refuse_unknown(fields, WRITABLE)
    if fields.get("project_id", original["project_id"]) != original["project_id"]:
        raise invalid(project_id="cannot differ from the project of the original")
    copied = only(original, "name", "external_provider_id", "project_id", "site_model", "system")
    return _store(call, {**copied, **fields})


def _copied(call: Call) -> Record:
    """What the 2018.01 query parameters copy: the model, and the system with `include_design`."""
    used = [name for name in COPYING_PARAMETERS if name in call.query]
    if used and not call.is_2018:
        raise ApiError(400, f"Unknown query parameter {', '.join(used)}")
    if "site_model_design_id" not in call.query:
        return {}
    source = call.find("designs", call.query["site_model_design_id"], "design")
    include = call.query.get("include_design", "false").lower() == "true"
    return only(source, "site_model", "system") if include else only(source, "site_model")


def _store(call: Call, fields: Record) -> Response:
    identifier = call.state.new_id()
    design: Record = {
        "name": "New design",
        "external_provider_id": None,
        "design_request_id": None,
        **fields,
        "id": identifier,
        "created_at": call.state.moment(),
    }
    call.state["designs"][identifier] = design
    return Response(body={"design": _public(design)})
