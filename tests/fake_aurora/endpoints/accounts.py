"""Root, versions, tenant, roles, teams, partners, components: what is only read."""

from __future__ import annotations

from tests.fake_aurora.constants import TENANT_ID, V2018, VERSIONS
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, Handler, route


@route("GET", "/", versions=(V2018,))
def root(call: Call) -> Response:
    """The root's answer is not published; that it answers is."""
    return Response(body={"status": "ok"})


@route("GET", "/versions")
def list_versions(call: Call) -> Response:
    """The shape is not published."""
    return Response(body={"versions": list(VERSIONS)})


@route("GET", "/tenants/{tenant_id}")
def retrieve_tenant(call: Call) -> Response:
    tenant = {"id": TENANT_ID, "name": "Example Solar", "user_ids": list(call.state["users"])}
    return Response(body={"tenant": tenant})


@route("GET", "/tenants/{tenant_id}/sso_provider")
def retrieve_sso_provider(call: Call) -> Response:
    return Response(body={"sso_provider": {"enabled": False}})


def _listing(collection: str) -> Handler:
    def listing(call: Call) -> Response:
        return Response(body={collection: call.page(list(call.state[collection].values()))})

    return listing


for _collection in ("roles", "teams", "partners"):
    route("GET", f"/tenants/{{tenant_id}}/{_collection}")(_listing(_collection))
for _collection in ("modules", "inverters", "dc_optimizers"):
    route("GET", f"/tenants/{{tenant_id}}/components/{_collection}")(_listing(_collection))
