"""The whole program: modules are run, then every function and method is tried as unseen callers would.

Two rounds: what functions leave in module variables and attributes in the first round (a session made by
`connect`, a cached client) is known to all of them in the second. Each exploration is taken back before the
next, so that their order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from functools import partial

import libcst as cst

from aurora_migrate.flow import exceptions, guesses, objects, testing
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.facts import Facts
from aurora_migrate.flow.heap import Delta, ReadLog
from aurora_migrate.flow.instances import instantiate
from aurora_migrate.flow.interpreter import Interpreter, Spent, WrapperOf
from aurora_migrate.flow.libraries import web
from aurora_migrate.flow.libraries.config_files import set_environment
from aurora_migrate.flow.modules import Module, Modules
from aurora_migrate.flow.registries import add_kept, add_neighbours
from aurora_migrate.flow.revival import lasting, revive
from aurora_migrate.flow.unseen_callers import symbolic
from aurora_migrate.flow.values import Bound, ClassValue, Function, Instance, Value

MAX_INSTANCES = 4
_ENTRY_METHODS = ("__init__", "__enter__", "__aenter__", "__post_init__")


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying a function did, valid while what it read still holds; `tried` keeps its objects alive."""

    reads: ReadLog
    delta: Delta
    tried: tuple[Function, Value | None]


Tried = dict[tuple[int, int], Trial]
"""The functions and receivers that were tried, by identity."""


def explore(
    modules: Modules,
    relevant: Seq[Module],
    versions: Seq[str],
    sdk_packages: Seq[str],
    wrapper_of: WrapperOf | None = None,
) -> Facts:
    """Everything that these modules can send, as facts."""
    run = Interpreter(modules, versions, sdk_packages, wrapper_of)
    set_environment(run)
    for module in relevant:
        run.module_scope(module)
    run.settle()
    wanted = {id(module) for module in relevant}
    tried: Tried = {}
    for _ in range(2):
        _round(run, wanted, tried)
    _run_tests(run, wanted)
    _guess(run, wanted)
    add_neighbours(run)
    add_kept(run)
    return run.facts


def _guess(run: Interpreter, wanted: set[int]) -> None:
    """Try the functions again that call methods of objects which nobody is seen to give."""
    roots = guesses.pin(run)
    if not roots:
        return
    run.facts.close_reads()
    run.memo.clear()
    instances = _instances(run)
    for function in list(run.functions):
        if id(function.node) in roots and id(function.module) in wanted and not testing.is_test(function):
            for receiver in _receivers(run, function, instances):
                _explored(run, function, receiver)


def _run_tests(run: Interpreter, wanted: set[int]) -> None:
    """Run each test with what it would be given; nothing of it lasts."""
    instances = _instances(run)
    done = 0
    while done < len(run.functions):
        function = run.functions[done]
        done += 1
        if id(function.module) in wanted and testing.is_test(function):
            for receiver in list(_receivers(run, function, instances))[:2]:
                for given in testing.parameter_sets(run, function):
                    with testing.nothing_sent(run):
                        _try(run, partial(_run_test, run, function, receiver, given), function=function)


def _run_test(run: Interpreter, function: Function, receiver: Value | None, given: dict[str, Value]) -> None:
    with testing.testing(run, function):
        known = testing.Setting(run, function, receiver).prepare(given)
        args = symbolic(run, function, 0 if receiver is None else 1, known)
        callee: Value = function if receiver is None else Bound(function, (receiver,))
        run.call(callee, args, None, function.scope)


def _round(run: Interpreter, wanted: set[int], tried: Tried) -> None:
    base = run.heap.serial
    deltas: list[Delta] = []
    instances = _instances(run)
    _revive(run, instances, tried)
    made_up = run.heap.serial
    done = 0
    while done < len(run.functions):
        function = run.functions[done]
        done += 1
        if id(function.module) not in wanted or testing.is_test(function):
            continue
        for receiver in _receivers(run, function, instances):
            known = tried.get((id(function), id(receiver)))
            if known is None or not run.heap.still_holds(known.reads):
                log = run.heap.start_log()
                delta = _explored(run, function, receiver)
                run.heap.end_log(log)
                known = tried[(id(function), id(receiver))] = Trial(log, delta, (function, receiver))
            deltas.append(lasting(known.delta, base, made_up))
    if deltas:
        run.heap.join([Delta(), *(delta for delta in deltas if delta.changes)])


