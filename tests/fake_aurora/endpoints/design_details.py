"""What is read below a design: summary, assets, pricing, roofs, racking arrays, proposals."""

from __future__ import annotations

from typing import Any

from tests.fake_aurora.constants import ASSET_ID, MODULE_ID
from tests.fake_aurora.errors import not_found
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, only, refuse_unknown, route
from tests.fake_aurora.state import Record

DESIGN = "/tenants/{tenant_id}/designs/{design_id}"
PANEL_WATTS = 400


def _watts(design: Record) -> int:
    watts: int = design["system"]["watts"] if design["system"] else 0
    return watts


def _sizes(call: Call, watts: int) -> Record:
    """Watts. Which rating `system_size` equalled is not published; here it is STC."""
    sizes: Record = {
        "system_size_stc": watts,
        "system_size_ptc": round(watts * 0.92, 1),
        "system_size_ac": round(watts * 0.88, 1),
    }
    return {"system_size": watts, **sizes} if call.is_2018 else sizes


def _arrays(watts: int) -> list[Record]:
    if not watts:
        return []
    return [
        {
            "face": 1,
            "azimuth": 180,
            "pitch": 20,
            "module": {"name": "EX-400", "count": watts // PANEL_WATTS, "manufacturer": "Example Solar"},
            "shading": {"solar_access": {"annual": 97}, "total_solar_resource_fraction": {"annual": 92}},
        }
    ]


def _bill(watts: int) -> list[Record]:
    return [
        {
            "id": MODULE_ID,
            "name": "EX-400",
            "component_type": "modules",
            "manufacturer": "Example Solar",
            "quantity": watts // PANEL_WATTS,
        }
    ]


@route("GET", DESIGN + "/summary")
def retrieve_design_summary(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    watts = _watts(design)
    summary: Record = {
        "design_id": design["id"],
        **only(design, "external_provider_id", "project_id", "created_at"),
        **_sizes(call, watts),
        "bill_of_materials": _bill(watts),
        "arrays": _arrays(watts),
        "string_inverters": [],
        "energy_production": {
            "up_to_date": True,
            "annual": watts * 1.5,
            "annual_offset": "87%",
            "monthly": [watts / 8] * 12,
        },
    }
    return Response(body={"design": summary})


def _asset(design: Record) -> Record:
    url = f"https://assets.aurora.example/{design['id']}/layout.png"
    return {"id": ASSET_ID, "asset_type": "Layout", "url": url}


@route("GET", DESIGN + "/assets")
def list_design_assets(call: Call) -> Response:
    return Response(body={"assets": [_asset(call.record("designs", "design_id", "design"))]})


@route("GET", DESIGN + "/assets/{asset_id}")
def retrieve_design_asset(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    if call.ids["asset_id"] != ASSET_ID:
        raise not_found("asset", call.ids["asset_id"], call.version)
    return Response(body={"asset": _asset(design)})


@route("GET", DESIGN + "/pricing")
def retrieve_pricing(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    per_watt: Any = design["system"]["price_per_watt"] if design["system"] else 0
    pricing = {"price_per_watt": per_watt, "system_price": per_watt * _watts(design)}
    return Response(body={"pricing": pricing})


@route("GET", DESIGN + "/roof_summary")
def retrieve_roof_summary(call: Call) -> Response:
    watts = _watts(call.record("designs", "design_id", "design"))
    roof: Record = {
        "area": 84.5,
        "modules_area": 40.0,
        "pitch": 20,
        "panels": watts // PANEL_WATTS,
        "edges_length": {"ridge": 10.5, "eave": 10.5},
        "faces": [{"area": 42.25, "pitch": 20, "azimuth": 180}],
    }
    return Response(body={"roofs": [roof]})


@route("GET", DESIGN + "/racking_arrays")
def list_racking_arrays(call: Call) -> Response:
    call.record("designs", "design_id", "design")
    return Response(body={"racking_arrays": [{"id": 1, "max_panel_spacing": 0.01}]})


def _web_proposal(call: Call) -> Record:
    design = call.record("designs", "design_id", "design")
    generated = call.state["web_proposals"].get(design["id"], {"generated": 0})["generated"]
    # A link into the web application, whose host name only looks like an API path.
    url = f"https://v2.aurorasolar.com/e-proposal/{design['id']}?link={generated}"
    return {"url": url, "url_expired": generated == 0}


@route("GET", DESIGN + "/web_proposal")
def retrieve_web_proposal(call: Call) -> Response:
    return Response(body={"web_proposal": _web_proposal(call)})


@route("POST", DESIGN + "/web_proposal/generate_url")
def generate_web_proposal_url(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    entry = call.state["web_proposals"].setdefault(design["id"], {"generated": 0})
    entry["generated"] += 1
    return Response(body={"web_proposal": _web_proposal(call)})


@route("GET", DESIGN + "/proposals/default")
def retrieve_proposal(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    return Response(body={"proposal": call.find("proposals", design["id"], "proposal")})


@route("POST", DESIGN + "/proposals/default")
def create_proposal(call: Call) -> Response:
    design = call.record("designs", "design_id", "design")
    fields = call.wrapped("proposal") if call.body else {}
    refuse_unknown(fields, {"proposal_template_id"})
    identifier, moment = call.state.new_id(), call.state.moment()
    proposal: Record = {
        "id": identifier,
        "created_at": moment,
        "updated_at": moment,
        "proposal_template_id": None,
        "proposal_link": f"https://v2.aurorasolar.com/proposals/{identifier}",
        **fields,
    }
    call.state["proposals"][design["id"]] = proposal
    return Response(body={"proposal": proposal})
