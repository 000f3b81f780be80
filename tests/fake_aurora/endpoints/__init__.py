"""The endpoints, one group of resources a file; importing this package registers all routes."""

from tests.fake_aurora.endpoints import (
    accounts,
    actions,
    design_details,
    designs,
    financings,
    projects,
    requests_and_hooks,
    users,
)

__all__ = [
    "accounts",
    "actions",
    "design_details",
    "designs",
    "financings",
    "projects",
    "requests_and_hooks",
    "users",
]
