"""What else comes to a place that looks at a key: values of which nobody can say whose they are."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow.alternatives import choose, gap, is_stranger, iterate_texts, options
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.places import Step
from aurora_migrate.flow.scopes import parameters
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.text import authority_end, characters
from aurora_migrate.flow.values import LOOSE, PARAMETER, UNKNOWN, Part, Text, Unknown, Value, key_of

if TYPE_CHECKING:
    from aurora_migrate.flow.arguments import Args
    from aurora_migrate.flow.facts import Facts, Request
    from aurora_migrate.flow.interpreter import Interpreter
    from aurora_migrate.flow.modules import Module

_LOOKING = frozenset({"get", "pop", "setdefault"})
"""Methods that look at a key."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A value of unknown origin that `node` may look into.

    `giver` is the call that handed it over, if one did. `root` is the function whose unseen caller would
    bring it, when there is one; None for what is there whoever calls.
    """

    node: cst.CSTNode
    names: frozenset[str]
    """The keys that are looked for; none: any."""
    hints: tuple[str, ...]
    giver: tuple[Module, cst.Call | None] | None
    root: Step | None
    is_tested: bool = False
    """Whether `node` tests the value itself, and does not look into it."""

    @property
    def key(self) -> Hashable:
        return (
            self.names,
            self.hints,
            id(self.giver[1]) if self.giver else 0,
            id(self.root.node) if self.root else 0,
            self.is_tested,
        )


def note(run: Interpreter, node: cst.CSTNode, holder: Value, key: Value | None = None) -> None:
    """Note what `node` looks into, as far as nobody knows where it comes from."""
    if _in_tests(run):
        return
    for option in options(holder):
        if is_stranger(option):
            _note(run, node, option, key)
            note_spelled(run, option, key)


def note_tested(run: Interpreter, node: cst.CSTNode, *sides: Value) -> None:
    """Note what else `node` tests beside answers: the program's own texts, and values of unknown origin."""
    for side in sides:
        if not _in_tests(run):
            for option in options(side):
                if is_stranger(option):
                    _note(run, node, option, None, is_tested=True)
        for text in iterate_texts(side):
            run.facts.tested.setdefault(id(node), {}).setdefault(key_of(text), text)


def _in_tests(run: Interpreter) -> bool:
    """Whether a test or a helper of tests is what runs: what it brings, the program never meets."""
    return bool(run.test) or (bool(run.stack) and is_test_module(run.stack[0].module))


def of_tests(module: Module, value: Value) -> Value:
    """What a function of `module` gives; what one of the tests brings is no stranger to the program."""
    found = options(value)
    if not is_test_module(module) or not any(is_stranger(option) for option in found):
        return value
    return choose([_known(option) for option in found])


def _known(option: Value) -> Value:
    return gap(*option.hints) if isinstance(option, Unknown) and is_stranger(option) else option


def note_spelled(run: Interpreter, holder: Value, key: Value | None) -> None:
    """The same for looks that are known by the literal of the key: templates, columns, `itemgetter`."""
    if _in_tests(run) or not isinstance(holder, Unknown) or not is_stranger(holder):
        return
    for option in options(key) if key is not None else ():
        piece = option.pieces[0] if isinstance(option, Text) and len(option.pieces) == 1 else None
        if piece is not None and piece.node is not None:
            _note(run, piece.node, holder, option)


def note_method(run: Interpreter, call: cst.Call, callee: Value, args: Args) -> None:
    """The same for `holder.get(key)` and its kin, by what the method is."""
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _LOOKING and args.positional:
        note(run, call, callee, args.get(0))


def note_answer(run: Interpreter, node: cst.CSTNode, part: Part, key: Value) -> None:
    """The same for the answer to a request whose URL an unseen caller would give."""
    if not _in_tests(run) and is_of_caller(part):
        _note(run, node, part, key)


def note_again(run: Interpreter, known: Iterable[Stranger]) -> None:
    """Note for the running exploration what a remembered call had noted for another one."""
    for stranger in known:
        if run.stack:
            root = _taker(run.stack[0], stranger.hints)
            _keep(run, replace(stranger, root=root))


def _note(
    run: Interpreter, node: cst.CSTNode, value: Value, key: Value | None, is_tested: bool = False
) -> None:
    assert isinstance(value, Unknown)
    root = None
    if isinstance(value, Part) or {PARAMETER, LOOSE} & value.roots:
        if not run.stack:
            return
        root = _taker(run.stack[0], value.hints)
    giver = run.calls[-1] if run.calls and run.calls[-1][1] is not None else None
    _keep(run, Stranger(node, _names(key), value.hints, giver, root, is_tested))


def _names(key: Value | None) -> frozenset[str]:
    texts = [option.literal if isinstance(option, Text) else None for option in options(key or UNKNOWN)]
    known = [text for text in texts if text is not None]
    return frozenset(known) if len(known) == len(texts) else frozenset()


def _taker(root: Step, hints: tuple[str, ...]) -> Step:
    """The function whose caller gives a value: the one that was tried, or one around it with such a name."""
    step = root
    while not any(param.name.value in hints for param in _parameters(step.node)):
        outer = _around(step)
        if outer is None:
            return root
        step = outer
    return step


def _parameters(node: cst.CSTNode) -> Iterable[cst.Param]:
    return parameters(node.params) if isinstance(node, (cst.FunctionDef, cst.Lambda)) else ()


def _around(step: Step) -> Step | None:
    node = function_of(step.module, step.node)
    if node is None:
        return None
    return Step(step.module, node, node.name.value if isinstance(node, cst.FunctionDef) else "<lambda>")


def _keep(run: Interpreter, stranger: Stranger) -> None:
    if stranger.root is not None:
        run.strangers.append(stranger)
    run.facts.strangers.setdefault(id(stranger.node), {}).setdefault(stranger.key, stranger)


def is_of_caller(part: Part) -> bool:
    """Whether a part is of an answer to a request whose host only an unseen caller would give."""
    return bool(part.origin.requests) and all(map(_is_given, part.origin.requests))


def _is_given(request: Request) -> bool:
    leading = request.url.pieces[0].text if request.url.pieces else ""
    bare = leading is not None and authority_end(characters(request.url)) is None
    return request.is_unseen or (request.explored and bare)


def strangers_at(facts: Facts, node: cst.CSTNode, name: str) -> Iterator[Stranger]:
    """What a look for a key may look into besides what is known.

    Callers that nobody saw count only where no others were seen.
    """
    for stranger in _strangers_of(facts, node, is_tested=False):
        if not stranger.names or name in stranger.names:
            yield stranger


def strangers_tested(facts: Facts, node: cst.CSTNode) -> Iterator[Stranger]:
    """What a test may hold against its literals besides what is known, likewise."""
    yield from _strangers_of(facts, node, is_tested=True)


def _strangers_of(facts: Facts, node: cst.CSTNode, is_tested: bool) -> Iterator[Stranger]:
    for stranger in facts.strangers.get(id(node), {}).values():
        by_other = stranger.root is not None and id(stranger.root.node) in facts.called
        if not by_other and stranger.is_tested is is_tested:
            yield stranger
