"""Test doubles tied to the API: which requests each answer and each expectation of a test can be for."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TypeVar

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.doubles import stand_ins
from aurora_migrate.changes.doubles.asked_paths import has_path
from aurora_migrate.changes.doubles.carried import carried_objects, carries, fits
from aurora_migrate.changes.doubles.denials import is_denied
from aurora_migrate.changes.sent import every_object
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty
from aurora_migrate.flow import doubles as flow
from aurora_migrate.flow import text
from aurora_migrate.flow.bodies import displayed
from aurora_migrate.flow.facts import Body, Facts, Request
from aurora_migrate.flow.parts import wrapped
from aurora_migrate.flow.places import Marker, Origin, Sent
from aurora_migrate.flow.reads import Form
from aurora_migrate.flow.values import UNKNOWN, Part, Piece, Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tied:
    """A double or expectation as a request: what it says, with the URL of what it is for.

    `certain`: whatever request it can be for is Aurora's.
    """

    request: Request
    certain: bool
    double: flow.Double | None = None
    always: frozenset[str] = frozenset()
    """For an expected body: the keys that whatever is meant certainly has."""


class Doubles:
    """The doubles and expectations of a project that have to do with Aurora."""

    def __init__(self, context: Context) -> None:
        self.context = context
        facts = context.facts.doubles
        self.facts = facts if facts is not None else flow.Doubles()
        self._by_node: dict[int, list[Request]] = {}
        self._unseen: dict[int, list[Request]] = {}
        for request in context.facts.requests.values():
            self._by_node.setdefault(id(request.node), []).append(request)

    # -- what is said

    def answers(self) -> Iterator[Tied]:
        """The recorded answers, each as a request to Aurora that carries the answer as its body."""
        for double in [*self.facts.answers.values(), *stand_ins.found(self.context)]:
            found = self._of_answer(double)
            yield from self._tied(double.as_request(), found, double.bodies, double.status, double)

    def expected(self) -> Iterator[Tied]:
        """What tests expect to be sent, as requests to Aurora."""
        for expected in self.facts.expected.values():
            request = expected.request
            if self._is_told(request.url):
                found = [request]
            else:
                sent = self._sent_in(expected.tests, expected.sent)
                at = text.characters(request.url)
                found = [each for each in sent if has_path(self.context, each, at)] if at else sent
            fitting = [each for each in found if each is request or fits(each, request.bodies)]
            fitting = self._settled(fitting, expected.tests, expected.sent)
            always = self._always(expected)
            for tied in self._tied(request, fitting, (), None, None):
                yield replace(tied, always=always)

    def _always(self, expected: flow.Expected) -> frozenset[str]:
        """The keys that every request which can be meant has in the display of its body."""
        at = text.characters(expected.request.url)[self.context.targets.of(expected.request.url).path_start :]
        known = [
            displayed(body.mapping, [entry for entry, _ in body.fields])
            for each in self._sent_in(expected.tests, expected.sent)
            if (not at or has_path(self.context, each, at)) and fits(each, expected.request.bodies)
            for body in each.bodies
            if body.mapping is not None
        ]
        return frozenset.intersection(*known) if known else frozenset()

    def compared(self) -> Iterator[Tied]:
        """Objects of the program that tests hold against their own, where those are sent to Aurora."""
        # What a function was only tried with counts where nothing else is seen.
        sent = sorted(self.context.facts.requests.values(), key=lambda request: request.explored)
        carried = carried_objects(request for request in sent if self._is_ours(request))
        covered: set[int] = set()
        for compared in self.facts.compared.values():
            found = [carried[place] for place in compared.places if place in carried]
            if not found or all(id(body.value) in covered for body in compared.bodies):
                continue
            _, request, path = min(found, key=itemgetter(0))
            # What is inside of it is held against each other, too: that is no object of its own.
            covered.update(id(each.value) for body in compared.bodies for each in every_object(body))
            said = flow.double_request(
                compared.module,
                compared.node,
                "compared",
                request.method,
                request.url,
                tuple(wrapped(body, Part(path=path)) for body in compared.bodies),
                {},
            )
            yield Tied(said, True, always=frozenset() if path else compared.always)

    def looks(self) -> Facts:
        """The looks of tests into what was sent, each part with the requests that it can be a part of."""
        seen = self.context.facts.of_sent or Facts()
        resolved = _Resolved(self)
        reads = {
            key: replace(read, part=resolved.part(read.part, read.name))
            for key, read in seen.reads.items()
            # A subscript finds something, or fails: it denies nothing but what it finds.
            if read.form is Form.SUBSCRIPT or not is_denied(read.module, read.node)
        }
        matches = {key: replace(match, part=resolved.part(match.part)) for key, match in seen.matches.items()}
        return replace(
            self.context.facts,
            reads=reads,
            matches=matches,
            part_nodes=resolved.keyed(seen.part_nodes),
            part_takers=resolved.keyed(seen.part_takers),
            part_copies=resolved.keyed(seen.part_copies),
            parts=seen.parts,
            takings=seen.takings,
        )

    def looked_at(self, origin: Origin, names: list[str] | None) -> list[Request]:
        """The requests that may be looked at under these keys of their bodies (None: beside their bodies)."""
        if origin.requests or origin.sent is None:
            return list(origin.requests)
        found = self._sent_in({origin.sent.test}, origin.sent) or self._answered_in(origin.sent)
        fitting = [each for each in found if names is None or carries(each, names)]
        if not fitting and names:
            # Nothing holds it: it is looked for in vain, in what holds the object around it.
            fitting = [each for each in found if carries(each, names[:-1])]
        return self._settled(fitting, {origin.sent.test}, origin.sent)

    def _answered_in(self, sent: Sent) -> list[Request]:
        """What a test must send whose code is not seen (a script that it runs): what it has answers for."""
        if sent.function:
            return []
        if sent.test not in self._unseen:
            self._unseen[sent.test] = [
                replace(double.as_request(), bodies=(), open_keywords=True)
                for double in self.facts.answers.values()
                if sent.test in double.tests and double.url is not None and self._is_told(double.url)
            ]
        return self._unseen[sent.test]

    def _settled(self, found: list[Request], tests: set[int], sent: Sent | None) -> list[Request]:
        """Of requests to several servers, the one that a number tells by the order of sending."""
        if sent is None or sent.turn is None or all(self._is_ours(each) for each in found):
            return found
        order = self._sent_in(tests, sent)
        told = order[sent.turn : sent.turn + 1]
        return told if told and any(each is told[0] for each in found) else found

    def foreign(self) -> Iterator[Request]:
        """The doubles of other servers, as requests with what they answer."""
        for double in [*self.facts.answers.values(), *stand_ins.found(self.context)]:
            if any(not self._is_ours(each) for each in self._of_answer(double)):
                yield replace(double.as_request(), url=Text((Piece("https://elsewhere.invalid/"),)))

    def urls(self) -> Iterator[Request]:
        """The URLs that doubles and expectations spell, as requests; of paths, those that are Aurora's."""
        for double in self.facts.answers.values():
            if double.url is not None:
                yield from self._url(double.as_request(), double.url, double.tests, None)
        yield from (each for each in self.facts.spelled.values() if self._is_told(each.url))
        for expected in self.facts.expected.values():
            yield from self._url(expected.request, expected.request.url, expected.tests, expected.sent)
        sent = self.context.facts.of_sent
        for match in sent.matches.values() if sent is not None else ():
            origin = match.part.origin
            if not _is_url(match.part) or origin.sent is None or is_denied(match.module, match.node):
                continue
            # What a URL begins with, or contains, goes on somehow.
            rest = (Piece(None, hole=UNKNOWN),) if match.how == "search" else ()
            url = Text((*match.value.pieces, *rest))
            made = flow.double_request(match.module, match.node, "sent", None, url, (), {})
            yield from self._url(made, url, {origin.sent.test}, origin.sent, origin.requests)

    def sought(self) -> Iterator[Text]:
        """All texts that stand for URLs in tests, Aurora's or not."""
        for double in self.facts.answers.values():
            if double.url is not None:
                yield double.url
        for spelled in self.facts.spelled.values():
            yield spelled.url
        for expected in self.facts.expected.values():
            yield expected.request.url
        sent = self.context.facts.of_sent
        for match in sent.matches.values() if sent is not None else ():
            if _is_url(match.part):
                yield match.value

    def _url(
        self,
        request: Request,
        url: Text,
        tests: set[int],
        sent: Sent | None,
        known: Iterable[Request] = (),
    ) -> Iterator[Request]:
        """A URL as it is, or a path behind the host of the Aurora request that it is the path of."""
        if self._is_told(url):
            yield request
            return
        path = text.characters(url)
        if not path.startswith("/"):
            return
        candidates = [*known, *self._sent_in(tests, sent)]
        same = [each for each in candidates if has_path(self.context, each, path)]
        ours = [each for each in same if self._is_ours(each)]
        if ours and len(ours) == len(same):
            host = self.context.targets.of(ours[0].url).host or next(iter(self.context.targets.hosts))
            yield replace(request, url=Text((Piece(f"https://{host}"), *url.pieces)))

    # -- whom it is said of

    def _is_told(self, url: Text) -> bool:
        return self.context.targets.of(url).owner is not Owner.UNKNOWN

    def _is_ours(self, request: Request) -> bool:
        tie = self.context.ties.of(request)
        return tie is not None and tie.certainty is Certainty.PROVEN

    def _of_answer(self, double: flow.Double) -> list[Request]:
        """The requests that a recorded answer can be for."""
        if double.part is not None:
            return list(double.part.origin.requests)
        if double.url is not None and self._is_told(double.url):
            return self._matched(double, double.url) or [double.as_request()]
        if double.called_at:
            return [each for node in double.called_at for each in self._by_node.get(node, ())]
        if double.answers:
            return self._by_turn(double)
        sent = self._sent_in(double.tests, None)
        if double.url is not None:
            path = text.characters(double.url)
            sent = [each for each in sent if has_path(self.context, each, path)]
        return [each for each in sent if double.method in (None, each.method)]

    def _matched(self, double: flow.Double, url: Text) -> list[Request]:
        """The requests that begin as a pattern does: its own text ends where the pattern is no literal."""
        if not double.pattern:
            return []
        path = text.characters(url)[self.context.targets.of(url).path_start :]
        sent = self._sent_in(double.tests, None)
        return [e for e in sent if has_path(self.context, e, path) and double.method in (None, e.method)]

    def _by_turn(self, double: flow.Double) -> list[Request]:
        """Of answers given one after the other, the first is for the first request, and so on."""
        if double.turn is None or len(double.tests) != 1:
            return list(double.answers.values())
        sent = [
            each
            for each in self.facts.sent_in.get(next(iter(double.tests)), {}).values()
            if each.function == double.function
        ]
        index, count = double.turn
        if sent and (index == 0 or count == len(sent)) and index < len(sent):
            return [sent[index]]
        return list(double.answers.values())

    def _sent_in(self, tests: set[int], sent: Sent | None) -> list[Request]:
        found = [each for test in sorted(tests) for each in self.facts.sent_in.get(test, {}).values()]
        if sent is not None and sent.function.startswith("#"):
            node = int(sent.function[1:])
            return [each for each in found if any(id(step.node) == node for step in each.stack)]
        if sent is not None and "." in sent.function:
            return [each for each in found if each.function == sent.function]
        return found

    def _tied(
        self,
        said: Request,
        found: list[Request],
        bodies: tuple[Body, ...],
        status: int | None,
        double: flow.Double | None,
    ) -> Iterator[Tied]:
        """What is said, once for each Aurora request that it can be for."""
        settled = {
            id(each.node) for each in found if self.context.targets.of(each.url).owner is not Owner.UNKNOWN
        }
        found = [
            each
            for each in found
            if id(each.node) not in settled or self.context.targets.of(each.url).owner is not Owner.UNKNOWN
        ]
        ours = [each for each in found if self._is_ours(each)]
        certain = len(ours) == len(found)
        if double is not None and double.part is None and not _is_refusal(status):
            ours = [each for each in ours if self._is_wrapped(each, bodies)] or ours
        for each in ours:
            carried = said.bodies if double is None else self._carried(each, double)
            method = each.method or said.method
            yield Tied(replace(said, url=each.url, method=method, bodies=carried), certain, double)

    def _carried(self, request: Request, double: flow.Double) -> tuple[Body, ...]:
        """What a recorded answer says, as a body that is sent to the endpoint would say it."""
        if _is_refusal(double.status):
            return ()
        bodies = double.bodies
        if double.part is not None:
            bodies = tuple(wrapped(body, double.part) for body in bodies)
        tie = self.context.ties.of(request)
        endpoint = tie.endpoints[0] if tie is not None and tie.endpoints else None
        if endpoint is None or not endpoint.response_wrapper:
            return bodies
        inner = tuple(held for body in bodies for _, held in body.at(endpoint.response_wrapper))
        if not endpoint.request_wrapper:
            return inner
        return bodies if inner else ()

    def _is_wrapped(self, request: Request, bodies: tuple[Body, ...]) -> bool:
        tie = self.context.ties.of(request)
        wrappers = {each.response_wrapper for each in tie.endpoints} if tie is not None else set()
        return any(wrapper and any(body.at(wrapper)) for wrapper in wrappers for body in bodies)


