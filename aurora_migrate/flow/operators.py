"""Operators on values: `+`, `%`, `/`, `|` and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from aurora_migrate.flow import containers, key_lists, keyed, own_entries, protocols, text, versions
from aurora_migrate.flow.alternatives import choose, options
from aurora_migrate.flow.cells import Scope
from aurora_migrate.flow.formatting import percent
from aurora_migrate.flow.places import Use
from aurora_migrate.flow.values import (
    UNKNOWN,
    Const,
    Entries,
    Instance,
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


def binary(run: Interpreter, node: cst.BinaryOperation, scope: Scope) -> Value:
    """The value of a binary operation."""
    left = run.evaluate(node.left, scope)
    right = run.evaluate(node.right, scope)
    left_use = Use(scope.module, node, node.left)
    right_use = Use(scope.module, node, node.right)
    own = operated(run, node.operator, left, right, right_use, scope)
    if own is not None:
        return own
    if isinstance(node.operator, key_lists.OPERATORS):
        key_lists.note(run, node, left, right, scope)
    if isinstance(node.operator, cst.Add):
        return added(run, left, left_use, right, right_use)
    if isinstance(node.operator, cst.Modulo) and any(isinstance(option, Text) for option in options(left)):
        return percent(run, left, right, node, scope)
    if isinstance(node.operator, cst.Divide):
        return divided(run, left, left_use, right, right_use)
    if isinstance(node.operator, cst.BitOr):
        merged = run.new_mapping(Entries(), node, scope.module)
        containers.merge(run, merged, left, left_use)
        containers.merge(run, merged, right, right_use)
        if isinstance(left, Mapping) or isinstance(right, Mapping):
            return merged
    return text.hole(left, right)


def operated(
    run: Interpreter, operator: cst.CSTNode, left: Value, right: Value, use: Use | None, scope: Scope
) -> Value | None:
    """What an object makes of an operator: one of the project's classes, or one that is changed in place."""
    from aurora_migrate.flow.libraries import furl_urls, recorders

    if isinstance(operator, (cst.Divide, cst.DivideAssign)):
        changed = furl_urls.divided(run, left, right, use, scope)
        if changed is not None:
            return changed
    if isinstance(operator, cst.Modulo) and isinstance(left, Instance) and id(left) in run.routes:
        return recorders.route_modulo(run, left, right)
    return protocols.operated(run, operator, left, right, scope)


_PAIRS = 8
"""As many sums of alternative lists are told apart; with more, their elements are thrown together."""


def added(run: Interpreter, left: Value, left_use: Use | None, right: Value, right_use: Use | None) -> Value:
    """`left + right` for texts and sequences; an unknown on one side of a text is a hole in it."""
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        first, second = run.items(left)[0], run.items(right)[0]
        uses = (*_uses_in(first, left_use), *_uses_in(second, right_use))
        joined = Items((*first.values, *second.values), first.open or second.open, uses)
        return run.new_sequence(joined, left.node, left.module)
    pairs = [(one, other) for one in options(left) for other in options(right)]
    if len(pairs) <= _PAIRS and all(isinstance(side, Sequence) for pair in pairs for side in pair):
        return choose([added(run, one, left_use, other, right_use) for one, other in pairs])
    if _are_lists(left, right):
        # Both may be lists; if they are texts, their elements are of no use to anybody.
        sides = (*options(left), *options(right))
        either = [element for side in sides for element in containers.iterate(run, side)[0]]
        kept = run.items(left) if isinstance(left, Sequence) else ()
        uses = _uses_in(kept[0], left_use) if len(kept) == 1 else ()
        return run.new_sequence(Items(tuple(either), open=True, uses=uses), None, None)
    left, right = _spelled(left), _spelled(right)
    numbers = [option for option in (*options(left), *options(right)) if isinstance(option, Const)]
    texts = [option for option in (*options(left), *options(right)) if isinstance(option, Text)]
    if numbers and not texts:
        return UNKNOWN
    if not texts and not (isinstance(left, Unknown) or isinstance(right, Unknown)):
        return UNKNOWN
    if not texts:
        return Text((Piece(None, hole=left), Piece(None, hole=right)))
    return text.concat([(left, left_use), (right, right_use)])


def _are_lists(left: Value, right: Value) -> bool:
    """Whether a sum is one of lists: two parts of answers may be, and whatever is added to a list is one."""
    if isinstance(left, Part) and isinstance(right, Part):
        return True
    sides = (*options(left), *options(right))
    lists = any(isinstance(side, Sequence) for side in sides)
    return lists and all(isinstance(side, (Sequence, Unknown)) for side in sides)


def _uses_in(items: Items, use: Use | None) -> tuple[tuple[Use, ...], ...]:
    padded = (*items.uses, *((),) * (len(items.values) - len(items.uses)))
    return tuple((use, *found) if use is not None else found for found in padded)


