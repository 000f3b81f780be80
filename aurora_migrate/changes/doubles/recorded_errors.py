"""Recorded bodies of refusals: a text, or an object of fields and messages, becomes a list of messages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from aurora_migrate.catalogue.model import Rule
from aurora_migrate.changes.context import Context, carried_out, fixable, manual, source_of
from aurora_migrate.changes.doubles import stand_ins
from aurora_migrate.changes.doubles.tied import Tied
from aurora_migrate.changes.fields.keys import key_of_entry
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.changes.traces import trace_of
from aurora_migrate.findings import Certainty, Finding
from aurora_migrate.flow.around import definition_at
from aurora_migrate.flow.doubles import Double
from aurora_migrate.flow.facts import Body, Request
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Entry, Mapping, Text


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the rule says of the old and the new body."""

    old_keys: tuple[str, ...]
    list_key: str
    message_key: str


@dataclass(slots=True)
class _Recorded:
    """One entry that says why a request was refused, with all that it was seen to hold."""

    tied: Tied
    entry: Entry
    bodies: list[Body]
    first: str
    """The key of the same body that becomes the list: there can be one only."""


def find(context: Context, rule: Rule, told: Iterable[Tied], foreign: Iterable[Request]) -> Iterator[Finding]:
    """Every recorded refusal in the old shape, but for those that other servers give, too."""
    shape = _Shape(
        rule.parameters.texts("old-keys"),
        rule.parameters.text("list-key"),
        rule.parameters.text("message-key"),
    )
    elsewhere = {entry.place for request in foreign for body in request.bodies for entry, _ in body.fields}
    told = list(told)
    for recorded in _recorded(shape, told):
        yield _finding(context, rule, shape, recorded, elsewhere)
    yield from _beside(context, rule, shape, told)


def _beside(context: Context, rule: Rule, shape: _Shape, told: Iterable[Tied]) -> Iterator[Finding]:
    """What a recorded refusal says beside its messages, where the program looks for it."""
    keys = rule.parameters.texts("keys-beside")
    read = {
        found.name
        for found, _ in context.ties.reads(context.facts, rule)
        if found.part.path == () and found.name in keys
    }
    seen: set[Hashable] = set()
    for tied in told:
        for body in tied.double.bodies if tied.double is not None and _is_whole(tied.double) else ():
            names = {entry.name for entry, _ in body.fields}
            for entry, _ in body.fields if names & {shape.list_key, *shape.old_keys} else ():
                if entry.name not in read or (entry.place or id(entry)) in seen:
                    continue
                seen.add(entry.place or id(entry))
                module, node = _place_of(entry, tied.request)
                certainty = Certainty.PROVEN if tied.certain else Certainty.LIKELY
                location, subject = module.location(node), source_of(module, node)
                trace = trace_of(tied.request, node)
                reason = "nothing is known to stand beside the messages"
                yield manual(rule, location, certainty, reason, trace, subject, key=entry.name or "")


def _place_of(entry: Entry, request: Request) -> tuple[Module, cst.CSTNode]:
    """Where an entry is written: its key, if that is."""
    use = entry.uses[-1] if entry.uses else None
    module = use.module if use is not None else request.module
    return module, key_of_entry(entry) or (use.operand if use is not None else request.node)


def _recorded(shape: _Shape, told: Iterable[Tied]) -> Iterator[_Recorded]:
    found: dict[Hashable, _Recorded] = {}
    for tied in told:
        status = tied.double.status if tied.double is not None else 0
        if tied.double is None or not (status is None or 400 <= status < 500) or not _is_whole(tied.double):
            continue
        for body in tied.double.bodies:
            names = {entry.name for entry, _ in body.fields}
            if shape.list_key in names or (status is None and len(names - set(shape.old_keys)) > 1):
                continue
            for key in shape.old_keys[: 1 if status is None else None]:
                first = next((each for each in shape.old_keys if each in names), key)
                for entry, held in body.at(key):
                    known = found.setdefault(entry.place or id(entry), _Recorded(tied, entry, [], first))
                    known.bodies.append(held)
    return iter(found.values())


def _is_whole(double: Double) -> bool:
    """Whether a double is the whole of an answer: by its status, or by where the program looks into it."""
    return double.part is None or (double.library == stand_ins.LIBRARY and double.part.path == ())


def _finding(
    context: Context, rule: Rule, shape: _Shape, recorded: _Recorded, elsewhere: set[Hashable]
) -> Finding:
    entry, request = recorded.entry, recorded.tied.request
    module, node = _place_of(entry, request)
    location, subject, trace = module.location(node), source_of(module, node), trace_of(request, node)
    names = {"key": entry.name or ""}
    certainty = Certainty.PROVEN if recorded.tied.certain else Certainty.LIKELY
    try:
        if not recorded.tied.certain:
            raise Refused("the mock answers for several servers, and for which this is cannot be told")
        if entry.place in elsewhere:
            raise Refused("another server answers with the same object")
        if entry.name != recorded.first:
            raise Refused(f"`{recorded.first}` beside it becomes the list of messages")
        plan = Plan(clean=False)
        _reshape(context, plan, shape, recorded)
        edits = carried_out(plan, context.modules)
    except Refused as refused:
        return manual(rule, location, certainty, str(refused), trace, subject, **names)
    return fixable(rule, location, certainty, edits, trace, subject, **names)


