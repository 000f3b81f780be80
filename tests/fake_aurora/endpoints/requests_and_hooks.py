"""Design requests and webhooks."""

from __future__ import annotations

from tests.fake_aurora.errors import ApiError, invalid
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, refuse_unknown, route
from tests.fake_aurora.state import Record

HOOK_FIELDS = frozenset(
    ("description", "event", "url_template", "enabled", "header_auth_key", "header_auth_value")
)


@route("GET", "/tenants/{tenant_id}/design_requests")
def list_design_requests(call: Call) -> Response:
    return Response(body={"design_requests": call.page(list(call.state["design_requests"].values()))})


@route("POST", "/tenants/{tenant_id}/design_requests")
def create_design_request(call: Call) -> Response:
    """Fields besides `project_id` are only partly published, so they are kept as they come."""
    fields = call.wrapped("design_request")
    if "project_id" not in fields:
        raise invalid(project_id="can't be blank")
    project = call.find("projects", fields["project_id"], "project")
    for other in call.state["design_requests"].values():
        if other["project_id"] == project["id"] and other["status"] == "open":
            message = "A design request is already open for this project"
            raise ApiError(422, message, meta={"design_request_id": other["id"]})
    identifier = call.state.new_id()
    created: Record = {**fields, "id": identifier, "status": "open", "created_at": call.state.moment()}
    call.state["design_requests"][identifier] = created
    return Response(body={"design_request": created})


@route("GET", "/tenants/{tenant_id}/design_requests/{design_request_id}")
def retrieve_design_request(call: Call) -> Response:
    found = call.record("design_requests", "design_request_id", "design request")
    return Response(body={"design_request": found})


@route("POST", "/tenants/{tenant_id}/design_requests/{design_request_id}/accept")
def accept_design_request(call: Call) -> Response:
    found = call.record("design_requests", "design_request_id", "design request")
    found["status"] = "accepted"
    return Response(body={"design_request": found})


def _hook_fields(call: Call) -> Record:
    fields = call.wrapped("webhook")
    refuse_unknown(fields, HOOK_FIELDS)
    return fields


@route("GET", "/tenants/{tenant_id}/webhooks")
def list_webhooks(call: Call) -> Response:
    return Response(body={"webhooks": list(call.state["webhooks"].values())})


@route("POST", "/tenants/{tenant_id}/webhooks")
def create_webhook(call: Call) -> Response:
    fields = _hook_fields(call)
    for name in ("event", "url_template"):
        if not fields.get(name):
            raise invalid(**{name: "can't be blank"})
    identifier = call.state.new_id()
    blank: Record = dict.fromkeys(sorted(HOOK_FIELDS))
    call.state["webhooks"][identifier] = {**blank, "enabled": True, **fields, "id": identifier}
    return Response(body={"webhook": call.state["webhooks"][identifier]})


@route("GET", "/tenants/{tenant_id}/webhooks/{webhook_id}")
def retrieve_webhook(call: Call) -> Response:
    return Response(body={"webhook": call.record("webhooks", "webhook_id", "webhook")})


@route("PUT", "/tenants/{tenant_id}/webhooks/{webhook_id}")
def update_webhook(call: Call) -> Response:
    webhook = call.record("webhooks", "webhook_id", "webhook")
    webhook.update(_hook_fields(call))
    return Response(body={"webhook": webhook})


@route("DELETE", "/tenants/{tenant_id}/webhooks/{webhook_id}")
def delete_webhook(call: Call) -> Response:
    call.record("webhooks", "webhook_id", "webhook")
    del call.state["webhooks"][call.ids["webhook_id"]]
    return Response(204)