def _spelled(value: Value) -> Value:
    """Members of string enumerations as the texts that they are."""
    if not any(isinstance(option, Instance) for option in options(value)):
        return value
    return choose([text.spelled_by(option) or option for option in options(value)])


def divided(
    run: Interpreter, left: Value, left_use: Use | None, right: Value, right_use: Use | None
) -> Value:
    """`URL(base) / "path"` of yarl, furl and pathlib: the parts with one slash between them."""
    if not any(isinstance(option, Text) for option in options(left)):
        return text.hole(left, right)
    results: list[Value] = []
    for base in options(left):
        for part in options(right):
            trimmed = text.strip(text.as_text(base), "/", left=False, right=True)
            rest = text.strip(text.as_text(part), "/", left=True, right=False)
            slash = Text((Piece("/"),))
            moved = Text((*text.use_in(slash, right_use).pieces, *text.use_in(rest, right_use).pieces))
            results.append(Text((*text.use_in(trimmed, left_use).pieces, *moved.pieces)))
    return choose(results)


def compare(run: Interpreter, node: cst.Comparison, scope: Scope) -> Value:
    """A comparison: true or false where both sides are known."""
    left = run.evaluate(node.left, scope)
    sides = [(node.left, left)]
    result: Value = UNKNOWN
    for comparison in node.comparisons:
        right = run.evaluate(comparison.comparator, scope)
        if isinstance(comparison.operator, (cst.In, cst.NotIn)):
            right = keyed.contained_in(run, left, right, scope)
        result = _compared(run, left, comparison.operator, right)
        if isinstance(comparison.operator, (cst.In, cst.NotIn)):
            _note_looks(run, node, left, right, scope)
        if isinstance(comparison.operator, key_lists.COMPARISONS):
            key_lists.note(run, node, left, right, scope)
        _note_test(run, node, left, comparison.operator, right, scope)
        sides.append((comparison.comparator, right))
        left = right
    return versions.judged(run, node, sides, result if len(node.comparisons) == 1 else UNKNOWN, scope)


def _note_looks(run: Interpreter, node: cst.Comparison, left: Value, right: Value, scope: Scope) -> None:
    """`"key" in mapping`."""
    for option in options(right):
        if isinstance(option, Mapping):
            for name, piece in containers.key_names(left):
                if name is not None:
                    own_entries.note_look(run, option, name, piece, node, scope)


def _compared(run: Interpreter, left: Value, operator: cst.BaseCompOp, right: Value) -> Value:
    if isinstance(operator, (cst.In, cst.NotIn)):
        found = _contained(run, left, right)
        return UNKNOWN if found is None else Const(found is isinstance(operator, cst.In))
    same = _equal(_spelled(left), _spelled(right))
    if same is None:
        return UNKNOWN
    if isinstance(operator, (cst.Equal, cst.Is)):
        return Const(same)
    if isinstance(operator, (cst.NotEqual, cst.IsNot)):
        return Const(not same)
    return UNKNOWN


def _equal(left: Value, right: Value) -> bool | None:
    if isinstance(left, Text) and isinstance(right, Text):
        if left.literal is None or right.literal is None:
            return None
        return left.literal == right.literal
    if isinstance(left, Const) and isinstance(right, Const):
        return bool(left.value == right.value)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Const) and one.value is None and _is_object(other):
            return False
    return None


def _is_object(value: Value) -> bool:
    return not isinstance(value, (Unknown, Const)) and len(options(value)) == 1


def _contained(run: Interpreter, left: Value, right: Value) -> bool | None:
    if not isinstance(left, Text) or left.literal is None:
        return None
    if isinstance(right, Mapping):
        entries = run.entries(right)
        if any(entry.name == left.literal for entry in entries.items):
            return True
        return None if entries.open or any(entry.name is None for entry in entries.items) else False
    if isinstance(right, Text) and right.literal is not None:
        return left.literal in right.literal
    return _among(run, left.literal, right) if isinstance(right, Sequence) else None


def _among(run: Interpreter, sought: str, sequence: Sequence) -> bool | None:
    """Whether a text is an element of a sequence."""
    known = True
    for items in run.items(sequence):
        known = known and not items.open
        for item in items.values:
            literal = item.literal if isinstance(item, Text) else None
            if literal == sought:
                return True if len(run.items(sequence)) == 1 else None
            known = known and (literal is not None or isinstance(item, Const))
    return False if known else None


def _note_test(
    run: Interpreter, node: cst.Comparison, left: Value, operator: cst.BaseCompOp, right: Value, scope: Scope
) -> None:
    from aurora_migrate.flow import comparing

    left, right = _spelled(left), _spelled(right)
    if isinstance(operator, (cst.In, cst.NotIn)):
        comparing.contained(run, node, left, right, scope)
    else:
        comparing.equal(run, node, left, right, scope)
