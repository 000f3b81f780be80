"""Calls: functions of the project are run with the caller's values, classes instantiated, libraries asked.

A call with the same arguments that would read the same state is not run again (`memory`).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import (
    guesses,
    keeping,
    libraries,
    memory,
    pages,
    patching,
    placeholders,
    strangers,
    text,
    unseen_clients,
)
from aurora_migrate.flow.alternatives import choose, gap, is_stranger, options, parts_of, unless_set
from aurora_migrate.flow.arguments import Args, bind
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.facts import HandedOver
from aurora_migrate.flow.instances import instantiate
from aurora_migrate.flow.places import Marker, Step, Use
from aurora_migrate.flow.scopes import dotted_name, names_of, takes_values
from aurora_migrate.flow.statements import Runner
from aurora_migrate.flow.values import (
    GAP,
    NONE,
    UNKNOWN,
    Bound,
    Builtin,
    Choice,
    ClassValue,
    External,
    Function,
    Instance,
    Items,
    Mapping,
    Part,
    Sequence,
    Text,
    Unknown,
    Value,
    key_of,
)

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


MAX_DEPTH = 40
"""How many calls may be inside each other before the innermost is unknown."""

MAX_DESCENT = 6
"""How often a function may be inside itself that goes down a written out object; others may be twice."""


def call(run: Interpreter, callee: Value, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """What calling a value gives."""
    run.tick()
    guesses.note(run, callee, node, scope)
    if isinstance(callee, Choice):
        return choose([call(run, option, args, node, scope) for option in callee.options])
    if isinstance(callee, Function):
        return call_function(run, callee, args, node, scope)
    if isinstance(callee, Bound):
        keywords = {name: (value, None) for name, value in callee.keywords}
        merged = Args(
            args.positional,
            {**keywords, **args.keywords},
            args.open_positional,
            args.open_keywords,
            loose=args.loose,
            parts=args.parts,
            hidden=args.hidden,
            entries=args.entries,
        )
        return call(run, callee.function, merged.prepended(*callee.args), node, scope)
    if isinstance(callee, Builtin):
        return callee.call(args, node, scope)
    if isinstance(callee, ClassValue):
        return instantiate(run, callee, args, node, scope)
    if isinstance(callee, External):
        return libraries.call(run, callee.name, args, node, scope)
    if isinstance(callee, Part) and callee.path[-1:] == (Marker.TEXT,):
        # aiohttp's `response.text()` is called, requests' `response.text` is not.
        return callee
    if isinstance(callee, Instance):
        method = run.attribute(callee, "__call__", scope)
        if isinstance(method, (Function, Bound, Builtin)):
            return call(run, method, args, node, scope)
    return call_unseen(run, callee, args, node, scope)


def call_function(
    run: Interpreter, function: Function, args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    """Run a function of the project with these arguments, or recall what it did."""
    depth = sum(1 for step in run.stack if step.node is function.node)
    goes_down = _is_given_displays(args)
    most, longest = (MAX_DESCENT, MAX_DEPTH) if goes_down or run.descents else (2, 8)
    if depth >= most or len(run.stack) >= MAX_DEPTH or (depth and len(run.stack) >= longest):
        return gap(function.name)
    if not run.test and (run.stack or not run.explored):
        run.facts.called.add(id(function.node))
    key = _memo_key(run, function, args)
    for earlier in run.memo.get(key, ()):
        if earlier.test in (None, run.test) and run.heap.still_holds(earlier.reads):
            value = memory.recall(run, earlier)
            strangers.note_again(run, earlier.strangers)
            patching.returned(run, function, value, args, scope)
            return value
    log = run.heap.start_log()
    mark, before = run.heap.mark(), (len(run.strangers), run.doubles.noted)
    run.stack.append(Step(scope.module, function.node, _called(function, node)))
    run.calls.append((scope.module, node))
    run.descents += goes_down
    try:
        value = strangers.of_tests(function.module, _run_function(run, function, args, node, scope))
    finally:
        run.descents -= goes_down
        run.calls.pop()
        run.stack.pop()
        run.heap.end_log(log)
    patching.returned(run, function, value, args, scope)
    known = run.memo.setdefault(key, [])
    if len(known) < memory.MAX_KNOWN:
        remembered = memory.remember(run, log, run.heap.delta(mark), value, before)
        known.extend([remembered] if remembered is not None else [])
    return value


def _is_given_displays(args: Args) -> bool:
    """Whether an argument is an object that is written out: going down its parts comes to an end."""
    given = (option for value in args.values() for option in options(value))
    return any(isinstance(option, Mapping) and isinstance(option.node, cst.Dict) for option in given)


def _called(function: Function, node: cst.Call | None) -> str:
    return dotted_name(node.func) or function.name if node is not None else function.name


def _memo_key(run: Interpreter, function: Function, args: Args) -> Hashable:
    return (
        id(function.node),
        id(function.scope.cells),
        tuple(key_of(value) for value in function.defaults.values()),
        tuple(key_of(value) for value in args.values()),
        tuple((name, key_of(value)) for name, (value, _) in sorted(args.keywords.items())),
        args.open_positional,
        args.open_keywords,
        args.hidden is not None,
        tuple(part.key for part in args.parts),
        tuple(key_of(value) for value in args.loose),
        tuple((name, entry.place) for name, entry in sorted(args.entries.items())),
        tuple(id(guard) for guard in run.guards),
        run.explored,
        id(run.guess),
    )


def _run_function(
    run: Interpreter, function: Function, args: Args, node: cst.Call | None, scope: Scope
) -> Value:
    names = names_of(function.node)
    local = Scope(
        run.heap.new_cells(),
        function.module,
        function.scope,
        names.local,
        names.globals,
        names.nonlocals,
        owner=function.owner,
        receiver=args.values()[0] if args.positional else NONE,
    )
    use = Use(scope.module, node, node) if node is not None else None
    for name, value in bind(run, function.node.params, args, function.defaults, use).items():
        run.heap.set(local.cells, name, value)
    if isinstance(function.node, cst.Lambda):
        return run.evaluate(function.node.body, local)
    if names.is_generator:
        run.heap.set(local.cells, "<yields>", Items())
    value = Runner(run, local).body(function.node.body)
    if not names.is_generator:
        return value
    held = run.heap.get(local.cells, "<yields>") or Items()
    yielded = tuple(value for option in options(held) if isinstance(option, Items) for value in option.values)
    if function.kind in ("contextmanager", "fixture"):
        return choose(yielded) if yielded else UNKNOWN
    made = run.new_sequence(Items(yielded, open=True), None, None)
    run.heap.set(made.cells, "<returned>", value)
    if takes_values(function.module, function.node):
        run.heap.set(made.cells, "<send>", _sender(run, function, local))
    return made


def _sender(run: Interpreter, function: Function, local: Scope) -> Builtin:
    """`generator.send(value)`: the body goes on with the value where it has yielded."""

    def send(args: Args, node: cst.Call | None, scope: Scope) -> Value:
        run.heap.set(local.cells, "<sent>", args.get(0) or UNKNOWN)
        assert isinstance(function.node, cst.FunctionDef)
        Runner(run, local).body(function.node.body)
        held = options(run.heap.get(local.cells, "<yields>") or Items())
        yielded = [value for each in held if isinstance(each, Items) for value in each.values]
        return choose(yielded or [UNKNOWN])

    return Builtin("generator.send", send)


def call_unseen(run: Interpreter, callee: Value, args: Args, node: cst.Call | None, scope: Scope) -> Value:
    """A call of something unknown: functions handed to it are run, mappings handed to it have escaped."""
    values = args.every()
    sent = unseen_clients.sent(run, args, node, scope) or guesses.called(run, args, node, scope)
    if sent is not None:
        return sent
    note_handed_over(run, callee, args, node, scope)
    _note_taken(run, args, node, scope)
    for index, value in enumerate(values):
        for option in options(value):
            if isinstance(option, (Mapping, Instance)) and option.node is not None:
                run.facts.escaped.setdefault(id(option.node), set()).add(id(node))
            if isinstance(option, (Function, Bound)) or _is_http(option):
                return call_handed_over(run, option, args, index, scope)
    found = text.hole(callee, *values)
    if GAP in found.roots and is_stranger(callee):
        return Unknown(found.hints, found.roots - {GAP})
    return _or_default(args, node, found)


def _or_default(args: Args, node: cst.Call | None, result: Value) -> Value:
    """`anything.get(name, default)`, whatever it is: the default, or what is there."""
    is_getter = node is not None and isinstance(node.func, cst.Attribute) and node.func.attr.value in _GETTERS
    name, default = args.get(0), args.get(1)
    for keyword in _DEFAULTS:
        default = default if default is not None else args.get(None, keyword)
    if not is_getter or default is None or not isinstance(name, Text) or name.literal is None:
        return result
    hinted = Unknown((name.literal,), result.roots) if isinstance(result, Unknown) else result
    return choose([default, unless_set(hinted, default)])


_GETTERS = frozenset({"get", "getenv", "get_setting", "get_config", "get_value", "setdefault", "pop"})
_DEFAULTS = ("default", "fallback", "default_var", "default_value")


def _note_taken(run: Interpreter, args: Args, node: cst.Call | None, scope: Scope) -> None:
    """Note the parts of responses that go to code which nobody can see."""
    if node is None:
        return
    taken = [*args.parts, *(part for value in args.every() for part in parts_of(value))]
    for part in taken:
        run.facts.note_taker(scope.module, node, dotted_name(node.func), part)
    placeholders.note(run, args, args.values(), scope)
    pages.note(run, args, node, scope)


def note_handed_over(
    run: Interpreter, callee: Value, args: Args, node: cst.Call | None, scope: Scope
) -> None:
    """Remember texts and mappings that go to code which nobody can see."""
    if node is None:
        return
    if not _only_reports(callee, node) or dotted_name(node.func).rpartition(".")[2] in _KEEPING:
        keeping.note_given(run, args.every(), node, scope)
    if _only_reports(callee, node):
        return
    for value in args.every():
        for option in flattened(run, value):
            if isinstance(option, (Text, Mapping)):
                entries = run.entries(option) if isinstance(option, Mapping) else None
                url = option if isinstance(option, Text) else Text(())
                if entries is None and not any(piece.text for piece in url.pieces):
                    continue
                key = (id(node), key_of(entries if entries is not None else url))
                handed = HandedOver(
                    scope.module,
                    node,
                    dotted_name(node.func),
                    url,
                    entries,
                    tuple(run.stack),
                    tuple(run.calls),
                    run.explored,
                    callee if isinstance(callee, Unknown) else UNKNOWN,
                )
                run.facts.handed.setdefault(key, handed)


def flattened(run: Interpreter, value: Value) -> list[Value]:
    """The alternatives of a value, and the elements of those that are sequences."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Sequence):
            found.extend(
                inner for items in run.items(option) for item in items.values for inner in options(item)
            )
        else:
            found.append(option)
    return found


