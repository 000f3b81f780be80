"""The arguments of a call, evaluated, and how they meet a signature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, is_stranger, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.values import (
    LOOSE,
    SIFTED,
    Choice,
    Entries,
    Entry,
    Items,
    Mapping,
    Part,
    Sequence,
    Unknown,
    Value,
)
from aurora_migrate.flow.wrapped import element_of

if TYPE_CHECKING:
    from aurora_migrate.flow.interpreter import Interpreter


@dataclass(slots=True)
class Args:
    """Positional and keyword arguments with the nodes that give them; `open` where `*` or `**` hide some."""

    positional: list[tuple[Value, cst.Arg | None]] = field(default_factory=list)
    keywords: dict[str, tuple[Value, cst.Arg | None]] = field(default_factory=dict)
    open_positional: bool = False
    open_keywords: bool = False
    spread: dict[int, Use] = field(default_factory=dict)
    """Where the positional arguments that came out of a `*sequence` stand in it."""
    loose: list[Value] = field(default_factory=list)
    """What any of the positional arguments behind the known ones can be, where a `*sequence` hides them."""
    parts: list[Part] = field(default_factory=list)
    """The parts of responses that are spread with `**`."""
    strangers: list[Unknown] = field(default_factory=list)
    """What is spread with `**` and may come from anywhere."""
    converts: bool = False
    """Whether the object that is made has its fields made to fit their types, too."""
    sifted: bool = False
    """Whether the program chose which of their keys it spreads."""
    hidden: Value | None = None
    """What an argument that `*` or `**` hides can be, where that is known (an unseen caller's)."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """The entries of the mappings that are spread with `**`, by the keyword that each becomes."""

    @classmethod
    def of(cls, *values: Value, **keywords: Value) -> Args:
        return cls(
            [(value, None) for value in values], {name: (value, None) for name, value in keywords.items()}
        )

    def values(self) -> list[Value]:
        return [value for value, _ in self.positional]

    def get(self, index: int | None, name: str | None = None) -> Value | None:
        """The argument at a position or under a name, None when it is not given."""
        found = self.pair(index, name)
        return found[0] if found is not None else None

    def pair(self, index: int | None, name: str | None = None) -> tuple[Value, cst.Arg | None] | None:
        if index is not None and index < len(self.positional):
            return self.positional[index]
        return self.keywords.get(name) if name is not None else None

    def every(self) -> list[Value]:
        return [*self.values(), *(value for value, _ in self.keywords.values())]

    def prepended(self, *values: Value) -> Args:
        return Args(
            [*((value, None) for value in values), *self.positional],
            self.keywords,
            self.open_positional,
            self.open_keywords,
            loose=self.loose,
            parts=self.parts,
            hidden=self.hidden,
            entries=self.entries,
        )

    def without_first(self, count: int = 1) -> Args:
        rest = self.positional[count:]
        return Args(
            rest,
            self.keywords,
            self.open_positional,
            self.open_keywords,
            loose=self.loose,
            parts=self.parts,
            hidden=self.hidden,
            entries=self.entries,
        )


def evaluate_arguments(run: Interpreter, node: cst.Call, scope: Scope) -> Args:
    """The arguments of a call expression; known `*` and `**` values are spread."""
    args = Args()
    for arg in node.args:
        value = run.evaluate(arg.value, scope)
        if arg.star == "*":
            _spread(run, args, value, arg)
        elif arg.star == "**":
            _spread_keywords(run, args, value, Use(scope.module, node, arg))
        elif arg.keyword is not None:
            args.keywords[arg.keyword.value] = (value, arg)
        else:
            args.positional.append((value, arg))
    return args


def _spread(run: Interpreter, args: Args, value: Value, arg: cst.Arg) -> None:
    from aurora_migrate.flow import protocols

    value = protocols.as_sequences(run, value)
    if isinstance(value, Sequence):
        alternatives = run.items(value)
        if len(alternatives) == 1 and not alternatives[0].open:
            for index, item in enumerate(alternatives[0].values):
                uses = alternatives[0].uses[index] if index < len(alternatives[0].uses) else ()
                if uses:
                    args.spread[len(args.positional)] = uses[-1]
                args.positional.append((item, None))
            return
        args.loose.append(run.element(value))
    elif isinstance(value, Part):
        args.loose.append(element_of(value))
    elif is_stranger(value):
        args.loose.append(value)
    args.open_positional = True


def _spread_keywords(run: Interpreter, args: Args, value: Value, use: Use) -> None:
    from aurora_migrate.flow import keyed

    for option in options(keyed.as_mappings(run, value)):
        if isinstance(option, Mapping):
            entries = run.entries(option)
            args.open_keywords = args.open_keywords or entries.open
            args.parts.extend(entries.rest)
            args.sifted = args.sifted or SIFTED in option.cells
            for entry in entries.items:
                if entry.name is None:
                    args.open_keywords = True
                    args.hidden = args.hidden or entry.value
                else:
                    args.keywords[entry.name] = (entry.value, None)
                    args.entries[entry.name] = entry.used_in(use)
        elif isinstance(option, Part):
            args.parts.append(option)
            args.open_keywords = True
        else:
            args.strangers.extend([option] if isinstance(option, Unknown) and is_stranger(option) else [])
            if not (isinstance(option, Unknown) and isinstance(value, Choice)):
                args.open_keywords = True


_LOOSE = frozenset({LOOSE})


def bind(
    run: Interpreter, params: cst.Parameters, args: Args, defaults: dict[str, Value], call: Use | None
) -> dict[str, Value]:
    """Parameter names to values; what is not given and has no default is unknown."""
    bound: dict[str, Value] = {}
    _note_spread(run, params, args, call)
    named = [*params.posonly_params, *params.params]
    for index, param in enumerate(named):
        name = param.name.value
        value = args.get(index, name)
        if value is None:
            value = defaults.get(name, Unknown((name,)))
            if args.open_positional or args.open_keywords:
                spread = _spread_parts(run, args, param, call)
                hidden = _hidden(args, name)
                value = choose([*spread, *args.loose, value if name in defaults else hidden, hidden])
        bound[name] = value
        if index >= len(args.positional):
            _note_taken(run, args, name)
    rest = (*args.values()[len(named) :], *args.loose)
    if isinstance(params.star_arg, cst.Param):
        bound[params.star_arg.name.value] = run.new_sequence(Items(rest, args.open_positional), None, None)
    for param in params.kwonly_params:
        name = param.name.value
        found = args.keywords.get(name)
        default = defaults.get(name, _hidden(args, name) if args.open_keywords else Unknown((name,)))
        spread = _spread_parts(run, args, param, call)
        _note_taken(run, args, name)
        bound[name] = found[0] if found is not None else choose([*spread, default])
    if params.star_kwarg is not None:
        known = {param.name.value for param in [*named, *params.kwonly_params]}
        items = tuple(
            args.entries[name]
            if arg is None and name in args.entries
            else Entry(name, value, None, _keyword_use(call, arg))
            for name, (value, arg) in args.keywords.items()
            if name not in known
        )
        unseen = (Entry(None, args.hidden),) if args.hidden is not None and args.open_keywords else ()
        bound[params.star_kwarg.name.value] = run.new_mapping(
            Entries((*items, *unseen), args.open_keywords, tuple(args.parts)), params.star_kwarg, None
        )
    return bound


def _hidden(args: Args, name: str) -> Value:
    """What a parameter is that may be among the arguments which `*` and `**` hide."""
    roots = args.hidden.roots if isinstance(args.hidden, Unknown) else _LOOSE
    return Unknown((name,), roots)


def _note_spread(run: Interpreter, params: cst.Parameters, args: Args, call: Use | None) -> None:
    """Note the parts of responses whose keys all have to be parameters."""
    from aurora_migrate.flow import parts

    if args.parts and params.star_kwarg is None and call is not None:
        scope = Scope(run.heap.new_cells(), call.module, None)
        parts.note_taken(run, args.parts, None, call.container, scope, spread=not args.sifted)


def _note_taken(run: Interpreter, args: Args, name: str) -> None:
    """A parameter that takes an entry of a `**mapping` looks for its key."""
    entry = args.entries.get(name)
    if entry is not None and entry.place is not None and args.keywords.get(name, (None, None))[1] is None:
        use = entry.uses[0]
        run.facts.note_look(use.module, use.operand, None, entry.place)


def _spread_parts(run: Interpreter, args: Args, param: cst.Param, call: Use | None) -> list[Value]:
    """What the parts of responses that are spread hold for a parameter."""
    from aurora_migrate.flow import parts

    if not args.parts or call is None:
        return []
    return parts.spread(run, args.parts, param, Scope(run.heap.new_cells(), call.module, None))


def _keyword_use(call: Use | None, arg: cst.Arg | None) -> tuple[Use, ...]:
    if call is None or arg is None:
        return ()
    return (Use(call.module, call.container, arg),)
