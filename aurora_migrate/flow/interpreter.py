"""The abstract interpreter's core: one object that holds the heap, the call stack and the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from collections.abc import Sequence as Seq
from contextlib import contextmanager

import libcst as cst

from aurora_migrate.flow import calls, expressions, libraries, memory, objects, statements
from aurora_migrate.flow.alternatives import choose, gap, options, parts_of
from aurora_migrate.flow.arguments import Args
from aurora_migrate.flow.cells import Cells, PartCells, Scope
from aurora_migrate.flow.doubles import Doubles
from aurora_migrate.flow.facts import Facts, Request
from aurora_migrate.flow.guesses import Guess, Unresolved
from aurora_migrate.flow.heap import Heap
from aurora_migrate.flow.libraries.answering import Registration
from aurora_migrate.flow.modules import Module, Modules
from aurora_migrate.flow.places import Guard, Origin, Sent, Step
from aurora_migrate.flow.scopes import globals_of
from aurora_migrate.flow.strangers import Stranger
from aurora_migrate.flow.values import (
    UNKNOWN,
    ClassValue,
    Entries,
    Function,
    Instance,
    Items,
    Mapping,
    Part,
    Sequence,
    Value,
    key_of,
)

MAX_CLOSURES = 8
"""Of the functions that one definition makes, so many are tried."""
STEPS_PER_ROOT = 20_000
"""How many nodes one exploration may evaluate, beside one for each character of the project, before the rest
of it is given up (and reported)."""

STEPS_OF_ALL_ROOTS = 40_000
STEPS_PER_CHARACTER = 5
"""What the explorations of a project may take together, the second for each character of its text, before
each of them gets a small budget only. Customers' programs take about one step a character."""

STEPS_PER_MODULE = 400_000
"""The same for the running of a module's top level, which may hold large tables."""


WrapperOf = Callable[[Seq[Request]], str]
"""The one key that the bodies of the responses to some requests have (empty text: nobody knows)."""


class Spent(Exception):
    """The budget of the running exploration is used up."""


