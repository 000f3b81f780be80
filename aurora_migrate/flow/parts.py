"""Parts of responses: what looking into them gives, what is noted of it, and what is written into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, strangers
from aurora_migrate.flow.alternatives import choose, iterate_texts, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import Body
from aurora_migrate.flow.part_entries import put_in, put_into
from aurora_migrate.flow.places import Field, Marker, Use
from aurora_migrate.flow.reads import Form, Match, Read, Taking
from aurora_migrate.flow.values import (
    NONE,
    UNKNOWN,
    Builtin,
    ClassValue,
    Const,
    Entries,
    Entry,
    Items,
    Mapping,
    Part,
    Piece,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module


def look(
    run: Interpreter,
    part: Part,
    key: Value,
    node: cst.CSTNode | None,
    scope: Scope,
    form: Form = Form.SUBSCRIPT,
    field: Field | None = None,
) -> Value:
    """What a part of a response holds under a key, which is noted as read."""
    holders = [part, *put_into(run, part)]
    return choose([_look(run, holder, key, node, scope, form, field) for holder in holders])


def _look(
    run: Interpreter,
    part: Part,
    key: Value,
    node: cst.CSTNode | None,
    scope: Scope,
    form: Form,
    field: Field | None,
) -> Value:
    found: list[Value] = []
    if node is not None:
        strangers.note_answer(run, node, part, key)
    for name, piece in containers.key_names(key):
        if name is None or isinstance(key, Const):
            found.append(part.step(Marker.ITEM))
            continue
        held = run.heap.get(run.part_cells(part), name)
        if isinstance(held, Entries):
            found.append(choose([entry.value for entry in held.items]))
            if not held.open:
                note_own(run, part.step(name), held, piece, node, scope)
            elif node is not None:
                maybe = run.facts.about(part.step(name)).maybe_stored
                maybe.setdefault(part.step(name).key, (scope.module, node, held.items))
        if not isinstance(held, Entries) or held.open:
            note_read(run, part, name, piece, node, scope, form, field)
            found.append(part.step(name))
            run.heap.note_got((part.origin.number, (*part.path, name)))
    return choose(found)


def note_own(
    run: Interpreter, found: Part, held: Entries, piece: Piece | None, node: cst.CSTNode | None, scope: Scope
) -> None:
    """Note that a look into a response finds what the program itself has stored there."""
    if node is None:
        return
    run.facts.about(found).stored_looks.setdefault(found.key, (scope.module, node))
    for entry in held.items:
        run.facts.note_look(scope.module, node, piece, entry.place)


def note_read(
    run: Interpreter,
    part: Part,
    name: str,
    piece: Piece | None,
    node: cst.CSTNode | None,
    scope: Scope,
    form: Form,
    field: Field | None = None,
) -> None:
    module = scope.module
    if node is None:
        if piece is None or piece.node is None or piece.module is None:
            return
        module, node = piece.module, piece.node
    if part.origin.is_guessed and run.facts.is_read(node):
        return
    read = Read(
        module,
        node,
        form,
        part,
        name,
        piece,
        field,
        tuple(run.stack),
        tuple(run.calls),
        run.explored,
        bool(run.guards),
        name in run.part_cells(part),
    )
    run.facts.add_read(read)


def store(run: Interpreter, part: Part, entry: Entry) -> None:
    """Write under a key of a part: what is read there from now on, and sent if the part is."""
    if entry.name is not None:
        found = part.step(entry.name)
        run.facts.about(found).own_stores.add(found.key)
        run.heap.set(run.part_cells(part), entry.name, Entries((entry,)))


def written(run: Interpreter, part: Part) -> list[Entry]:
    """What the program wrote into a part, by key."""
    return [
        entry for held in run.part_cells(part).values() if isinstance(held, Entries) for entry in held.items
    ]


def look_in(run: Interpreter, node: cst.CSTNode, left: Value, right: Value, scope: Scope) -> None:
    """Note that `left in right` looks for a key or text in a part of a response, or for one among texts."""
    strangers.note(run, node, right, left)
    spread = [part for held in options(right) if isinstance(held, Mapping) for part in run.entries(held).rest]
    for part in [*parts_of(right), *spread]:
        strangers.note_answer(run, node, part, left)
        _sought_in(run, part, left, node, scope)
    for part in parts_of(left):
        for held in options(right):
            elements = containers.iterate(run, held)[0] if not isinstance(held, Text) else [held]
            how = "lookup" if isinstance(held, Mapping) else "in"
            for element in elements:
                match(run, part, element, node, scope.module, how)


def wrapped(body: Body, part: Part) -> Body:
    """A body as what it would be found in, when it is this part of it."""
    for step in reversed(part.path):
        if isinstance(step, str):
            entry = Entry(step, body.value)
            body = Body(body.value, fields=((entry, (body,)),), open=True)
        elif step is Marker.ITEM:
            body = Body(body.value, items=(body,), open=True)
    return body


def _sought_in(run: Interpreter, part: Part, sought: Value, node: cst.CSTNode, scope: Scope) -> None:
    """`sought in part`: a key of an object, or characters of a text; both are noted."""
    for found in iterate_texts(sought):
        if part.path[-1:] in ((Marker.TEXT,), (Marker.URL,), (Marker.KEY,)):
            match(run, part, found, node, scope.module, "search")
        elif found.literal is not None:
            piece = found.pieces[0] if len(found.pieces) == 1 else None
            note_read(run, part, found.literal, piece, node, scope, Form.IN)


def match(
    run: Interpreter,
    part: Part,
    value: Value,
    node: cst.CSTNode | None,
    module: Module,
    how: str,
    looker: cst.CSTNode | None = None,
) -> None:
    """Note that a part is held against what a value says."""
    for found in iterate_texts(value):
        piece = found.pieces[0] if len(found.pieces) == 1 else None
        place, home = node, module
        if place is None and piece is not None and piece.node is not None and piece.module is not None:
            place, home = piece.node, piece.module
        if place is None:
            continue
        if part.path[-1:] == (Marker.KEY,) and found.literal is not None:
            holder = Part(part.hints, part.roots, part.origin, part.path[:-1])
            if found.literal not in run.part_cells(holder):
                scope = Scope(run.heap.new_cells(), home, None)
                note_read(run, holder, found.literal, piece, place, scope, Form.COMPARED)
            continue
        run.facts.add_match(Match(home, place, how, part, found, tuple(run.stack), run.explored, looker))


def note_taken(
    run: Interpreter,
    taken: Iterable[Part],
    kind: ClassValue | None,
    node: cst.CSTNode | None,
    scope: Scope,
    spread: bool = False,
) -> None:
    """Note that a class (None: a function) of the project takes parts of responses apart."""
    if node is None:
        return
    for part in taken:
        run.facts.add_taking(Taking(scope.module, node, part, kind, spread, tuple(run.stack)))


def keys_of_sent(value: Value) -> list[Part]:
    """What a test goes through of something that was sent: the keys, should it be an object."""
    return [part.step(Marker.KEY) for part in parts_of(value) if part.origin.sent is not None]


def spread(run: Interpreter, given: list[Part], param: cst.Param, scope: Scope) -> list[Value]:
    """What `function(**part)` gives to a parameter."""
    key = Text((Piece(param.name.value),))
    return [look(run, part, key, param, scope, Form.ARGUMENT) for part in given]


def parsed(part: Part) -> Part:
    """The object that a response's text says."""
    if part.path[-1:] == (Marker.TEXT,):
        return Part(part.hints, part.roots, part.origin, part.path[:-1])
    return part


