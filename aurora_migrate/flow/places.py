"""Where values come from and go: operands, guards, responses and the steps into them, fields of models."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from aurora_migrate.flow.facts import Request
    from aurora_migrate.flow.modules import Module
    from aurora_migrate.flow.values import ClassValue, Piece


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One operand inside the expression or statement that composed it into something larger.

    `container` is the composing node (a `+`, an f-string, a `.join` call, a dict display, an
    `update` statement); `operand` is the part of it that can be taken out again.
    """

    module: Module
    container: cst.CSTNode
    operand: cst.CSTNode
    fixed: bool = False
    """Whether the operand's position means something: an empty text takes its place then."""

    @property
    def key(self) -> tuple[int, int]:
        return (id(self.container), id(self.operand))


@dataclass(frozen=True, slots=True, eq=False)
class Guard:
    """A test or a table's key that chose this value by an API version's name, and what decided it."""

    module: Module
    test: cst.CSTNode
    deciders: list[Piece] = field(default_factory=list)
    """The literals that were compared or looked up; those without a node are known but not to be changed."""

    @property
    def key(self) -> tuple[object, ...]:
        return (id(self.test), *[piece.key for piece in self.deciders])


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The response to a request: the requests that it may answer, one for each alternative of the URL.

    Made by the interpreter, once for each call and URL: `number` is its identity.
    """

    number: int = 0
    requests: tuple[Request, ...] = ()
    sent: Sent | None = None
    """Set where this is no response but what the code under test has sent, as a test looks at it."""
    succeeded: bool = False
    """Whether the status was seen to be below 400 on the way here."""
    reworked: bool = False
    """Whether what stands under the body's keys was made anew of what stood there: `{k: f(v) for ...}`."""
    wrapper: str = ""
    """The one key of the bodies that the response can have, where that is known."""

    def inwards(self, path: tuple[str | Marker, ...], step: str | Marker) -> str | Marker:
        """A step from a place in the body: under any key there is what is under the only one."""
        return self.wrapper if step is Marker.ITEM and not path and self.wrapper else step

    @property
    def is_guessed(self) -> bool:
        """Whether it is only guessed that the program sends the request."""
        return any(request.guess is not None for request in self.requests)


NOWHERE = Origin()
MADE = "<made>"
"""Stands for the key where it is noted that a model is made of a mapping."""
MAX_DEPTH = 12
"""How far into a body a path leads."""


@dataclass(frozen=True, slots=True, eq=False)
class Sent:
    """Which requests of a test a look at what was sent can mean."""

    test: int
    """The test (its node's identity)."""
    function: str = ""
    """Only those that this library function sent (`requests.post`), or a function of the project (`#id`)."""
    turn: int | None = None
    """Which of them in the order of sending, where the test says it by a number."""


class Marker(Enum):
    """The steps into a response that no key names."""

    # Enum's own hash is written in Python, and paths are hashed all the time.
    __hash__ = object.__hash__

    ITEM = "[]"
    """Any element of a list, or any value of an object whose key is unknown."""
    KEY = "{key}"
    """Any key of an object."""
    TEXT = "text"
    """The body before it is parsed."""
    URL = "url"
    """The URL of a request, or its path: which of them, the text says that it is held against."""
    PARAMS = "params"
    """The parameters that a request is given for its query."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model class (dataclass, attrs, pydantic), with the class whose body declares it."""

    owner: ClassValue
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """A call on the way to a fact: where, and the name of what was called."""

    module: Module
    node: cst.CSTNode
    name: str
