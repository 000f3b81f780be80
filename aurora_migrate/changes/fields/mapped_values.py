"""Values that change with their field: literals by the settings' table, others by a function of the user."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from aurora_migrate.changes.context import Context
from aurora_migrate.changes.fields.expected_calls import map_expected
from aurora_migrate.changes.fields.levels import put_table
from aurora_migrate.changes.fields.names import mentions
from aurora_migrate.changes.fields.own_values import sent_as
from aurora_migrate.changes.surgery.marks import INNER
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.config.settings import RoleSettings
from aurora_migrate.flow import rebinding
from aurora_migrate.flow.around import last_name
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.models import declaration
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.text import spelled_by
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Const, Entry, Piece, Text, Value


@dataclass(slots=True)
class Values:
    """Plans what takes the place of a field's values."""

    context: Context
    plan: Plan
    roles: RoleSettings
    new: str
    """The field's new name."""
    source: str
    """Where new values can be looked up, for the user: `List Roles`."""
    members: set[int] = field(default_factory=set)
    """The literals that are members of enumerations: those stay, for all that reads or makes members."""

    def map(self, entry: Entry, values: Sequence[Value]) -> None:
        """Plan an entry of which these are the values. Raises Refused when one cannot be told or made."""
        if values and all(_is_none(value) for value in values):
            return
        values = [self._as_sent(value) for value in values]
        try:
            self._literals(entry, values)
        except _NotLiteral as reason:
            if self._is_given_by_program(entry, values):
                return
            if self.roles.resolver:
                self._resolved(entry, values)
            elif self._are_known(values) and not _are_of_tests(entry, values):
                self._looked_up(entry, values)
            else:
                raise Refused(f"{reason}; name a `resolver` in [tool.aurora-migrate.roles]") from reason

    def _as_sent(self, value: Value) -> Value:
        """A member of an enumeration of texts as the text that it is sent as."""
        spelled = spelled_by(value)
        if spelled is None:
            return value
        self.members.update(id(piece.node) for piece in spelled.pieces)
        return spelled

    def _literals(self, entry: Entry, values: Sequence[Value]) -> None:
        if not values:
            raise _NotLiteral("no caller is seen that gives the value")
        if _are_of_tests(entry, values):
            raise _NotLiteral("nothing but tests is seen to give the value")
        pieces: list[Piece] = []
        for option in values:
            if _is_none(option):
                continue
            literal = option.literal if isinstance(option, Text) else None
            piece = option.pieces[0] if isinstance(option, Text) and len(option.pieces) == 1 else None
            if literal is None or piece is None or piece.node is None:
                raise _NotLiteral("the value is worked out when the program runs")
            if literal not in self.roles.levels:
                raise _NotLiteral(self._unknown(literal))
            if not isinstance(piece.node, cst.SimpleString) or string_value(piece.node) != literal:
                raise _NotLiteral(f"`{literal}` is put together from several parts")
            pieces.append(piece)
        unseen = self._unseen_leaves(entry, pieces)
        at_use = len(values) == 1 and entry.field is None and self._at_use(entry, pieces[0])
        if not at_use:
            # Nothing is planned before all can be: what comes after this looks the value up instead.
            for piece in pieces:
                if not self._is_own(entry, piece):
                    raise _NotLiteral(f"`{piece.text}` there may mean other things, too")
            for piece in pieces:
                self._cut(piece.module, piece.node, piece.text or "")
        for leaf in unseen:
            self._cut(entry.uses[-1].module, leaf, string_value(leaf))

    def _is_given_by_program(self, entry: Entry, values: Sequence[Value]) -> bool:
        """Whether a double of a test hands back what the program sends: that is a new value already."""
        if not entry.uses or not is_test_module(entry.uses[-1].module):
            return False
        sent = sent_as(self.context, [entry.name or ""])
        pieces = [piece for value in values if isinstance(value, Text) for piece in value.pieces]
        return bool(pieces) and all(
            piece.module is not None and not is_test_module(piece.module) and id(piece.node) in sent
            for piece in pieces
        )

    def _cut(self, module: Module | None, node: cst.CSTNode | None, level: str) -> None:
        """Put the new value in the place of the old one's characters."""
        assert module is not None
        assert isinstance(node, cst.SimpleString)
        self.plan.cut(module, node, 0, len(level), self.roles.levels[level])
        map_expected(self.context, self.plan, module, node, level, self.roles.levels[level])

    def _unseen_leaves(self, entry: Entry, pieces: Sequence[Piece]) -> list[cst.SimpleString]:
        """The literals of a conditional expression that no seen call chooses."""
        node = value_node(entry) if entry.field is None else None
        found = [
            leaf
            for leaf in (leaves(node) if node is not None else ())
            if isinstance(leaf, cst.SimpleString) and all(piece.node is not leaf for piece in pieces)
        ]
        for leaf in found:
            if string_value(leaf) not in self.roles.levels:
                raise _NotLiteral(self._unknown(string_value(leaf)))
        return found

    def _unknown(self, level: str) -> str:
        return f"no id is configured for `{level}` ({self.source} gives it)"

    def _at_use(self, entry: Entry, piece: Piece) -> bool:
        """Put the new value in the place of a constant's name; whether that was it."""
        node, new = value_node(entry), self.roles.levels[piece.text or ""]
        assert piece.module is not None
        target = _constant(piece.module, piece.node)
        if target is None or not isinstance(node, (cst.Name, cst.Attribute)):
            return False
        name = node if isinstance(node, cst.Name) else node.attr
        if name.value != target.value or rebinding.others(self.context.modules, piece.module, target):
            return False
        others = [
            found
            for module in self.context.modules
            for found in mentions(module, target.value)
            if found is not target and found is not name
        ]
        if others or id(piece.node) in self.members:
            self.plan.replace(entry.uses[-1].module, node, f'"{new}"')
            map_expected(self.context, self.plan, entry.uses[-1].module, node, piece.text or "", new)
        else:
            self._cut(piece.module, piece.node, piece.text or "")
        return True

    def _is_own(self, entry: Entry, piece: Piece) -> bool:
        """Whether nothing but this entry can get the literal's text."""
        assert piece.module is not None
        assert piece.node is not None
        if entry.field is not None:
            return self._is_field_value(entry, piece)
        node = value_node(entry)
        if node is None:
            return False
        if any(leaf is piece.node for leaf in leaves(node)):
            return True
        return isinstance(node, cst.Name) and self._is_given(entry.uses[-1].module, node, piece)

    def _is_given(self, module: Module, used: cst.Name, piece: Piece) -> bool:
        """Whether the literal is a parameter's default or a caller's argument, and only this use reads it."""
        function = _function_of(module, used)
        if function is None or not any(each.name.value == used.value for each in _parameters(function)):
            return False
        inside = [
            each for each in walk(function.body) if isinstance(each, cst.Name) and each.value == used.value
        ]
        if any(each is not used and not _is_keyword(module, each) for each in inside):
            return False
        assert piece.module is not None
        parent = piece.module.parents.get(id(piece.node))
        if isinstance(parent, cst.Param):
            return parent.name.value == used.value and any(parent is each for each in _parameters(function))
        call = piece.module.parents.get(id(parent)) if isinstance(parent, cst.Arg) else None
        return isinstance(call, cst.Call) and last_name(call.func) == function.name.value

    def _is_field_value(self, entry: Entry, piece: Piece) -> bool:
        """Whether the literal is given to a model's field that the program itself never looks at."""
        of = entry.field
        assert of is not None
        assert piece.module is not None
        key = (id(of.owner.node), of.name)
        for module, attribute in self.context.facts.members.get(key, {}).values():
            if not isinstance(module.parents.get(id(attribute)), cst.AssignTarget):
                return False
        parent = piece.module.parents.get(id(piece.node))
        if isinstance(parent, cst.AnnAssign):
            return parent is declaration(of.owner, of.name)
        if isinstance(parent, cst.Assign):
            stored = [attribute for _, attribute in self.context.facts.members.get(key, {}).values()]
            return any(target.target is each for target in parent.targets for each in stored)
        given = self.context.facts.field_keywords.get(key, {})
        return isinstance(parent, cst.Arg) and id(parent) in given

    def _are_known(self, values: Sequence[Value]) -> bool:
        """Whether the table has every text that the value can be."""
        texts = [value for value in values if not _is_none(value)]
        return bool(texts) and all(
            isinstance(value, Text) and value.literal in self.roles.levels for value in texts
        )

    def translated(self, module: Module, values: Sequence[Value]) -> str:
        """The expression of the new value, with `{}` for that of the old one, which is one of these.

        What it needs is put into the module. Raises Refused when a value is not known and there is no
        function of the user's.
        """
        sent = [self._as_sent(value) for value in values]
        if self.roles.resolver:
            return f"{self._resolver(module)}({{}})"
        if not self._are_known(sent):
            raise Refused("not all values are known; name a `resolver` in [tool.aurora-migrate.roles]")
        return (
            f"{self._table(module)}.get({{}})" if any(map(_is_none, sent)) else f"{self._table(module)}[{{}}]"
        )

    def _looked_up(self, entry: Entry, values: Sequence[Value]) -> None:
        """Look the new value up in a table that is put into the module."""
        if not entry.uses:
            raise Refused("the value is not written where it is sent")
        self._wrapped(entry, values, f"{self._table(entry.uses[-1].module)}[{INNER}]")

    def _table(self, module: Module) -> str:
        return put_table(self.plan, module, f"{self.new.upper()}S", list(self.roles.levels.items()))

    def _resolved(self, entry: Entry, values: Sequence[Value]) -> None:
        """Wrap the value's expression in a call of the user's function."""
        if not entry.uses:
            raise Refused("the value is not written where it is sent")
        self._wrapped(entry, values, f"{self._resolver(entry.uses[-1].module)}({INNER})")

    def _resolver(self, module: Module) -> str:
        module_name, _, function = self.roles.resolver.partition(":")
        if module.name != module_name:
            self.plan.add_import(module, f"from {module_name} import {function}")
        return function

    def _wrapped(self, entry: Entry, values: Sequence[Value], template: str) -> None:
        node = value_node(entry)
        if node is None or entry.field is not None:
            raise Refused("the value is not written where it is sent")
        if any(_is_none(value) for value in values):
            if not isinstance(node, cst.Name):
                raise Refused("the value may be None there")
            template = f"{template} if {node.value} is not None else None"
        self.plan.wrap(entry.uses[-1].module, node, template)


