"""From the answer that holds a list to the edits that retrieve each of its items where it is born."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.catalogue.endpoints import Endpoint
from aurora_migrate.changes.context import Context
from aurora_migrate.changes.repeats.births import Birth, Lists
from aurora_migrate.changes.repeats.copies import Splice, in_literal, outer_span, rendered, span
from aurora_migrate.changes.repeats.frames import Frame, frames_of
from aurora_migrate.changes.repeats.own_names import (
    Functions,
    assigned,
    function_of,
    functions_of,
    names_in,
)
from aurora_migrate.changes.repeats.own_retrievals import refuse_retrieved
from aurora_migrate.changes.repeats.repetition import Repetition, fresh_name, repetition, whole_literal
from aurora_migrate.changes.repeats.stillness import refuse_changed, refuse_gathered, refuse_outward
from aurora_migrate.changes.repeats.tails import Extension
from aurora_migrate.changes.repeats.traces import refuse_traces
from aurora_migrate.changes.surgery.effects import Effects
from aurora_migrate.changes.surgery.style import quotes_of
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.findings import Edit
from aurora_migrate.flow.alternatives import options
from aurora_migrate.flow.facts import Request, Role
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.places import Origin
from aurora_migrate.flow.text import characters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Const, Piece

_BODIES = frozenset({"json", "data", "content", "body"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What can be done for one answer: edits, or the reason why there are none; and the repeated call."""

    edits: tuple[Edit, ...] = ()
    reason: str = ""
    example: str = ""
    """The call that asks for one item, in the user's own words."""


