"""Code for a value that was a text or an object: what never runs once it is always a text."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from aurora_migrate.changes.fates.governing import ends, governors, steps
from aurora_migrate.flow.around import enclosing, last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.trees import walk

_OBJECTS = frozenset(
    "dict list tuple set Mapping MutableMapping OrderedDict defaultdict int float bool".split()
)
_TEXTS = frozenset({"str", "basestring", "string_types"})
_OBJECT_METHODS = frozenset("items keys values get".split())
_GATHERERS = frozenset("append extend add insert".split())


def skipped_for_text(module: Module, node: cst.CSTNode, values: set[int]) -> Sequence[cst.CSTNode] | None:
    """The code around a place that does not run when the value (`values`: its expressions) is a text."""
    for _, parent in steps(module, node):
        if isinstance(parent, cst.MatchCase):
            match = module.parents.get(id(parent))
            if (
                isinstance(match, cst.Match)
                and id(match.subject) in values
                and _matches_text(parent) is False
            ):
                return (parent.body,)
    for governor in governors(module, node):
        truth = _truth_for_text(governor.test, values)
        if truth is not None and truth is not governor.outcome:
            return governor.region
    return None


def decided_by_type(
    module: Module, question: cst.CSTNode, values: set[int]
) -> tuple[bool, Sequence[cst.CSTNode]]:
    """What a question for the value's type decides about: whether that can be told, and what a text skips."""
    node = question
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Match):
        return True, [case.body for case in parent.cases if _matches_text(case) is False]
    while isinstance(parent, (cst.BooleanOperation, cst.UnaryOperation, cst.Comparison)):
        node, parent = parent, module.parents.get(id(parent))
    if not isinstance(parent, (cst.If, cst.IfExp)) or parent.test is not node:
        return False, ()
    truth = _truth_for_text(parent.test, values)
    if truth is None:
        return False, ()
    if truth is False:
        return True, (parent.body,)
    if parent.orelse is not None:
        return True, (parent.orelse,)
    return True, _after(module, parent) if isinstance(parent, cst.If) and ends(parent.body) else ()


