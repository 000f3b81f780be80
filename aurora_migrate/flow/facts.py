"""What the flow found out: requests with all that they carry, looks into responses, SDK calls, tests."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin, Step
from aurora_migrate.flow.reads import Look, Match, Read, Table, Taking, TextTest
from aurora_migrate.flow.values import (
    ABSENT,
    PARAMETER,
    UNKNOWN,
    ClassValue,
    Entries,
    Entry,
    Instance,
    Mapping,
    Part,
    Piece,
    Text,
    Unknown,
    Value,
    key_of,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.doubles import Doubles
    from aurora_migrate.flow.guesses import Guess
    from aurora_migrate.flow.strangers import Stranger


@dataclass(frozen=True, slots=True)
class Role:
    """What a request is given under one name (`headers`, `params`, ...), as it was at that moment.

    `argument` is the argument that hands it over, None when it comes from a `**` mapping or the client.
    """

    value: Value
    argument: cst.Arg | None
    entries: Entries | None = None
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A value inside a request's body as it was when it was sent.

    `fields` are the entries of an object, each with what it held then; `items` the elements of a list.
    """

    value: Value
    mapping: Mapping | None = None
    fields: tuple[tuple[Entry, tuple[Body, ...]], ...] = ()
    items: tuple[Body, ...] = ()
    open: bool = False
    """Whether it may hold more than what is known of it."""
    rest: tuple[Part, ...] = ()
    """Parts of responses whose contents it holds, too."""

    def every(self) -> Iterator[Body]:
        """The value itself and all inside it."""
        yield self
        for _, held in self.fields:
            for inner in held:
                yield from inner.every()
        for item in self.items:
            yield from item.every()

    def at(self, name: str) -> Iterator[tuple[Entry, Body]]:
        """The entries under a key, each with what it held."""
        for entry, held in self.fields:
            if entry.name == name:
                for body in held:
                    yield entry, body


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request for one alternative of its URL."""

    module: Module
    node: cst.CSTNode
    """The call that sends it (for a changed request, the change)."""
    library: str
    method: str | None
    url: Text
    roles: dict[str, Role]
    open_keywords: bool
    client: Instance | None
    client_roles: dict[str, Role]
    stack: tuple[Step, ...]
    callers: tuple[tuple[Module, cst.Call | None], ...]
    explored: bool
    direct: bool
    """Whether `node` is the very call that sends; else a library calls and `node` is the nearest call."""
    preliminary: bool = False
    """Whether this is only the making of a request object, which is sent (and noted again) later."""
    bodies: tuple[Body, ...] = ()
    """What its body can be, by alternatives, where that is an object or a list."""
    guess: Guess | None = None
    """By what guess the call was reached; None: by none."""
    function: str = ""
    """The library function that sends it (`requests.get`, `httpx.Client.post`)."""

    @property
    def is_unseen(self) -> bool:
        """Whether a function was only tried there, with a URL that its unseen caller would give."""
        return self.explored and self._begins_with(PARAMETER)

    @property
    def is_unsettled(self) -> bool:
        """The same, or whether it was tried before what gives the URL was run: it is tried again then."""
        return self.explored and self._begins_with(PARAMETER, ABSENT)

    def _begins_with(self, *roots: int) -> bool:
        leading = self.url.pieces[0].hole if self.url.pieces else None
        return any(
            isinstance(option, Unknown) and not option.roots.isdisjoint(roots)
            for option in options(leading if leading is not None else UNKNOWN)
        )

    def header_roles(self) -> Iterator[Role]:
        """The headers that the call gives, and those of its client."""
        for roles in (self.roles, self.client_roles):
            if "headers" in roles:
                yield roles["headers"]

    def headers_named(self, name: str) -> Iterator[tuple[Role, Entry]]:
        """The entries of its headers under a name (in any case), each with the headers that hold it."""
        for role in self.header_roles():
            for entry in role.entries.items if role.entries is not None else ():
                if entry.name is not None and entry.name.lower() == name.lower():
                    yield role, entry

    @property
    def key(self) -> Hashable:
        roles = tuple(
            (name, key_of(role.entries if role.entries is not None else role.value))
            for name, role in sorted({**self.client_roles, **self.roles}.items())
        )
        return (
            id(self.node),
            self.method,
            key_of(self.url),
            roles,
            id(self.client.node) if self.client else None,
        )


@dataclass(frozen=True, slots=True)
class RequestChange:
    """A change to an existing request: `request.url = ...` or `prepare_url(...)` in an auth class or hook."""

    module: Module
    node: cst.CSTNode
    what: str
    """`url` or `params`."""
    url: Text | None
    before: Text | None
    """What the URL was until then."""
    params: Role | None
    receiver: cst.BaseExpression | None
    stack: tuple[Step, ...]
    owner: ClassValue | None
    """The auth class whose method makes the change, if it is one."""

    def as_request(self) -> Request | None:
        """The request that goes out after the change, as far as its URL is concerned."""
        if self.url is None:
            return None
        return Request(
            self.module, self.node, "changed", None, self.url, {}, False, None, {}, self.stack, (), True, True
        )

    @property
    def key(self) -> Hashable:
        return (
            id(self.node),
            key_of(self.url) if self.url else None,
            key_of(self.params.entries) if self.params and self.params.entries else None,
        )


@dataclass(frozen=True, slots=True)
class SdkCall:
    """A call outside the project that a rule may name (`AuroraSolarClient.AuroraSolarClient`)."""

    module: Module
    node: cst.Call
    name: str
    positional: tuple[tuple[Value, cst.Arg], ...]
    keywords: dict[str, tuple[Value, cst.Arg | None]]
    open: bool
    stack: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that somebody else gets or keeps, as it was then: code that nobody can see, a store."""

    module: Module
    node: cst.CSTNode
    name: str
    bodies: tuple[Body, ...]
    stack: tuple[Step, ...]
    explored: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A text or a mapping that goes to code which nobody can see: another library, a shell."""

    module: Module
    node: cst.Call
    name: str
    url: Text
    entries: Entries | None
    stack: tuple[Step, ...]
    callers: tuple[tuple[Module, cst.Call | None], ...]
    explored: bool
    taker: Unknown = UNKNOWN
    """What is called: the names on its way may say whose client it is."""

    def as_request(self) -> Request:
        """The request that this may become."""
        roles = {"params": Role(self.url, None, self.entries)} if self.entries is not None else {}
        is_path = bool(self.url.pieces) and (self.url.pieces[0].text or "").startswith("/")
        url = Text((Piece(None, hole=self.taker), *self.url.pieces)) if is_path else self.url
        way = (self.stack, self.callers, self.explored)
        return Request(self.module, self.node, self.name, None, url, roles, False, None, {}, *way, False)


@dataclass(slots=True, eq=False)
class Facts:
    """Everything found in one analysis, in the order of finding, without duplicates."""

    requests: dict[Hashable, Request] = field(default_factory=dict)
    guessed: dict[Hashable, Request] = field(default_factory=dict)
    """Requests that were reached by a guess, and by nothing else."""
    _read: set[int] = field(default_factory=set)
    changes: dict[Hashable, RequestChange] = field(default_factory=dict)
    sdk_calls: dict[Hashable, SdkCall] = field(default_factory=dict)
    tests: dict[Hashable, TextTest] = field(default_factory=dict)
    texts: dict[int, tuple[Module, cst.CSTNode]] = field(default_factory=dict)
    """String nodes that were evaluated, by identity."""
    escaped: dict[int, set[int]] = field(default_factory=dict)
    """The mapping nodes that were handed to code that nobody can see, with the calls of that code."""
    handed: dict[Hashable, HandedOver] = field(default_factory=dict)
    kept: dict[Hashable, Kept] = field(default_factory=dict)
    base_texts: dict[int, dict[Hashable, Text]] = field(default_factory=dict)
    """The texts that constructors of bases outside the project get, by the node of the class."""
    stored: dict[int, dict[tuple[Hashable, str | None], Entry]] = field(default_factory=dict)
    """The entries that are stored into mappings, by what makes the mapping, and by place and name."""
    sought: set[int] = field(default_factory=set)
    """String nodes that the program looks for in texts."""
    cut_up: dict[int, str] = field(default_factory=dict)
    """String nodes that a program cuts at fixed places or serves itself, with what it does."""
    version_entries: dict[int, str] = field(default_factory=dict)
    """The entries of dict displays whose key names an API version, with that name."""
    hook_headers: dict[int, Entry] = field(default_factory=dict)
    """What auth classes and hooks set on the headers of requests, by the node that names the header."""
    set_on_requests: set[str] = field(default_factory=set)
    """Headers (lower case) that auth classes and hooks set on requests."""
    spent: dict[tuple[Module, str], str] = field(default_factory=dict)
    """Functions whose interpretation was cut short, with the reason."""

    reads: dict[Hashable, Read] = field(default_factory=dict)
    """Looks into responses."""
    own_stores: set[Hashable] = field(default_factory=set)
    """The keys of parts in whose place the program stored something."""
    stored_looks: dict[Hashable, tuple[Module, cst.CSTNode]] = field(default_factory=dict)
    """A look that finds that."""
    maybe_stored: dict[Hashable, tuple[Module, cst.CSTNode, tuple[Entry, ...]]] = field(default_factory=dict)
    """A look that finds it on some way, and else what the answer said."""
    matches: dict[Hashable, Match] = field(default_factory=dict)
    """Tests of what responses say."""
    origins: dict[int, Origin] = field(default_factory=dict)
    """The responses, by number."""
    part_nodes: dict[Hashable, dict[int, tuple[Module, cst.CSTNode]]] = field(default_factory=dict)
    """The expressions that can be a part of a response, by the part's key."""
    part_takers: dict[Hashable, dict[int, tuple[Module, cst.Call, str]]] = field(default_factory=dict)
    """The calls of unseen code that a part of a response is handed to, with that code's name."""
    part_copies: dict[Hashable, dict[int, tuple[Module, cst.CSTNode]]] = field(default_factory=dict)
    """The expressions that can be a list of the program's own in the order of a part, by the part's key."""
    tables: dict[int, Table] = field(default_factory=dict)
    """The calls that make tables of answers, by node."""
    parts: dict[Hashable, Part] = field(default_factory=dict)
    """Every part that an expression can be, by its key."""
    takings: dict[Hashable, Taking] = field(default_factory=dict)
    """Classes and functions that take parts of responses apart."""
    members: dict[tuple[int, str], dict[int, tuple[Module, cst.Attribute]]] = field(default_factory=dict)
    """The attributes `object.field` of models, by the declaring class's node and the field."""

    own_lookers: set[int] = field(default_factory=set)
    """What looks (a subscript, a call of `.get`) at a key that a mapping of the program's own has."""
    own_keys: set[int] = field(default_factory=set)
    """String nodes that are keys of the program's own mappings."""
    looks: dict[Hashable, dict[int, Look]] = field(default_factory=dict)
    """Where the program looks into its own mappings, by the place of the entry that it may find."""
    strangers: dict[int, dict[Hashable, Stranger]] = field(default_factory=dict)
    """By what looks at a key: the values of unknown origin that it may look into."""
    tested: dict[int, dict[Hashable, Text]] = field(default_factory=dict)
    """By what tests a value (a comparison, a pattern, a look-up): the program's own texts that come there."""
    called: set[int] = field(default_factory=set)
    """The functions that code of the project was seen to call."""
    own_finders: set[int] = field(default_factory=set)
    """What looks outside of tests, by any means (`in`, `del`), where such a mapping may have the key."""

    field_keywords: dict[tuple[int, str], dict[int, tuple[Module, cst.Arg]]] = field(default_factory=dict)
    """The arguments `Model(field=...)`, likewise."""

    kept_entries: dict[tuple[int, str], dict[Hashable, Entry]] = field(default_factory=dict)
    """What methods put into mappings that their objects keep, by class (its node) and attribute, by place."""

    dumped: dict[tuple[int, str, str], tuple[Module, cst.CSTNode]] = field(default_factory=dict)
    """Where models become mappings, or are made of them (MADE), by the class's node, the field and key."""

    doubles: Doubles | None = None
    """Test doubles; set by the interpreter."""
    of_sent: Facts | None = None
    """The same of parts of what was sent, as tests look at it: reads, matches, nodes and takers."""

    def about(self, part: Part) -> Facts:
        """The facts that a part belongs into: those of responses, or those of what was sent."""
        if part.origin.sent is None:
            return self
        if self.of_sent is None:
            self.of_sent = Facts()
        return self.of_sent

    def note_part(self, module: Module, node: cst.CSTNode, part: Part) -> None:
        """Note that an expression can be this part of a response."""
        facts = self.about(part)
        facts.parts.setdefault(part.key, part)
        facts.part_nodes.setdefault(part.key, {}).setdefault(id(node), (module, node))

    def note_taker(self, module: Module, node: cst.Call, name: str, part: Part) -> None:
        """Note that unseen code gets this part of a response."""
        takers = self.about(part).part_takers
        takers.setdefault(part.key, {}).setdefault(id(node), (module, node, name))

    def note_copy(self, module: Module, node: cst.CSTNode, part: Part) -> None:
        """Note that an expression can be a list in the order of this part of a response."""
        facts = self.about(part)
        facts.parts.setdefault(part.key, part)
        facts.part_copies.setdefault(part.key, {}).setdefault(id(node), (module, node))

    def add_taking(self, taking: Taking) -> None:
        self.about(taking.part).takings.setdefault((id(taking.node), taking.part.key), taking)

    def note_look(self, module: Module, node: cst.CSTNode, piece: Piece | None, place: Hashable) -> None:
        """Note that an expression may find the entry that this place made."""
        self.looks.setdefault(place, {}).setdefault(id(node), Look(module, node, piece))

    def forget_preliminary(self, node: cst.CSTNode | None) -> None:
        """A request object turned out to be sent in another way than its making said."""
        for key, request in list(self.requests.items()):
            if request.preliminary and request.node is node:
                del self.requests[key]

    def close_reads(self) -> None:
        """From now on guesses may add looks, where no other way led to them."""
        self._read = {id(read.node) for read in self.reads.values()}

    def is_read(self, node: cst.CSTNode) -> bool:
        """Whether it looked into an answer before the guesses began."""
        return id(node) in self._read

    def add_read(self, read: Read) -> None:
        key = (id(read.node), key_of(read.part), read.name, read.form)
        reads = self.about(read.part).reads
        known = reads.get(key)
        if known is None or (known.explored and not read.explored):
            reads[key] = read

    def add_match(self, match: Match) -> None:
        key = (id(match.node), match.part.key, key_of(match.value), match.how)
        matches = self.about(match.part).matches
        known = matches.get(key)
        if known is None or (known.explored and not match.explored):
            matches[key] = match

    def add_request(self, request: Request) -> None:
        if request.guess is not None:
            self.guessed.setdefault(request.key, request)
            return
        known = self.requests.get(request.key)
        if known is None or (known.explored and not request.explored):
            self.requests[request.key] = request