@dataclass(slots=True)
class Retrievals:
    """Places the retrievals of list items, once for each answer."""

    context: Context
    lists: Lists
    endpoint: Endpoint
    """The endpoint that retrieves one item."""
    key: str
    """The key of an item's id."""
    readers: Mapping[int, Sequence[tuple[Module, cst.CSTNode]]]
    """What reads fields that items no longer have, by the number of the answer's origin."""
    _known: dict[int, Outcome] = field(default_factory=dict)
    _calls: dict[int, str] = field(default_factory=dict)
    _effects: Effects | None = None
    _functions: Functions | None = None

    @property
    def sketch(self) -> str:
        """The request for one item, where the user's own call cannot be shown."""
        return f"{self.endpoint.method} {self.endpoint.path}"

    def of(self, origin: Origin) -> Outcome:
        """What can be done for the list in an answer."""
        if origin.number not in self._known:
            self._known[origin.number] = self._of(origin)
        return self._known[origin.number]

    def _of(self, origin: Origin) -> Outcome:
        edits: dict[Edit, None] = {}
        try:
            nodes = [node for _, node in self.readers.get(origin.number, ())]
            refuse_retrieved(self.context, self.endpoint, self.lists.wrapper, origin, nodes)
            for request in origin.requests:
                for made in self._made(request, origin):
                    edits.update(dict.fromkeys(made.edits()))
        except Refused as refused:
            return Outcome(reason=refused.reason, example=self._calls.get(origin.number, ""))
        return Outcome(tuple(sorted(edits)))

    def _made(self, request: Request, origin: Origin) -> list[Repetition]:
        """The repetitions for one request, in the innermost code that is about this list alone."""
        if self.context.targets.is_signed(request):
            raise Refused("the request is signed for one path; replace the signature first")
        if any(_is_given(request.roles.get(name)) for name in _BODIES):
            raise Refused("the request has a body")
        reason = "the list cannot be told from other answers in the code that asks for it"
        for frame in frames_of(self.context.facts, request, self._known_functions()):
            self._note_call(frame, request, origin)
            try:
                births = self.lists.births(frame, origin)
                if births:
                    return [self._repetition(birth, request) for birth in births]
            except Refused as refused:
                reason = refused.reason
        raise Refused(reason)

    def _note_call(self, frame: Frame, request: Request, origin: Origin) -> None:
        """Keep the call as it would be for one item: the outermost, which spells the list's own path."""
        try:
            splices = [*self._longer_path(frame, request, "item"), *without_parameters(frame, request)]
            start, end = span(frame.module, frame.call)
            text = " ".join(rendered(frame.module, start, end, splices).split())
        except Refused:
            return
        self._calls[origin.number] = text

    def _repetition(self, birth: Birth, request: Request) -> Repetition:
        frame = birth.frame
        self._refuse_effects(frame)
        candidates = ["item", self.endpoint.response_wrapper, "listed", "each"]
        taken = frozenset(names_in(frame.module.tree)) | _defined(frame.module.tree)
        draft = repetition(birth, (), "", "", frozenset())
        variable = fresh_name(candidates, draft.repeated, frame.function)
        splices = tuple(self._splices(birth, request, draft, variable))
        self._refuse_moved(birth, draft, splices)
        return repetition(birth, splices, variable, self.endpoint.id.replace("-", "_"), taken)

    def _splices(self, birth: Birth, request: Request, draft: Repetition, variable: str) -> Iterator[Splice]:
        here = {id(each): each for node in draft.repeated for each in walk(node)}
        yield from self._longer_path(birth.frame, request, variable)
        yield from self._wrapper(birth, here)
        yield from self._without_prefix(request, here)
        yield from without_parameters(birth.frame, request)

    def _longer_path(self, frame: Frame, request: Request, variable: str) -> Iterator[Splice]:
        seen = characters(request.url)
        yield from _without_query(request, frame)
        joint = "" if seen.partition("?")[0].endswith("/") else "/"
        item = f"{variable}[{self.key!r}]"
        known = self._known_functions()
        extension = Extension(frame.module, frame.function, item, "", joint, known)
        yield from extension.at(frame.path, frame.ending)

    def _wrapper(self, birth: Birth, here: Mapping[int, cst.CSTNode]) -> Iterator[Splice]:
        """The key that wraps the answer, as the code spells it."""
        module, wrapper = birth.frame.module, self.endpoint.response_wrapper
        node, piece = birth.read.node, birth.read.piece
        if id(node) in here and isinstance(node, cst.Subscript):
            yield from _looked_up(birth, node, node.value, wrapper)
        elif id(node) in here and isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            yield from _looked_up(birth, node, node.func.value, wrapper)
        elif piece is not None and piece.node is not None and id(piece.node) in here:
            yield from whole_literal(module, piece.node, wrapper)
        else:
            raise Refused(f"the key `{birth.read.name}` is spelled elsewhere")

    def _without_prefix(self, request: Request, here: Mapping[int, cst.CSTNode]) -> Iterator[Splice]:
        """The old version's prefix taken out of the copy, as it is taken out of the list's own path."""
        target = self.context.targets.of(request.url)
        prefix, at = self.context.targets.prefix, target.path_start
        if not characters(request.url)[at:].startswith(prefix + "/"):
            return
        for piece, start, end in _pieces(request, at, at + len(prefix)):
            if piece.node is None or piece.module is None or id(piece.node) not in here:
                continue
            yield from in_literal(piece.module, piece.node, piece.start + start, piece.start + end)

    def _refuse_moved(self, birth: Birth, draft: Repetition, splices: tuple[Splice, ...]) -> None:
        """Refuse code that would ask something else when it runs again behind the list."""
        frame = birth.frame
        here = {id(each): each for node in draft.repeated for each in walk(node)}
        refuse_gathered(frame.module, frame.call, frame.path, birth.node)
        if id(frame.call) not in here:
            raise Refused("the answers are gathered and read later")
        asked = {id(each) for each in walk(frame.call)}
        for request in self.context.facts.requests.values():
            if id(request.node) in here and id(request.node) not in asked and request.method != "GET":
                raise Refused("the code also sends another request")
        refuse_outward(draft.repeated)
        known = self._known_functions()
        refuse_traces(self.context, draft.repeated, known, birth.read.part.origin)
        refuse_changed(frame.module, frame.function, draft.repeated, birth.node, known, splices)

    def _known_functions(self) -> Functions:
        if self._functions is None:
            self._functions = functions_of(self.context.modules)
        return self._functions

    def _refuse_effects(self, frame: Frame) -> None:
        if self._effects is None:
            self._effects = Effects({module.path: module.tree for module in self.context.modules})
        for arg in frame.call.args:
            for effect in self._effects.of_operand(arg.value, frame.module.path, strict=False):
                raise Refused(f"an argument of the call also {effect.does}")


