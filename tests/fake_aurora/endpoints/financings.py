"""Financings: 2022.09 lists four fields and leaves the rest to Retrieve Financing."""

from __future__ import annotations

from tests.fake_aurora.errors import not_found
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, only, route

LISTED_2022 = ("id", "name", "selected_in_sales_mode", "financing_option")


@route("GET", "/tenants/{tenant_id}/designs/{design_id}/financings")
def list_financings(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    items = [f for f in call.state["financings"].values() if f["design_id"] == design["id"]]
    return Response(body={"financings": items if call.is_2018 else [only(f, *LISTED_2022) for f in items]})


@route("GET", "/tenants/{tenant_id}/designs/{design_id}/financings/{financing_id}")
def retrieve_financing(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    financing = call.record("financings", "financing_id", "financing")
    if financing["design_id"] != design["id"]:
        raise not_found("financing", financing["id"], call.version)
    return Response(body={"financing": financing})
