"""Which endpoint of Aurora's API a request is for, and so whose answer a part of a response is."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.catalogue.model import EVERY_ENDPOINT, Catalogue, Rule
from aurora_migrate.changes.urls import Owner, Target, Targets, names_on_the_way, segments
from aurora_migrate.findings import Certainty
from aurora_migrate.flow import text
from aurora_migrate.flow.facts import Facts, Request
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin
from aurora_migrate.flow.reads import Read


@dataclass(frozen=True, slots=True)
class Tie:
    """What a request can mean: how well it is known to be Aurora's, and the endpoints, the likeliest first.

    `exact`: the path leaves no doubt about the endpoint (but perhaps about the method). `is_only_alike`: it
    begins behind the tenant's id, and others may well have such a path.
    """

    certainty: Certainty
    endpoints: tuple[Endpoint, ...]
    exact: bool
    is_only_alike: bool = False


class Ties:
    """Ties requests and their responses to endpoints; every request is worked out once.

    Where the `modules` say Aurora's name although none of their `requests` has anything to do with it, those
    whose host is unknown and whose paths end like Aurora's may be what they mean.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        targets: Targets,
        requests: Collection[Request] = (),
        modules: Sequence[Module] = (),
    ) -> None:
        self._catalogue = catalogue
        self._targets = targets
        self._requests = requests
        self._modules = modules
        self._known: dict[int, tuple[Request, Tie | None]] = {}

    def of(self, request: Request) -> Tie | None:
        """The tie of a request; None when it is another vendor's or nobody can tell."""
        tie = self._seen(request)
        return self._ends_like(request) if tie is None and self._lost else tie

    def _seen(self, request: Request) -> Tie | None:
        known = self._known.get(id(request))
        if known is None:
            known = self._known[id(request)] = (request, self._of(request))
        return known[1]

    def _of(self, request: Request) -> Tie | None:
        target = self._targets.of(request.url)
        if target.owner is Owner.OTHER or self._is_nothing(request, target):
            return None
        seen = self._targets.path_seen(request.url)
        path = seen.removeprefix("/") if seen.startswith("//") else seen
        parts = segments(path.removeprefix(self._targets.prefix))
        exact = tuple(self._catalogue.spelled_out(request.method, parts))
        found = exact or tuple(self._catalogue.match(request.method, parts))
        if ... in parts:
            exact = ()
        if target.owner is Owner.AURORA or self._targets.is_signed(request):
            return Tie(Certainty.PROVEN, _likeliest(exact) or found, bool(exact))
        if not exact or not any("aurora" in name.lower() for name in names_on_the_way(request)):
            return None
        return Tie(Certainty.LIKELY, _likeliest(exact), True)

    def _is_nothing(self, request: Request, target: Target) -> bool:
        """Whether no part of a URL is known: that is the path of the root no more than any other."""
        return target.owner is Owner.UNKNOWN and target.path_start == len(text.characters(request.url))

    def concerned(self, request: Request, rule: Rule) -> Certainty | None:
        """How well a request is known to be for an endpoint of the rule; None when it is for another one.

        LIKELY also when the path may as well mean an endpoint that the rule does not concern.
        """
        tie = self.of(request)
        if tie is None:
            return None
        if EVERY_ENDPOINT in rule.endpoints:
            if tie.is_only_alike and not any(endpoint.distinctive for endpoint in tie.endpoints):
                return None
            return tie.certainty if request.guess is None else Certainty.LIKELY
        wanted = [endpoint.id in rule.endpoints for endpoint in tie.endpoints]
        if not any(wanted):
            return None
        certain = tie.exact and all(wanted) and request.guess is None
        return tie.certainty if certain else Certainty.LIKELY

    @cached_property
    def _lost(self) -> bool:
        """Whether the project means Aurora, and nothing that it sends shows it."""
        is_seen = any(self._seen(request) is not None for request in self._requests)
        return not is_seen and any("aurora" in module.text.lower() for module in self._modules)

    def _ends_like(self, request: Request) -> Tie | None:
        """The tie of a request to an unknown host with a path of Aurora's, the tenant's id in it or not."""
        target = self._targets.of(request.url)
        if target.owner is not Owner.UNKNOWN or self._is_nothing(request, target):
            return None
        if self._targets.is_others_default(request.url):
            return None
        path = text.characters_of_path(request.url)[target.path_start :]
        parts = segments(path.removeprefix(self._targets.prefix))
        whole = tuple(self._catalogue.spelled_out(request.method, parts))
        found = whole or tuple(self._catalogue.below_tenants(request.method, parts))
        return Tie(Certainty.LIKELY, _likeliest(found), bool(whole), not whole) if found else None

    def answered(self, origin: Origin, rule: Rule) -> Certainty | None:
        """How well a response is known to be that of the rule's endpoints; None when it is not.

        PROVEN only when whatever request it may answer is Aurora's.
        """
        found = [self.concerned(request, rule) for request in origin.requests]
        telling = [certainty for certainty in found if certainty is not None]
        if not telling:
            return None
        ours = all(self.of(request) is not None for request in origin.requests)
        proven = ours and Certainty.PROVEN in telling and not self._twins(origin.requests)
        return Certainty.PROVEN if proven else Certainty.LIKELY

    def _twins(self, requests: Iterable[Request]) -> set[int]:
        """The requests that the same call sends with the prefix of the old version and without it.

        Something that no test for a version shows chooses between them: nobody can tell for which version
        the code around is. (The identities of the requests.)
        """
        prefix = self._targets.prefix
        ways: dict[tuple[Hashable, ...], dict[str, Request]] = {}
        for request in requests:
            seen = text.characters(request.url)
            ways.setdefault((id(request.node), request.callers), {}).setdefault(seen, request)
        found: set[int] = set()
        for urls in ways.values():
            for seen, request in urls.items() if len(urls) > 1 else ():
                start = self._targets.of(request.url).path_start
                other = urls.get(seen[:start] + seen[start:].removeprefix(prefix))
                guarded = any(piece.guards for piece in request.url.pieces)
                if other is not None and other is not request and not guarded:
                    found |= {id(request), id(other)}
        return found

    def wrappers(self, origin: Origin) -> set[str]:
        """The keys that wrap the bodies which this response can have (empty text: no wrapper is known)."""
        ties = (self.of(request) for request in origin.requests)
        return {endpoint.response_wrapper for tie in ties if tie is not None for endpoint in tie.endpoints}

    def wrapper(self, requests: Iterable[Request]) -> str:
        """The key that wraps the bodies of all responses to these requests; empty where none is known."""
        ties = [self.of(request) for request in requests]
        found = {
            endpoint.response_wrapper if tie.exact else ""
            for tie in ties
            if tie is not None
            for endpoint in tie.endpoints
        }
        return found.pop() if len(found) == 1 and None not in ties else ""

    def requests(self, facts: Facts, rule: Rule) -> Iterator[tuple[Request, Certainty]]:
        """The requests to the rule's endpoints, those of which nothing but the making is seen included."""
        twins = self._twins(facts.requests.values())
        for request in facts.requests.values():
            certainty = self.concerned(request, rule)
            if certainty is not None:
                yield request, Certainty.LIKELY if id(request) in twins else certainty

    def guessed(self, facts: Facts, rule: Rule) -> Iterator[Request]:
        """The requests to the rule's endpoints that are only guessed to be sent."""
        for request in facts.guessed.values():
            if self.concerned(request, rule) is not None:
                yield request

    def reads(self, facts: Facts, rule: Rule) -> Iterator[tuple[Read, Certainty]]:
        """The looks into responses of the rule's endpoints."""
        answers: dict[int, Certainty | None] = {}
        for read in facts.reads.values():
            origin = read.part.origin
            if origin.number not in answers:
                answers[origin.number] = self.answered(origin, rule)
            certainty = answers[origin.number]
            if certainty is not None:
                yield read, certainty


def reason_guessed(requests: Iterable[Request]) -> str:
    """Why nobody can tell that these are sent, if it is a guess; empty when none is."""
    for guess in (request.guess for request in requests):
        if guess is not None:
            place = f"{guess.module.path.name}:{guess.module.location(guess.node).start.line}"
            home = guess.kind.scope.module.path.name
            return (
                f"nobody is seen to give `{guess.holder}` at {place}; by its name and method it is an object "
                f"of `{guess.kind.name}` ({home}): annotate it so, and the rest is done for you"
            )
    return ""


def _likeliest(found: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
    """The best fit, and the same path with other methods."""
    return tuple(endpoint for endpoint in found if endpoint.path == found[0].path)
