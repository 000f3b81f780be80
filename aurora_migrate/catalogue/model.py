"""The typed model of rules/: rules, their parameters and examples, and the catalogue that holds them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from aurora_migrate.catalogue.endpoints import Endpoint, Segment, below_tenants, match_endpoints, spelled_out
from aurora_migrate.catalogue.kinds import placeholder_of
from aurora_migrate.catalogue.templates import fill
from aurora_migrate.findings import Applicability

EVERY_ENDPOINT = "*"

Value: TypeAlias = str | bool | tuple[str, ...] | Mapping[str, str]


class Where(str, Enum):
    """The part of a call that a change touches."""

    PATH = "path"
    HEADER = "header"
    QUERY = "query"
    REQUEST_BODY = "request-body"
    RESPONSE_BODY = "response-body"
    STATUS = "status"
    CLIENT = "client"


class Parameters(Mapping[str, Value]):
    """What a rule tells its kind; the types were checked against the kind's schema on load."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Parameters({self._values!r})"

    def text(self, key: str) -> str:
        """The text under `key`."""
        value = self._values[key]
        if not isinstance(value, str):
            raise TypeError(f"parameter {key} is no text")
        return value

    def flag(self, key: str) -> bool:
        """The truth value under `key`."""
        value = self._values[key]
        if not isinstance(value, bool):
            raise TypeError(f"parameter {key} is no flag")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`."""
        value = self._values[key]
        if not isinstance(value, tuple):
            raise TypeError(f"parameter {key} is no list")
        return value

    def text_map(self, key: str) -> Mapping[str, str]:
        """The table of texts under `key`, in the file's order."""
        value = self._values[key]
        if not isinstance(value, Mapping):
            raise TypeError(f"parameter {key} is no table")
        return value


@dataclass(frozen=True, slots=True)
class Example:
    """A small program before and after `check --fix --unsafe-fixes` with the rules that are on by default.

    `before` and `after` map file names to texts; `after` equals `before` where nothing is rewritten.
    `unchanged` says that nothing is found either. `by_hand` are the places left to the reader, as `file:line`
    of `after`. `config` is the text of a pyproject.toml.
    """

    id: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    unchanged: bool
    by_hand: tuple[str, ...] = ()
    config: str = ""

    @property
    def rewritten(self) -> bool:
        """Whether anything is rewritten."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Rule:
    """One breaking change of one API version.

    `source` is the sentence that the rule implements, word for word, and `reference` says where it stands.
    `switch` names the option of `check` that alone turns the rule on; empty for a rule that is selected.
    `why` gives the reason for the applicability. `messages` has `finding`, and where the rule has a fix `fix`
    and `manual`.
    """

    code: str
    name: str
    version: str
    default: bool
    switch: str
    summary: str
    source: str
    reference: str
    endpoints: tuple[str, ...]
    where: tuple[Where, ...]
    kind: str
    parameters: Parameters
    applicability: Applicability
    why: str
    messages: Mapping[str, str]
    advice: str
    examples: tuple[Example, ...]

    def message(self, which: str, **values: str) -> str:
        """The message `finding`, `fix` or `manual`, filled from the parameters and `values`."""
        return fill(self.messages[which], {**self._texts(), **values})

    def advise(self, **values: str) -> str:
        """What to write by hand, filled from the parameters and `values` (token)."""
        return fill(self.advice, {**self._texts(), **values})

    def _texts(self) -> dict[str, str]:
        return {
            placeholder_of(key): value for key, value in self.parameters.items() if isinstance(value, str)
        }


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that is known of the API.

    `rules` maps codes, in their order, to rules; `hosts` maps host names to `production` or `sandbox`.
    """

    rules: Mapping[str, Rule]
    endpoints: tuple[Endpoint, ...]
    hosts: Mapping[str, str]
    _by_id: Mapping[str, Endpoint] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {endpoint.id: endpoint for endpoint in self.endpoints})

    def endpoint(self, endpoint_id: str) -> Endpoint:
        """The endpoint of that id; KeyError when there is none."""
        return self._by_id[endpoint_id]

    def endpoints_of(self, rule: Rule) -> tuple[Endpoint, ...]:
        """The endpoints that `rule` concerns, in the table's order."""
        if EVERY_ENDPOINT in rule.endpoints:
            return self.endpoints
        return tuple(endpoint for endpoint in self.endpoints if endpoint.id in rule.endpoints)

    def match(self, method: str | None, segments: Sequence[Segment]) -> list[Endpoint]:
        """The endpoints that `method` on the path `segments` (without `/v2`) can mean, most specific first.

        In `segments` None is one unknown segment and `...` any number of them; a method of None is unknown.
        """
        return match_endpoints(self.endpoints, method, segments)

    def spelled_out(self, method: str | None, segments: Sequence[Segment]) -> list[Endpoint]:
        """As `match`, but only the endpoints whose every fixed segment stands in `segments` as text."""
        return spelled_out(self.endpoints, method, segments)

    def below_tenants(self, method: str | None, segments: Sequence[Segment]) -> list[Endpoint]:
        """As `spelled_out`, of a path that begins behind the tenant's id."""
        return below_tenants(self.endpoints, method, segments)

    def only_aurora(self, method: str | None, segments: Sequence[Segment]) -> list[Endpoint]:
        """The matching endpoints whose path alone tells Aurora: distinctive and spelled out."""
        return [found for found in spelled_out(self.endpoints, method, segments) if found.distinctive]
