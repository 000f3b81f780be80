"""Test doubles as facts: recorded answers, what tests expect of requests, and which requests a test sends."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path

import libcst as cst

from aurora_migrate.flow.facts import Body, Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Sent
from aurora_migrate.flow.values import Part, Text, key_of


@dataclass(slots=True, eq=False)
class Double:
    """An answer that a test gives in the place of a server, or of a function that would ask one."""

    module: Module
    node: cst.CSTNode
    """The call that registers it, or the place that holds the answer."""
    library: str
    method: str | None
    url: Text | None
    """The URL that it stands for, as far as its text says; None where it answers whatever is asked."""
    pattern: bool = False
    """Whether the URL is the literal beginning of a regular expression."""
    status: int | None = None
    bodies: tuple[Body, ...] = ()
    texts: tuple[Text, ...] = ()
    """Recorded bodies that are texts."""
    part: Part | None = None
    """Set where a function of the project is replaced: what it would return of a response."""
    turn: tuple[int, int] | None = None
    """Where it stands in a list of answers that are given one after the other, and how many these are."""
    function: str = ""
    """The library function that it replaces, when it does."""
    answers: dict[Hashable, Request] = field(default_factory=dict)
    """The requests that it was seen to answer."""
    called_at: set[int] = field(default_factory=set)
    """Calls in the code under test that got it as their result, by the identity of their nodes."""
    tests: set[int] = field(default_factory=set)

    @property
    def key(self) -> Hashable:
        return (
            id(self.node),
            self.method,
            key_of(self.url) if self.url is not None else None,
            self.status,
            tuple(key_of(value) for value in (*(body.value for body in self.bodies), *self.texts)),
            self.part.key if self.part is not None else None,
        )

    def as_request(self) -> Request:
        """The request that it answers, as far as the double itself tells, with the answer as its body."""
        url = self.url if self.url is not None else Text(())
        return double_request(self.module, self.node, self.library, self.method, url, self.bodies, {})


@dataclass(slots=True, eq=False)
class Expected:
    """What a test expects of a request: in an assertion, or in a double's matchers."""

    module: Module
    node: cst.CSTNode
    request: Request
    """Its URL is empty where nothing is said of it."""
    sent: Sent | None = None
    """Which of the requests that the test sends are meant, where no URL tells."""
    tests: set[int] = field(default_factory=set)

    @property
    def key(self) -> Hashable:
        bodies = tuple(key_of(body.value) for body in self.request.bodies)
        return (id(self.node), self.request.key, bodies)


def double_request(
    module: Module,
    node: cst.CSTNode,
    library: str,
    method: str | None,
    url: Text,
    bodies: tuple[Body, ...],
    roles: dict[str, Role],
) -> Request:
    """A request that nobody sends: the shape in which the kinds of change look at doubles."""
    return Request(
        module, node, library, method, url, roles, False, None, {}, (), (), False, True, False, bodies
    )


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """An object of the program that a test holds against one of its own."""

    module: Module
    node: cst.CSTNode
    places: frozenset[Hashable]
    """Where the entries of the program's object were made."""
    bodies: tuple[Body, ...]
    """The test's own object."""
    always: frozenset[str] = frozenset()
    """The keys that the program's object certainly has: they are in its display."""


@dataclass(frozen=True, slots=True, eq=False)
class StandIn:
    """An object that a test made, where the program looks into what it gets from a server otherwise."""

    module: Module
    node: cst.CSTNode
    bodies: tuple[Body, ...]


@dataclass(slots=True)
class Doubles:
    """All doubles and expectations of a project."""

    answers: dict[Hashable, Double] = field(default_factory=dict)
    expected: dict[Hashable, Expected] = field(default_factory=dict)
    compared: dict[Hashable, Compared] = field(default_factory=dict)
    stand_ins: dict[int, dict[Hashable, StandIn]] = field(default_factory=dict)
    """By what looks into them (a subscript, a call of `.get`)."""
    spelled: dict[Hashable, Request] = field(default_factory=dict)
    """URLs that tests use as keys, as requests."""
    files: dict[int, set[Path]] = field(default_factory=dict)
    """The JSON files that calls in tests read, by the identity of the call's node."""
    spelled_files: set[int] = field(default_factory=set)
    """The string nodes that name the files which calls were seen to read."""
    read_at: set[int] = field(default_factory=set)
    """The calls of which the file is known, at least where some caller leads to them."""
    unread: dict[int, tuple[Module, cst.CSTNode]] = field(default_factory=dict)
    """Calls that read JSON files of which the code does not tell the names."""
    paired: dict[int, dict[int, tuple[Module, cst.Arg]]] = field(default_factory=dict)
    """By an argument that a mock was given in a test: the arguments that the test expects there."""
    noted: int = 0
    """How often an answer was noted, so that it can be told whether a call did so."""
    sent_in: dict[int, dict[Hashable, Request]] = field(default_factory=dict)
    """What the code under test sends in each test, by the identity of the test's node."""

    def add(self, double: Double, test: int) -> Double:
        self.noted += 1
        known = self.answers.setdefault(double.key, double)
        known.tests.add(test)
        known.answers.update(double.answers)
        known.called_at |= double.called_at
        return known

    def expect(self, expected: Expected, test: int) -> None:
        self.expected.setdefault(expected.key, expected).tests.add(test)

    def compare(self, compared: Compared) -> None:
        key = (id(compared.node), compared.places, tuple(key_of(body.value) for body in compared.bodies))
        self.compared.setdefault(key, compared)

    def stand_in(self, looker: int, made: StandIn) -> None:
        key = tuple(key_of(body.value) for body in made.bodies)
        self.stand_ins.setdefault(looker, {}).setdefault((id(made.node), key), made)

    def note_sent(self, test: int, request: Request) -> None:
        self.sent_in.setdefault(test, {}).setdefault(request.key, request)