def _are_of_tests(entry: Entry, values: Sequence[Value]) -> bool:
    """Whether the program's own code gets all that is known of the value from its tests."""
    if not entry.uses or is_test_module(entry.uses[-1].module):
        return False
    homes = [piece.module for value in values if isinstance(value, Text) for piece in value.pieces]
    return bool(homes) and all(home is not None and is_test_module(home) for home in homes)


def _is_none(value: Value) -> bool:
    return isinstance(value, Const) and value.value is None


class _NotLiteral(Exception):
    """Why a value cannot be replaced by one of the table."""


def value_node(entry: Entry) -> cst.BaseExpression | None:
    """The expression that gives an entry's value, where it is put into its mapping."""
    operand = entry.uses[-1].operand if entry.uses else None
    if isinstance(operand, (cst.DictElement, cst.Arg)):
        return operand.value if not isinstance(operand, cst.Arg) or not operand.star else None
    if isinstance(operand, cst.Assign) and len(operand.targets) == 1:
        return operand.value
    if isinstance(operand, cst.Call) and len(operand.args) == 2:
        return operand.args[1].value
    return None


def leaves(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The expressions of which a conditional expression or `or` gives one; else the expression itself."""
    if isinstance(node, cst.IfExp):
        yield from leaves(node.body)
        yield from leaves(node.orelse)
    elif isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        yield from leaves(node.left)
        yield from leaves(node.right)
    else:
        yield node


def _constant(module: Module, literal: cst.CSTNode | None) -> cst.Name | None:
    """The name that a module or class gives to a literal."""
    parent = module.parents.get(id(literal))
    target: cst.BaseExpression | None = None
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        target = parent.targets[0].target
    elif isinstance(parent, cst.AnnAssign):
        target = parent.target
    return target if isinstance(target, cst.Name) and not keyword.iskeyword(target.value) else None


def _function_of(module: Module, node: cst.CSTNode) -> cst.FunctionDef | None:
    current = module.parents.get(id(node))
    while current is not None and not isinstance(current, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
        current = module.parents.get(id(current))
    return current if isinstance(current, cst.FunctionDef) else None


def _parameters(function: cst.FunctionDef) -> list[cst.Param]:
    params = function.params
    return [*params.posonly_params, *params.params, *params.kwonly_params]


def _is_keyword(module: Module, name: cst.Name) -> bool:
    parent = module.parents.get(id(name))
    return isinstance(parent, cst.Arg) and parent.keyword is name