class _Resolved:
    """Parts of what was sent, their origins told apart by the requests that they can be a part of."""

    def __init__(self, doubles: Doubles) -> None:
        self._doubles = doubles
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}

    def part(self, part: Part, name: str | None = None) -> Part:
        """The part, its origin with what it can be."""
        names = [step for step in (*part.path, name) if isinstance(step, str)]
        requests = self._doubles.looked_at(part.origin, None if Marker.PARAMS in part.path else names)
        known = (part.origin.number, tuple(id(request) for request in requests))
        number = self._numbers.setdefault(known, -len(self._numbers) - 1)
        return replace(part, origin=replace(part.origin, number=number, requests=tuple(requests)))

    def keyed(self, nodes: dict[Hashable, T]) -> dict[Hashable, T]:
        """What is kept by parts' keys, under the keys that the parts have now."""
        now: dict[int, list[int]] = {}
        for (old, _), number in self._numbers.items():
            now.setdefault(old, []).append(number)
        found: dict[Hashable, T] = {}
        for key, held in nodes.items():
            if isinstance(key, tuple):
                found.update({(number, *key[1:]): held for number in now.get(key[0], ())})
        return found


def _is_refusal(status: int | None) -> bool:
    return status is not None and status >= 400


def _is_url(part: Part) -> bool:
    return part.path[-1:] == (Marker.URL,)