def _is_given(role: Role | None) -> bool:
    """Whether a request may have this; a helper's own default is often None."""
    return role is not None and any(
        not isinstance(option, Const) or option.value is not None for option in options(role.value)
    )


def _looked_up(
    birth: Birth, node: cst.BaseExpression, holder: cst.BaseExpression, key: str
) -> Iterator[Splice]:
    """`holder["list"]` and `holder.get("list", [])` become `holder["item"]`."""
    module = birth.frame.module
    spelled = [each for each in walk(node) if birth.read.piece is not None and each is birth.read.piece.node]
    quote = quotes_of(spelled[0] if spelled else module.tree, quotes_of(module.tree)).quote
    yield Splice(outer_span(module, holder)[1], span(module, node)[1], f"[{quote}{key}{quote}]")


def _pieces(request: Request, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
    """The pieces of a URL between two of its characters, each with what of it lies there."""
    offset = 0
    for piece in request.url.pieces:
        length = 1 if piece.text is None else len(piece.text)
        low, high = max(start - offset, 0), min(end - offset, length)
        if low < high:
            yield piece, low, high
        offset += length


def _without_query(request: Request, frame: Frame) -> Iterator[Splice]:
    """The query in the URL's text, which is the list's, taken out of the copy."""
    seen = characters(request.url)
    at = seen.find("?")
    if at < 0:
        return
    here = {id(each) for each in walk(frame.path)}
    pieces = list(_pieces(request, at, len(seen)))
    if not seen[at + 1 :] and all(_is_put_behind(piece, request, frame) for piece, _, _ in pieces):
        return
    for piece, start, end in pieces:
        if piece.text is None or piece.node is None or piece.module is None or id(piece.node) not in here:
            raise Refused("the URL also holds query parameters")
        yield from in_literal(piece.module, piece.node, piece.start + start, piece.start + end)


def _is_put_behind(piece: Piece, request: Request, frame: Frame) -> bool:
    """Whether a function that the frame's call leads to puts this behind every path."""
    if piece.node is None or piece.module is None:
        return False
    calls = [(request.module, request.node), *reversed(request.callers)]
    begun, outer = False, []
    for module, call in calls:
        begun = begun or call is frame.call
        if begun and call is not None:
            outer.append(function_of(module, call))
    home = function_of(piece.module, piece.node)
    return begun and isinstance(home, cst.FunctionDef) and all(home is not each for each in outer)


def without_parameters(frame: Frame, request: Request) -> Iterator[Splice]:
    """The list's own query parameters taken out of the copied call."""
    role = request.roles.get("params")
    if role is None:
        return
    gone = [index for index, arg in enumerate(frame.call.args) if _brings(frame, arg, role)]
    for index in gone:
        yield removed(frame, index)


def _brings(frame: Frame, arg: cst.Arg, role: Role) -> bool:
    """Whether an argument is what gives the request its query parameters."""
    if arg is frame.path:
        return False
    if arg is role.argument:
        return True
    made = role.mapping.node if role.mapping is not None else None
    value = assigned(frame.function, arg.value.value) if isinstance(arg.value, cst.Name) else arg.value
    if made is not None and value is made:
        return True
    entries = role.entries.items if role.entries is not None else ()
    return any(use.operand is arg for entry in entries for use in entry.uses)


def removed(frame: Frame, index: int) -> Splice:
    """One argument of the frame's call taken out."""
    module, args = frame.module, frame.call.args
    if args[index].keyword is None and any(arg.keyword is None for arg in args[index + 1 :]):
        raise Refused("the call's further arguments count on the query parameters' place")
    if index:
        return Splice(span(module, args[index - 1])[1], span(module, args[index])[1], "")
    following = span(module, args[1])[0] if len(args) > 1 else span(module, args[0])[1]
    return Splice(span(module, args[0])[0], following, "")


def _defined(tree: cst.Module) -> frozenset[str]:
    return frozenset(
        node.name.value for node in walk(tree) if isinstance(node, (cst.FunctionDef, cst.ClassDef))
    )
