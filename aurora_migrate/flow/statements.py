"""Statements: they run in place; where paths part, each is tried, taken back, and the results are joined.

Paths stay apart while two or more texts differ between them (a base URL and a path chosen by one `if` belong
together), up to a limit for each function activation; otherwise joining them loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Seq
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import exceptions, imports, loops, patterns, raising, statuses, targets
from aurora_migrate.flow.absent import absent, given_back, with_writes
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.conditions import guard_of, outcome_of, returns
from aurora_migrate.flow.definitions import define_class, define_function
from aurora_migrate.flow.heap import Delta, correlated
from aurora_migrate.flow.libraries.context import entered
from aurora_migrate.flow.narrowing import narrow
from aurora_migrate.flow.outcomes import MAX_PATHS, MAX_WIDTH, Activation, End, Outcome, Outcomes
from aurora_migrate.flow.places import Guard
from aurora_migrate.flow.values import UNKNOWN, Instance, Mapping, Sequence, Value

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module


def run_module(run: Interpreter, module: Module, scope: Scope) -> None:
    from aurora_migrate.flow.interpreter import Spent

    try:
        Runner(run, scope).top(module.tree.body)
    except Spent:
        run.facts.spent[(module, module.name)] = "the module is too large"


class Runner:
    """Runs the statements of one body (module, class, function) in its scope."""

    def __init__(self, run: Interpreter, scope: Scope) -> None:
        self.run = run
        self.heap = run.heap
        self.scope = scope
        self.activation = Activation()
        self.tested: dict[int, Guard] = {}
        """The guards of `if` statements that have just run."""

    def top(self, body: Seq[cst.CSTNode]) -> None:
        """A module's or class's body: however it ends, what it left is kept."""
        outcomes = self.block(body)
        if outcomes is not None:
            self.heap.join([outcome.delta for outcome in outcomes])

    def body(self, node: cst.BaseSuite) -> Value:
        """A function's body: what it returns, its paths joined."""
        outcomes = self.block(node.body)
        if outcomes is None:
            return UNKNOWN_RETURN
        ended = [outcome for outcome in outcomes if outcome.end is not End.RAISE] or outcomes
        ended = given_back(self.run, ended, self.scope.cells.birth)
        self.heap.join([outcome.delta for outcome in ended])
        values = [o.value if o.value is not None else UNKNOWN_RETURN for o in ended]
        useful = [value for value in values if value is not UNKNOWN_RETURN]
        return choose(useful) if useful else UNKNOWN_RETURN

    def block(self, statements: Seq[cst.CSTNode]) -> Outcomes:
        kept = self.run.guards
        try:
            return self._block(statements)
        finally:
            self.run.guards = kept

    def _block(self, statements: Seq[cst.CSTNode]) -> Outcomes:
        start = self.heap.mark()
        for index, statement in enumerate(statements):
            outcomes = self.statement(statement)
            self._guard_rest(statement)
            if outcomes is None:
                continue
            earlier = self.heap.delta(start)
            results = [o.after(earlier) for o in outcomes if o.end is not End.NORMAL]
            normal = self._merged([o for o in outcomes if o.end is End.NORMAL])
            if len(normal) == 1 and not results:
                self.heap.apply(normal[0].delta)
                continue
            self.activation.paths += max(len(normal) - 1, 0)
            self.run.width *= max(len(normal), 1)
            for path in normal:
                mark = self.heap.mark()
                self.heap.apply(path.delta)
                rest = self.block(statements[index + 1 :])
                so_far = self.heap.delta(start)
                if rest is None:
                    results.append(Outcome(End.NORMAL, so_far, apart=path.apart))
                else:
                    results.extend(outcome.after(so_far) for outcome in rest)
                self.heap.undo(mark)
            self.run.width //= max(len(normal), 1)
            self.heap.undo(start)
            return results
        return None

    def _guard_rest(self, statement: cst.CSTNode) -> None:
        """What stands behind `if test: return ...` is what else there is to do, as a branch `else` is."""
        if isinstance(statement, cst.If) and statement.orelse is None:
            guard = self.tested.pop(id(statement), None)
            if guard is not None and returns(statement.body):
                self.run.guards = (*self.run.guards, guard)

    def _merged(self, normal: list[Outcome]) -> list[Outcome]:
        if len(normal) < 2:
            return normal
        deltas = [outcome.delta for outcome in normal]
        within = self.run.width * len(normal) <= MAX_WIDTH
        within = within and self.activation.paths + len(normal) - 1 <= MAX_PATHS
        apart = any(outcome.apart for outcome in normal)
        if within and (apart or correlated(deltas, self.heap.serial)):
            return normal
        mark = self.heap.mark()
        self.heap.join(deltas)
        merged = self.heap.delta(mark)
        self.heap.undo(mark)
        return [Outcome(End.NORMAL, merged)]

    def statement(self, node: cst.CSTNode) -> Outcomes:
        self.run.tick()
        if isinstance(node, cst.SimpleStatementLine):
            return self.block(node.body)
        handler = _HANDLERS.get(type(node))
        if handler is None:
            return None
        return handler(self, node)

    def path(self, action: Callable[[], Outcomes]) -> list[Outcome]:
        """Try one path from here: its outcomes, with the state as it was."""
        mark = self.heap.mark()
        outcomes = action()
        if outcomes is None:
            outcomes = [Outcome(End.NORMAL, self.heap.delta(mark))]
        self.heap.undo(mark)
        return outcomes

    # -- simple statements

    def expression(self, node: cst.Expr) -> Outcomes:
        if not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)):
            self.run.evaluate(node.value, self.scope)
        return None

    def assign(self, node: cst.Assign) -> Outcomes:
        mark = self.heap.mark()
        value = self.run.evaluate(node.value, self.scope)
        if not self._takes_objects_apart(node, value):
            self._store(node, value)
            return None
        evaluated = self.heap.delta(mark)
        outcomes: list[Outcome] = []
        for option in options(value):
            inner = self.heap.mark()
            self._store(node, option)
            outcomes.append(Outcome(End.NORMAL, self.heap.delta(inner).after(evaluated), apart=True))
            self.heap.undo(inner)
        self.heap.undo(mark)
        return outcomes

    def _store(self, node: cst.Assign, value: Value) -> None:
        for target in node.targets:
            targets.store(self.run, target.target, value, self.scope, node)

    def _takes_objects_apart(self, node: cst.Assign, value: Value) -> bool:
        """Whether a variable gets one of several objects, whose parts belong together (vendor settings)."""
        found = options(value)
        if (
            not 1 < len(found) <= MAX_PATHS - self.activation.paths + 1
            or self.run.width * len(found) > MAX_WIDTH
        ):
            return False
        unpacked = any(isinstance(target.target, (cst.Tuple, cst.List)) for target in node.targets)
        kinds = (Sequence,) if unpacked else (Mapping, Instance)
        named = unpacked or all(isinstance(target.target, cst.Name) for target in node.targets)
        return named and sum(isinstance(option, kinds) for option in found) > 1

    def annotated(self, node: cst.AnnAssign) -> Outcomes:
        if node.value is not None:
            targets.store(self.run, node.target, self.run.evaluate(node.value, self.scope), self.scope, node)
        elif isinstance(node.target, cst.Name):
            targets.declare(self.run, node, self.scope)
        return None

    def augmented(self, node: cst.AugAssign) -> Outcomes:
        targets.augment(self.run, node, self.scope)
        return None

    def returned(self, node: cst.Return) -> Outcomes:
        mark = self.heap.mark()
        value = self.run.evaluate(node.value, self.scope) if node.value is not None else None
        delta = self.heap.delta(mark)
        self.heap.undo(mark)
        return [Outcome(End.RETURN, delta, value)]

    def raised(self, node: cst.Raise) -> Outcomes:
        mark = self.heap.mark()
        if node.exc is not None:
            raised = self.run.evaluate(node.exc, self.scope)
            exceptions.note_raised(self.run, node, raised, self.scope)
        delta = self.heap.delta(mark)
        self.heap.undo(mark)
        return [Outcome(End.RAISE, delta)]

    def jump(self, node: cst.Break | cst.Continue) -> Outcomes:
        return [Outcome(End.BREAK if isinstance(node, cst.Break) else End.CONTINUE, Delta())]

    def delete(self, node: cst.Del) -> Outcomes:
        items = node.target.elements if isinstance(node.target, cst.Tuple) else [node]
        for item in items:
            target = item.value if isinstance(item, cst.Element) else node.target
            targets.delete(self.run, target, self.scope)
        return None

    def asserted(self, node: cst.Assert) -> Outcomes:
        self.run.evaluate(node.test, self.scope)
        statuses.note_tested(self.run, node.test, True, self.scope)
        if node.msg is not None:
            self.run.evaluate(node.msg, self.scope)
        return None

    def imported(self, node: cst.Import | cst.ImportFrom) -> Outcomes:
        imports.run_import(self.run, node, self.scope)
        return None

    def function(self, node: cst.FunctionDef) -> Outcomes:
        define_function(self.run, node, self.scope)
        return None

    def klass(self, node: cst.ClassDef) -> Outcomes:
        define_class(self.run, node, self.scope)
        return None

    # -- compound statements

    def conditional(self, node: cst.If) -> Outcomes:
        value = self.run.evaluate(node.test, self.scope)
        known = outcome_of(self.run, node.test, value)
        gone = absent(self.run, node.test, self.scope)
        guard = guard_of(self.run, node.test, value, self.scope)
        if guard is not None:
            self.tested[id(node)] = guard

        def taken() -> Outcomes:
            narrow(self.run, node.test, True, self.scope)
            return self.block(node.body.body)

        def other() -> Outcomes:
            narrow(self.run, node.test, False, self.scope)
            if isinstance(node.orelse, cst.If):
                return self.conditional(node.orelse)
            return self.block(node.orelse.body.body) if node.orelse is not None else None

        with self.run.guarded(guard):
            if known is None:
                held, failed = self.path(taken), self.path(other)
                return [*with_writes(held, failed, gone[0]), *with_writes(failed, held, gone[1])]
            if len(self.run.stack) == 0:
                with self.run.exploring():
                    self.path(other if known else taken)
            return taken() if known else other()

    def attempt(self, node: cst.Try | cst.TryStar) -> Outcomes:
        body = self.path(
            lambda: self.block([*node.body.body, *(node.orelse.body.body if node.orelse else ())])
        )
        results = [outcome for outcome in body if outcome.end is not End.RAISE]
        halfway = [Delta(), *(outcome.delta for outcome in body)]
        for handler in node.handlers:

            def handled(handler: cst.ExceptHandler | cst.ExceptStarHandler = handler) -> Outcomes:
                mark = self.heap.mark()
                self.heap.join(halfway)
                statuses.doubt(self.run, self.scope)
                outcomes = self._handled(handler, halfway)
                if outcomes is not None:
                    earlier = self.heap.delta(mark)
                    return [outcome.after(earlier) for outcome in outcomes]
                return None

            results.extend(self.path(handled))
        if not results:
            results = body
        if node.finalbody is not None:
            results = self._finally(node.finalbody, results)
        return results

    def _handled(self, handler: cst.ExceptHandler | cst.ExceptStarHandler, halfway: list[Delta]) -> Outcomes:
        if handler.name is None:
            return self.block(handler.body.body)
        caught = exceptions.caught(self.run, handler.type, halfway, self.scope)
        is_group = isinstance(handler, cst.ExceptStarHandler)
        bound = raising.grouped(self.run, caught) if is_group else caught
        targets.store(self.run, handler.name.name, bound, self.scope, None)
        self.run.handling.append(caught)
        try:
            return self.block(handler.body.body)
        finally:
            self.run.handling.pop()

    def _finally(self, final: cst.Finally, outcomes: list[Outcome]) -> list[Outcome]:
        results: list[Outcome] = []
        for outcome in self._by_end(outcomes):
            mark = self.heap.mark()
            self.heap.apply(outcome.delta)
            ended = self.block(final.body.body)
            if ended is None:
                results.append(Outcome(outcome.end, self.heap.delta(mark), outcome.value))
            else:
                earlier = self.heap.delta(mark)
                results.extend(inner.after(earlier) for inner in ended)
            self.heap.undo(mark)
        return results

    def _by_end(self, outcomes: list[Outcome]) -> list[Outcome]:
        normal = self._merged([o for o in outcomes if o.end is End.NORMAL])
        return [*normal, *(o for o in outcomes if o.end is not End.NORMAL)]

    def with_block(self, node: cst.With) -> Outcomes:
        for item in node.items:
            value = entered(self.run, self.run.evaluate(item.item, self.scope), self.scope)
            if item.asname is not None:
                targets.store(self.run, item.asname.name, value, self.scope, None)
        return self.block(node.body.body)

    def match(self, node: cst.Match) -> Outcomes:
        subject = self.run.evaluate(node.subject, self.scope)
        outcomes: list[Outcome] = []
        for case in node.cases:

            def chosen(case: cst.MatchCase = case) -> Outcomes:
                patterns.bind(self.run, case.pattern, subject, self.scope)
                statuses.note_case(self.run, node.subject, case.pattern, self.scope)
                if case.guard is not None:
                    self.run.evaluate(case.guard, self.scope)
                return self.block(case.body.body)

            outcomes.extend(self.path(chosen))
        return [*outcomes, Outcome(End.NORMAL, Delta())]


UNKNOWN_RETURN = UNKNOWN

_HANDLERS: dict[type[cst.CSTNode], Callable[..., Outcomes]] = {
    cst.Expr: Runner.expression,
    cst.Assign: Runner.assign,
    cst.AnnAssign: Runner.annotated,
    cst.AugAssign: Runner.augmented,
    cst.Return: Runner.returned,
    cst.Raise: Runner.raised,
    cst.Break: Runner.jump,
    cst.Continue: Runner.jump,
    cst.Del: Runner.delete,
    cst.Assert: Runner.asserted,
    cst.Import: Runner.imported,
    cst.ImportFrom: Runner.imported,
    cst.FunctionDef: Runner.function,
    cst.ClassDef: Runner.klass,
    cst.If: Runner.conditional,
    cst.For: loops.for_loop,
    cst.While: loops.while_loop,
    cst.Try: Runner.attempt,
    cst.TryStar: Runner.attempt,
    cst.With: Runner.with_block,
    cst.Match: Runner.match,
}
