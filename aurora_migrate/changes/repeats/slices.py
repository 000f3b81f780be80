"""What lies between a call and what becomes of its answer: the statements that a repetition needs again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.repeats.own_names import names_in, variables
from aurora_migrate.changes.surgery.purity import is_log_call
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

_LEAVING = frozenset({"sys.exit", "exit", "quit", "SystemExit", "pytest.fail"})


@dataclass(slots=True)
class Step:
    """A statement that takes part; `names` are those that it gives a value, for a `with` its header alone."""

    statement: cst.CSTNode
    names: frozenset[str]
    value: cst.BaseExpression | None = None
    """What a plain assignment to one name assigns."""
    encloses: bool = False
    """Whether it is a `with` or an `if` whose block goes on to the end."""
    tail: tuple[cst.CSTNode, ...] = ()
    """For an `if`: the statements behind it, which raise."""
    gathered: bool = False
    """Whether the value is one of several that are awaited together: alone, it has to be awaited itself."""

    @property
    def uses(self) -> frozenset[str]:
        """The variables that it looks at."""
        if self.value is not None:
            return names_in(self.value)
        if self.encloses and isinstance(self.statement, cst.With):
            return frozenset(name for item in self.statement.items for name in names_in(item.item))
        if self.encloses and isinstance(self.statement, cst.If):
            return names_in(self.statement.test)
        return names_in(self.statement)

    @property
    def nodes(self) -> tuple[cst.CSTNode, ...]:
        """The code of it that is to run again."""
        if self.encloses and isinstance(self.statement, cst.With):
            return tuple(self.statement.items)
        if self.encloses and isinstance(self.statement, cst.If):
            return (self.statement.test, *self.tail)
        if self.gathered and self.value is not None:
            return (self.value,)
        return (self.statement,)


@dataclass(slots=True)
class Slice:
    """The steps in order, and whether each is but an assignment of what the next one uses."""

    steps: list[Step] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        return all(step.value is not None for step in self.steps)


def slice_between(module: Module, call: cst.Call, end: cst.BaseExpression) -> Slice:
    """The statements between a call and an expression that its answer reaches. Raises Refused."""
    if any(each is call for each in walk(end)):
        return Slice()
    found = _Walk(module, call, end)
    found.run()
    return Slice(_needed(found.steps, end))


class _Walk:
    """Goes from the statement with the call down to the one with the end, along the blocks around it."""

    def __init__(self, module: Module, call: cst.Call, end: cst.BaseExpression) -> None:
        self.module = module
        self.call = call
        self.end = end
        self.steps: list[Step] = []
        self.reached: set[str] = set()
        self.started = False

    def run(self) -> None:
        for block, inner in _blocks(self.module, self.end):
            for statement in block:
                if statement is inner:
                    self._header(statement)
                    break
                self._pass(statement)
        if not self.started:
            raise Refused("its answer comes from code that does not always run before")

    def _touches(self, node: cst.CSTNode) -> bool:
        """Whether the code holds the call, or looks at what came of it."""
        if not self.started:
            return any(each is self.call for each in walk(node))
        return bool(names_in(node) & self.reached)

    def _pass(self, statement: cst.CSTNode) -> None:
        if not self._touches(statement):
            self._forget(statement)
            return
        if isinstance(statement, cst.SimpleStatementLine):
            for small in statement.body:
                self._small(statement, small)
        elif isinstance(statement, cst.If) and self.started:
            self._check(statement)
        elif not self.started or self._gives(statement) & self.reached:
            self._whole(statement)

    def _small(self, line: cst.SimpleStatementLine, small: cst.BaseSmallStatement) -> None:
        if not self._touches(small):
            self._forget(small)
            return
        if len(line.body) != 1:
            raise Refused("several statements stand on one line")
        names, value = _assignment(small)
        gathered = None if self.started else _gathered(small, self.call)
        if gathered is not None:
            names, value = frozenset({gathered.value}), self.call
        if names:
            self.started = True
            self.reached |= names
            self.steps.append(Step(line, names, value, gathered=gathered is not None))
        elif self.started and not _only_tells(small):
            self.steps.append(Step(line, frozenset()))

    def _check(self, statement: cst.If) -> None:
        """An `if` that looks at the answer: kept when all that it does is to raise."""
        if self._only_counts(statement.test):
            return
        if self._gives(statement) & self.reached:
            raise Refused("its answer is changed under a condition")
        if not self._touches(statement.test):
            return
        if _leaves(statement):
            raise Refused("a failed answer leaves the code there in a way that is no exception")
        if _raises(statement):
            self.steps.append(Step(statement, frozenset()))

    def _only_counts(self, test: cst.BaseExpression) -> bool:
        """Whether a test asks for nothing but the list, which it says is empty or not."""
        end = self.module.tree.code_for_node(self.end)
        seen = [each for each in walk(test) if self.module.tree.code_for_node(each).strip() == end]
        inside = {id(name) for each in seen for name in variables(each)}
        return bool(seen) and all(
            id(name) in inside for name in variables(test) if name.value in self.reached
        )

    def _whole(self, statement: cst.CSTNode) -> None:
        """A `with`, `try` or loop that ends before: it can run again as it is, if it always goes on."""
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef, cst.If, cst.Match)):
            raise Refused("its answer comes from code that does not always run before")
        if _goes_away(statement) or not _catches_loudly(statement):
            raise Refused("a failed answer leaves the code there in a way that is no exception")
        names = self._gives(statement)
        self.started = True
        self.reached |= names
        self.steps.append(Step(statement, names))

    def _header(self, statement: cst.CSTNode) -> None:
        """The statement that the end is in: of a `with`, what it opens; of an `if`, what it asks."""
        if isinstance(statement, cst.With):
            self._opened(statement)
            return
        test = getattr(statement, "test", None)
        if not isinstance(test, cst.BaseExpression) or not self._looks(test):
            return
        if not self.started:
            raise Refused("the request is sent in a condition")
        if not isinstance(statement, cst.If) or not self._only_counts(test):
            self._asked(statement)

    def _asked(self, statement: cst.CSTNode) -> None:
        """`if response.ok:` around the end: kept with the exception that is raised otherwise."""
        inside = isinstance(statement, cst.If) and any(each is self.end for each in walk(statement.body))
        tail = _raising_tail(self.module, statement) if isinstance(statement, cst.If) and inside else ()
        if not tail:
            raise Refused("it is read on condition of what the answer is")
        self.steps.append(Step(statement, frozenset(), encloses=True, tail=tail))

    def _opened(self, statement: cst.With) -> None:
        if any(each is self.end for item in statement.items for each in walk(item)):
            return
        for item in statement.items:
            if self._touches(item):
                name = item.asname.name if item.asname is not None else None
                self.started = True
                names = frozenset({name.value}) if isinstance(name, cst.Name) else frozenset()
                self.reached |= names
                if len(statement.items) != 1:
                    raise Refused("several things are opened at once")
                self.steps.append(Step(statement, names, encloses=True))

    def _looks(self, test: cst.BaseExpression) -> bool:
        return not any(each is self.end for each in walk(test)) and self._touches(test)

    def _gives(self, node: cst.CSTNode) -> frozenset[str]:
        found: set[str] = set()
        for each in walk(node):
            names, _ = _assignment(each) if isinstance(each, cst.BaseSmallStatement) else (frozenset(), None)
            found |= names
            if isinstance(each, cst.AsName) and isinstance(each.name, cst.Name):
                found.add(each.name.value)
        return frozenset(found)

    def _forget(self, node: cst.CSTNode) -> None:
        if self.started:
            self.reached -= self._gives(node)


def _blocks(module: Module, node: cst.CSTNode) -> Sequence[tuple[Sequence[cst.CSTNode], cst.CSTNode]]:
    """The blocks around a node in its function, outermost first, each with its statement on the way."""
    found: list[tuple[Sequence[cst.CSTNode], cst.CSTNode]] = []
    current: cst.CSTNode = node
    while True:
        parent = module.parents.get(id(current))
        if isinstance(parent, (cst.IndentedBlock, cst.Module, cst.SimpleStatementSuite)):
            found.append((parent.body, current))
        if parent is None or isinstance(parent, (cst.FunctionDef, cst.Lambda)):
            return found[::-1]
        current = parent


def _assignment(small: cst.CSTNode) -> tuple[frozenset[str], cst.BaseExpression | None]:
    """The names that a statement gives a value; the value where that is one name's."""
    if isinstance(small, cst.Assign):
        names = frozenset(n for target in small.targets for n in _names(target.target))
        plain = len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name)
        return names, small.value if plain else None
    if isinstance(small, cst.AnnAssign) and small.value is not None:
        return frozenset(_names(small.target)), small.value if isinstance(small.target, cst.Name) else None
    if isinstance(small, cst.AugAssign):
        return frozenset(_names(small.target)), None
    return frozenset(), None


