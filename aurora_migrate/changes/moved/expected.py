"""Tests that expect one object of a body whose fields move: each new object gets an assertion of its own."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from aurora_migrate.changes.moved.displays import Item, display_of, items_of, taken
from aurora_migrate.changes.moved.sites import Site, assignments, free_name
from aurora_migrate.changes.surgery.plan import Plan
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.around import function_of
from aurora_migrate.flow.literals import string_value
from aurora_migrate.flow.modules import Module
from aurora_migrate.flow.test_modules import is_test_module
from aurora_migrate.flow.trees import walk
from aurora_migrate.flow.values import Mapping

_EQUAL = frozenset({"assertEqual", "assertEquals", "assertDictEqual"})


def is_expected(site: Site) -> bool:
    """Whether nothing of the program puts the object into a body: a test holds it against a part of one."""
    entry = site.entry
    return not entry.uses and entry.key_piece is None and entry.field is None


def split(plan: Plan, site: Site) -> bool:
    """Plan the assertions on the new objects. Raises Refused where the old one is not held against a body."""
    value = site.entry.value
    node = value.node if isinstance(value, Mapping) else None
    display = display_of(node) if isinstance(node, cst.Dict) else None
    if not isinstance(value, Mapping) or value.module is None or not isinstance(display, cst.Dict):
        raise Refused("what the test expects of it is put together elsewhere")
    listed = {id(item): item for item in items_of(display)}
    groups: dict[str, list[Item]] = {}
    for entry in site.contents.values():
        item = listed.get(id(entry.uses[-1].operand)) if len(entry.uses) == 1 else None
        if item is None:
            raise Refused("what the test expects of it is put together elsewhere")
        groups.setdefault(site.table.target(entry), []).append(item)
    _Assertion.around(value.module, display, site.table.old).split(plan, groups, site.present())
    return False


def is_held_against(module: Module, node: cst.CSTNode) -> bool:
    """Whether a test does nothing with the object but hold it against one that it writes out.

    Such a test follows the code, or stays in the report as long as it has the old names.
    """
    if not is_test_module(module):
        return False
    parent = module.parents.get(id(node))
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        name = parent.targets[0].target
        scope: cst.CSTNode = function_of(module, node) or module.tree
        if not isinstance(name, cst.Name) or len(assignments(scope, name.value)) != 1:
            return False
        uses = [each for each in walk(scope) if isinstance(each, cst.Name) and each.value == name.value]
        return all(_is_side(module, each) for each in uses if each is not name)
    return _is_side(module, node)


def _is_side(module: Module, node: cst.CSTNode) -> bool:
    """Whether an expression is one side of an assertion that has a dict display on the other."""
    try:
        other, _ = _held_against(module, node)
    except Refused:
        return False
    return isinstance(other, cst.Dict)


@dataclass(frozen=True, slots=True)
class _Assertion:
    """`assert body["old"] == {...}`, or `self.assertEqual(body["old"], {...})`."""

    module: Module
    display: cst.Dict
    taken_out: cst.Subscript
    key: cst.SimpleString
    statement: cst.Assert | cst.Expr
    old: str
    named: bool
    """Whether the object was given a name of its own before."""

    @classmethod
    def around(cls, module: Module, display: cst.Dict, old: str) -> _Assertion:
        other, statement = _held_against(module, display)
        named = isinstance(other, cst.Name)
        if isinstance(other, cst.Name):
            found = assignments(function_of(module, other) or module.tree, other.value)
            other = found[0].value or other if len(found) == 1 else other
        key = _literal_key(other)
        if not isinstance(other, cst.Subscript) or key is None or string_value(key) != old:
            raise Refused(f'it is not held against `["{old}"]` of a body where it is written')
        return cls(module, display, other, key, statement, old, named)

    def split(self, plan: Plan, groups: dict[str, list[Item]], present: list[str]) -> None:
        """Leave the first object's fields where they are, and assert the others below."""
        first = present[0]
        if self.named and (first != self.old or _calls(self.taken_out.value)):
            raise Refused("the object was taken out of the body before")
        body = self._body(plan, several=len(present) > 1)
        for target in reversed(present[1:]):
            made = taken(plan, self.module, self.display, groups[target])
            for item in groups[target]:
                plan.take_away(self.module, item)
            plan.insert_after(self.module, self.statement, self._asserted(body, target, made))
        if first != self.old:
            plan.cut(self.module, self.key, 0, len(self.old), first)

    def _body(self, plan: Plan, *, several: bool) -> str:
        """The source of the body; a call that makes it is made once, above."""
        source = self.module.tree.code_for_node(self.taken_out.value).strip()
        if not several or not _calls(self.taken_out.value):
            return source
        name = free_name(self.module, self.statement, "body")
        plan.insert_before(self.module, self.statement, f"{name} = {source}")
        plan.moved(self.module, self.taken_out.value)
        plan.replace(self.module, self.taken_out.value, name)
        return name

    def _asserted(self, body: str, target: str, made: cst.CSTNode) -> str:
        code = self.module.tree.code_for_node
        expected = code(made)
        if isinstance(self.statement, cst.Assert):
            said = f", {code(self.statement.msg)}" if self.statement.msg is not None else ""
            return f'assert {body}["{target}"] == {expected}{said}'
        call = self.statement.value
        assert isinstance(call, cst.Call)
        rest = "".join(
            f", {code(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT))}" for arg in call.args[2:]
        )
        pair = (f'{body}["{target}"]', expected)
        first, second = pair if call.args[1].value is self.display else reversed(pair)
        return f"{code(call.func)}({first}, {second}{rest})"


def _calls(node: cst.CSTNode) -> bool:
    return any(isinstance(each, (cst.Call, cst.Await)) for each in walk(node))


def _held_against(module: Module, display: cst.CSTNode) -> tuple[cst.BaseExpression, cst.Assert | cst.Expr]:
    """What an object is held against, with the statement that does nothing else."""
    parent = module.parents.get(id(display))
    if isinstance(parent, cst.ComparisonTarget):
        parent = module.parents.get(id(parent))
    statement = module.parents.get(id(parent)) if parent is not None else None
    if isinstance(parent, cst.Comparison) and isinstance(statement, cst.Assert) and statement.test is parent:
        target = parent.comparisons[0]
        if len(parent.comparisons) == 1 and isinstance(target.operator, cst.Equal):
            return (parent.left if target.comparator is display else target.comparator), statement
    call = statement
    if isinstance(parent, cst.Arg) and isinstance(call, cst.Call):
        named = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        above = module.parents.get(id(call))
        pair = [arg.value for arg in call.args[:2] if arg.keyword is None and not arg.star]
        if named in _EQUAL and len(pair) == 2 and isinstance(above, cst.Expr) and display in pair:
            return (pair[0] if pair[1] is display else pair[1]), above
    raise Refused("the test holds it against something else than a body")


def _literal_key(node: cst.CSTNode) -> cst.SimpleString | None:
    if isinstance(node, cst.Subscript) and len(node.slice) == 1:
        part = node.slice[0].slice
        key = part.value if isinstance(part, cst.Index) else None
        return key if isinstance(key, cst.SimpleString) else None
    return None