def _is_http(value: Value) -> bool:
    return isinstance(value, External) and (libraries.sends(value.name) or value.name.endswith(".<any>"))


_REPORTS = frozenset(
    {
        "debug",
        "info",
        "warning",
        "warn",
        "error",
        "exception",
        "critical",
        "log",
        "print",
        "echo",
        "secho",
        "write",
        "format",
        "append",
        "add",
        "join",
        "count",
        "fail",
        "skip",
    }
)


_KEEPING = frozenset({"append", "add"})
"""Of these, what keeps an object that it is given."""


def _only_reports(callee: Value, node: cst.Call) -> bool:
    """Calls that take a text to show it, and the standard library's on texts: they send nothing."""
    name = dotted_name(node.func)
    if name.rpartition(".")[2] in _REPORTS or (
        name[:1].isupper() and name.endswith(("Error", "Exception", "Exit"))
    ):
        return True
    if isinstance(callee, External):
        top = callee.name.split(".")[0]
        return top != "subprocess" and callee.name != "os.system" and libraries.is_standard(top)
    return False


def call_handed_over(run: Interpreter, function: Value, args: Args, index: int, scope: Scope) -> Value:
    """Run a callback with the arguments beside it: `submit(f, a, b)`, `Thread(target=f, args=(a,))`."""
    given = args.get(None, "args") or args.get(None, "op_args")
    beside = args.values()[index + 1 :]
    following = list(run.items(given)[0].values) if isinstance(given, Sequence) else beside
    keywords = args.get(None, "kwargs") or args.get(None, "op_kwargs")
    named: dict[str, tuple[Value, cst.Arg | None]] = {}
    if isinstance(keywords, Mapping):
        named = {
            entry.name: (entry.value, None) for entry in run.entries(keywords).items if entry.name is not None
        }
    else:
        reserved = ("target", "args", "kwargs", "name", "daemon", "key", "default")
        named = {name: pair for name, pair in args.keywords.items() if name not in reserved}
    return call(run, function, Args([(value, None) for value in following], named), None, scope)