def _reshape(context: Context, plan: Plan, shape: _Shape, recorded: _Recorded) -> None:
    entry = recorded.entry
    use = entry.uses[-1] if entry.uses else None
    if use is None:
        raise Refused("where its key is written was not found")
    if isinstance(use.operand, cst.DictElement):
        piece = entry.key_piece
        if piece is None or piece.node is None or piece.node is not use.operand.key:
            raise Refused("its key is not written where it is used")
        plan.cut(use.module, piece.node, piece.start, piece.start + len(piece.text or ""), shape.list_key)
        value: cst.BaseExpression = use.operand.value
    elif isinstance(use.operand, cst.Arg) and use.operand.keyword is not None:
        plan.rename(use.module, use.operand.keyword, shape.list_key)
        value = use.operand.value
    else:
        raise Refused("its key is not written in a display of an object")
    _messages(context, plan, shape, use.module, value, recorded.bodies)


def _messages(
    context: Context,
    plan: Plan,
    shape: _Shape,
    module: Module,
    value: cst.BaseExpression,
    bodies: list[Body],
) -> None:
    """Put a list of messages in the place of what the old key held."""
    if isinstance(value, cst.Dict):
        plan.replace(module, value, _listed(shape, _of_display(value)))
    elif isinstance(value, cst.DictComp):
        plan.replace(module, value, _of_comprehension(shape, module, value))
    elif all(isinstance(body.value, Text) for body in bodies):
        plan.wrap(module, value, f'[{{"{shape.message_key}": {INNER}}}]')
    elif isinstance(value, cst.Name) and all(isinstance(body.value, Mapping) for body in bodies):
        _given(context, plan, shape, module, value, bodies)
    else:
        raise Refused("what it says is put together elsewhere")


def _given(
    context: Context, plan: Plan, shape: _Shape, module: Module, name: cst.Name, bodies: list[Body]
) -> None:
    """A parameter that is used nowhere else: the objects that it is given are rewritten where they stand."""
    function = definition_at(module, name)
    uses = [
        node
        for node in walk(function.body if function is not None else module.tree)
        if isinstance(node, cst.Name) and node.value == name.value
    ]
    given = function is not None and name.value in {each.name.value for each in parameters(function.params)}
    if function is None or not given or len(uses) != 1 or _is_called(context, function):
        raise Refused(f"`{name.value}` is also used elsewhere")
    for body in bodies:
        assert isinstance(body.value, Mapping)
        node, home = body.value.node, body.value.module
        if not isinstance(node, cst.Dict) or home is None:
            raise Refused("what it says is put together elsewhere")
        plan.replace(home, node, _listed(shape, _of_display(node)))


def _is_called(context: Context, function: cst.FunctionDef) -> bool:
    """Whether the program calls a function by its name (nobody calls a test)."""
    return any(
        isinstance(module.parents.get(id(node)), cst.Call)
        for module in context.modules
        for node in mentions(module, function.name.value)
    )


def _of_display(display: cst.Dict) -> list[str]:
    """`{"email": ["is taken", ...]}` as texts: each message with its field in front."""
    found: list[str] = []
    for element in display.elements:
        if not isinstance(element, cst.DictElement) or not isinstance(element.key, cst.SimpleString):
            raise Refused("a field of it is not written out")
        field = string_value(element.key)
        held = element.value
        texts = list(held.elements) if isinstance(held, (cst.List, cst.Tuple)) else None
        for each in [item.value for item in texts] if texts is not None else [held]:
            if not isinstance(each, cst.SimpleString):
                raise Refused(f"the messages of `{field}` are not written out")
            found.append(f"{field} {string_value(each)}")
    return found


def _listed(shape: _Shape, messages: list[str]) -> str:
    if not messages:
        raise Refused("no message is no refusal: an empty list says nothing under either name")
    return "[" + ", ".join(f'{{"{shape.message_key}": {quoted(message)}}}' for message in messages) + "]"


def quoted(message: str) -> str:
    """A message as the source of a text."""
    escaped = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _of_comprehension(shape: _Shape, module: Module, value: cst.DictComp) -> str:
    """`{name: [text] for name, text in fields.items()}` as a list of messages."""
    held = value.value
    inner = held.elements[0].value if isinstance(held, cst.List) and len(held.elements) == 1 else None
    if not isinstance(value.key, cst.Name) or not isinstance(inner, cst.Name):
        raise Refused("what it says is worked out when the test runs")
    loop = module.tree.code_for_node(value.for_in).strip()
    return f'[{{"{shape.message_key}": f"{{{value.key.value}}} {{{inner.value}}}"}} {loop}]'
