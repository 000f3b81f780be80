"""What requests to a rule's endpoints carry in their bodies, and what else is sent from the same places."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.urls import Owner
from aurora_migrate.findings import Certainty
from aurora_migrate.flow import text
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Body, Facts, Kept, Request
from aurora_migrate.flow.values import Entry, Mapping, Text

MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Held:
    """An entry of an object in a request's body, with what it held when it was sent."""

    request: Request
    certainty: Certainty
    owner: Body
    entry: Entry
    bodies: tuple[Body, ...]
    trial: bool
    """Whether a function was only tried there: what its seen callers give is not unknown."""


class Sent:
    """The bodies of one rule's requests; those of all others are known by what makes their entries."""

    def __init__(self, context: Context, rule: Rule) -> None:
        self.context = context
        self.rule = rule
        others = {
            id(request.node)
            for request in context.facts.requests.values()
            if context.targets.of(request.url).owner is Owner.OTHER
        }
        found = [
            (request, certainty)
            for request, certainty in context.ties.requests(context.facts, rule)
            # A host of the environment whose default is another's is another's.
            if certainty is Certainty.PROVEN or id(request.node) not in others
        ]
        guessed = list(context.ties.guessed(context.facts, rule))
        known = [request.bodies for request, _ in found if guessed]
        self._known = {place for bodies in known for place, _ in _keys_of(bodies)}
        """The places of entries that no guess has to tell of."""
        found.extend((request, Certainty.LIKELY) for request in guessed)
        self._called = {id(step.node) for request, _ in found for step in request.stack[request.explored :]}
        self.requests = found
        self._ours = {id(request) for request, _ in found}
        self._ways: dict[int, set[Hashable]] = {}
        for request, _ in found:
            self._ways.setdefault(id(request.node), set()).add(self._way(request))
        self.looked_at: dict[int, set[Hashable]] = {}
        """The places of the entries that each look may find."""
        for place, held in context.facts.looks.items():
            for node in held:
                self.looked_at.setdefault(node, set()).add(place)
        self.foreign = self._foreign()
        """Where entries of other bodies are made, with whom those go to."""

    def is_trial(self, fact: Request | Kept) -> bool:
        """Whether a function was only tried there that the program is seen to call elsewhere."""
        return fact.explored and bool(fact.stack) and id(fact.stack[0].node) in self._called

    def entries(self, *names: str) -> Iterator[Held]:
        """The entries of these names in the objects that may hold the rule's fields."""
        for request, certainty in self.requests:
            for body in request.bodies:
                for owner in self._owners(request, body):
                    for entry, held in owner.fields:
                        if (
                            entry.name in names
                            and not is_guarded(entry)
                            and not self.is_known(request, entry)
                        ):
                            trial = self.is_trial(request)
                            yield Held(request, certainty, owner, entry, held, trial)

    def tops(self) -> Iterator[tuple[Request, Certainty, Body]]:
        """The bodies, and the objects one level inside them."""
        for request, certainty in self.requests:
            for body in request.bodies:
                yield request, certainty, body
                for _, held in body.fields:
                    for inner in held:
                        if isinstance(inner.value, Mapping):
                            yield request, certainty, inner

    def is_known(self, request: Request, entry: Entry) -> bool:
        """Whether it is only guessed that the request is sent, and others are known to send the entry."""
        return request.guess is not None and any(each.place in self._known for each in entry.every())

    def _owners(self, request: Request, body: Body) -> Iterator[Body]:
        tie = self.context.ties.of(request)
        wrappers = {each.request_wrapper for each in tie.endpoints} if tie is not None else set()
        for wrapper in wrappers - {""}:
            for _, inner in body.at(wrapper):
                yield inner
        if "" in wrappers:
            yield from every_object(body)

    def _is_foreign(self, request: Request) -> bool:
        """Whether a request goes to others, or may do so when somebody calls its function whom nobody sees.

        What a call of ours sends to another host is ours, unless it comes there by a way of its own or has
        a path of its own: hosts of the environment have defaults.
        """
        if id(request) in self._ours or self.is_trial(request):
            return False
        ways = self._ways.get(id(request.node))
        if ways is None:
            return True
        is_other = self.context.targets.of(request.url).owner is Owner.OTHER
        return is_other and self._way(request) not in ways

    def _way(self, request: Request) -> Hashable:
        path = text.characters(request.url)[self.context.targets.of(request.url).path_start :]
        return tuple(id(step.node) for step in request.stack), path

    def _foreign(self) -> dict[tuple[Hashable, str], str]:
        found: dict[tuple[Hashable, str], str] = {}
        keys = _keys_of_bodies(self.context.facts)
        for request in self.context.facts.requests.values():
            if not self._is_foreign(request):
                continue
            whom = f"{request.method or 'a request'} at {_place(request)}"
            for key in keys[id(request)]:
                found.setdefault(key, whom)
        doubles = self.context.facts.doubles
        answers = doubles.answers.values() if doubles is not None else ()
        registered = {id(double.node) for double in answers}
        for kept in self.context.facts.kept.values():
            # What a mock is given, tried as if nobody knew the mock, is an answer and no more.
            if self.is_trial(kept) or id(kept.node) in registered:
                continue
            whom = f"`{kept.name}` at {_place(kept)}"
            for key in keys[id(kept)]:
                found.setdefault(key, whom)
        return found

    def elsewhere(self, entry: Entry) -> str:
        """Who else gets this entry, empty when nobody does."""
        for each in entry.every():
            whom = self.foreign.get((each.place, each.name or ""))
            if whom:
                return whom
        return ""


def is_guarded(entry: Entry) -> bool:
    """Whether a test for the API's version chose the entry: the program has the other version's, too."""
    if entry.key_piece is not None and entry.key_piece.guards:
        return True
    texts = [option for option in options(entry.value) if isinstance(option, Text) and option.pieces]
    if entry.key_piece is not None or not texts or len(texts) != len(options(entry.value)):
        return False
    return all(piece.guards for found in texts for piece in found.pieces)


def every_object(body: Body, depth: int = 0) -> Iterator[Body]:
    """The objects of a body, itself included."""
    if body.fields:
        yield body
    if depth >= MAX_DEPTH:
        return
    for _, held in body.fields:
        for inner in held:
            yield from every_object(inner, depth + 1)
    for item in body.items:
        yield from every_object(item, depth + 1)


@lru_cache(maxsize=2)
def _keys_of_bodies(facts: Facts) -> dict[int, list[tuple[Hashable, str]]]:
    """What makes the entries of bodies, each with its name, by the identity of what carries the bodies."""
    carriers: list[Request | Kept] = [*facts.requests.values(), *facts.kept.values()]
    return {id(each): list(dict.fromkeys(_keys_of(each.bodies))) for each in carriers}


def _keys_of(bodies: Iterable[Body]) -> Iterator[tuple[Hashable, str]]:
    for body in bodies:
        for owner in every_object(body):
            for entry, _ in owner.fields:
                for each in entry.every():
                    if each.place is not None and each.name is not None:
                        yield each.place, each.name


def _place(fact: Request | Kept) -> str:
    return f"{fact.module.path.name}:{fact.module.location(fact.node).start.line}"
