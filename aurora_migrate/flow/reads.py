"""Facts about what a program does with answers: looks at keys, tests of what is there, models made of it."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Field, Step
from aurora_migrate.flow.values import ClassValue, Part, Piece, Text


@dataclass(frozen=True, slots=True)
class TextTest:
    """An operation that looks for one text in another: `startswith`, `in`, `==`, `replace`, `split`."""

    module: Module
    node: cst.CSTNode
    operation: str
    subject: Text
    sought: Text


@dataclass(frozen=True, slots=True)
class Read:
    """A look at one key of a part of a response."""

    module: Module
    node: cst.CSTNode
    """What looks: a subscript, a call of `.get`, a comparison, a pattern, a field or parameter."""
    form: Form
    part: Part
    """The object that is looked into."""
    name: str
    piece: Piece | None
    """The literal that spells the key, if one does."""
    field: Field | None
    """The model's field that takes what is there."""
    stack: tuple[Step, ...]
    callers: tuple[tuple[Module, cst.Call | None], ...]
    explored: bool
    guarded: bool = False
    """Whether it happens only after a test for a version of the API."""
    written: bool = False
    """Whether the program itself may have written there what it finds."""

    @property
    def found(self) -> Part:
        """What it finds there."""
        return self.part.step(self.name)


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one key of a mapping that the program made itself."""

    module: Module
    node: cst.CSTNode
    """What looks: a subscript, a call of `.get` or `.pop`, a comparison, a deletion."""
    piece: Piece | None
    """The literal that spells the key, if one does."""


class Form(str, Enum):
    """How a program looks at a key."""

    SUBSCRIPT = "subscript"
    GET = "get"
    POP = "pop"
    SETDEFAULT = "setdefault"
    IN = "in"
    COMPARED = "compared"
    """`key == "name"` while going through the keys."""
    CASE = "case"
    FIELD = "field"
    """A model made of the part has a field of that name."""
    ARGUMENT = "argument"
    """`function(**part)` has a parameter of that name."""
    COLUMN = "column"
    """A table made of the parts is asked for a column."""
    ATTRIBUTE = "attribute"
    """The object's keys are attributes there: `Box(part).name`."""
    TEMPLATE = "template"
    """A template's placeholder has that name."""
    STORE = "store"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Match:
    """A test of what a response says against a literal of the program."""

    module: Module
    node: cst.CSTNode
    """The comparison, pattern, call or literal key that tests."""
    how: str
    """`==`, `in`, `search`, `case`, `lookup` (a mapping's key) or `enum` (a member's value)."""
    part: Part
    value: Text
    """The text that it is held against."""
    stack: tuple[Step, ...]
    explored: bool
    looker: cst.CSTNode | None = None
    """For a look-up: the expression that looks (a subscript, a call of `.get`)."""


@dataclass(frozen=True, slots=True)
class Taking:
    """A class or function of the project that takes a part of a response apart: `Kind(part)`, `f(**part)`."""

    module: Module
    node: cst.CSTNode
    """The call, the subscript of an enumeration, or the declaration of the field that is made so."""
    part: Part
    kind: ClassValue | None
    """The class that an object is made of; None for a function."""
    spread: bool
    """Whether the part's keys become arguments."""
    stack: tuple[Step, ...]


@dataclass(slots=True)
class Table:
    """A call that makes a table: the answers' objects that are its rows, by key, and what else may be."""

    module: Module
    node: cst.Call
    rows: dict[Hashable, Part] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    """Columns that the program gives its rows itself."""
    mixed: bool = False
    """Whether it may have rows of the program's own or of unknown origin."""
    may_be_empty: bool = False