def _gathered(small: cst.CSTNode, call: cst.Call) -> cst.Name | None:
    """The name for the answer of a call in `one, other = await asyncio.gather(call, ...)`."""
    if not isinstance(small, cst.Assign) or len(small.targets) != 1 or not isinstance(small.value, cst.Await):
        return None
    gather, target = small.value.expression, small.targets[0].target
    if not isinstance(gather, cst.Call) or (dotted(gather.func) or "").rpartition(".")[2] != "gather":
        return None
    if not isinstance(target, (cst.Tuple, cst.List)) or len(target.elements) != len(gather.args):
        return None
    if any(arg.star or arg.keyword is not None for arg in gather.args):
        return None
    for element, arg in zip(target.elements, gather.args, strict=True):
        if arg.value is call and isinstance(element, cst.Element) and isinstance(element.value, cst.Name):
            return element.value
    return None


def _names(target: cst.CSTNode) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)
    elif isinstance(target, (cst.Subscript, cst.Attribute)):
        yield from _names(target.value)


def _only_tells(small: cst.BaseSmallStatement) -> bool:
    if not isinstance(small, cst.Expr):
        return not isinstance(small, cst.Assert)
    call = small.value.expression if isinstance(small.value, cst.Await) else small.value
    return not isinstance(call, cst.Call) or is_log_call(call) or dotted(call.func) == "print"


