"""Matching methods and paths to endpoints: exact paths, holes, open ends, and what only Aurora has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_migrate.catalogue import Endpoint, Segment, load_catalogue, split_path
from aurora_migrate.catalogue.endpoints import Status, match_endpoints

CATALOGUE = load_catalogue()


def ids(method: str | None, segments: Sequence[Segment]) -> list[str]:
    return [endpoint.id for endpoint in CATALOGUE.match(method, segments)]


@pytest.mark.parametrize("endpoint", CATALOGUE.endpoints, ids=lambda endpoint: endpoint.id)
def test_every_endpoint_comes_first_for_its_own_path(endpoint: Endpoint) -> None:
    path = ["4f2a" if segment is None else segment for segment in endpoint.segments]
    assert CATALOGUE.match(endpoint.method, path)[0] == endpoint


@pytest.mark.parametrize("endpoint", CATALOGUE.endpoints, ids=lambda endpoint: endpoint.id)
def test_every_endpoint_comes_first_when_its_variables_are_holes(endpoint: Endpoint) -> None:
    assert CATALOGUE.match(endpoint.method, endpoint.segments)[0] == endpoint


@pytest.mark.parametrize(
    ("method", "segments", "expected"),
    [
        pytest.param("GET", [], ["root"], id="no segment is the root"),
        pytest.param("POST", [], [], id="the root takes GET only"),
        pytest.param("get", ["versions"], ["list-versions"], id="the method in lower case"),
        pytest.param("GET", ["v2", "versions"], [], id="a prefix is no part of a path"),
        pytest.param("GET", ["Tenants", "t"], [], id="case matters"),
        pytest.param("PATCH", ["tenants", "t", "projects", "p"], [], id="an invented method"),
        pytest.param(
            None,
            ["tenants", None, "projects"],
            ["list-projects", "create-project"],
            id="an unknown method gives all, in the table's order",
        ),
        pytest.param(
            None,
            ["tenants", "t", "users", "invite"],
            ["invite-user", "retrieve-user", "update-user"],
            id="a fixed segment before a variable",
        ),
        pytest.param(
            None,
            ["tenants", "t", "users", None],
            ["retrieve-user", "update-user", "invite-user"],
            id="a hole is rather a variable than a fixed segment",
        ),
        pytest.param("DELETE", ["tenants", "t", ...], ["delete-webhook"], id="an open end"),
        pytest.param("POST", [..., "auto_designer", "run"], ["run-autodesigner"], id="an open beginning"),
    ],
)
def test_match(method: str | None, segments: Sequence[Segment], expected: list[str]) -> None:
    assert ids(method, segments) == expected


def test_an_open_end_may_be_empty_and_the_shortest_endpoint_comes_first() -> None:
    assert ids("GET", ["tenants", None, ...])[0] == "retrieve-tenant"


def test_after_an_open_middle_a_fixed_segment_comes_before_a_variable() -> None:
    assert ids("GET", ["tenants", ..., "pricing"])[0] == "retrieve-design-pricing"
    assert ids("GET", [..., "summary"])[0] == "retrieve-design-summary"


def test_a_hole_for_the_resource_matches_every_resource_of_a_tenant() -> None:
    assert {"list-users", "list-roles", "list-projects"} <= set(ids("GET", ["tenants", None, None]))


@pytest.mark.parametrize(
    ("segments", "tells"),
    [
        pytest.param(["tenants", None, "designs", None, "summary"], True, id="a design's summary"),
        pytest.param(["tenants", "t", "design_requests"], True, id="design requests"),
        pytest.param(["tenants", None, "designs", None, "auto_designer", "run"], True, id="AutoDesigner"),
        pytest.param(["tenants", None, "projects", None, "consumption_profile"], True, id="a consumption"),
        pytest.param(["tenants", None], False, id="a tenant"),
        pytest.param(["tenants", None, "users", None], False, id="a tenant's user"),
        pytest.param(["tenants", None, "projects", None], False, id="a tenant's project"),
        pytest.param(["tenants", None, None, None, None], False, id="holes where the telling words are"),
        pytest.param(["tenants", None, ...], False, id="an open end that could be anything"),
        pytest.param(["versions"], False, id="versions"),
        pytest.param([], False, id="the root"),
    ],
)
def test_only_aurora(segments: Sequence[Segment], tells: bool) -> None:
    assert bool(CATALOGUE.only_aurora(None, segments)) is tells


def test_split_path_drops_empty_segments() -> None:
    assert split_path("//tenants/{t}/users/") == ("tenants", "{t}", "users")
    assert split_path("/") == ()


def test_versions_of_old_new_and_lasting_endpoints() -> None:
    assert CATALOGUE.endpoint("root").versions == ("2018.01",)
    assert CATALOGUE.endpoint("duplicate-design").versions == ("2022.09",)
    assert CATALOGUE.endpoint("create-design").versions == ("2018.01", "2022.09")


def test_removed_query_parameters_stand_in_the_table() -> None:
    assert CATALOGUE.endpoint("create-design").removed_query == ("site_model_design_id", "include_design")


segment = st.sampled_from(["tenants", "users", "designs", "invite", "x", None, ...])


@given(st.lists(segment, max_size=5))
def test_matching_agrees_with_trying_every_expansion_of_the_open_parts(path: list[Segment]) -> None:
    endpoint = Endpoint("e", "E", "GET", "/tenants/{t}/users/invite", Status.INFERRED, "test")
    found = bool(match_endpoints([endpoint], "GET", path))
    assert found is any(fits(endpoint.segments, closed) for closed in expansions(path, 4))


def fits(template: Sequence[str | None], path: Sequence[Segment]) -> bool:
    return len(template) == len(path) and all(
        wanted is None or given is None or wanted == given
        for wanted, given in zip(template, path, strict=True)
    )


def expansions(path: Sequence[Segment], longest: int) -> Iterator[list[Segment]]:
    if ... not in path:
        yield list(path)
        return
    place = list(path).index(...)
    for count in range(longest + 1):
        yield from expansions([*path[:place], *[None] * count, *path[place + 1 :]], longest)