class Interpreter:
    """Runs modules and functions of the project on abstract values and notes what reaches HTTP libraries."""

    def __init__(
        self,
        modules: Modules,
        versions: Seq[str] = (),
        sdk_packages: Seq[str] = (),
        wrapper_of: WrapperOf | None = None,
    ) -> None:
        self.modules = modules
        self.wrapper_of = wrapper_of
        self.versions = frozenset(versions)
        self.sdk_packages = frozenset(sdk_packages)
        self.heap = Heap()
        self.facts = Facts()
        self.stack: list[Step] = []
        self.evaluating: list[tuple[Module, cst.Call]] = []
        """The call expressions whose evaluation has begun and not ended."""
        self.calls: list[tuple[Module, cst.Call | None]] = []
        """The call expressions that led here, outermost first, beside `stack`."""
        self.guards: tuple[Guard, ...] = ()
        self.table_guards: dict[int, Guard] = {}
        """The guards of entries of tables by API versions, by the identity of the entry's node."""
        self.explored = False
        self.functions: list[Function] = []
        """Every function made so far, in the order of definition, for the exploration."""
        self.classes: list[ClassValue] = []
        self.instances: dict[int, list[Instance]] = {}
        """Instances by the identity of their class's node."""
        self.memo: dict[object, list[memory.Remembered]] = {}
        self.steps = 0
        self.budget = STEPS_PER_MODULE
        self.explored_steps = 0
        """What all explorations have taken so far."""
        self.width = 1
        """How many paths and loop rounds of running activations multiply into the work at this point."""
        self.descents = 0
        """How many of the running calls were given an object that is written out."""
        self.sent = self.heap.sent
        self.responses: dict[int, Instance] = {}
        self.settled: dict[int, Instance] = {}
        """Responses as they are when their status is known to be good, by their cells' identity."""
        """The response objects, one for each origin."""
        self.raised: Cells = PartCells(0)
        """The exceptions that were raised, by class node, each as it was when it was raised.

        This and `attribute_parts` only grow, whatever is taken back; readers ask the heap, so that a
        remembered call is run again when there is more.
        """
        self.attribute_parts: Cells = PartCells(0)
        """What objects hold of responses, by class node and attribute: for methods that are tried alone."""
        self.resolved: set[int] = set()
        """The calls of methods, by node, of which some path shows what is called."""
        self.unresolved: dict[int, Unresolved] = {}
        """Calls of methods that were met without that, by node."""
        self.guesses: dict[int, Guess] = {}
        """What the objects of some of those are taken for, once everything else is done."""
        self.guess: Guess | None = None
        """The guess by which the running code was reached."""
        self.handling: list[Value] = []
        """The exceptions of the handlers around the running code, as far as these name them."""
        self.fitting: list[int] = []
        """The models of which objects are being made to fit a declared type, by node, outermost first."""
        self.strangers: list[Stranger] = []
        """What unseen callers would bring to looks, in the order of noting."""
        self.queued: Cells = PartCells(0)
        """What was put into queues, by the call that made them; it only grows, too."""
        self.written: Cells = PartCells(0)
        """What of answers was written to files, by the file's name; it only grows, too."""
        self.doubles = Doubles()
        self.facts.doubles = self.doubles
        self.test = 0
        """The test that is running, by the identity of its node; 0 outside of tests."""
        self.fixtures: dict[str, list[Function]] = {}
        """The fixtures of all modules that were run, by the name that they are asked for by."""
        self.patches: Cells = PartCells(0)
        """What stands in for functions in the running test, by their names."""
        self.replaced_calls: dict[str, list[Args]] = {}
        """What the running test's code gave to functions of the project that the test replaced, by call."""
        self.given_to_mocks: dict[int, tuple[Instance, list[Args]]] = {}
        """What the running test's code gave to mocks, by the mock's identity, by call."""
        self.routes: dict[int, tuple[Instance, Registration]] = {}
        """What the route objects of mocking libraries were registered for, by identity."""
        self.mock_calls: dict[int, tuple[Instance, Args, cst.Call | None, Scope]] = {}
        """The `call(...)` objects of unittest.mock, by identity."""
        self._origins: dict[Hashable, Origin] = {}
        self._part_cells: dict[Hashable, PartCells] = {}
        self._scopes: dict[Module, Scope] = {}
        self._known_functions: set[tuple[int, int]] = set()
        self._closures: Counter[int] = Counter()
        self.wrappers: list[Instance] = []
        """The objects that decorators put in functions' places."""
        self.definitions: dict[int, cst.ClassDef] = {}
        """The classes that calls of `type` define, by the call."""
        self._shared = libraries.shared_objects(self)
        self.wrapped_in: dict[int, ClassValue] = {}
        """The classes of methods that a decorator replaced, by what took their place."""

    def shared(self, kind: str) -> Instance:
        """The one object of a library that all of the program sees: the environment, a framework's state."""
        return self._shared[kind]

    def tick(self) -> None:
        self.steps += 1
        if self.steps > self.budget:
            raise Spent

    def budget_of_root(self) -> int:
        """The steps for one more exploration, which may go through the whole project.

        They are few once the others took what the project's size allows.
        """
        size = self.modules.size
        spent = self.explored_steps >= STEPS_OF_ALL_ROOTS + STEPS_PER_CHARACTER * size
        return STEPS_PER_ROOT // 20 if spent else STEPS_PER_ROOT + size

    def evaluate(self, node: cst.CSTNode, scope: Scope) -> Value:
        """What an expression can be."""
        return expressions.evaluate(self, node, scope)

    def call(self, callee: Value, args: Args, node: cst.Call | None, scope: Scope) -> Value:
        """What calling a value gives; requests that it sends are noted."""
        return calls.call(self, callee, args, node, scope)

    def attribute(self, value: Value, name: str, scope: Scope) -> Value:
        """What an attribute of a value can be."""
        return objects.attribute(self, value, name, scope)

    def module_scope(self, module: Module) -> Scope:
        """The names of a module, which is run first if need be; an import cycle sees what is there so far."""
        scope = self._scopes.get(module)
        if scope is None:
            scope = Scope(self.heap.new_cells(), module, None)
            self._scopes[module] = scope
            with self.at_top_level():
                statements.run_module(self, module, scope)
        return scope

    def settle(self) -> None:
        """Take what modules and classes hold for lasting, but for what functions declare `global`."""
        for module, scope in self._scopes.items():
            self.heap.settle(scope.cells, globals_of(module.tree))
        for kind in self.classes:
            self.heap.settle(kind.cells)

    @contextmanager
    def at_top_level(self, budget: int = STEPS_PER_MODULE) -> Iterator[None]:
        """Interpret as a program's beginning does: no callers, no guards, an own budget."""
        kept = self.stack, self.calls, self.guards, self.steps, self.budget, self.explored, self.width
        self.stack, self.calls, self.guards = [], [], ()
        self.steps, self.budget, self.explored, self.width = 0, budget, False, 1
        try:
            yield
        finally:
            self.stack, self.calls, self.guards, self.steps, self.budget, self.explored, self.width = kept

    @contextmanager
    def guarded(self, guard: Guard | None) -> Iterator[None]:
        kept = self.guards
        if guard is not None:
            self.guards = (*self.guards, guard)
        try:
            yield
        finally:
            self.guards = kept

    @contextmanager
    def exploring(self) -> Iterator[None]:
        """What is found inside happens only on a path that nobody was seen to take."""
        kept = self.explored
        self.explored = True
        try:
            yield
        finally:
            self.explored = kept

    def note_function(self, function: Function) -> None:
        """Note a function to be tried; of one inside another those of the first few calls of that one.

        What a decorator makes of several functions differs in what it calls.
        """
        is_top = function.scope.parent is None
        key = (id(function.node), id(function.scope.cells) if is_top or not self.explored else 0)
        closures = self._closures[id(function.node)]
        if key not in self._known_functions and (is_top or closures < MAX_CLOSURES):
            self._closures[id(function.node)] += 1
            self._known_functions.add(key)
            self.functions.append(function)

    def note_wrapper(
        self, decorated: Function, wrapper: Function | Instance, owner: ClassValue | None
    ) -> None:
        """Note what a decorator puts in a function's place; it is tried for each function that it wraps."""
        key = (id(decorated.node), id(wrapper.node))
        if key in self._known_functions:
            return
        self._known_functions.add(key)
        if isinstance(wrapper, Instance):
            self.wrappers.append(wrapper)
            return
        if not any(known is wrapper for known in self.functions):
            self.functions.append(wrapper)
        if owner is not None:
            self.wrapped_in[id(wrapper)] = owner

    def origin(self, requests: Seq[Request]) -> Origin:
        """The response to these requests, the same for the same call and URLs."""
        key = tuple(
            (id(r.node), r.method, key_of(r.url), id(r.client.node) if r.client else 0, id(r.guess))
            for r in requests
        )
        known = self._origins.get(key)
        if known is None:
            wrapper = self.wrapper_of(requests) if self.wrapper_of is not None else ""
            known = Origin(len(self._origins) + 1, tuple(requests), wrapper=wrapper)
            self._origins[key] = self.facts.origins[known.number] = known
        return known

    def sent_origin(self, requests: Seq[Request], function: str = "", turn: int | None = None) -> Origin:
        """What the running test sends, as it looks at it: any of these requests, or of a function's."""
        key = ("sent", self.test, function, turn, tuple(request.key for request in requests))
        known = self._origins.get(key)
        if known is None:
            sent = Sent(self.test, function, turn)
            known = self._origins[key] = Origin(len(self._origins) + 1, tuple(requests), sent)
        return known

    def note_attribute(self, kind: ClassValue | str, name: str, value: Value) -> None:
        """Remember that objects of a class hold parts of responses in an attribute."""
        found = list(parts_of(value))
        if found and isinstance(kind, ClassValue):
            key = (id(kind.node), name)
            known = self.attribute_parts.get(key)
            self.attribute_parts[key] = choose([*([known] if known is not None else []), *found])

    def part_cells(self, part: Part) -> PartCells:
        """Where the heap keeps what the program writes into a part of a response."""
        known = self._part_cells.get(part.key)
        if known is None:
            known = self._part_cells[part.key] = PartCells(0, (part.origin.number, part.path))
        return known

    def new_mapping(self, entries: Entries, node: cst.CSTNode | None, module: Module | None) -> Mapping:
        mapping = Mapping(self.heap.new_cells(), node, module)
        self.heap.set(mapping.cells, "entries", entries)
        return mapping

    def entries(self, mapping: Mapping) -> Entries:
        """What a mapping may hold now."""
        held = self.heap.get(mapping.cells, "entries")
        return held if isinstance(held, Entries) else Entries((), open=True)

    def new_sequence(self, items: Items, node: cst.CSTNode | None, module: Module | None) -> Sequence:
        sequence = Sequence(self.heap.new_cells(), node, module)
        self.heap.set(sequence.cells, "items", items)
        return sequence

    def items(self, sequence: Sequence) -> tuple[Items, ...]:
        """What a sequence may hold now, by alternatives."""
        held = self.heap.get(sequence.cells, "items")
        if held is None:
            return (Items((), open=True),)
        found = tuple(option for option in options(held) if isinstance(option, Items))
        return found or (Items((), open=True),)

    def element(self, sequence: Sequence) -> Value:
        """Any one element of a sequence."""
        values = [value for items in self.items(sequence) for value in items.values]
        if values:
            return choose(values)
        known = "items" in sequence.cells and any(items.open for items in self.items(sequence))
        return UNKNOWN if known else gap()

    def new_instance(
        self, kind: ClassValue | str, node: cst.CSTNode | None, module: Module | None
    ) -> Instance:
        instance = Instance(kind, self.heap.new_cells(), node, module)
        if isinstance(kind, ClassValue):
            self.instances.setdefault(id(kind.node), []).append(instance)
        return instance