def _leaves(statement: cst.CSTNode) -> bool:
    return any(isinstance(each, (cst.Return, cst.Continue, cst.Break, cst.Yield)) for each in walk(statement))


def _goes_away(statement: cst.CSTNode) -> bool:
    return any(isinstance(each, (cst.Return, cst.Yield, cst.AugAssign)) for each in walk(statement))


def _catches_loudly(statement: cst.CSTNode) -> bool:
    """Whether what is caught is raised again, or tried again."""
    handlers = [each for each in walk(statement) if isinstance(each, cst.ExceptHandler)]
    loops = isinstance(statement, (cst.For, cst.While))
    return all(loops or _raises(handler.body) for handler in handlers)


def _raising_tail(module: Module, statement: cst.If) -> tuple[cst.CSTNode, ...]:
    """What runs when the test of an `if` fails, where that is nothing but raising."""
    block = module.parents.get(id(statement))
    if statement.orelse is not None or not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return ()
    behind = list(block.body)[list(block.body).index(statement) + 1 :]
    loud = bool(behind) and _raises(behind[-1]) and not any(_leaves(each) for each in behind)
    return tuple(behind) if loud and all(isinstance(each, cst.SimpleStatementLine) for each in behind) else ()


def _raises(statement: cst.CSTNode) -> bool:
    for each in walk(statement):
        if isinstance(each, cst.Raise):
            return True
        if isinstance(each, cst.Call) and dotted(each.func) in _LEAVING:
            return True
    return False


def _needed(steps: Sequence[Step], end: cst.BaseExpression) -> list[Step]:
    """The steps that the end needs, with the checks of what they give."""
    wanted = set(names_in(end))
    kept: set[int] = set()
    _refuse_early_looks(steps)
    for index in range(len(steps) - 1, -1, -1):
        step = steps[index]
        if step.names & wanted or step.encloses:
            kept.add(index)
            wanted |= step.uses
    given = {name for index in kept for name in steps[index].names}
    for index, step in enumerate(steps):
        if not step.names and not step.encloses and names_in(step.statement) & given:
            kept.add(index)
    return [steps[index] for index in sorted(kept)]


def _refuse_early_looks(steps: Sequence[Step]) -> None:
    """In a function of its own, a name that is given a value there must not be looked at before."""
    given = {name for step in steps for name in step.names}
    ready: set[str] = set()
    for step in steps:
        early = step.uses & given - ready
        if early and (step.value is not None or not step.names):
            raise Refused(f"`{min(early)}` is looked at before the answer gives it a new value")
        ready |= step.names