# -- methods


def has_method(name: str) -> bool:
    """Whether a name is a method of objects, lists or texts."""
    return name in _METHODS or name in _SAME_TEXT


Method = Callable[["Interpreter", Part, Args, "cst.Call | None", Scope], Value]


def method(run: Interpreter, part: Part, name: str) -> Value:
    """A method of a part: it may be an object, a list or a text."""
    if name == "__dict__" or (part.path[-1:] == (Marker.URL,) and name in _OF_URL):
        return part
    if part.path[-1:] == (Marker.URL,) and name == "params":
        return Part(part.hints, part.roots, part.origin, (*part.path[:-1], Marker.PARAMS))
    found = _METHODS.get(name)
    if found is not None:
        return Builtin(f"part.{name}", lambda args, node, scope: found(run, part, args, node, scope))
    if name in _SAME_TEXT:
        return Builtin(f"part.{name}", lambda args, node, scope: part)
    return part.step(name) if name.isidentifier() else Unknown((*part.hints, name)[-6:], part.roots)


def _get(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    default = args.get(1, "default") or NONE
    return choose([look(run, part, args.get(0) or UNKNOWN, node, scope, Form.GET), *_telling(default)])


def _item(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return look(run, part, args.get(0) or UNKNOWN, node, scope)


def _telling(default: Value) -> list[Value]:
    """A default that says more than that there is nothing."""
    return [option for option in options(default) if not isinstance(option, Const)]


def _pop(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    if not args.positional:
        return part.step(Marker.ITEM)
    found = look(run, part, args.get(0) or UNKNOWN, node, scope, Form.POP)
    return choose([found, *_telling(args.get(1) or NONE)])


def _setdefault(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    found = look(run, part, args.get(0) or UNKNOWN, node, scope, Form.SETDEFAULT)
    return choose([found, *_telling(args.get(1) or NONE)])


def _items(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    pair = _pop_item(run, part, args, node, scope)
    return run.new_sequence(Items((pair,), open=True), None, None)


def _keys(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.new_sequence(Items((part.step(Marker.KEY),), open=True), None, None)


def _values(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.new_sequence(Items((part.step(Marker.ITEM),), open=True), None, None)


def _pop_item(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return run.new_sequence(Items((part.step(Marker.KEY), part.step(Marker.ITEM))), None, None)


def _copy(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    return part


def put_all(run: Interpreter, part: Part, value: Value, use: Use | None) -> None:
    """`part.update(value)` and `part |= value`: what the value holds is found there, too."""
    put_in(run, part, containers.unseen_of(run, value))
    for entry, _ in containers.entries_of(run, value):
        if entry is not None:
            store(run, part, entry.used_in(use) if use is not None else entry)


def _update(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    for value, arg in args.positional:
        use = Use(scope.module, node, arg) if node is not None and arg is not None else None
        put_all(run, part, value, use)
    for name, (value, arg) in args.keywords.items():
        uses = (Use(scope.module, node, arg),) if node is not None and arg is not None else ()
        store(run, part, Entry(name, value, None, uses))
    return NONE


def _set_item(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`part.__setitem__(key, value)`."""
    uses = (Use(scope.module, node, node),) if node is not None else ()
    for name, piece in containers.key_names(args.get(0) or UNKNOWN):
        store(run, part, Entry(name, args.get(1) or UNKNOWN, piece, uses))
    return NONE


def _search(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    sought = args.get(0) or UNKNOWN
    for option in options(sought):
        elements = run.items(option)[0].values if isinstance(option, Sequence) else (option,)
        for element in elements:
            match(run, part, element, node, scope.module, "search")
    return UNKNOWN


def _cut(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """`text.removeprefix(...)`, `text.replace(...)`: in a URL, what is looked for is a part of one."""
    if Marker.URL in part.path and _is_path(args.get(0)):
        _search(run, part, args, node, scope)
    return part


def _is_path(value: Value | None) -> bool:
    """Whether a text has several segments of a path."""
    return isinstance(value, Text) and "/" in (value.literal or "").strip("/")


def _split(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    if Marker.URL in part.path and _is_path(args.get(0)):
        _search(run, part, args, node, scope)
    return run.new_sequence(Items((part,), open=True), None, None)


def _sort(run: Interpreter, part: Part, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    key = args.get(None, "key")
    if key is not None:
        run.call(key, Args.of(part.step(Marker.ITEM)), None, scope)
    return NONE


_METHODS: dict[str, Method] = {
    "sort": _sort,
    "get": _get,
    "__getitem__": _item,
    "__setitem__": _set_item,
    "pop": _pop,
    "setdefault": _setdefault,
    "items": _items,
    "iteritems": _items,
    "popitem": _pop_item,
    "keys": _keys,
    "values": _values,
    "copy": _copy,
    "update": _update,
    "startswith": _search,
    "endswith": _search,
    "find": _search,
    "rfind": _search,
    "index": _search,
    "count": _search,
    "removeprefix": _cut,
    "replace": _cut,
    "split": _split,
    "splitlines": _split,
}
_OF_URL = frozenset({"path", "raw_path", "url", "human_repr", "full_path", "target"})
_SAME_TEXT = frozenset(
    {"lower", "upper", "title", "casefold", "capitalize", "strip", "lstrip", "rstrip", "decode", "encode"}
)