def _after(module: Module, statement: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The statements that follow one in its block."""
    block = module.parents.get(id(statement))
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return ()
    place = next(index for index, each in enumerate(block.body) if each is statement)
    return block.body[place + 1 :]


def is_type_pattern(pattern: cst.MatchPattern) -> bool:
    """`case str(text)`, `case dict()`, `case None`, `case _`."""
    if isinstance(pattern, cst.MatchClass):
        return last_name(pattern.cls) in _OBJECTS | _TEXTS
    if isinstance(pattern, cst.MatchAs):
        return pattern.pattern is None or is_type_pattern(pattern.pattern)
    return isinstance(pattern, cst.MatchSingleton)


def captured(pattern: cst.MatchPattern) -> set[str]:
    """The names that a pattern binds."""
    return {
        each.name.value for each in walk(pattern) if isinstance(each, cst.MatchAs) and each.name is not None
    }


def _matches_text(case: cst.MatchCase) -> bool | None:
    """Whether a case by type takes a text; None for one that takes what is left."""
    pattern = case.pattern
    while isinstance(pattern, cst.MatchAs) and pattern.pattern is not None:
        pattern = pattern.pattern
    return last_name(pattern.cls) in _TEXTS if isinstance(pattern, cst.MatchClass) else None


def _truth_for_text(test: cst.BaseExpression, values: set[int]) -> bool | None:
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        inner = _truth_for_text(test.expression, values)
        return None if inner is None else not inner
    if isinstance(test, cst.BooleanOperation):
        deciding = isinstance(test.operator, cst.Or)
        sides = [_truth_for_text(test.left, values), _truth_for_text(test.right, values)]
        if deciding in sides:
            return deciding
        return None if None in sides else not deciding
    if isinstance(test, cst.Call) and len(test.args) == 2 and id(test.args[0].value) in values:
        if last_name(test.func) == "isinstance":
            return _is_text_among(test.args[1].value)
        if last_name(test.func) == "hasattr" and isinstance(test.args[1].value, cst.SimpleString):
            return False if string_value(test.args[1].value) in _OBJECT_METHODS else None
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        return _type_compared(test, values)
    return None


def _type_compared(test: cst.Comparison, values: set[int]) -> bool | None:
    """`type(value) is dict`."""
    left, target = test.left, test.comparisons[0]
    if not isinstance(left, cst.Call) or last_name(left.func) != "type" or len(left.args) != 1:
        return None
    if id(left.args[0].value) not in values:
        return None
    same = _is_text_among(target.comparator)
    if isinstance(target.operator, (cst.Is, cst.Equal)):
        return same
    return None if same is None else not same


def _is_text_among(kinds: cst.BaseExpression) -> bool | None:
    """Whether a text is one of the types of an `isinstance`; None where that cannot be told."""
    named = [each.value for each in kinds.elements] if isinstance(kinds, cst.Tuple) else [kinds]
    names = [last_name(each) for each in named]
    if any(name in _TEXTS for name in names):
        return True
    return False if all(name in _OBJECTS for name in names) else None


def only_words(module: Module, region: Sequence[cst.CSTNode], values: set[int]) -> bool:
    """Whether code only puts the value (`values`: its expressions and those of its parts) in words."""
    known = _gathered(region, values)
    raised = _raised_beside(module, region)
    return all(_is_wording(statement, values, known, raised) for statement in _smalls(region))


def _raised_beside(module: Module, region: Sequence[cst.CSTNode]) -> set[str]:
    """The exceptions that the function around raises elsewhere."""
    function = enclosing(module, region[0], cst.FunctionDef) if region else None
    inside = {id(each) for top in region for each in walk(top)}
    return {
        _class_raised(each)
        for each in (walk(function) if function is not None else ())
        if isinstance(each, cst.Raise) and id(each) not in inside
    } - {""}


def _class_raised(node: cst.Raise) -> str:
    return last_name(node.exc.func) if isinstance(node.exc, cst.Call) else ""


def _smalls(region: Sequence[cst.CSTNode]) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []
    for top in region:
        if isinstance(top, cst.BaseExpression):
            found.append(top)
            continue
        found.extend(
            each for each in walk(top) if isinstance(each, (cst.BaseSmallStatement, cst.Try, cst.With))
        )
    return found


def _gathered(region: Sequence[cst.CSTNode], values: set[int]) -> set[str]:
    """The variables that code fills with words of the value, through each other."""
    known: set[str] = set()
    while True:
        before = len(known)
        for small in _smalls(region):
            if isinstance(small, cst.Assign) and _mentions(small.value, values, known):
                known.update(last_name(target.target) for target in small.targets)
            elif isinstance(small, cst.AugAssign) and _mentions(small.value, values, known):
                known.add(last_name(small.target))
            elif isinstance(small, cst.Expr) and _mentions(small, values, known):
                known.update(_receiver(small))
        if len(known) == before:
            return known


def _receiver(small: cst.Expr) -> list[str]:
    call = small.value
    if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
        holder = call.func.value
        return [holder.value] if call.func.attr.value in _GATHERERS and isinstance(holder, cst.Name) else []
    return []


def _is_wording(small: cst.CSTNode, values: set[int], known: set[str], raised: set[str]) -> bool:
    if isinstance(small, (cst.Continue, cst.Break, cst.Pass)):
        return True
    if isinstance(small, cst.Raise) and _class_raised(small) not in raised:
        return False
    if isinstance(small, (cst.BaseExpression, cst.Return, cst.Raise)):
        return _mentions(small, values, known)
    if isinstance(small, cst.Assign):
        return all(
            isinstance(target.target, cst.Name) and target.target.value in known for target in small.targets
        )
    if isinstance(small, cst.AugAssign):
        return isinstance(small.target, cst.Name) and small.target.value in known
    return isinstance(small, cst.Expr) and any(name in known for name in _receiver(small))


def _mentions(node: cst.CSTNode, values: set[int], known: set[str]) -> bool:
    return any(
        id(each) in values or (isinstance(each, cst.Name) and each.value in known) for each in walk(node)
    )
