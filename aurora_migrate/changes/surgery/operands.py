"""Taking operands out: what else goes when one goes, up to the statement, before anything is rewritten."""

from __future__ import annotations

import re

import libcst as cst

from aurora_migrate.changes.surgery import brackets, templates
from aurora_migrate.changes.surgery.marks import Marks
from aurora_migrate.changes.surgery.rewrite import ATOMS, host_of, remaining_operand
from aurora_migrate.changes.surgery.strings import Cut, apply_cuts, is_whole, spelling_of
from aurora_migrate.changes.surgery.style import Quotes
from aurora_migrate.changes.surgery.tree import Refused
from aurora_migrate.flow.literals import string_value

_WRAPPERS = (*brackets.ITEMS, cst.FormattedStringExpression)
_STATEMENTS = (cst.BaseSmallStatement, cst.SimpleStatementLine, cst.BaseCompoundStatement)
_EMPTIED_WITH = frozenset({"update", "extend", "append", "add", "setdefault", "insert", "setattr"})
_JOINERS = frozenset({"join", "urljoin", "joinpath"})


class Operands:
    """What the operands that are taken out of one module drag along; writes the module's marks."""

    def __init__(self, parents: dict[int, cst.CSTNode], marks: Marks, quotes: Quotes) -> None:
        self.parents = parents
        self.marks = marks
        self.quotes = quotes
        self._positions: dict[int, tuple[cst.Call, list[int]]] = {}
        self._filled: dict[int, tuple[cst.Call | cst.BinaryOperation, list[cst.SimpleString]]] = {}
        """Templates that lost a placeholder, by what fills them."""

    def take_out(self, container: cst.CSTNode, operand: cst.CSTNode) -> None:
        """Remove `operand` from `container`, with the placeholder that it fills if there is one."""
        if operand is container and isinstance(operand, (cst.Tuple, cst.List)):
            raise Refused("several things are assigned at once there")
        node = self._item(container, operand)
        if id(node) in self.marks.gone:
            return
        if isinstance(node, _STATEMENTS):
            self.drop_statement(node)
            return
        if isinstance(container, _STATEMENTS) and not isinstance(node, brackets.ITEMS):
            self.drop_statement(container)
            return
        if isinstance(container, cst.BinaryOperation) and isinstance(container.operator, cst.Modulo):
            self._take_percent(container, node)
        elif isinstance(container, cst.Call) and isinstance(node, cst.Arg) and is_method(container, "format"):
            self._take_format(container, node)
        self.drop(node)

    def finish(self) -> None:
        """Turn wholly cut literals into removed operands and count placeholders down."""
        for call, removed in self._positions.values():
            if id(call) in self.marks.collapsed:
                continue
            parts = templates.literal_parts(_receiver(call))
            text = "".join(string_value(part) for part in parts)
            found = list(templates.format_placeholders(text))
            self._cut_template(parts, templates.renumbered(found, removed))
        for filling, parts in self._filled.values():
            if self._is_bare(filling, parts):
                self.marks.collapsed.add(id(filling))

    def _is_bare(self, filling: cst.Call | cst.BinaryOperation, parts: list[cst.SimpleString]) -> bool:
        """Whether a text of several parts has become its last operand alone."""
        kept = self._gone(filling) or id(filling) in self.marks.collapsed
        if kept or any(id(part) in self.marks.gone for part in parts):
            return False
        operand = remaining_operand(filling, self.marks.gone)
        if operand is None or not isinstance(operand, ATOMS):
            return False
        text = "".join(
            apply_cuts(spelling_of(part, None), self.marks.cuts.get(id(part), [])) for part in parts
        )
        if isinstance(filling, cst.BinaryOperation):
            return text == "%s"
        return text == "{}" or re.fullmatch(r"\{(0|[A-Za-z_]\w*)\}", text) is not None

    def drop_emptied(self, node: cst.CSTNode) -> None:
        """A literal of which the cuts leave nothing goes from a `+` or an implicit concatenation."""
        parent = self.parents.get(id(node))
        if not isinstance(node, cst.SimpleString) or id(node) in self.marks.gone:
            return
        adds = isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.Add)
        if not adds and not isinstance(parent, cst.ConcatenatedString):
            return
        if is_whole(spelling_of(node, None), self.marks.cuts[id(node)]):
            self.drop(node)

    def _item(self, container: cst.CSTNode, operand: cst.CSTNode) -> cst.CSTNode:
        if operand is container:
            return operand
        node = operand
        while True:
            parent = self.parents.get(id(node))
            if parent is container or not isinstance(parent, _WRAPPERS):
                return node
            node = parent

    def drop(self, node: cst.CSTNode) -> None:
        """Mark a node as gone, and what cannot stay without it."""
        if id(node) in self.marks.gone:
            return
        self.marks.gone.add(id(node))
        parent = self.parents.get(id(node))
        if isinstance(parent, cst.BinaryOperation):
            self._after_side(parent, node)
        elif isinstance(parent, cst.ConcatenatedString):
            if self._gone(parent.left) and self._gone(parent.right):
                self.drop(parent)
        elif isinstance(parent, cst.FormattedString):
            if all(self._nothing_left(part) for part in parent.parts):
                self.drop(parent)
        elif isinstance(parent, (cst.FormattedStringExpression, cst.NamedExpr)):
            self.drop(parent)
        elif isinstance(parent, brackets.HOLDERS):
            self._after_item(parent)
        elif isinstance(parent, brackets.ITEMS):
            self._emptied_value(node, parent)
        elif isinstance(parent, (cst.AugAssign, cst.Expr)):
            self.drop_statement(parent)
        else:
            self._blank(node)

    def drop_statement(self, node: cst.CSTNode) -> None:
        """Mark a statement as gone; of a line that holds nothing else, the line."""
        parent = self.parents.get(id(node))
        if isinstance(parent, cst.SimpleStatementLine) and len(parent.body) == 1:
            node = parent
        self.marks.gone.add(id(node))

    def _after_side(self, operation: cst.BinaryOperation, node: cst.CSTNode) -> None:
        other = operation.right if node is operation.left else operation.left
        if isinstance(operation.operator, cst.Modulo) and node is operation.left:
            self.marks.gone.add(id(other))
        if self._gone(other):
            self.drop(operation)

    def _after_item(self, holder: brackets.Holder) -> None:
        left = [item for item in brackets.read(holder).items if not self._gone(item)]
        parent = self.parents.get(id(holder))
        if isinstance(holder, cst.Call):
            self._after_argument(holder, left)
        elif left:
            return
        elif isinstance(holder, cst.Set):
            self.marks.replaced[id(holder)] = cst.Call(cst.Name("set"))
        elif isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.Modulo):
            self._unfill(parent.left, ["%%"])
            self.drop(holder)
        elif isinstance(parent, cst.BinaryOperation):
            self.drop(holder)
        elif isinstance(parent, cst.AugAssign):
            self.drop_statement(parent)
        elif isinstance(parent, cst.Arg):
            call = self.parents.get(id(parent))
            if isinstance(call, cst.Call) and self._is_statement(call) and method_name(call) in _EMPTIED_WITH:
                self.drop(parent)
            elif isinstance(call, cst.Call) and is_method(call, "join") and _is_text(_receiver(call)):
                self.drop(call)

    def _after_argument(self, call: cst.Call, left: list[brackets.Item]) -> None:
        name = method_name(call)
        if is_method(call, "format") and not left:
            self._unfill(_receiver(call), ["{{", "}}"])
            self.marks.collapsed.add(id(call))
        elif name in _JOINERS and len(left) == 1 and self._is_plain_join(call, left[0]):
            self.marks.collapsed.add(id(call))
        elif not left and self._is_statement(call) and name in _EMPTIED_WITH:
            self.drop(call)

    def _is_plain_join(self, call: cst.Call, left: brackets.Item) -> bool:
        if isinstance(call.func, cst.Attribute) and (
            method_name(call) == "joinpath" or _is_text(_receiver(call))
        ):
            return False
        return isinstance(left, cst.Arg) and not left.star and left.keyword is None

    def _emptied_value(self, node: cst.CSTNode, item: brackets.Item) -> None:
        """A text that has lost all of its operands, as an argument or element."""
        holder = self.parents.get(id(item))
        outer = self.parents.get(id(holder)) if holder is not None else None
        if isinstance(holder, cst.Call) and is_method(holder, "format") and isinstance(item, cst.Arg):
            self._take_format(holder, item)
            self.drop(item)
        elif isinstance(holder, cst.Call) and method_name(holder) in _JOINERS:
            self.drop(item)
        elif isinstance(outer, cst.BinaryOperation) and isinstance(outer.operator, cst.Modulo):
            self._take_percent(outer, item)
            self.drop(item)
        elif isinstance(outer, cst.Arg) and is_method(self.parents.get(id(outer)), "join"):
            self.drop(item)
        else:
            self._blank(node)

    def _blank(self, node: cst.CSTNode) -> None:
        """Where something must stand, an empty value of the same kind stands."""
        if not isinstance(node, cst.BaseExpression):
            raise Refused("what would remain is no valid code")
        self.marks.gone.discard(id(node))
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
            self.marks.replaced[id(node)] = cst.Dict([])
        else:
            self.marks.replaced[id(node)] = cst.SimpleString(self.quotes.quote * 2)

    def _take_percent(self, operation: cst.BinaryOperation, node: cst.CSTNode) -> None:
        if node is operation.left:
            return
        parts = templates.literal_parts(operation.left)
        text = "".join(string_value(part) for part in parts)
        found = list(templates.percent_placeholders(text))
        name: str | int = 0
        if isinstance(node, cst.DictElement) and isinstance(node.key, cst.SimpleString):
            name = string_value(node.key)
        elif isinstance(node, cst.Element) and isinstance(operation.right, cst.Tuple):
            if any(isinstance(each, cst.StarredElement) for each in operation.right.elements):
                raise Refused("the template is filled from an unpacked sequence")
            name = [id(each) for each in operation.right.elements].index(id(node))
        elif node is operation.right:
            if len(found) != 1:
                raise Refused("the template is filled from a value that is not written out")
            name = found[0].name
        else:
            raise Refused("the template is filled from a value that is not written out")
        self._filled[id(operation)] = (operation, parts)
        self._cut_template(parts, templates.without(found, name))
        if node is operation.right:
            self._cut_template(parts, templates.unescaping(text, ["%%"]))

    def _take_format(self, call: cst.Call, arg: cst.Arg) -> None:
        if any(each.star for each in call.args):
            raise Refused("the template is filled from unpacked values")
        parts = templates.literal_parts(_receiver(call))
        found = list(templates.format_placeholders("".join(string_value(part) for part in parts)))
        self._filled[id(call)] = (call, parts)
        if arg.keyword is not None:
            self._cut_template(parts, templates.without(found, arg.keyword.value))
            return
        position = [id(each) for each in call.args].index(id(arg))
        self._cut_template(parts, templates.without(found, position))
        self._positions.setdefault(id(call), (call, []))[1].append(position)

    def _unfill(self, template: cst.BaseExpression, doubled: list[str]) -> None:
        parts = templates.literal_parts(template)
        text = "".join(string_value(part) for part in parts)
        self._cut_template(parts, templates.unescaping(text, doubled))

    def _cut_template(self, parts: list[cst.SimpleString], cuts: list[Cut]) -> None:
        for part, cut in templates.spread(parts, cuts):
            self.marks.cuts.setdefault(id(part), []).append(cut)

    def _nothing_left(self, part: cst.BaseFormattedStringContent) -> bool:
        if self._gone(part):
            return True
        if not isinstance(part, cst.FormattedStringText) or id(part) not in self.marks.cuts:
            return False
        return is_whole(spelling_of(part, host_of(part, self.parents)), self.marks.cuts[id(part)])

    def _is_statement(self, call: cst.Call) -> bool:
        return isinstance(self.parents.get(id(call)), cst.Expr)

    def _gone(self, node: cst.CSTNode) -> bool:
        return id(node) in self.marks.gone


def method_name(call: cst.Call) -> str:
    """The last name of what is called."""
    func = call.func
    return (
        func.attr.value
        if isinstance(func, cst.Attribute)
        else func.value
        if isinstance(func, cst.Name)
        else ""
    )


def is_method(call: cst.CSTNode | None, name: str) -> bool:
    """Whether this is a call of a method of that name."""
    return (
        isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == name
    )


def _receiver(call: cst.Call) -> cst.BaseExpression:
    assert isinstance(call.func, cst.Attribute)
    return call.func.value


def _is_text(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString))
