"""The seed data of the fake tenant; ids come from `constants`, everything else is invented."""

from __future__ import annotations

from typing import Any

from tests.fake_aurora import constants as c

Record = dict[str, Any]
Collections = dict[str, dict[str, Record]]

SEEDED = "2022-01-01T00:00:00.000Z"
MONTHLY = [410, 380, 420, 450, 520, 610, 700, 690, 560, 470, 400, 420]


def seed() -> Collections:
    """A fresh copy of all collections."""
    return {
        "users": _by_id(*_users()),
        "roles": _by_id(*({"id": identifier, "name": name} for name, identifier in c.ROLE_IDS.items())),
        "projects": _by_id(*_projects()),
        "consumption_profiles": {p: {"monthly_energy": list(MONTHLY)} for p in c.PROJECT_IDS},
        "designs": _by_id(_design(0, 8000), _design(1, 6400)),
        "financings": _by_id(*_financings()),
        "design_requests": _by_id(_design_request()),
        "webhooks": _by_id(_webhook()),
        "proposals": {},
        "web_proposals": {},
        "jobs": {},
        "teams": _by_id({"id": c.TEAM_ID, "name": "North"}),
        "partners": _by_id({"id": c.PARTNER_ID, "name": "Example Installers"}),
        "modules": _by_id(*_modules()),
        "inverters": _by_id({"id": c.INVERTER_ID, "name": "IN-5000", "manufacturer": "Example Power"}),
        "dc_optimizers": _by_id({"id": c.OPTIMIZER_ID, "name": "OP-1", "manufacturer": "Example Power"}),
    }


def _by_id(*records: Record) -> dict[str, Record]:
    return {record["id"]: record for record in records}


def _users() -> list[Record]:
    people = [
        (c.USER_ADMIN_ID, "Ada", "Admin", "active", "Admin"),
        (c.USER_MEMBER_ID, "Mo", "Member", "active", "Team Member"),
        (c.USER_PENDING_ID, "Pia", "Pending", "pending", "Limited Team Member"),
    ]
    return [
        {
            "id": identifier,
            "email": f"{first.lower()}@customer.example",
            "account_status": status,
            "phone": "555-0100",
            "first_name": first,
            "last_name": last,
            "title": "Designer",
            "tenant_id": c.TENANT_ID,
            "external_provider_id": f"crm-{first.lower()}",
            "role_id": c.ROLE_IDS[level],
            "partner_ids": [c.PARTNER_ID] if first == "Mo" else [],
        }
        for identifier, first, last, status, level in people
    ]


def _projects() -> list[Record]:
    return [
        {
            "id": identifier,
            "name": f"Project {number}",
            "external_provider_id": f"crm-{number}",
            "customer_salutation": "Ms",
            "customer_first_name": "Jessica",
            "customer_last_name": f"Solar {number}",
            "customer_email": f"jessica{number}@customer.example",
            "customer_phone": "555-0101",
            "customer_address": f"{number} Mailing Street",
            "address": f"{number} Example Street",
            "latitude": 37.5 + number,
            "longitude": -122.25 - number,
            "project_type": "residential",
            "owner_id": c.USER_ADMIN_ID,
            "status": "In Progress",
            "preferred_solar_panels": [],
            "tenant_id": c.TENANT_ID,
            "created_at": SEEDED,
        }
        for number, identifier in enumerate(c.PROJECT_IDS, start=1)
    ]


def _design(index: int, watts: int) -> Record:
    return {
        "id": c.DESIGN_IDS[index],
        "project_id": c.PROJECT_IDS[index],
        "name": f"Design {index + 1}",
        "external_provider_id": f"crm-design-{index + 1}",
        "design_request_id": None,
        "created_at": SEEDED,
        "site_model": f"model-{index + 1}",
        "system": {"watts": watts, "price_per_watt": 3.5},
    }


def _financings() -> list[Record]:
    shared: Record = {
        "project_id": c.PROJECT_IDS[0],
        "design_id": c.DESIGN_IDS[0],
        "system_price": 28000.0,
        "up_to_date": True,
        "lifetime_savings": 41000.0,
        "payback_period": 9.5,
        "incentive_values": [7280.0],
        "year1_avoided_cost": [100.0] * 12,
        "annual_cashflows": [-28000.0, 1200.0, 1250.0],
    }
    loan: Record = {
        "loan_principal": 24000.0,
        "down_payment": 4000.0,
        "monthly_payment_first_month": 190.0,
        "avg_monthly_savings": 35.0,
        "loans": [{"principal": 24000.0, "term": 240}],
        "financier": {"type": "loan", "provider": "Example Bank", "status": "approved"},
    }
    return [
        {
            "id": c.FINANCING_IDS[0],
            "name": "Cash",
            "selected_in_sales_mode": True,
            "financing_option": "cash",
            **shared,
        },
        {
            "id": c.FINANCING_IDS[1],
            "name": "Loan 20 years",
            "selected_in_sales_mode": False,
            "financing_option": "loans",
            **shared,
            **loan,
        },
    ]


def _design_request() -> Record:
    return {
        "id": c.DESIGN_REQUEST_ID,
        "project_id": c.PROJECT_IDS[1],
        "latitude": 39.5,
        "longitude": -124.25,
        "sla": 60,
        "status": "completed",
        "created_at": SEEDED,
    }


def _webhook() -> Record:
    return {
        "id": c.WEBHOOK_ID,
        "description": "Project changes",
        "event": "project_changed",
        "url_template": "https://hooks.customer.example/aurora?project_id=<PROJECT_ID>",
        "enabled": True,
        "header_auth_key": None,
        "header_auth_value": None,
    }


def _modules() -> list[Record]:
    return [
        {"id": c.MODULE_ID, "name": "EX-400", "manufacturer": "Example Solar"},
        {"id": c.MODULE_ID[:-2] + "e6", "name": "EX-410", "manufacturer": "Example Solar"},
    ]
