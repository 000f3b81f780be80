"""Asynchronous actions: run and status; Run AutoDesigner is strict about each version's fields."""

from __future__ import annotations

from typing import Any

from tests.fake_aurora.errors import ApiError, invalid, not_found
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, Handler, refuse_unknown, route
from tests.fake_aurora.state import Record

TOP_2018 = frozenset(("mode", "components", "placement_options"))
# 2022.09 object, its field, and the 2018.01 names in placement_options (the sources disagree on suffixes).
FIELDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("placement_options", "orientations", ("orientations",)),
    ("placement_options", "row_spacing", ("row_spacing", "row_spacing_meters")),
    ("placement_options", "column_spacing", ("column_spacing", "column_spacing_meters")),
    ("placement_options", "panel_tilt", ("panel_tilt", "panel_tilt_deg")),
    (
        "placement_options",
        "pitched_face_tilt_threshold",
        ("pitched_face_tilt_threshold", "pitched_face_tilt_threshold_deg"),
    ),
    ("flat_face_placement_options", "flat_face_orientations", ("flat_face_orientations",)),
    (
        "flat_face_placement_options",
        "flat_face_row_spacing",
        ("flat_face_row_spacing", "flat_face_row_spacing_meters"),
    ),
    (
        "flat_face_placement_options",
        "flat_face_column_spacing",
        ("flat_face_column_spacing", "flat_face_column_spacing_meters"),
    ),
    (
        "flat_face_placement_options",
        "flat_face_panel_tilt",
        ("flat_face_panel_tilt", "flat_face_panel_tilt_deg"),
    ),
    ("irradiance_constraints", "min_sap", ("min_sap",)),
    ("irradiance_constraints", "min_tsrf", ("min_tsrf",)),
    ("placement_constraints", "min_contiguous_panels", ("min_contiguous_panels",)),
    ("placement_constraints", "azimuth_min_deg", ("azimuth_min_deg",)),
    ("placement_constraints", "azimuth_max_deg", ("azimuth_max_deg",)),
    ("placement_constraints", "filler_row_locations", ("filler_row_locations",)),
)
PLACES = {old: (place, name) for place, name, olds in FIELDS for old in olds}
OBJECTS = frozenset(place for place, _, _ in FIELDS)
LISTS = frozenset(("orientations", "flat_face_orientations", "filler_row_locations"))
ACTIONS = (
    "performance_simulation",
    "proposal_pdf_generation",
    "irradiance_analysis",
    "ai_roof",
    "fire_pathway_placement",
)


def _parameters(call: Call) -> Record:
    """The body in 2022.09's shape, whichever version it came in; an outer wrapper is allowed."""
    body: Any = call.body if call.body is not None else {}
    if isinstance(body, dict) and set(body) == {"auto_designer"}:
        body = body["auto_designer"]
    if not isinstance(body, dict):
        raise invalid(auto_designer="must be an object")
    refuse_unknown(body, TOP_2018 if call.is_2018 else TOP_2018 | OBJECTS)
    parameters = _moved(body) if call.is_2018 else _checked(body)
    for place in OBJECTS:
        _check_types(parameters.get(place, {}))
    return parameters


def _any_object(call: Call) -> Record:
    if not isinstance(call.body or {}, dict):
        raise ApiError(400, "The request body must be an object")
    return dict(call.body or {})


def _moved(body: Record) -> Record:
    moved: Record = {name: body[name] for name in ("mode", "components") if name in body}
    options = _object(body, "placement_options")
    refuse_unknown(options, {*PLACES, "allow_filler_row"})
    for old, value in options.items():
        if old in PLACES:
            place, name = PLACES[old]
            moved.setdefault(place, {})[name] = value
    if options.get("allow_filler_row"):
        # What takes its place is not published, so nothing that 2022.09 accepts equals it.
        moved["allow_filler_row"] = True
    return moved


def _checked(body: Record) -> Record:
    for place in OBJECTS:
        known = {name for object_name, name, _ in FIELDS if object_name == place}
        refuse_unknown(_object(body, place), known)
    return {name: value for name, value in body.items() if value != {}}


def _object(body: Record, name: str) -> Record:
    value = body.get(name, {})
    if not isinstance(value, dict):
        raise invalid(**{name: "must be an object"})
    return value


def _check_types(options: Record) -> None:
    for name, value in options.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if value is not None and not (isinstance(value, list) if name in LISTS else number):
            raise invalid(**{name: "has the wrong type"})


def _start(call: Call, action: str, parameters: Record) -> Response:
    design = call.record("designs", "design_id", "design")
    job_id = call.state.new_id()
    call.state["jobs"][job_id] = {
        "job_id": job_id,
        "action": action,
        "design_id": design["id"],
        "requested_at": call.state.moment(),
        "parameters": parameters,
    }
    return Response(202, {"job_id": job_id})


def _status(call: Call, action: str) -> Response:
    """In progress at the first look, succeeded from the second on."""
    job_id = call.query.get("job_id")
    if not job_id:
        raise ApiError(400, "The query parameter job_id is missing")
    job = call.find("jobs", job_id, "job")
    if job["action"] != action or job["design_id"] != call.ids["design_id"]:
        raise not_found("job", job_id, call.version)
    polls = call.state.polls[job_id] = call.state.polls.get(job_id, 0) + 1
    answer = {
        "job_id": job_id,
        "design_id": job["design_id"],
        "requested_at": job["requested_at"],
        "completed_at": job["requested_at"] if polls > 1 else None,
        "status": "succeeded" if polls > 1 else "in-progress",
        "source": "API",
        "error": None,
    }
    return Response(body={f"{action}_job": answer})


def _register(action: str) -> None:
    base = f"/tenants/{{tenant_id}}/designs/{{design_id}}/{action}"

    def run(call: Call) -> Response:
        return _start(call, action, _parameters(call) if action == "auto_designer" else _any_object(call))

    def status(call: Call) -> Response:
        return _status(call, action)

    handlers: tuple[tuple[str, str, Handler], ...] = (("POST", "run", run), ("GET", "status", status))
    for method, tail, handler in handlers:
        route(method, f"{base}/{tail}")(handler)


for _action in ("auto_designer", *ACTIONS):
    _register(_action)
