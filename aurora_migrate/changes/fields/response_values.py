"""Values of a renamed field: tests against old values get new ones, or the new value is translated back."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.keys import is_only_named
from aurora_migrate.changes.fields.levels import Levels, table_of
from aurora_migrate.changes.fields.names import Renaming, mentions
from aurora_migrate.changes.fields.own_values import map_given, refuse_others_tested, sent_as
from aurora_migrate.changes.fields.shared_looks import refuse_shared
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused, dotted
from aurora_migrate.flow.around import enclosing
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.reads import Form, Match, Read
from aurora_migrate.flow.rebinding import others
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Part

# -- tests against literals


def map_tests(
    context: Context,
    plan: Plan,
    levels: Levels,
    reads: Sequence[Read],
    matches: Sequence[Match],
    found: Sequence[Part],
) -> None:
    """Put new values in the place of those that are tested for; Refused when the value has other uses.

    `found` are the parts that the looks find.
    """
    uses = _Uses(context, matches, {part.key for part in found})
    telling = [read for read in reads if read.form not in (Form.IN, Form.DELETE, Form.CASE)]
    if not matches and not all(map(is_only_named, telling)):
        raise Refused("what becomes of the value is not seen")
    shown = next((read for read in reads if read.form is Form.TEMPLATE), None)
    if shown is not None:
        line = shown.module.location(shown.node).start.line
        raise Refused(f"a text shows the value at {shown.module.path.name}:{line}")
    uses.check()
    mapped = map_given(context.facts, plan, levels, reads)
    for read in reads:
        mapped |= _map_default(plan, levels, read)
    mapped |= sent_as(context, {read.name for read in reads})
    refuse_others_tested(context.facts, matches, mapped)
    named = {id(read.node) for read in reads if read.form is Form.COMPARED}
    for match in matches:
        if not _map_expected(plan, levels, match, named):
            _map_test(context, plan, levels, match, uses)


def _map_expected(plan: Plan, levels: Levels, match: Match, named: set[int]) -> bool:
    """The level in an object that a test expects, whose key gets the new name; whether that was it."""
    piece = match.value.pieces[0] if len(match.value.pieces) == 1 else None
    if piece is None or piece.node is None or piece.module is None or not is_test_module(piece.module):
        return False
    element = piece.module.parents.get(id(piece.node))
    if not isinstance(element, cst.DictElement) or id(element.key) not in named:
        return False
    new = levels.new(match.value.literal)
    plan.cut(piece.module, piece.node, piece.start, piece.start + len(piece.text or ""), new)
    return True


def _map_default(plan: Plan, levels: Levels, read: Read) -> set[int]:
    """`.get("user_level", "Admin")`: the default is a level, too; the literal that was mapped."""
    if read.form is not Form.GET or not isinstance(read.node, cst.Call) or len(read.node.args) < 2:
        return set()
    default = read.node.args[1].value
    if isinstance(default, cst.SimpleString):
        text = default.evaluated_value
        if text and isinstance(text, str):
            plan.cut(read.module, default, 0, len(text), levels.new(text))
        return {id(default)}
    if not isinstance(default, cst.Name) or default.value != "None":
        raise Refused("the default given to `.get` is not written out there")
    return set()


def _map_test(context: Context, plan: Plan, levels: Levels, match: Match, uses: _Uses) -> None:
    if match.how not in ("==", "in", "case", "lookup"):
        raise Refused("the text of the value is searched or parsed")
    piece = match.value.pieces[0] if len(match.value.pieces) == 1 else None
    if piece is None or piece.node is None or piece.module is None:
        raise Refused("a value that it is compared with is put together from several parts")
    new = levels.new(match.value.literal)
    if any(each is piece.node for each in walk(match.node)) and match.how != "lookup":
        plan.cut(piece.module, piece.node, piece.start, piece.start + len(piece.text or ""), new)
        return
    constant = constant_around(piece.module, piece.node)
    if constant is None:
        raise Refused("a value that it is compared with is not written where it is used")
    rest = others(context.modules, piece.module, constant)
    if not all(uses.is_tested_for(each.value) for each in rest):
        raise Refused(f"`{constant.value}` can be given another value")
    if uses.are_all(constant.value):
        plan.cut(piece.module, piece.node, piece.start, piece.start + len(piece.text or ""), new)
        return
    if rest:
        raise Refused(f"`{constant.value}` is used elsewhere, too")
    _replace_operand(context, plan, match, constant.value, new)


def _replace_operand(context: Context, plan: Plan, match: Match, name: str, new: str) -> None:
    """`== ADMIN`, where the constant has other uses: the new value is written into the comparison."""
    if match.how == "==" and isinstance(match.node, cst.Comparison):
        sides = [match.node.left, *(target.comparator for target in match.node.comparisons)]
        for side in sides:
            last = side.attr if isinstance(side, cst.Attribute) else side
            if isinstance(last, cst.Name) and last.value == name:
                plan.replace(match.module, side, f'"{new}"')
                return
    raise Refused(f"`{name}` is used elsewhere, too")


def constant_around(module: Module, literal: cst.CSTNode) -> cst.Name | None:
    """The name that a literal is bound to, alone or in a display."""
    node: cst.CSTNode | None = module.parents.get(id(literal))
    inner = literal
    while isinstance(
        node, (cst.Element, cst.DictElement, cst.Tuple, cst.List, cst.Set, cst.Dict, cst.Arg, cst.Call)
    ):
        if isinstance(node, cst.DictElement) and node.value is inner:
            return None
        inner, node = node, module.parents.get(id(node))
    if isinstance(node, cst.Assign) and len(node.targets) == 1:
        target = node.targets[0].target
        return target if isinstance(target, cst.Name) else None
    if isinstance(node, cst.AnnAssign) and isinstance(node.target, cst.Name):
        return node.target
    return None


@dataclass(slots=True)
class _Uses:
    """What becomes of the value: whether it is tested and nothing else."""

    context: Context
    matches: Sequence[Match]
    keys: set[Hashable]
    tests: set[int] = field(init=False)
    lookers: set[int] = field(init=False)
    """What looks the value up in mappings whose keys are known."""
    nodes: dict[int, tuple[Module, cst.CSTNode]] = field(init=False)

    def __post_init__(self) -> None:
        self.tests = {id(match.node) for match in self.matches}
        self.lookers = {id(match.looker) for match in self.matches if match.looker is not None}
        self.nodes = {}
        for key in self.keys:
            self.nodes.update(self.context.facts.part_nodes.get(key, {}))

    def check(self) -> None:
        for module, node in self.nodes.values():
            reason = self._other_use(module, node)
            if reason:
                line = module.location(node).start.line
                raise Refused(f"the value is {reason} at {module.path.name}:{line}")

    def _other_use(self, module: Module, node: cst.CSTNode) -> str:
        parent = module.parents.get(id(node))
        if isinstance(parent, cst.Return):
            return "" if self._is_asked_for(module, parent) else "returned to code that is not seen"
        if isinstance(parent, (*_PASSING, *_ASKING)) or (
            isinstance(parent, cst.Attribute) and parent.attr is node
        ):
            return ""
        if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
            owner = parent if isinstance(parent, cst.Comparison) else module.parents.get(id(parent))
            return (
                "" if id(owner) in self.tests or self._is_key(module, node) else "compared with another value"
            )
        if isinstance(parent, cst.Index):
            above = module.parents.get(id(module.parents.get(id(parent))))
            return "" if id(above) in self.lookers else "used as a key"
        if isinstance(parent, cst.Arg):
            call = module.parents.get(id(parent))
            if id(call) in self.tests:
                return ""
            if isinstance(call, cst.Call) and (id(call) in self.lookers or self._is_project(call)):
                return ""
            return "handed to other code"
        return "used in another way"

    def _is_asked_for(self, module: Module, statement: cst.Return) -> bool:
        """Whether the program is seen to use what a function returns."""
        around = enclosing(module, statement, cst.FunctionDef)
        if around is None:
            return False
        askers = (node.func if isinstance(node, cst.Call) else node for _, node in self.nodes.values())
        return any((dotted(asker) or "").rpartition(".")[2] == around.name.value for asker in askers)

    def _is_key(self, module: Module, node: cst.CSTNode) -> bool:
        return any(match.how == "lookup" and match.node is node for match in self.matches)

    def _is_project(self, call: cst.Call) -> bool:
        name = call.func.attr.value if isinstance(call.func, cst.Attribute) else None
        name = call.func.value if isinstance(call.func, cst.Name) else name
        return any(
            isinstance(module.parents.get(id(node)), (cst.FunctionDef, cst.ClassDef))
            for module in self.context.modules
            for node in module.identifiers.get(name or "", ())
        )

    def are_all(self, name: str) -> bool:
        """Whether every mention of a constant is inside a test, or is looked into with the value."""
        for module in self.context.modules:
            for node in mentions(module, name):
                if not self._is_declared(module, node) and not self._is_tested(module, node):
                    return False
        return True

    def is_tested_for(self, node: cst.CSTNode | None) -> bool:
        """Whether the text of a literal is among those that the value is compared with."""
        return any(piece.node is node for match in self.matches for piece in match.value.pieces if node)

    def _is_declared(self, module: Module, node: cst.Name) -> bool:
        return isinstance(module.parents.get(id(node)), (cst.AssignTarget, cst.AnnAssign))

    def _is_tested(self, module: Module, node: cst.CSTNode) -> bool:
        for above in _upwards(module, node):
            if id(above) in self.tests:
                return True
            if isinstance(above, (cst.Subscript, cst.Call)) and any(
                id(each) in self.nodes for each in _keys(above)
            ):
                return True
        return False


_PASSING = (
    cst.Assign,
    cst.AnnAssign,
    cst.NamedExpr,
    cst.Await,
    cst.BooleanOperation,
    cst.IfExp,
    cst.Expr,
    cst.AssignTarget,
)
"""What hands a value on, to where it is noted again."""
_ASKING = (cst.If, cst.While, cst.UnaryOperation, cst.Assert, cst.Match, cst.CompIf, cst.Del)
"""What only asks whether there is a value, or which one."""


def _is_lookup(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value == "get"


def _keys(node: cst.Subscript | cst.Call) -> Iterator[cst.CSTNode]:
    if isinstance(node, cst.Call):
        yield from (arg.value for arg in node.args[:1] if _is_lookup(node))
    else:
        yield from (part.slice.value for part in node.slice if isinstance(part.slice, cst.Index))


def _upwards(module: Module, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    current: cst.CSTNode | None = node
    while current is not None and not isinstance(current, cst.BaseSuite):
        yield current
        current = module.parents.get(id(current))


# -- translation back to the old values


_TRANSLATED = (Form.SUBSCRIPT, Form.GET, Form.POP, Form.IN, Form.DELETE)
"""The looks that say where the value is, so that it can be looked up there."""


def translate(
    context: Context, plan: Plan, levels: Levels, old: str, new: str, reads: Sequence[Read]
) -> None:
    """Read the new field and look the old value up in a table of the user's map."""
    renaming = Renaming(context.facts, context.modules, old, new)
    for read in reads:
        by_attribute = read.form is Form.ATTRIBUTE and isinstance(read.node, cst.Attribute)
        if isinstance(read.node, cst.SimpleString):
            raise Refused("the key is handed to what looks for it")
        if read.form not in _TRANSLATED and not by_attribute:
            raise Refused("the value is bound in a way that leaves no place to translate it")
        refuse_shared(context, read)
        renaming.at_read(read)
        if read.form not in (Form.IN, Form.DELETE):
            table = table_of(plan, levels, old, read.module)
            _wrap(plan, read, table)
    renaming.carry_out(plan)


def _wrap(plan: Plan, read: Read, table: str) -> None:
    assert isinstance(read.node, cst.BaseExpression)
    if isinstance(read.node, cst.Call) and len(read.node.args) > 1:
        default = read.node.args[1]
        if default.keyword is not None or default.star:
            raise Refused("the default given to `.get` is not written out there")
        source = read.module.tree.code_for_node(default.value)
        if read.form is Form.POP:
            # Without a default it would raise where there is no such field.
            otherwise = f", {source}" if source != "None" else ""
            plan.replace(read.module, default.value, "None")
        else:
            otherwise = f", {source}"
            plan.remove_argument(read.module, read.node, default)
        plan.wrap(read.module, read.node, f"{table}.get({INNER}{otherwise})")
    else:
        plan.wrap(read.module, read.node, f"{table}.get({INNER})")