def _revive(run: Interpreter, instances: dict[int, list[Instance]], tried: Tried) -> None:
    """Objects that a function made hold again what they held when its exploration ended."""
    revive(run, [each for known in instances.values() for each in known], [t.delta for t in tried.values()])


def _instances(run: Interpreter) -> dict[int, list[Instance]]:
    """For each class some objects to try its methods on: those that the program makes, else one made up."""
    made: dict[int, list[Instance]] = {}
    for kind in list(run.classes):
        if objects.is_enum(kind) or id(kind.node) in made:
            continue
        known = [instance for instance in run.instances.get(id(kind.node), ()) if instance.kind is kind]
        known = known or list(run.instances.get(id(kind.node), ()))
        known = [*exceptions.raised_of(run, kind), *known]
        if not known:
            known = [instance for instance in (_made_up(run, kind),) if instance is not None]
        made[id(kind.node)] = _distinct(known)
    return made


def _distinct(instances: list[Instance]) -> list[Instance]:
    """The first few objects that were made at different places."""
    found: dict[int, Instance] = {}
    for instance in instances:
        found.setdefault(id(instance.node), instance)
    return list(found.values())[:MAX_INSTANCES]


def _made_up(run: Interpreter, kind: ClassValue) -> Instance | None:
    found: list[Instance] = []

    def construct() -> None:
        constructor = objects.find_in_class(run, kind, "__init__")
        args = Args()
        if isinstance(constructor, Function):
            args = symbolic(run, constructor, skip=1)
        instance = instantiate(run, kind, args, None, kind.scope)
        if isinstance(instance, Instance):
            found.append(instance)

    _try(run, construct, keep=True)
    return found[0] if found else None


def _receivers(
    run: Interpreter, function: Function, instances: dict[int, list[Instance]]
) -> Iterable[Value | None]:
    """The first arguments to try a function with: objects for a method, nothing for a plain function."""
    if function.kind == "wrapped":
        return []
    owner = function.owner or run.wrapped_in.get(id(function))
    if owner is None or isinstance(function.node, cst.Lambda):
        return [None]
    if function.kind == "staticmethod":
        return [None]
    if function.kind == "classmethod":
        return [owner]
    if function.name in _ENTRY_METHODS[:1]:
        return []
    heirs = [kind for kind in run.classes if owner in objects.resolution_order(kind)]
    found: list[Value] = []
    for kind in heirs:
        found.extend(instances.get(id(kind.node), ()))
    wrappers = run.wrappers if function.name == "__call__" else []
    found = [*found[: MAX_INSTANCES * 2], *(each for each in wrappers if each.kind in heirs)]
    return _once(found)


def _once(values: list[Value]) -> list[Value | None]:
    return list({id(value): value for value in values}.values())


def _explored(run: Interpreter, function: Function, receiver: Value | None) -> Delta:
    scope = function.scope

    def call() -> None:
        args = symbolic(run, function, skip=0 if receiver is None else 1)
        for name, value in web.given(run, function, receiver).items():
            args.keywords.setdefault(name, (value, None))
        callee: Value = function if receiver is None else Bound(function, (receiver,))
        run.call(callee, args, None, scope)

    return _try(run, call, function=function)


def _try(
    run: Interpreter, action: Callable[[], None], keep: bool = False, function: Function | None = None
) -> Delta:
    mark = run.heap.mark()
    with run.at_top_level(run.budget_of_root()), run.exploring():
        try:
            action()
        except Spent:
            if function is not None:
                run.facts.spent[(function.module, function.name)] = "the calls inside each other are too many"
        except RecursionError:
            if function is not None:
                run.facts.spent[(function.module, function.name)] = "the code is nested too deeply"
        run.explored_steps += run.steps
    delta = run.heap.delta(mark)
    if not keep:
        run.heap.undo(mark)
    return delta
