"""Users: `user_level` in 2018.01, `role_id` in 2022.09; the state keeps the role."""

from __future__ import annotations

from typing import Any

from tests.fake_aurora.constants import ROLE_IDS, TENANT_ID
from tests.fake_aurora.errors import invalid
from tests.fake_aurora.http import Response
from tests.fake_aurora.routing import Call, only, refuse_unknown, route
from tests.fake_aurora.state import Record

LEVELS = {identifier: name for name, identifier in ROLE_IDS.items()}
WRITABLE = frozenset(
    (
        "first_name",
        "last_name",
        "email",
        "phone",
        "title",
        "external_provider_id",
        "partner_ids",
        "partner_id",
    )
)
RETRIEVED = (
    "id",
    "email",
    "account_status",
    "phone",
    "first_name",
    "last_name",
    "title",
    "tenant_id",
    "external_provider_id",
)


def _public(call: Call, user: Record) -> Record:
    role = user["role_id"]
    level = {"user_level": LEVELS[role]} if call.is_2018 else {"role_id": role}
    return {**only(user, *RETRIEVED), **level}


def _fields(call: Call) -> Record:
    fields = dict(call.wrapped("user"))
    name = "user_level" if call.is_2018 else "role_id"
    refuse_unknown(fields, WRITABLE | {name})
    if name in fields:
        fields["role_id"] = _role(call, fields.pop(name))
    if "partner_id" in fields:
        fields["partner_ids"] = [fields.pop("partner_id")]
    return fields


def _role(call: Call, value: Any) -> str:
    if call.is_2018:
        if value not in ROLE_IDS:
            raise invalid(user_level="is not included in the list")
        return ROLE_IDS[value]
    if value not in LEVELS:
        raise invalid(role_id="is not the id of a role")
    return str(value)


def _create(call: Call, fields: Record, status: str) -> Response:
    for name in ("first_name", "last_name"):
        if not fields.get(name):
            raise invalid(**{name: "can't be blank"})
    user: Record = {
        "id": call.state.new_id(),
        "email": None,
        "account_status": status,
        "phone": None,
        "title": None,
        "tenant_id": TENANT_ID,
        "external_provider_id": None,
        "role_id": ROLE_IDS["Team Member"],
        "partner_ids": [],
        **fields,
    }
    call.state["users"][user["id"]] = user
    return Response(body={"user": _public(call, user)})


@route("GET", "/tenants/{tenant_id}/users")
def list_users(call: Call) -> Response:
    users = list(call.state["users"].values())
    if "partner_id" in call.query:
        users = [user for user in users if call.query["partner_id"] in user["partner_ids"]]
    listed = [only(user, "id", "email", "account_status", "first_name", "last_name") for user in users]
    return Response(body={"users": call.page(listed)})


@route("POST", "/tenants/{tenant_id}/users")
def create_user(call: Call) -> Response:
    return _create(call, _fields(call), "active")


@route("POST", "/tenants/{tenant_id}/users/invite")
def invite_user(call: Call) -> Response:
    fields = _fields(call)
    email = fields.get("email")
    if not email:
        raise invalid(email="can't be blank", username="can't be blank")
    if any(user["email"] == email for user in call.state["users"].values()):
        raise invalid(email="has already been taken")
    return _create(call, fields, "pending")


@route("GET", "/tenants/{tenant_id}/users/{user_id}")
def retrieve_user(call: Call) -> Response:
    return Response(body={"user": _public(call, call.record("users", "user_id", "user"))})


@route("PUT", "/tenants/{tenant_id}/users/{user_id}")
def update_user(call: Call) -> Response:
    user = call.record("users", "user_id", "user")
    user.update(_fields(call))
    return Response(body={"user": _public(call, user)})


@route("PUT", "/tenants/{tenant_id}/users/{user_id}/activate")
def activate_user(call: Call) -> Response:
    call.record("users", "user_id", "user")["account_status"] = "active"
    return Response(204)


@route("PUT", "/tenants/{tenant_id}/users/{user_id}/deactivate")
def deactivate_user(call: Call) -> Response:
    call.record("users", "user_id", "user")["account_status"] = "deactivated"
    return Response(204)
