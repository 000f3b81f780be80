"""What an expression can be: the abstract values that are computed, each with where it came from."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.cells import Cells, Key, Scope
from aurora_migrate.flow.places import MAX_DEPTH, NOWHERE, Field, Guard, Marker, Origin, Use

if TYPE_CHECKING:
    from aurora_migrate.flow.modules import Module


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A run of a text: literal characters, or a hole whose content is unknown (`text` is None).

    Literal pieces know the string node that spells them and the offset in its evaluated value
    (`node` None: characters that no literal spells, such as the `/` that a client adds).
    """

    text: str | None
    module: Module | None = None
    node: cst.CSTNode | None = None
    start: int = 0
    hole: Value | None = None
    uses: tuple[Use, ...] = ()
    guards: tuple[Guard, ...] = ()
    entries: tuple[Entry, ...] | None = None
    """For the text of `urlencode(mapping)`: the entries that it spells."""
    named: Field | None = None
    """The model's field whose name it is (`asdict(model).items()`), if it is."""
    of_key: Hashable = None
    """The place of the entry whose key it is, as a loop over a mapping gives it."""
    _key: Key | None = field(default=None, init=False, repr=False)

    @property
    def key(self) -> Key:
        if self._key is None:
            object.__setattr__(self, "_key", Key(self._worked_out()))
        assert self._key is not None
        return self._key

    def _worked_out(self) -> Hashable:
        if self.entries is not None:
            return ("query", tuple(entry.key for entry in self.entries))
        if self.text is None:
            return ("hole", key_of(self.hole) if self.hole is not None else 0)
        return (self.text, id(self.node), self.start, tuple([use.key for use in self.uses]))

    def used_in(self, use: Use) -> Piece:
        """This piece as an operand of one more composition (outermost use first)."""
        if len(self.uses) >= 16:
            return self
        return Piece(
            self.text,
            self.module,
            self.node,
            self.start,
            self.hole,
            (use, *self.uses),
            self.guards,
            self.entries,
        )

    def cut(self, start: int, end: int) -> Piece:
        """The characters `start` to `end` of a literal piece."""
        assert self.text is not None
        return Piece(
            self.text[start:end], self.module, self.node, self.start + start, None, self.uses, self.guards
        )

    def guarded(self, guard: Guard) -> Piece:
        return Piece(
            self.text,
            self.module,
            self.node,
            self.start,
            self.hole,
            self.uses,
            (guard, *self.guards),
            self.entries,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """Anything. `hints` are the names on its way (variables, environment entries), `roots` its origins."""

    hints: tuple[str, ...] = ()
    roots: frozenset[int] = frozenset()
    default: Text | None = field(default=None, kw_only=True)
    """For a setting: the text that the program has in its place when nobody sets it."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict(Unknown):
    """The unknown outcome of a test for an API version."""

    guard: Guard | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Part(Unknown):
    """A part of a response's JSON body: unknown in value, known in place. `path` () is the whole body."""

    origin: Origin = NOWHERE
    path: tuple[str | Marker, ...] = ()
    _key: Key | None = field(default=None, init=False, repr=False)

    @property
    def key(self) -> Hashable:
        """What two looks at the same place of the same response have in common."""
        return (self.origin.number, self.path)

    def step(self, step: str | Marker) -> Part:
        """What is one step further in; paths are cut where recursion would let them grow for ever."""
        if len(self.path) >= MAX_DEPTH:
            return self
        step = self.origin.inwards(self.path, step)
        hint = (step,) if isinstance(step, str) else ()
        return Part((*self.hints, *hint)[-6:], self.roots, self.origin, (*self.path, step))


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A number, truth value or None; `guard` where it is the outcome of a test for an API version."""

    value: object
    guard: Guard | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A string (or bytes, or URL object: they are followed alike) as a run of pieces."""

    pieces: tuple[Piece, ...]
    _key: Key | None = field(default=None, init=False, repr=False)

    @property
    def literal(self) -> str | None:
        """The whole text, when no part of it is unknown."""
        out: list[str] = []
        for piece in self.pieces:
            if piece.text is None:
                return None
            out.append(piece.text)
        return "".join(out)


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One of several values, on different paths."""

    options: tuple[Value, ...]
    _key: Key | None = field(default=None, init=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One key of a mapping: what it holds and the node that put it there (`key` None: an unknown key)."""

    name: str | None
    value: Value
    key_piece: Piece | None = None
    uses: tuple[Use, ...] = ()
    field: Field | None = None
    """The model's field that the key comes from (`asdict(model)`), if it does."""
    over: tuple[Entry, ...] = ()
    """The entries of the same key that this one took the place of."""
    _key: Key | None = dataclass_field(default=None, init=False, repr=False)

    @property
    def key(self) -> Key:
        if self._key is None:
            uses = tuple(use.key for use in self.uses)
            object.__setattr__(self, "_key", Key((self.name, key_of(self.value), uses)))
        assert self._key is not None
        return self._key

    @property
    def place(self) -> Hashable:
        """What spells the key: a literal, an argument's keyword or a model's field; None: nothing does."""
        if self.field is not None:
            return ("field", id(self.field.owner.node), self.field.name)
        if self.key_piece is not None and self.key_piece.node is not None:
            return ("literal", id(self.key_piece.node), self.key_piece.start)
        return ("use", id(self.uses[-1].operand)) if self.uses else None

    def used_in(self, use: Use) -> Entry:
        return Entry(self.name, self.value, self.key_piece, (use, *self.uses), self.field, self.over)

    def every(self) -> tuple[Entry, ...]:
        """The entry, and those that it took the place of."""
        return (self, *self.over)


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict, its `Entries` in the cell `entries`. `partial`: a file says it, and may say more elsewhere."""

    cells: Cells
    node: cst.CSTNode | None
    module: Module | None
    partial: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Everything that a mapping may hold, in order of writing. `open`: also keys that nobody knows."""

    items: tuple[Entry, ...] = ()
    open: bool = False
    rest: tuple[Part, ...] = ()
    """Parts of responses that were spread into the mapping: it also holds whatever they hold."""
    under: frozenset[str] = frozenset()
    """The keys that were there before: what the parts hold under them counts."""
    _key: Key | None = field(default=None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Sequence:
    """A list, tuple, set or generator; its items live in the cell `items` (an `Items` value)."""

    cells: Cells
    node: cst.CSTNode | None
    module: Module | None


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The elements in order; `open`: there may be others, of which `rest` is what they can be."""

    values: tuple[Value, ...] = ()
    open: bool = False
    uses: tuple[tuple[Use, ...], ...] = ()
    _key: Key | None = field(default=None, init=False, repr=False)


@dataclass(slots=True, eq=False)
class Function:
    """A function or lambda of the project, with the scope that it closes over."""

    node: cst.FunctionDef | cst.Lambda
    module: Module
    scope: Scope
    defaults: dict[str, Value] = field(default_factory=dict)
    owner: ClassValue | None = None
    kind: str = "function"
    """function, classmethod, staticmethod, property, contextmanager or fixture."""
    marks: list[Value] = field(default_factory=list)
    """What its decorators are, outermost first."""

    @property
    def name(self) -> str:
        return self.node.name.value if isinstance(self.node, cst.FunctionDef) else "<lambda>"


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A function with its first arguments given: a method on its receiver, or `functools.partial`."""

    function: Value
    args: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()


@dataclass(slots=True, eq=False)
class ClassValue:
    """A class of the project; its body's names live in `cells`."""

    node: cst.ClassDef
    module: Module
    cells: Cells
    bases: tuple[Value, ...]
    scope: Scope
    order: list[ClassValue | External] | None = None
    """The class and its bases, nearest first, once worked out."""
    fields: tuple[str, ...] | None = None
    """For dataclasses, attrs and pydantic models: the constructor's fields in order."""

    @property
    def name(self) -> str:
        return self.node.name.value


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a project class or a modelled library class (`kind`: a ClassValue or its dotted name)."""

    kind: ClassValue | str
    cells: Cells
    node: cst.CSTNode | None = None
    module: Module | None = None


@dataclass(frozen=True, slots=True, eq=False)
class External:
    """A module, class or function outside the project, by its dotted name (`requests.get`)."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ModuleValue:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """Behaviour written in Python here: a method of a string, a mapping or a modelled client."""

    name: str
    call: Callable[..., Value]
    fields: tuple[str, ...] | None = None
    """For a named tuple's class: its fields in order."""


Value = (
    Unknown
    | Const
    | Text
    | Choice
    | Mapping
    | Sequence
    | Entries
    | Items
    | Function
    | Bound
    | ClassValue
    | Instance
    | External
    | ModuleValue
    | Builtin
)

UNKNOWN = Unknown()
PARAMETER, LOOSE = -1, -2
"""The roots of what an unseen caller would give, and of what hides in its `*` and `**`."""
GAP = -3
"""The root of what only the following does not know: it stands for nothing that comes from elsewhere."""
FOREIGN, NUMBER, ABSENT = -4, -5, -6
"""The roots of what a library has made that is not known here, of a whole number (a text of digits, without
a slash), and of what a framework's object does not hold yet (the program puts it there before)."""
NONE = Const(None)
STRANGER = "<stranger>"
"""The cell that marks a mapping into which something unknown was spread, and holds it."""
SIFTED = "<sifted>"
"""The cell that marks a mapping which holds only some keys of the parts that were spread into it."""


def key_of(value: Value) -> Hashable:
    """What makes two values the same for joining and memoising."""
    known = _KEYS.get(type(value))
    if isinstance(value, (Text, Choice, Entries, Items, Part)):
        if value._key is None:
            object.__setattr__(value, "_key", Key(known(value) if known is not None else id(value)))
        return value._key
    return known(value) if known is not None else ("object", id(value))


def _key_of_unknown(value: Unknown) -> Hashable:
    return ("unknown", value.hints, value.roots, value.default.literal if value.default else None)


def _key_of_bound(value: Bound) -> Hashable:
    return (
        "bound",
        key_of(value.function),
        tuple([key_of(arg) for arg in value.args]),
        tuple([(name, key_of(arg)) for name, arg in value.keywords]),
    )


def _key_of_entries(value: Entries) -> Hashable:
    rest = tuple([key_of(part) for part in value.rest])
    return ("entries", tuple([entry.key for entry in value.items]), value.open, rest)


_KEYS: dict[type[object], Callable[..., Hashable]] = {
    Text: lambda value: ("text", tuple([piece.key for piece in value.pieces])),
    Const: lambda value: (type(value.value).__name__, repr(value.value), value.guard and value.guard.key),
    Verdict: lambda value: ("verdict", value.guard and value.guard.key),
    Part: lambda value: ("part", value.key, value.origin.succeeded, value.origin.reworked),
    Unknown: _key_of_unknown,
    Choice: lambda value: ("choice", frozenset([key_of(option) for option in value.options])),
    External: lambda value: ("external", value.name),
    ModuleValue: lambda value: ("module", id(value.module)),
    Bound: _key_of_bound,
    Entries: _key_of_entries,
    Items: lambda value: ("items", tuple([key_of(item) for item in value.values]), value.open),
}
"""How the key of a value is made, by its type; objects are themselves alone."""
